"""Snakemake wrapper for ``trdpgx annotate``. Every value is an argument of its own: no shell reads a file name or a parameter."""

import subprocess
import sys
from pathlib import Path

FORMATS = {".fhir.json": "fhir", **{f".{name}": name for name in ("json", "ndjson", "html", "tsv", "parquet", "vcf")}, ".txt": "text"}


def listed(value):
    """Return one value or several as a list."""
    return [str(value)] if isinstance(value, str | Path) else [str(one) for one in value]


reports = str(snakemake.output.get("reports", snakemake.output[0]))  # noqa: F821 (Snakemake defines it)
form = snakemake.params.get("format") or next((name for ending, name in FORMATS.items() if reports.endswith(ending)), None)  # noqa: F821
if form is None:
    raise ValueError(f"the ending of {reports} names no format: set params.format")
command = ["trdpgx", "annotate", "--format", form, "--output", f"{reports}/" if Path(reports).suffix == "" else reports]
for option in ("assembly", "absent", "targets", "rules"):
    if snakemake.params.get(option):  # noqa: F821
        command += [f"--{option}", str(snakemake.params[option])]  # noqa: F821
for option in ("sample", "require", "fail_on", "input_name"):
    for value in listed(snakemake.params.get(option, ())):  # noqa: F821
        command += [f"--{option.replace('_', '-')}", value]
for option in ("outside_calls", "context", "samples_file"):
    if snakemake.input.get(option):  # noqa: F821
        command += [f"--{option.replace('_', '-')}", str(snakemake.input[option])]  # noqa: F821
if snakemake.output.get("multiqc"):  # noqa: F821
    command += ["--multiqc", str(snakemake.output.multiqc)]  # noqa: F821
command += listed(snakemake.params.get("extra", ()))  # noqa: F821
command += ["--", *listed(snakemake.input.get("vcf", snakemake.input[0]))]  # noqa: F821
with open(snakemake.log[0] if snakemake.log else "/dev/stderr", "w") as log:  # noqa: F821
    done = subprocess.run(command, stderr=log, check=False)
sys.exit(done.returncode)
