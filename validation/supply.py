"""The software bill of materials with licences, and known vulnerabilities of the packages in it.

``python -m validation.supply sbom FOLDER`` writes ``sbom.cdx.json`` (CycloneDX 1.5, by uv) and ``licenses.tsv``;
``python -m validation.supply audit`` asks PyPI for advisories about every locked package, through pip-audit.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
UV = str(ROOT / ".tools/bin/uv") if (ROOT / ".tools/bin/uv").exists() else "uv"
_RUN_TIME = ("--locked", "--no-dev", "--all-extras", "--quiet")
_AUDIT = "pip-audit==2.10.1"
_NOT_THERE = ("not found on PyPI", "ConnectionError", "Failed to establish", "Max retries")


def sbom(folder: Path) -> None:
    """Write the run-time packages of the program in CycloneDX, and the licence of each."""
    folder.mkdir(parents=True, exist_ok=True)
    _uv("export", *_RUN_TIME, "--format", "cyclonedx1.5", "--output-file", str(folder / "sbom.cdx.json"))
    lines = ["\t".join(row) for row in (("package", "version", "license"), *licenses())]
    (folder / "licenses.tsv").write_text("\n".join(lines) + "\n", "utf-8")


def licenses() -> Iterator[tuple[str, str, str]]:
    """Yield name, version and licence of each package that the program runs with on this platform."""
    for line in _uv("export", *_RUN_TIME, "--no-emit-project", "--no-hashes", "--no-header", "--no-annotate").splitlines():
        name, _, version = line.partition(";")[0].strip().partition("==")
        try:
            yield name, version, _license(name)
        except PackageNotFoundError:
            continue  # of another platform


def _license(name: str) -> str:
    """Return the licence as the package states it: its SPDX expression, else its classifiers, else the first line of its text."""
    known = metadata(name)
    expression = known.get("License-Expression")
    if expression:
        return str(expression)
    classified = [one.rpartition(" :: ")[2] for one in known.get_all("Classifier") or () if one.startswith("License :: ")]
    return ", ".join(classified) or str(known.get("License") or "not stated").splitlines()[0]


def audit() -> int:
    """Return 1 if an advisory on a locked package is known. An index that cannot be read is reported and is no failure."""
    with TemporaryDirectory() as folder:
        locked = Path(folder, "requirements.txt")
        _uv("export", *_RUN_TIME, "--no-emit-project", "--output-file", str(locked))
        command = (UV, "tool", "run", "--from", _AUDIT, "pip-audit", "--disable-pip", "--require-hashes", "-r", str(locked))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    text = done.stdout + done.stderr
    if done.returncode == 0 and not re.search("|".join(_NOT_THERE), text):
        print("audit: no advisory is known of any locked package")
        return 0
    if re.search("|".join(_NOT_THERE), text):
        print("skipped: PyPI's advisories cannot be read from here")
        return 0
    print(text)
    return 1


def _uv(*arguments: str) -> str:
    return subprocess.run((UV, *arguments), cwd=ROOT, capture_output=True, text=True, check=True).stdout


def main(arguments: Sequence[str]) -> int:
    """Run the command that the first argument names."""
    match arguments:
        case ["sbom", folder]:
            sbom(Path(folder))
            return 0
        case ["audit"]:
            return audit()
    print(__doc__)
    return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
