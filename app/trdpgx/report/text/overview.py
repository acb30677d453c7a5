"""The first part of the text: what stands out, what was not seen, what would settle it, and the drugs in their groups."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat

from msgspec import Struct, field

from trdpgx.model.composed import PartKind, brief, joined
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import Certainty, DrugReport
from trdpgx.model.evidence import Strength
from trdpgx.model.report import Report
from trdpgx.model.rule import Reason
from trdpgx.model.summary import SettleReport, Summary, SummaryDrug
from trdpgx.reasoning.drugs import FINDINGS
from trdpgx.reasoning.short_findings import finding_words
from trdpgx.report import limits_of_use, wording
from trdpgx.report.grouping import drug_sections, levels_of, rules_nothing_out
from trdpgx.report.names_apart import no_change_names
from trdpgx.report.presumed import common_conversion
from trdpgx.report.text.wrapped import wrapped
from trdpgx.texts import both, either, listed, listed_either, phrase

_DRUGS = 8
"""So many drugs that wait for a test are named in a short text."""
_FEW = 2
"""So many drugs that wait for one gene are named even so."""
_PARAGRAPH = 6
"""Up to so many lines of what stands out on one subject are one paragraph."""
_NAMES_ALONE = frozenset({"research_only", "no_change"})
"""Groups of which the names are enough, with what limits each; the headline stands with the considerations."""
_NAMES_IN_SHORT = frozenset({"levels_only", "not_tested"})
"""Groups of which a short text has the names alone."""
_OTHER_RESULTS = "no_rule_applies"
_SILENT = frozenset({Reason.NO_GUIDELINE, Reason.NO_GENETIC_CLAIM, "no_rule"})
"""Reasons for which a short text counts the drugs; the full text has each drug with its reason."""
_DRUGS_LOOKED_AT = frozenset({"drug", "therapy"})
_COPIES = Certainty.COPY_NUMBER


def overview(summary: Summary, warnings: Collection[str], *, full: bool, seen: bool) -> Iterator[str]:
    """Yield what stands out and what was not seen.

    ``warnings`` stand above; ``full`` names every drug that waits for a test; ``seen`` states whether anything was seen.
    """
    unseen = [one.text for one in summary.not_seen]
    yield from ("", phrase("text_headings.what_stands_out"))
    standing = [one for one in summary.attention if one.text not in {*unseen, *warnings}]
    for number, one in enumerate(standing, 1):
        lines = one.lines if len(one.lines) > _PARAGRAPH else (one.text,)
        for lead, line in zip(chain((f"{number:3}. ",), repeat("     ")), lines, strict=False):
            yield from wrapped(line, lead)
    if not standing:
        yield from wrapped(phrase("headings.nothing_stands_out" if seen else "headings.nothing_seen"), "  ")
    if unseen:
        yield from ("", phrase("text_headings.what_was_not_seen"))
    for text in unseen:
        yield from wrapped(text, "  - ")
    if summary.settle:
        yield from ("", phrase("text_headings.what_would_settle"))
    uncleared = frozenset(drug for one in summary.not_seen for drug in one.drugs)
    untested = [one for one in summary.settle if (one.gene or "").startswith("HLA-") and one.drugs and uncleared.issuperset(one.drugs)]
    alleles = [] if full else untested
    asked = [one for one in summary.settle if one not in alleles and (full or one.gene or one.drugs)]
    for same in _by_test(asked):
        named = not full and all(drug in uncleared and not one.gene for one in same for drug in one.drugs)
        yield from wrapped(f"{_question(same, full=full)} {same[0].test}{'' if named else _waiting(same, full=full)}", "  - ")
    if alleles:
        yield from wrapped(phrase("text_overview.alleles", questions=" ".join(one.question for one in alleles)), "  - ")


def resistance(summary: Summary, considerations: Iterable[Consideration], *, full: bool) -> Iterator[str]:
    """Yield what bears on resistance itself; a short text has a line for all findings of one strength, without what limits each."""
    if summary.resistance:
        yield from ("", phrase("text_headings.resistance"))
    by_id = {one.id: one for one in considerations}
    by_strength: dict[Strength, list[str]] = {}
    for finding in summary.resistance:
        behind = [by_id[identity] for identity in finding.considerations if identity in by_id]
        if full or not behind:
            yield from wrapped(finding.text, "  - ")
            continue
        for one in behind:
            words = phrase("text_overview.resistance_finding", genes=both(one.genes), words=finding_words(one))
            by_strength.setdefault(one.evidence.strength, []).append(words)
    for strength, findings in by_strength.items():
        words = phrase("text_overview.resistance", findings="; ".join(findings), strength=wording.STRENGTH_WORDS[strength])
        yield from wrapped(words, "  - ")


def _by_test(ones: Iterable[SettleReport]) -> list[list[SettleReport]]:
    """Return the open questions; those that the same test settles stand together."""
    by_test: dict[str, list[SettleReport]] = {}
    for one in ones:
        by_test.setdefault(one.test, []).append(one)
    return list(by_test.values())


def _question(ones: Sequence[SettleReport], *, full: bool) -> str:
    """Return the questions that one test settles; in a short text one that is asked of several genes stands once for all of them."""
    genes = [one.gene for one in ones if one.gene]
    if len(genes) == len(ones) > 1 and not full:
        questions = [one.question for one in ones]
        if questions == [phrase("summary.how_many_copies", gene=gene) for gene in genes]:
            return phrase("text_overview.copies", genes=listed(genes))
        for key in ("summary.which_diplotypes", "summary.are_sites_as_assumed"):
            if questions == [phrase(key, count=1, genes=gene) for gene in genes]:
                return phrase(key, count=len(genes), genes=listed(genes))
    return " ".join(one.question for one in ones)


def _waiting(ones: Sequence[SettleReport], *, full: bool) -> str:
    """Return the drugs that wait for a test, by gene where they wait for several."""
    drugs = dict.fromkeys(drug for one in ones for drug in one.drugs)
    if not drugs or (not full and all(drug in ones[0].question for drug in drugs)):
        return ""
    if not full and len(drugs) > _DRUGS:
        few = [f"{', '.join(one.drugs)} ({one.gene})" for one in ones if one.gene and 0 < len(one.drugs) <= _FEW]
        among = phrase("text_overview.among_them", named=listed(few)) if few else ""
        return phrase("text_overview.drugs_wait", count=len(drugs), among=among)
    by_gene = {drugs: [one.gene for one in ones if one.gene and one.drugs == drugs] for drugs in dict.fromkeys(one.drugs for one in ones)}
    if len(by_gene) == 1:
        return phrase("text_overview.waiting", drugs=", ".join(drugs))
    named = (f"{', '.join(names)}{f' ({both(genes)})' if genes else ''}" for names, genes in by_gene.items() if names)
    return phrase("text_overview.waiting", drugs="; ".join(named))


class _Marks(Struct):
    """What many headlines repeat: a mark at the drug stands for it, and the marks that were used are explained once, above the drugs."""

    presumed: dict[str, None] = field(default_factory=dict)
    """``*``: the texts of what is presumed, in their order."""
    converted: str = ""
    """The conversion that most headlines are about; empty where none is."""
    short: bool = False
    """Whether the text is the short one."""
    used: bool = False
    """``~``: whether ``converted`` was marked."""
    unseen: bool = False
    """``^``: genes of which nothing was seen."""
    named: bool = False
    """Whether genes that were not seen stand in words beside the names, so that no mark is needed."""
    opened: bool = False
    """``?``: open phenotypes."""
    beside: bool = False
    """``!``: interactions with what is taken."""

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
        if self.short:
            kept = brief(part for part in kept if part.kind is not PartKind.INHIBITS)
        if self.short and any(part.kind is PartKind.NOT_SEEN for part in kept):
            if not self.named and any(part.kind is PartKind.NOT_SEEN and part.about != FINDINGS for part in kept):
                self.unseen, mark = True, f"{mark}^"
            kept = [part for part in kept if part.kind is not PartKind.NOT_SEEN]
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
    marks = _Marks(converted=common_conversion(report.drugs), short=not full)
    groups = list(_groups(report, summary, marks, full=full))
    yield from ("", phrase("text_headings.drugs"))
    if rules_nothing_out(report):
        yield from wrapped(phrase("headings.none_ruled_out"), "  ")
    yield from _key(marks, [gene.gene for gene in report.genes], () if full else limits_of_use.of_all(report.considerations))
    yield from groups


def _key(marks: _Marks, genes: Sequence[str], limits: Iterable[str]) -> Iterator[str]:
    """Yield what the marks mean that were used, and for what use sources state what they do."""
    presumed = phrase("text_overview.presumes", texts=either(_together(marks.presumed, genes))) if marks.presumed else ""
    unseen = phrase("text_overview.not_seen") if marks.unseen else ""
    if first := " ".join(filter(None, (presumed, unseen, *limits))):
        yield from wrapped(first, "  ")
    if marks.opened:
        yield from wrapped(phrase("text_overview.open"), "  ")
    if marks.beside:
        yield from wrapped(phrase("text_overview.beside"), "  ")
    if marks.used:
        yield from wrapped(phrase("text_overview.converted", limit=marks.converted), "  ")


def _together(presumed: Collection[str], genes: Sequence[str]) -> list[str]:
    """Return what is presumed of copies, once for all genes of which the same is."""
    states = [phrase("certainty.not_assessed"), phrase("certainty.signs_of_another_number")]
    concerned = {
        state: [gene for gene in genes if phrase("certainty.two_ordinary_copies", gene=gene, state=state) in presumed] for state in states
    }
    return [phrase("certainty.two_ordinary_copies", gene=listed_either(ones), state=state) for state, ones in concerned.items() if ones]


def _groups(report: Report, summary: Summary, marks: _Marks, *, full: bool) -> Iterator[str]:
    by_name = {drug.name: drug for drug in report.drugs}
    for key, heading, _, drugs in drug_sections(report, summary):
        if key in _NAMES_ALONE or (key in _NAMES_IN_SHORT and not full):
            marks.named = key == "no_change"
            shown = {drug.name: _limited(drug, by_name.get(drug.name), marks) for drug in drugs}
            marks.named = False
            names = no_change_names(report, shown) if key == "no_change" else "; ".join(_alike(shown))
            closed = "groups_closed.no_change" if key == "no_change" else "groups_closed.names"
            yield from wrapped(phrase(closed, heading=heading, count=len(drugs), names=names), "  ")
            continue
        if key == "not_covered" and not full:
            names = _not_covered(drugs, marks, {one.name: one.reason for one in report.looked_at if one.kind in _DRUGS_LOOKED_AT})
            yield from wrapped(phrase("groups_closed.not_covered_named", heading=heading, count=len(drugs), names=names), "  ")
            continue
        counted = f"{heading} ({len(drugs)})"
        yield f"  {phrase('groups_closed.not_covered', heading=heading, count=len(drugs)) if key == 'not_covered' else counted}"
        yield from _stated(drugs, by_name, marks)


def _stated(drugs: Iterable[SummaryDrug], by_name: Mapping[str, DrugReport], marks: _Marks) -> Iterator[str]:
    by_text: dict[str, list[str]] = {}
    for drug in drugs:
        text, mark = marks.without(drug, by_name.get(drug.name))
        by_text.setdefault(text, []).append(drug.name + mark)
    for text, names in by_text.items():
        yield from wrapped(f"{', '.join(names)}: {text}", "    - ")


def _alike(shown: Mapping[str, str]) -> list[str]:
    """Return drugs with what limits each, by name; those that the same limits share it."""
    by_rest: dict[str, list[str]] = {}
    for name, words in shown.items():
        by_rest.setdefault(words.removeprefix(name), []).append(name)
    return [f"{', '.join(names)}{rest}" for rest, names in by_rest.items()]


def _limited(drug: SummaryDrug, report: DrugReport | None, marks: _Marks) -> str:
    """Return the name of a drug with what limits its headline."""
    if report is None:
        return drug.name
    _, mark = marks.without(drug, report)
    mark += marks.of_interaction(drug)
    findings = [statement for part in drug.parts if part.kind is PartKind.STATED for statement in part.statements]
    limits = [limit.text for limit in report.headline_limits if limit.certainty is not _COPIES]
    notes = findings if report.certainty is Certainty.RESEARCH else limits if len(limits) < 2 else [phrase("text_overview.limited")]
    noted = "; ".join([*notes, *levels_of(drug)])
    return f"{drug.name}{mark}{f' ({noted})' if noted else ''}"


def _not_covered(drugs: Sequence[SummaryDrug], marks: _Marks, reasons: Mapping[str, str]) -> str:
    """Return the names of drugs that rules are about, and how many others there are; ``reasons`` has why nothing follows, by drug."""
    shown = {drug.name: f"{drug.name}{marks.of_interaction(drug)}" for drug in drugs}
    silent = [name for name, words in shown.items() if reasons.get(name) in _SILENT and words == name]
    others = [words for name, words in shown.items() if reasons.get(name) == _OTHER_RESULTS]
    first = [words for name, words in shown.items() if name not in silent and words not in others]
    parts = [", ".join(first)]
    if others:
        parts.append(phrase("text_overview.other_results", names=", ".join(others)))
    if silent:
        parts.append(phrase("text_overview.silent", count=len(silent)))
    return "; ".join(filter(None, parts))
