"""A local file read by its index: cyvcf2 fetches the records over the panel, with all samples, and nothing else is read.

The fetched lines are processed like those of a stream. An index does not find a record out of order, and the blocks in between are not
verified; the report states this (``integrity: index``). To check every line, read the file as a stream.
"""

import gzip
import hashlib
import warnings
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from trdpgx.intake.body import FinishedBody
from trdpgx.intake.body.text_body import TextBody
from trdpgx.intake.evidence.searched import SearchedChromosomes, searched_chromosomes
from trdpgx.intake.panel import panel_index
from trdpgx.intake.problems import SAMPLE_UNKNOWN, UNSUPPORTED_FORMAT
from trdpgx.intake.result import Received, make_result
from trdpgx.intake.scan.panel_index import ChromosomeIntervals, PanelIntervals
from trdpgx.intake.scan.scanner import LineStore
from trdpgx.intake.vcf.contigs import chromosome
from trdpgx.model.genome import Assembly, Panel
from trdpgx.model.input import InputFormat, InputWarning
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError
from trdpgx.model.span import merged
from trdpgx.texts import phrase

if TYPE_CHECKING:
    from cyvcf2 import VCF, Variant

_APART = 100_000
"""Intervals that are closer than about so many bases are fetched together."""
_BCF = b"BCF"
_BY_INDEX = InputWarning(code="integrity_index", text=phrase("warnings.by_index"))


def read_by_index(path: Path, options: Options, panels: Mapping[Assembly, Panel], limits: Limits) -> IntakeResult:
    """Take in the records over the panel of a BGZF VCF or a BCF with its index (``.tbi``, ``.csi``) beside it.

    Raises ``InputError``, whose line is not given, and ``OSError`` where the file cannot be read.
    """
    searched = searched_chromosomes(options, limits)
    body, received = fetch(path, options, panels, limits, searched=searched)
    try:
        shown = None if searched is None else searched.shown
        return make_result(body, received, options, panel_index(panels), limits, shown=shown)
    except InputError as error:
        raise without_line(error) from None


def fetch(
    path: Path,
    options: Options,
    panels: Mapping[Assembly, Panel],
    limits: Limits,
    *,
    searched: SearchedChromosomes | None,
    selected: LineStore | None = None,
) -> tuple[FinishedBody, Received]:
    """Return the body with the records over the panel, and the facts of the file; all else as ``read_by_index``."""
    from cyvcf2 import VCF  # noqa: PLC0415 (few commands need it, and it takes long to import)

    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if not any(path.with_name(path.name + ending).exists() for ending in (".tbi", ".csi")):
        raise InputError(UNSUPPORTED_FORMAT, "Reading by index needs a BGZF VCF or a BCF with its index (.tbi or .csi) beside it.")
    index = panel_index(panels)
    body = TextBody(index.targets, limits, searched, selected)
    try:
        reader = VCF(str(path))
        body.feed(_header(reader))
        for line in _lines(reader, index.targets):
            body.feed(line)
        finished = body.finish()
        samples = finished.header.samples
        reader.close()
        if not frozenset(options.samples).issubset(samples):
            raise InputError(SAMPLE_UNKNOWN, f"The input has {len(samples)} samples.", samples=samples)
        received = Received(digest, path.stat().st_size, _format(path), None, None, (_BY_INDEX,))
    except InputError as error:
        raise without_line(error) from None
    return finished, received


def without_line(error: InputError) -> InputError:
    """Return a problem without its line, which counts the lines that were fetched and not those of the file."""
    error.problem = error.problem.copy_with(line=None)
    return error


def _header(reader: "VCF") -> bytes:
    text: str = reader.raw_header
    return text.rstrip("\0\n").encode() + b"\n"


def _lines(reader: "VCF", targets: PanelIntervals) -> Iterator[bytes]:
    """Yield the records over the targets as lines, each once, in the order of the file's contigs."""
    for name in reader.seqnames:
        target = targets.get(chromosome(name.encode()) or "")
        last = 0
        for first, end in _regions(target) if target is not None else ():
            for record in _fetched(reader, f"{name}:{first}-{end}"):
                if last < record.POS:  # else the interval before has yielded it
                    yield str(record).encode()
            last = end


def _fetched(reader: "VCF", region: str) -> "Iterator[Variant]":
    """Return the records that reach a region."""
    records = reader(region)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a contig in the header without any record
        first = next(records, None)
    return iter(()) if first is None else chain((first,), records)


def _regions(target: ChromosomeIntervals) -> Iterator[tuple[int, int]]:
    """Yield the intervals of a chromosome in ascending order, near ones joined."""
    parts = (zip(part.start_list[:-1], part.end_list[:-1], strict=True) for part in (target.windows, target.regions))
    for start, end in merged((start, end + _APART) for start, end in chain.from_iterable(parts)):
        yield start, end - _APART


def _format(path: Path) -> InputFormat:
    with gzip.open(path) as file:
        return InputFormat.BCF if file.read(len(_BCF)) == _BCF else InputFormat.VCF_BGZF
