"""Alleles that a test has to see: what the bundled list holds."""

import csv

from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.reference.library import load_reference


def test_the_genes_with_tier_1_alleles_have_them() -> None:
    listed = {gene: set(alleles) for gene, alleles in load_reference().must_see.items()}
    assert listed["CYP2C19"] == {"*2", "*3", "*17"}
    assert listed["CYP2D6"] == {"*2", "*3", "*4", "*6", "*9", "*10", "*17", "*29", "*41"}
    assert listed["CYP2C9"] == {"*2", "*3", "*5", "*6", "*8", "*11"}
    assert (listed["CYP3A4"], listed["CYP3A5"]) == ({"*22"}, {"*3", "*6", "*7"})
    assert {"*6", "*9", "*18"} <= listed["CYP2B6"]
    assert "*28" in listed["UGT1A1"]


def test_a_list_that_was_not_read_is_marked_for_reports() -> None:
    must_see = load_reference().must_see
    assert set(must_see["CYP2D6"].values()) | set(must_see["CYP2C9"].values()) == {"AMP tier 1"}
    for gene in must_see.keys() - {"CYP2D6", "CYP2C9"}:
        assert all(name.endswith(", unverified") for name in must_see[gene].values()), gene


def test_no_allele_that_is_copy_number_is_listed() -> None:
    reference = load_reference()
    for gene, alleles in reference.must_see.items():
        callable_alleles = {allele.name for allele in reference.genes[gene].alleles if allele.callable}
        assert set(alleles) <= callable_alleles


def test_each_listed_allele_names_a_table_that_was_read_or_is_unverified() -> None:
    with (reference_directory() / "must_see.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            unverified = row["note"].startswith("unverified: ")
            assert unverified == (row["pmid"] == "unverified") == ("Table " not in row["note"]), row


def test_no_fact_of_the_reference_rests_on_a_memory() -> None:
    assert [path.name for path in reference_directory().rglob("*.csv") if "from memory" in path.read_text("utf-8")] == []
