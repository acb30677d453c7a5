"""An input whose samples are read range by range, so that memory is bounded by a range and not by the number of samples.

Its files are read once. Their lines over the panel are cut into the columns of each range and kept compressed; a range is then read as
if it were an input of its own. Several files are one input if they have the same samples on different chromosomes.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.intake.body import FinishedBody
from trdpgx.intake.by_index import fetch
from trdpgx.intake.evidence.searched import SearchedChromosomes, searched_chromosomes
from trdpgx.intake.line_ranges import LineRanges, without_columns
from trdpgx.intake.panel import PanelIndex
from trdpgx.intake.read import Intake, feed_stream
from trdpgx.intake.result import Received, make_result
from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.validate.validator import RecordValidator
from trdpgx.intake.vcf.header import Header
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError, Problem


class InputPart(Struct, frozen=True):
    """One file of an input that was read: its ``body`` and facts, its cut lines, and on which chromosomes its samples were read."""

    body: FinishedBody
    received: Received
    lines: LineRanges
    searched: SearchedChromosomes | None


class SampleRange(Struct, frozen=True):
    """The result of a range of samples. ``refused`` are samples with an unreadable field: in ``result`` their genotypes are missing."""

    result: IntakeResult
    refused: dict[str, Problem]


class SampleRanges:
    """An input of one or several files that were read. ``names`` are all of its samples, ``ranges`` the numbers of those of each range."""

    def __init__(self, parts: Sequence[InputPart], names: Sequence[str], ranges: Sequence[range], panels: PanelIndex) -> None:
        """Take the parts of the input, in their order."""
        self.names = names
        self.ranges = ranges
        self._parts = parts
        self._panels = panels

    def read(self, number: int, options: Options, limits: Limits) -> SampleRange:
        """Return the result of one range. Raises ``InputError`` for a problem that concerns all of its samples."""
        samples = self.ranges[number]
        refused: dict[int, Problem] = {}
        while True:
            body = _joined_bodies(
                [part.body for part in self._parts], self._header(samples), partial(self._lines, number, frozenset(refused))
            )
            try:
                result = make_result(body, _joined(self._parts), options, self._panels, limits, shown=self._shown(), first=samples.start)
            except InputError as error:
                more = _refused_columns(body, len(samples), limits, error) - refused.keys()
                if not more:
                    raise
                refused |= dict.fromkeys(sorted(more), error.problem)
                continue
            facts = result.facts.copy_with(samples=len(self.names))
            return SampleRange(replace(result, facts=facts), {self.names[samples[n]]: problem for n, problem in refused.items()})

    def _header(self, samples: range) -> Header:
        first = self._parts[0].body.header
        contigs = {name: length for part in self._parts for name, length in part.body.header.contigs.items()}
        definitions = list(dict.fromkeys(chain.from_iterable(part.body.header.definitions for part in self._parts)))
        return replace(first, samples=tuple(self.names[samples.start : samples.stop]), contigs=contigs, definitions=definitions)

    def _lines(self, number: int, refused: frozenset[int]) -> Iterator[SelectedLine]:
        for part in self._parts:
            for line in part.lines.of(number):
                yield without_columns(line, refused) if refused else line

    def _shown(self) -> Mapping[str, Collection[int]] | None:
        """Return the samples that rows show on each chromosome, by all files; ``None`` where that is not asked for."""
        searched = [part.searched.shown for part in self._parts if part.searched is not None]
        return dict(chain.from_iterable(shown.items() for shown in searched)) if searched else None


def read_part(path: Path, options: Options, panels: PanelIndex, limits: Limits, *, lines: LineRanges, by_index: bool = False) -> InputPart:
    """Read one file; ``lines`` takes its lines over the panel. Raises ``InputError`` and ``OSError``."""
    if by_index:
        searched = searched_chromosomes(options, limits)
        body, received = fetch(path, options, panels.panels, limits, searched=searched, selected=lines)
        return InputPart(body, received, lines, searched)
    intake = Intake(options, panels.panels, limits, selected=lines)
    try:
        with path.open("rb") as stream:
            feed_stream(intake, stream)
        return InputPart(*intake.finish_body(), lines, intake.searched)
    finally:
        intake.close()


def _joined_bodies(bodies: Sequence[FinishedBody], header: Header, lines: Callable[[], Iterator[SelectedLine]]) -> FinishedBody:
    """Return the bodies of one input as one, for the samples of one range: ``header`` and ``lines`` have these alone."""
    return FinishedBody(
        header=header,
        lines=None if any(body.lines is None for body in bodies) else sum(body.lines or 0 for body in bodies),
        records=sum(body.records for body in bodies),
        sorted=all(body.sorted for body in bodies),
        blocks=any(body.blocks for body in bodies),
        chromosomes={chromosome for body in bodies for chromosome in body.chromosomes},
        contigs={contig for body in bodies for contig in body.contigs},
        selected=_Lines(lines, sum(len(body.selected) for body in bodies)),
        warnings=tuple(dict.fromkeys(warning for body in bodies for warning in body.warnings)),
    )


class _Lines:
    """The lines of a range, cut out of those of all samples whenever they are iterated over."""

    def __init__(self, lines: Callable[[], Iterator[SelectedLine]], count: int) -> None:
        self._lines = lines
        self._count = count

    def __iter__(self) -> Iterator[SelectedLine]:
        return self._lines()

    def __len__(self) -> int:
        return self._count


def _joined(parts: Sequence[InputPart]) -> Received:
    """Return the facts of several files as those of one: SHA-256 over their digests, in their order, and the format of the first."""
    if len(parts) == 1:
        return parts[0].received
    all_received = [part.received for part in parts]
    verified = [one.compression_verified for one in all_received if one.compression_verified is not None]
    markers = [one.eof_marker for one in all_received if one.eof_marker is not None]
    return Received(
        sha256=hashlib.sha256("".join(one.sha256 for one in all_received).encode()).hexdigest(),
        bytes=sum(one.bytes for one in all_received),
        format=all_received[0].format,
        compression_verified=all(verified) if verified else None,
        eof_marker=all(markers) if markers else None,
        warnings=tuple(dict.fromkeys(warning for one in all_received for warning in one.warnings)),
    )


def _refused_columns(body: FinishedBody, samples: int, limits: Limits, error: InputError) -> set[int]:
    """Return the numbers of the samples for which the first refused line is refused; none if the line itself is wrong."""
    imputed = body.header.imputed
    for line in body.selected:
        if not _is_refused(line, limits, samples, imputed=imputed):
            continue
        empty = without_columns(line, frozenset(range(samples)))
        if _is_refused(empty, limits, samples, imputed=imputed):
            return set()
        head, columns = line.text.split(b"\t", 9)[:9], line.text.split(b"\t")[9:]
        alone = (line._replace(text=b"\t".join((*head, column))) for column in columns)
        return {number for number, one in enumerate(alone) if _is_refused(one, limits, 1, imputed=imputed)}
    raise error


def _is_refused(line: SelectedLine, limits: Limits, samples: int, *, imputed: bool) -> bool:
    try:
        RecordValidator(limits, range(samples), samples, imputed=imputed).records([line])
    except InputError:
        return True
    return False
