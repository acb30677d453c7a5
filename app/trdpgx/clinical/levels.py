"""A measured level beside its reference ranges, with source and year. There is a verdict only at trough and steady state."""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from trdpgx.knowledge.rules.schema.exposure import ExposureWord
from trdpgx.knowledge.rules.schema.therapeutic_ranges import RangeFile, RangeRow
from trdpgx.model.clinical_report import ExposureReport
from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.evidence import VerificationState
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient, PatientLevel, PatientTrial
from trdpgx.texts import both, phrase

Reading = Literal["below", "within", "above"]
_NG_ML = {"ng/mL": 1.0, "mg/L": 1000.0}
_WORDS: dict[str, ExposureWord] = {"below": "lower", "within": "similar", "above": "higher"}


class RangeReading(Struct, frozen=True):
    """A level by one range. ``reading`` is ``None`` where the range does not apply to the level, for the reason ``why``."""

    row: RangeRow
    reading: Reading | None
    why: str | None = None


def ranges_of(drug: str, ranges: RangeFile) -> tuple[RangeRow, ...]:
    """Return the ranges of a drug, one for each source and analyte."""
    return tuple(row for row in ranges.rows.values() if row.drug == drug)


def read_level(drug: str, level: PatientLevel, ranges: RangeFile) -> tuple[RangeReading, ...]:
    """Return the level by every range of the drug."""
    rows = ranges_of(drug, ranges)
    analytes = {row.analyte for row in rows}
    return tuple(_read(row, level, several=len(analytes) > 1) for row in rows)


def is_below_all(readings: Sequence[RangeReading]) -> bool:
    """Return whether the level is below each range that it can be read against, and there is one."""
    decided = [reading.reading for reading in readings if reading.reading is not None]
    return bool(decided) and all(reading == "below" for reading in decided)


def is_above_all(readings: Sequence[RangeReading]) -> bool:
    """Return whether the level is above each range that it can be read against, and there is one."""
    decided = [reading.reading for reading in readings if reading.reading is not None]
    return bool(decided) and all(reading == "above" for reading in decided)


def level_text(drug: str, level: PatientLevel, ranges: RangeFile) -> str:
    """Return the level against its reference ranges in words."""
    measured = f"{drug} {level.value:g} {level.unit}"
    readings = read_level(drug, level, ranges)
    if not readings:
        return phrase("levels.no_range", measured=measured)
    return f"{measured}. {' '.join(map(_sentence, readings))}"


def measured(patient: Patient, drug: str, rulebook: RuleLibrary, acting: Sequence[str] = ()) -> Iterator[ExposureReport]:
    """Yield each level of a drug that a trial states, with its reference ranges, and a word where all that apply agree.

    ``acting`` are the current drugs, and smoking, that act on its enzymes now. Where what was stated shows that all of them did when the
    level was measured, the text states so, and the report has a part with their names; its first part is the level with its ranges,
    and has the ranges that differ.
    """
    ranges = rulebook.clinical.of(RangeFile)
    for trial in patient.trials or ():
        if trial.drug != drug or trial.plasma_level is None:
            continue
        readings = read_level(drug, trial.plasma_level, ranges)
        decided = {one.reading for one in readings if one.reading is not None}
        row = readings[0].row if readings else None
        level = level_text(drug, trial.plasma_level, ranges)
        text = phrase("measured_exposure.measured_goes_first", level=level)
        reasons = [reason for name in acting if (reason := _acted_then(name, trial, patient))]
        acted = [TextPart(PartKind.CAUSE, phrase("measured_exposure.acted_then", drug=drug, reasons=both(reasons)), tuple(acting))]
        parts = acted if reasons and len(reasons) == len(acting) else []
        level_part = TextPart(PartKind.LEVELS, level, tuple(_differing(readings)))
        yield ExposureReport(
            drug=drug,
            cause=phrase("measured_exposure.measured_trial", trial=trial.id),
            kind="measured",
            word=_WORDS[decided.pop()] if len(decided) == 1 else "not known",
            analyte=row.analyte if row else None,
            text=" ".join([text, *(part.text for part in parts)]),
            source=row.source_with(rulebook.citations) if row else None,
            verification=row.verification if row else None,
        ).with_parts([level_part, *parts])


def _acted_then(name: str, trial: PatientTrial, patient: Patient) -> str | None:
    """Return how what was stated shows that a drug was taken during a trial; ``None`` where it does not."""
    base = next((one for one in patient.trials or () if one.id == trial.augmentation_of), None)
    if base is not None and base.drug == name:
        return phrase("measured_exposure.added_to_it", drug=name, trial=base.id)
    begun = {one.drug: one.since for one in patient.current or () if one.stopped_on is None and one.since is not None}
    if trial.stopped_for is None and trial.current_episode and {name, trial.drug} <= begun.keys() and begun[name] <= begun[trial.drug]:
        return phrase("measured_exposure.begun_before", drug=name, since=begun[name], other=trial.drug)
    return None


def _differing(readings: Sequence[RangeReading]) -> Iterator[str]:
    """Yield the ranges of sources for the same analyte and use where their figures differ."""
    alike: dict[object, list[RangeRow]] = {}
    for row in (reading.row for reading in readings):
        alike.setdefault((row.analyte, row.unit, row.indication, row.sampling), []).append(row)
    for rows in alike.values():
        if len({(row.low, row.high) for row in rows}) > 1:
            yield from map(range_words, rows)


def range_words(row: RangeRow) -> str:
    """Return a range with its source and year."""
    bounds = (
        phrase("lists.range", low=f"{row.low:g}", high=f"{row.high:g}")
        if row.low is not None
        else phrase("levels.up_to", high=f"{row.high:g}")
    )
    unverified = phrase("levels.unverified") if row.verification.state is VerificationState.UNVERIFIED else ""
    return phrase(
        "levels.range",
        bounds=bounds,
        unit=row.unit,
        analyte=row.analyte,
        source=f"{row.source} {row.year}" if row.year else row.source,
        unverified=unverified,
    )


def _sentence(reading: RangeReading) -> str:
    words = range_words(reading.row)
    if reading.reading is None:
        return phrase("levels.no_verdict", range=words, why=reading.why)
    proviso = phrase("levels.if_sum_measured") if reading.row.is_sum else ""
    return phrase("levels.verdict", verdict=reading.reading.capitalize(), range=words, proviso=proviso)


def _read(row: RangeRow, level: PatientLevel, *, several: bool) -> RangeReading:
    why = _unreadable(row, level, several=several)
    if why is not None:
        return RangeReading(row, None, why)
    value = _in_unit(row, level)
    if value is None:
        return RangeReading(row, None, phrase("levels.units_differ", unit=level.unit, other=row.unit))
    if row.low is not None and value < row.low:
        return RangeReading(row, "below")
    return RangeReading(row, "above" if value > row.high else "within")


def _unreadable(row: RangeRow, level: PatientLevel, *, several: bool) -> str | None:
    if row.indication == "psychosis":
        return phrase("levels.range_psychosis")
    if row.sampling == "peak":
        return phrase("levels.range_sample_at_peak")
    if several:
        return phrase("levels.several_analytes")
    unmet = [
        phrase("levels.is_not_stated", name=name) if value is None else phrase("levels.was_not", asked=word)
        for name, value, word in (
            ("trough", level.trough, phrase("levels.trough")),
            (phrase("levels.steady_state"), level.steady_state, phrase("levels.at_steady_state")),
        )
        if value is not True
    ]
    return both(unmet) or None


def _in_unit(row: RangeRow, level: PatientLevel) -> float | None:
    """Return the level in the unit of the range, or ``None``. nmol/L of a sum has no one molar mass."""
    if row.unit == "mmol/L" or level.unit == "mmol/L":
        return level.value if row.unit == level.unit else None
    nanograms = level.value
    if level.unit == "nmol/L":
        if row.molar_mass is None or row.is_sum:
            return None
        nanograms *= row.molar_mass / 1000
    return nanograms / _NG_ML[row.unit]
