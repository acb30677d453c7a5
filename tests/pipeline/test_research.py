"""Research mode through the whole pipeline: it names haplotypes, and nothing follows from them."""

import io
import json

import pytest

from tests.pipeline.genefile import Writer
from trdpgx import Options, Report, Service, annotate
from trdpgx.model.genome import Assembly
from trdpgx.report.formats.json import to_json
from trdpgx.report.text.report import to_text

PARTIAL = {"rs3758581": "G|G", "rs12248560": "C|T", "rs4244285": "A|A", "rs12769205": "G|A"}
"""*2 on one haplotype; on the other *17 with the splice variant of *2 and without its companion."""


def report(service: Service, assembly: Assembly, *, combinations: bool) -> Report:
    vcf = Writer(service, assembly, "CYP2C19").vcf({"sites": PARTIAL})
    (only,) = annotate(io.BytesIO(vcf), options=Options(combinations=combinations), service=service)
    return only


@pytest.mark.parametrize("assembly", list(Assembly))
def test_a_partial_allele_is_named_on_request_only(service: Service, assembly: Assembly) -> None:
    plain, research = (report(service, assembly, combinations=asked) for asked in (False, True))
    (gene,) = (gene for gene in plain.genes if gene.gene == "CYP2C19")
    assert (gene.status, gene.research_diplotypes) == ("no_call", ())
    (gene,) = (gene for gene in research.genes if gene.gene == "CYP2C19")
    assert (gene.status, gene.diplotypes, gene.phenotype, gene.phenotypes) == ("no_call", (), None, {})
    (found,) = gene.research_diplotypes
    assert found.model_dump(mode="json") == {
        "name": "*2/[*17 + g.94781859G>A]",
        "haplotypes": [
            {"name": "*2", "alleles": ["*2"], "variants": []},
            {"name": "[*17 + g.94781859G>A]", "alleles": ["*17"], "variants": ["g.94781859G>A"]},
        ],
        "phased": True,
        "score": 6,
        "research": True,
        "reason": "combination",
    }
    assert research.options.combinations
    assert "for research only: *2/[*17 + g.94781859G>A]" in to_text(research)
    assert "for research only" not in to_text(plain)


@pytest.mark.parametrize("assembly", list(Assembly))
def test_nothing_follows_from_it(service: Service, assembly: Assembly) -> None:
    plain, research = (report(service, assembly, combinations=asked) for asked in (False, True))
    assert research.considerations == plain.considerations
    assert research.drugs == plain.drugs
    assert not [one for one in research.considerations if "CYP2C19" in one.genes]
    reported = json.dumps([json.loads(to_json(research))[part] for part in ("considerations", "drugs")])
    assert "g.94781859" not in reported
