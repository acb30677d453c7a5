"""Contexts for clinical tests, resolved with the bundled rules."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trdpgx.clinical.resolve import resolve
from trdpgx.clinical.staging import History, staging
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.knowledge.rules.schema.adequate_trials import AdequateTrialFile
from trdpgx.knowledge.rules.schema.staging import StagingFile
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.clinical_report import Staging
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import CopyNumber, GeneReport, PhenotypeReport, SiteCounts
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient

CASES = Path(__file__).parents[1] / "cases/clinical"
DAY = date(2026, 11, 26)
_SITES = {"total": 1, "called": 1, "covered_reference": 0, "no_call": 0, "absent": 0, "assumed_reference": 0}


@cache
def rulebook() -> RuleLibrary:
    return load_rulebook(None, load_reference())


def person(**stated: Any) -> Patient:
    return resolve(ClinicalContext.model_validate(stated), rulebook().patient_names, DAY)


def stages(patient: Patient) -> Staging:
    methods = rulebook().clinical.of(StagingFile)
    return staging(History(patient, rulebook().clinical.of(AdequateTrialFile), methods.classes), methods)


def gene(name: str, phenotype: Phenotype) -> GeneReport:
    return GeneReport(
        gene=name,
        status="called",
        diplotypes=(),
        phenotype=PhenotypeReport(term=phenotype.term, code=phenotype, basis="test"),
        phenotype_range=(phenotype,),
        copy_number=CopyNumber(status="not_applicable", evidence="test"),
        source="vcf",
        sites=SiteCounts(**_SITES),
    )


def cases(name: str) -> list[Mapping[str, Any]]:
    read: list[Mapping[str, Any]] = yaml.safe_load((CASES / name).read_text("utf-8"))
    return read
