"""bcftools and htslib, for tests that compare with them or have them rewrite a file."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cyvcf2 import VCF, Writer

needs_bcftools = pytest.mark.skipif(shutil.which("bcftools") is None, reason="bcftools is not installed here (CI installs it)")


def bcftools(data: bytes, *arguments: str) -> bytes:
    """Return the output of a bcftools command for a file on its standard input."""
    return subprocess.run(["bcftools", *arguments, "-"], input=data, capture_output=True, check=True).stdout


def as_bcf(data: bytes, folder: Path) -> bytes:
    """Return a VCF as BCF, written by the htslib of cyvcf2."""
    source, target = folder / "a.vcf", folder / "a.bcf"
    source.write_bytes(data)
    reader = VCF(str(source))
    writer = Writer(str(target), reader, mode="wb")
    for record in reader:
        writer.write_record(record)
    writer.close()
    return target.read_bytes()
