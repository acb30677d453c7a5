"""Observations of exposure that apply to this person: by phenotype, co-medication, smoking and organ function, one study at a time.

Figures are never multiplied with each other. A figure about an inhibitor does not apply where the genotype leaves nothing to inhibit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from trdpgx.clinical.conversion_methods import DiplotypeReading, every_phenotype, readings_of
from trdpgx.clinical.enzyme_causes import EnzymeCause, causes_of, smokes
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.knowledge.rules.schema.exposure import ExposureFile, ExposureRow
from trdpgx.model.clinical_report import SMOKING, ExposureReport
from trdpgx.model.evidence import VerificationState
from trdpgx.model.gene import Scheme
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient
from trdpgx.texts import at_beginning, both, either, phrase


class PersonExposure(Struct, frozen=True):
    """What exposure depends on in one person: genes by name, causes by enzyme, and daily doses of the drugs that act."""

    patient: Patient
    rulebook: RuleLibrary
    genes: Mapping[str, GeneReport]
    readings: Mapping[str, tuple[DiplotypeReading, ...]]
    causes: Mapping[str, tuple[EnzymeCause, ...]]
    acting: Mapping[str, float | None]
    """Drugs that are taken, or still act on an enzyme, each with its dose a day in mg."""

    def nothing_left(self, enzyme: str) -> bool:
        """Return whether the genotype leaves no activity of an enzyme."""
        readings = self.readings.get(enzyme, ())
        return bool(readings) and all(reading.nothing_left for reading in readings)

    def without(self, drug: str) -> frozenset[str]:
        """Return the names under which a drug may not act on itself: its own, and its components."""
        return frozenset({drug, *self.rulebook.patient_names.components.get(drug, ())})


def person_exposure(patient: Patient, genes: Iterable[GeneReport], rulebook: RuleLibrary) -> PersonExposure:
    """Return what exposure depends on in one person."""
    by_name = {gene.gene: gene for gene in genes}
    effects = rulebook.clinical.of(EnzymeEffectFile)
    causes = {enzyme: causes_of(enzyme, patient, effects) for enzyme in dict.fromkeys(row.enzyme for row in effects.rows.values())}
    lasting = {cause.name for one in causes.values() for cause in one}
    acting: dict[str, float | None] = {}
    for drug in patient.current or ():
        if drug.stopped_on is None or drug.drug in lasting:
            acting[drug.drug] = _sum(acting[drug.drug], drug.dose_mg) if drug.drug in acting else drug.dose_mg
    readings = {name: readings_of(gene, rulebook.activity.get(name, {})) for name, gene in by_name.items()}
    return PersonExposure(patient, rulebook, by_name, readings, causes, acting)


def observed(person: PersonExposure, drug: str) -> Iterator[tuple[ExposureRow, ExposureReport]]:
    """Yield each row about the drug that applies to the person, with its report."""
    rows = [row for row in person.rulebook.clinical.of(ExposureFile).rows.values() if row.drug == drug]
    for row in rows:
        if row.phenotype is not None:
            yield from ((row, made) for made in _by_phenotype(person, row))
    for row in _of_dose(person, rows):
        yield row, _by_comedication(person, row)
    for row in rows:
        cause = _other_cause(person, row)
        if cause is not None:
            yield row, report_of(person, row, cause)


def report_of(person: PersonExposure, row: ExposureRow, cause: str) -> ExposureReport:
    """Return the report of a row: observed where there is a figure, and a word where there is none."""
    figure = "" if row.ratio is None else phrase("observed_exposure.times_others", ratio=f"{row.ratio:g}")
    if row.interval is not None:
        between = phrase("lists.range", low=f"{row.interval[0]:g}", high=f"{row.interval[1]:g}")
        figure = f"{figure} ({between})" if figure else phrase("observed_exposure.times_others", ratio=between)
    people = row.people or (phrase("observed_exposure.people", count=row.n) if row.n else "")
    known = row.verification
    sentences = [
        f"{at_beginning(row.analyte)}: {figure or row.described}.",
        f"In: {people}." if people else "",
        row.text or "",
        phrase("observed_exposure.not_read_source", where=known.where) if known.state is VerificationState.UNVERIFIED else "",
    ]
    return ExposureReport(
        drug=row.drug,
        cause=cause,
        kind="word" if row.ratio is None and row.interval is None else "observed",
        word=row.described,
        ratio=row.ratio,
        ratio_range=row.interval,
        n=row.n,
        analyte=row.analyte,
        text=" ".join(sentence for sentence in sentences if sentence),
        source=row.source_with(person.rulebook.citations),
        verification=known,
    )


def _by_phenotype(person: PersonExposure, row: ExposureRow) -> Iterator[ExposureReport]:
    asked = row.phenotype
    gene = person.genes.get(asked.gene) if asked else None
    if asked is None or gene is None:
        return
    readings = person.readings[asked.gene]
    matching = [reading for reading in readings if set(asked.phenotypes) & set(reading.phenotypes) and _functions(gene, reading, row)]
    if not matching:
        return
    called = every_phenotype(tuple(matching))
    own = [phenotype for phenotype in asked.phenotypes if phenotype in called]
    everywhere = len(matching) == len(readings) and not any(reading.hidden for reading in matching)
    proviso = "" if everywhere else phrase("observed_exposure.one_phenotypes_file_allows")
    if len(own) < len(asked.phenotypes):
        groups = (phrase("observed_exposure.group", phenotype=phenotype.term) for phenotype in asked.phenotypes)
        proviso += phrase("observed_exposure.of_groups_together", groups=both(groups))
    terms = either(phenotype.term for phenotype in own)
    yield report_of(person, row, phrase("observed_exposure.by_genotype", gene=asked.gene, phenotypes=terms, proviso=proviso))


def _functions(gene: GeneReport, reading: DiplotypeReading, row: ExposureRow) -> bool:
    """Return whether the functions of the diplotype are those that the row asks for; unknown functions are not."""
    asked = row.phenotype.functions if row.phenotype else ()
    if not asked:
        return True
    return any(
        sorted(diplotype.functions) == sorted(asked)
        for diplotype in gene.diplotypes
        if diplotype.name == reading.name and diplotype.phenotypes.get(Scheme.CPIC, diplotype.phenotype) in reading.phenotypes
    )


def _of_dose(person: PersonExposure, rows: Iterable[ExposureRow]) -> Iterator[ExposureRow]:
    """Yield the rows about a drug that acts today; of one study and analyte those for the highest dose that is reached."""
    groups: dict[tuple[str, str, str], list[ExposureRow]] = {}
    for row in rows:
        other = row.comedication
        if other is not None and other.drug in person.acting and other.drug not in person.without(row.drug):
            dose = person.acting[other.drug]
            if other.dose_mg_at_least is None or (dose is not None and dose >= other.dose_mg_at_least):
                groups.setdefault((other.drug, row.analyte, row.source), []).append(row)
    for group in groups.values():
        most = max(row.comedication.dose_mg_at_least or 0 for row in group if row.comedication)
        yield from (row for row in group if row.comedication and (row.comedication.dose_mg_at_least or 0) == most)


def _by_comedication(person: PersonExposure, row: ExposureRow) -> ExposureReport:
    other = row.comedication
    if other is None:
        raise ValueError("the row is not about co-medication")
    if other.enzyme is not None and person.nothing_left(other.enzyme):
        return nothing_to_add(person, row.drug, [other.drug], other.enzyme, row)
    made = report_of(person, row, phrase("observed_exposure.with_drug", drug=other.drug))
    timing = _timing(person, other.drug)
    if timing:
        made = made.copy_with(text=f"{made.text} {timing}")
    if other.enzyme is not None and other.enzyme in person.genes:
        made = made.copy_with(text=phrase("observed_exposure.not_multiplied", text=made.text, enzyme=other.enzyme))
    return made


def _timing(person: PersonExposure, drug: str) -> str:
    """Return until when a stopped drug acts, or that it may not act in full yet; for the enzyme on which it acts longest."""
    effects = person.rulebook.clinical.of(EnzymeEffectFile)
    causes = [cause for one in person.causes.values() for cause in one if cause.name == drug and cause.timing(effects)]
    last = max(causes, key=lambda cause: cause.until.latest if cause.until else cause.as_of or person.patient.as_of, default=None)
    return f"{at_beginning(drug)}: {last.timing(effects)}" if last else ""


def nothing_to_add(person: PersonExposure, drug: str, others: Sequence[str], enzyme: str, row: ExposureRow | None = None) -> ExposureReport:
    """Return that drugs which act on an enzyme add nothing where the genotype leaves none."""
    phenotypes = either(phenotype.term for phenotype in every_phenotype(person.readings.get(enzyme, ())))
    names = both(others)
    return ExposureReport(
        drug=drug,
        cause=phrase("observed_exposure.with_other_by_genotype", other=names, enzyme=enzyme, term=phenotypes),
        kind="word",
        word="similar",
        analyte=row.analyte if row else None,
        text=phrase("observed_exposure.nothing_to_add", count=len(others), other=at_beginning(names), enzyme=enzyme),
        source=row.source_with(person.rulebook.citations) if row else None,
        verification=row.verification if row else None,
    )


def _other_cause(person: PersonExposure, row: ExposureRow) -> str | None:
    patient, organ = person.patient, row.organ
    if row.smoking == "current":
        return SMOKING if smokes(patient) else None
    if row.smoking == "stopped":
        return phrase("exposure.smoking_given_up") if lately_stopped(person) else None
    if organ is None:
        return None
    if organ.liver is not None and patient.liver == organ.liver:
        return phrase("observed_exposure.impairment_liver", liver=organ.liver)
    if organ.egfr_below is not None and patient.egfr is not None and patient.egfr < organ.egfr_below:
        return phrase("observed_exposure.egfr_below", egfr_below=f"{organ.egfr_below:g}")
    return None


def lately_stopped(person: PersonExposure) -> bool:
    """Return whether smoking was stopped so recently that levels may still rise, or have risen."""
    smoking = person.patient.smoking
    if smoking is None or smoking.stopped_on is None:
        return False
    return (person.patient.as_of - smoking.stopped_on).days <= person.rulebook.clinical.of(ExposureFile).stopped_smoking_days


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other
