"""What sources state of each drug that is taken: under current drugs and by genotype, each with its figures, and nothing twice."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from trdpgx.model.composed import PartKind, TextPart, brief, joined
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.summary import DrugGroups, SummaryDrug
from trdpgx.reasoning.drugs import FINDINGS
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.prepared import dose_figures
from trdpgx.reasoning.statements import proviso, sources_named
from trdpgx.reasoning.summary.not_cleared import NotCleared
from trdpgx.texts import at_beginning, both, listed, phrase

_NOT_BY_GENOTYPE = frozenset({PartKind.LEAD, PartKind.CONVERTED, PartKind.BESIDE, PartKind.NOTHING, PartKind.PRESUMED})
_NUMBER = re.compile(r"\d")


class Gravity(IntEnum):
    """How grave a line on what is taken is, the gravest first."""

    AGAINST = 0
    """A source rules a drug out that is taken, or advises against it."""
    LEVEL = 1
    """A level is out of range, or the exposure far from the usual."""
    NOT_CLEARED = 2
    """A test or a result is missing."""
    CHANGE = 3
    """Sources consider a change, or state something else of a drug."""
    REST = 4


class Line(NamedTuple):
    """A line on what is taken. ``topic`` names it where it may be left out: what it states stands under current drugs as well."""

    gravity: Gravity
    text: str
    topic: str = ""


def of_taken_drugs(
    current: Sequence[str],
    groups: DrugGroups,
    drugs: Sequence[DrugReport],
    considerations: Sequence[Consideration],
    *,
    concerned: frozenset[str],
    missing: NotCleared,
) -> Iterator[Line]:
    """Yield what sources state of each drug that is taken: under current drugs, by genotype, or why nothing is.

    ``concerned`` are the drugs that are taken and that an interaction is about, ``missing`` has why drugs are not cleared. The drugs of
    which sources state nothing else stand last: those that are not cleared, those for which no source considers a change by genotype, and
    those that no rule is about.
    """
    changing = [drug.name for drug in (*groups.ruled_out, *groups.change_considered, *groups.sources_differ)]
    entries = {drug.name: drug for _, ones in groups for drug in ones}
    reports = {drug.name: drug for drug in drugs}
    order = {name: index for index, name in enumerate(changing)}
    guided = reports.keys() - {drug.name for drug in groups.research_only}
    shown = [
        name
        for name in current
        if name in order or _parts(entries.get(name), PartKind.CONVERTED) or (name in guided and missing.of_missing(name))
    ]
    in_order = sorted(shown, key=lambda name: order.get(name, len(order)))
    lines = [
        line
        for name in in_order
        for line in _of_drug(entries[name], reports.get(name), [one for one in considerations if name in one.drugs])
    ]
    yield from _with_presumptions(lines, [entries[name] for name in in_order])
    # where a rule applies by genotype, what was not tested limits what is stated
    for text in missing.tests([name for name in shown if _parts(entries[name], PartKind.NOTHING)]):
        yield Line(Gravity.NOT_CLEARED, text)
    for text in missing.diagnoses(shown):
        yield Line(Gravity.NOT_CLEARED, text)
    yield from _of_others([name for name in current if name not in shown], entries, concerned, missing)


def _with_presumptions(lines: Sequence[Line], entries: Sequence[SummaryDrug]) -> Iterator[Line]:
    """Yield the lines, the gravest first; behind the last stands once what the statements by genotype on the drugs presume."""
    presuming: dict[str, list[str]] = {}
    for entry in entries:
        for text in (text for part in _parts(entry, PartKind.PRESUMED) for text in part.statements):
            presuming.setdefault(text, []).append(entry.name)
    sentences = [phrase("current.presumed", drugs=listed(names), presumed=text) for text, names in presuming.items()]
    for left, line in enumerate(ordered := sorted(lines, key=lambda line: line.gravity), 1):
        yield line._replace(text=" ".join([line.text, *sentences])) if left == len(ordered) else line


def _of_drug(entry: SummaryDrug, report: DrugReport | None, considerations: Sequence[Consideration]) -> Iterator[Line]:
    """Yield what sources state of a drug under current drugs, with how they differ there, and by genotype; their figures with each."""
    drug = at_beginning(entry.name)
    converted = [*_parts(entry, PartKind.CONVERTED)]
    nothing = _parts(entry, PartKind.NOTHING)
    stated = frozenset(statement for part in converted for statement in part.statements)
    own = [part for part in entry.parts if part.kind not in _NOT_BY_GENOTYPE and not _is_unseen_of_findings(part)]
    if report:
        converted += [_differing(part, stated) for part in report.parts if part.kind is PartKind.DIFFER_CONVERTED]
    if nothing:  # that no rule applies by genotype is no statement of its own
        converted, own = [*converted, *nothing, *own], []
    figures = {kind: [*_figures(considerations, kind)] for kind in ("figures", "figures_converted", "figures_beside")}
    if converted:
        text = phrase("current.by_conversion", drug=drug, stated=joined(converted))
        carried = [one for one in considerations if one.conversion is not None]
        grades = [phrase("current.grade_by_genotype")] if any(map(_is_graded_by_genotype, carried)) else []
        yield Line(_gravity(carried), " ".join([text, *grades, *figures["figures_converted"], *figures["figures_beside"]]))
    if own:
        text = phrase("current.by_genotype", drug=drug, stated=_once(brief(own), stated))
        yield Line(_gravity(one for one in considerations if one.conversion is None), " ".join([text, *figures["figures"]]))


def _is_graded_by_genotype(one: Consideration) -> bool:
    """Return whether a statement that is carried over has a grade of its recommendation, which its source gives by genotype."""
    asked = one.conversion is not None and one.conversion.guideline
    return not asked and one.authority is not None and one.authority.kind == "recommendation"


def _gravity(considerations: Iterable[Consideration]) -> Gravity:
    against = any(one.action.against and one.source.name != RESEARCH for one in considerations)
    return Gravity.AGAINST if against else Gravity.CHANGE


def _differing(part: TextPart, stated: frozenset[str]) -> TextPart:
    """Return that sources differ under current drugs, with what one states that was not ``stated``."""
    more = [statement for statement in part.statements if statement not in stated]
    text = phrase("current.differing_more" if more else "current.differing", lead=phrase(part.about), more="; ".join(more))
    return TextPart(PartKind.DIFFER, text)


def _once(parts: Sequence[TextPart], stated: frozenset[str]) -> str:
    """Return the text of parts; of what was ``stated`` of the phenotype under current drugs it has that the source states the same."""
    again = [part for part in parts if part.source and stated.issuperset(part.statements)]
    if not again:
        return joined(parts)
    same = phrase("current.the_same", sources=both(part.source for part in again))
    return " ".join(filter(None, [joined(part for part in parts if part not in again), same]))


def _of_others(drugs: Sequence[str], entries: Mapping[str, SummaryDrug], concerned: frozenset[str], missing: NotCleared) -> Iterator[Line]:
    """Yield what is to be stated of drugs of which no source states anything that stands out.

    That no source considers a change is stated of none that is not cleared, or that an interaction is about.
    """
    for text in missing.sentences(drugs):
        yield Line(Gravity.NOT_CLEARED, text)
    rest = [name for name in drugs if not missing.of_missing(name)]
    ruled = [name for name in rest if name in entries and missing.has_rule(name)]
    for text in missing.not_settled(ruled):
        yield Line(Gravity.NOT_CLEARED, text)
    settled = [name for name in ruled if name not in missing.unsettled]
    for key, names in (
        ("current.interactions_alone", [name for name in settled if name in concerned]),
        ("current.no_change_considered", [name for name in settled if name not in concerned]),
        ("current.no_rule", [name for name in rest if name not in ruled and name in entries]),
        ("current.not_covered", [name for name in rest if name not in entries]),
    ):
        if names:
            yield Line(Gravity.REST, phrase(key, count=len(names), drugs=listed(names)))


def _parts(entry: SummaryDrug | None, kind: PartKind) -> list[TextPart]:
    return [part for part in entry.parts if part.kind is kind] if entry else []


def _is_unseen_of_findings(part: TextPart) -> bool:
    return part.kind is PartKind.NOT_SEEN and part.about == FINDINGS


def _figures(considerations: Sequence[Consideration], kind: str) -> Iterator[str]:
    """Yield the sentence on the figures of doses of ``kind``, the key of a text (``_figures_kind``); none where no source has a number."""
    stated: dict[str, None] = {}
    for one in considerations:
        change = one.action.dose_change
        if change is None or one.source.name == RESEARCH or _figures_kind(one) != kind:
            continue
        if figures := [figure for figure in dose_figures(change) if _NUMBER.search(figure)]:
            (source,) = sources_named([one])
            proviso_of = f", {only}" if (only := proviso(one)) else ""
            stated[phrase("current.figure", source=source, proviso=proviso_of, figures="; ".join(figures))] = None
    if stated:
        yield phrase(f"current.{kind}", figures=". ".join(stated))


def _figures_kind(one: Consideration) -> str:
    """Return whether a figure is by genotype, carried over to the phenotype under current drugs, or the source's own beside them."""
    if one.conversion is None:
        return "figures"
    return "figures_beside" if one.conversion.guideline else "figures_converted"
