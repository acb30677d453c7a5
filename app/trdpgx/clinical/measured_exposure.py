"""Measured levels against their reference ranges: they go before whatever else is known of the exposure to a drug."""

from collections.abc import Iterator, Sequence

from trdpgx.clinical.levels import RangeReading, level_text, read_level
from trdpgx.knowledge.rules.schema.exposure import ExposureWord
from trdpgx.knowledge.rules.schema.therapeutic_ranges import RangeFile
from trdpgx.model.clinical_report import ExposureReport
from trdpgx.model.library import RuleLibrary
from trdpgx.model.patient import Patient
from trdpgx.texts import phrase

_WORDS: dict[str | None, ExposureWord] = {"below": "lower", "within": "similar", "above": "higher"}


def measured(patient: Patient, drug: str, rulebook: RuleLibrary) -> Iterator[ExposureReport]:
    """Yield each level of a drug that a trial states, with its reference ranges."""
    ranges = rulebook.clinical.of(RangeFile)
    for trial in patient.trials or ():
        if trial.drug != drug or trial.plasma_level is None:
            continue
        readings = read_level(drug, trial.plasma_level, ranges)
        row = readings[0].row if readings else None
        yield ExposureReport(
            drug=drug,
            cause=phrase("measured_exposure.measured_trial", trial=trial.id),
            kind="measured",
            word=_word(readings),
            analyte=row.analyte if row else None,
            text=phrase("measured_exposure.measured_goes_first", level=level_text(drug, trial.plasma_level, ranges)),
            source=row.source_with(rulebook.citations) if row else None,
            verification=row.verification if row else None,
        )


def _word(readings: Sequence[RangeReading]) -> ExposureWord:
    """Return how the level stands to the ranges, as far as they agree."""
    decided = {reading.reading for reading in readings if reading.reading is not None}
    return _WORDS[decided.pop()] if len(decided) == 1 else "not known"
