"""Exposure of this person to a drug: as observed, else a bound, else a word. Never a predicted level or dose.

No level is computed, as a static model was wrong by a factor of two in both directions on well-studied pairs. The bound follows from one
fact: an inhibitor that acts on one enzyme only cannot raise exposure above that of people without the enzyme.
"""

from collections.abc import Iterable, Iterator, Sequence

from trdpgx.clinical.enzyme_causes import EnzymeCause, by_rank, enzymes_inhibited
from trdpgx.clinical.levels import measured
from trdpgx.clinical.observed_exposure import PersonExposure, lately_stopped, nothing_to_add, observed, person_exposure
from trdpgx.clinical.phenoconversion import terms
from trdpgx.clinical.understood import taken
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile, Strength
from trdpgx.knowledge.rules.schema.exposure import ActiveSumRow, ExposureFile, ExposureRow, ExposureWord, SensitiveRow
from trdpgx.knowledge.rules.schema.phenoconversion import PhenoconversionFile
from trdpgx.model.clinical_report import SMOKING, ExposureReport
from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.evidence import Verification, VerificationState
from trdpgx.model.gene import Phenotype
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient
from trdpgx.model.rule import Source
from trdpgx.texts import at_beginning, both, phrase

_SLOWER = frozenset({Phenotype.PM, Phenotype.LIKELY_PM, Phenotype.IM, Phenotype.LIKELY_IM})
_FASTER = frozenset({Phenotype.UM, Phenotype.RM})
_DIRECTION = phrase("exposure.direction_alone")


def exposures(
    patient: Patient, genes: Sequence[GeneReport], considered_drugs: Iterable[str], rulebook: RuleLibrary
) -> tuple[ExposureReport, ...]:
    """Return the exposure to each current drug, then to each considered drug."""
    person = person_exposure(patient, genes, rulebook)
    current = taken(patient)
    drugs = dict.fromkeys((*current, *considered_drugs))
    return tuple(report for drug in drugs for report in _of_drug(person, drug, current=drug in current))


def _of_drug(person: PersonExposure, drug: str, *, current: bool) -> Iterator[ExposureReport]:
    every = [cause.name for enzyme in clearing_enzymes(person.rulebook, drug) for cause in person.causes.get(enzyme, ())]
    acting = [name for name in dict.fromkeys(every) if name not in person.without(drug)]
    yield from measured(person.patient, drug, person.rulebook, acting)
    rows = list(observed(person, drug))
    active_sum = next((row for row in person.rulebook.clinical.of(ExposureFile).active_sums.values() if row.drug == drug), None)
    stated: set[tuple[str, str]] = set()
    for row, report in rows:
        if (report.cause, report.text) in stated:
            continue
        stated.add((report.cause, report.text))
        parent_alone = active_sum is not None and row.analyte == drug and _is_of(row, active_sum.enzymes)
        yield report.copy_with(text=f"{report.text} {active_sum.text}") if active_sum is not None and parent_alone else report
    seen = {row.comedication.drug for row, _ in rows if row.comedication}
    if any(row.smoking for row, _ in rows):
        seen.add(SMOKING)
    if current:
        genes = {row.phenotype.gene for row, _ in rows if row.phenotype}
        yield from _by_genotype(person, drug, genes, active_sum)
        yield from _autoinhibition(person, drug)
    for enzyme in clearing_enzymes(person.rulebook, drug):
        causes = tuple(cause for cause in person.causes.get(enzyme, ()) if cause.name not in seen | person.without(drug))
        if causes and (current or not (person.nothing_left(enzyme) or _is_slight(causes))):
            strengths = tuple(dict.fromkeys(cause.listed[1] for cause in causes))
            under = _under(person, drug, enzyme, causes, active_sum)
            under = _as_metabolite(person, drug, causes, under) if current else under
            yield under.with_parts([TextPart(PartKind.CAUSE, under.cause, strengths)])
    if SMOKING not in seen and lately_stopped(person):
        yield from _after_smoking(person, drug)


def _as_metabolite(person: PersonExposure, drug: str, causes: Iterable[EnzymeCause], report: ExposureReport) -> ExposureReport:
    """Return a report of a drug under causes with what was observed of it as the metabolite of another drug under the same."""
    names = {cause.name for cause in causes}
    rows = [row for row in person.rulebook.clinical.of(ExposureFile).rows.values() if row.metabolite == drug and row.ratio is not None]
    observed_so = [
        phrase(
            "exposure.as_metabolite", drug=at_beginning(drug), parent=row.drug, cause=other.drug, ratio=f"{row.ratio:g}", source=row.source
        )
        for row in rows
        if (other := row.comedication) is not None and other.drug in names
    ]
    return report.copy_with(text=" ".join([report.text, *observed_so])) if observed_so else report


def _after_smoking(person: PersonExposure, drug: str) -> Iterator[ExposureReport]:
    """Yield a word for each enzyme of a drug that smoking induces, and no longer does in this person."""
    rows = person.rulebook.clinical.of(EnzymeEffectFile).rows.values()
    induced = {row.enzyme for row in rows if (row.drug, row.effect) == (SMOKING, "inducer")}
    for enzyme in (one for one in clearing_enzymes(person.rulebook, drug) if one in induced):
        if not any(cause.name == SMOKING and cause.until is None for cause in person.causes.get(enzyme, ())):
            text = phrase("exposure.smoke_given_up", enzyme=enzyme)
            yield _word(person, drug, enzyme, cause=phrase("exposure.smoking_given_up"), word="higher", text=text)


def _is_of(row: ExposureRow, enzymes: Sequence[str]) -> bool:
    """Return whether a row is about one of the enzymes that make or clear an active metabolite, or may be."""
    if row.phenotype is not None:
        return row.phenotype.gene in enzymes
    return row.comedication is not None and (row.comedication.enzyme is None or row.comedication.enzyme in enzymes)


def _is_slight(causes: Iterable[EnzymeCause]) -> bool:
    return all(cause.listed[1] in {"weak", "unclassified"} for cause in causes)


def clearing_enzymes(rulebook: RuleLibrary, drug: str) -> tuple[str, ...]:
    """Return the enzymes that mainly clear a drug, by the list of drugs and by FDA's list of sensitive substrates."""
    entry = rulebook.drugs.get(drug)
    listed = [row.enzyme for row in rulebook.clinical.of(ExposureFile).substrates.values() if row.drug == drug]
    return tuple(dict.fromkeys((*listed, *(entry.clearance_major if entry else ()))))


def _sensitive(person: PersonExposure, drug: str, enzyme: str) -> SensitiveRow | None:
    rows = person.rulebook.clinical.of(ExposureFile).substrates.values()
    return next((row for row in rows if (row.drug, row.enzyme) == (drug, enzyme)), None)


def _by_genotype(person: PersonExposure, drug: str, seen: set[str], active_sum: ActiveSumRow | None) -> Iterator[ExposureReport]:
    """Yield a word for each enzyme whose genotype is not normal and for which there is no observation."""
    for enzyme in clearing_enzymes(person.rulebook, drug):
        phenotypes = {phenotype for reading in person.readings.get(enzyme, ()) for phenotype in reading.phenotypes}
        if enzyme in seen or not phenotypes:
            continue
        word: ExposureWord | None = "higher" if phenotypes <= _SLOWER else "lower" if phenotypes <= _FASTER else None
        if word is not None:
            cause = phrase(
                "exposure.by_genotype", enzyme=enzyme, phenotypes=terms([phenotype for phenotype in Phenotype if phenotype in phenotypes])
            )
            yield _worded(person, drug, enzyme, cause=cause, word=word, text=_DIRECTION, active_sum=active_sum)


def _autoinhibition(person: PersonExposure, drug: str) -> Iterator[ExposureReport]:
    for row in person.rulebook.clinical.of(PhenoconversionFile).autoinhibition.values():
        if row.drug == drug:
            yield ExposureReport(
                drug=drug,
                cause=phrase("exposure.its_own_inhibition", enzyme=row.enzyme),
                kind="word",
                word="not known",
                text=row.text,
                source=row.source_with(person.rulebook.citations),
                verification=row.verification,
            )


def _under(
    person: PersonExposure, drug: str, enzyme: str, causes: tuple[EnzymeCause, ...], active_sum: ActiveSumRow | None
) -> ExposureReport:
    """Return a bound or a word for a drug under causes that act on one of its enzymes and were not observed with it."""
    if person.nothing_left(enzyme):
        return nothing_to_add(person, drug, [cause.name for cause in causes], enzyme)
    if len({cause.effect for cause in causes}) > 1:
        acting = {effect: [one for one in causes if one.effect == effect] for effect in ("inhibitor", "inducer")}
        sides = phrase("exposure.against").join(both(_of_class(one) for one in ones) for ones in acting.values())
        text = phrase("exposure.against_each_other")
        return _word(person, drug, enzyme, cause=phrase("exposure.with_both_sides", sides=sides), word="not known", text=text)
    ceiling = _ceiling(person, drug, enzyme, causes) if active_sum is None else None
    if ceiling is not None:
        return ceiling
    strongest = max(causes, key=by_rank)
    word, text = _direction(strongest.listed[1], strongest.effect == "inhibitor", sensitive=_sensitive(person, drug, enzyme))
    ended = [cause.name for cause in causes if cause.until]
    ending = phrase("exposure.effect_ending", count=len(ended), drugs=at_beginning(both(ended))) if ended else ""
    return _worded(person, drug, enzyme, cause=_with_causes(causes, enzyme), word=word, text=f"{text}{ending}", active_sum=active_sum)


def _of_class(cause: EnzymeCause) -> str:
    return phrase("exposure.cause_of_class", cause=cause.name, strength=cause.listed[1], effect=cause.effect, enzyme=cause.row.enzyme)


def _with_causes(causes: Sequence[EnzymeCause], enzyme: str) -> str:
    """Return causes of one effect with their class; each with its own where the classes differ."""
    effect, classes = causes[0].effect, {cause.listed[1] for cause in causes}
    if len(classes) == 1:
        names = both(cause.name for cause in causes)
        return phrase("exposure.with_causes", count=len(causes), causes=names, strength=classes.pop(), effect=effect, enzyme=enzyme)
    names = both(phrase("exposure.cause_with_class", cause=cause.name, strength=cause.listed[1]) for cause in causes)
    return phrase("exposure.with_causes_of_classes", causes=names, effect=effect, enzyme=enzyme)


def _direction(strength: Strength, inhibits: bool, *, sensitive: SensitiveRow | None) -> tuple[ExposureWord, str]:
    if strength in {"weak", "unclassified"}:
        return "not known", phrase("exposure.weak_class")
    if strength == "strong" and sensitive is not None:
        return ("much higher" if inhibits else "much lower"), phrase(
            "exposure.sensitive_substrate", sensitivity=sensitive.sensitivity, direction=_DIRECTION
        )
    return ("higher" if inhibits else "lower"), _DIRECTION


def _ceiling(person: PersonExposure, drug: str, enzyme: str, causes: tuple[EnzymeCause, ...]) -> ExposureReport | None:
    """Return the bound for inhibitors of this enzyme alone; ``None`` where any cause acts on another enzyme of the drug."""
    effects = person.rulebook.clinical.of(EnzymeEffectFile)
    if any(cause.effect != "inhibitor" or enzymes_inhibited(cause.name, effects) != {enzyme} for cause in causes):
        return None
    entry = person.rulebook.drugs.get(drug)
    others = {*clearing_enzymes(person.rulebook, drug), *(entry.clearance_minor if entry else ())} - {enzyme}
    if any(cause.name not in person.without(drug) for other in others for cause in person.causes.get(other, ())):
        return None
    if not any(reading.phenotypes for reading in person.readings.get(enzyme, ())):
        return None
    rows = [row for row in person.rulebook.clinical.of(ExposureFile).rows.values() if _is_of_poor(row, drug, enzyme)]
    figures = sorted(figure for row in rows for figure in ((row.ratio,) if row.ratio is not None else row.interval or ()))
    if not figures:
        return None
    between = f"{figures[0]:g}" if figures[0] == figures[-1] else phrase("lists.range", low=f"{figures[0]:g}", high=f"{figures[-1]:g}")
    names = both(cause.name for cause in causes)
    worst = next((row for row in rows if row.verification.state is VerificationState.UNVERIFIED), rows[0])
    return ExposureReport(
        drug=drug,
        cause=phrase("exposure.with_inhibitor_of_it_alone", count=len(causes), causes=names, enzyme=enzyme),
        kind="ceiling",
        word=max(rows, key=lambda row: row.ratio or max(row.interval or (0,))).described,
        ratio_range=(figures[0], figures[-1]),
        analyte=drug,
        text=phrase("exposure.ceiling", enzyme=enzyme, between=between, sources=", ".join(dict.fromkeys(row.source for row in rows))),
        source=worst.source_with(person.rulebook.citations),
        verification=worst.verification,
    )


def _is_of_poor(row: ExposureRow, drug: str, enzyme: str) -> bool:
    asked = row.phenotype
    return row.drug == drug and row.analyte == drug and asked is not None and (asked.gene, asked.phenotypes) == (enzyme, (Phenotype.PM,))


def _worded(
    person: PersonExposure, drug: str, enzyme: str, *, cause: str, word: ExposureWord, text: str, active_sum: ActiveSumRow | None
) -> ExposureReport:
    """Return a word; for a drug with an active metabolite that of the sum, which is known only of enzymes that work less."""
    if active_sum is None or enzyme not in active_sum.enzymes:
        return _word(person, drug, enzyme, cause=cause, word=word, text=text)
    return ExposureReport(
        drug=drug,
        cause=cause,
        kind="word",
        word="not known" if active_sum.word == "higher" and word in {"lower", "much lower"} else active_sum.word,
        analyte=" + ".join(active_sum.analytes),
        text=active_sum.text,
        source=active_sum.source_with(person.rulebook.citations),
        verification=active_sum.verification,
    )


def _word(person: PersonExposure, drug: str, enzyme: str, *, cause: str, word: ExposureWord, text: str) -> ExposureReport:
    sensitive = _sensitive(person, drug, enzyme)
    source: Source | None = None
    known: Verification | None = None
    if sensitive is not None:
        source, known = sensitive.source_with(person.rulebook.citations), sensitive.verification
    elif drug in person.rulebook.drugs:
        known = person.rulebook.drugs[drug].verification
    return ExposureReport(drug=drug, cause=cause, kind="word", word=word, analyte=drug, text=text, source=source, verification=known)
