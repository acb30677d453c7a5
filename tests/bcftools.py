"""The real bcftools, for tests that compare with it or let it rewrite a file."""

import shutil
import subprocess

import pytest

needs_bcftools = pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed here (CI installs it)")


def bcftools(data: bytes, *arguments: str) -> bytes:
    """Return what a command of bcftools makes of a file on its standard input."""
    return subprocess.run(["bcftools", *arguments, "-"], input=data, capture_output=True, check=True).stdout
