"""``trdpgx reference import``: files written from our tables give them back, and a new allele is called."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.knowledge.definition_files import write_pharmcat, write_pharmvar
from trdpgx.cli.main import main
from trdpgx.knowledge.definitions.downloaded import DefinitionError
from trdpgx.knowledge.definitions.genomes import Genomes
from trdpgx.knowledge.definitions.run import import_folder
from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.manifest import verify, write
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.genome import Assembly

pytestmark = pytest.mark.slow

BUNDLED = reference_directory()
REFERENCE = load_reference()
TABLES = ("alleles.csv", "definitions.csv", "sites.csv")
NONE = Genomes({})
GENES = [gene for gene, definition in REFERENCE.genes.items() if definition.sites]


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def pharmcat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pharmcat")
    write_pharmcat(REFERENCE, folder)
    return folder


@pytest.fixture(scope="module")
def pharmvar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pharmvar")
    write_pharmvar(REFERENCE, folder)
    return folder


def test_files_written_from_our_tables_change_nothing(pharmcat: Path, pharmvar: Path, tmp_path: Path) -> None:
    for name, folders in (("cat", (None, pharmcat)), ("var", (pharmvar, None))):
        made = import_folder(*folders, base=BUNDLED, genomes=NONE, out=tmp_path / name, name="mine")
        assert made.lines == ()
        for table in TABLES:
            assert (tmp_path / name / table).read_bytes() == (BUNDLED / table).read_bytes(), table
        assert verify(tmp_path / name) == []


def without(gene: str, kept: set[str], folder: Path) -> Path:
    """Copy the reference with some alleles of a gene only, and the sites that they need."""
    shutil.copytree(BUNDLED, folder)
    definition = REFERENCE.genes[gene]
    blank = definition.alleles[0]
    needed = {site for one in definition.alleles if one.name in kept for site, base in one.bases.items() if base != blank.bases[site]} | {
        definition.sites[0]
    }
    for table, keep in (
        ("alleles.csv", lambda row: row["gene"] != gene or row["allele"] in kept),
        ("definitions.csv", lambda row: row["gene"] != gene or (row["allele"] in kept and row["site"] in needed)),
        ("sites.csv", lambda row: row["gene"] != gene or row["purpose"] != "allele" or row["id"] in needed),
        ("must_see.csv", lambda row: row["gene"] != gene),
        ("frequencies.csv", lambda row: row["gene"] != gene),
        ("suballele_variants.csv", lambda row: row["gene"] != gene),
    ):
        left = [row for row in rows(BUNDLED, table) if keep(row)]
        with (folder / table).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows(BUNDLED, table)[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(left)
    write(folder, "less")
    return folder


NO_INDELS = [gene for gene in GENES if not any(REFERENCE.sites[Assembly.GRCH38][name].is_indel for name in REFERENCE.genes[gene].sites)]


@pytest.mark.parametrize("gene", [gene for gene in ("CYP2C19", "CYP2B6", "CYP2C9", "CYP3A4", "CYP3A5") if gene in NO_INDELS])
@pytest.mark.parametrize("maker", [write_pharmcat, write_pharmvar])
def test_what_was_taken_out_comes_back_field_by_field(gene: str, maker: object, tmp_path: Path) -> None:
    definition = REFERENCE.genes[gene]
    kept = {definition.alleles[0].name} | {one.name for one in definition.alleles if not one.callable}
    base = without(gene, kept | {"*1"}, tmp_path / "less")
    maker(REFERENCE, tmp_path / "files", [gene])  # type: ignore[operator]
    folders = (None, tmp_path / "files") if maker is write_pharmcat else (tmp_path / "files", None)
    import_folder(*folders, base=base, genomes=NONE, out=tmp_path / "out", name="whole")
    back = load_reference(tmp_path / "out")
    assert {one.name for one in back.genes[gene].alleles} == {one.name for one in definition.alleles}
    blank = definition.alleles[0]
    for one in definition.alleles:
        (found,) = (other for other in back.genes[gene].alleles if other.name == one.name)
        meaning = {site: base for site, base in one.bases.items() if one is blank or base != blank.bases[site]}
        if maker is write_pharmcat:
            assert (found.function, found.activity, found.callable) == (one.function, one.activity, one.callable)
            assert {site: base for site, base in found.bases.items() if one is blank or base != blank.bases[site]} == meaning, one.name
        elif all(base in "ACGT" for base in one.bases.values()):
            assert {site: base for site, base in found.bases.items() if one is blank or base != blank.bases[site]} == meaning, one.name
    for assembly in Assembly:
        for name in definition.sites:
            ours, theirs = REFERENCE.sites[assembly][name], back.sites[assembly][name]
            assert (theirs.pos, {theirs.ref, *theirs.alts}) == (ours.pos, {ours.ref, *ours.alts})
            if maker is write_pharmvar:
                assert theirs.ref == ours.ref


def test_a_new_allele_is_called_from_a_vcf(tmp_path: Path) -> None:
    write_pharmcat(REFERENCE, tmp_path / "files", ["CYP3A5"])
    path = tmp_path / "files" / "alleles" / "CYP3A5_translation.json"
    content = json.loads(path.read_text("utf-8"))
    content["variants"].append({"position": 99660000, "rsid": "rs1", "ref": "A", "alts": ["T"]})
    for one in content["namedAlleles"]:
        one["alleles"].append("A" if one["reference"] else None)
    new = [None] * (len(content["variants"]) - 1)
    content["namedAlleles"].append({"name": "*99", "alleles": [*new, "T"], "reference": False})
    path.write_text(json.dumps(content), "utf-8")
    functions = json.loads((tmp_path / "files" / "phenotype" / "CYP3A5.json").read_text("utf-8"))
    functions["haplotypes"]["*99"] = "No function"
    (tmp_path / "files" / "phenotype" / "CYP3A5.json").write_text(json.dumps(functions), "utf-8")
    out = tmp_path / "mine"
    result = CliRunner().invoke(
        main, ["reference", "import", "--pharmcat", str(tmp_path / "files"), "--output", str(out), "--name", "mine"]
    )
    assert result.exit_code == 0, result.stderr
    assert "CYP3A5 *99: new; CYP3A5:99660000 T" in result.stdout
    assert "REF of 1 new sites was not compared with a genome: give --fasta" in result.stderr
    vcf = ["##fileformat=VCFv4.2", "##reference=GRCh38", "##contig=<ID=7,length=159345973,assembly=GRCh38>"]
    vcf += ['##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">', "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS"]
    for site in sorted(
        (load_reference(out).sites[Assembly.GRCH38][name] for name in load_reference(out).genes["CYP3A5"].sites), key=lambda s: s.pos
    ):
        carried = "0/1" if site.pos == 99660000 else "0/0"
        vcf.append(f"7\t{site.pos}\t.\t{site.ref}\t{site.alts[0]}\t.\tPASS\t.\tGT\t{carried}")
    (tmp_path / "one.vcf").write_text("\n".join(vcf) + "\n", "utf-8")
    annotated = CliRunner().invoke(main, ["annotate", str(tmp_path / "one.vcf")], env={"TRDPGX_REFERENCE": str(out)})
    assert annotated.exit_code == 0, annotated.stderr
    (report,) = json.loads(annotated.stdout)
    assert "mine" in str(report["knowledge"])
    (gene,) = (one for one in report["genes"] if one["gene"] == "CYP3A5")
    assert [one["name"] for one in gene["diplotypes"]] == ["*1/*99"]
    assert gene["phenotype"]["term"] == "Intermediate Metabolizer"


class Letters:
    """A genome of which a few bases are known; everything else is C, which no indel below can slide along."""

    def __init__(self, known: dict[int, str]) -> None:
        self.known = {pos + number: base for pos, text in known.items() for number, base in enumerate(text)}

    def fetch(self, _chrom: str, start: int, end: int) -> str:
        return "".join(self.known.get(pos, "C") for pos in range(start, end + 1))


def genome(**known: dict[int, str]) -> Genomes:
    """The bases of our own sites of CYP3A5, and those that a test names."""
    files = {}
    for assembly in Assembly:
        own = {site.pos: site.context for site in REFERENCE.sites[assembly].values() if site.gene == "CYP3A5"}
        files[assembly] = Letters(own | known.get(assembly.lower(), {}))
    return Genomes(files)  # type: ignore[arg-type]


def haplotypes(tmp_path: Path, *rows: str) -> Path:
    write_pharmvar(REFERENCE, tmp_path / "files", ["CYP3A5"])
    (path,) = (tmp_path / "files" / "CYP3A5" / "GRCh38").iterdir()
    path.write_text(path.read_text("utf-8") + "".join(f"{row}\n" for row in rows), "utf-8")
    return tmp_path / "files"


@pytest.mark.parametrize("change", ["99660003\t99660003\tA\t-", "99660001\t99660003\tAAA\tAA"], ids=["alone", "with bases that stay"])
def test_an_operators_deletion_is_spelled_by_the_genome(change: str, tmp_path: Path) -> None:
    """GAAAT: HGVS deletes the last A, VCF writes it with the G before the first."""
    folder = haplotypes(tmp_path, f"CYP3A5*98\tCYP3A5\t-\tNC\t{change}\tdeletion")
    at_37 = 99660000 - 402377
    known = genome(grch38={99660000: "GAAAT"}, grch37={at_37: "GAAAT"})
    functions = tmp_path / "functions.csv"
    functions.write_text("gene,allele,function,activity\nCYP3A5,*98,No function,\n", "utf-8")
    made = import_folder(folder, None, base=BUNDLED, genomes=known, functions=functions, out=tmp_path / "out", name="own")
    assert made.unchecked == 0
    back = load_reference(tmp_path / "out")
    for assembly, pos in ((Assembly.GRCH38, 99660000), (Assembly.GRCH37, at_37)):
        site = back.sites[assembly]["CYP3A5:99660000"]
        assert (site.pos, site.ref, site.alts, site.context) == (pos, "GA", ("G",), "GAAAT")
    (allele,) = (one for one in back.genes["CYP3A5"].alleles if one.name == "*98")
    assert (allele.function, dict(allele.bases)) == ("No function", {"CYP3A5:99660000": "G"})
    assert "CYP3A5 *98: new" in (tmp_path / "out" / "import.txt").read_text("utf-8")


def test_ref_is_held_against_the_sequence_of_the_gene(tmp_path: Path) -> None:
    """The reference has CYP2D6 on GRCh38 (NG_008376.4): C at 42129105."""
    for ref, alt, right in (("C", "T", True), ("G", "T", False)):
        folder = tmp_path / ref
        write_pharmvar(REFERENCE, folder, ["CYP2D6"])
        path = next((folder / "CYP2D6" / "GRCh38").iterdir())
        row = f"CYP2D6*300\tCYP2D6\t-\tNC\t42129104\t42129104\t{ref}\t{alt}\tsubstitution\n"
        path.write_text(path.read_text("utf-8") + row, "utf-8")
        if right:
            assert import_folder(folder, None, base=BUNDLED, genomes=NONE, out=tmp_path / "out", name="own").unchecked == 0
        else:
            with pytest.raises(DefinitionError, match="REF is G, and the sequence of CYP2D6 on GRCh38 has C"):
                import_folder(folder, None, base=BUNDLED, genomes=NONE, out=tmp_path / "no", name="own")


def test_grch37_may_have_the_other_base(tmp_path: Path) -> None:
    folder = haplotypes(tmp_path, "CYP3A5*98\tCYP3A5\trs7\tNC\t99660000\t99660000\tA\tG\tsubstitution")
    known = genome(grch38={99660000: "A"}, grch37={99660000 - 402377: "G"})
    import_folder(folder, None, base=BUNDLED, genomes=known, out=tmp_path / "out", name="own")
    site = load_reference(tmp_path / "out").sites[Assembly.GRCH37]["CYP3A5:99660000"]
    assert (site.ref, site.alts, site.other_ref, site.rsid) == ("G", ("A",), "A", "rs7")
    assert next(row for row in rows(tmp_path / "out", "sites.csv") if row["id"] == "CYP3A5:99660000")["grch37_basis"] == "checked"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("CYP3A5*98\tCYP3A5\t-\tNC\t99660000\t99660000\tT\tG\tsubstitution", "REF is T at 7:99660000, and the FASTA of GRCh38 has C"),
        ("CYP3A5*98\tCYP3A5\t-\tNC\tx\t99660000\tC\tG\tsubstitution", "a position is no whole number"),
        ("CYP3A5*98\tCYP3A5\t-\tNC\t99660000\t99660000\tC\tN\tsubstitution", "other letters than A, C, G and T"),
        ("CYP3A5*98\tCYP3A5\t-\tNC\t99660000\t99660000\tCC\tG\tdelins", "not as many bases as the positions"),
        ("CYP3A5*98\tCYP3A5\t-\tNC\t99660000\t99660001\tCC\tGG\tsubstitution", "write a row for each of them"),
        ("CYP3A5*98\tCYP3A5", "the row has 2 columns"),
        ("CYP3A5*98\tCYP3A5\tREFERENCE\t.\t.\t.\t.\t.\t.", "has 2 reference haplotypes"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_left(row: str, message: str, tmp_path: Path) -> None:
    folder = haplotypes(tmp_path, row)
    with pytest.raises(DefinitionError, match=message):
        import_folder(folder, None, base=BUNDLED, genomes=genome(), out=tmp_path / "out", name="own")
    assert not (tmp_path / "out").exists()


def test_a_value_in_the_field_of_a_function_is_no_function(tmp_path: Path) -> None:
    """PharmCAT's older CYP2D6 files have `"*1": "1.0"` there, and write hybrids with blanks."""
    write_pharmcat(REFERENCE, tmp_path / "files", ["CYP2D6"])
    path = tmp_path / "files" / "phenotype" / "CYP2D6.json"
    content = json.loads(path.read_text("utf-8"))
    content["haplotypes"] = {name: content["activityValues"][name] for name in content["haplotypes"]}
    content["haplotypes"]["*36 + *10"], content["activityValues"]["*36 + *10"] = "No function", "0.0"
    path.write_text(json.dumps(content), "utf-8")
    made = import_folder(None, tmp_path / "files", base=BUNDLED, genomes=NONE, out=tmp_path / "out", name="own")
    assert made.lines == ("CYP2D6 *36+*10: Decreased function (0.25) to No function (0)",)


@pytest.mark.parametrize("name", ["=cmd()", "<script>", "*1,*2", "*2\n", ""])
def test_a_name_that_is_no_star_allele_is_refused(name: str, tmp_path: Path) -> None:
    write_pharmcat(REFERENCE, tmp_path / "files", ["CYP3A5"])
    path = tmp_path / "files" / "alleles" / "CYP3A5_translation.json"
    content = json.loads(path.read_text("utf-8"))
    content["namedAlleles"][-1]["name"] = name
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(DefinitionError, match="no star allele"):
        import_folder(None, tmp_path / "files", base=BUNDLED, genomes=NONE, out=tmp_path / "out", name="own")
    assert not (tmp_path / "out").exists()


def test_a_folder_within_the_reference_is_refused(tmp_path: Path) -> None:
    base = Path(shutil.copytree(BUNDLED, tmp_path / "base"))
    write_pharmcat(REFERENCE, tmp_path / "files", ["CYP3A5"])
    for out in (base, base / "new"):
        with pytest.raises(DefinitionError, match="lies in the reference folder itself"):
            import_folder(None, tmp_path / "files", base=base, genomes=NONE, out=out, name="own")
    assert verify(base) == []


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    deletion = haplotypes(tmp_path, "CYP3A5*98\tCYP3A5\t-\tNC\t99660003\t99660003\tA\t-\tdeletion")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_text("x", "utf-8")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "X_translation.json").write_text("{", "utf-8")
    for arguments, message in (
        (["--pharmvar", str(tmp_path / "empty"), "--output", str(tmp_path / "out")], "no file GRCh38/*.haplotypes.tsv"),
        (["--pharmcat", str(tmp_path / "empty"), "--output", str(tmp_path / "out")], "no definition file of PharmCAT"),
        (["--pharmcat", str(broken), "--output", str(tmp_path / "out")], "X_translation.json: not a JSON file"),
        (["--pharmvar", str(deletion), "--output", str(tmp_path / "out")], "give --fasta to spell it"),
        (["--pharmvar", str(deletion), "--gene", "CYP2D6", "--output", str(tmp_path / "out")], "the files define no CYP2D6"),
    ):
        result = CliRunner().invoke(main, ["reference", "import", *arguments])
        assert (result.exit_code, message in result.stderr) == (65, True), result.stderr
    write_pharmcat(REFERENCE, tmp_path / "cat", ["CYP3A5"])
    result = CliRunner().invoke(main, ["reference", "import", "--pharmcat", str(tmp_path / "cat"), "--output", str(tmp_path / "there")])
    assert (result.exit_code, "is there already" in result.stderr) == (65, True)
    assert (tmp_path / "there" / "file").read_text("utf-8") == "x"


@pytest.mark.parametrize("assembly", ["GRCh37", "GRCh38"])
def test_two_reference_alleles_at_one_position_are_refused(tmp_path: Path, assembly: str) -> None:
    write_pharmvar(REFERENCE, tmp_path / "var", ["CYP3A5"])
    (path,) = (tmp_path / "var").rglob(f"{assembly}/*.haplotypes.tsv")
    fields = next(line for line in path.read_text("utf-8").splitlines() if line.startswith("CYP3A5*6\t")).split("\t")
    fields[6] = next(base for base in "ACGT" if base not in fields[6:8])
    with path.open("a", encoding="utf-8") as file:
        file.write("\t".join(fields) + "\n")
    result = CliRunner().invoke(main, ["reference", "import", "--pharmvar", str(tmp_path / "var"), "--output", str(tmp_path / "out")])
    assert (result.exit_code, "has another reference allele in an earlier row" in result.stderr) == (65, True), result.stderr
    assert not (tmp_path / "out").exists()
