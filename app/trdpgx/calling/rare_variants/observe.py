"""The variants that one person carries in a gene: each with its consequence, the annotations of other tools, and its frequency."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.calling.consequence import consequence
from trdpgx.calling.consequence.cis import Allele, Together, read_together
from trdpgx.calling.rare_variants.annotation import Annotation, annotations, formats_of
from trdpgx.calling.rare_variants.frequency import best, csq_frequency_field, frequency_field, frequency_of
from trdpgx.calling.rare_variants.info import numbers, to_number
from trdpgx.calling.rare_variants.predictors import predictor_of, scores
from trdpgx.model.consequence import Consequence
from trdpgx.model.frequency import UNKNOWN_FREQUENCY, Frequency
from trdpgx.model.rare import Predictor
from trdpgx.model.region import CarriedRecord, InfoDefinition, RegionRecord
from trdpgx.model.transcript import Transcript

Lookup = Callable[[str, int, str, str], Frequency]
"""A frequency file of the operator: chromosome (no ``chr``), position, REF and ALT to a frequency."""


class Observed(Struct, frozen=True):
    """One alternate allele that a person carries, and all that is known of it.

    ``together`` is set where it has to be read with others of its haplotype (indices into the variants of the gene), ``unphased_with``
    where it would have to be if they were on one haplotype, which is not known.
    """

    call: CarriedRecord
    alt_index: int
    consequence: Consequence
    annotations: tuple[Annotation, ...]
    frequency: Frequency
    scores: Mapping[Predictor, float]
    together: Together | None = None
    unphased_with: tuple[int, ...] = ()

    @property
    def alt(self) -> str:
        """The allele as written."""
        return self.call.record.alts[self.alt_index]

    @property
    def copies(self) -> int:
        """How many of the genotype's alleles are this one."""
        return self.call.alleles.count(self.alt_index + 1)


_MOST_KEPT = 20_000
"""The most alleles whose consequences are kept at a time."""
_LONGEST_VALUE = 50_000
"""Characters of a field of INFO with a number for each of a thousand ALTs, and many times more."""


class InfoFields:
    """What is known of the INFO fields of one input, by its header: worked out once for it, and released with it."""

    def __init__(self, definitions: Mapping[str, InfoDefinition]) -> None:
        """Find the annotations; whether a key holds a number that counts is worked out when the key is met first."""
        self.definitions = definitions
        self.formats = formats_of(definitions)
        self.is_number = cache(_is_number)
        self._consequences: dict[tuple[str, RegionRecord, int], Consequence | None] = {}

    def has_number(self, key: str, value: str) -> bool:
        """Return whether a field of INFO has a number that counts; a value longer than any with a number for each ALT has none."""
        return self.is_number(key) and len(value) <= _LONGEST_VALUE

    def consequence(self, transcript: Transcript, record: RegionRecord, index: int) -> Consequence | None:
        """Return what an ALT (by its index, from 0) does, worked out once for all samples that carry it."""
        key = (transcript.refseq, record, index)
        if key not in self._consequences:
            if len(self._consequences) >= _MOST_KEPT:
                self._consequences.clear()
            self._consequences[key] = consequence(transcript, record.pos, record.ref, record.alts[index])
        return self._consequences[key]


def observe(
    transcript: Transcript, calls: Sequence[CarriedRecord], fields: InfoFields, lookup: Lookup | None = None
) -> tuple[Observed, ...]:
    """Return every alternate allele that the calls carry and that names a sequence near the transcript, in the order of the calls."""
    observed = []
    for call in calls:
        record = call.record
        if record.chrom != transcript.chrom:
            continue
        for index in range(len(record.alts)):
            own = fields.consequence(transcript, record, index) if index + 1 in call.alleles else None
            if own is not None:
                read = annotations(record, fields.formats, index, transcript)
                keys = (key for key, value in record.info.items() if fields.has_number(key, value))
                in_info = numbers(record.info, fields.definitions, keys, index, len(record.alts))
                in_csq = _annotated_numbers(read)
                frequency = _frequency(call, index, in_info, in_csq, lookup)
                observed.append(Observed(call, index, own, read, frequency, scores({**in_csq, **in_info})))
    return _read_together(transcript, observed) if observed else ()


def _is_number(key: str) -> bool:
    """Whether an INFO key holds a frequency or a score."""
    return frequency_field(key) is not None or predictor_of(key) is not None


def _annotated_numbers(read: Sequence[Annotation]) -> dict[str, float]:
    """Return the numbers inside VEP's annotation, by field."""
    values = {}
    for annotation in read:
        for name, text in annotation.fields.items():
            number = to_number(text) if csq_frequency_field(name) is not None or predictor_of(name) is not None else None
            if number is not None:
                values[name] = number
    return values


def _frequency(
    call: CarriedRecord, index: int, in_info: Mapping[str, float], in_csq: Mapping[str, float], lookup: Lookup | None
) -> Frequency:
    """Return the frequency to use: the operator's file before what was annotated, where both know one."""
    record = call.record
    looked_up = UNKNOWN_FREQUENCY if lookup is None else lookup(record.chrom, record.pos, record.ref, record.alts[index])
    if looked_up.decisive is not None:
        return looked_up
    annotated = best([frequency_of(in_info, frequency_field), frequency_of(in_csq, csq_frequency_field)])
    return best([annotated, looked_up])


def _read_together(transcript: Transcript, observed: Sequence[Observed]) -> tuple[Observed, ...]:
    """Read alleles of one haplotype together, and mark those of which it is not known whether they are on one."""
    result = list(observed)
    for members in _haplotype_groups(observed):
        for indices, group in _groups(transcript, observed, members):
            for at in indices:
                if result[at].together is None:
                    result[at] = replace(result[at], together=Together(indices, group.consequence))
    unphased = [at for at, variant in enumerate(observed) if variant.copies == 1 and not variant.call.phased]
    for indices, _ in _groups(transcript, observed, unphased):
        for at in indices:
            result[at] = replace(result[at], unphased_with=tuple(other for other in indices if other != at))
    return tuple(result)


def _groups(transcript: Transcript, observed: Sequence[Observed], members: Sequence[int]) -> list[tuple[tuple[int, ...], Together]]:
    """Return the groups among some variants of one haplotype, with their indices in all variants."""
    alleles = [Allele(observed[at].call.record.pos, observed[at].call.record.ref, observed[at].alt) for at in members]
    return [(tuple(members[at] for at in group.members), group) for group in read_together(transcript, alleles)]


def _haplotype_groups(observed: Sequence[Observed]) -> Iterator[list[int]]:
    """Yield the variants that are known to stand on one haplotype: those of a phase set with the homozygous ones, or one with these."""
    both = {at for at, variant in enumerate(observed) if variant.copies == 2}
    phased = {at: variant.call.phase_set for at, variant in enumerate(observed) if variant.call.phased and at not in both}
    for phase_set in dict.fromkeys(phased.values()):
        for haplotype in (0, 1):
            own = {at for at, block in phased.items() if block == phase_set and _on_haplotype(observed[at], haplotype)}
            yield sorted(both | own)
    for at, variant in enumerate(observed):
        if at not in phased and at not in both and variant.copies == 1:
            yield sorted(both | {at})
    yield sorted(both)


def _on_haplotype(variant: Observed, haplotype: int) -> bool:
    """Whether an allele of a diploid genotype is on one haplotype."""
    alleles = variant.call.alleles
    return len(alleles) == 2 and alleles[haplotype] == variant.alt_index + 1
