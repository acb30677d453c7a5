"""Files as CPIC, ClinPGx and the FDA publish them, written from our own rules: a difference is one that a test has made."""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from trdpgx.knowledge.rules.examples import facts_of
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.library import ReferenceLibrary, RuleLibrary
from trdpgx.model.rule import AlleleCondition, Direction, PhenotypeCondition, Rule

SECTIONS = {"Section 1": "recommendation", "Section 2": "impact", "Section 3": "pk"}
WORDS = {"UM": "ultrarapid", "RM": "rapid", "NM": "normal", "IM": "intermediate", "PM": "poor"}


def guidance(library: RuleLibrary, reference: ReferenceLibrary) -> dict[str, Any]:
    """Return prescribing guidance in PharmCAT's form, with a guideline for each source and drug."""
    pairs: dict[tuple[str, str], list[Rule]] = {}
    for rule in library.rules:
        for drug in rule.drugs if rule.source.name in {"CPIC", "DPWG"} else ():
            pairs.setdefault((rule.source.name, drug), []).append(rule)
    guidelines = []
    for (source, drug), rules in pairs.items():
        advised = [rule for rule in rules if rule.verdict != "no_recommendation"]
        genes = sorted({gene for rule in advised for gene in rule.genes})
        recommendations = [one for rule in advised for one in _recommendations(rule, drug, library, reference)]
        ids = [rule.source.id for rule in rules if rule.source.id]
        cited = [rule.source.citation for rule in rules if rule.source.citation]
        guidelines.append(
            {
                "guideline": {
                    "id": ids[0] if ids else None,
                    "source": source,
                    "relatedChemicals": [{"name": drug}],
                    "relatedGenes": [{"symbol": gene} for gene in genes],
                    "recommendation": bool(recommendations),
                },
                "recommendations": recommendations,
                "citations": [{"pmid": one.pmid, "year": one.year} for one in cited],
            }
        )
    return {"guidelines": guidelines}


def _recommendations(rule: Rule, drug: str, library: RuleLibrary, reference: ReferenceLibrary) -> Iterator[dict[str, Any]]:
    directions = {library.actions[code].direction for code in rule.actions}
    for lookup in _lookups(rule, reference):
        yield {
            "population": "general",
            "classification": {"term": rule.grade},
            "relatedChemicals": [{"name": drug}],
            "lookupKey": [lookup],
            "alternateDrugAvailable": Direction.AVOID in directions,
            "dosingInformation": bool(directions & {Direction.LOWER, Direction.HIGHER}) or rule.dose is not None,
            "otherPrescribingGuidance": True,
        }


def _lookups(rule: Rule, reference: ReferenceLibrary) -> list[dict[str, str]]:
    if any(isinstance(condition, AlleleCondition) for condition in rule.when):
        values = [{c.gene: f"{c.any_of[0]} {'positive' if c.present else 'negative'}"} for c in rule.when if isinstance(c, AlleleCondition)]
        return [{gene: value for one in values for gene, value in one.items()}]
    made = []
    for example in rule.examples:
        facts = facts_of(example, reference)
        if any(name not in reference.genes for name in example.given):
            continue
        choices: list[list[tuple[str, str]]] = []
        for gene in example.given:
            score = facts.activity.get(gene)
            if score is not None and score.low == score.high:
                choices.append([(gene, f"{score.low[0]}")])
            else:
                schemes = [c.scheme for c in rule.when if isinstance(c, PhenotypeCondition) and c.gene == gene] or [Scheme.CPIC]
                code = facts.phenotypes.get((gene, schemes[0]), Phenotype.NO_RESULT)
                choices.append([(gene, code.term)])
        made += [dict(choice) for choice in product(*choices)]
    return made


def phenotypes(gene: str, reference: ReferenceLibrary) -> dict[str, Any]:
    """Return a phenotype file with the function of every allele of a gene, and no diplotypes."""
    definition = reference.genes[gene]
    return {
        "gene": gene,
        "haplotypes": {one.name: one.function for one in definition.alleles},
        "activityValues": {one.name: "n/a" if one.activity is None else str(one.activity) for one in definition.alleles},
        "diplotypes": [],
    }


def fda_rows(library: RuleLibrary) -> list[dict[str, str]]:
    """Return the FDA's table, with a row for each rule, drug and gene."""
    rows = []
    for rule in library.rules:
        if rule.source.name != "FDA" or not (rule.grade or "").startswith("Section"):
            continue
        about = [c for c in rule.when if isinstance(c, PhenotypeCondition | AlleleCondition)]
        words = [WORDS.get(code, code) for c in about for code in c.any_of]
        text = "Contraindicated." if "contraindicated" in rule.actions else "Results in higher concentrations."
        for drug in rule.drugs:
            for gene in rule.genes:
                rows.append(
                    {
                        "Drug": drug.capitalize(),
                        "Gene": gene,
                        "Affected Subgroups": f"{', '.join(words)} metabolizers" if words[0] in WORDS.values() else f"{words[0]} positive",
                        "Description of Gene-Drug Interaction": text + (" (QT prolongation)" if "qt_risk" in rule.implications else ""),
                        "table": SECTIONS[rule.grade or ""],
                    }
                )
    return rows


def write_json(path: Path, content: object) -> Path:
    """Write a JSON file."""
    path.write_text(json.dumps(content), "utf-8")
    return path


def write_tsv(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write a table with tabs."""
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
