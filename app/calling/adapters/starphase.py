"""pb-StarPhase (PacBio): the JSON of calls, with ``gene_details`` and in it ``diplotypes`` for each gene, HLA among them.

Followed: the user guide of PacificBiosciences/pb-StarPhase, "Output call file". Several diplotypes are ambiguous; none, or
``NO_MATCH``, is a no-call. HLA alleles come without a star and with up to four fields.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.calling.document import Document


def recognises(document: Document) -> bool:
    """Return whether the file is pb-StarPhase's JSON."""
    found = document.json
    return isinstance(found, dict) and "pbstarphase_version" in found and isinstance(found.get("gene_details"), dict)


def read(document: Document) -> Iterator[Mapping[str, Any]]:
    """Yield one call for each diplotype of each gene."""
    tool = f"pb-StarPhase {document.json['pbstarphase_version']}"
    for gene, details in document.json["gene_details"].items():
        listed = details.get("diplotypes") if isinstance(details, dict) else None
        diplotypes = [_diplotype(one) for one in listed or [] if isinstance(one, dict)]
        named = [diplotype for diplotype in diplotypes if diplotype and "NO_MATCH" not in diplotype]
        if not named:
            yield {"gene": gene, "tool": tool, "no_call": True}
        for diplotype in named:
            yield {"gene": gene, "tool": tool, "diplotype": diplotype}


def _diplotype(listed: Mapping[str, Any]) -> str | None:
    first, second = listed.get("hap1"), listed.get("hap2")
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}/{second}"
    whole = listed.get("diplotype")
    return whole if isinstance(whole, str) else None
