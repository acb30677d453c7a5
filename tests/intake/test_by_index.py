"""Reading by index gives what reading the stream gives, for text and BCF, and states that it read no more."""

import gzip
import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from performance.generate import genome, gvcf
from tests.bcftools import bcftools, needs_bcftools
from trdpgx.cli.main import main
from trdpgx.intake.by_index import read_by_index
from trdpgx.intake.read import read_input
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.genome import SiteState
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError

from .panel import PANELS, vcf

REAL = Path(os.environ.get("TRDPGX_REAL", Path(__file__).parents[3] / "shared" / "real"))
pytestmark = needs_bcftools


def indexed(data: bytes, path: Path) -> Path:
    """Write a BGZF VCF or a BCF, sorted, with its index."""
    kind = "b" if path.suffix == ".bcf" else "z"
    bcftools(data, "sort", f"-O{kind}", "-o", str(path))
    subprocess.run(["bcftools", "index", "-f", path], check=True)
    return path


def samples_of(result: IntakeResult) -> list[object]:
    return [(one.sample, one.calls, one.structural, one.covered, len(one.carried)) for one in result.samples]


@pytest.mark.parametrize("ending", ["vcf.gz", "bcf"])
@pytest.mark.parametrize("source", ["genome", "gvcf", "1kgp_phased_GRCh37.vcf.gz", "wgs30x_grch38_2samples.vcf.gz"])
def test_the_same_as_from_the_stream(source: str, ending: str, tmp_path: Path) -> None:
    if source in {"genome", "gvcf"}:
        data = b"".join({"genome": genome, "gvcf": gvcf}[source](30_000))
    elif (REAL / source).exists():
        data = gzip.decompress((REAL / source).read_bytes())
    else:
        pytest.skip("no real genomes here; set TRDPGX_REAL to their folder")
    path = indexed(data, tmp_path / f"file.{ending}")
    panels, limits, options = load_reference().panels, Limits(), Options()
    by_index, streamed = read_by_index(path, options, panels, limits), read_input(path, options, panels, limits)
    assert samples_of(by_index) == samples_of(streamed)
    assert any(call.state is not SiteState.ABSENT for call in by_index.samples[0].calls.values())
    assert by_index.facts.sha256 == streamed.facts.sha256
    assert (by_index.facts.format, by_index.facts.assembly) == (streamed.facts.format, streamed.facts.assembly)
    assert by_index.facts.records <= streamed.facts.records
    assert "integrity_index" in [warning.code for warning in by_index.facts.warnings]
    assert by_index.facts.integrity.compression_verified is None


def test_a_record_that_reaches_several_intervals_comes_once(tmp_path: Path) -> None:
    rows = ("10 60 N <NON_REF> PASS END=450 GT:DP 0/0:30", "22 100 N <NON_REF> PASS END=5900 GT:DP 0/0:30")
    path = indexed(vcf(*rows), tmp_path / "blocks.vcf.gz")
    result = read_by_index(path, Options(assembly="GRCh38"), PANELS, Limits())
    assert result.facts.records == 2
    assert {call.state for call in result.samples[0].calls.values()} == {SiteState.COVERED_REFERENCE}


def test_what_cannot_be_read_by_index(tmp_path: Path) -> None:
    path = tmp_path / "plain.vcf"
    path.write_bytes(vcf("10 110 G A PASS . GT 0/1"))
    with pytest.raises(InputError) as raised:
        read_by_index(path, Options(), PANELS, Limits())
    assert raised.value.problem.type == "/problems/unsupported_format"
    path = indexed(vcf("10 110 G A PASS . GT 0/1", "10 302 G . PASS . GT 0/1"), tmp_path / "wrong.vcf.gz")
    with pytest.raises(InputError) as raised:
        read_by_index(path, Options(), PANELS, Limits())
    assert (raised.value.problem.type, raised.value.problem.line) == ("/problems/allele_out_of_range", None)
    with pytest.raises(InputError) as raised:
        read_by_index(path, Options(sample="NOBODY"), PANELS, Limits())
    assert raised.value.problem.type == "/problems/sample_unknown"
    with pytest.raises(OSError, match="none"):
        read_by_index(tmp_path / "none.vcf.gz", Options(), PANELS, Limits())


def test_the_command_line_asks_for_it(tmp_path: Path) -> None:
    path = indexed(b"".join(genome(5_000)), tmp_path / "genome.vcf.gz")
    done = CliRunner().invoke(main, ["annotate", "--by-index", str(path)])
    assert done.exit_code == 0
    (report,) = json.loads(done.stdout)
    assert "integrity_index" in [warning["code"] for warning in report["input"]["warnings"]]
    assert CliRunner().invoke(main, ["annotate", "--by-index", "-"]).exit_code == 2
