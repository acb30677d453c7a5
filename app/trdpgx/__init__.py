"""trdpgx: from a VCF to a structured pharmacogenomic report.

    from trdpgx import annotate
    reports = annotate("genome.vcf.gz")

The names in ``__all__`` are the public ones. They are imported on first use, so that a process that needs one module of the package loads
no others.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trdpgx.knowledge.finding import RulesError
    from trdpgx.knowledge.reference.table import ReferenceDataError
    from trdpgx.model.clinical_context import ClinicalContext
    from trdpgx.model.errors import TrdpgxError
    from trdpgx.model.limits import Limits
    from trdpgx.model.options import AbsentOption, AssemblyOption, Options
    from trdpgx.model.problem import InputError, Problem
    from trdpgx.model.report import Report
    from trdpgx.model.settings import Settings
    from trdpgx.pipeline import Service, annotate

__all__ = [
    "AbsentOption",
    "AssemblyOption",
    "ClinicalContext",
    "InputError",
    "Limits",
    "Options",
    "Problem",
    "ReferenceDataError",
    "Report",
    "RulesError",
    "Service",
    "Settings",
    "TrdpgxError",
    "annotate",
]

_MODULES = {
    "AbsentOption": "trdpgx.model.options",
    "AssemblyOption": "trdpgx.model.options",
    "ClinicalContext": "trdpgx.model.clinical_context",
    "InputError": "trdpgx.model.problem",
    "Limits": "trdpgx.model.limits",
    "Options": "trdpgx.model.options",
    "Problem": "trdpgx.model.problem",
    "ReferenceDataError": "trdpgx.knowledge.reference.table",
    "Report": "trdpgx.model.report",
    "RulesError": "trdpgx.knowledge.finding",
    "Service": "trdpgx.pipeline",
    "Settings": "trdpgx.model.settings",
    "TrdpgxError": "trdpgx.model.errors",
    "annotate": "trdpgx.pipeline",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'trdpgx' has no attribute {name!r}")
