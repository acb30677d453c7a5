"""Considerations of a block of samples: the cases of rules are grouped by the calls that they ask about, and equal calls are answered once.

The first 1,500 people of the 1000 Genomes Project have 792 distinct lists of considerations, but a rule about one gene has only as many
answers as that gene has readings.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from trdpgx.cohort.block_notes import BlockNotes
from trdpgx.cohort.call_table import CallTable
from trdpgx.cohort.distinct import codes_of, distinct_rows, first_rows, looked_up
from trdpgx.cohort.tables import ConsiderationRow, consideration_row
from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.variant_report import RareVariantReport, VariantReport
from trdpgx.reasoning.considerations import AskedCalls, GeneReading, asked_by, raised, reading_of
from trdpgx.reasoning.diplotype_combinations import ActivityBands, GeneChoice, scored_choices
from trdpgx.reasoning.prepared import Case, PreparedRules

_MOST_KEPT = 2_000
"""New answers after which older ones that were not used since are dropped, so that memory does not grow with the cohort."""


class _Answer(NamedTuple):
    """A consideration: whether only hidden alleles raise it, the number of its rule, and its row without the sample.

    The row has a tenth of the size of the consideration, which is kept only where it is about a drug that a text of the rules names.
    """

    hidden: bool
    rule: int
    row: ConsiderationRow
    about: tuple[str, ...] = ()
    made: Consideration | None = None


_Known = dict[Hashable, tuple[_Answer, ...]]
"""The answers, by the number of the group and the calls that it asks about."""


class _Group(NamedTuple):
    asked: AskedCalls
    cases: tuple[Case, ...]


class Considered(Struct, frozen=True):
    """The considerations of a block, sample by sample in the order of the reports.

    ``sample`` is the number of the sample in the block, ``number`` that of the consideration in its report (from 1), ``item`` the index
    of its row among ``distinct``.
    """

    distinct: Sequence[ConsiderationRow]
    sample: NDArray[np.int64]
    number: NDArray[np.int64]
    item: NDArray[np.int64]


class KeyedConsiderations:
    """Answers the rules for block after block; answers for one block are kept for the next."""

    def __init__(self, rules: PreparedRules, reference: ReferenceLibrary) -> None:
        """Group the cases by the calls that they ask about."""
        self._rules = rules
        self._about = frozenset(drug for case in rules.cases for named in case.named_drugs.values() for drug in named)
        groups: dict[AskedCalls, list[Case]] = {}
        for case in rules.cases:
            asked = asked_by(case)
            beside = frozenset(variant.id for variant in reference.variants if variant.gene in asked.seen)
            groups.setdefault(asked._replace(variants=asked.variants | beside, seen=frozenset()), []).append(case)
        self._groups = [_Group(asked, tuple(cases)) for asked, cases in groups.items()]
        self._known: _Known = {}
        self._earlier: _Known = {}
        self._same: dict[GeneReading, GeneReading] = {}

    def of(self, calls: CallTable, rare: Callable[[int], Sequence[RareVariantReport]], without: Sequence[int] = ()) -> Considered:
        """Return the considerations of every sample but those in ``without``. ``rare`` gives the rare variants of a sample."""
        if len(self._known) > _MOST_KEPT:
            self._earlier, self._known, self._same = self._known, {}, {}
        samples = np.setdiff1d(np.arange(len(calls.gene_index)), np.asarray(without, dtype=np.int64))
        readings = _Readings(calls, self._rules.activity, self._same)
        distinct: list[_Answer] = []
        own_samples, own_items = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for number in range(len(self._groups)):
            for those, answers in self._of_group(number, readings, samples, rare):
                own_samples.append(np.repeat(those, len(answers)))
                own_items.append(np.tile(np.arange(len(distinct), len(distinct) + len(answers)), those.size))
                distinct.extend(answers)
        sample, item = np.concatenate(own_samples), np.concatenate(own_items)
        hidden = np.array([one.hidden for one in distinct], dtype=np.bool_)
        rule = np.array([one.rule for one in distinct], dtype=np.int64)
        order = np.lexsort((rule[item], hidden[item], sample)) if distinct else np.zeros(0, dtype=np.int64)
        sample, item = sample[order], item[order]
        starts = np.searchsorted(sample, sample)
        rows, noted = self._with_notes(calls, distinct, sample, item)
        return Considered(rows, sample, np.arange(sample.size) - starts + 1, noted)

    def _with_notes(
        self, calls: CallTable, distinct: Sequence[_Answer], sample: NDArray[np.int64], item: NDArray[np.int64]
    ) -> tuple[list[ConsiderationRow], NDArray[np.int64]]:
        """Return the distinct rows, and the item of each, with the notes on drugs that a text names."""
        rows, noted = [one.row for one in distinct], item.copy()
        named = [self._rules.named_by(self._rules.rulebook.rules[one.rule].id) for one in distinct]
        looked_at = np.flatnonzero(
            np.array([bool(own or one.about) for own, one in zip(named, distinct, strict=True)], dtype=np.bool_)[item]
        )
        block, made = BlockNotes(self._rules.rulebook, calls), dict[tuple[int, str], int]()
        for positions in np.split(looked_at, np.flatnonzero(np.diff(sample[looked_at])) + 1):
            numbers = item[positions].tolist()
            if not any(named[number] for number in numbers):
                continue
            stated: dict[str, dict[int, Consideration]] = {}
            for number in numbers:
                for drug in distinct[number].about:
                    stated.setdefault(drug, {})[number] = distinct[number].made
            for position, number in zip(positions.tolist(), numbers, strict=True):
                note = block.note(int(sample[position]), named[number], stated) if named[number] else None
                if note is not None:
                    if (number, note) not in made:
                        made[number, note] = len(rows)
                        rows.append((*rows[number][:-1], f"{rows[number][-1]} {note}"))
                    noted[position] = made[number, note]
        return rows, noted

    def _of_group(
        self,
        number: int,
        readings: "_Readings",
        samples: NDArray[np.int64],
        rare: Callable[[int], Sequence[RareVariantReport]],
    ) -> Iterator[tuple[NDArray[np.int64], Sequence[_Answer]]]:
        """Yield samples with equal answers to a group of rules, by its number, and these answers."""
        group = self._groups[number]
        if not samples.size:
            return
        if group.asked.rare_variants:
            carriers = np.array([sample for sample in samples.tolist() if rare(sample)], dtype=np.int64)
            for sample in carriers.tolist():
                yield np.array([sample], dtype=np.int64), self._answers(group, readings, sample, rare(sample))
            samples = np.setdiff1d(samples, carriers)
            if not samples.size:
                return
        rows, inverse = distinct_rows(readings.codes(group.asked)[samples])
        for row, first in enumerate(first_rows(inverse, rows)):
            key = (number, readings.key(group.asked, int(samples[first])))
            answers = self._known.get(key, self._earlier.get(key))
            if answers is None:
                answers = self._answers(group, readings, int(samples[first]))
            self._known[key] = answers
            if answers:
                yield samples[inverse == row], answers

    def _answers(self, group: _Group, readings: "_Readings", sample: int, rare: Sequence[RareVariantReport] = ()) -> tuple[_Answer, ...]:
        genes, variants = readings.calls(group.asked, sample)
        considerations = raised(self._rules, group.cases, genes, variants, rare, choices=readings.choices(group.asked, sample))
        return tuple([self._answer(*one.order, one.made()) for one in considerations])

    def _answer(self, hidden: bool, rule: int, made: Consideration) -> _Answer:
        about = tuple(drug for drug in made.drugs if drug in self._about)
        return _Answer(hidden, rule, consideration_row(made), about, made if about else None)


class _Readings:
    """The parts of the calls of a block that rules read."""

    def __init__(self, calls: CallTable, activity: ActivityBands, same: dict[GeneReading, GeneReading]) -> None:
        """Read the calls; ``same`` has the readings of earlier blocks, so that equal readings are one object."""
        self._calls = calls
        self._activity = activity
        self._choices: dict[int, tuple[GeneChoice, ...]] = {}
        self._genes = {gene: column for column, gene in enumerate(calls.gene_names)}
        self._variants = {variant: column for column, variant in enumerate(calls.variant_names)}
        self._gene_readings = [same.setdefault(reading, reading) for reading in map(reading_of, calls.genes)]
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
        """Return the same for one sample, as values that are equal in other blocks."""
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

    def choices(self, asked: AskedCalls, sample: int) -> dict[str, tuple[GeneChoice, ...]]:
        """Return the choices of the genes that a group asks about, as one sample has them; those of a call are read once."""
        numbers = [int(self._calls.gene_index[sample, column]) for column in self._gene_columns(asked)]
        for number in numbers:
            if number >= 0 and number not in self._choices:
                self._choices[number] = scored_choices(self._calls.genes[number], self._gene_readings[number].choices, self._activity)
        return {self._gene_readings[number].gene: self._choices[number] for number in numbers if number >= 0}

    def _gene_columns(self, asked: AskedCalls) -> list[int]:
        return sorted(self._genes[gene] for gene in asked.genes if gene in self._genes)

    def _variant_columns(self, asked: AskedCalls) -> list[int]:
        return sorted(self._variants[variant] for variant in asked.variants)
