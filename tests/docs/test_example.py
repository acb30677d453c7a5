"""The example genome and the demonstration."""

import os
import subprocess
import sys
from pathlib import Path

from trdpgx import annotate
from trdpgx.knowledge.reference.library import load_reference

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def test_the_example_is_what_its_maker_writes(tmp_path: Path) -> None:
    sys.path.insert(0, str(EXAMPLES))
    try:
        import genome  # noqa: PLC0415
    finally:
        sys.path.remove(str(EXAMPLES))
    written = (EXAMPLES / "synthetic.vcf").read_text("utf-8")
    assert genome.genome(load_reference()) == written, "the reference has changed: python examples/genome.py"


def test_the_example_shows_what_it_is_meant_to_show() -> None:
    (report,) = annotate(EXAMPLES / "synthetic.vcf")
    called = {gene.gene: [diplotype.name for diplotype in gene.diplotypes] for gene in report.genes}
    assert called["CYP2C19"] == ["*2/*2"]
    assert called["CYP2D6"] == ["*1/*4"]
    assert called["CYP2B6"] == ["*1/*6"]
    assert called["CYP2C9"] == []
    genotypes = {variant.id: variant.genotype for variant in report.variants}
    assert genotypes["rs6265"] == "C/T"
    assert genotypes["rs2032583"] == "A/G"
    assert {"citalopram", "escitalopram", "ketamine"} <= {drug.name for drug in report.drugs}


def test_the_demonstration_runs_and_leaves_nothing_running(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TRDPGX_SERVICE_ID": f"demo-{tmp_path.name}"}
    done = subprocess.run([sys.executable, EXAMPLES / "demo.py"], capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "Poor Metabolizer" in done.stdout
    assert "/docs" in done.stdout
    assert not [entry for entry in Path("/proc").glob("[0-9]*/environ") if _mentions(entry, f"demo-{tmp_path.name}")]
    assert list(tmp_path.iterdir()) == []


def test_the_demonstration_fails_where_the_service_cannot_start(tmp_path: Path) -> None:
    environment = {**os.environ, "TRDPGX_WORKERS": "none"}
    done = subprocess.run([sys.executable, EXAMPLES / "demo.py"], capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert done.returncode != 0
    assert "TRDPGX_WORKERS" in done.stderr


def _mentions(entry: Path, word: str) -> bool:
    try:
        return word.encode() in entry.read_bytes()
    except OSError:
        return False
