"""Positions from an operator's own VCF with rs numbers: found, checked, turned to the plus strand, and put to use."""

from pathlib import Path
from random import Random

import pysam
import pytest
from click.testing import CliRunner

from trdpgx import Service, Settings, annotate
from trdpgx.cli.main import main
from trdpgx.knowledge.load import load_named_reference
from trdpgx.knowledge.reference.library import load_reference

pytestmark = pytest.mark.slow

ACCESSIONS = {38: ("NC_000007.14", "NC_000008.11"), 37: ("NC_000007.13", "NC_000008.10")}
ABCB1 = {38: 87_610_000, 37: 87_240_000}
"""Invented: what dbSNP has is not known here. It stands near the gene on both assemblies."""
PPP3CC = {38: 22_540_901, 37: 22_398_414}


def dbsnp(
    folder: Path, build: int, rows: list[tuple[str, int, str, str, str, str]], *, plain_names: bool = False, index: bool = True
) -> Path:
    """Write a VCF with an index. A row: accession, position, ID, REF, ALT, INFO."""
    named = {ACCESSIONS[build][0]: "7", ACCESSIONS[build][1]: "8"} if plain_names else {}
    path = folder / f"dbsnp{build}.vcf"
    lines = [
        "##fileformat=VCFv4.2",
        '##INFO=<ID=FREQ,Number=.,Type=String,Description="frequencies">',
        *(f"##contig=<ID={named.get(name, name)}>" for name in ACCESSIONS[build]),
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
        *(f"{named.get(chrom, chrom)}\t{pos}\t{name}\t{ref}\t{alt}\t.\t.\t{info}" for chrom, pos, name, ref, alt, info in sorted(rows)),
    ]
    path.write_text("\n".join(lines) + "\n", "ascii")
    pysam.tabix_compress(str(path), f"{path}.gz")
    if index:
        pysam.tabix_index(f"{path}.gz", preset="vcf")
    return folder / f"dbsnp{build}.vcf.gz"


def rows(build: int, ref: str = "G", alt: str = "T", info: str = ".") -> list[tuple[str, int, str, str, str, str]]:
    seven, eight = ACCESSIONS[build]
    return [
        (seven, ABCB1[build], "rs10245483", ref, alt, info),
        (seven, ABCB1[build] + 5, "rs1;rs999", "A", "C", "."),
        (eight, PPP3CC[build], "rs7430", "C", "G", "."),
    ]


def run(folder: Path, *more: str, newer: Path | None = None, older: Path | None = None) -> tuple[int, str]:
    arguments = ["--dbsnp", str(newer or dbsnp(folder, 38, rows(38))), "--dbsnp37", str(older or dbsnp(folder, 37, rows(37)))]
    result = CliRunner().invoke(main, ["reference", "locate", *arguments, "--output", str(folder / "located"), *more])
    return result.exit_code, result.output


def variants(folder: Path) -> dict[str, tuple[str | None, bool, str | None]]:
    library = load_named_reference(folder / "located")
    return {one.id: (one.effect_allele, one.palindromic, one.site) for one in library.variants}


def person(folder: Path, genotype: str) -> Path:
    path = folder / "person.vcf"
    path.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=chr7,length=159345973>\n"
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="x">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n"
        f"chr7\t{ABCB1[38]}\t.\tG\tT\t50\tPASS\t.\tGT\t{genotype}\n",
        "ascii",
    )
    return path


def test_a_rule_that_waits_fires_once_its_variant_is_located(tmp_path: Path) -> None:
    code, output = run(tmp_path)
    assert code == 0, output
    assert "rs10245483" in output
    assert variants(tmp_path)["rs10245483"] == ("G", False, "rs10245483")
    with Service(Settings(reference=tmp_path / "located")) as service:
        (report,) = annotate(person(tmp_path, "0/0"), service=service)
    assert "located" in report.knowledge.reference_release
    fired = {one.rule_id for one in report.considerations}
    assert "research-abcb1-rs10245483-g-g" in fired
    assert "rs10245483" not in {one.name for one in report.looked_at if one.kind == "variant"}


def test_the_origin_of_each_position_is_kept(tmp_path: Path) -> None:
    run(tmp_path)
    library = load_named_reference(tmp_path / "located")
    located = next(one for one in library.variants if one.id == "rs10245483")
    assert "dbsnp38.vcf.gz" in located.verification
    assert "dbsnp37.vcf.gz" in located.verification
    assert "not checked" in located.verification
    assert len(load_reference().variants) == len(library.variants)


@pytest.mark.parametrize(
    ("ref", "alt", "effect"),
    [("G", "T", "G"), ("C", "A", "C"), ("T", "G", "G"), ("C", "G", None), ("G", "A,T", "G")],
    ids=["plus strand", "other strand", "effect allele is ALT", "palindromic", "three alleles"],
)
def test_the_effect_allele_is_of_the_plus_strand_or_open(tmp_path: Path, ref: str, alt: str, effect: str | None) -> None:
    newer, older = (dbsnp(tmp_path, build, rows(build, ref, alt)) for build in (38, 37))
    code, output = run(tmp_path, newer=newer, older=older)
    assert code == 0, output
    assert variants(tmp_path)["rs10245483"][0] == effect
    assert ("stays open" in output) == (effect is None)


def test_bases_that_hardly_anybody_has_are_left_out(tmp_path: Path) -> None:
    info = "FREQ=1000Genomes:0.6,0.4,.|TOPMED:0.6,0.399,0.001"
    newer, older = (dbsnp(tmp_path, build, rows(build, "G", "T,A", info)) for build in (38, 37))
    run(tmp_path, newer=newer, older=older)
    library = load_named_reference(tmp_path / "located")
    assert {sites["rs10245483"].alts for sites in library.sites.values()} == {("T",)}


@pytest.mark.parametrize(
    ("newer", "older", "reason"),
    [
        (("G", "T"), ("G", "A"), "do not have the same alleles"),
        (("GA", "G"), ("GA", "G"), "not a change of a single base"),
        (("G", "T"), None, "not found on GRCh37"),
    ],
)
def test_what_cannot_be_placed_is_refused_with_the_reason(
    tmp_path: Path, newer: tuple[str, str], older: tuple[str, str] | None, reason: str
) -> None:
    first = dbsnp(tmp_path, 38, rows(38, *newer))
    second = dbsnp(tmp_path, 37, rows(37, *older) if older else rows(37)[1:])
    code, output = run(tmp_path, newer=first, older=second)
    assert code == 0
    assert reason in output
    assert variants(tmp_path)["rs10245483"][2] is None


def test_ref_is_held_against_the_genome(tmp_path: Path) -> None:
    random = Random(1)
    sequence = "".join(random.choice("ACGT") for _ in range(1000))
    for build in (38, 37):
        (tmp_path / f"{build}.fa").write_text(f">chr7\n{sequence}\n>chr8\n{sequence}\n", "ascii")
        # an index may state where a base stands: a short file serves for a whole chromosome of one repeated line
        (tmp_path / f"{build}.fa.fai").write_text(f"chr7\t159345973\t6\t1\t0\nchr8\t145138636\t{6 + 1001 + 6}\t1\t0\n", "ascii")
    base = sequence[0]
    other = next(letter for letter in "ACGT" if letter != base)
    newer, older = (dbsnp(tmp_path, build, rows(build, base, other)[:1]) for build in (38, 37))
    code, output = run(tmp_path, "--fasta", str(tmp_path / "38.fa"), "--fasta37", str(tmp_path / "37.fa"), newer=newer, older=older)
    assert code == 0, output
    assert "checked against 38.fa and 37.fa" in next(
        one.verification for one in load_named_reference(tmp_path / "located").variants if one.id == "rs10245483"
    )


def test_a_ref_that_the_genome_does_not_have_is_refused(tmp_path: Path) -> None:
    (tmp_path / "38.fa").write_text(">7\nA\n>8\nA\n", "ascii")
    (tmp_path / "38.fa.fai").write_text("7\t159345973\t3\t1\t0\n8\t145138636\t3\t1\t0\n", "ascii")
    _, output = run(tmp_path, "--fasta", str(tmp_path / "38.fa"))
    assert "rs10245483: on GRCh38: REF is G, and the genome has A there" in output


@pytest.mark.parametrize("plain_names", [False, True], ids=["accessions", "plain names"])
def test_files_that_were_changed_over_are_noticed_where_names_show_it(tmp_path: Path, plain_names: bool) -> None:
    newer, older = (dbsnp(tmp_path, build, rows(build), plain_names=plain_names) for build in (38, 37))
    code, output = run(tmp_path, newer=older, older=newer)
    assert (code, "change the two files over" in output) == ((0, False) if plain_names else (65, True))


def test_a_file_without_an_index_names_the_remedy(tmp_path: Path) -> None:
    code, output = run(tmp_path, newer=dbsnp(tmp_path, 38, rows(38), index=False))
    assert code == 65
    assert "tabix" in output


def test_a_folder_with_content_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "located").mkdir()
    (tmp_path / "located" / "mine.txt").write_text("x")
    code, output = run(tmp_path)
    assert code == 65
    assert "not an empty folder" in output
    assert (tmp_path / "located" / "mine.txt").read_text() == "x"


def test_what_stands_far_from_its_gene_is_found_when_the_whole_file_is_read(tmp_path: Path) -> None:
    far = {38: 1000, 37: 1000}
    newer, older = (dbsnp(tmp_path, build, [(ACCESSIONS[build][0], far[build], "rs10245483", "G", "T", ".")]) for build in (38, 37))
    _, output = run(tmp_path, newer=newer, older=older)
    assert "rs10245483: not found on GRCh38; not found on GRCh37" in output
    everything = ["--dbsnp", str(newer), "--dbsnp37", str(older), "--output", str(tmp_path / "all"), "--everywhere"]
    assert CliRunner().invoke(main, ["reference", "locate", *everything]).exit_code == 0
    located = next(one for one in load_named_reference(tmp_path / "all").variants if one.id == "rs10245483")
    assert located.site == "rs10245483"
