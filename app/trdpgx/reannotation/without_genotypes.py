"""Reports of schema 1.0, which have no genotypes: the inputs that can be read from them, and a warning about those that cannot.

Variants are read from their rows. The diplotype of a gene is taken over like a call of another tool, where the whole gene was seen and
nothing was open about it; every other gene is not called. Nothing is assumed of what the report does not have.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ConfigDict, ValidationError

from trdpgx.model.base import Model
from trdpgx.model.genome import Assembly, SampleSites, SiteCall, SiteState
from trdpgx.model.input import InputWarning
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.outside import OutsideCall
from trdpgx.model.problem import InputError
from trdpgx.model.variant_report import VariantReport
from trdpgx.reannotation.document import ReportFacts
from trdpgx.reannotation.genotypes import Recalled, input_facts, one_sample
from trdpgx.reannotation.problems import BAD_REPORT
from trdpgx.texts import phrase

GENOTYPES_NOT_KEPT = "genotypes_not_kept"
"""Code of the warning that names what could not be read again."""
_OUTSIDE = "outside:"
_MOST_READS = 2**31


class _Lenient(Model):
    model_config = ConfigDict(extra="ignore")


class _OldDiplotype(_Lenient):
    name: str


class _OldSites(_Lenient):
    total: int
    called: int
    covered_reference: int


class _OldGene(_Lenient):
    gene: str
    status: str
    source: str
    diplotypes: tuple[_OldDiplotype, ...] = ()
    sites: _OldSites
    phenotype_open: bool = False
    assumed: bool = False
    unseen_sites: tuple[object, ...] = ()
    unknown_alleles: tuple[object, ...] = ()
    undefined_variants: tuple[object, ...] = ()
    caveats: tuple[object, ...] = ()


def recall_calls(facts: ReportFacts, document: Mapping[str, Any], reference: ReferenceLibrary) -> Recalled:
    """Return the inputs that a report without genotypes has. Raises ``InputError`` where its genes do not fit the schema."""
    try:
        genes = [_OldGene.model_validate(gene) for gene in document.get("genes", ())]
    except (ValidationError, TypeError):
        raise InputError(BAD_REPORT, "The report's `genes` do not fit the schema.") from None
    assembly = Assembly(facts.input.assembly)
    outside = list(_taken_over(genes, facts, reference))
    calls = dict(_variant_calls(facts.variants))
    panel = reference.panels[assembly]
    looked_at = frozenset(one.id for one in facts.variants if one.state == "assumed_reference")
    sample = SampleSites(facts.input.sample, {}, looked_at=looked_at)
    warning = InputWarning(code=GENOTYPES_NOT_KEPT, text=_text(facts, document, genes, {call.gene for call in outside}))
    result = IntakeResult(
        input_facts(facts, [warning]), one_sample(sample, [(site, calls[site.id]) for site in panel.sites if site.id in calls], panel)
    )
    return Recalled(result, outside, None, None)


def _taken_over(genes: Sequence[_OldGene], facts: ReportFacts, reference: ReferenceLibrary) -> Iterator[OutsideCall]:
    """Yield the calls that are taken over: of another tool, or of a gene that was seen whole and of which nothing was open."""
    for gene in genes:
        if gene.status != "called" or len(gene.diplotypes) != 1:
            continue
        outside = gene.source.startswith(_OUTSIDE)
        tool = gene.source.removeprefix(_OUTSIDE) if outside else f"trdpgx {facts.software.version} ({facts.created_at:%Y-%m-%d})"
        if outside or _is_whole(gene, reference):
            try:
                yield OutsideCall(gene=gene.gene, diplotype=gene.diplotypes[0].name, tool=tool[:100])
            except ValidationError:
                raise InputError(BAD_REPORT, "A diplotype in the report's `genes` does not fit the schema.") from None


def _is_whole(gene: _OldGene, reference: ReferenceLibrary) -> bool:
    """Return whether the name of the diplotype is the whole call: not so, for one, where the number of copies matters."""
    definition = reference.genes.get(gene.gene)
    if definition is None or definition.copy_number_matters or gene.assumed or gene.phenotype_open:
        return False
    seen = gene.sites.called + gene.sites.covered_reference == gene.sites.total > 0
    return seen and not (gene.unseen_sites or gene.unknown_alleles or gene.undefined_variants or gene.caveats)


def _variant_calls(variants: Sequence[VariantReport]) -> Iterator[tuple[str, SiteCall]]:
    for one in variants:
        if one.state not in set(SiteState) or one.state is SiteState.ABSENT:
            continue
        alleles = tuple(one.genotype.replace("|", "/").split("/")) if one.genotype and one.state is SiteState.CALLED else ()
        if one.state is SiteState.CALLED and (len(alleles) != 2 or not all(alleles)):
            raise InputError(BAD_REPORT, "A called variant does not have two alleles.")
        depth = one.depth if one.depth is not None and 0 <= one.depth < _MOST_READS else None
        call = SiteCall(one.id, SiteState(one.state), alleles, phased="|" in (one.genotype or ""), reason=one.reason)
        yield one.id, call._replace(depth=depth, quality=one.quality, filter=one.filter)


def _text(facts: ReportFacts, document: Mapping[str, Any], genes: Sequence[_OldGene], kept: set[str]) -> str:
    own = [gene for gene in genes if gene.gene in kept and not gene.source.startswith(_OUTSIDE)]
    left = [gene.gene for gene in genes if gene.gene not in kept]
    parts = [phrase("without_genotypes.no_genotypes", schema=facts.schema_version)]
    if own:
        parts.append(phrase("without_genotypes.taken_over", genes=", ".join(gene.gene for gene in own)))
    if left:
        parts.append(phrase("without_genotypes.not_called", genes=", ".join(left)))
    if document.get("treatment_history"):
        parts.append(phrase("without_genotypes.no_context"))
    return " ".join((*parts, phrase("without_genotypes.variants")))
