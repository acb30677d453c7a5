"""Considerations gathered by drug: one headline, and where the sources differ."""

from collections.abc import Sequence

from app.model.library import RuleLibrary
from app.model.report import Consideration, DrugReport

_GUIDANCE = ("CPIC", "DPWG", "FDA")


def summarise_drugs(rulebook: RuleLibrary, considerations: Sequence[Consideration]) -> tuple[DrugReport, ...]:
    """Return one entry for each drug that a consideration names, in the order of ``rules/drugs.yaml``."""
    by_drug: dict[str, list[Consideration]] = {}
    for consideration in considerations:
        for drug in consideration.drugs:
            by_drug.setdefault(drug, []).append(consideration)
    return tuple(
        DrugReport(
            name=drug.name,
            rxnorm=drug.rxnorm,
            atc=drug.atc,
            drug_class=drug.drug_class,
            role=drug.role,
            headline=_headline(by_drug[name]),
            considerations=tuple(c.id for c in by_drug[name]),
            disagreement=_disagreement(by_drug[name]),
        )
        for name, drug in rulebook.drugs.items()
        if name in by_drug
    )


def _guidance(considerations: Sequence[Consideration]) -> list[Consideration]:
    return [c for c in considerations if c.source.name in _GUIDANCE and c.action.code != "no_recommendation"]


def _headline(considerations: Sequence[Consideration]) -> str:
    guidance = _guidance(considerations)
    if guidance:
        return " ".join(f"{_by(c)}: {c.action.text}" for c in guidance)
    if all(c.source.name in _GUIDANCE for c in considerations):
        return f"{_by(considerations[0])}: {considerations[0].action.text}"
    strengths = sorted({c.evidence.strength for c in considerations if c.source.name not in _GUIDANCE})
    return f"Research findings only (evidence: {', '.join(strengths)}); no guideline gives advice for what was seen here."


def _by(consideration: Consideration) -> str:
    source = consideration.source
    grade = f", {consideration.evidence.source_grade}" if consideration.evidence.source_grade else ""
    proviso = ", for some of the possible diplotypes" if consideration.basis.holds_for == "some" else ""
    return f"{source.name}{f' {source.year}' if source.year else ''}{grade} ({', '.join(consideration.genes)}{proviso})"


def _disagreement(considerations: Sequence[Consideration]) -> str | None:
    """Compare what the guidance of different sources says to do, where each is certain for this genome."""
    said: dict[str, set[str]] = {}
    for consideration in considerations:
        if consideration.source.name in _GUIDANCE and consideration.basis.holds_for == "all":
            said.setdefault(consideration.source.name, set()).update(consideration.action.codes)
    if len(said) < 2 or len({frozenset(codes) for codes in said.values()}) == 1:
        return None
    return "The sources differ: " + "; ".join(f"{name} says {', '.join(sorted(codes))}" for name, codes in said.items()) + "."
