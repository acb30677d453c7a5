"""One structural record, read as the numbers of gene copies that it allows.

What each field means (VCF 4.2 to 4.5): FORMAT/CN is the sample's total over the record's interval, a whole number or (from 4.4 on) a real
one. INFO/CN is no sample's: before 4.4 it is that of the segment, from 4.4 on one number for each ALT. So it is read both ways, and
counts where both agree or one of them cannot be. RD_CN (GATK-SV), CNF (Genome STRiP) and RDCN (Delly) are estimates from read depth.
"""

import math
import re
from collections.abc import Sequence

from msgspec import Struct

from trdpgx.intake.validate.filters import DESCRIBING, REFCALL
from trdpgx.model.genome import NoCallReason, StructuralRecord
from trdpgx.texts import both, phrase

_COPIES_ALLELE = re.compile(r"CN(\d{1,3})")
_DESCRIBING = DESCRIBING | {".", "", "bothsides_support"}
"""FILTER values that name the kind of site and not a failure: those of any row, and that of GATK-SV for reads over both
breakpoints."""
_COUNTED = frozenset({"CNV", "DEL", "DUP"})
_FITTING = {"DEL": range(2), "DUP": range(3, 1000)}
"""The numbers of copies of someone who carries such an allele."""
_NEAR = 0.25
"""The most by which a real number of copies may differ from the whole number that it is read as."""
_SAME_EVENT = 0.9
"""Two records of one kind that share so much of the longer one are one event that two callers found."""


class Allowed(Struct, frozen=True):
    """The numbers of copies that a record (or the genotypes of several) allows; empty where it states a change and no number.

    ``deleted`` counts haplotypes without the gene; ``carried``: whether the sample has a structural allele here.
    """

    numbers: frozenset[int]
    text: str
    deleted: int = 0
    carried: bool = False


def base_kind(record: StructuralRecord) -> str:
    """Return the kind of a record without its subtype: ``DEL`` of ``DEL:ME``."""
    return record.kind.split(":")[0]


def refusal(record: StructuralRecord) -> NoCallReason | None:
    """Return why the filter or the quality of a record refuses it, as of any row; ``None`` where it passes."""
    names = set() if record.filter is None else set(record.filter.casefold().split(";"))
    if not names <= _DESCRIBING or (REFCALL in names and record.alt_count):
        return NoCallReason.FILTERED
    return record.unsound


def is_silent(record: StructuralRecord) -> bool:
    """Whether a record only shows that the sample does not carry its allele: genotype without it, and the ordinary two copies."""
    return record.alt_count == 0 and record.copy_number == 2


def is_counted(record: StructuralRecord) -> bool:
    """Whether a record is of a kind that changes the number of copies, and nothing else."""
    kind = base_kind(record)
    return (kind in _COUNTED and not record.kind.startswith("CNV:TR")) or _COPIES_ALLELE.fullmatch(kind) is not None


def numbers_of(record: StructuralRecord) -> frozenset[int] | None:
    """Return the numbers of copies that one record allows by itself; ``None`` where it names none, and shows no change of it."""
    allowed = by_number(record) or by_genotypes((record,))
    return None if allowed is None else allowed.numbers


def shows_change(record: StructuralRecord) -> bool:
    """Whether a record shows that the sample carries its allele, or has or may have another number of copies than two."""
    numbers = numbers_of(record)
    return bool(record.alt_count) or (numbers is not None and numbers != {2})


def by_number(record: StructuralRecord) -> Allowed | None:
    """Return what a number of the record allows; ``None`` where it has none, or none about this sample."""
    numbers = _numbers(record)
    return None if numbers is None else Allowed(numbers, name_of(record), carried=bool(record.alt_count))


def _numbers(record: StructuralRecord) -> frozenset[int] | None:
    """Return the numbers that a record allows by itself: its CN before INFO/CN, and that before an estimate."""
    kind = base_kind(record)
    numbers: frozenset[int] | None = None
    if record.copy_number is not None:
        numbers = frozenset({record.copy_number})
    elif record.estimate is not None:
        numbers = whole_numbers(record.estimate)
    elif record.alt_count == 0 or (_change(record) is not None and record.stated is None):
        numbers = None
    elif record.stated is not None:
        numbers = _of_allele(record, record.stated)
    elif record.read_depth is not None and (record.alt_count is None or kind == "CNV"):
        numbers = whole_numbers(record.read_depth)
    elif record.alt_count and kind in _COUNTED and not record.kind.startswith("CNV:TR"):
        numbers = _half_called(record)
    if numbers is not None and record.alt_count and kind in _FITTING:
        # CN of someone who carries a deletion is below two, and above two for a duplication; anything else contradicts the genotype.
        numbers = frozenset(number for number in numbers if number in _FITTING[kind])
    return numbers


def by_genotypes(records: Sequence[StructuralRecord]) -> Allowed | None:
    """Return what deletions and duplications allow that only have a genotype: they add up over both haplotypes.

    ``None`` where there is none. A read-depth estimate beside a genotype is one more number that has to agree.
    """
    events: list[StructuralRecord] = []
    for record in records:
        plain = record.copy_number is None and record.estimate is None and record.stated is None
        if plain and _change(record) is not None and not any(_same_event(record, other) for other in events):
            events.append(record)
    if not events:
        return None
    numbers = {max(2 + sum(_change(record) or 0 for record in events), -1)}
    for record in events:
        if record.alt_count and record.read_depth is not None:
            numbers |= whole_numbers(record.read_depth)
    return Allowed(
        numbers=frozenset(numbers),
        text="; ".join(dict.fromkeys(map(name_of, events))),
        deleted=sum(_without(record) for record in events),
        carried=any(record.alt_count for record in events),
    )


def whole_numbers(number: float) -> frozenset[int]:
    """Return the whole number that a real number of copies is near, or else those on both sides of it."""
    nearest = round(number)
    return frozenset({nearest}) if abs(number - nearest) <= _NEAR else frozenset({math.floor(number), math.ceil(number)})


def name_of(record: StructuralRecord) -> str:
    """Return a record in words, with what it states."""
    name = f"<{record.kind}>"
    if record.copy_number is not None:
        return phrase("copy_records.with_number", name=name, copy_number=record.copy_number)
    if record.estimate is not None:
        return phrase("copy_records.with_estimate", name=name, estimate=f"{record.estimate:g}")
    parts = [phrase("copy_records.genotype", genotype=record.genotype)] if record.genotype is not None else []
    parts += [phrase("copy_records.stated_in_info", stated=f"{record.stated:g}")] if record.stated is not None else []
    parts += [phrase("copy_records.read_depth_estimate", read_depth=f"{record.read_depth:g}")] if record.read_depth is not None else []
    return phrase("copy_records.with_parts", name=name, parts=both(parts)) if parts else name


def _of_allele(record: StructuralRecord, stated: float) -> frozenset[int]:
    """Return the copies that INFO/CN can mean: those of the person, or those of the allele beside the other haplotype's."""
    if record.alt_count is None or record.genotype is None:
        return whole_numbers(stated)
    alleles = re.split(r"[/|]", record.genotype)
    if "." in alleles:
        return whole_numbers(stated) | _half_called(record)
    others = len(alleles) - record.alt_count
    per_allele = {others + record.alt_count * number for number in whole_numbers(stated)}
    in_all = {number for number in whole_numbers(stated) if number >= others}
    return frozenset(per_allele | in_all)


def _half_called(record: StructuralRecord) -> frozenset[int]:
    """Return the copies where one allele of the genotype is not known; none where the allele has no number."""
    return {"DEL": frozenset({0, 1}), "DUP": frozenset({3, 4})}.get(base_kind(record), frozenset())


def _change(record: StructuralRecord) -> int | None:
    """Return by how many copies the genotype of a record differs from two; ``None`` where it does not show it."""
    if record.alt_count is None or (record.alt_count and not _is_diploid(record)):
        return None
    kind = base_kind(record)
    allele = _COPIES_ALLELE.fullmatch(kind)
    if allele:
        return record.alt_count * (int(allele[1]) - 1)
    if record.alt_count == 0 or kind not in {"DEL", "DUP"}:
        return None
    return -record.alt_count if kind == "DEL" else record.alt_count


def _is_diploid(record: StructuralRecord) -> bool:
    """Whether the genotype has two known alleles: a caller of intervals writes one, and that one of the haplotypes is not known, a dot."""
    return record.genotype is None or (record.genotype.count("/") + record.genotype.count("|") == 1 and "." not in record.genotype)


def _without(record: StructuralRecord) -> int:
    return (record.alt_count or 0) if base_kind(record) in {"DEL", "CN0"} else 0


def _same_event(one: StructuralRecord, other: StructuralRecord) -> bool:
    """Whether two records of equal effect and nearly equal span are one event."""
    effect = (_change(one), _without(one) > 0, one.alt_count)
    if effect != (_change(other), _without(other) > 0, other.alt_count) or not one.alt_count:
        return False
    shared = min(one.end, other.end) - max(one.start, other.start) + 1
    return shared >= _SAME_EVENT * max(one.end - one.start + 1, other.end - other.start + 1)
