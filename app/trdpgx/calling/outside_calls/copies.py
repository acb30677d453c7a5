"""Gene copies by outside calls: as a tool states them, and as the names of its alleles have them."""

from collections.abc import Iterator, Sequence

from trdpgx.calling.caveats import RaisedCaveat, caveat
from trdpgx.calling.copy_number.copies import not_looked_for
from trdpgx.calling.star_alleles.diplotypes import Meaning, known_haplotype
from trdpgx.calling.star_alleles.names import member_alleles
from trdpgx.knowledge.reference.phenotype import members
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.gene_report import CopyNumber, DiplotypeReport
from trdpgx.model.outside import OutsideCall
from trdpgx.texts import either_number, phrase

_WITHOUT_COPIES = phrase("outside_copies.not_stated")


def copies_of(definition: GeneDefinition, diplotype: DiplotypeReport) -> int:
    """Return how many copies of the gene the names of a diplotype have."""
    return sum(known_haplotype(definition, name).copies for name in diplotype.alleles)


def is_open_ended(diplotype: DiplotypeReport) -> bool:
    """Return whether a haplotype has an unknown number of copies: ``*1xN``, ``*4x≥3``."""
    return "≥" in diplotype.name or "xN" in diplotype.name


def fits(definition: GeneDefinition, diplotype: DiplotypeReport, counted: int) -> bool:
    """Return whether a diplotype fits the copies that the file's own records count, which may or may not count hybrids."""
    total = copies_of(definition, diplotype)
    hybrids = sum(
        member.copies
        for name in diplotype.alleles
        for member in members(definition, name)
        if definition.hybrids.issuperset(member_alleles(member.name) or ("",))
    )
    return total - hybrids <= counted <= total or (is_open_ended(diplotype) and counted > total)


def other_copies(definition: GeneDefinition, call: OutsideCall, report: DiplotypeReport) -> Iterator[RaisedCaveat]:
    """Yield where a tool counts other copies of the gene than its own diplotype has."""
    if call.copy_number is None:
        return
    counted = copies_of(definition, report)
    if call.copy_number != counted and not (is_open_ended(report) and call.copy_number > counted):
        yield caveat("outside_copies_differ", tool=call.tool, stated=call.copy_number, diplotype=report.name, counted=counted)


def copy_number(definition: GeneDefinition | None, called: Meaning, calls: Sequence[OutsideCall], tools: str) -> CopyNumber:
    """Return the copy number that outside calls give, as stated or by the names of their alleles."""
    counts = {call.copy_number for call in calls if call.copy_number is not None}
    if definition is None and not counts:
        return CopyNumber(status="not_applicable", evidence=phrase("copies.not_applicable"))
    if definition is not None and not definition.copy_number_matters and not counts:
        return not_looked_for(definition)
    counted = set() if definition is None else {copies_of(definition, diplotype) for diplotype in called.diplotypes}
    open_ended = any(map(is_open_ended, called.diplotypes))
    if not counts and not counted:
        return CopyNumber(status="not_assessed", evidence=_WITHOUT_COPIES)
    evidence, value = phrase("outside_copies.from_names", tools=tools), _only(counted)
    if counts and counted and counts != counted and not open_ended:
        evidence, value = (
            phrase("outside_copies.stated_and_named", tools=tools, stated=either_number(counts), named=either_number(counted)),
            None,
        )
    elif counts:
        evidence, value = phrase("outside_copies.called", tools=tools), _only(counts)
    elif open_ended:
        evidence, value = phrase("outside_copies.at_least", evidence=evidence, least=min(counted)), None
    return CopyNumber(status="assessed", value=value, evidence=evidence)


def _only(numbers: set[int]) -> int | None:
    return next(iter(numbers)) if len(numbers) == 1 else None
