"""What a result that contradicts the reported one would mean, in words, and where a report states it."""

from collections.abc import Iterable, Iterator, Sequence

from trdpgx.model.gene_report import GeneReport
from trdpgx.model.note import Note
from trdpgx.reasoning.other_results import ByOtherResult, DrugDifference, Extent
from trdpgx.reasoning.statements import drugs_by_sources
from trdpgx.reasoning.summary.considered import some_listed
from trdpgx.texts import listed, phrase

IF_OTHER_RESULT = "if_other_result"
"""The code of the notes of a gene on results that contradict the reported one; what stands out has these too."""


def is_contradicting(one: ByOtherResult) -> bool:
    """Return whether a result that is not reported contradicts the reported one for certain: it was interpreted."""
    return one.differences is not None and one.other.instead_of is None


def sentence(one: ByOtherResult, *, every: bool) -> str:
    """Return what another result would mean; of long lists of drugs the first names, unless ``every`` one is asked for."""
    if one.differences is None:
        return phrase(f"other_result_not_worked_out.{one.other.origin}", named=_named(one), gene=one.gene)
    lead = _lead(one)
    parts = [*_parts(one, every=every)]
    if not parts:
        return phrase("other_result.same", lead=lead)
    eased = any(difference.other > difference.reported for difference in one.differences)
    return phrase("other_result.would", lead=lead, parts="; ".join(parts), clears=phrase("other_result.clears_none") if eased else "")


def of_drugs(found: Iterable[ByOtherResult]) -> Iterator[tuple[str, str]]:
    """Yield each drug with which sources would go further for a result that is not reported, and who would in which way."""
    for one in found:
        for difference in one.differences or ():
            if difference.other < difference.reported:
                stated = phrase(f"drug_by_other_result.{difference.other.name.lower()}", sources=listed(difference.sources))
                yield difference.drug, phrase("other_result.of_drug", lead=_lead(one), stated=stated)


def _named(one: ByOtherResult) -> str:
    other = one.other
    return phrase(f"other_result_by.{other.origin}", result=other.words, tool=other.tool, gene=one.gene, instead=other.instead_of or "")


def _lead(one: ByOtherResult) -> str:
    key = "lead_open" if one.is_open else "one_of_several" if one.several else "lead"
    return phrase(f"other_result.{key}", named=_named(one))


def _parts(one: ByOtherResult, *, every: bool) -> Iterator[str]:
    by_change: dict[tuple[str, bool, int], list[DrugDifference]] = {}
    for difference in one.differences or ():
        by_change.setdefault(_change(difference.reported, difference.other), []).append(difference)
    for (key, _, _), ones in sorted(by_change.items(), key=lambda item: item[0][1:]):
        drugs = [difference.drug for difference in ones]
        if ones[0].other < min(ones[0].reported, Extent.CHANGE):
            named = drugs_by_sources((difference.drug, source) for difference in ones for source in difference.sources)
        else:
            named = listed(drugs) if every else some_listed(drugs)
        yield phrase(f"other_result.{key}", count=len(drugs), drugs=named)


def _change(reported: Extent, other: Extent) -> tuple[str, bool, int]:
    """Return the key of the text on how far sources would go instead, and where it stands: against drugs first, and what is graver."""
    is_change = min(reported, other) is Extent.CHANGE
    if other is reported:
        return "would_change_otherwise", is_change, other
    if other < reported:
        return f"would_{other.name.lower()}", is_change, other
    left = "" if other is Extent.NOTHING else f"_but_{other.name.lower()}"
    return f"no_longer_{reported.name.lower()}{left}", is_change, len(Extent) + reported


def with_other_results(genes: Sequence[GeneReport], found: Sequence[ByOtherResult]) -> Sequence[GeneReport]:
    """Return the genes with a note on each of their other results, which names every drug."""
    if not found:
        return genes
    notes: dict[str, list[Note]] = {}
    for one in found:
        notes.setdefault(one.gene, []).append(Note(code=_code(one), text=sentence(one, every=True)))
    return [gene.copy_with(caveats=(*gene.caveats, *notes[gene.gene])) if gene.gene in notes else gene for gene in genes]


def _code(one: ByOtherResult) -> str:
    if one.differences is None:
        return "other_result_not_worked_out"
    return IF_OTHER_RESULT if is_contradicting(one) else "if_listed_result"
