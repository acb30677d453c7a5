"""Drugs by source: which way each source points for this genome and under current drugs, and where the sources differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.report import Report
from trdpgx.model.rule import Against, Direction, VocabularyEntry
from trdpgx.reasoning.conditional_differences import apart_on_conditions
from trdpgx.reasoning.disagreement import opposed
from trdpgx.reasoning.figures_apart import figures_apart
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.reservations import Reservation, of_call
from trdpgx.reasoning.summary.current import restricted_drugs
from trdpgx.report.grouping import uncalled_by_drug
from trdpgx.report.html.glyphs import CHARACTERS, Glyph, LegendEntry, draw, legend
from trdpgx.report.html.pointing import RANKS, Pointing, pointing_of
from trdpgx.report.html.svg import Svg
from trdpgx.texts import phrase

if TYPE_CHECKING:
    from markupsafe import Markup

SOURCES = ("CPIC", "DPWG", "FDA", "research")
_WIDTH, _LEFT, _COLUMN, _ROW, _HEAD = 720, 236, 102, 22, 26
_APART = 26
"""Pixels between the middles of two marks of one source."""
_COMPARED = 2
"""So many sources have to advise for one to differ from another."""
Differ: TypeAlias = Literal[
    "opposed", "degree", "figures", "readings", "conditions", "not_compared", "one_advises", "none_advises", "agreed"
]
_DIFFER: Mapping[Differ, Glyph] = MappingProxyType(
    {
        "opposed": Glyph.OPPOSED,
        "degree": Glyph.DEGREE,
        "figures": Glyph.DEGREE,
        "readings": Glyph.READINGS,
        "conditions": Glyph.CONDITIONS,
    }
)
RowKind: TypeAlias = Literal["by_genotype", "under_current_drugs", "under_current_drugs_alone"]
"""``under_current_drugs_alone``: nothing is stated of the drug by genotype, so that it has no row above."""


class MatrixRow(NamedTuple):
    """A drug, what each of ``SOURCES`` points to (``None``: no rule applied), and how they differ.

    Where they do not differ, one of these stands alone: ``none_advises``, ``one_advises``, ``not_compared`` (a statement holds for part of
    what is possible), ``agreed``.
    """

    drug: str
    sources: tuple[Pointing | None, ...]
    differ: tuple[Differ, ...]
    limits: tuple[Glyph, ...] = ()
    """Whether something beside the genotype restricts the drug, whether a gene of its rules was not called, and whether sources point the
    same way under current drugs."""
    kind: RowKind = "by_genotype"
    figures: tuple[str, ...] = ()
    """Which figures of doses differ, in words."""

    @property
    def label(self) -> str:
        """The name of the row in the figure: the drug, and the marks of ``limits`` behind it; the mark of a convention stands before."""
        marks = "".join(CHARACTERS[glyph] for glyph in self.limits)
        if self.kind == "by_genotype":
            return f"{self.drug}{marks}"
        named = phrase("matrix_figure.under_current_drugs") if self.kind == "under_current_drugs" else f"{self.drug}{marks}"
        return f"{CHARACTERS[Glyph.CARRIED]} {named}"

    @property
    def name(self) -> str:
        """The name of the row in words."""
        if self.kind != "by_genotype":
            named = phrase("matrix_figure.named_under_current_drugs", mark=CHARACTERS[Glyph.CARRIED], drug=self.drug)
        else:
            named = phrase("matrix_figure.the_same", drug=self.drug) if Glyph.THE_SAME in self.limits else self.drug
        return f"{named}{''.join(CHARACTERS[glyph] for glyph in self.limits if glyph is not Glyph.THE_SAME)}"

    @property
    def glyphs(self) -> Iterator[Glyph]:
        """All marks of the row."""
        for pointing in self.sources:
            yield from pointing.glyphs if pointing else ()
        yield from self.limits
        yield from self.differ_glyphs
        if self.kind != "by_genotype":
            yield Glyph.CARRIED

    @property
    def differ_words(self) -> str:
        """How the sources differ, in words."""
        ways = "; ".join([phrase(f"matrix_figure.{one}") for one in self.differ if one not in {"figures", "none_advises"}])
        return ". ".join(filter(None, (ways, *(self.figures if "figures" in self.differ else ()))))

    @property
    def differ_glyphs(self) -> list[Glyph]:
        """The marks of how the sources differ; empty where they do not."""
        return [_DIFFER[one] for one in self.differ if one in _DIFFER]

    @property
    def advice(self) -> tuple[object, ...]:
        """What is compared of two rows on a drug: what sources of guidance advise, and how they differ."""
        guidance = (one for source, one in zip(SOURCES, self.sources, strict=True) if source != RESEARCH)
        return (*(None if one is None or one.is_silent else one for one in guidance), self.differ, self.figures)


def matrix_rows(report: Report, actions: Mapping[str, VocabularyEntry]) -> list[MatrixRow]:
    """Return a row for each drug with a consideration by genotype, and one for what holds under current drugs: directly below it.

    The latter is left out, and the former marked, where sources of guidance advise the same. Drugs with the most far-reaching marks come
    first. ``actions`` are those of the rules that the report was made with, by code.
    """
    by_id = {one.id: one for one in report.considerations}
    limited = {
        Glyph.RESTRICTED: restricted_drugs(report.treatment_history, report.interactions),
        Glyph.UNCALLED: uncalled_by_drug(report),
    }
    unsure = frozenset(gene.gene for gene in report.genes if of_call(gene) is not Reservation.NONE)
    of_drugs = []
    for drug in report.drugs:
        limits = tuple([glyph for glyph, names in limited.items() if drug.name in names])
        mine = [by_id[identity] for identity in drug.considerations]
        own, under = _row(drug, [one for one in mine if one.conversion is None], actions, unsure, limits, kind="by_genotype"), None
        if drug.under_current_drugs is not None:
            held = [one for one in mine if one.id in drug.under_current_drugs.considerations]
            under = _row(drug, held, actions, unsure, limits, kind="under_current_drugs")
        if shown := _shown(own, under):
            of_drugs.append(shown)
    of_drugs.sort(key=lambda rows: min(RANKS[glyph] for row in rows for one in row.sources if one for glyph in one.glyphs))
    return [row for rows in of_drugs for row in rows]


def _shown(own: MatrixRow, under: MatrixRow | None) -> list[MatrixRow]:
    """Return the rows of a drug that are drawn, of those by genotype and under current drugs."""
    if under is None or not any(under.sources):
        return [own] if any(own.sources) else []
    if not any(own.sources):
        return [under._replace(kind="under_current_drugs_alone")]
    if own.advice == under.advice:
        return [own._replace(limits=(*own.limits, Glyph.THE_SAME))]
    return [own, under._replace(limits=())]


def left_out(rows: Sequence[MatrixRow], beside: Iterable[tuple[Sequence[str], str, Sequence[int]]]) -> list[str]:
    """Return the drugs without a row that something beside the genotype rules out; ``beside`` is what ``grouping.beside_taken`` gives."""
    drawn = {row.drug for row in rows}
    return [drug for drugs, *_ in beside for drug in drugs if drug not in drawn]


def matrix_words(rows: Iterable[MatrixRow]) -> "Markup":
    """Return the rows of the table that states the figure in words."""
    from markupsafe import Markup, escape  # noqa: PLC0415 (only this format needs it)

    no_rule, not_carried = escape(phrase("matrix_figure.no_rule")), escape(phrase("matrix_figure.not_carried"))
    lines = []
    for row in rows:
        nothing = no_rule if row.kind == "by_genotype" else not_carried
        stated = "".join([f"<td>{escape(one.text) if one else nothing}</td>" for one in row.sources])
        lines.append(f'<tr><th scope="row">{escape(row.name)}</th>{stated}<td>{escape(row.differ_words)}</td></tr>')
    return Markup("".join(lines))  # noqa: S704 (each text is escaped)


def matrix_legend(rows: Sequence[MatrixRow]) -> list[LegendEntry]:
    """Return the marks that the rows have, with what each means."""
    return legend(glyph for row in rows for glyph in row.glyphs)


def matrix_caption(report: Report, rows: Sequence[MatrixRow]) -> str:
    """Return what the figure shows, in words."""
    if any(row.kind != "by_genotype" or Glyph.THE_SAME in row.limits for row in rows):
        return phrase("matrix_figure.caption_with_current_drugs")
    carried = any(one.conversion is not None for one in report.considerations)
    return phrase("matrix_figure.caption_without_current_drugs" if carried else "matrix_figure.caption")


def _row(
    drug: DrugReport,
    considerations: Sequence[Consideration],
    actions: Mapping[str, VocabularyEntry],
    unsure: AbstractSet[str],
    limits: tuple[Glyph, ...],
    *,
    kind: RowKind,
) -> MatrixRow:
    """Return a row of a drug, of what holds by genotype or under current drugs."""
    by_source: dict[str, list[Consideration]] = {source: [] for source in SOURCES}
    for one in considerations:
        if one.source.name in by_source:
            by_source[one.source.name].append(one)
    pointings = tuple([pointing_of(mine, actions, unsure) if mine else None for mine in by_source.values()])
    under = kind != "by_genotype"
    figures = tuple([words for _, words, _ in figures_apart(drug.name, considerations, under_current_drugs=under)])
    return MatrixRow(drug.name, pointings, _differ(drug, considerations, actions, bool(figures), under=under), limits, kind, figures)


def _differ(
    drug: DrugReport, considerations: Sequence[Consideration], actions: Mapping[str, VocabularyEntry], figures: bool, *, under: bool
) -> tuple[Differ, ...]:
    """Return how sources differ; ``figures``: whether their figures of doses do, ``under``: whether this is under current drugs."""
    guidance = [one for one in considerations if one.source.name != RESEARCH]
    differ = drug.under_current_drugs is not None and drug.under_current_drugs.differ if under else drug.disagreement is not None
    ways: list[Differ] = []
    if differ:
        ways.append("opposed" if opposed(considerations, under_current_drugs=under) else "degree")
    elif figures:
        ways.append("figures")
    if any(one.action.against is Against.MAY_BE_RULED_OUT for one in guidance):
        ways.append("readings")
    if not differ and apart_on_conditions(guidance, actions):
        ways.append("conditions")
    return tuple(ways) or (_not_differing(guidance, actions),)


def _not_differing(guidance: Sequence[Consideration], actions: Mapping[str, VocabularyEntry]) -> Differ:
    """Return why sources do not differ: too few advise anything, not all can be compared, or they agree."""
    advising = {
        one.source.name
        for one in guidance
        if any(actions[code].short or actions[code].direction is not Direction.NONE for code in one.action.codes)
    }
    if len(advising) < _COMPARED:
        return "one_advises" if advising else "none_advises"
    return "not_compared" if any(one.basis.holds_for == "some" for one in guidance) else "agreed"


def matrix_figure(rows: Sequence[MatrixRow], prefix: str = "") -> str | None:
    """Return the figure, or ``None`` without a row."""
    if not rows:
        return None
    with_current = any(row.kind != "by_genotype" for row in rows)
    svg = Svg(
        key=f"{prefix}matrix",
        title=phrase("matrix_figure.title"),
        description=phrase("matrix_figure.described_with_current" if with_current else "matrix_figure.description"),
        width=_WIDTH,
        height=_HEAD + 10 + _ROW * len(rows),
    )
    for column, source in enumerate(SOURCES):
        svg.text(_LEFT + column * _COLUMN + _COLUMN / 2, _HEAD - 8, source, "label middle strong")
    differing = _LEFT + len(SOURCES) * _COLUMN
    svg.text(differing + 10, _HEAD - 8, phrase("matrix_figure.differ"), "label strong")
    drugs = 0
    for number, row in enumerate(rows):
        top = _HEAD + number * _ROW
        drugs += row.kind != "under_current_drugs"
        if drugs % 2:
            svg.rect(0, top, _WIDTH, _ROW, "stripe")
        svg.text(_LEFT - 8, top + 15, row.label, "label end")
        for column, pointing in enumerate(row.sources):
            middle = _LEFT + column * _COLUMN + _COLUMN / 2
            glyphs = pointing.glyphs if pointing else ()
            for index, glyph in enumerate(glyphs):
                draw(svg, glyph, middle + (index - (len(glyphs) - 1) / 2) * _APART, top + 11)
        for index, glyph in enumerate(row.differ_glyphs):
            draw(svg, glyph, differing + 28 + index * _APART, top + 11)
    return svg.render()
