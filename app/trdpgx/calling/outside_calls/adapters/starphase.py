"""pb-StarPhase (PacBio): the JSON of calls, with ``gene_details`` and in it ``diplotypes`` for each gene, HLA among them.

Followed: the user guide of PacificBiosciences/pb-StarPhase, "Output call file". Several diplotypes are ambiguous; none, ``NO_MATCH`` or
``NO_READS`` is a no-call. ``inexact_diplotypes`` are the nearest ones where nothing matches: they are no call, and the flag names them.
HLA alleles come without a star and with up to four fields.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from trdpgx.calling.outside_calls.adapter import CallFields
from trdpgx.calling.outside_calls.document import ResultFile
from trdpgx.calling.outside_calls.no_calls import called_nothing


def recognises(document: ResultFile) -> bool:
    """Return whether the file is pb-StarPhase's JSON."""
    root = document.json
    return isinstance(root, dict) and "pbstarphase_version" in root and isinstance(root.get("gene_details"), dict)


def read(document: ResultFile) -> Iterator[CallFields]:
    """Yield one call for each diplotype of each gene."""
    tool = f"pb-StarPhase {document.json['pbstarphase_version']}"
    for gene, details in document.json["gene_details"].items():
        diplotypes = [_diplotype(one) for one in _listed(details, "diplotypes")]
        named = [diplotype for diplotype in diplotypes if diplotype and not called_nothing(diplotype)]
        if not named:
            flag = "no exact match" if _listed(details, "inexact_diplotypes") else None
            yield {"gene": gene, "tool": tool, "no_call": True, "quality_flag": flag}
        for diplotype in named:
            yield {"gene": gene, "tool": tool, "diplotype": diplotype}


def _listed(details: object, name: str) -> list[Mapping[str, Any]]:
    listed = details.get(name) if isinstance(details, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _diplotype(listed: Mapping[str, Any]) -> str | None:
    first, second = listed.get("hap1"), listed.get("hap2")
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}/{second}"
    whole = listed.get("diplotype")
    return whole if isinstance(whole, str) else None
