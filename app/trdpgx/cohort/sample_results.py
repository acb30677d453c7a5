"""The results of a block of samples: distinct calls and considerations, and the indexes of those that each sample has."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from trdpgx.calling.genes import with_outside_calls
from trdpgx.calling.patterns import PatternCaller, PatternCalls
from trdpgx.calling.promoter_repeat import with_promoter_repeat
from trdpgx.cohort.call_table import CallTable
from trdpgx.cohort.distinct import codes_of, distinct_rows, first_rows, looked_up
from trdpgx.cohort.keyed import Considered, KeyedConsiderations
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.options import Options
from trdpgx.model.outside import OutsideCall
from trdpgx.model.patient import Patient
from trdpgx.model.region import Interval
from trdpgx.model.report import Report
from trdpgx.model.site_columns import SampleBlock
from trdpgx.model.variant_report import RareGeneReport, RareVariantReport, VariantReport
from trdpgx.pipeline import Service
from trdpgx.report.assemble import all_limitations, input_report


class Beside(Struct, frozen=True):
    """What the sheet has of a sample: calls of other tools, the person whom a context describes, and options of that context."""

    outside: Sequence[OutsideCall] = ()
    patient: Patient | None = None
    options: Options | None = None


class AskedRun(Struct, frozen=True):
    """What is asked for all samples. ``reports``: whole reports as well."""

    options: Options
    targets: Sequence[Interval] | None = None
    reports: bool = False


class SampleResults(Struct, frozen=True):
    """The results of a block. ``reports`` has whole reports, by the number of the sample in the block, where one was made.

    ``rare_variants`` has the rare variants of the samples with any. ``outlines`` are distinct reports with the input, the genes and the
    limitations alone; ``outline_index`` has the index of each sample's.
    """

    names: Sequence[str]
    calls: CallTable
    considered: Considered
    rare_variants: Mapping[int, Sequence[RareVariantReport]]
    outlines: Sequence[Report]
    outline_index: NDArray[np.int64]
    reports: Mapping[int, Report] = field(default_factory=dict)
    dropped: Set[str] = frozenset()
    """Samples that get no row: a field of theirs cannot be read, or they are another input's."""


def outline(**fields: Any) -> Report:
    """Return a report with these fields alone."""
    return Report.model_construct(**fields)


class ResultReader:
    """Computes the results of the blocks of one input."""

    def __init__(
        self,
        service: Service,
        asked: AskedRun,
        result: IntakeResult,
        *,
        caller: PatternCaller,
        considerations: KeyedConsiderations,
    ) -> None:
        """Take the input, and the caller and the considerations, which the next input may share."""
        self._service = service
        self._asked = asked
        self._options = asked.options
        self._facts = result.facts
        self._result = result
        self._caller = caller
        self._rare = service.rare_reader(result, asked.targets)
        self._considerations = considerations

    def read(self, block: SampleBlock, beside: Mapping[str, Beside], dropped: Set[str] = frozenset()) -> SampleResults:
        """Return the results of a block."""
        called, located = self._caller.genes(block), self._caller.variants(block)
        genes = _Distinct(called)
        variants = _Distinct(located)
        rare_variants: dict[int, Sequence[RareVariantReport]] = {}
        reports: dict[int, Report] = {}
        looked_at: list[tuple[RareGeneReport, ...]] = []
        for number, name in enumerate(block.names):
            sites = block.beside(number)
            looked_at.append(self._rare.looked_at(sites))
            own = beside.get(name)
            if own is not None or self._asked.reports:
                report = self._report(block, called, [one.of(number) for one in located], own or Beside(), number)
                reports[number] = report
                genes.replace(number, report.genes)
                carried: Sequence[RareVariantReport] = report.rare_variants
            elif self._rare.concerns(sites):
                findings = self._rare.read(sites, [gene.of(number) for gene in called])
                genes.replace(number, findings.genes)
                carried = findings.variants
            else:
                continue
            if carried:
                rare_variants[number] = carried
        calls = CallTable(genes.items, genes.index(), genes.names, variants.items, variants.index(), variants.names)
        considered = self._considerations.of(calls, lambda number: rare_variants.get(number, ()), sorted(reports))
        outlines, outline_index = self._outlines(calls, looked_at, reports)
        return SampleResults(block.names, calls, considered, rare_variants, outlines, outline_index, reports, dropped)

    def _report(
        self,
        block: SampleBlock,
        called: Sequence[PatternCalls[GeneReport]],
        variants: Sequence[VariantReport],
        beside: Beside,
        number: int,
    ) -> Report:
        knowledge, sites = self._service.knowledge, block.beside(number)
        own = [gene.of(number) for gene in called]
        genes = with_outside_calls(knowledge.reference, own, beside.outside, knowledge.rulebook.caveats)
        options = beside.options or self._options
        writer = self._service.basis_writer(self._result, self._asked.targets, beside.patient)
        kept = writer.write(block, number, beside.outside, self._caller.where(sites))
        calls = tuple(genes), with_promoter_repeat(tuple(variants), beside.outside, sites.structural)
        return self._service.report(self._facts, sites, options, calls, kept=kept, rare=self._rare, patient=beside.patient)

    def _outlines(
        self, calls: CallTable, looked_at: Sequence[Sequence[RareGeneReport]], reports: Mapping[int, Report]
    ) -> tuple[list[Report], NDArray[np.int64]]:
        """Return the distinct outlines, and which of them each sample has."""
        genes = codes_of([(one.gene, one.status, one.copy_number.status, bool(one.diplotypes), one.sites) for one in calls.genes])
        variants = codes_of([(one.genotype is None, one.state) for one in calls.variants])
        read = codes_of([tuple([(one.gene, one.covered) for one in genes]) for genes in looked_at])
        own = np.arange(len(looked_at), dtype=np.int32)
        own[[number for number in range(len(looked_at)) if number not in reports]] = -1
        called = looked_up(genes, calls.gene_index), looked_up(variants, calls.variant_index)
        count, index = distinct_rows(np.concatenate([*called, read[:, None], own[:, None]], axis=1))
        samples = first_rows(index, count)
        return [reports.get(sample) or self._outline(calls, sample, looked_at[sample]) for sample in samples], index

    def _outline(self, calls: CallTable, sample: int, looked_at: Sequence[RareGeneReport]) -> Report:
        origin = self._service.loaded.origin
        genes = [calls.genes[one] for one in calls.gene_index[sample].tolist() if one >= 0]
        variants = [calls.variants[one] for one in calls.variant_index[sample].tolist()]
        return outline(
            software=origin.software,
            knowledge=origin.knowledge,
            input=input_report(self._facts, ""),
            options=self._options,
            genes=tuple(genes),
            rare_variant_genes=tuple(looked_at),
            limitations=all_limitations(origin, self._facts, self._options, (genes, variants, looked_at)),
        )


class _Distinct:
    """The distinct reports of all genes or variants of a block, with which of them each sample has."""

    def __init__(self, calls: Sequence[PatternCalls[Any]]) -> None:
        self.items = [report for call in calls for report in call.distinct]
        self.names = [call.name for call in calls]
        starts = np.cumsum([0, *(len(call.distinct) for call in calls)])
        self._columns = [np.asarray(call.index, dtype=np.int32) + start for call, start in zip(calls, starts[:-1], strict=True)]
        self._samples = len(calls[0].index) if calls else 0

    def replace(self, sample: int, reports: Sequence[GeneReport]) -> None:
        """Set the reports of a sample that differ from those it has; genes that no other sample has come last."""
        for report in reports:
            if report.gene not in self.names:
                self.names.append(report.gene)
                self._columns.append(np.full(self._samples, -1, dtype=np.int32))
            column = self._columns[self.names.index(report.gene)]
            if column[sample] < 0 or self.items[column[sample]] is not report:
                column[sample] = len(self.items)
                self.items.append(report)

    def index(self) -> NDArray[np.int32]:
        """Return the number of each sample's report: samples x genes or variants."""
        return np.stack(self._columns, axis=1) if self._columns else np.zeros((self._samples, 0), dtype=np.int32)
