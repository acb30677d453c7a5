"""How many of a gene's sites the file shows, a bar a gene: what was seen, what was assumed, and what was not seen."""

from collections.abc import Sequence
from functools import cache

from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import NoCallReason, SiteState
from trdpgx.report.html.svg import LinearScale, Svg
from trdpgx.texts import in_words, phrase

_WIDTH, _LEFT, _RIGHT = 720, 90, 20
_ROW = 24
STATES = (
    phrase("sites_figure.called"),
    phrase("sites_figure.covered_as_reference"),
    phrase("sites_figure.assumed_reference"),
    phrase("sites_figure.no_call"),
    phrase("sites_figure.absent"),
)
"""The parts of a bar, in order."""
_NARROWEST = 22
"""A part at least so wide has its number written in it."""


def site_counts(gene: GeneReport) -> tuple[int, int, int, int, int]:
    """Return the number of sites in each of ``STATES``."""
    sites = gene.sites
    return (sites.called, sites.covered_reference, sites.assumed_reference, sites.no_call, sites.absent - sites.assumed_reference)


def unseen_sites(gene: GeneReport) -> str:
    """Return the sites that were not seen, each with its state and the reason."""
    return ", ".join([f"{one.site} ({_why(one.state, one.reason)})" for one in gene.unseen_sites])


@cache
def _why(state: SiteState, reason: NoCallReason | None) -> str:
    return f"{in_words(state)}: {in_words(reason)}" if reason else in_words(state)


def sites_figure(genes: Sequence[GeneReport], prefix: str = "") -> str | None:
    """Return the figure for the genes that have sites, or ``None`` without any."""
    shown = [gene for gene in genes if gene.sites.total]
    if not shown:
        return None
    svg = Svg(
        key=f"{prefix}sites",
        title=phrase("sites_figure.title"),
        description=phrase("sites_figure.description"),
        width=_WIDTH,
        height=34 + _ROW * len(shown),
    )
    left = float(_LEFT)
    drawn = [any(of_state) for of_state in zip(*map(site_counts, shown), strict=True)]
    for number, state in enumerate(STATES):
        if not drawn[number]:
            continue
        svg.rect(left, 4, 14, 12, f"state state{number}")
        svg.text(left + 19, 14, state)
        left += 42 + 6.6 * len(state)
    for row, gene in enumerate(shown):
        top = 28 + row * _ROW
        x = LinearScale(0, gene.sites.total, _LEFT, _WIDTH - _RIGHT)
        svg.text(_LEFT - 8, top + 14, gene.gene, "label end")
        start = 0
        for number, count in enumerate(site_counts(gene)):
            if count <= 0:
                continue
            width = x(start + count) - x(start)
            svg.rect(x(start), top, width, _ROW - 6, f"state state{number}")
            if width >= _NARROWEST:
                svg.text(x(start) + width / 2, top + 14, str(count), f"label middle on{number}")
            start += count
    return svg.render()
