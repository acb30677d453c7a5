"""Code systems, and the codes of them that a Bundle uses.

LOINC answers are used only where the guide's value sets and examples, or the answer lists that FHIR STU3 had, show them. LOINC is
copyright of the Regenstrief Institute.
"""

import csv
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from trdpgx.knowledge.location import reference_directory
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.gene import Phenotype

Json = dict[str, Any]

LOINC = "http://loinc.org"
HGNC = "http://www.genenames.org"
HGVS = "http://varnomen.hgvs.org"
DBSNP = "http://www.ncbi.nlm.nih.gov/projects/SNP"
REFSEQ = "http://www.ncbi.nlm.nih.gov/refseq"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
DIAGNOSTIC_SERVICE = "http://terminology.hl7.org/CodeSystem/v2-0074"
GUIDE = "http://hl7.org/fhir/uv/genomics-reporting"
TBD = f"{GUIDE}/CodeSystem/tbd-codes-cs"
ANNOTATION_TYPES = f"{GUIDE}/CodeSystem/coded-annotation-types-cs"

PRESENT = ("LA9633-4", "Present")
ABSENT = ("LA9634-2", "Absent")
GERMLINE = ("LA6683-2", "Germline")
HETEROZYGOUS = ("LA6706-1", "Heterozygous")
HOMOZYGOUS = ("LA6705-3", "Homozygous")
HEMIZYGOUS = ("LA6707-9", "Hemizygous")
ONE_BASED = ("LA30102-0", "1-based character counting")
ASSEMBLIES: Mapping[str, tuple[str, str]] = MappingProxyType({"GRCh37": ("LA14029-5", "GRCh37"), "GRCh38": ("LA26806-2", "GRCh38")})

METABOLIZERS: Mapping[Phenotype, tuple[str, str]] = MappingProxyType(
    {
        Phenotype.UM: ("LA10315-2", "Ultrarapid metabolizer"),
        Phenotype.RM: ("LA25390-8", "Rapid metabolizer"),
        Phenotype.NM: ("LA25391-6", "Normal metabolizer"),
        Phenotype.IM: ("LA10317-8", "Intermediate metabolizer"),
        Phenotype.PM: ("LA9657-3", "Poor metabolizer"),
    }
)
"""Of the guide's value set. "Likely", "possible" and "indeterminate" have no code there and are never rounded to one that has."""

_CHROMOSOMES = (*map(str, range(1, 23)), "X", "Y")
_ANSWERS = (
    *("LA21254-0", "LA21255-7", "LA21256-5", "LA21257-3", "LA21258-1", "LA21259-9", "LA21260-7", "LA21261-5"),
    *("LA21262-3", "LA21263-1", "LA21264-9", "LA21265-6", "LA21266-4", "LA21267-2", "LA21268-0", "LA21269-8"),
    *("LA21270-6", "LA21271-4", "LA21272-2", "LA21273-0", "LA21274-8", "LA21275-5", "LA21276-3", "LA21277-1"),
)
"""Of the answer list LL2938-0, in the order of the chromosomes."""
_VERSIONS = dict(
    zip(_CHROMOSOMES, (11, 12, 12, 12, 10, 12, 14, 11, 12, 11, 10, 12, 11, 9, 10, 10, 11, 10, 10, 11, 9, 11, 11, 10), strict=True)
)
"""Version of the RefSeq sequence of each chromosome of GRCh38 (NCBI GCF_000001405.26); on GRCh37 (GCF_000001405.13) it is one less."""


def _hgnc_ids() -> Mapping[str, str]:
    with (reference_directory() / "genes.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["gene"]: row["hgnc"] for row in csv.DictReader(file)})


_GENES = _hgnc_ids()
"""Read at import: a worker that makes reports opens no file."""


def concept(system: str, code: str, display: str | None = None, *, text: str | None = None) -> Json:
    """Return a CodeableConcept with one code."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": text}


def loinc(answer: tuple[str, str], *, text: str | None = None) -> Json:
    """Return a LOINC answer as a CodeableConcept."""
    return concept(LOINC, *answer, text=text)


def gene_concept(gene: str, text: str | None = None) -> Json:
    """Return a gene by its HGNC id; in words where it is none of the bundled reference."""
    return concept(HGNC, _GENES[gene], gene, text=text) if gene in _GENES else {"text": text or gene}


def drug_concept(name: str, drug: DrugReport | None) -> Json:
    """Return a drug by RxNorm and ATC, as far as the report has codes, and by its name."""
    rxnorm = [{"system": RXNORM, "code": drug.rxnorm}] if drug and drug.rxnorm else []
    return {"coding": [*rxnorm, *({"system": ATC, "code": code} for code in (drug.atc if drug else ()))], "text": name}


def chromosome_concept(chromosome: str) -> Json:
    """Return a chromosome (``11`` or ``chr11``) by its LOINC answer."""
    name = chromosome.removeprefix("chr")
    return loinc((_ANSWERS[_CHROMOSOMES.index(name)], f"Chromosome {name}"))


def chromosome_sequence(chromosome: str, assembly: str) -> str | None:
    """Return the RefSeq accession of a chromosome (``11`` or ``chr11``), such as ``NC_000011.10``; ``None`` for other sequences."""
    name = chromosome.removeprefix("chr")
    version = _VERSIONS.get(name)
    if version is None:
        return None
    return f"NC_{_CHROMOSOMES.index(name) + 1:06}.{version - (assembly == 'GRCh37')}"


def component(code: str, value: Json | str, *, system: str = LOINC, kind: Literal["CodeableConcept", "Range"] = "CodeableConcept") -> Json:
    """Return a component of an Observation; a text becomes a string, everything else a CodeableConcept."""
    name = "valueString" if isinstance(value, str) else f"value{kind}"
    return {"code": {"coding": [{"system": system, "code": code}]}, name: value}


def conclusion(*texts: str | None) -> Json:
    """Return the component for a conclusion in words."""
    return component("conclusion-string", " ".join(text for text in texts if text), system=TBD)


def profile(name: str) -> str:
    """Return the canonical address of a profile or extension of the guide, without a version: later ones may then be claimed too."""
    return f"{GUIDE}/StructureDefinition/{name}"
