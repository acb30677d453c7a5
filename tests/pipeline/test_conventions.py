"""The conventions of docs/calling.md from bytes to report: tests/cases/accept/conventions.yaml, each case on both assemblies.

A case names one gene. Its file has a row for every site of the gene, homozygous for the base of GRCh38, apart from what the case states.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.pipeline.genefile import Writer
from tests.pipeline.reports import gene_of
from trdpgx import Options, Service, annotate
from trdpgx.model.genome import Assembly

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "cases" / "accept" / "conventions.yaml").read_text("utf-8"))


RUNS = [
    pytest.param(case, assembly, id=f"{case['gene']} {case['name']} {assembly}")
    for case in CASES
    for assembly in Assembly
    if case.get("assembly", assembly) == assembly
]


@pytest.mark.parametrize(("case", "assembly"), RUNS)
def test_convention(service: Service, case: Mapping[str, Any], assembly: Assembly) -> None:
    vcf = Writer(service, assembly, case["gene"]).vcf(case)
    (report,) = annotate(io.BytesIO(vcf), options=Options(all_candidates=True, **case.get("options", {})), service=service)
    assert report.input.assembly == assembly
    gene = gene_of(report, case["gene"])
    if "no_call" in case:
        assert gene.status == "no_call"
        assert not gene.diplotypes
        assert gene.phenotype is None
        assert case["no_call"] in str(gene.no_call_reason)
        assert "options" in case or not [one for one in report.considerations if case["gene"] in one.genes]
    else:
        assert "; ".join(diplotype.name for diplotype in gene.diplotypes) == case["calls"], gene.no_call_reason
        assert gene.status == ("called" if len(gene.diplotypes) == 1 else "ambiguous")
    if "phenotype" in case:
        assert (gene.phenotype.code if gene.phenotype else None) == case["phenotype"]
    if "missing" in case:
        assert " ".join(gene.missing_alleles) == case["missing"]
    if "lacks" in case:
        assert set(case["lacks"].split()) <= set(gene.missing_alleles)
    if "unseen" in case:
        unseen = {site.rsid or site.site: str(site.reason or site.state) for site in gene.unseen_sites}
        assert unseen == case["unseen"]
    if "also" in case:
        assert set(case["also"].split("; ")) <= set(gene.candidates or ()) - {diplotype.name for diplotype in gene.diplotypes}
    if "not" in case:
        assert not set(case["not"].split("; ")) & set(gene.candidates or ())
    if "unknown" in case:
        assert case["unknown"] in " ".join(note.text for note in gene.unknown_alleles)
