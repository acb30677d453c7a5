"""trdpgx: from a VCF to a structured pharmacogenomic report.

    from app import annotate
    reports = annotate("genome.vcf.gz")

The names in ``__all__`` are the public ones. They are imported when they are first asked for, so that the parser's child process, which
lives in this package too, starts with nothing but what it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.model.options import AbsentOption, AssemblyOption, Options
    from app.model.problem import InputError, Problem
    from app.model.report import Report
    from app.pipeline import Service, annotate

__all__ = ["AbsentOption", "AssemblyOption", "InputError", "Options", "Problem", "Report", "Service", "annotate"]

_HOMES = {
    "AbsentOption": "app.model.options",
    "AssemblyOption": "app.model.options",
    "InputError": "app.model.problem",
    "Options": "app.model.options",
    "Problem": "app.model.problem",
    "Report": "app.model.report",
    "Service": "app.pipeline",
    "annotate": "app.pipeline",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'app' has no attribute {name!r}")
