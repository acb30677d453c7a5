"""The result of intake, made of a finished body: records validated, the assembly decided, and the columns of all samples."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from trdpgx.intake.body import FinishedBody
from trdpgx.intake.evidence.assembly import AssemblyDecision, count_bases, decide_assembly
from trdpgx.intake.evidence.coding_regions import RegionReader, info_definitions
from trdpgx.intake.evidence.searched import SearchedSamples
from trdpgx.intake.evidence.structural import StructuralReader
from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.genotypes.samples import SampleReader
from trdpgx.intake.genotypes.site_records import sort_out
from trdpgx.intake.panel import PanelIndex
from trdpgx.intake.problems import TOO_MANY_REPORTS, UNKNOWN_CONTIGS
from trdpgx.intake.read_ahead import CheckedRecords
from trdpgx.intake.validate.record import Record
from trdpgx.intake.vcf.contigs import unread_contigs
from trdpgx.model.genome import Assembly
from trdpgx.model.input import InputFacts, InputFormat, InputWarning, Integrity
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError
from trdpgx.texts import phrase

_NOTHING_OVER_PANEL = InputWarning(code="nothing_over_panel", text=phrase("warnings.nothing_over_panel"))
"""The first thing to read where a file has nothing on the panel."""


class Received(NamedTuple):
    """Facts about the bytes that were received; ``compression_verified`` and ``eof_marker`` are as in ``Integrity``."""

    sha256: str
    bytes: int
    format: InputFormat
    compression_verified: bool | None
    eof_marker: bool | None
    warnings: tuple[InputWarning, ...] = ()


def make_result(
    body: FinishedBody,
    received: Received,
    options: Options,
    panels: PanelIndex,
    limits: Limits,
    *,
    shown: Mapping[str, Collection[int]] | None = None,
    first: int = 0,
    max_reports: int | None = None,
    checked: CheckedRecords | None = None,
) -> IntakeResult:
    """Return the result of intake for a finished body. Raises ``InputError``.

    ``shown`` and ``first`` are as in ``SearchedSamples`` (``None``: not asked for), ``max_reports`` as in ``Intake``; ``checked`` are the
    records that were checked while the input came in.
    """
    header = body.header
    checked = checked or CheckedRecords(header, options, limits)
    wanted = checked.wanted
    if body.records and not body.chromosomes:
        raise InputError(UNKNOWN_CONTIGS, f"The records are on {len(body.contigs)} contigs, and none of the names is known.")
    if max_reports is not None and len(body.selected) * len(wanted) > limits.max_panel_records:
        detail = f"The cap is {limits.max_panel_records} records over the panel, counted once for each sample of a request."
        raise InputError(TOO_MANY_REPORTS, detail)
    records = checked.finish(body.selected)
    validator = checked.validator
    genotypes = PanelGenotypes(records, validator.columns)
    bases = {assembly: count_bases(index, records) for assembly, index in panels.indexes.items()}
    decision = decide_assembly(options.assembly, header, panels.panels, bases, body.contigs)
    index = panels.indexes[decision.assembly]
    samples = SampleReader(
        index,
        sort_out(index, records, limits),
        genotypes,
        [header.samples[number] for number in wanted],
        structural=StructuralReader(index.panel, genotypes),
        regions=RegionReader(index.coding, genotypes, gvcf=body.blocks),
        searched=None if shown is None else SearchedSamples(shown, genotypes, first).chromosomes,
    )
    warnings = (*_nothing_over_panel(panels, decision.assembly, records), *unread_contigs(body.contigs), *validator.warnings)
    return IntakeResult(_facts(body, received, decision, warnings), samples, info_definitions(header.definitions))


def _nothing_over_panel(panels: PanelIndex, assembly: Assembly, records: Sequence[Record]) -> Iterator[InputWarning]:
    """Yield a warning where no record is over the panel of the assembly."""
    targets = panels.own[assembly]
    for record in records:
        if (target := targets.get(record.chrom)) is not None and target.near(record.pos, max(record.end, record.ref_end)):
            return
    yield _NOTHING_OVER_PANEL


def _facts(body: FinishedBody, received: Received, decision: AssemblyDecision, warnings: tuple[InputWarning, ...]) -> InputFacts:
    return InputFacts(
        sha256=received.sha256,
        bytes=received.bytes,
        format=received.format,
        records=body.records,
        assembly=decision.assembly,
        assembly_evidence=decision.evidence,
        gvcf=body.blocks,
        samples=len(body.header.samples),
        integrity=Integrity(
            records=body.records,
            lines=body.lines,
            sorted=body.sorted,
            compression_verified=received.compression_verified,
            eof_marker=received.eof_marker,
        ),
        warnings=(*received.warnings, *warnings, *body.warnings, *decision.warnings),
    )
