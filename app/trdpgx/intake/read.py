"""Intake, from bytes to panel sites: the one way in for files and for HTTP."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from trdpgx.intake.body import Body
from trdpgx.intake.body.bcf_body import BcfBody
from trdpgx.intake.body.text_body import TextBody
from trdpgx.intake.decompress.budget import InputBudget
from trdpgx.intake.decompress.decompress import Decompressor
from trdpgx.intake.decompress.sniff import ENOUGH, Content, Wrapping, sniff_content
from trdpgx.intake.evidence.assembly import AssemblyDecision, count_bases, decide_assembly
from trdpgx.intake.evidence.coding_regions import RegionReader, info_definitions
from trdpgx.intake.evidence.searched import SearchedChromosomes
from trdpgx.intake.evidence.structural import StructuralReader
from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.genotypes.samples import SampleReader
from trdpgx.intake.genotypes.site_index import SiteIndex
from trdpgx.intake.genotypes.site_records import sort_out
from trdpgx.intake.problems import SAMPLE_UNKNOWN, TOO_MANY_REPORTS, UNKNOWN_CONTIGS
from trdpgx.intake.scan.panel_index import PanelIntervals, panel_intervals
from trdpgx.intake.validate.record import Record
from trdpgx.intake.validate.validator import RecordValidator
from trdpgx.intake.vcf.contigs import unread_contigs
from trdpgx.intake.vcf.header import Header
from trdpgx.model.genome import Assembly, Panel
from trdpgx.model.input import InputFacts, InputFormat, InputWarning, IntakeResult, Integrity
from trdpgx.model.limits import Limits
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.problem import InputError

_CHUNK = 2**20
_FORMATS = {
    Wrapping.PLAIN: InputFormat.VCF,
    Wrapping.GZIP: InputFormat.VCF_GZIP,
    Wrapping.BGZF: InputFormat.VCF_BGZF,
    Wrapping.ZSTD: InputFormat.VCF_ZSTD,
}

_NOTHING_OVER_PANEL = InputWarning(
    code="nothing_over_panel",
    text="THE FILE HAS NO RECORD AT ANY POSITION THAT THIS PROGRAM LOOKS FOR. Nothing about this person was observed here: nothing in this "
    "report is a finding.",
)
"""The first thing to read where a file has nothing to say."""


class PanelIndex:
    """What intake looks for, worked out once for a set of panels."""

    def __init__(self, panels: Mapping[Assembly, Panel]) -> None:
        self.panels = dict(panels)
        self.targets: PanelIntervals = panel_intervals(panels)
        self.indexes = {assembly: SiteIndex(panel) for assembly, panel in panels.items()}

    @cached_property
    def own(self) -> dict[Assembly, PanelIntervals]:
        """The targets of each panel alone."""
        return {assembly: panel_intervals({assembly: panel}) for assembly, panel in self.panels.items()}


_panel_indexes: list[PanelIndex] = []


def panel_index(panels: Mapping[Assembly, Panel]) -> PanelIndex:
    """Return the panel_index for ``panels``; it is kept for the next input with the same ones."""
    for known in _panel_indexes:
        if known.panels.keys() == panels.keys() and all(known.panels[assembly] is panel for assembly, panel in panels.items()):
            return known
    made = PanelIndex(panels)
    _panel_indexes[:] = [made, *_panel_indexes[:3]]
    return made


class Intake:
    """Takes one input in chunks: ``feed`` them, then ``finish``; or ``close`` to release it before its end.

    Nothing of the input is written anywhere, and of its records only those over the panel are kept, until ``finish``.
    """

    def __init__(self, options: Options, panels: Mapping[Assembly, Panel], limits: Limits, *, max_reports: int | None = None) -> None:
        """Prepare for an input. ``max_reports`` is how many samples may be chosen."""
        self._max_reports = max_reports
        self._options = options
        self._sought = frozenset(options.samples)
        self._limits = limits
        self._panel_index = panel_index(panels)
        self._meter = InputBudget(limits)
        self._decompressor: Decompressor | None = Decompressor(self._meter)
        self._head = b""
        self._body: Body | None = None
        self._searched = SearchedChromosomes(limits, self._sought) if options.absent is AbsentOption.REFERENCE else None

    def feed(self, chunk: bytes) -> None:
        """Take some bytes of the input. Raises ``InputError`` as soon as something is wrong with it."""
        for piece in self._open_decompressor().feed(chunk):
            self._take(piece)

    def finish(self) -> IntakeResult:
        """Say that the input is complete, and return what it says. Raises ``InputError``."""
        decompressor = self._open_decompressor()
        for piece in decompressor.finish():
            self._take(piece)
        if self._body is None:
            self._body = self._open_body()
        body = self._body
        header = body.finish()
        self._check_sample(header.samples)
        chosen = frozenset(self._options.samples or header.samples)
        wanted = [number for number, name in enumerate(header.samples) if name in chosen]
        self._check_contigs(body)
        if self._max_reports is not None and len(body.selected) * len(wanted) > self._limits.max_panel_records:
            detail = f"The cap is {self._limits.max_panel_records} records over the panel, counted once for each sample of a request."
            raise InputError(TOO_MANY_REPORTS, detail)
        validator = RecordValidator(self._limits, wanted, len(header.samples), imputed=header.imputed)
        records = [validator.validate(selected) for selected in body.selected]
        genotypes = PanelGenotypes(records, validator.columns)
        verdict = self._assembly(header, records, body.contigs)
        index = self._panel_index.indexes[verdict.assembly]
        sites = sort_out(index, records, self._limits)
        names = [header.samples[number] for number in wanted]
        structural, regions = StructuralReader(index.panel, genotypes), RegionReader(index.coding, genotypes, gvcf=body.blocks)
        searched = self._searched.of_samples(genotypes).chromosomes if self._searched is not None else None
        samples = SampleReader(index, sites, genotypes, names, structural=structural, regions=regions, searched=searched)
        warnings = (*self._silence(verdict.assembly, records), *unread_contigs(body.contigs), *validator.warnings)
        facts = self._facts(decompressor, body, verdict, warnings)
        return IntakeResult(facts, samples, info_definitions(header.definitions))

    def _open_decompressor(self) -> Decompressor:
        if self._decompressor is None:
            raise RuntimeError("the input has been closed")
        return self._decompressor

    def _take(self, piece: bytes) -> None:
        """Take a decompressed piece."""
        if self._body is None:
            self._head += piece
            if len(self._head) >= ENOUGH:
                self._body = self._open_body()
        else:
            self._body.feed(piece)
        if self._body is not None:
            self._check_sample(self._body.header.samples)

    def _open_body(self) -> Body:
        kind = BcfBody if sniff_content(self._head) is Content.BCF else TextBody
        body: Body = kind(self._panel_index.targets, self._limits, self._searched)
        body.feed(self._head)
        self._head = b""
        return body

    def _check_sample(self, samples: Sequence[str]) -> None:
        """Raise ``InputError`` as soon as it is known that a sample that was asked for is not there, or that too many are asked for."""
        if samples and not self._sought.issubset(samples):
            raise InputError(SAMPLE_UNKNOWN, f"The input has {len(samples)} samples.")
        chosen = len(self._sought or samples)
        if self._max_reports is not None and chosen > self._max_reports:
            named = f"{chosen} were named" if self._sought else "none was named"
            raise InputError(TOO_MANY_REPORTS, f"The cap is {self._max_reports} samples, and {named}.")

    def _assembly(self, header: Header, records: Sequence[Record], contigs: Collection[bytes]) -> AssemblyDecision:
        bases = {assembly: count_bases(index, records) for assembly, index in self._panel_index.indexes.items()}
        return decide_assembly(self._options.assembly, header, self._panel_index.panels, bases, contigs)

    def _check_contigs(self, body: Body) -> None:
        """Raise ``InputError`` where no record is on a chromosome of a known name, so that there is nothing to report."""
        if body.records and not body.chromosomes:
            raise InputError(UNKNOWN_CONTIGS, f"The records are on {len(body.contigs)} contigs, and none of the names is known.")

    def _silence(self, assembly: Assembly, records: Sequence[Record]) -> Iterator[InputWarning]:
        """Yield a warning where no record is over the panel of the assembly."""
        targets = self._panel_index.own[assembly]
        for record in records:
            if (target := targets.get(record.chrom)) is not None and target.near(record.pos, max(record.end, record.ref_end)):
                return
        yield _NOTHING_OVER_PANEL

    def _facts(self, decompressor: Decompressor, body: Body, verdict: AssemblyDecision, warnings: tuple[InputWarning, ...]) -> InputFacts:
        return InputFacts(
            sha256=self._meter.sha256,
            bytes=self._meter.received,
            format=InputFormat.BCF if isinstance(body, BcfBody) else _FORMATS[decompressor.wrapping],
            records=body.records,
            assembly=verdict.assembly,
            assembly_evidence=verdict.evidence,
            gvcf=body.blocks,
            samples=len(body.header.samples),
            integrity=Integrity(
                records=body.records,
                lines=body.lines,
                sorted=body.sorted,
                compression_verified=decompressor.verified,
                eof_marker=decompressor.eof_marker,
            ),
            warnings=(*warnings, *body.warnings, *verdict.warnings),
        )

    def close(self) -> None:
        """Release everything."""
        if self._decompressor is not None:
            self._decompressor.close()
        self._decompressor = None
        self._body = None
        self._head = b""


def read_input(source: Path | BinaryIO, options: Options, panels: Mapping[Assembly, Panel], limits: Limits) -> IntakeResult:
    """Take in a file, or a binary stream up to its end. Raises ``InputError``, and ``OSError`` where a file cannot be read."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return read_input(stream, options, panels, limits)
    intake = Intake(options, panels, limits)
    try:
        while chunk := source.read(_CHUNK):
            intake.feed(chunk)
        return intake.finish()
    finally:
        intake.close()
