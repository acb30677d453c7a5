"""Drugs by source: which way each source points for this genome, and where the sources differ."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from trdpgx.model.authority import Verdict
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.evidence import VerificationState
from trdpgx.model.report import Report
from trdpgx.model.rule import Against, Direction, VocabularyEntry
from trdpgx.reasoning.directions import CHANGING
from trdpgx.reasoning.disagreement import opposed
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.summary.current import restricted_drugs
from trdpgx.report.action_words import SourceActions
from trdpgx.report.grouping import figures_apart, uncalled_by_drug
from trdpgx.report.html.svg import Svg
from trdpgx.report.wording import DIRECTION_WORDS, VERDICT_WORDS
from trdpgx.texts import phrase

SOURCES = ("CPIC", "DPWG", "FDA", "research")
_WIDTH, _LEFT, _COLUMN, _ROW = 720, 200, 110, 22
_LEGEND_ROW, _HEADING = 20, 40
Glyph: TypeAlias = Direction | Literal["anybody", "course", "finding", "perhaps", "unverified"]
_OTHER_GLYPHS: Sequence[tuple[Glyph, str]] = (
    ("perhaps", phrase("matrix_figure.perhaps")),
    ("anybody", phrase("matrix_figure.anybody")),
    ("course", phrase("matrix_figure.course")),
    ("finding", VERDICT_WORDS[Verdict.FINDING]),
    ("unverified", phrase("matrix_figure.unverified")),
)
_HOLDS_FOR_ANYBODY = "no_change_named"
"""The implication of a statement that the source makes of anybody, whatever the genotype."""


class Pointing(NamedTuple):
    """What one source points to: directions for glyphs, whether more hangs on the course of treatment, and all of it in words."""

    directions: tuple[Direction, ...]
    course: bool
    words: tuple[str, ...]
    perhaps: bool = False
    """Whether it is a matter of reading that the source rules the drug out."""
    anybody: bool = False
    """Whether what the source names, such as a highest dose, holds for anybody."""
    unverified: bool = False
    """Whether nothing that the source points to was read in it."""


Differ: TypeAlias = Literal["opposed", "degree", "figures", "agreed"]


class MatrixRow(NamedTuple):
    """A drug, what each of ``SOURCES`` points to (``None``: no rule applied), and whether they differ, or in degree or figures alone."""

    drug: str
    sources: tuple[Pointing | None, ...]
    differ: Differ
    marks: str = ""
    """``!`` where something beside the genotype restricts the drug, ``^`` where a gene of its rules was not called."""


def matrix_rows(report: Report, actions: Mapping[str, VocabularyEntry]) -> list[MatrixRow]:
    """Return a row for each drug with a consideration by genotype, the most far-reaching directions first.

    ``actions`` are those of the rules that the report was made with, by code.
    """
    by_id = {one.id: one for one in report.considerations}
    restricted = restricted_drugs(report.treatment_history, report.interactions)
    uncalled = uncalled_by_drug(report)
    rows = [
        _row(drug, [by_id[identity] for identity in drug.considerations], actions)._replace(
            marks=f"{'!' if drug.name in restricted else ''}{'^' if drug.name in uncalled else ''}"
        )
        for drug in report.drugs
    ]
    shown = [row for row in rows if any(row.sources)]
    return sorted(shown, key=lambda row: min(_rank(one) for pointing in row.sources if pointing for one in pointing.directions))


_RANKS = {direction: rank for rank, direction in enumerate(DIRECTION_WORDS)}


def _rank(direction: Direction) -> int:
    return _RANKS[direction]


def _row(drug: DrugReport, considerations: Sequence[Consideration], actions: Mapping[str, VocabularyEntry]) -> MatrixRow:
    sources: list[Pointing | None] = []
    for source in SOURCES:
        mine = [one for one in considerations if one.source.name == source and one.conversion is None]
        stated = SourceActions.of(mine, actions)
        avoiding = {action.against for action in stated.actions if action.direction is Direction.AVOID}
        directions = tuple(sorted(stated.directions, key=_rank))
        telling = [one for one in mine if stated.directions.intersection(one.action.directions)]
        anybody = stated.directions <= CHANGING and all(one.implication.code == _HOLDS_FOR_ANYBODY for one in telling)
        unverified = all(one.evidence.verification.state is VerificationState.UNVERIFIED for one in telling)
        notes = [phrase("matrix_figure.anybody")] * anybody + [phrase("matrix_figure.unverified")] * (unverified and source != RESEARCH)
        words = (*stated.words, *notes)
        perhaps = avoiding == {Against.MAY_BE_RULED_OUT}
        pointing = Pointing(directions, stated.hangs_on_course, words, perhaps, anybody, unverified and source != RESEARCH)
        sources.append(pointing if mine else None)
    return MatrixRow(drug.name, tuple(sources), _differ(drug, considerations))


def _differ(drug: DrugReport, considerations: Sequence[Consideration]) -> Differ:
    if drug.disagreement is None:
        return "figures" if any(figures_apart(drug.name, considerations)) else "agreed"
    return "opposed" if opposed(considerations) else "degree"


def matrix_figure(rows: Sequence[MatrixRow], prefix: str = "") -> str | None:
    """Return the figure, or ``None`` without a row."""
    if not rows:
        return None
    legend = _legend()
    head = legend[-1].line + _HEADING
    svg = Svg(
        key=f"{prefix}matrix",
        title=phrase("matrix_figure.title"),
        description=phrase("matrix_figure.description"),
        width=_WIDTH,
        height=head + 10 + _ROW * len(rows),
    )
    for glyph, words, left, line in legend:
        _glyph(svg, glyph, left + 6, line)
        svg.text(left + 18, line + 4, words)
    for column, source in enumerate(SOURCES):
        svg.text(_LEFT + column * _COLUMN + _COLUMN / 2, head - 8, source, "label middle strong")
    svg.text(_LEFT + len(SOURCES) * _COLUMN + 10, head - 8, phrase("matrix_figure.differ"), "label strong")
    for number, row in enumerate(rows):
        top = head + number * _ROW
        if number % 2 == 0:
            svg.rect(0, top, _WIDTH, _ROW, "stripe")
        svg.text(_LEFT - 8, top + 15, f"{row.drug}{row.marks}", "label end")
        for column, pointing in enumerate(row.sources):
            middle = _LEFT + column * _COLUMN + _COLUMN / 2
            glyphs = _glyphs(pointing, SOURCES[column]) if pointing else ()
            for index, glyph in enumerate(glyphs):
                _glyph(svg, glyph, middle + (index - (len(glyphs) - 1) / 2) * 20, top + 11)
        if row.differ != "agreed":
            svg.text(_LEFT + len(SOURCES) * _COLUMN + 28, top + 15, "≠" if row.differ == "opposed" else "±", "label middle strong")
    return svg.render()


class _LegendEntry(NamedTuple):
    glyph: Glyph
    words: str
    left: float
    line: int


def _legend() -> list[_LegendEntry]:
    """Return the entries of the legend with where each stands, so that the columns can begin below the last line."""
    left, line = 10.0, 12
    entries = []
    for glyph, words in (*DIRECTION_WORDS.items(), *_OTHER_GLYPHS):
        width = 40 + 6.6 * len(words)
        if left + width > _WIDTH:
            left, line = 10.0, line + _LEGEND_ROW
        entries.append(_LegendEntry(glyph, words, left, line))
        left += width
    return entries


def _glyphs(pointing: Pointing, source: str) -> tuple[Glyph, ...]:
    """Return what is drawn: "no advice" gives way before what hangs on the course of treatment, and is a finding where it is research."""
    if pointing.directions == (Direction.NONE,) and (pointing.course or source == RESEARCH):
        return ("course",) if pointing.course else ("finding",)
    drawn = [_drawn(one, pointing) for one in pointing.directions]
    unverified: tuple[Glyph, ...] = ("unverified",) if pointing.unverified and pointing.directions != (Direction.NONE,) else ()
    return (*drawn, *(("course",) if pointing.course else ()), *unverified)


def _drawn(direction: Direction, pointing: Pointing) -> Glyph:
    if direction is Direction.AVOID and pointing.perhaps:
        return "perhaps"
    return "anybody" if direction is Direction.LOWER and pointing.anybody else direction


def _glyph(svg: Svg, direction: Glyph, x: float, y: float) -> None:
    """Draw the shape of a direction; shapes differ, so that no colour is needed to tell them apart."""
    if direction is Direction.AVOID:
        svg.line(x - 5, y - 5, x + 5, y + 5, "glyph")
        svg.line(x - 5, y + 5, x + 5, y - 5, "glyph")
    elif direction is Direction.LOWER:
        svg.polygon([(x - 6, y - 4), (x + 6, y - 4), (x, y + 6)], "glyph filled")
    elif direction is Direction.HIGHER:
        svg.polygon([(x - 6, y + 4), (x + 6, y + 4), (x, y - 6)], "glyph filled")
    elif direction is Direction.MONITOR:
        svg.circle(x, y, 5, "glyph hollow")
        svg.circle(x, y, 1.5, "glyph filled")
    elif direction is Direction.STANDARD:
        svg.rect(x - 6, y - 2, 12, 4, "glyph filled")
    elif direction == "perhaps":
        svg.text(x, y + 5, "?", "label middle strong")
    elif direction == "anybody":
        svg.polygon([(x - 5, y - 4), (x + 5, y - 4), (x, y + 5)], "glyph hollow")
    elif direction == "unverified":
        svg.text(x, y + 5, "nv", "label middle")
    elif direction == "course":
        svg.polygon([(x - 6, y), (x, y - 6), (x + 6, y), (x, y + 6)], "glyph hollow")
    elif direction == "finding":
        svg.line(x - 5, y, x + 5, y, "glyph")
        svg.line(x, y - 5, x, y + 5, "glyph")
    else:
        svg.circle(x, y, 1.5, "glyph filled")
