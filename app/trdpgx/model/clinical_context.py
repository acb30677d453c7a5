"""What a request may state about the person beside the genome. Everything is optional, and nothing of it is ever inferred."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AllowInfNan, BeforeValidator, Field, StrictBool, StringConstraints, model_validator

from trdpgx.model.base import Model
from trdpgx.model.evidence import Ancestry

_OLDEST = date(1900, 1, 1)
_FINITE = AllowInfNan(allow_inf_nan=False)


def _not_a_bool(value: object) -> object:
    """Refuse `true` and `false`, which pydantic would read as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("is not a number")
    return value


_NUMBER = BeforeValidator(_not_a_bool)


def _synonyms(**words: str) -> BeforeValidator:
    """Return a validator that reads other words, and upper case, spaces and hyphens, as the word of the schema."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        word = value.strip().lower().replace("-", "_").replace(" ", "_")
        return words.get(word, word)

    return BeforeValidator(read)


def _only_text(value: object) -> object:
    """Refuse numbers, which pydantic would read as seconds since 1970."""
    if not isinstance(value, str | date):
        raise ValueError("is not a day in ISO 8601, such as `2026-03-01`")
    return value


def _not_before_1900(day: date) -> date:
    if day < _OLDEST:
        raise ValueError("is before 1900")
    return day


def _as_share(value: object) -> object:
    """Return adherence as a share of doses: a number above 1 is per cent; 1 and 0 stand for the words, which state no share."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, str):
        return {"full": 1.0, "adherent": 1.0, "good": 1.0, "poor": 0.0, "none": 0.0, "non_adherent": 0.0}.get(
            value.strip().lower().replace("-", "_").replace(" ", "_"), value
        )
    if isinstance(value, int | float) and 1 < value <= 100:
        return value / 100
    return value


_NO_RESPONSE = ("no_response", "non_response", "nonresponse", "failed", "failure")
Outcome = Annotated[
    Literal["none", "partial", "response", "remission", "worse"],
    _synonyms(
        **dict.fromkeys(_NO_RESPONSE, "none"), partial_response="partial", responded="response", remitted="remission", worsened="worse"
    ),
]
StoppedFor = Annotated[
    Literal["inefficacy", "intolerance", "non_adherence", "remission", "patient_choice", "other"],
    _synonyms(
        **dict.fromkeys(("side_effects", "adverse_effects", "adverse_event", "tolerability"), "intolerance"),
        **dict.fromkeys((*_NO_RESPONSE, "lack_of_efficacy"), "inefficacy"),
        **dict.fromkeys(("adherence", "nonadherence"), "non_adherence"),
    ),
]
Severity = Annotated[Literal["subsyndromal", "mild", "moderate", "severe"], _synonyms()]
Episode = Annotated[Literal["current", "previous"], _synonyms(past="previous", earlier="previous", prior="previous")]
EctType = Annotated[
    Literal["bilateral", "unilateral", "other"],
    _synonyms(right_unilateral="unilateral", rul="unilateral", bitemporal="bilateral", bifrontal="bilateral"),
]
LiverImpairment = Annotated[
    Literal["normal", "mild", "moderate", "severe"],
    _synonyms(none="normal", child_pugh_a="mild", child_pugh_b="moderate", child_pugh_c="severe"),
]
Pregnancy = Annotated[Literal["first_trimester", "second_trimester", "third_trimester"], _synonyms()] | StrictBool


def _printable(text: str) -> str:
    """Refuse control characters, with which a report could not be shown as it is."""
    if not text.isprintable():
        raise ValueError("has characters that cannot be printed")
    return text


_PRINTABLE = AfterValidator(_printable)
DrugName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _PRINTABLE]
"""A name of a drug: INN, brand, RxNorm identifier or ATC code."""
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), _PRINTABLE]
Unit = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30), _PRINTABLE]
Day = Annotated[date, BeforeValidator(_only_text), AfterValidator(_not_before_1900)]
"""A day in ISO 8601, such as `2026-03-01`."""


Dose = Annotated[float, Field(ge=0, le=1_000_000), _FINITE, _NUMBER]
Weeks = Annotated[float, Field(ge=0, le=5_200), _FINITE, _NUMBER]
Months = Annotated[float, Field(ge=0, le=1_200), _FINITE, _NUMBER]
Percent = Annotated[float, Field(ge=-1_000, le=100), _FINITE, _NUMBER]
Amount = Annotated[float, Field(ge=0, le=1_000_000), _FINITE, _NUMBER]


class CurrentDrug(Model):
    """A drug that the person takes, or stopped so recently that its effect on enzymes may last."""

    drug: DrugName
    """INN, brand name, RxNorm identifier or ATC code."""
    dose: Dose | None = None
    """Dose a day, in `unit`."""
    unit: Unit = "mg"
    """Unit of `dose`: `mg`, `ug`, `g`, `mg/day` and the like."""
    route: Word | None = None
    """Such as `oral`."""
    since: Day | None = None
    """First day."""
    stopped_on: Day | None = None
    """Last day, where the drug has been stopped."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since is not None and self.stopped_on is not None and self.stopped_on < self.since:
            raise ValueError("has a `stopped_on` before its `since`")
        return self


class Smoking(Model):
    """Tobacco smoke, which induces CYP1A2. Nicotine replacement and vaping do not count."""

    cigarettes_per_day: Annotated[float, Field(ge=0, le=200), _FINITE, _NUMBER] | None = None
    """0: does not smoke."""
    stopped_on: Day | None = None
    """Last day of smoking."""


class PlasmaLevel(Model):
    """A measured concentration."""

    value: Amount
    unit: Unit
    """`ng/mL`, `ug/L`, `nmol/L`, `mmol/L` (lithium), `mg/L`."""
    trough: StrictBool | None = None
    """Taken just before the next dose."""
    steady_state: StrictBool | None = None
    """Taken after at least five half-lives on one dose."""


class Trial(Model):
    """A treatment that was tried with one drug."""

    id: Word | None = None
    """Identifier that `augmentation_of` of another trial can name; by default the number of the trial, from `1`."""
    drug: DrugName
    """INN, brand name, RxNorm identifier or ATC code."""
    dose_max: Dose | None = None
    """Highest daily dose that was maintained, in `unit`."""
    unit: Unit = "mg"
    weeks: Weeks | None = None
    """Weeks from the first to the last day."""
    weeks_at_adequate_dose: Weeks | None = None
    """Weeks at or above the minimum effective dose; default: `weeks`."""
    adherence: Annotated[float, Field(ge=0, le=1), _FINITE, BeforeValidator(_as_share)] | None = None
    """Share of doses taken: 0.9 or 90 (per cent). `true`, `full` and `good` (adherent) are read as 1, `false` and `poor` (not adherent)
    as 0; a report states of 1 and 0 that somebody was adherent or not, and no share. Default: adherent."""
    improvement_percent: Percent | None = None
    """Improvement on a rating scale, in per cent; negative where it got worse."""
    outcome: Outcome | None = None
    """In words, where no percentage is known: `none` (< 25 %), `partial` (25 to 49 %), `response` (>= 50 %), `remission`, `worse`."""
    stopped_for: StoppedFor | None = None
    """Why it ended, if it did."""
    plasma_level: PlasmaLevel | None = None
    augmentation_of: Word | None = None
    """The `id` of the trial that this drug was added to."""
    episode: Episode | None = None
    """Episode of depression; default: the current one."""
    dose_optimised: StrictBool | None = None
    """The dose was raised as far as tolerated; default: no."""
    duration_optimised: StrictBool | None = None
    """The trial was prolonged beyond the usual time; default: no."""


class Ect(Model):
    """A course of electroconvulsive therapy."""

    type: EctType | None = None
    sessions: Annotated[int, Field(ge=0, le=1_000), _NUMBER] | None = None
    outcome: Outcome | None = None
    episode: Episode | None = None
    """Episode of depression; default: the current one."""


class Kidney(Model):
    """Function of the kidneys."""

    egfr: Annotated[float, Field(ge=0, le=300), _FINITE, _NUMBER] | None = None
    """Estimated glomerular filtration rate in mL/min/1.73 m2."""


class ClinicalContext(Model):
    """The clinical context of one request: current drugs, past trials and related facts.

    None of it is logged or kept. A field that is left out is listed as missing where it would have changed the report.
    """

    as_of: Day | None = None
    """The date for which current drugs and lasting effects of stopped drugs are computed; default: the date of the report."""
    current_drugs: Annotated[tuple[CurrentDrug, ...], Field(max_length=100)] | None = None
    """Every drug the person takes. An empty list: none. `null`: not known."""
    smoking: Smoking | None = None
    trials: Annotated[tuple[Trial, ...], Field(max_length=100)] | None = None
    """Past and present treatments of depression. An empty list: none. `null`: not known."""
    ect: Ect | None = None
    episode_months: Months | None = None
    """Length of the current episode."""
    severity: Severity | None = None
    psychosis: StrictBool | None = None
    """Psychotic features in the current episode."""
    bipolar: StrictBool | None = None
    """The depression is bipolar."""
    comorbidities: Annotated[tuple[Word, ...], Field(max_length=100)] | None = None
    """Names of the list of conditions (`GET /v1/schema/context` names them), ICD-10 or SNOMED CT codes."""
    pregnancy: Pregnancy | None = None
    age_years: Annotated[float, Field(ge=0, le=130), _FINITE, _NUMBER] | None = None
    liver: LiverImpairment | None = None
    """Impairment of the liver; Child-Pugh A, B and C are read as mild, moderate and severe."""
    kidney: Kidney | None = None
    qtc_ms: Annotated[float, Field(ge=200, le=1_000), _FINITE, _NUMBER] | None = None
    """QT interval corrected for the heart rate, in milliseconds."""
    ancestry: Ancestry | None = None
    """The person's ancestry, as the person or the clinician states it."""
