"""Structural records over a gene, read as a number of copies.

A record of a copy-number caller states the copies of the sample (CN); one of a structural caller states an allele and a genotype; INFO/CN
(VCF 4.4) and read-depth estimates (RD_CN, CNF, RDCN) come beside either. Each record *allows* a set of numbers, and what all of them
allow is the answer: one number is known, several or none are a doubt that is put into words. What the sample
carries and no number of copies accounts for keeps the gene from being called (docs/decisions/0061-structural-records.md).
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.calling.copy_number.extent import WHOLE, GeneExtent
from trdpgx.calling.copy_number.records import (
    Allowed,
    base_kind,
    by_genotypes,
    by_number,
    is_counted,
    is_silent,
    name_of,
    numbers_of,
    refusal,
    shows_change,
)
from trdpgx.model.genome import NoCallReason, StructuralRecord
from trdpgx.texts import either_number, phrase

_MOST_COPIES = 12
_MOST_NAMED = 6
"""The most records that a reason names."""


class RefusedRecord(Struct, frozen=True):
    """A record that its own filter or quality refuses: what it shows in words, why it is refused, and the copies that it would leave.

    ``numbers`` is empty where it names none.
    """

    kind: str
    text: str
    reason: NoCallReason
    numbers: tuple[int, ...]


class CopyEvidence(Struct, frozen=True):
    """What the structural records of one sample show of one gene.

    ``copies`` is the number of gene copies, ``None`` where nothing settles it. ``deleted`` counts the haplotypes without the gene where
    genotypes of deletions show it. ``text`` names the records that count, ``where`` how much of the gene they cover. ``doubt`` is why the
    records do not settle the number; ``possible`` are the numbers that they leave. ``unplaced`` is what passing records show and no
    number of copies accounts for. ``missing`` names a record over the whole gene that has neither number nor genotype of the sample.
    ``refused`` are the records that show a change and do not pass. ``partial`` tells of records over a part of the gene, ``intronic``
    names those within an intron. ``seen`` names all records over the gene.
    """

    copies: int | None = None
    deleted: int | None = None
    text: str = ""
    where: str = phrase("copy_structural.whole_gene")
    doubt: str = ""
    possible: tuple[int, ...] = ()
    unplaced: str = ""
    missing: str = ""
    refused: tuple[RefusedRecord, ...] = ()
    partial: bool = False
    intronic: tuple[str, ...] = ()
    unused: frozenset[NoCallReason] = frozenset()
    seen: str = ""


def copy_evidence(records: Sequence[StructuralRecord], extent: GeneExtent | None) -> CopyEvidence:
    """Return what the records show of a gene.

    A record counts for the whole gene if it covers nine tenths of the interval between the gene's outermost sites; intervals of a
    copy-number caller that together do so count as well, where they agree.
    """
    over = [record for record in records if extent is not None and extent.reached_by(record)]
    if extent is None or not over:
        return CopyEvidence()
    usable = [record for record in over if refusal(record) is None]
    whole = [record for record in usable if extent.is_whole(record)]
    parts = [record for record in usable if not extent.is_whole(record)]
    allowed = _allowed(whole)
    answer = _agreed(allowed) if allowed else _tiled(parts, extent)
    genotyped = by_genotypes(whole)
    signs = [record for record in parts if _is_sign(record, answer)]
    unplaced = [record for record in whole if record.alt_count and numbers_of(record) is None]
    unplaced += [record for record in signs if not extent.is_intronic(record)]
    missing = [record for record in whole if is_counted(record) and record.alt_count is None and by_number(record) is None]
    return replace(
        answer,
        deleted=genotyped.deleted if genotyped else None,
        unplaced=answer.unplaced or _unplaced(unplaced),
        missing=_missing(missing) if answer.copies is None and not answer.doubt else "",
        possible=answer.possible or (_as_missing(missing) if answer.copies is None else ()),
        refused=tuple(_refused(over, whole, extent)),
        partial=bool(signs) and not all(map(extent.is_intronic, signs)),
        intronic=tuple(dict.fromkeys(f"<{record.kind}>" for record in signs if extent.is_intronic(record))),
        unused=frozenset(reason for record in over if (reason := refusal(record)) is not None),
        seen="; ".join(dict.fromkeys(_described(record) for record in over)),
    )


def _unplaced(records: Sequence[StructuralRecord]) -> str:
    if not records:
        return ""
    shown = list(
        dict.fromkeys(phrase("copy_structural.record_at", record=name_of(record), interval=_interval(record)) for record in records)
    )
    more = len(shown) - _MOST_NAMED
    names = "; ".join(shown[:_MOST_NAMED]) + (phrase("copy_structural.and_more", count=more) if more > 0 else "")
    return phrase("copy_structural.unnamed_change", records=names)


def _interval(record: StructuralRecord) -> str:
    return f"chr{record.chrom}:{record.start}" + (f"-{record.end}" if record.end > record.start else "")


def _missing(records: Sequence[StructuralRecord]) -> str:
    names = "; ".join(dict.fromkeys(name_of(record) for record in records))
    return phrase("copy_structural.no_number", records=names) if names else ""


def _as_missing(records: Sequence[StructuralRecord]) -> tuple[int, ...]:
    """Return the numbers of copies that records without a value leave beside two: one fewer, one more, or either."""
    kinds = {base_kind(record) for record in records}
    if not kinds:
        return ()
    if kinds == {"DEL"}:
        return 1, 2
    return (2, 3) if kinds == {"DUP"} else (1, 2, 3)


def _refused(over: Sequence[StructuralRecord], whole: Sequence[StructuralRecord], extent: GeneExtent) -> Iterable[RefusedRecord]:
    """Yield the records that show a change, and do not pass, but for those that a passing one denies."""
    denied = {record.kind for record in whole if record.alt_count == 0}
    for record in over:
        reason = refusal(record)
        if reason is None or not shows_change(record) or extent.is_intronic(record) or record.kind in denied:
            continue
        numbers = sorted(numbers_of(record) or ()) if extent.is_whole(record) else []
        kept = tuple(number for number in numbers if 0 <= number <= _MOST_COPIES and number != 2)
        yield RefusedRecord(record.kind, name_of(record), reason, kept)


def _allowed(whole: Sequence[StructuralRecord]) -> list[Allowed]:
    """Return the numbers that each record over the whole gene allows; genotypes without a number count together."""
    numbered = [(record, numbers) for record in whole if (numbers := by_number(record)) is not None]
    genotyped = by_genotypes(whole)
    if any(not is_silent(record) for record, _ in numbered) or (genotyped and genotyped.carried):
        # A caller of structural variants gives every sample a CN at every site: at one whose allele this sample does not have, two
        # copies only mean that it is not carried, and do not contradict the allele that is.
        numbered = [(record, numbers) for record, numbers in numbered if not is_silent(record)]
    stated = [allowed for _, allowed in numbered]
    return [*stated, genotyped] if genotyped else stated


def _agreed(allowed: Sequence[Allowed]) -> CopyEvidence:
    """Return what records over the whole gene leave together."""
    text = "; ".join(dict.fromkeys(one.text for one in allowed))
    stated = [one.numbers for one in allowed if one.numbers]
    left = frozenset.intersection(*stated) if stated else frozenset()
    if len(stated) < len(allowed):
        doubt = phrase("copy_structural.number_not_read", records=text)
        return CopyEvidence(text=text, doubt=doubt, unplaced=doubt)
    if len(left) == 1 and 0 <= min(left) <= _MOST_COPIES:
        return CopyEvidence(copies=min(left), text=text)
    if not left:
        doubt = phrase("copy_structural.contradict", records=text)
    elif len(left) > 1:
        doubt = phrase("copy_structural.several_numbers", numbers=either_number(left), records=text)
    else:
        doubt = phrase("copy_structural.odd_number", records=text)
    possible = left or frozenset[int]().union(*stated)
    return _doubted(text, doubt, possible, settled_without_two=bool(left))


def _doubted(text: str, doubt: str, possible: Iterable[int], *, settled_without_two: bool) -> CopyEvidence:
    """Return several numbers as a doubt.

    Where two copies are not among those that every record allows, and fewer are, nothing is left that the genotypes could be read by.
    """
    kept = tuple(sorted(number for number in possible if 0 <= number <= _MOST_COPIES))
    only_more = bool(kept) and min(kept) > 2
    readable = only_more or (settled_without_two and 2 in kept)
    return CopyEvidence(text=text, doubt=doubt, possible=kept, unplaced="" if readable else doubt)


def _tiled(parts: Sequence[StructuralRecord], extent: GeneExtent) -> CopyEvidence:
    """Return the evidence of intervals that cover the gene only together: a number where they agree, a doubt where they do not."""
    intervals: dict[int, list[tuple[int, int]]] = {}
    for record in parts:
        allowed = by_number(record)
        if allowed is not None and len(allowed.numbers) == 1:
            intervals.setdefault(min(allowed.numbers), []).append((record.start, record.end))
    if not intervals or extent.share([one for several in intervals.values() for one in several]) < WHOLE:
        return CopyEvidence()
    shares = {number: extent.share(several) for number, several in intervals.items()}
    text = "; ".join(
        phrase("copy_structural.number_over_share", number=number, share=f"{share:.0%}") for number, share in sorted(shares.items())
    )
    leading = max(shares, key=lambda number: shares[number])
    if shares[leading] >= WHOLE and all(share <= 1 - WHOLE for number, share in shares.items() if number != leading):
        if not 0 <= leading <= _MOST_COPIES:
            doubt = phrase("copy_structural.odd_intervals", records=text)
            return CopyEvidence(text=text, doubt=doubt, unplaced=doubt)
        count = len(set(intervals[leading]))
        return CopyEvidence(
            copies=leading,
            text=phrase("copy_structural.intervals", count=count, number=leading),
            where=phrase("copy_structural.cover_together"),
        )
    doubt = phrase("copy_structural.intervals_differ", records=text)
    return _doubted(text, doubt, shares, settled_without_two=False)


def _is_sign(record: StructuralRecord, evidence: CopyEvidence) -> bool:
    """Whether a record over a part of the gene shows a change of its own, apart from the numbers that are found for all of it."""
    if not shows_change(record):
        return False
    numbers = numbers_of(record)
    counted = {evidence.copies} if evidence.copies is not None else set(evidence.possible)
    return not numbers or not numbers <= counted


def _described(record: StructuralRecord) -> str:
    """Name a record and why it does not count, if it does not pass."""
    text, reason = name_of(record), refusal(record)
    if reason is NoCallReason.FILTERED:
        return phrase("copy_structural.not_passed", text=text)
    return text if reason is None else f"{text} ({reason})"
