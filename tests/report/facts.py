"""The texts of a report that every format for people must contain: all statements, limits and sources of the JSON."""

import re
from collections.abc import Iterator

from trdpgx import Report
from trdpgx.model.composed import PartKind
from trdpgx.reasoning.considerations import EVERYTHING
from trdpgx.report.stated_fields import in_plain_words

CONTEXT = {
    "as_of": "2026-11-20",
    "current_drugs": [{"drug": "paroxetine", "dose": 20}, {"drug": "tranylcypromine", "dose": 20}],
    "smoking": {"cigarettes_per_day": 10},
    "age_years": 70,
    "trials": [
        {"drug": "citalopram", "dose_max": 40, "weeks": 8, "improvement_percent": 10},
        {"drug": "venlafaxine", "dose_max": 75, "weeks": 2, "stopped_for": "side_effects", "outcome": "none"},
    ],
}
"""A context that fills every clinical part of a report."""


def flat(text: str) -> str:
    """Return a text with single blanks in place of white space and line ends."""
    return re.sub(r"\s+", " ", text)


def facts_of(report: Report) -> list[str]:
    """Return the texts, each once."""
    return list(dict.fromkeys(text for text in _texts(report) if text))


def _texts(report: Report) -> Iterator[str | None]:
    yield report.disclaimer
    yield from (warning.text for warning in report.input.warnings)
    yield from (limitation.text for limitation in report.limitations)
    yield from (one.text for one in report.looked_at)
    for drug in report.drugs:
        yield from (drug.headline, drug.disagreement, drug.disagreement_under_current_drugs)
    for one in report.considerations:
        yield from (
            one.id,
            one.text,
            one.trigger,
            *(part.text for part in one.basis.parts if part.kind is not PartKind.PRESUMED and part.about != EVERYTHING),
            one.evidence.conflict,
            one.evidence.population_note,
        )
        yield from (one.evidence.source_grade, one.authority.key if one.authority else None)
        yield one.source.citation.text.rstrip(".") if one.source.citation else None
        yield one.population if one.population != "general" else None
        for item in one.evidence.items:
            yield from (item.note, item.population, f"outcome: {item.outcome}" if item.outcome else None)
            citation = item.citation
            yield from (citation.text.rstrip("."), citation.pmid, citation.doi)
    for gene in report.genes:
        yield from (gene.no_call_reason, gene.unseen_note)
        yield gene.if_assumption_wrong.text if gene.if_assumption_wrong else None
        yield gene.phenoconverted.text if gene.phenoconverted else None
        yield "assumed, not observed" if gene.assumed else None
        yield from (note.text for note in (*gene.caveats, *gene.unknown_alleles, *gene.copy_number.structural_possibilities))
        yield from (hidden.allele for hidden in gene.hidden if gene.phenotype_open)
    yield from _summary(report)
    yield from clinical_facts(report)
    yield from (one.text for one in report.exposure)


def _summary(report: Report) -> Iterator[str]:
    if report.summary is None:
        return
    yield from (line for one in report.summary.attention for line in one.lines)
    yield from (one.text for one in (*report.summary.resistance, *report.summary.not_seen))
    for one in report.summary.settle:
        yield from (one.question, one.test)
    # what is stated under current drugs stands whole in the headline of the drug; here a mark may stand for the conversion
    for drug in report.summary.drugs.not_covered:
        yield from (part.text for part in drug.parts if part.kind is not PartKind.CONVERTED)


def clinical_facts(report: Report) -> Iterator[str | None]:
    """Yield the texts of the clinical parts."""
    yield from (one.text for one in report.interactions)
    history = report.treatment_history
    if history is None:
        return
    yield from history.understood
    yield from in_plain_words(history.missing, history)
    yield from (one.text for one in history.pseudo_resistance)
    for trial in history.trials:
        yield from (trial.level, *trial.notes)
    for _, stage in history.staging:
        yield stage.detail if stage is not None else None
