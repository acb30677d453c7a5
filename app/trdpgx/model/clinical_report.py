"""The patient's side of a report: past trials, stages, conversion of phenotypes, exposure and interactions. Schema 1.1."""

from collections.abc import Collection
from datetime import date
from typing import Literal, TypeAlias

from pydantic import Field

from trdpgx.model.base import Model
from trdpgx.model.composed import Composed
from trdpgx.model.evidence import EvidenceItem, Verification
from trdpgx.model.gene import Phenotype
from trdpgx.model.rule import Source

GRAVE = ("contraindicated", "avoid", "not recommended", "major")
"""Severities, each in the word of its source, by which a drug is ruled out or advised against, the gravest first."""
SMOKING = "smoking"
"""Tobacco smoke as the cause of an exposure or of a conversion, where others are drugs."""
OF_THE_PERSON = frozenset({"comorbidity", "organ_function", "age", "pregnancy"})
"""Kinds of interactions that rest on the person and on no other drug."""


CriterionName: TypeAlias = Literal["dose", "level", "duration", "adherence"]
"""What a list of adequate trials asks about."""


class DateRange(Model):
    """The days between which something ends, both included (ISO 8601)."""

    earliest: date
    latest: date


class ConversionCause(Model):
    """A current drug, or smoking, that inhibits or induces the enzyme."""

    name: str
    """Drug (INN) or `smoking`."""
    effect: Literal["inhibitor", "inducer"]
    strength: str
    """Class in the words of the list, such as `strong`."""
    list_name: str
    """The list that gives the class."""
    list_version: str
    until: DateRange | None = None
    """When the effect of a stopped drug, or of stopped smoking, is expected to end."""
    text: str


class ConversionResult(Model):
    """The phenotype under the causes by one method of conversion."""

    method: str = Field(examples=["activity-score-multiplier"])
    version: str
    list_name: str | None = None
    """The list that gives the classes of the causes."""
    list_version: str | None = None
    phenotype: Phenotype | None = None
    """`null` where the diplotypes do not agree after conversion."""
    phenotype_range: tuple[Phenotype, ...] = ()
    activity_score_range: tuple[float, float] | None = None


class Phenoconversion(Model):
    """The phenotype under current drugs and smoking, by a named convention, in addition to the genotype's phenotype."""

    status: Literal["converted", "not_converted", "no_agreed_method"]
    """`not_converted`: no cause inhibits or induces the enzyme, or the method leaves the phenotype unchanged. `no_agreed_method`: such as
    an inhibitor beside an inducer."""
    method: str | None = None
    """The method whose result `phenotype` is."""
    phenotype: Phenotype | None = None
    phenotype_range: tuple[Phenotype, ...] = ()
    cause: tuple[ConversionCause, ...] = ()
    until: DateRange | None = None
    """When the effect of the last cause is expected to end; `null` while one continues."""
    results: tuple[ConversionResult, ...] = ()
    """The results of the usual methods, and of other lists and methods where they differ."""
    text: str
    when_stopped: str | None = None
    """What follows when the inhibitors are stopped; `null` where the phenotype is not converted by one that continues."""


class AdequacyReport(Model):
    """Whether a trial was adequate by one list."""

    list_name: str = Field(examples=["MGH-ATRQ"])
    version: str
    adequate: bool | None
    """`null` where the context lacks something that the list requires."""
    reasons: tuple[str, ...] = ()
    not_met: tuple[CriterionName, ...] = ()
    """The criteria of the list that the trial does not meet."""
    missing: tuple[str, ...] = ()


class FailureReport(Model):
    """Whether a trial counts as failed by one published threshold."""

    threshold_percent: int
    """Improvement below which the trial counts as failed, in per cent."""
    failed: bool | None
    source: str


class TrialReport(Model):
    """A past trial of a drug, and whether it was adequate by published lists."""

    id: str
    drug: str
    drug_class: str | None = None
    current_episode: bool
    dose_mg: float | None = None
    """Highest dose a day that was stated, in mg."""
    weeks: float | None = None
    """Length, as stated."""
    improvement_percent: float | None = None
    """Improvement on a rating scale in per cent, as stated."""
    augmentation: bool = False
    """Whether the drug was added to another, by the context or by the lists: a failure is that of an augmentation."""
    adequacy: tuple[AdequacyReport, ...] = ()
    failure: tuple[FailureReport, ...] = ()
    level: str | None = None
    """The measured level against its reference range, with source and year, in words."""
    notes: tuple[str, ...] = ()


class StageReport(Model):
    """The result of one instrument or definition."""

    value: str | float | bool | None
    """A stage (`II`, `TRD1`), a score, or whether a definition is met; `null` where it cannot be decided."""
    detail: str
    missing: tuple[str, ...] = ()
    """Facts that are missing in the context, or the default that was used instead."""


class Staging(Model):
    """Staging methods side by side, by nominal values only: pharmacogenetics never changes a stage."""

    thase_rush: StageReport | None = None
    european: StageReport | None = None
    mgh_s: StageReport | None = None
    maudsley: StageReport | None = None
    fda: StageReport | None = None
    ema: StageReport | None = None
    eu_pearl: StageReport | None = None
    canadian: StageReport | None = None
    athf_sf: StageReport | None = None


class PseudoResistance(Model):
    """A reason why a failed trial may not have been resistance. It never changes a stage."""

    trial: str
    """Id of the trial."""
    reason: Literal["level_below_range", "low_exposure_observed", "inducer", "smoking", "stopped_for_intolerance", "not_adherent"]
    text: str
    evidence: tuple[EvidenceItem, ...] = ()


class TreatmentHistory(Model):
    """Past trials, and their results by staging instruments."""

    as_of: date | None = None
    """The date for which current drugs, smoking and lasting effects were computed."""
    current_drugs: tuple[str, ...] = ()
    """Current drugs by their names in this report; a combination and its components."""
    understood: tuple[str, ...] = ()
    """The other facts of the context, in words, as they were understood: current drugs, smoking, age, organs, conditions."""
    trials: tuple[TrialReport, ...] = ()
    staging: Staging = Staging()
    pseudo_resistance: tuple[PseudoResistance, ...] = ()
    missing: tuple[str, ...] = ()
    """Facts that are missing in the context, and the default that was used instead."""


class ExposureReport(Composed):
    """Exposure to a drug as observed in people with this phenotype or co-medication: a ratio, a bound or a word.

    Never a predicted level.
    """

    drug: str
    cause: str
    """The phenotype, co-medication or smoking that changes the exposure."""
    kind: Literal["observed", "ceiling", "word", "measured"]
    word: Literal["much lower", "lower", "similar", "higher", "much higher", "not known"]
    ratio: float | None = None
    """Observed ratio of exposures."""
    ratio_range: tuple[float, float] | None = None
    """Of several studies, or the confidence interval of one."""
    n: int | None = None
    analyte: str | None = None
    """What was measured: the drug, a metabolite, or their sum."""
    text: str
    source: Source | None = None
    verification: Verification | None = None


class InteractionReport(Composed):
    """A pharmacodynamic interaction, a comorbidity or an organ function that sources name for a current or considered drug."""

    kind: Literal["drug_pair", "washout", "comorbidity", "organ_function", "age", "pregnancy", "qt"]
    drugs: tuple[str, ...]
    severity: str
    """In the words of the source."""
    text: str
    source: Source
    verification: Verification

    @property
    def gravity(self) -> int:
        """0 for the gravest severity; the number of `GRAVE` where the source neither rules a drug out nor advises against it."""
        return next((rank for rank, word in enumerate(GRAVE) if word in self.severity), len(GRAVE))

    def holds_now(self, taken: Collection[str]) -> bool:
        """Return whether all of its drugs are ``taken``, or any is where it is about the person."""
        own = [drug for drug in self.drugs if drug in taken]
        return len(own) == len(self.drugs) or (self.kind in OF_THE_PERSON and bool(own))
