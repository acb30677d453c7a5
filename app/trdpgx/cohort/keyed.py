"""Considerations by results: what a rule asks about is shared by many people, so each distinct answer is worked out once.

3,202 people of the 1000 Genomes Project have 792 distinct lists of considerations among the first 1,500, but a rule about one gene has as
many answers as there are readings of that gene. The cases of the rules are put together by what they ask about.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from trdpgx.cohort.distinct import codes_of, distinct_rows, first_rows, looked_up
from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.lazy_dataclass import dataclass
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.variant_report import RareVariantReport, VariantReport
from trdpgx.reasoning.considerations import AskedCalls, Raised, asked_by, raised, reading_of
from trdpgx.reasoning.prepared import Case, PreparedRules

_MOST_KEPT = 200_000
"""So many distinct considerations are kept for the next block."""


@dataclass(frozen=True, slots=True)
class CallTable:
    """The calls of a block: distinct ``genes`` and ``variants``, and which of them each sample has (samples x columns; -1: none)."""

    genes: Sequence[GeneReport]
    gene_index: NDArray[np.int32]
    gene_names: Sequence[str]
    variants: Sequence[VariantReport]
    variant_index: NDArray[np.int32]
    variant_names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Considered:
    """The considerations of a block, sample by sample in the order of the reports.

    ``sample`` is the number of the sample in the block, ``number`` that of the consideration in its report (from 1), ``item`` the index
    of the consideration among ``distinct``.
    """

    distinct: Sequence[Consideration]
    sample: NDArray[np.int64]
    number: NDArray[np.int64]
    item: NDArray[np.int64]


class KeyedConsiderations:
    """Answers the rules for block after block; what was worked out for one is kept for the next."""

    def __init__(self, rules: PreparedRules, reference: ReferenceLibrary) -> None:
        """Put together the cases that ask about the same."""
        self._rules = rules
        groups: dict[AskedCalls, list[Case]] = {}
        for case in rules.cases:
            asked = asked_by(case)
            beside = frozenset(variant.id for variant in reference.variants if variant.gene in asked.seen)
            groups.setdefault(asked._replace(variants=asked.variants | beside, seen=frozenset()), []).append(case)
        self._groups = [_Group(asked, tuple(cases)) for asked, cases in groups.items()]
        self._distinct: list[Raised] = []

    def of(self, calls: CallTable, rare: Callable[[int], Sequence[RareVariantReport]], without: Sequence[int] = ()) -> Considered:
        """Return the considerations of every sample but those in ``without``. ``rare`` gives the rare variants of a sample."""
        if len(self._distinct) > _MOST_KEPT:
            self._distinct.clear()
            for group in self._groups:
                group.known.clear()
        samples = np.setdiff1d(np.arange(len(calls.gene_index)), np.asarray(without, dtype=np.int64))
        readings = _Readings(calls)
        parts = [part for group in self._groups for part in self._of_group(group, readings, samples, rare)]
        sample, item = (np.concatenate([part[at] for part in parts]) if parts else np.zeros(0, dtype=np.int64) for at in (0, 1))
        used, item = np.unique(item, return_inverse=True)
        distinct = [self._distinct[one] for one in used.tolist()]
        hidden = np.array([one.order[0] for one in distinct], dtype=np.bool_)
        rule = np.array([one.order[1] for one in distinct], dtype=np.int64)
        order = np.lexsort((rule[item], hidden[item], sample)) if distinct else np.zeros(0, dtype=np.int64)
        sample, item = sample[order], item[order]
        starts = np.searchsorted(sample, sample)
        return Considered([one.made() for one in distinct], sample, np.arange(sample.size) - starts + 1, item)

    def _of_group(
        self,
        group: "_Group",
        readings: "_Readings",
        samples: NDArray[np.int64],
        rare: Callable[[int], Sequence[RareVariantReport]],
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield samples, and beside each the index of a consideration of it."""
        if not samples.size:
            return
        if group.asked.rare_variants:
            carriers = np.array([sample for sample in samples.tolist() if rare(sample)], dtype=np.int64)
            for sample in carriers.tolist():
                found = self._keep(raised(self._rules, group.cases, *readings.calls(group.asked, sample), rare(sample)))
                yield np.full(len(found), sample, dtype=np.int64), np.array(found, dtype=np.int64)
            samples = np.setdiff1d(samples, carriers)
            if not samples.size:
                return
        rows, inverse = distinct_rows(readings.codes(group.asked)[samples])
        for row, first in enumerate(first_rows(inverse, rows)):
            key = readings.key(group.asked, int(samples[first]))
            items = group.known.get(key)
            if items is None:
                own = readings.calls(group.asked, int(samples[first]))
                items = group.known[key] = self._keep(raised(self._rules, group.cases, *own))
            if items:
                own_samples = samples[inverse == row]
                yield np.repeat(own_samples, len(items)), np.tile(np.array(items, dtype=np.int64), own_samples.size)

    def _keep(self, found: Iterator[Raised]) -> list[int]:
        start = len(self._distinct)
        self._distinct.extend(found)
        return list(range(start, len(self._distinct)))


@dataclass(frozen=True, slots=True)
class _Group:
    asked: AskedCalls
    cases: tuple[Case, ...]
    known: "dict[Hashable, list[int]]"

    def __init__(self, asked: AskedCalls, cases: tuple[Case, ...]) -> None:
        object.__setattr__(self, "asked", asked)
        object.__setattr__(self, "cases", cases)
        object.__setattr__(self, "known", {})


class _Readings:
    """What the rules read of the calls of a block."""

    def __init__(self, calls: CallTable) -> None:
        self._calls = calls
        self._genes = {gene: column for column, gene in enumerate(calls.gene_names)}
        self._variants = {variant: column for column, variant in enumerate(calls.variant_names)}
        self._gene_readings = [reading_of(gene) for gene in calls.genes]
        self._variant_readings = [(one.genotype, one.effect_allele_count) for one in calls.variants]
        self._gene_codes = codes_of(self._gene_readings)
        self._variant_codes = codes_of(self._variant_readings)

    def codes(self, asked: AskedCalls) -> NDArray[np.int32]:
        """Return what a group asks about, as codes: samples x columns."""
        genes = [looked_up(self._gene_codes, self._calls.gene_index[:, column]) for column in self._gene_columns(asked)]
        variants = [looked_up(self._variant_codes, self._calls.variant_index[:, column]) for column in self._variant_columns(asked)]
        count = len(self._calls.gene_index)
        return np.stack([*genes, *variants], axis=1) if genes or variants else np.zeros((count, 0), dtype=np.int32)

    def key(self, asked: AskedCalls, sample: int) -> Hashable:
        """Return the same for one sample, in values that hold for other blocks too."""
        genes, variants = self._calls.gene_index[sample], self._calls.variant_index[sample]
        return (
            tuple([self._gene_readings[genes[column]] if genes[column] >= 0 else None for column in self._gene_columns(asked)]),
            tuple([self._variant_readings[variants[column]] for column in self._variant_columns(asked)]),
        )

    def calls(self, asked: AskedCalls, sample: int) -> tuple[list[GeneReport], list[VariantReport]]:
        """Return the calls of one sample that a group asks about."""
        genes, variants = self._calls.gene_index[sample], self._calls.variant_index[sample]
        return (
            [self._calls.genes[genes[column]] for column in self._gene_columns(asked) if genes[column] >= 0],
            [self._calls.variants[variants[column]] for column in self._variant_columns(asked)],
        )

    def _gene_columns(self, asked: AskedCalls) -> list[int]:
        return sorted(self._genes[gene] for gene in asked.genes if gene in self._genes)

    def _variant_columns(self, asked: AskedCalls) -> list[int]:
        return sorted(self._variants[variant] for variant in asked.variants)
