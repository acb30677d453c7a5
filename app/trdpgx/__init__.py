"""trdpgx: from a VCF to a structured pharmacogenomic report.

    from trdpgx import annotate
    reports = annotate("genome.vcf.gz")

The names in ``__all__`` are the public ones. They are imported when they are first asked for, so that the parser's child process, which
lives in this package too, starts with nothing but what it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trdpgx.model.options import AbsentOption, AssemblyOption, Options
    from trdpgx.model.problem import InputError, Problem
    from trdpgx.model.report import Report
    from trdpgx.pipeline import Service, annotate

__all__ = ["AbsentOption", "AssemblyOption", "InputError", "Options", "Problem", "Report", "Service", "annotate"]

_HOMES = {
    "AbsentOption": "trdpgx.model.options",
    "AssemblyOption": "trdpgx.model.options",
    "InputError": "trdpgx.model.problem",
    "Options": "trdpgx.model.options",
    "Problem": "trdpgx.model.problem",
    "Report": "trdpgx.model.report",
    "Service": "trdpgx.pipeline",
    "annotate": "trdpgx.pipeline",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'trdpgx' has no attribute {name!r}")
