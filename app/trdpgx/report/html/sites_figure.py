"""How many of a gene's sites the file shows, a bar a gene: what was seen, what was assumed, and what was not seen."""

from collections.abc import Sequence

from trdpgx.model.gene_report import GeneReport
from trdpgx.report.html.svg import Svg, text_width
from trdpgx.texts import phrase

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
_SPACE = 5
"""A part of a bar is as wide as its number and so many pixels, or wider."""
_SHOWN = 3
"""A figure is drawn where a site has one of so many first states; without any, nothing was seen or assumed."""


def site_counts(gene: GeneReport) -> tuple[int, int, int, int, int]:
    """Return the number of sites in each of ``STATES``."""
    sites = gene.sites
    return (sites.called, sites.covered_reference, sites.assumed_reference, sites.no_call, sites.absent - sites.assumed_reference)


def sites_figure(genes: Sequence[GeneReport], prefix: str = "") -> str | None:
    """Return the figure for the genes that have sites, or ``None`` where no site of any of them was seen or assumed."""
    shown = [gene for gene in genes if gene.sites.total]
    if not any(count for gene in shown for count in site_counts(gene)[:_SHOWN]):
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
        svg.text(_LEFT - 8, top + 14, gene.gene, "label end")
        start = float(_LEFT)
        counts = site_counts(gene)
        for number, width in _widths(counts, _WIDTH - _LEFT - _RIGHT).items():
            svg.rect(start, top, width, _ROW - 6, f"state state{number}")
            svg.text(start + width / 2, top + 14, str(counts[number]), f"label middle on{number}")
            start += width
    return svg.render()


def _widths(counts: Sequence[int], whole: float) -> dict[int, float]:
    """Return the width of each part of a bar by its number: in proportion to its count, and not below what its label needs."""
    least = {number: text_width(str(count)) + _SPACE for number, count in enumerate(counts) if count > 0}
    narrow: dict[int, float] = {}
    while True:
        sites = sum(counts[number] for number in least if number not in narrow)
        left = whole - sum(narrow.values())
        added = {number: width for number, width in least.items() if number not in narrow and left * counts[number] < width * sites}
        if not added:
            return {number: narrow.get(number) or left * counts[number] / sites for number in least}
        narrow |= added


def no_site_seen(genes: Sequence[GeneReport]) -> str:
    """Return in words that no site was seen, in place of a figure."""
    shown = [gene.sites.total for gene in genes if gene.sites.total]
    return phrase("sites_figure.none_seen", genes=len(shown), sites=sum(shown))
