"""Each bad edit of the reference (tests/cases/reject/reference.tsv) is refused, and the error names the file and the line."""

import csv
import shutil
from pathlib import Path

import pytest

from trdpgx.knowledge.location import reference_directory
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.reference.table import ReferenceDataError

CASES = Path(__file__).parents[1] / "cases" / "reject" / "reference.tsv"


def drop(path: Path, start: str) -> None:
    """Take the lines that begin so out of a file."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(start)), "utf-8")


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(reference_directory(), tmp_path / "reference"))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['file']}: {case['message']}")
def test_a_bad_edit_is_refused(folder: Path, case: dict[str, str]) -> None:
    path = folder / case["file"]
    text = path.read_text("utf-8")
    assert text.count(case["find"]) == 1, "the case must name one position"
    line = text[: text.index(case["find"])].count("\n") + 1
    path.write_text(text.replace(case["find"], case["replace"]), "utf-8")
    with pytest.raises(ReferenceDataError) as error:
        load_reference(folder)
    assert case["message"] in str(error.value)
    assert str(error.value).startswith(f"{error.value.finding.file}:{error.value.finding.line}: ")
    if not error.value.finding.message.startswith(("CPIC has no phenotype", "the allele is callable", "the first allele")):
        assert (error.value.finding.file, error.value.finding.line) == (case["file"], line)


OPTIONAL = {"repeats.csv"}
"""A folder of reference data of before 2026.13 has none."""


@pytest.mark.parametrize("file", sorted(path.name for path in reference_directory().glob("*.csv") if path.name not in OPTIONAL))
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(ReferenceDataError, match=f"^{file}:1: the file is missing"):
        load_reference(folder)


@pytest.mark.parametrize("file", sorted(path.name for path in reference_directory().glob("*.csv") if path.name not in OPTIONAL))
def test_other_columns_are_refused(folder: Path, file: str) -> None:
    path = folder / file
    path.write_text("name," + path.read_text("utf-8"), "utf-8")
    with pytest.raises(ReferenceDataError, match=f"^{file}:1: the columns are not"):
        load_reference(folder)


def test_a_row_of_bytes_that_are_not_text_is_found(folder: Path) -> None:
    path = folder / "contigs.csv"
    path.write_bytes(path.read_bytes().replace(b"GRCh38,3,", b"GRCh38,\xff,"))
    with pytest.raises(ReferenceDataError, match=r"^contigs.csv:29: the line cannot be read"):
        load_reference(folder)


def test_a_file_without_an_end_of_line_is_refused(folder: Path) -> None:
    path = folder / "contigs.csv"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    with pytest.raises(ReferenceDataError, match=r"^contigs.csv:51: "):
        load_reference(folder)


def test_a_definition_without_its_allele_is_refused(folder: Path) -> None:
    drop(folder / "alleles.csv", "CYP2C19,*2,")
    with pytest.raises(ReferenceDataError, match=r"CYP2C19 \*2 has definitions and is not listed"):
        load_reference(folder)


def test_an_allele_listed_twice_is_refused(folder: Path) -> None:
    path = folder / "alleles.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("CYP2D6,*68,", "CYP2D6,*5,"), "utf-8")
    with pytest.raises(ReferenceDataError, match="the allele is listed twice"):
        load_reference(folder)


def test_two_alleles_that_look_alike_are_refused(folder: Path) -> None:
    path = folder / "definitions.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    star_2 = [line for line in lines if line.startswith("CYP2C19,*2,")]
    others = [line for line in lines if not line.startswith("CYP2C19,*3,")]
    path.write_text("".join([*others, *(line.replace(",*2,", ",*3,") for line in star_2)]), "utf-8")
    with pytest.raises(ReferenceDataError, match=r"^alleles.csv:\d+: the allele has the same definition as \*2"):
        load_reference(folder)


def test_a_site_that_nothing_uses_is_refused(folder: Path) -> None:
    drop(folder / "variants.csv", "rs6265,")
    with pytest.raises(ReferenceDataError, match=r"^sites.csv:\d+: no allele and no variant uses the site"):
        load_reference(folder)


def test_an_activity_score_without_a_band_is_refused(folder: Path) -> None:
    path = folder / "activity_bands.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("CYP2D6,DPWG,UM,")), "utf-8")
    with pytest.raises(ReferenceDataError, match="the last band has an upper end"):
        load_reference(folder)


def test_a_changed_reference_states_so_in_its_release(folder: Path) -> None:
    path = folder / "variants.csv"
    path.write_text(path.read_text("utf-8").replace("Known as: intronic.", "Known as: in an intron."), "utf-8")
    changed = load_reference(folder)
    assert changed.release == f"{load_reference().release}+modified"
    assert changed.digest != load_reference().digest


def test_a_folder_without_a_release_is_refused(folder: Path) -> None:
    (folder / "release.yaml").unlink()
    with pytest.raises(ValueError, match=r"^release.yaml:1: the file is missing"):
        load_reference(folder)


@pytest.mark.parametrize(
    ("written", "message"), [("\n", "is empty"), ('GRCh38,"3\n",', "cannot be read as CSV"), ('GRCh38,"3,', "cannot be read as CSV")]
)
def test_a_line_that_is_no_row_is_found(folder: Path, written: str, message: str) -> None:
    path = folder / "contigs.csv"
    path.write_text(path.read_text("utf-8").replace("GRCh38,3,", written), "utf-8")
    with pytest.raises(ReferenceDataError, match=rf"^contigs.csv:29: .*{message}"):
        load_reference(folder)
