"""The activity score of a gene as a point or a range, against the bands of CPIC and of DPWG, which differ."""

from functools import cache

from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.reference.pharmacogene import activity_bands
from trdpgx.model import activity
from trdpgx.model.gene import ActivityBand
from trdpgx.model.gene_report import GeneReport
from trdpgx.report.html.svg import LinearScale, Svg
from trdpgx.texts import both, either, phrase

_WIDTH, _LEFT, _RIGHT = 720, 170, 20
_ROW = 26
_BEFORE_ZERO = 20
"""Pixels before the score of zero, for the band that has it."""
_BESIDE = 0.1
"""How far beside a bound a band ends, in scores: less than the smallest step of a score, that of a halved 0.25."""
_SHORTEST_AXIS = 3.0
_SAME = 1e-9


@cache
def _bands() -> dict[str, dict[str, tuple[ActivityBand, ...]]]:
    """Return the bundled bands by gene and scheme. They hold nothing of a person."""
    bands: dict[str, dict[str, tuple[ActivityBand, ...]]] = {}
    for (gene, scheme), ones in activity_bands(reference_directory()).items():
        bands.setdefault(gene, {})[scheme.value] = ones
    return bands


def preload() -> None:
    """Read what figures need from files, for a process that may not read files later."""
    _bands()


def score_range(gene: GeneReport) -> tuple[float, float] | None:
    """Return the lowest and the highest activity score of the diplotypes that were called."""
    if gene.activity_score_range is not None:
        return gene.activity_score_range
    return activity.score_range(one.activity_score for one in gene.diplotypes)


def score_words(gene: GeneReport) -> str:
    """Return the score, or its range, and what unseen copies would open, in words."""
    scores = score_range(gene)
    if scores is None:
        return phrase("activity_figure.no_activity_score")
    low, high = scores
    text = _range_words(scores)
    copies = gene.copy_number.activity_score_range
    if copies is None:
        return text
    if not has_whisker(gene):
        return phrase("activity_figure.with_the_same", scores=text)
    less, more = low - copies[0] >= _SAME, copies[1] - high >= _SAME
    if more and not less:
        key = "activity_figure.with_extra_copy" if low >= _SAME else "activity_figure.with_extra_copy_of_none"
        return phrase(key, scores=text, high=f"{copies[1]:g}")
    if less and not more:
        return phrase("activity_figure.with_deletion", scores=text, low=f"{copies[0]:g}")
    return phrase("activity_figure.with_unseen_copies", scores=text, low=f"{copies[0]:g}", high=f"{copies[1]:g}")


def _range_words(scores: tuple[float, float]) -> str:
    low, high = scores
    return f"{low:g}" if high - low < _SAME else phrase("lists.range", low=f"{low:g}", high=f"{high:g}")


def has_whisker(gene: GeneReport) -> bool:
    """Return whether one unseen deletion or extra copy would open other scores, which the figure draws."""
    copies = gene.copy_number.activity_score_range
    return copies is not None and copies != score_range(gene)


def current_range(gene: GeneReport) -> tuple[float, float] | None:
    """Return the lowest and the highest score under current drugs, by the method of the converted phenotype; ``None`` without one."""
    made = gene.phenoconverted
    if made is None or made.status != "converted":
        return None
    ranges = (one.activity_score_range for one in made.results if one.method == made.method)
    return next((one for one in ranges if one is not None), None)


def current_words(gene: GeneReport) -> str:
    """Return what the figure shows of the gene under current drugs, or that it has no score for it; empty where nothing is converted."""
    made, scores = gene.phenoconverted, current_range(gene)
    if scores is not None:
        return phrase("activity_figure.current_score", score=_range_words(scores))
    if made is None or made.status != "converted" or not made.phenotype_range:
        return ""
    return phrase("activity_figure.current_phenotype", phenotypes=either([one.term for one in made.phenotype_range]))


def activity_figure(gene: GeneReport, prefix: str = "") -> str | None:
    """Return the figure of one gene, or ``None`` where it has no activity score."""
    scores, schemes = score_range(gene), _bands().get(gene.gene)
    if scores is None or not schemes:
        return None
    copies, current = gene.copy_number.activity_score_range or scores, current_range(gene)
    highest = max(_SHORTEST_AXIS, copies[1], scores[1], current[1] if current else 0) + 0.25
    x = LinearScale(0, highest, _LEFT + _BEFORE_ZERO, _WIDTH - _RIGHT)
    described = phrase("activity_figure.description", score=score_words(gene), schemes=both(schemes))
    svg = Svg(
        key=f"{prefix}activity-{gene.gene}",
        title=phrase("activity_figure.title", gene=gene.gene),
        description=" ".join(filter(None, (described, current_words(gene)))),
        width=_WIDTH,
        height=70 + _ROW * (len(schemes) + (current is not None)),
    )
    for row, (scheme, bands) in enumerate(schemes.items()):
        top = 10 + row * _ROW
        svg.text(_LEFT - 8, top + 15, phrase("activity_figure.bands", scheme=scheme), "label end")
        for number, band in enumerate(bands):
            left, right = _borders(band, x)
            svg.rect(left, top, right - left, _ROW - 6, f"band band{number % 2}")
            svg.text((left + right) / 2, top + 14, band.phenotype.value, "label middle")
    middle = 10 + _ROW * len(schemes) + 14
    svg.text(_LEFT - 8, middle + 5, phrase("activity_figure.this_report"), "label end")
    if has_whisker(gene):
        svg.line(x(copies[0]), middle, x(copies[1]), middle, "whisker")
        for end in copies:
            svg.line(x(end), middle - 6, x(end), middle + 6, "whisker")
    _mark(svg, x, scores, middle, "mark")
    if current is not None:
        middle += _ROW
        svg.text(_LEFT - 8, middle + 5, phrase("activity_figure.under_current_drugs"), "label end")
        _mark(svg, x, current, middle, "glyph hollow")
    axis = middle + 18
    svg.line(x(0), axis, x(highest), axis, "axis")
    for step in range(int(highest) + 1):
        svg.line(x(step), axis, x(step), axis + 4, "axis")
        svg.text(x(step), axis + 18, str(step), "label middle")
    return svg.render()


def _mark(svg: Svg, x: LinearScale, scores: tuple[float, float], middle: float, kind: str) -> None:
    """Draw a score as a point, or a range of them."""
    if scores[1] - scores[0] < _SAME:
        svg.circle(x(scores[0]), middle, 7, kind)
    else:
        svg.rect(x(scores[0]), middle - 6, x(scores[1]) - x(scores[0]), 12, kind)


def _borders(band: ActivityBand, x: LinearScale) -> tuple[float, float]:
    """Return where a band begins and ends: a little beside its bounds, so that a score at a bound lies in the band that has it."""
    (low, inner), (high, outer) = band.scores.low, band.scores.high
    left = _LEFT if low == 0 and not inner else x(low + (_BESIDE if inner else -_BESIDE))
    return left, x(high + (-_BESIDE if outer else _BESIDE))


def band_rows(gene: GeneReport) -> list[tuple[str, str, str]]:
    """Return the bands in words for the table beside the figure: scheme, phenotype, scores."""
    return [(scheme, band.phenotype.term, _scores(band)) for scheme, bands in _bands().get(gene.gene, {}).items() for band in bands]


def _scores(band: ActivityBand) -> str:
    scores = band.scores
    low = (
        phrase("activity_figure.over", over=f"{scores.over:g}")
        if scores.over is not None
        else phrase("activity_figure.from", low=f"{scores.at_least or 0:g}")
    )
    if scores.up_to is not None:
        return f"{scores.up_to:g}" if scores.at_least == scores.up_to else phrase("lists.range", low=low, high=f"{scores.up_to:g}")
    return phrase("activity_figure.below", low=low, below=f"{scores.below:g}") if scores.below is not None else low
