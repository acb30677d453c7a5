"""Phenotypes that other tools state, in words or by an activity score."""

import re
from collections.abc import Mapping, Sequence

from trdpgx.calling.star_alleles.diplotypes import number
from trdpgx.knowledge.reference.phenotype import phenotype_of_score
from trdpgx.model.gene import GeneDefinition, Phenotype, PhenotypeTable, Scheme
from trdpgx.model.gene_report import PhenotypeReport
from trdpgx.model.outside import OutsideCall
from trdpgx.texts import phrase

_SHORT = {"um": "ultrarapid", "rm": "rapid", "nm": "normal", "em": "normal", "extensive": "normal", "im": "intermediate", "pm": "poor"}
_EMPTY_WORDS = frozenset({"metabolizer", "metabolizers", "phenotype"})
_PHENOTYPES = {" ".join(word for word in code.term.lower().split() if word != "metabolizer"): code for code in Phenotype}


def stated(definition: GeneDefinition | None, calls: Sequence[OutsideCall]) -> dict[Scheme, PhenotypeReport]:
    """Return the phenotypes that all calls state, by an activity score or else in words; another scheme's only where it must follow."""
    readings = [stated_by(definition, call) for call in calls]
    first = readings[0]
    return first if all({s: r.code for s, r in reading.items()} == {s: r.code for s, r in first.items()} for reading in readings) else {}


def stated_by(definition: GeneDefinition | None, call: OutsideCall) -> dict[Scheme, PhenotypeReport]:
    """Return the phenotypes that one call states; empty where it states none that we know, or that CPIC has for the gene."""
    if definition is None:
        return {}
    tables = definition.phenotypes
    if call.activity_score is not None and any(table.bands for table in tables.values()):
        basis = phrase("outside_phenotypes.by_score", score=number(call.activity_score), tool=call.tool)
        codes: dict[Scheme, Phenotype] = {s: phenotype_of_score(table, call.activity_score) for s, table in tables.items() if table.bands}
    else:
        cpic = phenotype_code(call.phenotype or "")
        if cpic is None or _is_foreign(tables, cpic):
            return {}
        basis = phrase("outside_phenotypes.stated", tool=call.tool)
        codes = {Scheme.CPIC: cpic} | {scheme: code for scheme in tables if (code := _implied(tables, cpic, scheme)) is not None}
    return {scheme: PhenotypeReport(term=code.term, code=code, basis=basis) for scheme, code in codes.items()}


def foreign_phenotype(definition: GeneDefinition, call: OutsideCall) -> Phenotype | None:
    """Return the phenotype that a call states in words and that CPIC's table of the gene does not have: no source has advice on it."""
    code = phenotype_code(call.phenotype or "")
    return code if code is not None and _is_foreign(definition.phenotypes, code) else None


def _is_foreign(tables: Mapping[Scheme, PhenotypeTable], code: Phenotype) -> bool:
    return Scheme.CPIC in tables and code not in {*tables[Scheme.CPIC].phenotypes, Phenotype.INDETERMINATE, Phenotype.NO_RESULT}


def _implied(tables: Mapping[Scheme, PhenotypeTable], cpic: Phenotype, scheme: Scheme) -> Phenotype | None:
    """Return the phenotype of a scheme wherever CPIC has ``cpic``; ``None`` where that depends on the diplotype."""
    if scheme is Scheme.CPIC or Scheme.CPIC not in tables:
        return cpic if scheme is Scheme.CPIC else None
    ours, theirs = tables[Scheme.CPIC], tables[scheme]
    if ours.bands and theirs.bands:
        meant = [band.scores for band in ours.bands if band.phenotype is cpic]
        codes = {band.phenotype for band in theirs.bands for scores in meant if band.scores.meets(scores)}
    else:
        codes = {theirs.pairs.get(pair, Phenotype.INDETERMINATE) for pair, code in ours.pairs.items() if code is cpic}
    return codes.pop() if len(codes) == 1 else None


def phenotype_code(text: str) -> Phenotype | None:
    """Return the phenotype that a tool's words mean: CPIC's terms in any spelling, and the common short forms (``EM`` is ``NM``)."""
    plain = re.sub(r"\b(?:cyp|ugt)\w+", " ", text.lower().replace("metaboliser", "metabolizer").replace("ultra-rapid", "ultrarapid"))
    words = re.sub(r"[^a-z]+", " ", plain.replace("_", " ")).split()
    meant = dict.fromkeys(_SHORT.get(word, word) for word in words if word not in _EMPTY_WORDS)
    return _PHENOTYPES.get(" ".join(meant))
