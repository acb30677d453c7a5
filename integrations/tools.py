"""Runs tools of the package index at fixed versions, each in an environment of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "synthetic.vcf"
TRDPGX = Path(sys.executable).with_name("trdpgx")
VERSIONS = {
    "check-jsonschema": "0.39.0",
    "cwltool": "3.3.20260925135507",
    "multiqc": "1.35",
    "pre-commit": "4.6.0",
    "reftrace": "0.6.0",
    "snakemake": "9.27.1",
    "zizmor": "1.32.0",
}


def run_tool(name: str, *arguments: str | Path, folder: Path, code: int = 0, beside: Sequence[str] = ()) -> str:
    """Run a tool in a folder, with others ``beside`` it on the PATH, and return what it prints.

    The test is skipped where the index cannot be reached.
    """
    uv = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    environment = {
        **os.environ,
        "PATH": f"{TRDPGX.parent}{os.pathsep}{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache" / "uv")),
        "PRE_COMMIT_HOME": str(folder / "cache" / "pre-commit"),
    }
    others = [part for other in beside for part in ("--with", f"{other}=={VERSIONS[other]}")]
    fetch = [uv, "tool", "run", "--quiet", *others, "--from", f"{name}=={VERSIONS[name]}", name]
    fetched = subprocess.run([*fetch, "--version"], capture_output=True, text=True, check=False, env=environment, cwd=folder)
    if fetched.returncode:
        pytest.skip(f"{name} cannot be fetched from the package index: {fetched.stderr[-200:]}")
    done = subprocess.run([*fetch, *map(str, arguments)], capture_output=True, text=True, check=False, env=environment, cwd=folder)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr
