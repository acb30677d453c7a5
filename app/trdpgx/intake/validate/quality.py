"""Whether a genotype rests on enough to be used: one judgement for ordinary rows, for gVCF blocks and for rare variants.

A genotype that was read rests on reads: it needs some (DP, MIN_DP, AD), enough of them, and a sure enough quality (GQ, GATK's RGQ,
Strelka's GQX; where none is stated, how far the second best likelihood in PL or GL lies behind the best; where these are missing too,
QUAL, if QUAL is about what this sample shows). Joint callers write ``0/0`` where a sample has no read at all.

An imputed genotype has no reads. It is judged by the accuracy of its marker (R2 and its kin in INFO) and by its own probability (GP). A
row is imputed if INFO, the header's ``##source`` or its own dosages (DS, HDS, GP as probabilities) show it. GP was Phred-scaled before
VCF 4.3 and still is in some callers' files, which state reads beside it: such values are likelihoods here.

What is not stated is not judged: an array's ``0/0`` with nothing beside it is sound.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from trdpgx.intake.validate.values import REAL
from trdpgx.model.limits import Limits

JUDGED = (
    *("DP", "MIN_DP", "AD", "GQ", "RGQ", "GQX", "PL", "GL", "GP", "DS", "HDS"),
    *("NR", "RO", "AO", "RD", "ADF", "ADR", "DP4", "COV", "NDP", "DPI", "SDP"),
)
"""The FORMAT keys that are looked at."""
USED = tuple(key.encode() for key in JUDGED)
"""The same as bytes."""
_MISSING = frozenset({b"", b"."})
_ACCURACY = (b"DR2", b"R2", b"Rsq", b"RSQ", b"INFO", b"INFO_SCORE", b"AR2")
"""Beagle, minimac, IMPUTE, GLIMPSE and QUILT name the accuracy of a marker so; the first one that is there counts."""
_IMPUTED = frozenset({b"IMP", b"IMPUTED", *_ACCURACY})
_MOST_VALUES = 20_000
"""More likelihoods than a genotype of 200 alleles has are not read."""
_MOST_KNOWN = 10_000
_HALF_ALLELE = 0.5
_FLAT = 0.005
"""Likelihoods this close to each other are equal (GL has two decimals)."""


class Soundness(IntEnum):
    """Whether a genotype can be used, and if not, why."""

    SOUND = 0
    NO_READS = 1
    LOW_QUALITY = 2


class Marker(NamedTuple):
    """What a record states for all samples: whether it is imputed, how many ALTs it has, and what of it is too low.

    ``accuracy`` (one value, or one an ALT), ``depth`` (reads in INFO) and ``quality`` (QUAL) are left out where they are good enough, so
    that few records differ.
    """

    imputed: bool = False
    accuracy: tuple[float, ...] = ()
    depth: float | None = None
    quality: float | None = None
    alts: int = 0

    @property
    def judges(self) -> bool:
        """Whether a genotype with nothing beside it may be refused."""
        return bool(self.accuracy) or self.depth is not None or self.quality is not None


class Judge:
    """Judges the genotypes of one input. ``imputed``: whether its header states that they are imputed."""

    def __init__(self, limits: Limits, *, imputed: bool) -> None:
        self._limits = limits
        self._imputed = imputed
        self._bare: dict[tuple[float | None, int], Marker] = {}
        self._judged: dict[tuple[Marker, tuple[int, ...], tuple[str, ...], tuple[bytes, ...]], Soundness] = {}

    def marker(self, info: Mapping[bytes, bytes], quality: float | None, alts: int) -> Marker:
        """Return what a record states: INFO by key, QUAL, and the number of ALTs (0 where it only has "any other" ones)."""
        limits = self._limits
        low = quality if quality is not None and quality < limits.min_genotype_quality else None
        if not info:
            marker = self._bare.get((low, alts))
            if marker is None:
                marker = self._bare[low, alts] = Marker(self._imputed, (), None, low, alts)
            return marker
        accuracy = _numbers(next((info[key] for key in _ACCURACY if info.get(key, b".") not in _MISSING), b""))
        depths = [number for key in (b"DP", b"MIN_DP") if (number := _number(info.get(key, b"."))) is not None]
        # INFO/DP is the sum over all samples: only 0 means something for each of them. MIN_DP is the least of a block.
        least = min((depth for depth in depths if depth == 0 or b"MIN_DP" in info), default=None)
        return Marker(
            self._imputed or not _IMPUTED.isdisjoint(info),
            accuracy if min(accuracy, default=1.0) < limits.min_imputation_accuracy else (),
            least if least is not None and (least == 0 or least < limits.min_depth) else None,
            low,
            alts,
        )

    def judge(self, marker: Marker, alleles: tuple[int, ...], keys: tuple[str, ...], texts: tuple[bytes, ...]) -> Soundness:
        """Return the judgement on one genotype; ``texts`` are those of the ``keys`` of ``JUDGED`` that the record has."""
        key = (marker, alleles, keys, texts)
        soundness = self._judged.get(key)
        if soundness is None:
            if len(self._judged) >= _MOST_KNOWN:
                self._judged.clear()
            soundness = self._judged[key] = self._judge(marker, alleles, dict(zip(keys, texts, strict=True)))
        return soundness

    def _judge(self, marker: Marker, alleles: Sequence[int], fields: Mapping[str, bytes]) -> Soundness:
        chances = _numbers(fields.get("GP", b"."))
        probabilities = len(chances) > 1 and min(chances) >= 0 and abs(sum(chances) - 1) <= 0.1
        if marker.imputed or probabilities or not {fields.get("DS", b"."), fields.get("HDS", b".")} <= _MISSING:
            return self._judge_imputed(marker, alleles, fields, chances if probabilities else ())
        return self._judge_read(marker, alleles, fields, chances)

    def _judge_imputed(self, marker: Marker, alleles: Sequence[int], fields: Mapping[str, bytes], chances: Sequence[float]) -> Soundness:
        limits, accuracy = self._limits, marker.accuracy
        if len(accuracy) == marker.alts > 1 and (carried := {allele for allele in alleles if allele > 0}):
            accuracy = tuple(accuracy[allele - 1] for allele in carried)
        if accuracy and min(accuracy) < limits.min_imputation_accuracy:
            return Soundness.LOW_QUALITY
        if chances and _chance(alleles, chances) < limits.min_genotype_probability:
            return Soundness.LOW_QUALITY
        if not chances and _is_other_than(alleles, _numbers(fields.get("DS", b"."))):
            return Soundness.LOW_QUALITY
        return Soundness.SOUND

    def _judge_read(self, marker: Marker, alleles: Sequence[int], fields: Mapping[str, bytes], phred: Sequence[float]) -> Soundness:
        depths = _stated(fields, ("DP", "MIN_DP"))
        reads = _numbers(fields.get("AD", b"."))
        if not depths and (not reads or "RD" in fields):
            # freebayes counts reads of REF and ALT (RO, AO), VarScan too (RD, AD), others forward and reverse reads (ADF, ADR).
            pairs = [[_numbers(fields.get(key, b".")) for key in keys] for keys in (("RO", "AO"), ("RD", "AD"), ("ADF", "ADR"))]
            depths = [sum(first) + sum(second) for first, second in pairs if first and second]
            # Platypus counts those at the site once for each ALT (NR); others by allele or direction (COV, DP4), or all of them.
            depths += [max(at_site)] if (at_site := _numbers(fields.get("NR", b"."))) else []
            depths += [sum(each) for key in ("COV", "DP4") if (each := _numbers(fields.get(key, b".")))]
            depths = depths or _stated(fields, ("DPI", "NDP", "SDP"))
        if not depths and reads:
            depths = [sum(reads)]
        elif reads and not any(reads) and len(reads) > marker.alts:
            depths.append(0.0)
        if not depths and marker.depth is not None:
            depths = [marker.depth]
        if depths and min(depths) == 0:
            return Soundness.NO_READS
        stated = _stated(fields, ("GQ", "RGQ", "GQX"))
        gaps = (
            _gap(_numbers(fields.get("PL", b"."))),
            _gap([-10 * value for value in _numbers(fields.get("GL", b"."))]),
            _gap(phred),
        )
        gap = next((gap for gap in gaps if gap is not None), None)
        quality = min(stated, default=gap)
        if quality == 0 or (gap is not None and gap <= _FLAT):
            return Soundness.LOW_QUALITY if depths else Soundness.NO_READS
        if quality is None and (not marker.alts or any(allele > 0 for allele in alleles)):
            # QUAL is the chance that the ALTs are no variant, and without ALTs that there is one (VCF 4.3, section 1.6.1): of a sample
            # without an ALT it means something in the latter case alone.
            quality = marker.quality
        low = quality is not None and quality < self._limits.min_genotype_quality
        return Soundness.LOW_QUALITY if low or (depths and min(depths) < self._limits.min_depth) else Soundness.SOUND


def _number(text: bytes) -> float | None:
    return float(text) if REAL.fullmatch(text) else None


def _stated(fields: Mapping[str, bytes], keys: Sequence[str]) -> list[float]:
    """Return the numbers of the keys that have one."""
    return [number for key in keys if (number := _number(fields.get(key, b"."))) is not None]


def _numbers(text: bytes) -> tuple[float, ...]:
    """Return the numbers of a list; those that are missing, or no numbers, are left out."""
    if text in _MISSING or text.count(b",") > _MOST_VALUES:
        return ()
    return tuple(number for part in text.split(b",") if (number := _number(part)) is not None)


def _gap(likelihoods: Sequence[float]) -> float | None:
    """Return how far the second best of Phred-scaled likelihoods lies behind the best, which is GQ; ``None`` for fewer than two."""
    if len(likelihoods) < 2:
        return None
    best, second = sorted(likelihoods)[:2]
    return second - best


def _is_other_than(alleles: Sequence[int], dosages: Sequence[float]) -> bool:
    """Return whether a complete genotype is another one than its dosages (DS, one an ALT) make: by more than half an allele."""
    counts = ((dosage, alleles.count(number)) for number, dosage in enumerate(dosages, 1))
    return len(alleles) == 2 and min(alleles) >= 0 and any(abs(dosage - count) > _HALF_ALLELE for dosage, count in counts)


def _chance(alleles: Sequence[int], chances: Sequence[float]) -> float:
    """Return the probability of the genotype, or the highest of all where it is not among them."""
    if len(alleles) == 2 and min(alleles) >= 0:
        low, high = sorted(alleles)
        index = high * (high + 1) // 2 + low  # VCF 4.3, section 1.6.2: the order of GL
        if index < len(chances):
            return chances[index]
    return max(chances)
