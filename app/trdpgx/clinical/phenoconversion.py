"""The phenotype of an enzyme under current drugs and smoking, beside the genotype's and never instead of it.

Every method is a convention and named with its version; where methods, or the classes of lists, give different phenotypes, all are shown.
CPIC defines none for CYP2C19, CYP2B6, CYP2C9 and CYP3A4, and for CYP2D6 only with opioids (Crews 2021, PMC8249478).
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from trdpgx.clinical.conversion_methods import Bands, DiplotypeReading, Outcome, every_phenotype, methods_of, outcome_of, readings_of
from trdpgx.clinical.enzyme_causes import EnzymeCause, causes_of, deciding
from trdpgx.clinical.stopping import after_stopping
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.knowledge.rules.schema.phenoconversion import MultiplierRow, PhenoconversionFile, ShiftRow
from trdpgx.model.clinical_report import ConversionCause, ConversionResult, DateRange, Phenoconversion
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient
from trdpgx.texts import either, phrase


class Conversion(Struct, frozen=True):
    """One gene under current drugs: the causes that act on it, its diplotypes by genotype, and the outcome of each method.

    ``outcomes`` starts with the main method by the first list; it is empty where there is no agreed method, or nothing acts on the enzyme.
    """

    gene: str
    causes: tuple[EnzymeCause, ...]
    readings: tuple[DiplotypeReading, ...]
    outcomes: tuple[Outcome, ...] = ()
    beside: tuple[Outcome, ...] = ()
    """Outcomes by other lists and by methods that are not usual, where they differ; all of them where there is no agreed method."""

    @property
    def called(self) -> bool:
        """Whether there is a phenotype, or an unknown one, by genotype."""
        return any(reading.phenotypes for reading in self.readings)

    @property
    def converted(self) -> bool:
        """Whether the main method gives another phenotype or activity score for at least one diplotype."""
        return bool(self.outcomes) and self.changes(self.outcomes[0])

    def changes(self, outcome: Outcome) -> bool:
        """Return whether an outcome differs from the phenotypes and scores by genotype."""
        return outcome.readings != self.readings


def conversion(gene: GeneReport, patient: Patient, rulebook: RuleLibrary, without: frozenset[str] = frozenset()) -> Conversion | None:
    """Return a gene under current drugs and smoking; ``None`` where no list names a drug for it, or neither was stated.

    ``without`` names drugs that do not count: a drug is never considered under a conversion that it causes itself.
    """
    effects, methods = rulebook.clinical.of(EnzymeEffectFile), rulebook.clinical.of(PhenoconversionFile)
    if all(row.enzyme != gene.gene for row in effects.rows.values()):
        return None
    causes = causes_of(gene.gene, patient, effects, without)
    if not causes and patient.current is None:
        return None
    bands = rulebook.activity.get(gene.gene, {})
    readings = readings_of(gene, bands)
    made = Conversion(gene.gene, causes, readings)
    if not causes:
        return made
    outcomes = [
        outcome
        for key, row in methods_of(gene.gene, methods)
        if row.usual and (outcome := outcome_of(key, row, gene.gene, readings, causes, bands=bands)) is not None
    ]
    beside = tuple(_beside(gene.gene, readings, causes, bands=bands, methods=methods, shown=[outcome.phenotypes for outcome in outcomes]))
    return Conversion(gene.gene, causes, readings, tuple(outcomes), beside)


def _beside(
    gene: str,
    readings: tuple[DiplotypeReading, ...],
    causes: tuple[EnzymeCause, ...],
    *,
    bands: Bands,
    methods: PhenoconversionFile,
    shown: list[tuple[Phenotype, ...]],
) -> Iterator[Outcome]:
    """Yield the outcomes by other lists of the usual methods, and by other methods, that are not ``shown`` already."""
    listed = dict.fromkeys(name for cause in causes for name, strength in cause.classes.items() if strength != cause.listed[1])
    every = list(methods_of(gene, methods))
    tried: list[tuple[str, MultiplierRow | ShiftRow, str | None]] = [(key, row, name) for key, row in every if row.usual for name in listed]
    tried += [(key, row, None) for key, row in every if not row.usual]
    for key, row, name in tried:
        outcome = outcome_of(key, row, gene, readings, causes, bands=bands, list_key=name)
        if outcome is not None and outcome.phenotypes not in shown:
            shown.append(outcome.phenotypes)
            yield outcome


def convert(gene: GeneReport, patient: Patient, rulebook: RuleLibrary) -> Phenoconversion | None:
    """Return a gene under current drugs as the report states it; ``None`` where nothing is to be stated (see ``conversion``)."""
    made = conversion(gene, patient, rulebook)
    return None if made is None else stated(made, gene, patient, rulebook)


def with_conversions(genes: Sequence[GeneReport], patient: Patient, rulebook: RuleLibrary) -> tuple[GeneReport, ...]:
    """Return the genes of a report, each with its conversion under current drugs where it is to be stated."""
    converted = {gene.gene: convert(gene, patient, rulebook) for gene in genes}
    return tuple(gene.copy_with(phenoconverted=converted[gene.gene]) if converted[gene.gene] else gene for gene in genes)


def stated(made: Conversion, gene: GeneReport, patient: Patient, rulebook: RuleLibrary) -> Phenoconversion:
    """Return a conversion as the report states it."""
    effects, methods = rulebook.clinical.of(EnzymeEffectFile), rulebook.clinical.of(PhenoconversionFile)
    main = made.outcomes[0] if made.outcomes else None
    converted = made.converted and main is not None
    phenotypes = main.phenotypes if main is not None and converted else ()
    status = "converted" if converted else "no_agreed_method" if made.causes and main is None else "not_converted"
    return Phenoconversion(
        status=status,
        method=main.key if main is not None and converted else None,
        phenotype=phenotypes[0] if len(phenotypes) == 1 else None,
        phenotype_range=phenotypes,
        cause=tuple(cause for one in made.causes for cause in _causes(one, effects)),
        until=_until(made.causes),
        results=tuple(_result(outcome, made.causes, effects) for outcome in (*made.outcomes, *made.beside))
        if made.called or converted
        else (),
        text=" ".join(_sentences(made, gene, patient, effects, methods)),
        when_stopped=after_stopping(made.gene, made.causes, _by_genotype_alone(made, gene), rulebook) if converted else None,
    )


def _causes(cause: EnzymeCause, effects: EnzymeEffectFile) -> Iterator[ConversionCause]:
    """Yield a cause by the first list, and by each list that has another class."""
    for number, (key, strength) in enumerate(cause.classes.items()):
        if number and strength == cause.listed[1]:
            continue
        entry = effects.lists.get(key)
        yield ConversionCause(
            name=cause.name,
            effect=cause.effect,
            strength=strength,
            list_name=entry.name if entry else key,
            list_version=entry.version if entry else phrase("phenoconversion.not_stated"),
            until=cause.until,
            text=cause.text(effects, key),
        )


def _until(causes: Sequence[EnzymeCause]) -> DateRange | None:
    ends = [cause.until for cause in causes if cause.until is not None]
    if not ends or len(ends) < len(causes):
        return None
    return DateRange(earliest=max(end.earliest for end in ends), latest=max(end.latest for end in ends))


def _result(outcome: Outcome, causes: tuple[EnzymeCause, ...], effects: EnzymeEffectFile) -> ConversionResult:
    _, key = deciding(causes, outcome.list_key or outcome.row.classes_of)
    entry = effects.lists.get(key)
    phenotypes = outcome.phenotypes
    return ConversionResult(
        method=outcome.key,
        version=outcome.row.version,
        list_name=entry.name if entry else key,
        list_version=entry.version if entry else None,
        phenotype=phenotypes[0] if len(phenotypes) == 1 else None,
        phenotype_range=phenotypes,
        activity_score_range=outcome.scores,
    )


def _sentences(
    made: Conversion, gene: GeneReport, patient: Patient, effects: EnzymeEffectFile, methods: PhenoconversionFile
) -> Iterator[str]:
    main = made.outcomes[0] if made.outcomes else None
    if not made.causes:
        yield phrase("phenoconversion.no_cause", gene=made.gene)
        return
    if made.converted and main is not None:
        yield phrase(
            "phenoconversion.by_conversion",
            gene=made.gene,
            phenotypes=terms(main.phenotypes),
            scores=_scores(main),
            by_genotype=_by_genotype(made, gene),
        )
    yield from (cause.text(effects) for cause in made.causes)
    if main is None:
        yield _no_method(made)
    elif not made.converted:
        yield _why_not(made, main)
    if main is not None and made.converted:
        yield phrase("phenoconversion.method", method=main.key, version=main.row.version, note=main.row.note or "").strip()
        if main.scores == (0, 0) and main.for_any_genotype and gene.copy_number.is_uncounted:
            yield phrase("phenoconversion.copies_multiplied", gene=made.gene)
    for outcome in (*made.outcomes[1:], *made.beside):
        if main is None or outcome.phenotypes != main.phenotypes:
            yield f"By {_method(outcome, effects)}: {terms(outcome.phenotypes)}."
    if patient.pregnancy and made.gene in methods.pregnancy:
        yield methods.pregnancy[made.gene]


def _scores(outcome: Outcome) -> str:
    if outcome.scores is None:
        return ""
    low, high = outcome.scores
    return (
        phrase("phenoconversion.activity_score", low=f"{low:g}")
        if low == high
        else phrase("phenoconversion.activity_scores", low=f"{low:g}", high=f"{high:g}")
    )


def _method(outcome: Outcome, effects: EnzymeEffectFile) -> str:
    entry = effects.lists.get(outcome.list_key or "")
    by = phrase("phenoconversion.by_class", source=entry.name, version=entry.version) if entry else ""
    return f"{outcome.key} ({outcome.row.version}){by}"


def _no_method(made: Conversion) -> str:
    if len({cause.effect for cause in made.causes}) > 1:
        stands = phrase("phenoconversion.genotype_stands") if made.called else ""
        return phrase("phenoconversion.act_together", gene=made.gene, stands=stands)
    return phrase("phenoconversion.no_method", gene=made.gene)


def _why_not(made: Conversion, main: Outcome) -> str:
    if not made.called:
        return phrase("phenoconversion.not_called", gene=made.gene)
    if all(reading.nothing_left for reading in made.readings):
        return phrase("phenoconversion.nothing_left", gene=made.gene, phenotypes=terms(every_phenotype(made.readings)))
    effect = made.causes[0].effect
    if {cause.class_by(main.row.classes_of) for cause in made.causes} <= {"weak", "unclassified"}:
        return phrase("phenoconversion.weak_class", effect=effect)
    return phrase("phenoconversion.left_as_it_is", method=main.key, version=main.row.version)


def _by_genotype(made: Conversion, gene: GeneReport) -> str:
    if not made.called:
        return phrase("phenoconversion.same_for_every_genotype")
    phenotypes = gene.phenotype_range if gene.phenotype_open and gene.phenotype_range else every_phenotype(made.readings)
    return phrase("phenoconversion.by_genotype", phenotypes=terms(phenotypes))


def _by_genotype_alone(made: Conversion, gene: GeneReport) -> str:
    return _by_genotype(made, gene) if made.called else phrase("stopping.not_called")


def terms(phenotypes: Sequence[Phenotype]) -> str:
    """Return phenotypes as a sentence names them."""
    return either(phenotype.term for phenotype in phenotypes) or phrase("phenoconversion.not_known")
