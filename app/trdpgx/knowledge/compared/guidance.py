"""PharmCAT's prescribing guidance (CPIC's and DPWG's recommendations as ClinPGx annotates them) against our guideline rules.

A recommendation is asked for by its ``lookupKey``: for each gene a phenotype, an activity score or an HLA allele. The rule of ours that
holds for the same result has to have the same grade (CPIC), and to point to another drug or to a dose where the source's flags do.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from trdpgx.knowledge.compared.differences import ComparedFileError, Difference
from trdpgx.knowledge.reference.phenotype import phenotype_of_score
from trdpgx.knowledge.rules.conditions import Facts, holds
from trdpgx.knowledge.rules.outside_genes import OUTSIDE_GENES
from trdpgx.model.activity import ActivityRange
from trdpgx.model.authority import Verdict
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.library import ReferenceLibrary, RuleLibrary
from trdpgx.model.rule import Direction, Rule

_SOURCES = ("CPIC", "DPWG")
_TERMS: Mapping[str, Phenotype] = {
    **{code.term.casefold(): code for code in Phenotype},
    "n/a": Phenotype.NO_RESULT,
    "no result": Phenotype.NO_RESULT,
}
_SCORE = re.compile(r"(≥?)\s*(\d+(?:\.\d+)?)")
_HLA = re.compile(r"(\*[0-9:]+) (positive|negative)")
_GENERAL = frozenset({"", "general"})


def compare_guidance(content: Mapping[str, Any], library: RuleLibrary, reference: ReferenceLibrary) -> Iterator[Difference]:
    """Yield every difference. Raises ``ComparedFileError`` where the file has another form."""
    guidelines = content.get("guidelines")
    if not isinstance(guidelines, list) or not all(isinstance(one, dict) for one in guidelines):
        raise ComparedFileError("the file has no list 'guidelines'; PharmCAT ships it as prescribing_guidance.json")
    by_pair: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in guidelines:
        head = one.get("guideline") or {}
        for name in _names(head.get("relatedChemicals"), "name"):
            if head.get("source") in _SOURCES and name in library.drugs:
                by_pair.setdefault((str(head["source"]), name), []).append(one)
    ours: dict[tuple[str, str], list[Rule]] = {}
    for rule in library.rules:
        for drug in rule.drugs if rule.source.name in _SOURCES else ():
            ours.setdefault((rule.source.name, drug), []).append(rule)
    for (source, drug), several in by_pair.items():
        pair = _GuidancePair(f"{source}, {drug}", drug, ours.get((source, drug), []), several, library, reference)
        yield from pair.differences()
    sources = {source for source, _ in by_pair}
    for (source, drug), rules in ours.items():
        if source in sources and (source, drug) not in by_pair and any(rule.verdict is Verdict.ADVICE for rule in rules):
            yield Difference("pair_gone", f"{source}, {drug}", rules[0].id, "not in the file")


def _names(entries: object, key: str) -> list[str]:
    return [str(one[key]) for one in entries if isinstance(one, dict) and one.get(key)] if isinstance(entries, list) else []


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


class _GuidancePair(Struct, frozen=True):
    """What a source and we have on one drug: our rules, and the guidelines of the file."""

    subject: str
    drug: str
    rules: Sequence[Rule]
    guidelines: Sequence[Mapping[str, Any]]
    library: RuleLibrary
    reference: ReferenceLibrary

    def differences(self) -> Iterator[Difference]:
        """Yield every difference on the drug."""
        advised = [one for one in self.guidelines if one.get("recommendations")]
        their_genes = {gene for one in advised for gene in _names(one["guideline"].get("relatedGenes"), "symbol")}
        if not self.rules:
            if advised:
                yield Difference("pair_new", self.subject, "no rule", _listed(their_genes))
            return
        our_genes = {gene for rule in self.rules if rule.verdict is not Verdict.NO_RECOMMENDATION for gene in rule.genes}
        if advised and our_genes and our_genes != their_genes:
            yield Difference("genes", self.subject, _listed(our_genes), _listed(their_genes))
        yield from self._identifiers()
        yield from self._citations()
        recommendations = [
            recommendation
            for one in advised
            for recommendation in one["recommendations"]
            if self.drug in _names(recommendation.get("relatedChemicals"), "name")
        ]
        populations = {str(recommendation.get("population") or "").casefold() for recommendation in recommendations} - _GENERAL
        for population in populations:
            if not any(population in (rule.population or "").casefold() for rule in self.rules):
                ours = next((rule.population for rule in self.rules if rule.population), "general")
                yield Difference("population", self.subject, ours, population)
        matched: set[str] = set()
        for recommendation in recommendations:
            for lookup in recommendation.get("lookupKey") or ():
                yield from self._recommendation(recommendation, lookup, matched)
        for rule in self.rules if advised else ():
            if rule.verdict is Verdict.ADVICE and rule.id not in matched and set(rule.genes) <= their_genes:
                theirs = "no recommendation for this result"
                yield Difference("recommendation_gone", f"{self.subject}, {rule.id}", rule.grade or "advice", theirs)

    def _identifiers(self) -> Iterator[Difference]:
        ours = {rule.source.id for rule in self.rules if rule.source.id}
        theirs = {str(one["guideline"]["id"]) for one in self.guidelines if one["guideline"].get("id")}
        if ours and theirs and not ours & theirs:
            yield Difference("identifier", self.subject, _listed(ours), _listed(theirs))

    def _citations(self) -> Iterator[Difference]:
        cited = [rule.source.citation for rule in self.rules if rule.source.citation]
        pmids = {citation.pmid for citation in cited}
        newest = max((citation.year or 0 for citation in cited), default=0)
        entries = [entry for one in self.guidelines for entry in one.get("citations") or () if isinstance(entry, dict)]
        newer = {f"PMID {entry['pmid']} ({entry['year']})" for entry in entries if _is_newer(entry, pmids, newest)}
        if newer:
            yield Difference("citation", self.subject, f"{newest or 'no year'}", _listed(newer))

    def _recommendation(self, recommendation: Mapping[str, Any], lookup: Mapping[str, Any], matched: set[str]) -> Iterator[Difference]:
        """Yield how our rules for a result differ from a recommendation; ``matched`` gets the ids of these rules."""
        about = f"{self.subject}, {', '.join(f'{gene} {value}' for gene, value in lookup.items())}"
        facts = _facts(lookup, self.reference)
        if facts is None:
            yield Difference("result_unknown", about, "no such result", "asked for")
            return
        firing = [rule for rule in self.rules if all(holds(condition, facts) for condition in rule.when)]
        term = (recommendation.get("classification") or {}).get("term") or ""
        flags = [recommendation.get(name) for name in ("alternateDrugAvailable", "dosingInformation", "otherPrescribingGuidance")]
        if not firing:
            if any(flags) or (term and term.casefold() != "no recommendation"):
                yield Difference("recommendation_new", about, "no rule", term or "advice")
            return
        matched |= {one.id for one in firing}
        yield from min((list(_differing(about, term, flags, rule, self.library)) for rule in firing), key=len)


def _is_newer(entry: Mapping[str, Any], pmids: set[str | None], newest: int) -> bool:
    year, pmid = entry.get("year"), entry.get("pmid")
    return isinstance(year, int) and year > newest and pmid is not None and str(pmid) not in pmids


def _differing(about: str, term: str, flags: Sequence[object], rule: Rule, library: RuleLibrary) -> Iterator[Difference]:
    """Yield in what a rule differs from a recommendation for the same result."""
    if rule.source.name == "CPIC" and term and term.casefold() != (rule.grade or "").casefold():
        yield Difference("grade", about, f"{rule.grade} ({rule.id})", term)
    directions = {library.actions[code].direction for code in rule.actions}
    doses = bool(directions & {Direction.LOWER, Direction.HIGHER}) or rule.dose is not None
    for kind, ours, theirs in (("alternative", Direction.AVOID in directions, flags[0]), ("dose", doses, flags[1])):
        if theirs is not None and bool(theirs) is not ours:
            yield Difference(kind, about, f"{'yes' if ours else 'no'} ({rule.id})", "yes" if theirs else "no")


def _facts(lookup: Mapping[str, Any], reference: ReferenceLibrary) -> Facts | None:
    """Return what is true of a person with the results of a lookup; ``None`` where one of them has no meaning here."""
    phenotypes: dict[tuple[str, Scheme], Phenotype] = {}
    activity: dict[str, ActivityRange] = {}
    tested: dict[tuple[str, str], bool] = {}
    seen = set()
    for gene, value in lookup.items():
        text = str(value).strip()
        score, allele = _SCORE.fullmatch(text), _HLA.fullmatch(text)
        if gene in OUTSIDE_GENES and (allele or text.casefold() in {"no result", "n/a"}):
            if allele:
                tested[gene, allele[1]] = allele[2] == "positive"
                seen.add(gene)
            continue
        definition = reference.genes.get(gene)
        if definition is None:
            return None
        if score:
            number = float(score[2])
            activity[gene] = ActivityRange(at_least=number) if score[1] else ActivityRange.exactly(number)
            for scheme, table in definition.phenotypes.items():
                phenotypes[gene, scheme] = phenotype_of_score(table, number)
        else:
            code = _TERMS.get(text.casefold())
            if code is None:
                return None
            for scheme in definition.phenotypes:
                phenotypes[gene, scheme] = code
        if phenotypes.get((gene, Scheme.CPIC)) is not Phenotype.NO_RESULT:
            seen.add(gene)
    return Facts(phenotypes=phenotypes, activity=activity, tested=tested, seen=frozenset(seen))
