"""Drugs by source: which way each source points for this genome, and where the sources differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.evidence import VerificationState
from trdpgx.model.report import Report
from trdpgx.model.rule import Against, Direction, VocabularyEntry
from trdpgx.reasoning.directions import CHANGING
from trdpgx.reasoning.disagreement import document_of, documents, opposed
from trdpgx.reasoning.figures_apart import figures_apart
from trdpgx.reasoning.importance import ADVISED_AGAINST, RESEARCH
from trdpgx.reasoning.reservations import Reservation, of_call
from trdpgx.reasoning.summary.current import restricted_drugs
from trdpgx.report.action_words import SourceActions
from trdpgx.report.grouping import uncalled_by_drug
from trdpgx.report.html.glyphs import CHARACTERS, Glyph, LegendEntry, draw, legend
from trdpgx.report.html.svg import Svg
from trdpgx.texts import phrase

if TYPE_CHECKING:
    from markupsafe import Markup

SOURCES = ("CPIC", "DPWG", "FDA", "research")
_WIDTH, _LEFT, _COLUMN, _ROW, _HEAD = 720, 228, 104, 22, 26
_HOLDS_FOR_ANYBODY = "limit_for_anybody"
"""The implication of a statement that the source makes of anybody, whatever the genotype."""
_AT_ONCE: Mapping[Direction, Glyph] = MappingProxyType(
    {
        Direction.AVOID: Glyph.OTHER_DRUG,
        Direction.LOWER: Glyph.LOWER,
        Direction.HIGHER: Glyph.HIGHER,
        Direction.MONITOR: Glyph.MONITOR,
        Direction.STANDARD: Glyph.STANDARD,
        Direction.NONE: Glyph.NONE,
    }
)
_LATER: Mapping[Direction | None, Glyph] = MappingProxyType(
    {
        Direction.AVOID: Glyph.LATER_OTHER_DRUG,
        Direction.LOWER: Glyph.LATER_LOWER,
        Direction.HIGHER: Glyph.LATER_HIGHER,
        Direction.MONITOR: Glyph.LATER_MONITOR,
    }
)
_RANKS = {glyph: rank for rank, glyph in enumerate(Glyph)}


class Pointing(NamedTuple):
    """What one source points to: the marks of the figure, and all of it in words."""

    glyphs: tuple[Glyph, ...]
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words in one line."""
        return "; ".join(self.words)


Differ: TypeAlias = Literal["opposed", "degree", "figures", "readings", "conditions", "not_compared", "agreed"]
_DIFFER: Mapping[Differ, Glyph] = MappingProxyType(
    {
        "opposed": Glyph.OPPOSED,
        "degree": Glyph.DEGREE,
        "figures": Glyph.DEGREE,
        "readings": Glyph.READINGS,
        "conditions": Glyph.CONDITIONS,
    }
)


class MatrixRow(NamedTuple):
    """A drug, what each of ``SOURCES`` points to (``None``: no rule applied), and how they differ.

    ``agreed`` stands alone where they do not, and ``not_compared`` where they do not and a statement holds for part of what is possible.
    """

    drug: str
    sources: tuple[Pointing | None, ...]
    differ: tuple[Differ, ...]
    limits: tuple[Glyph, ...] = ()
    """Whether something beside the genotype restricts the drug, and whether a gene of its rules was not called."""

    @property
    def marks(self) -> str:
        """The marks of ``limits``, which stand behind the name."""
        return "".join(CHARACTERS[glyph] for glyph in self.limits)

    @property
    def glyphs(self) -> Iterator[Glyph]:
        """All marks of the row."""
        for pointing in self.sources:
            yield from pointing.glyphs if pointing else ()
        yield from self.limits
        yield from self.differ_glyphs

    @property
    def differ_words(self) -> str:
        """How the sources differ, in words."""
        return "; ".join([phrase(f"matrix_figure.{one}") for one in self.differ])

    @property
    def differ_glyphs(self) -> list[Glyph]:
        """The marks of how the sources differ; empty where they do not."""
        return [_DIFFER[one] for one in self.differ if one in _DIFFER]


def matrix_rows(report: Report, actions: Mapping[str, VocabularyEntry]) -> list[MatrixRow]:
    """Return a row for each drug with a consideration by genotype, the most far-reaching marks first.

    ``actions`` are those of the rules that the report was made with, by code.
    """
    by_id = {one.id: one for one in report.considerations}
    limited = {
        Glyph.RESTRICTED: restricted_drugs(report.treatment_history, report.interactions),
        Glyph.UNCALLED: uncalled_by_drug(report),
    }
    unsure = frozenset(gene.gene for gene in report.genes if of_call(gene) is not Reservation.NONE)
    rows = [
        _row(
            drug,
            [by_id[identity] for identity in drug.considerations],
            actions,
            unsure,
            tuple([glyph for glyph, names in limited.items() if drug.name in names]),
        )
        for drug in report.drugs
    ]
    shown = [row for row in rows if any(row.sources)]
    return sorted(shown, key=lambda row: min(_RANKS[glyph] for pointing in row.sources if pointing for glyph in pointing.glyphs))


def left_out(rows: Sequence[MatrixRow], beside: Iterable[tuple[Sequence[str], str, int]]) -> list[str]:
    """Return the drugs without a row that something beside the genotype rules out; ``beside`` is what ``grouping.beside_taken`` gives."""
    drawn = {row.drug for row in rows}
    return [drug for drugs, *_ in beside for drug in drugs if drug not in drawn]


def matrix_words(rows: Iterable[MatrixRow]) -> "Markup":
    """Return the rows of the table that states the figure in words."""
    from markupsafe import Markup, escape  # noqa: PLC0415 (only this format needs it)

    no_rule = escape(phrase("matrix_figure.no_rule"))
    lines = []
    for row in rows:
        stated = "".join([f"<td>{escape(one.text) if one else no_rule}</td>" for one in row.sources])
        lines.append(f'<tr><th scope="row">{escape(row.drug)}{escape(row.marks)}</th>{stated}<td>{escape(row.differ_words)}</td></tr>')
    return Markup("".join(lines))  # noqa: S704 (each text is escaped)


def matrix_legend(rows: Sequence[MatrixRow]) -> list[LegendEntry]:
    """Return the marks that the rows have, with what each means."""
    return legend(glyph for row in rows for glyph in row.glyphs)


def _row(
    drug: DrugReport,
    considerations: Sequence[Consideration],
    actions: Mapping[str, VocabularyEntry],
    unsure: AbstractSet[str],
    limits: tuple[Glyph, ...],
) -> MatrixRow:
    """Return the row of a drug; ``unsure`` has the genes of which the result is disputed or assumed."""
    by_source: dict[str, list[Consideration]] = {source: [] for source in SOURCES}
    for one in considerations:
        if one.conversion is None and one.source.name in by_source:
            by_source[one.source.name].append(one)
    pointings = tuple([_by_document(mine, actions, unsure) if mine else None for mine in by_source.values()])
    return MatrixRow(drug.name, pointings, _differ(drug, considerations, actions), limits)


def _by_document(mine: Sequence[Consideration], actions: Mapping[str, VocabularyEntry], unsure: AbstractSet[str]) -> Pointing:
    """Return what one source points to; what two of its documents on one gene point to stands side by side."""
    if len({document_of(one) for one in mine}) == 1:
        return _pointing(mine, actions, unsure)
    by_document: dict[str, list[Consideration]] = {}
    keys = documents(mine)
    for one in mine:
        by_document.setdefault(keys.get(id(one), ""), []).append(one)
    first, *others = (_pointing(ones, actions, unsure) for ones in by_document.values())
    if not others:
        return first
    glyphs = {glyph for pointing in (first, *others) for glyph in pointing.glyphs}
    words = dict.fromkeys(word for pointing in (first, *others) for word in pointing.words)
    return Pointing(tuple(sorted(glyphs, key=_RANKS.__getitem__)), tuple(words))


def _pointing(mine: Sequence[Consideration], actions: Mapping[str, VocabularyEntry], unsure: AbstractSet[str]) -> Pointing:
    """Return what one source points to by its considerations on one drug."""
    stated = SourceActions.of(mine, actions)
    telling = [one for one in mine if stated.directions.intersection(one.action.directions)]
    of_anybody = stated.directions <= CHANGING and all(one.implication.code == _HOLDS_FOR_ANYBODY for one in telling)
    guidance = mine[0].source.name != RESEARCH
    unverified = guidance and all(one.evidence.verification.state is VerificationState.UNVERIFIED for one in telling)
    later = {_LATER.get(action.toward, Glyph.LATER) for action in stated.actions if action.conditional}
    glyphs = {Glyph.ANYBODY if of_anybody and direction is Direction.LOWER else _AT_ONCE[direction] for direction in stated.directions}
    if Glyph.OTHER_DRUG in glyphs and stated.against:
        # without what holds for all that is possible, by a result that nothing contradicts, nothing is ruled out for certain
        certain = [one for one in mine if one.basis.holds_for == "all" and unsure.isdisjoint(one.genes)]
        sure = SourceActions.of(certain, actions)
        against = Glyph.RULED_OUT if sure.against in ADVISED_AGAINST else Glyph.MAY_BE_RULED_OUT
        glyphs = glyphs - {Glyph.OTHER_DRUG} | {against}
    if glyphs == {Glyph.NONE} and (later or not guidance):
        # "no advice" gives way before what hangs on the course of treatment, and is a finding where it is research
        glyphs = set() if later else {Glyph.FINDING}
    marked = unverified and glyphs != {Glyph.NONE}
    notes = []
    if of_anybody:
        notes.append(phrase("matrix_figure.anybody"))
    if all(one.basis.holds_for == "some" for one in telling):
        notes.append(phrase("matrix_figure.of_part"))
    if telling and not any(unsure.isdisjoint(one.genes) for one in telling):
        notes.append(phrase("matrix_figure.of_unsure_result"))
    if unverified:
        notes.append(phrase("matrix_figure.unverified"))
    drawn = sorted({*glyphs, *later, *([Glyph.UNVERIFIED] * marked)}, key=_RANKS.__getitem__)
    return Pointing(tuple(drawn), (*stated.words, *notes))


def _differ(drug: DrugReport, considerations: Sequence[Consideration], actions: Mapping[str, VocabularyEntry]) -> tuple[Differ, ...]:
    guidance = [one for one in considerations if one.conversion is None and one.source.name != RESEARCH]
    ways: list[Differ] = []
    if drug.disagreement is not None:
        ways.append("opposed" if opposed(considerations) else "degree")
    elif any(figures_apart(drug.name, considerations)):
        ways.append("figures")
    if any(one.action.against is Against.MAY_BE_RULED_OUT for one in guidance):
        ways.append("readings")
    if drug.disagreement is None and _apart_on_conditions(guidance, actions):
        ways.append("conditions")
    if not ways and len({one.source.name for one in guidance}) > 1 and any(one.basis.holds_for == "some" for one in guidance):
        return ("not_compared",)
    return tuple(ways) or ("agreed",)


def _apart_on_conditions(guidance: Sequence[Consideration], actions: Mapping[str, VocabularyEntry]) -> bool:
    """Return whether one source points to a higher dose alone and another to a lower one alone, each only on the course of treatment.

    What holds for part of what is possible is compared with what holds for the same part.
    """
    toward: dict[tuple[str, ...], dict[str, set[Direction | None]]] = {}
    for one in guidance:
        ways = {actions[code].toward for code in one.action.codes if actions[code].conditional}
        part = one.basis.facts if one.basis.holds_for == "some" else ()
        toward.setdefault(part, {}).setdefault(one.source.name, set()).update(ways & {Direction.HIGHER, Direction.LOWER})
    return any({Direction.HIGHER} in of.values() and {Direction.LOWER} in of.values() for of in toward.values())


def matrix_figure(rows: Sequence[MatrixRow], prefix: str = "") -> str | None:
    """Return the figure, or ``None`` without a row."""
    if not rows:
        return None
    svg = Svg(
        key=f"{prefix}matrix",
        title=phrase("matrix_figure.title"),
        description=phrase("matrix_figure.description"),
        width=_WIDTH,
        height=_HEAD + 10 + _ROW * len(rows),
    )
    for column, source in enumerate(SOURCES):
        svg.text(_LEFT + column * _COLUMN + _COLUMN / 2, _HEAD - 8, source, "label middle strong")
    differing = _LEFT + len(SOURCES) * _COLUMN
    svg.text(differing + 10, _HEAD - 8, phrase("matrix_figure.differ"), "label strong")
    for number, row in enumerate(rows):
        top = _HEAD + number * _ROW
        if number % 2 == 0:
            svg.rect(0, top, _WIDTH, _ROW, "stripe")
        svg.text(_LEFT - 8, top + 15, f"{row.drug}{row.marks}", "label end")
        for column, pointing in enumerate(row.sources):
            middle = _LEFT + column * _COLUMN + _COLUMN / 2
            glyphs = pointing.glyphs if pointing else ()
            for index, glyph in enumerate(glyphs):
                draw(svg, glyph, middle + (index - (len(glyphs) - 1) / 2) * 21, top + 11)
        for index, glyph in enumerate(row.differ_glyphs):
            draw(svg, glyph, differing + 28 + index * 24, top + 11)
    return svg.render()
