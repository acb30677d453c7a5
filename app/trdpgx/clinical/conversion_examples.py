"""How the examples of the files about conversion are run: a phenotype or score before, and the phenotype after."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from trdpgx.clinical.conversion_methods import Bands, DiplotypeReading, methods_of, outcome_of
from trdpgx.clinical.enzyme_causes import EnzymeCause
from trdpgx.knowledge.rules.schema.enzyme_effects import Effect, EnzymeEffectFile, EnzymeEffectRow, Strength
from trdpgx.knowledge.rules.schema.phenoconversion import PhenoconversionFile
from trdpgx.model.activity import ActivityRange
from trdpgx.model.gene import Phenotype
from trdpgx.model.library import RuleLibrary

_EFFECTS: tuple[Effect, ...] = ("inhibitor", "inducer")


def method_example(library: RuleLibrary, key: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Convert ``gene`` with a ``score`` or ``phenotype`` by a method, under an ``inhibitor`` and ``inducer`` of these classes."""
    file = library.clinical.of(PhenoconversionFile)
    about = file.autoinhibition.get(key) or file.asked_for.get(key)
    if about is not None:
        return {"enzyme": about.enzyme if given["drug"] == about.drug else None}
    gene = str(given["gene"])
    row = dict(methods_of(gene, file))[key]
    bands = library.activity.get(gene, {})
    causes = tuple(_made_up(gene, effect, cast(Strength, given[effect])) for effect in _EFFECTS if effect in given)
    outcome = outcome_of(key, row, gene, (_reading(given, bands),), causes, bands=bands)
    return {"phenotype": "no agreed method" if outcome is None else " or ".join(outcome.phenotypes)}


def effect_example(library: RuleLibrary, key: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Convert a ``phenotype`` or ``score`` by the main method under the drug of the row; or return its ``class`` by a ``list``."""
    file = library.clinical.of(EnzymeEffectFile)
    row = file.rows[key]
    if "list" in given:
        return {"class": row.classes[str(given["list"])]}
    cause = EnzymeCause(row.drug, row.effect, file.ordered(row), row)
    name, method = next(methods_of(row.enzyme, library.clinical.of(PhenoconversionFile)))
    bands = library.activity.get(row.enzyme, {})
    outcome = outcome_of(name, method, row.enzyme, (_reading(given, bands),), (cause,), bands=bands)
    return {"phenotype": " or ".join(outcome.phenotypes) if outcome else ""}


def _reading(given: Mapping[str, Any], bands: Bands) -> DiplotypeReading:
    if "score" in given:
        score = ActivityRange.exactly(float(given["score"]))
        return DiplotypeReading("", tuple(phenotype for phenotype, band in bands.items() if band.meets(score)), score)
    phenotype = Phenotype(given["phenotype"])
    return DiplotypeReading("", (phenotype,), bands.get(phenotype))


def _made_up(gene: str, effect: Effect, strength: Strength) -> EnzymeCause:
    row = EnzymeEffectRow.model_validate(
        {
            "enzyme": gene,
            "drug": "example",
            "effect": effect,
            "classes": {"example": strength},
            "source": "example",
            "examples": [{"given": {}, "expect": {}}],
        }
    )
    return EnzymeCause("example", effect, row.classes, row, as_of=date.min)
