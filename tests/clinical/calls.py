"""People and calls made by hand for the tests of the clinical modules."""

from datetime import date
from functools import lru_cache

from trdpgx.knowledge.load import load_knowledge
from trdpgx.knowledge.reference.phenotype import activity_score, diplotype_haplotypes, phenotype_of
from trdpgx.model.gene import Scheme
from trdpgx.model.gene_report import CopyNumber, DiplotypeReport, GeneReport, PhenotypeReport, SiteCounts
from trdpgx.model.library import Knowledge
from trdpgx.model.patient import Patient, PatientDrug, PatientSmoking

TODAY = date(2026, 11, 26)


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    return load_knowledge()


def called(gene: str, *diplotypes: str) -> GeneReport:
    """Return a gene with these diplotypes; one that was not called without any."""
    definition = knowledge().reference.genes[gene]
    reports = []
    for name in diplotypes:
        alleles = diplotype_haplotypes(definition, name)
        score = activity_score(definition, alleles)
        phenotypes = phenotype_of(definition, name)
        reports.append(
            DiplotypeReport(
                name=name,
                alleles=tuple(name.split("/")),
                functions=tuple(allele.function for allele in alleles),
                activity_score=score.value if score else None,
                activity_score_is_lower_bound=score is not None and score.is_lower_bound,
                phenotype=phenotypes.get(Scheme.CPIC),
                phenotypes=phenotypes,
                phased=False,
            )
        )
    codes = {report.phenotype for report in reports} - {None}
    code = codes.pop() if len(codes) == 1 else None
    return GeneReport(
        gene=gene,
        status="no_call" if not reports else "called" if len(reports) == 1 else "ambiguous",
        diplotypes=tuple(reports),
        phenotype=PhenotypeReport(term=code.term, code=code, basis="made by hand") if code else None,
        copy_number=CopyNumber(status="not_applicable", evidence="made by hand"),
        source="vcf",
        sites=SiteCounts(total=1, called=1, covered_reference=0, no_call=0, absent=0, assumed_reference=0),
    )


def taking(*drugs: str | PatientDrug, smoking: PatientSmoking | None = None) -> Patient:
    """Return a person who takes these drugs, with the components of combinations as resolving a context adds them."""
    components = knowledge().rulebook.patient_names.components
    current = []
    for position, one in enumerate(drugs):
        drug = PatientDrug(one, position=position) if isinstance(one, str) else one
        current.append(drug)
        current += [PatientDrug(part, position=position, component_of=drug.drug) for part in components.get(drug.drug, ())]
    return Patient(as_of=TODAY, current=tuple(current), smoking=smoking)
