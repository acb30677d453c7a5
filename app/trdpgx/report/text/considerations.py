"""The considerations of a full text, by drug, and the evidence behind each, with numbers of the reference list."""

from collections.abc import Iterator, Sequence

from trdpgx.model.consideration import Consideration, ConversionBasis
from trdpgx.model.evidence import EvidenceItem, Strength, Verification, VerificationState
from trdpgx.model.report import Report
from trdpgx.report import wording
from trdpgx.report.grouping import consideration_groups, folded
from trdpgx.report.presumed import PresumedCopies
from trdpgx.report.references import References
from trdpgx.report.text.wrapped import wrapped
from trdpgx.texts import both, phrase

NO_RECOMMENDATION = "no_recommendation"
"""Code of the action where a source looked and states that nothing follows."""


def consideration_lines(report: Report, references: References) -> Iterator[str]:
    """Yield every consideration with its evidence."""
    (_, guidance), (_, converted), (_, findings) = consideration_groups(report.considerations)
    verdicts = [one for one in guidance if one.action.code == NO_RECOMMENDATION]
    advice = [one for one in guidance if one.action.code != NO_RECOMMENDATION]
    yield from ("", phrase("text_headings.guidance"))
    if any(one.evidence.strength is Strength.WEIGHED_BY_SOURCE for one in advice):
        yield from wrapped(phrase("headings.by_authority"), "  ")
    yield from _by_drug(report, advice, references)
    yield from _converted(converted, references)
    if verdicts:
        yield from ("", phrase("text_headings.no_recommendation"))
    for one in verdicts:
        yield from _paragraph(
            one,
            phrase("text_considerations.of_genes_for_drugs", source=_by(one), genes=both(one.genes), drugs=", ".join(one.drugs)),
            references,
            "  - ",
        )
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
                others = phrase("text_considerations.see_above", id=one.id, drug=drug.name)
                yield from wrapped(f"{_by(one)}, {both(one.genes)}; {others}", "      ")
            else:
                yield from _paragraph(one, f"{_by(one)}, {both(one.genes)}", references, "      ")
            written.add(one.id)
        for differ in filter(None, (drug.disagreement, drug.disagreement_under_current_drugs)):
            yield from wrapped(differ, "      ! ")
    if not report.drugs:
        yield f"  {phrase('text_considerations.none')}"


def _paragraph(one: Consideration, about: str, references: References, lead: str) -> Iterator[str]:
    limits = phrase("text_considerations.for_population", population=one.population) if one.population not in {None, "general"} else ""
    cited = f" [{references.number(one.source.citation)}]" if one.source.citation else ""
    weighed = one.evidence.strength is Strength.WEIGHED_BY_SOURCE
    evidence = "" if weighed else phrase("text_considerations.evidence", strength=wording.STRENGTH_WORDS[one.evidence.strength])
    yield from wrapped(f"{about}{evidence}{_proviso(one)}: {one.text}{limits} ({one.id}){cited}", lead)
    if one.evidence.conflict:
        yield from wrapped(phrase("text_considerations.conflict", conflict=one.evidence.conflict), f"{' ' * len(lead)}  ")


def _proviso(one: Consideration) -> str:
    only = phrase("text_considerations.only_if_unseen_allele") if one.basis.only_if_hidden else phrase("text_considerations.only_for")
    return f" [{only} {'; '.join(one.basis.facts)}]" if one.basis.holds_for == "some" else ""


def _converted(considerations: Sequence[Consideration], references: References) -> Iterator[str]:
    """Yield what sources state of a phenotype under current drugs, gathered by what makes it."""
    if considerations:
        yield from ("", phrase("headings.converted").upper())
    by_basis: dict[ConversionBasis, list[Consideration]] = {}
    for one in considerations:
        if one.conversion is not None:
            by_basis.setdefault(one.conversion, []).append(one)
    for basis, several in by_basis.items():
        yield from wrapped(
            phrase("text_considerations.genes_under_causes", genes=both(basis.genes), causes=both(basis.causes), text=basis.text), "  "
        )
        own = phrase("text_considerations.asked_for_by_source") if basis.guideline else ""
        yield from wrapped(phrase("text_considerations.methods", methods="; ".join(basis.methods), asked_for=own), "  ")
        for one in several:
            yield from _paragraph(one, f"{', '.join(one.drugs)}: {_by(one)}", references, "    - ")


def _findings(findings: Sequence[Consideration], references: References) -> Iterator[str]:
    """Yield research findings; those of one gene on the same drugs that do not hold make one paragraph."""
    if findings:
        yield from ("", phrase("headings.findings").upper())
    for several in folded(findings):
        first = several[0]
        strength = wording.STRENGTH_WORDS[first.evidence.strength]
        if len(several) == 1:
            yield f"  {first.trigger}"
            yield from _paragraph(first, ", ".join(first.drugs), references, "      ")
            continue
        yield from wrapped(
            phrase(
                "text_considerations.folded",
                genes=both(first.genes),
                count=len(several),
                strength=strength,
                drugs=", ".join(first.drugs),
            ),
            "  ",
        )
        texts = (f"{one.trigger}{_proviso(one)} ({one.id}): {one.text}" for one in several)
        yield from wrapped(" ".join(texts), "      ")
        for conflict in dict.fromkeys(one.evidence.conflict for one in several if one.evidence.conflict):
            yield from wrapped(phrase("text_considerations.conflict", conflict=conflict), "        ")


def _evidence(considerations: Sequence[Consideration], references: References) -> Iterator[str]:
    if considerations:
        yield from ("", phrase("text_headings.evidence"))
    presumed = PresumedCopies(considerations)
    for note in presumed.notes:
        yield from wrapped(note, "  ")
    for one in considerations:
        graded = phrase(
            "text_considerations.graded",
            verdict=wording.VERDICT_WORDS[one.verdict],
            strength=wording.STRENGTH_WORDS[one.evidence.strength],
        )
        yield from wrapped(
            phrase(
                "text_considerations.result",
                id=one.id,
                rule_id=one.rule_id,
                graded=graded,
                trigger=one.trigger,
                text=presumed.marked(one.basis),
            ),
            "  ",
        )
        if one.authority:
            about = wording.AUTHORITY_WORDS[one.authority.kind]
            authority = phrase(
                "text_considerations.authority", source=one.source.name, about=about, grade=one.authority.grade, key=one.authority.key
            )
            carried_over = one.conversion is not None and not one.conversion.guideline
            by_genotype = phrase("headings.graded_by_genotype") if carried_over else ""
            yield from wrapped(f"{authority} {by_genotype}".strip(), "       ")
        if one.evidence.population_note:
            yield from wrapped(one.evidence.population_note, "       ")
        if _unverified(one.evidence.verification):
            yield from wrapped(phrase("text_considerations.not_verified", where=one.evidence.verification.where), "       ")
        if one.evidence.reviewed:
            yield from wrapped(
                phrase("text_considerations.reviewed", by=one.evidence.reviewed.by, day=one.evidence.reviewed.day), "       "
            )
        for item in one.evidence.items:
            yield from wrapped(_item(item, references), "       - ")


def _item(item: EvidenceItem, references: References) -> str:
    label = item.citation.label or item.citation.id
    state = phrase("text_considerations.item_not_verified", where=item.verification.where) if _unverified(item.verification) else ""
    number = references.number(item.citation)
    return f"{label} [{number}]: {wording.study_words(item)}{state}"


def _unverified(verification: Verification) -> bool:
    return verification.state is VerificationState.UNVERIFIED


def _by(one: Consideration) -> str:
    source = one.source
    grade = one.evidence.source_grade
    graded = f", {grade}" if grade and one.action.code != NO_RECOMMENDATION else ""
    return f"{source.name}{f' {source.year}' if source.year else ''}{graded}"
