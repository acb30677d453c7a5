"""Undefined bases at defining sites through the whole pipeline: spellings of one change, neighbours in the codon, and what follows."""

import io
import json
from collections.abc import Mapping, Sequence

import pytest

from tests.pipeline.genefile import Writer
from trdpgx import Report, Service, annotate
from trdpgx.model.genome import Assembly
from trdpgx.report.formats.json import to_json
from trdpgx.report.text.report import to_text

FOUR = {"rs1135840": "G/G", "rs3892097": "T/T", "rs1058164": "G/G", "rs28371704": "C/C", "rs28371703": "T/T", "rs1065852": "A/A"}
"""*4 on both haplotypes."""


def report(service: Service, assembly: Assembly, rows: Sequence[str], sites: Mapping[str, str] | None = None) -> Report:
    vcf = Writer(service, assembly, "CYP2D6").vcf({"rows": rows, "sites": sites or {}})
    (only,) = annotate(io.BytesIO(vcf), service=service)
    return only


def named(found: Report) -> str:
    (gene,) = (gene for gene in found.genes if gene.gene == "CYP2D6")
    return ";".join(diplotype.name for diplotype in gene.diplotypes)


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize(
    ("rows", "sites", "called"),
    [
        # PharmVar's *4.008, in two spellings, and on nothing that is *4.
        (["rs28371733 C G PASS . GT 1/1"], FOUR, "*4/*4"),
        (["rs28371733 C T,G PASS . GT 2|2"], FOUR, "*4/*4"),
        (["rs28371733 C G PASS . GT 0/1"], {}, ""),
        # Leu91 read as TTG: alone, with the base before, and beside the defined *74 on the other haplotype.
        (["rs28371703 G A PASS . GT 1/1"], {}, "*1/*1"),
        (["rs28371703-1 AG AA PASS . GT 0/1"], {}, "*1/*1"),
        (["rs28371703 G T,A PASS . GT 1/2"], {}, "*1/*74"),
        (["rs28371703 G T,A PASS . GT 1|2"], {}, "*1/*74"),
        # Another change in its codon, in a row of its own and in one row.
        (["rs28371703 G A PASS . GT 0/1", "rs28371703-1 A C PASS . GT 0/1"], {}, ""),
        (["rs28371703-1 AG CA PASS . GT 0/1"], {}, ""),
        # A base inserted into its codon.
        (["rs28371703 G A PASS . GT 0/1", "rs28371703-1 A AT PASS . GT 0/1"], {}, ""),
        # Another change in the next codon.
        (["rs28371703 G A PASS . GT 0/1", "rs28371703+1 G A PASS . GT 0/1"], {}, "*1/*1"),
        # A missense base that nobody has named.
        (["rs28371703 G C PASS . GT 0/1"], {}, ""),
        # At a silent site (*59, rs79292917), an intronic one (*41) and a splice site (*4) nothing is passed over.
        (["rs79292917 C A PASS . GT 0/1"], {}, ""),
        (["rs28371725 C A PASS . GT 0/1"], {}, ""),
        (["rs3892097 C A PASS . GT 0/1"], {}, ""),
    ],
)
def test_what_is_called_without_a_base(service: Service, assembly: Assembly, rows: list[str], sites: dict[str, str], called: str) -> None:
    found = report(service, assembly, rows, sites)
    assert named(found) == called
    (gene,) = (gene for gene in found.genes if gene.gene == "CYP2D6")
    codes = {note.code for note in gene.caveats}
    if called:
        assert codes & {"undefined_base_synonymous", "undefined_base_of_suballele"}
        assert "is in no definition of the gene" in " ".join(to_text(found).split())
    else:
        assert (gene.status, gene.phenotype) == ("no_call", None)
        assert gene.research_diplotypes
        assert not [one for one in found.considerations if one.genes == ("CYP2D6",)]
        reported = json.dumps([json.loads(to_json(found))[part] for part in ("considerations", "drugs")])
        assert gene.research_diplotypes[0].name not in reported
