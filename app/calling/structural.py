"""Structural records over a gene, read as a number of copies."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.model.genome import PanelSite, StructuralRecord

_COPIES_ALLELE = re.compile(r"CN(\d+)")
_WHOLE = 0.9
_MOST_COPIES = 12


@dataclass(frozen=True, slots=True)
class CopyEvidence:
    """What the structural records of one sample say about one gene.

    ``copies`` is the number of gene copies, ``None`` where no record over the whole gene settles it. ``deleted`` counts the strands without
    the gene where genotypes of deletions say so. ``partial`` and ``filtered`` tell that there were records which could not be used;
    ``contradictory`` that the records over the whole gene do not agree.
    """

    copies: int | None = None
    deleted: int | None = None
    text: str = ""
    partial: bool = False
    filtered: bool = False
    contradictory: bool = False


def copy_evidence(records: Sequence[StructuralRecord], sites: Mapping[str, PanelSite], site_ids: Sequence[str]) -> CopyEvidence:
    """Return what the records say about the gene that ``site_ids`` define.

    A record speaks for the whole gene if it covers nine tenths of the stretch between the gene's outermost sites. CN is believed before GT;
    deletions and duplications that only have a GT add up over the two strands.
    """
    positions = [sites[site].pos for site in site_ids if site in sites] if records else []
    if not positions:
        return CopyEvidence()
    start, end = min(positions), max(positions)
    over = [record for record in records if record.start <= end and record.end >= start]
    usable = [record for record in over if record.filter in {None, "PASS", "."}]
    whole = [record for record in usable if _covered(record, start, end) >= _WHOLE]
    counts = {record.copy_number for record in whole if record.copy_number is not None}
    genotyped = [record for record in whole if record.copy_number is None and _change(record) is not None]
    deleted = sum(_strands_without(record) for record in genotyped)
    if not counts and genotyped:
        counts = {2 + sum(_change(record) or 0 for record in genotyped)}
    elif counts and genotyped:
        counts = counts | {2 + sum(_change(record) or 0 for record in genotyped)}
    agreed = len(counts) == 1 and 0 <= min(counts) <= _MOST_COPIES
    return CopyEvidence(
        copies=min(counts) if agreed else None,
        deleted=deleted if genotyped else None,
        text=_text(whole),
        partial=any(record not in whole and (record.alt_count or record.copy_number not in {None, 2}) for record in usable),
        filtered=len(usable) < len(over),
        contradictory=bool(counts) and not agreed,
    )


def _covered(record: StructuralRecord, start: int, end: int) -> float:
    return (min(record.end, end) - max(record.start, start) + 1) / (end - start + 1)


def _change(record: StructuralRecord) -> int | None:
    """Return by how many copies the genotype of a record differs from two; ``None`` where it does not say."""
    if record.alt_count is None:
        return None
    kind = record.kind.split(":")[0]
    allele = _COPIES_ALLELE.fullmatch(kind)
    if allele:
        return record.alt_count * (int(allele[1]) - 1)
    if record.alt_count == 0 or kind not in {"DEL", "DUP"}:
        return None
    return -record.alt_count if kind == "DEL" else record.alt_count


def _strands_without(record: StructuralRecord) -> int:
    return (record.alt_count or 0) if record.kind.split(":")[0] in {"DEL", "CN0"} else 0


def _text(records: Sequence[StructuralRecord]) -> str:
    said = []
    for record in records:
        if record.copy_number is not None:
            said.append(f"<{record.kind}> with CN={record.copy_number}")
        elif record.alt_count is not None:
            said.append(f"<{record.kind}> with genotype {record.genotype}")
    return "; ".join(dict.fromkeys(said))
