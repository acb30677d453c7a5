"""Considerations as therapeutic implications: one for each consideration and drug, research and both sides of a conflict included."""

import re
from collections.abc import Iterator, Mapping, Sequence

from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.gene import Scheme
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.report import Report
from trdpgx.report.fhir.citations import cited
from trdpgx.report.fhir.coding import TBD, Json, component, conclusion, drug_concept
from trdpgx.report.fhir.genotypes import called_genes, phenotype_value
from trdpgx.report.fhir.ids import ResourceIds
from trdpgx.report.fhir.resources import GeneFinding, NamedResource, observation
from trdpgx.texts import phrase


def implication_name(one: Consideration, drug: str | None) -> str:
    """Return the name of the implication of a consideration for a drug among the resources."""
    return f"implication {one.id} {drug or ''}"


def implications(report: Report, ids: ResourceIds, findings: Sequence[GeneFinding]) -> Iterator[NamedResource]:
    """Yield the implications; ``findings`` are the genotypes and variants that they can be derived from."""
    drugs = {drug.name: drug for drug in report.drugs}
    genes = {gene.gene: gene for gene in called_genes(report)}
    for one in report.considerations:
        derived = _derived_from(one, ids, findings)
        shared = [*_meanings(one, genes), *_evidence(one), *_context(one)]
        artifacts = cited(one)
        for drug in one.drugs or (None,):
            assessed = [component("51963-7", drug_concept(drug, drugs.get(drug)))] if drug else []
            yield observation(
                report,
                ids,
                implication_name(one, drug),
                "therapeutic-implication",
                "therapeutic-implication",
                extension=artifacts,
                identifier=[
                    _identifier(phrase("fhir_implications.consideration_report"), one.id),
                    _identifier(phrase("fhir_implications.rule_trdpgx"), one.rule_id),
                ],
                derivedFrom=derived,
                method={
                    "text": phrase("fhir_implications.rule_release", rule_id=one.rule_id, rules_release=report.knowledge.rules_release)
                },
                components=[*assessed, *shared, _conclusion(one, drugs.get(drug or ""))],
            )


def _identifier(kind: str, value: str) -> Json:
    return {"type": {"text": kind}, "value": value}


def _derived_from(one: Consideration, ids: ResourceIds, findings: Sequence[GeneFinding]) -> list[Json]:
    """Return what it rests on: the variants that it names and the genotypes of its genes; in words where nothing was seen."""
    mine = [finding for finding in findings if finding.gene in one.genes]
    words = set(re.findall(r"[\w-]+", " ".join((one.trigger, *one.basis.facts))))
    exact = [finding for finding in mine if finding.variant is None or finding.variant in words]
    return [ids.reference(finding.named.name) for finding in exact or mine] or [{"display": one.trigger}]


def _meanings(one: Consideration, genes: Mapping[str, GeneReport]) -> Iterator[Json]:
    """Yield the phenotypes that the consideration rests on, with a code where they were stated, and what the source makes of them."""
    scheme = Scheme.DPWG if one.source.name == Scheme.DPWG else Scheme.CPIC
    certain = one.basis.holds_for == "all" and not one.basis.only_if_hidden and one.conversion is None
    for gene in one.genes if certain and one.domain == "pharmacokinetic" else ():
        value = phenotype_value(genes[gene], scheme) if gene in genes else None
        if value is not None:
            yield component("therapeutic-implication", value, system=TBD)
    yield component("therapeutic-implication", {"text": one.implication.text}, system=TBD)


def _evidence(one: Consideration) -> Iterator[Json]:
    if one.evidence.source_grade:
        yield component("93044-6", {"text": f"{one.source.name} {one.evidence.source_grade}"})
    yield component("93044-6", {"text": f"{one.evidence.policy}: {one.evidence.strength}"})


def _context(one: Consideration) -> Iterator[Json]:
    for cause in one.conversion.causes if one.conversion else ():
        yield component("81259-4", {"text": phrase("fhir_implications.current_use", cause=cause)})


def _conclusion(one: Consideration, drug: DrugReport | None) -> Json:
    return conclusion(
        f"{one.trigger}.",
        one.text,
        one.basis.text,
        one.conversion.text if one.conversion else None,
        phrase("fhir_implications.evidence_on_both_sides", conflict=one.evidence.conflict) if one.evidence.conflict else None,
        phrase("fhir_implications.sources_differ", disagreement=drug.disagreement) if drug and drug.disagreement else None,
        phrase("fhir_implications.population", population=one.population) if one.population and one.population != "general" else None,
        one.evidence.population_note,
    )
