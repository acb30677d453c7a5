"""The plan of a run: the inputs, each of files with the same samples, the names of the samples, and the parts."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple

from msgspec import Struct

from trdpgx.cohort.problems import SAMPLE_NOT_IN_FILES, SAMPLE_TWICE
from trdpgx.cohort.sheet import SampleSheet, SheetRow
from trdpgx.model.problem import Problem, problem_of

BLOCK = 2_000
"""Most samples of one part, which bounds the memory."""
FILES = 250
"""Most files of one part."""


class Refusal(Struct, frozen=True):
    """A row of the table ``errors``."""

    file: str
    sample: str | None
    problem: Problem


class PlannedInput(Struct, frozen=True):
    """One input: ``files`` with the same samples, which are ``samples`` in the first file and ``names`` in the tables.

    ``orders`` are the columns of each file in that order, or ``None`` where the file has it. ``rows`` are the rows of the sheet by sample.
    A sample with the name ``None`` is left out, as another input has it.
    """

    files: tuple[str, ...]
    orders: tuple[tuple[int, ...] | None, ...]
    samples: tuple[str, ...]
    names: tuple[str | None, ...]
    rows: tuple[int | None, ...]

    @property
    def ranges(self) -> list[range]:
        """The ranges in which the samples are read: the least number, of about equal lengths."""
        count = max(1, -(-len(self.samples) // BLOCK))
        bounds = [len(self.samples) * number // count for number in range(count + 1)]
        return [range(start, stop) for start, stop in pairwise(bounds)]


class Part(Struct, frozen=True):
    """A part of a run: ranges of inputs, each by its input and its number."""

    number: int
    ranges: tuple[tuple[int, int], ...]
    samples: int


class Plan(Struct, frozen=True):
    """The inputs and parts to compute, and the files and samples that have no results."""

    inputs: tuple[PlannedInput, ...]
    parts: tuple[Part, ...]
    refusals: tuple[Refusal, ...]

    @property
    def samples(self) -> int:
        """The number of samples."""
        return sum(part.samples for part in self.parts)


def digest_of_names(names: Sequence[str]) -> str:
    """Return a digest of the names of samples in their order."""
    return hashlib.sha256("\n".join(names).encode("utf-8", "surrogatepass")).hexdigest()


def make_plan(headers: Sequence[tuple[str, Sequence[str]]], refusals: Iterable[Refusal], sheet: SampleSheet) -> Plan:
    """Return the plan for files with the samples of their headers, in the order of the files."""
    refused = list(refusals)
    finder = _Rows(sheet)
    grouped: dict[str, list[_NamedFile]] = {}
    for file, samples in headers:
        one = _NamedFile(file, tuple(samples), *finder.named(file, samples))
        grouped.setdefault(digest_of_names(sorted(one.names)), []).append(one)
    inputs = []
    taken: set[str] = set()
    for members in grouped.values():
        first = members[0]
        names: tuple[str | None, ...] = first.names
        if len(grouped) > 1:
            twice = {name for name in first.names if name in taken}
            refused += [
                Refusal(first.file, name, problem_of(SAMPLE_TWICE, "The sample is left out here.")) for name in names if name in twice
            ]
            names = tuple(None if name in twice else name for name in first.names) if twice else names
            taken.update(first.names)
        orders = tuple(_order(first.names, one.names) for one in members)
        inputs.append(PlannedInput(tuple(one.file for one in members), orders, first.samples, names, first.rows))
    used = {row for one in inputs for row in one.rows if row is not None}
    for number, row in enumerate(sheet.rows):
        if number not in used:
            refused.append(Refusal(row.file or "", row.sample, problem_of(SAMPLE_NOT_IN_FILES, "It has no results.")))
    return Plan(tuple(inputs), tuple(_parts(inputs)), tuple(refused))


class _NamedFile(NamedTuple):
    """A file, its samples as it names them and as the tables do, and their rows in the sheet."""

    file: str
    samples: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[int | None, ...]


def _order(wanted: tuple[str, ...], names: tuple[str, ...]) -> tuple[int, ...] | None:
    """Return the columns of some names in the order that is wanted; ``None`` where that is their own."""
    if wanted == names:
        return None
    at = {name: column for column, name in enumerate(names)}
    return tuple(at[name] for name in wanted)


class _Rows:
    """Finds the row of a sheet for a sample of a file."""

    def __init__(self, sheet: SampleSheet) -> None:
        self._rows = sheet.rows
        self._by_sample: dict[str, list[int]] = {}
        self._by_file: dict[str, list[int]] = {}
        for number, row in enumerate(sheet.rows):
            self._by_sample.setdefault(row.sample, []).append(number)
            if row.file is not None:
                self._by_file.setdefault(PurePath(row.file).name, []).append(number)

    def named(self, file: str, samples: Sequence[str]) -> tuple[tuple[str, ...], tuple[int | None, ...]]:
        """Return the names of a file's samples in the tables, and their rows."""
        if not self._rows:
            return tuple(samples), (None,) * len(samples)
        pairs = [self._of(file, sample, alone=len(samples) == 1) for sample in samples]
        return tuple(name for name, _ in pairs), tuple(row for _, row in pairs)

    def _of(self, file: str, sample: str, *, alone: bool) -> tuple[str, int | None]:
        """Return the name of a sample in the tables, and its row. The one sample of a file has the name that the sheet gives the file."""
        here = [number for number in self._by_file.get(PurePath(file).name, ()) if _is_file(self._rows[number], file)]
        for number in here:
            if self._rows[number].sample == sample or (alone and len(here) == 1):
                return self._rows[number].sample, number
        for number in self._by_sample.get(sample, ()):
            if self._rows[number].file is None:
                return sample, number
        return sample, None


def _is_file(row: SheetRow, file: str) -> bool:
    """Return whether a row means a file: by its path, or by the last parts of it."""
    wanted, own = PurePath(row.file or "").parts, PurePath(file).parts
    return own[-len(wanted) :] == wanted


def _parts(inputs: Sequence[PlannedInput]) -> Iterator[Part]:
    """Yield the parts: one for each range of an input with several ranges; other inputs are put together up to the size of a part."""
    number = 0
    held: list[tuple[int, int]] = []
    samples = files = 0
    for at, one in enumerate(inputs):
        ranges = one.ranges
        size = len(one.samples)
        if held and (len(ranges) > 1 or samples + size > BLOCK or files + len(one.files) > FILES):
            yield Part(number, tuple(held), samples)
            number, held, samples, files = number + 1, [], 0, 0
        if len(ranges) > 1:
            for of, numbers in enumerate(ranges):
                yield Part(number, ((at, of),), len(numbers))
                number += 1
        else:
            held.append((at, 0))
            samples, files = samples + size, files + len(one.files)
    if held:
        yield Part(number, tuple(held), samples)
