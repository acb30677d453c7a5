"""Structural records over a gene, read as a number of copies.

A record of a copy-number caller states the copies of the sample (CN); one of a structural caller states an allele and a genotype; INFO/CN
(VCF 4.4) and read-depth estimates (RD_CN, CNF, RDCN) come beside either. Each record *allows* a set of numbers, and what all of them
allow is the answer: one number is known, several or none are a doubt that is put into words. A record is never passed over in silence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trdpgx.calling.copy_number.records import Allowed, by_genotypes, by_number, is_silent, name_of, passed
from trdpgx.model.genome import PanelSite, StructuralRecord

_WHOLE = 0.9
_MOST_COPIES = 12


@dataclass(frozen=True, slots=True)
class CopyEvidence:
    """What the structural records of one sample say about one gene.

    ``copies`` is the number of gene copies, ``None`` where nothing settles it. ``deleted`` counts the haplotypes without the gene where
    genotypes of deletions say so. ``text`` names the records that count, ``where`` how much of the gene they cover. ``partial`` and
    ``filtered`` tell that there were records which could not be used. ``doubt`` says why the records do not settle the number although
    they show signs of another one than two; ``possible`` are the numbers that they leave. ``seen`` names all records over the gene.
    """

    copies: int | None = None
    deleted: int | None = None
    text: str = ""
    where: str = "Structural record over the whole gene"
    partial: bool = False
    filtered: bool = False
    doubt: str = ""
    possible: tuple[int, ...] = ()
    seen: str = ""


def copy_evidence(records: Sequence[StructuralRecord], sites: Mapping[str, PanelSite], site_ids: Sequence[str]) -> CopyEvidence:
    """Return what the records say about the gene that ``site_ids`` define.

    A record speaks for the whole gene if it covers nine tenths of the interval between the gene's outermost sites; intervals of a
    copy-number caller that together do so speak for it, too, where they agree.
    """
    positions = [sites[site].pos for site in site_ids if site in sites] if records else []
    if not positions:
        return CopyEvidence()
    start, end = min(positions), max(positions)
    over = [record for record in records if record.start <= end and record.end >= start]
    usable = [record for record in over if passed(record)]
    whole: list[StructuralRecord] = []
    parts: list[StructuralRecord] = []
    for record in usable:
        (whole if _share(start, end, [(record.start, record.end)]) >= _WHOLE else parts).append(record)
    allowed = _allowed(whole)
    found = _agreed(allowed) if allowed else _tiled(parts, start, end)
    tiling = None if allowed else found.copies
    partial = any(_is_sign(record, tiling) for record in parts)
    genotyped = by_genotypes(whole)
    return CopyEvidence(
        copies=found.copies,
        deleted=genotyped.deleted if genotyped else None,
        text=found.text,
        where=found.where,
        partial=partial,
        filtered=len(usable) < len(over),
        doubt=found.doubt,
        possible=found.possible,
        seen="; ".join(dict.fromkeys(_described(record) for record in over)),
    )


def _allowed(whole: Sequence[StructuralRecord]) -> list[Allowed]:
    """Return the numbers that each record over the whole gene allows; genotypes without a number count together."""
    numbered = [(record, found) for record in whole if (found := by_number(record)) is not None]
    speaking = [record for record, _ in numbered if not is_silent(record)]
    genotyped = by_genotypes(whole)
    if speaking or (genotyped and genotyped.carried):
        # A caller of structural variants gives every sample a CN at every site: at one whose allele this sample does not have, two
        # copies only mean that it is not carried, and do not contradict the allele that is.
        numbered = [(record, found) for record, found in numbered if not is_silent(record)]
    stated = [allowed for _, allowed in numbered]
    return [*stated, genotyped] if genotyped else stated


def _agreed(allowed: Sequence[Allowed]) -> CopyEvidence:
    """Return what records over the whole gene leave together."""
    text = "; ".join(dict.fromkeys(one.text for one in allowed))
    known = [one.numbers for one in allowed if one.numbers]
    left = frozenset.intersection(*known) if known else frozenset()
    if len(left) == 1 and 0 <= min(left) <= _MOST_COPIES and len(known) == len(allowed):
        return CopyEvidence(copies=min(left), text=text)
    if len(known) < len(allowed):
        doubt = f"A structural record over the whole gene states no number of copies that can be read: {text}."
    elif not left:
        doubt = f"The structural records over the gene contradict each other: {text}."
    elif len(left) > 1:
        doubt = f"The structural records over the gene leave more than one number of copies, {_listed(left)}: {text}."
    else:
        doubt = f"The structural records over the gene give a number of copies that is not read: {text}."
    possible = left or frozenset[int]().union(*known)
    return CopyEvidence(text=text, doubt=doubt, possible=tuple(sorted(number for number in possible if 0 <= number <= _MOST_COPIES)))


def _tiled(parts: Sequence[StructuralRecord], start: int, end: int) -> CopyEvidence:
    """Return what intervals say that cover the gene only together: a number where they agree, a doubt where they do not."""
    intervals: dict[int, list[tuple[int, int]]] = {}
    for record in parts:
        allowed = by_number(record)
        if allowed is not None and len(allowed.numbers) == 1:
            intervals.setdefault(min(allowed.numbers), []).append((record.start, record.end))
    if not intervals or _share(start, end, [one for several in intervals.values() for one in several]) < _WHOLE:
        return CopyEvidence()
    shares = {number: _share(start, end, several) for number, several in intervals.items()}
    text = "; ".join(f"CN={number} over {share:.0%} of the gene" for number, share in sorted(shares.items()))
    leading = max(shares, key=lambda number: shares[number])
    if shares[leading] >= _WHOLE and all(share <= 1 - _WHOLE for number, share in shares.items() if number != leading):
        if not 0 <= leading <= _MOST_COPIES:
            return CopyEvidence(text=text, doubt=f"The intervals over the gene give a number of copies that is not read: {text}.")
        count = len(set(intervals[leading]))
        return CopyEvidence(copies=leading, text=f"{count} intervals with CN={leading}", where="Intervals that together cover the gene")
    doubt = f"The copy-number intervals over the gene do not agree, as beside a hybrid: {text}."
    return CopyEvidence(text=text, doubt=doubt, possible=tuple(sorted(number for number in shares if 0 <= number <= _MOST_COPIES)))


def _share(start: int, end: int, intervals: Iterable[tuple[int, int]]) -> float:
    """Return how much of the bases from ``start`` to ``end`` the intervals cover together."""
    covered, behind = 0, start
    for one, other in sorted(intervals):
        first, last = max(one, behind), min(other, end)
        if last >= first:
            covered, behind = covered + last - first + 1, last + 1
    return covered / (end - start + 1)


def _is_sign(record: StructuralRecord, tiling: int | None) -> bool:
    """Whether a record over a part of the gene says something of its own, apart from a number that intervals over all of it share."""
    allowed = by_number(record)
    if allowed is not None and tiling is not None and allowed.numbers == {tiling}:
        return False
    return bool(record.alt_count) or (allowed is not None and allowed.numbers != {2})


def _described(record: StructuralRecord) -> str:
    """Name a record and why it does not count, if it failed its filter."""
    text = name_of(record)
    return text if passed(record) else f"{text} (did not pass its filter)"


def _listed(numbers: Iterable[int]) -> str:
    return " or ".join(str(number) for number in sorted(numbers))
