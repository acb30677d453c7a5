"""The first part of the text: what stands out, what was not seen, what would settle it, and the drugs in their groups."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from trdpgx.model.composed import PartKind, joined
from trdpgx.model.drug_report import Certainty, DrugReport
from trdpgx.model.report import Report
from trdpgx.model.rule import Reason
from trdpgx.model.summary import SettleReport, Summary, SummaryDrug
from trdpgx.report import wording
from trdpgx.report.grouping import rules_nothing_out
from trdpgx.report.presumed import common_conversion
from trdpgx.report.text.wrapped import wrapped
from trdpgx.texts import phrase

_DRUGS = 8
"""So many drugs that wait for a test are named in a short text."""
_NAMES_ALONE = frozenset({"research_only", "no_change"})
"""Groups of which the names are enough, with what limits each; the headline stands with the considerations."""
_UNCLEARED = phrase("text_overview.not_cleared")
_NEVER_BY_GENOTYPE = frozenset({Reason.NO_GUIDELINE, Reason.NO_GENETIC_CLAIM, "no_rule"})
"""Reasons that are the same for everybody: a short text counts these drugs, and the full text has each with its reason."""
_DRUGS_LOOKED_AT = frozenset({"drug", "therapy"})
_COPIES = Certainty.COPY_NUMBER


def overview(summary: Summary, warnings: Collection[str], *, full: bool, seen: bool) -> Iterator[str]:
    """Yield what stands out and what was not seen.

    ``warnings`` stand above; ``full`` names every drug that waits for a test; ``seen`` states whether anything was seen.
    """
    unseen = [one.text for one in summary.not_seen]
    yield from ("", phrase("text_headings.what_stands_out"))
    standing = [one.text for one in summary.attention if one.text not in {*unseen, *warnings}]
    for number, text in enumerate(standing, 1):
        yield from wrapped(text, f"{number:3}. ")
    if not standing:
        yield from wrapped(phrase("headings.nothing_stands_out" if seen else "headings.nothing_seen"), "  ")
    if unseen:
        yield from ("", phrase("text_headings.what_was_not_seen"))
    for text in unseen:
        yield from wrapped(text, "  - ")
    if summary.settle:
        yield from ("", phrase("text_headings.what_would_settle"))
    alleles = [one for one in summary.settle if not full and (one.gene or "").startswith("HLA-")]
    for one in _by_test(one for one in summary.settle if one not in alleles):
        yield from wrapped(f"{one.question} {one.test}{_waiting(one, full=full)}", "  - ")
    if alleles:
        waiting = ", ".join(dict.fromkeys(drug for one in alleles for drug in one.drugs))
        questions = " ".join(one.question for one in alleles)
        yield from wrapped(phrase("text_overview.alleles", questions=questions, drugs=waiting), "  - ")
    if summary.resistance:
        yield from ("", phrase("text_headings.resistance"))
    for finding in summary.resistance:
        yield from wrapped(finding.text, "  - ")


def _by_test(ones: Iterable[SettleReport]) -> Iterator[SettleReport]:
    """Yield the open questions; those that the same test settles stand together, with every drug that waits for one of them."""
    by_test: dict[str, list[SettleReport]] = {}
    for one in ones:
        by_test.setdefault(one.test, []).append(one)
    for same in by_test.values():
        drugs = tuple(dict.fromkeys(drug for one in same for drug in one.drugs))
        yield same[0].copy_with(question=" ".join(one.question for one in same), drugs=drugs)


def _waiting(one: SettleReport, *, full: bool) -> str:
    if not one.drugs:
        return ""
    if full or len(one.drugs) <= _DRUGS:
        return phrase("text_overview.waiting", drugs=", ".join(one.drugs))
    return phrase("text_overview.drugs_wait", count=len(one.drugs))


class _Marks(Struct):
    """What many headlines repeat: marked at the drug or before what it is about, and written out once."""

    presumed: dict[str, None] = field(default_factory=dict)
    converted: str = ""
    """The conversion that most headlines speak of; empty where none does."""
    short: bool = False
    unseen: bool = False
    used: bool = False
    opened: bool = False
    beside: bool = False

    def of_interaction(self, drug: SummaryDrug) -> str:
        """Return the mark of a drug that a source rules out or advises against beside what is taken, where its name stands alone."""
        if not any(part.kind is PartKind.BESIDE and part.text for part in drug.parts):
            return ""
        self.beside = True
        return "!"

    def without(self, drug: SummaryDrug, report: DrugReport | None) -> tuple[str, str]:
        """Return the text of a drug without what it presumes, which genes are open and how it was converted, and the marks of these."""
        if not drug.parts:
            return drug.text, ""
        presumed = [limit.text for limit in report.headline_limits if limit.certainty is _COPIES] if report else []
        self.presumed |= dict.fromkeys(presumed)
        kept = [part for part in drug.parts if part.kind is not PartKind.PRESUMED]
        mark = "*" if presumed else ""
        if self.short and (unseen := report is not None and bool(report.not_seen)):
            kept, mark = [part for part in kept if part.kind is not PartKind.NOT_SEEN], f"{mark}^"
            self.unseen |= unseen
        if any(part.kind is PartKind.OPEN for part in kept):
            kept, mark = [part for part in kept if part.kind is not PartKind.OPEN], f"{mark}?"
            self.opened = True
        number = next((n for n, part in enumerate(kept) if part.kind is PartKind.CONVERTED and part.about == self.converted), None)
        if number is None:
            return joined(kept), mark
        self.used = True
        first = [part for part in kept[:number] if part.kind is not PartKind.NOTHING]
        same = bool(first) and tuple(one for part in first for one in part.statements or (part.text,)) == kept[number].statements
        stated = phrase("text_overview.the_same") if same else f"{'; '.join(kept[number].statements)}."
        return " ".join(filter(None, (joined(first), "~", stated, joined(kept[number + 1 :])))), mark


def drug_groups(report: Report, summary: Summary, *, full: bool) -> Iterator[str]:
    """Yield the groups in their order; drugs of which the same is stated share a line.

    ``full`` gives the reason for every drug of which nothing follows.
    """
    by_name = {drug.name: drug for drug in report.drugs}
    marks = _Marks(converted=common_conversion(report.drugs), short=not full)
    yield from ("", phrase("text_headings.drugs"))
    if rules_nothing_out(report):
        yield from wrapped(phrase("headings.none_ruled_out"), "  ")
    for key, heading, _ in wording.GROUP_HEADINGS:
        drugs: Sequence[SummaryDrug] = getattr(summary.drugs, key)
        if not drugs:
            continue
        if key in _NAMES_ALONE:
            names = ", ".join(_limited(drug, by_name.get(drug.name), marks) for drug in drugs)
            yield from wrapped(f"{heading} ({len(drugs)}): {names}", "  ")
            continue
        if key == "not_covered":
            yield f"  {phrase('groups_closed.not_covered', heading=heading, count=len(drugs))}"
        else:
            yield f"  {heading} ({len(drugs)})"
        if key == "not_covered" and not full:
            yield from _not_covered(drugs, marks, {one.name: one.reason for one in report.looked_at if one.kind in _DRUGS_LOOKED_AT})
        else:
            yield from _stated(drugs, by_name, marks)
    presumed = phrase("text_overview.presumes", texts="; ".join(marks.presumed)) if marks.presumed else ""
    unseen = phrase("text_overview.not_seen") if marks.unseen else ""
    if presumed or unseen:
        yield from wrapped(f"{presumed} {unseen}".strip(), "  ")
    if marks.opened:
        yield from wrapped(phrase("text_overview.open"), "  ")
    if marks.beside:
        yield from wrapped(phrase("text_overview.beside"), "  ")
    if marks.used:
        yield from wrapped(phrase("text_overview.converted", limit=marks.converted), "  ")


def _stated(drugs: Iterable[SummaryDrug], by_name: Mapping[str, DrugReport], marks: _Marks) -> Iterator[str]:
    by_text: dict[str, list[str]] = {}
    for drug in drugs:
        text, mark = marks.without(drug, by_name.get(drug.name))
        by_text.setdefault(text, []).append(drug.name + mark)
    for text, names in by_text.items():
        yield from wrapped(f"{', '.join(names)}: {text}", "    - ")


def _limited(drug: SummaryDrug, report: DrugReport | None, marks: _Marks) -> str:
    """Return the name of a drug with what limits its headline."""
    if report is None:
        return drug.name
    _, mark = marks.without(drug, report)
    mark += marks.of_interaction(drug)
    limits = [limit.text for limit in report.headline_limits if limit.certainty is not _COPIES]
    return f"{drug.name}{mark}{f' ({limits[0]})' if len(limits) == 1 else phrase('text_overview.limited') if limits else ''}"


def _not_covered(drugs: Sequence[SummaryDrug], marks: _Marks, reasons: Mapping[str, str]) -> Iterator[str]:
    """Yield the drugs with a reason to be read, the names of others that rules are about, and how many are left.

    ``reasons`` has why nothing follows, by drug.
    """
    uncleared = [drug for drug in drugs if reasons.get(drug.name) == "not_tested"]
    ruled_out = [drug for drug in drugs if reasons.get(drug.name) == Reason.BY_DIAGNOSIS]
    listed = [*uncleared, *ruled_out]
    shown = {drug.name: f"{drug.name}{marks.of_interaction(drug)}" for drug in drugs}
    silent = [
        drug for drug in drugs if reasons.get(drug.name) in _NEVER_BY_GENOTYPE and drug not in listed and shown[drug.name] == drug.name
    ]
    others = [shown[drug.name] for drug in drugs if drug not in listed and drug not in silent]
    if uncleared:
        yield from wrapped(f"{', '.join(drug.name for drug in uncleared)}: {_UNCLEARED}", "    - ")
    yield from _stated(ruled_out, {}, _Marks())
    if others:
        yield from wrapped(", ".join(others), "    - ")
    if silent:
        yield from wrapped(phrase("text_overview.silent", count=len(silent)), "    - ")
