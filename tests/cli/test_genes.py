"""`trdpgx genes` and `trdpgx coverage`: what can be called, in general and from one file."""

import json
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from trdpgx.cli.main import main
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.genome import Assembly
from validation.genomes import Representation, person, write

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_genes_are_listed() -> None:
    listed = run("genes", "list").stdout.splitlines()
    assert listed[0].startswith("CYP2C19    38 alleles, 35 sites; ")
    assert any(line.startswith("BDNF       2 variants; ") for line in listed)


@pytest.mark.parametrize("name", ["CYP2C19", "cyp2c19"])
def test_a_gene_is_shown_with_its_alleles_and_sites(name: str) -> None:
    text = run("genes", "show", name).stdout
    assert "reference allele is *38" in text
    assert "*1 on GRCh37, *38 on GRCh38" in text
    assert "*17        Increased function            rs12248560 T, rs3758581 G" in text
    assert "rs12248560             chr10:94761900 C>T                 chr10:96521657 C>T" in text
    assert "never from small variants: *36, *37" in text


def test_a_gene_without_functions_states_so() -> None:
    text = run("genes", "show", "UGT2B7").stdout
    assert "phenotypes: none, as CPIC assigns no function to these alleles" in text
    assert "*1         Unknown function              rs7439366 C" in text


def test_a_gene_of_variants_is_shown_with_them() -> None:
    text = run("genes", "show", "BDNF").stdout
    assert "rs6265         effect allele T  NM_001709.5:c.196G>A p.Val66Met" in text


def test_as_json_it_is_what_the_service_answers() -> None:
    answer = json.loads(run("genes", "show", "CYP2D6", "--format", "json").stdout)
    assert answer["assembly_alleles"] == {"GRCh37": ["*2"], "GRCh38": ["*1"]}
    alleles = {allele["name"]: allele for allele in answer["alleles"]}
    assert alleles["*3"]["defined_by"] == ["CYP2D6:42128241", "CYP2D6:42129042"]
    assert alleles["*5"]["callable"] is False


def test_a_gene_that_nobody_knows_is_refused() -> None:
    result = run("genes", "show", "TP53")
    assert result.exit_code == 1
    assert "the panel has no gene TP53" in result.stderr


def test_coverage_of_a_file() -> None:
    text = run("coverage", EXAMPLE).stdout
    assert text.startswith("GRCh38, sample ")
    assert " sites seen" in text
    assert "variants seen: rs6265" in text


def test_coverage_takes_samples_together_of_which_the_same_was_seen(tmp_path: Path) -> None:
    library, rng = load_reference(), Random(1)
    alleles = library.genes["CYP2C19"].alleles
    people = [person(library, {"CYP2C19": (alleles[1], alleles[n])}, rng, phased=False) for n in (1, 2, 3)]
    less = {site: genotype for site, genotype in people[2].items() if site != "CYP2C19:94842866"}
    path = tmp_path / "three.vcf"
    path.write_bytes(write(library, [*people[:2], less], Representation(Assembly.GRCH37)))
    text = run("coverage", path).stdout
    assert "GRCh37, 2 samples: P0, P1" in text
    assert "GRCh37, sample P2" in text
    assert "every allele that small variants define can be called" in text
    assert "would look like *38: *1\n" in text
    assert "not seen: rs3758581 (missing)" in text
    one = json.loads(run("coverage", path, "--sample", "P2", "--format", "json").stdout)
    assert one["sample"] == "P2"
    assert [hidden["allele"] for hidden in one["genes"][0]["hidden"]] == ["*1", "*40"]


def test_coverage_where_absent_is_reference(tmp_path: Path) -> None:
    text = run("coverage", EXAMPLE, "--absent", "reference").stdout
    assert "of them assumed" in text
    assert "would look like" not in text


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "bad.vcf"
    path.write_text("no VCF\n")
    result = run("coverage", path)
    assert result.exit_code == 65
    assert "Traceback" not in result.stderr
    assert run("coverage", tmp_path / "none.vcf").exit_code == 65
