"""The considerations of a full text, by drug, and the evidence behind each, with numbers of the reference list."""

from collections.abc import Iterator, Sequence

from trdpgx.model.consideration import Consideration, ConversionBasis
from trdpgx.model.evidence import EvidenceItem, Strength, Verification, VerificationState
from trdpgx.model.report import Report
from trdpgx.report import wording
from trdpgx.report.grouping import consideration_groups, folded
from trdpgx.report.references import References
from trdpgx.report.text.wrapped import plain, wrapped

NO_RECOMMENDATION = "no_recommendation"
"""Code of the action where a source looked and states that nothing follows."""


def consideration_lines(report: Report, references: References) -> Iterator[str]:
    """Yield every consideration with its evidence."""
    (_, guidance), (_, converted), (_, findings) = consideration_groups(report.considerations)
    verdicts = [one for one in guidance if one.action.code == NO_RECOMMENDATION]
    advice = [one for one in guidance if one.action.code != NO_RECOMMENDATION]
    yield from ("", "WHAT GUIDELINES CONSIDER, BY DRUG")
    if any(one.evidence.strength is Strength.WEIGHED_BY_SOURCE for one in advice):
        yield from wrapped(wording.BY_AUTHORITY, "  ")
    yield from _by_drug(report, advice, references)
    yield from _converted(converted, references)
    if verdicts:
        yield from ("", "WHERE GUIDELINES MAKE NO RECOMMENDATION")
    for one in verdicts:
        yield from _paragraph(one, f"{_by(one)}: {' and '.join(one.genes)} for {', '.join(one.drugs)}", references, "  - ")
    yield from _findings(findings, references)
    yield from _evidence(report.considerations, references)


def _by_drug(report: Report, advice: Sequence[Consideration], references: References) -> Iterator[str]:
    by_id = {one.id: one for one in advice}
    written: set[str] = set()
    for drug in report.drugs:
        mine = [by_id[identity] for identity in drug.considerations if identity in by_id]
        yield f"  {drug.name} ({drug.drug_class})"
        yield from wrapped(drug.headline, "    = ")
        for one in mine:
            if one.id in written:
                others = f"{one.id}: see above, the same holds for {drug.name}."
                yield from wrapped(f"{_by(one)}, {' and '.join(one.genes)}; {others}", "      ")
            else:
                yield from _paragraph(one, f"{_by(one)}, {' and '.join(one.genes)}", references, "      ")
            written.add(one.id)
        if drug.disagreement:
            yield from wrapped(drug.disagreement, "      ! ")
    if not report.drugs:
        yield "  none for what was seen"


def _paragraph(one: Consideration, about: str, references: References, lead: str) -> Iterator[str]:
    limits = f" For: {one.population}." if one.population not in {None, "general"} else ""
    cited = f" [{references.number(one.source.citation)}]" if one.source.citation else ""
    weighed = one.evidence.strength is Strength.WEIGHED_BY_SOURCE
    evidence = "" if weighed else f"; evidence {wording.STRENGTH_WORDS[one.evidence.strength]}"
    yield from wrapped(f"{about}{evidence}{_proviso(one)}: {one.text}{limits} ({one.id}){cited}", lead)
    if one.evidence.conflict:
        yield from wrapped(f"conflict: {one.evidence.conflict}", f"{' ' * len(lead)}  ")


def _proviso(one: Consideration) -> str:
    only = "only if an unseen allele is carried:" if one.basis.only_if_hidden else "only for"
    return f" [{only} {'; '.join(one.basis.facts)}]" if one.basis.holds_for == "some" else ""


def _converted(considerations: Sequence[Consideration], references: References) -> Iterator[str]:
    """Yield what sources state of a phenotype under current drugs, gathered by what makes it."""
    if considerations:
        yield from ("", wording.CONVERTED.upper())
    by_basis: dict[ConversionBasis, list[Consideration]] = {}
    for one in considerations:
        if one.conversion is not None:
            by_basis.setdefault(one.conversion, []).append(one)
    for basis, several in by_basis.items():
        yield from wrapped(f"{' and '.join(basis.genes)} under {' and '.join(basis.causes)}: {basis.text}", "  ")
        own = " The source itself asks for this with such inhibitors." if basis.guideline else ""
        yield from wrapped(f"methods: {'; '.join(basis.methods)}.{own} Of this phenotype state:", "  ")
        for one in several:
            yield from _paragraph(one, f"{', '.join(one.drugs)}: {_by(one)}", references, "    - ")


def _findings(findings: Sequence[Consideration], references: References) -> Iterator[str]:
    """Yield research findings; those of one gene on the same drugs that do not hold make one paragraph."""
    if findings:
        yield from ("", wording.FINDINGS.upper())
    for several in folded(findings):
        first = several[0]
        strength = wording.STRENGTH_WORDS[first.evidence.strength]
        if len(several) == 1:
            yield f"  {first.trigger}"
            yield from _paragraph(first, ", ".join(first.drugs), references, "      ")
            continue
        yield from wrapped(f"{' and '.join(first.genes)}, {len(several)} findings, evidence {strength}, on {', '.join(first.drugs)}", "  ")
        texts = (f"{one.trigger}{_proviso(one)} ({one.id}): {one.text}" for one in several)
        yield from wrapped(" ".join(texts), "      ")
        for conflict in dict.fromkeys(one.evidence.conflict for one in several if one.evidence.conflict):
            yield from wrapped(f"conflict: {conflict}", "        ")


def _evidence(considerations: Sequence[Consideration], references: References) -> Iterator[str]:
    if considerations:
        yield from ("", "EVIDENCE, BY CONSIDERATION")
    for one in considerations:
        graded = f"{wording.VERDICT_WORDS[one.verdict]}; evidence {wording.STRENGTH_WORDS[one.evidence.strength]}"
        yield from wrapped(f"{one.id} ({one.rule_id}): {graded}. Result: {one.trigger}. {one.basis.text}", "  ")
        if one.authority:
            about = wording.AUTHORITY_WORDS[one.authority.kind]
            yield from wrapped(f"authority ({one.source.name}, {about}): {one.authority.grade}: {one.authority.key}", "       ")
        if one.evidence.population_note:
            yield from wrapped(one.evidence.population_note, "       ")
        if _unverified(one.evidence.verification):
            yield from wrapped(f"not verified: {one.evidence.verification.where}", "       ")
        if one.evidence.reviewed:
            yield from wrapped(f"reviewed by {one.evidence.reviewed.by} on {one.evidence.reviewed.day}", "       ")
        for item in one.evidence.items:
            yield from wrapped(_item(item, references), "       - ")


def _item(item: EvidenceItem, references: References) -> str:
    label = item.citation.label or item.citation.id
    people = f", N = {item.n:,}" if item.n else ""
    about = "".join(f"; {part}" for part in (item.population, f"sample {item.sample}" if item.sample else None) if part)
    note = f" {item.note}" if item.note else ""
    state = f" (not verified: {item.verification.where})" if _unverified(item.verification) else ""
    number = references.number(item.citation)
    return f"{label} [{number}]: {wording.STANCE_WORDS[item.stance]}; {plain(item.design)}{people}{about}.{note}{state}"


def _unverified(verification: Verification) -> bool:
    return verification.state is VerificationState.UNVERIFIED


def _by(one: Consideration) -> str:
    source = one.source
    grade = one.evidence.source_grade
    graded = f", {grade}" if grade and one.action.code != NO_RECOMMENDATION else ""
    return f"{source.name}{f' {source.year}' if source.year else ''}{graded}"
