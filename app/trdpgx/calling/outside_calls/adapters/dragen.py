"""DRAGEN targeted callers (Illumina): ``<prefix>.targeted.json``, which holds an object a target.

Followed: the DRAGEN guide (v4.2 to v4.5), "Targeted Caller", and the field list of geneyx.analysis.api: ``genotype``, ``genotypeFilter``,
``pharmcatMetabolismStatus``. The genotype is written as Cyrius writes it; ``totalCopyNumber`` counts CYP2D7 as well and is not used.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from trdpgx.calling.outside_calls.adapter import CallFields
from trdpgx.calling.outside_calls.adapters.cyrius import arrangements
from trdpgx.calling.outside_calls.document import ResultFile
from trdpgx.calling.outside_calls.no_calls import flag_of

_TARGETS = ("cyp2d6", "cyp2b6")


def recognises(document: ResultFile) -> bool:
    """Return whether the file is DRAGEN's JSON of targeted callers."""
    return isinstance(document.json, dict) and any(_is_target(document.json.get(target)) for target in _TARGETS)


def read(document: ResultFile) -> Iterator[CallFields]:
    """Yield one call for each genotype of each pharmacogene."""
    root = document.json
    version = root.get("softwareVersion") or root.get("dragenVersion")
    tool = f"DRAGEN {version}" if isinstance(version, str) and "DRAGEN" not in version.upper() else "DRAGEN"
    sample = root.get("sampleId") if isinstance(root.get("sampleId"), str) else None
    for target in _TARGETS:
        if _is_target(root.get(target)):
            yield from _calls({"gene": target.upper(), "sample": sample, "tool": tool}, root[target])


def _is_target(value: object) -> bool:
    return isinstance(value, dict) and "genotype" in value


def _calls(shared: CallFields, target: Mapping[str, Any]) -> Iterator[CallFields]:
    genotype, phenotype = target["genotype"], target.get("pharmcatMetabolismStatus")
    shared = {
        **shared,
        "quality_flag": flag_of(target.get("genotypeFilter")),
        "phenotype": phenotype if isinstance(phenotype, str) else None,
    }
    if not isinstance(genotype, str):
        yield shared
        return
    for one in genotype.split(";"):
        for diplotype in arrangements(one.strip()):
            yield {**shared, "diplotype": diplotype}
