"""The progress bar is for a terminal."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from performance.generate import genome, write
from trdpgx.cli import progress


def test_progress_bar_on_a_terminal_alone(tmp_path: Path) -> None:
    path = tmp_path / "genome.vcf"
    write(genome(20_000), path)
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
    assert b"genome.vcf" in stated
    assert done.stdout.startswith(b"[")
    quiet = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert quiet.stderr == b""
    assert progress.LONG > 2**20
