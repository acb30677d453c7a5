"""Paths of the bundled rules, reference and example: beside ``app/`` in a checkout, inside the package where it is installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def rules_directory() -> Path:
    """Return the folder of the bundled rules."""
    return _bundled("rules")


def reference_directory() -> Path:
    """Return the folder of the bundled reference."""
    return _bundled("reference")


def example_genome() -> Path:
    """Return the path of the synthetic VCF that the documentation and the page show."""
    packaged = _PACKAGE / "bundled" / "example.vcf"
    return packaged if packaged.is_file() else _PACKAGE.parents[1] / "examples" / "synthetic.vcf"


def _bundled(name: str) -> Path:
    """Return the packaged folder if there is one, else the one of the checkout."""
    packaged = _PACKAGE / "bundled" / name
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / name
