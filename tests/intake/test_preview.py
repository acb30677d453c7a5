"""The preview sees what a full reading sees where a file is sorted, and says what it is."""

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from performance.generate import genome, gvcf, write
from trdpgx import Options, Service
from trdpgx.cli import progress
from trdpgx.cli.main import main
from trdpgx.intake.preview import peek
from trdpgx.intake.read import panel_index
from trdpgx.model.input import IntakeResult
from trdpgx.model.problem import InputError

pytestmark = pytest.mark.skipif(shutil.which("bgzip") is None, reason="bgzip is not installed here (CI installs it)")


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with Service() as opened:
        yield opened


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("peek") / "genome.vcf.gz"
    write(genome(100_000), made)
    return made


def sites(result: IntakeResult) -> list[object]:
    return [sample.calls for sample in result.samples]


def test_same_sites_as_a_full_reading(path: Path, service: Service, tmp_path: Path) -> None:
    blocks = tmp_path / "blocks.vcf.gz"
    write(gvcf(60_000), blocks)
    excerpt = tmp_path / "excerpt.vcf"
    for file in (path, blocks):
        small, opened = peek(file, panel_index(service.knowledge.reference.panels), service.limits)
        excerpt.write_bytes(small)
        assert sites(service.read(excerpt, Options())) == sites(service.read(file, Options()))
        assert opened < 1_500
        assert len(small) < file.stat().st_size * 3


def test_command(path: Path) -> None:
    done = CliRunner().invoke(main, ["peek", str(path)])
    assert done.exit_code == 0
    assert done.stdout.startswith("PREVIEW, NOT A REPORT")
    assert "CYP2C19" in done.stdout


def test_what_it_cannot_look_at(tmp_path: Path, path: Path, service: Service) -> None:
    plain = tmp_path / "plain.vcf"
    plain.write_bytes(b"".join(genome(2_000)))
    for data in (plain.read_bytes(), b"", path.read_bytes()[:5_000], b"CANARY"):
        plain.write_bytes(data)
        done = CliRunner().invoke(main, ["peek", str(plain)])
        assert done.exit_code == 65
        assert "What to do" in done.stderr
    with pytest.raises(InputError):
        peek(plain, panel_index(service.knowledge.reference.panels), service.limits)


def test_progress_bar_on_a_terminal_alone(path: Path, tmp_path: Path) -> None:
    program = f"""
from trdpgx.cli import progress
from trdpgx.cli.main import main

progress.LONG = 1000
main(['annotate', {str(path)!r}])
"""
    master, terminal = pty.openpty()
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=terminal, check=True)
    stated = b""
    while b"100%" not in stated:
        stated += os.read(master, 65536)
    assert b"genome.vcf.gz" in stated
    assert done.stdout.startswith(b"[")
    quiet = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert quiet.stderr == b""
    assert progress.LONG > 2**20
