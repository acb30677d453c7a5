"""The table that an expert can read and add to: one allele a line, with what it does and how it is written."""

from pathlib import Path

import pytest

from tests.calling.rare.transcripts import transcript
from tests.tables import rows_of
from trdpgx.calling.consequence import consequence
from trdpgx.knowledge.reference.transcript_sequence import bases
from trdpgx.model.consequence import Limit, Term
from trdpgx.model.genome import Assembly

TABLE = Path(__file__).parents[2] / "cases" / "consequence.tsv"


def bare(description: str | None, kind: str) -> str:
    """What stands behind the accession."""
    return "" if description is None else kind + description.partition(f":{kind}")[2]


@pytest.mark.parametrize(
    "row", rows_of(TABLE), ids=lambda row: f"{row['assembly']}-{row['gene']}-{row['pos']}-{row['ref']}-{row['alt']}"[:60]
)
def test_row(row: dict[str, str]) -> None:
    found = consequence(transcript(row["gene"], Assembly(row["assembly"])), int(row["pos"]), row["ref"], row["alt"])
    assert found is not None
    if row["consequence"] == Limit.REFERENCE_MISMATCH:
        assert found.limits == (Limit.REFERENCE_MISMATCH,)
        assert found.name is None
        return
    stated = found.name if found.is_ambiguous else "&".join(found.terms)
    assert (stated, bare(found.hgvs_c, "c."), bare(found.hgvs_p, "p.")) == (row["consequence"], row["hgvs_c"], row["hgvs_p"])
    assert (found.decay or "") == row["decay"]


def test_table_is_large_and_holds_every_class() -> None:
    found = rows_of(TABLE)
    assert len(found) >= 200
    named = {term for row in found if row["gene"] in {"ZNF248", "PYHIN1"} for term in row["consequence"].split("&")}
    rare = {Term.TRANSCRIPT_ABLATION, Term.PROTEIN_ALTERING}
    assert named >= set(Term) - rare


@pytest.mark.parametrize(
    ("gene", "assembly", "chromosome", "refseq"),
    [
        ("ZNF248", Assembly.GRCH38, "NC_000010.11", "NM_021045.3"),
        ("ZNF248", Assembly.GRCH37, "NC_000010.10", "NM_021045.3"),
        ("PYHIN1", Assembly.GRCH38, "NC_000001.11", "NM_152501.5"),
    ],
)
def test_a_description_names_the_chromosome_only_where_an_intron_is_touched(
    gene: str, assembly: Assembly, chromosome: str, refseq: str
) -> None:
    model = transcript(gene, assembly)
    first = model.coding_exons[0]
    last = first.start if model.strand == -1 else first.end
    ref = bases(model, last, last)
    exonic = consequence(model, last, ref, "A" if ref != "A" else "C")
    intronic = consequence(model, last + model.strand, "G" if model.strand == 1 else "C", "A")
    assert exonic is not None
    assert intronic is not None
    assert str(exonic.hgvs_c).startswith(f"{refseq}:c.")
    assert str(intronic.hgvs_c).startswith(f"{chromosome}({refseq}):c.")
    assert intronic.hgvs_p == f"{model.refseq_protein}:p.?"


@pytest.mark.parametrize(("ref", "alt"), [("T", "<DEL>"), ("T", "*"), ("T", "T[1:5["), ("T", "N"), ("T", "T"), ("T", ""), ("t", "A")])
def test_an_allele_that_names_no_sequence_gets_no_consequence(ref: str, alt: str) -> None:
    assert consequence(transcript("ZNF248"), 37856310, ref, alt) is None


def test_far_from_the_transcript_there_is_no_consequence() -> None:
    assert consequence(transcript("ZNF248"), 37862611, "A", "G") is None


def test_a_deletion_of_the_whole_transcript_ablates_it() -> None:
    model = transcript("STK19")
    span = model.span
    ref = bases(model, span.start - 1, span.end)
    found = consequence(model, span.start - 1, ref, ref[0])
    assert found is not None
    assert found.terms == (Term.TRANSCRIPT_ABLATION,)
