"""The whole flow on one screen: intake, calling, reasoning with the patient's side, report."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from msgspec.structs import replace

from trdpgx.calling.genes import with_outside_calls
from trdpgx.calling.looked_at import looked_at
from trdpgx.calling.outside_calls.samples import calls_by_sample, check_samples
from trdpgx.calling.patterns import PatternCaller
from trdpgx.calling.promoter_repeat import with_promoter_repeat
from trdpgx.calling.rare_variants.person import RareReader
from trdpgx.clinical.problems import CONTEXT_NEEDS_ONE_SAMPLE
from trdpgx.intake.evidence.assay_targets import read_targets
from trdpgx.intake.read import Intake, read_input
from trdpgx.loaded import Loaded, load, load_once
from trdpgx.model.basis import ReportBasis, SiteGenotype
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import SampleSites
from trdpgx.model.input import InputFacts
from trdpgx.model.input_name import checked_input_name
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.outside import OutsideCall
from trdpgx.model.patient import Patient
from trdpgx.model.problem import InputError
from trdpgx.model.region import Interval
from trdpgx.model.report import Report
from trdpgx.model.settings import Settings
from trdpgx.model.variant_report import VariantReport
from trdpgx.reasoning.by_copies import against_by_copies
from trdpgx.reasoning.considerations import consider
from trdpgx.reasoning.cross_references import with_cross_references
from trdpgx.reasoning.drugs import summarise_drugs
from trdpgx.reasoning.other_results import by_other_results
from trdpgx.reasoning.patient_side import patient_side
from trdpgx.reasoning.summary.not_cleared import NOTHING_MISSING, not_cleared
from trdpgx.reasoning.summary.other_result_words import with_other_results
from trdpgx.reasoning.summary.summary import summarise
from trdpgx.report.assemble import assemble
from trdpgx.report.basis import BasisWriter, InputBasis
from trdpgx.report.selection import select, selection_of


class Service:
    """The knowledge, read once: what every request shares. It may be used as a context manager, and holds nothing open."""

    def __init__(
        self,
        settings: Settings | None = None,
        limits: Limits | None = None,
        loaded: Loaded | None = None,
        loader: Callable[[Settings], Loaded] = load,
    ) -> None:
        """Load the knowledge, unless it is ``loaded`` already."""
        self.settings = settings or Settings()
        self.limits = limits or Limits()
        self.loaded = loaded or loader(self.settings)
        self.knowledge = self.loaded.knowledge
        self.frequencies = self.loaded.frequencies
        self.rules = self.loaded.rules

    def intake(self, options: Options) -> Intake:
        """Return an intake that takes the input of one HTTP request in chunks."""
        return Intake(options, self.knowledge.reference.panels, self.limits, max_reports=self.limits.max_reports)

    def read(self, source: Path | BinaryIO, options: Options) -> IntakeResult:
        """Take in one file or binary stream."""
        return read_input(source, options, self.knowledge.reference.panels, self.limits)

    def read_by_index(self, path: Path, options: Options) -> IntakeResult:
        """Take in the records over the panel of a local file with an index; the report states that nothing else was read."""
        from trdpgx.intake.by_index import read_by_index  # noqa: PLC0415 (as in ``patient``)

        return read_by_index(path, options, self.knowledge.reference.panels, self.limits)

    def without_genome(self, options: Options, outside: Sequence[OutsideCall]) -> IntakeResult:
        """Return what intake hands on where no file was sent: every site absent, for each sample that the outside calls name."""
        from trdpgx.intake.no_genome import no_genome  # noqa: PLC0415 (as in ``patient``)

        return no_genome(options, self.knowledge.reference.panels, tuple(dict.fromkeys(call.sample for call in outside if call.sample)))

    def patient(self, context: ClinicalContext, day: date | None = None) -> Patient | None:
        """Return the person whom a context describes; ``None`` where it states nothing but an ancestry.

        ``day`` is that of the report, if not today. Raises ``ContextError``.
        """
        if not context.model_fields_set - {"ancestry"}:
            return None
        from trdpgx.clinical.resolve import resolve  # noqa: PLC0415 (a start pays for what it needs only: decision 0079)

        return resolve(context, self.knowledge.rulebook.patient_names, day or datetime.now(UTC).date())

    def reports(
        self,
        result: IntakeResult,
        options: Options,
        outside: Sequence[OutsideCall] = (),
        targets: Sequence[Interval] | None = None,
        *,
        patient: Patient | None = None,
    ) -> Iterator[Report]:
        """Yield one report a sample, in the order of the input.

        ``targets`` are the regions that the assay set out to read, if known, and ``patient`` is the person beside the genome. Raises
        ``InputError`` where the outside calls are for other samples, or a person is described and there are several samples,
        or a filter names what is not known.
        """
        check_samples(outside, result.samples.names)
        if patient is not None and len(result.samples) != 1:
            raise InputError(CONTEXT_NEEDS_ONE_SAMPLE, f"The input has {len(result.samples)} samples.", samples=result.samples.names)
        selection = selection_of(options, self.knowledge)
        reference, caveats = self.knowledge.reference, self.knowledge.rulebook.caveats
        rare = self.rare_reader(result, targets)
        outside_calls = calls_by_sample(outside)
        caller = self.caller(result, options, targets)
        writer = self.basis_writer(result, targets, patient)
        for block in result.samples.blocks():
            genes, located = caller.genes(block), caller.variants(block)
            for number, name in enumerate(block.names):
                own = [*outside_calls.get(None, ()), *outside_calls.get(name, ())]
                called = with_outside_calls(reference, [gene.of(number) for gene in genes], own, caveats)
                sample = block.beside(number)
                variants = with_promoter_repeat(tuple([variant.of(number) for variant in located]), own, sample.structural)
                report = self.report(
                    result.facts,
                    sample,
                    options,
                    (called, variants),
                    kept=writer.write(block, number, own, caller.where(sample)),
                    rare=rare,
                    patient=patient,
                )
                yield report if selection is None else select(report, selection)

    def caller(self, result: IntakeResult, options: Options, targets: Sequence[Interval] | None = None) -> PatternCaller:
        """Return what calls the genes and variants of an input, block by block."""
        return PatternCaller(
            self.knowledge.reference,
            result.facts.assembly,
            options,
            caveats=self.knowledge.rulebook.caveats,
            open_from=self.settings.open_from_chance,
            looked=looked_at((), targets),
        )

    def rare_reader(self, result: IntakeResult, targets: Sequence[Interval] | None = None) -> RareReader:
        """Return what reads the rare variants of the samples of an input."""
        assembly = result.facts.assembly
        return RareReader(self.loaded.rare_genes[assembly], result.info_definitions, self.frequencies.get(assembly), targets)

    def basis_writer(self, result: IntakeResult, targets: Sequence[Interval] | None, patient: Patient | None) -> BasisWriter:
        """Return what writes the genotypes of the samples of an input, and what their calls rest on beside."""
        shared = InputBasis(
            definitions=result.info_definitions,
            targets=targets,
            patient=patient,
            open_from=self.settings.open_from_chance,
            frequency_file=result.facts.assembly in self.frequencies,
        )
        return BasisWriter(self.knowledge.reference, result.facts.assembly, shared)

    def report(
        self,
        facts: InputFacts,
        sample: SampleSites,
        options: Options,
        calls: tuple[Sequence[GeneReport], Sequence[VariantReport]],
        *,
        kept: tuple[tuple[SiteGenotype, ...], ReportBasis],
        rare: RareReader,
        patient: Patient | None = None,
    ) -> Report:
        """Return the report of one sample: the ``calls`` of its genes and variants, ``kept`` as it is, and what follows from them."""
        called, variants = calls
        rare_findings = rare.read(sample, called)
        rules = self.rules.at_age(patient.age_years if patient else None)
        considerations = consider(rules, rare_findings.genes, variants, rare_findings.variants, ancestry=options.ancestry)
        side = patient_side(rules, self.knowledge, patient, rare_findings.genes, variants, considerations=considerations)
        by_others = tuple(by_other_results(rules, side.genes, variants, side.considerations))
        side = replace(side, genes=with_other_results(side.genes, by_others))
        unseen = self.rules.untreated.unseen(side.genes, variants)
        drugs = summarise_drugs(self.knowledge.rulebook, side.considerations, side.genes, unseen, both_ways=side.both_ways)
        looked = self.rules.untreated.of(side.genes, variants, side.considerations)
        summary = summarise(
            self.knowledge.rulebook,
            side.genes,
            rare_findings.variants,
            side.considerations,
            drugs,
            asked=self.rules.untreated.by_result,
            by_copies=tuple(
                against_by_copies(rules, self.knowledge.reference.genes, side.genes, variants, side.considerations),
            ),
            by_others=by_others,
            of_resistance=[one for one in variants if one.id in self.rules.untreated.of_resistance],
            silent=[one for one in looked if one.kind in {"drug", "therapy"}],
            warnings=facts.warnings,
            history=side.history,
            exposure=side.exposure,
            interactions=side.interactions,
            trials=(patient.trials or ()) if patient else (),
            context_given=patient is not None and patient.current is not None,
            age_given=patient is not None and patient.age_years is not None,
            qtc_ms=patient.qtc_ms if patient else None,
            missing=not_cleared(self.knowledge.rulebook, self.rules.untreated, side.genes, unseen) if side.history else NOTHING_MISSING,
        )
        return assemble(
            self.loaded.origin,
            facts,
            sample.sample,
            options,
            genotypes=kept[0],
            basis=kept[1],
            variants=variants,
            rare_variants=rare_findings.variants,
            rare_variant_genes=rare_findings.looked_at,
            drugs=drugs,
            summary=summary,
            side=with_cross_references(self.rules, side, summary.drugs),
            looked_at=looked,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """Nothing is held open."""


def annotate(
    source: Path | str | BinaryIO | None = None,
    *,
    options: Options | None = None,
    outside_calls: bytes | None = None,
    targets: bytes | None = None,
    context: ClinicalContext | Mapping[str, object] | bytes | None = None,
    input_name: str | None = None,
    service: Service | None = None,
) -> list[Report]:
    """Return one report for each sample of a VCF or BCF, plain or compressed.

    ``source`` is a path or a binary file object. ``outside_calls`` is the content of a file of calls that another tool made, ``targets``
    of a BED file of the regions that the assay set out to read. ``context`` states current drugs, past trials and what bears on them
    (docs/clinical.md): a ``ClinicalContext``, decoded JSON, or JSON. ``source`` may be left out where outside calls or a context are
    there; the report then states that no genome was seen. ``input_name`` is what the reports call the input. A ``service`` that
    is passed in is used and left open. Without one, the rules and the reference are read at the first call and kept for the next ones.

    Raises ``trdpgx.InputError``, whose ``problem`` states what is wrong with the input, on which line, and what to do about it, and
    ``ValueError`` for a name with control characters or of more than 255 characters.
    """
    chosen = options or Options()
    input_name = checked_input_name(input_name)
    service = service or Service(loader=load_once)
    outside = _outside(outside_calls, service.limits)
    stated = _context(context, service.limits)
    patient = service.patient(stated)
    if stated.ancestry is not None:
        chosen = chosen.copy_with(ancestry=stated.ancestry)
    if source is not None:
        result = service.read(Path(source) if isinstance(source, str) else source, chosen)
    elif outside_calls is None and context is None:
        raise ValueError("nothing to report on: give a source, outside calls or a context")
    else:
        result = service.without_genome(chosen, outside)
    regions = None if targets is None else read_targets(targets, service.limits)
    return list(service.reports(result.named(input_name), chosen, outside, regions, patient=patient))


def _outside(outside_calls: bytes | None, limits: Limits) -> Sequence[OutsideCall]:
    if outside_calls is None:
        return ()
    from trdpgx.calling.outside_calls.files import read_outside_calls  # noqa: PLC0415 (as in ``Service.patient``)

    return read_outside_calls(outside_calls, limits)


def _context(context: ClinicalContext | Mapping[str, object] | bytes | None, limits: Limits) -> ClinicalContext:
    if context is None or isinstance(context, ClinicalContext):
        return context or ClinicalContext()
    from trdpgx.clinical.document import context_of, read_context  # noqa: PLC0415 (as in ``Service.patient``)

    return read_context(context, limits.max_context_bytes) if isinstance(context, bytes) else context_of(context)
