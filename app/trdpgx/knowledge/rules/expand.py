"""From the curator's YAML to the rules that reasoning uses: one ``Rule`` for each drug and row of a table, one for each single rule.

Every name is looked up here, so that each name in a loaded rulebook is defined. ``lint`` checks whether the rules are consistent.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.rules.authority import authority_of, verdict_of
from trdpgx.knowledge.rules.names import Names
from trdpgx.knowledge.rules.row_id import row_id
from trdpgx.knowledge.rules.schema.rule_file import (
    ActivityEntry,
    ConditionEntry,
    EvidenceEntry,
    ExplainedEntry,
    RuleEntry,
    RuleFile,
    Sides,
    SourceEntry,
    Table,
    TableRow,
)
from trdpgx.knowledge.rules.verification import reviewer, verification, verification_of_studies
from trdpgx.knowledge.yaml_document import Document, KeyPath
from trdpgx.model.evidence import Citation, EvidenceItem, Stance, Verification
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.rule import (
    ActivityCondition,
    AlleleCondition,
    Condition,
    EffectAlleleCondition,
    Entry,
    Example,
    GeneSeenCondition,
    PhenotypeCondition,
    RareVariantCondition,
    Rule,
    Source,
)

_STANCES: Mapping[str, Stance] = {
    "supports": Stance.SUPPORTS,
    "no_effect": Stance.NULL,
    "contradicts": Stance.CONTRADICTS,
    "insufficient": Stance.INSUFFICIENT,
    "not_read": Stance.NOT_READ,
}
"""The stance of the studies in each field of ``Sides``."""


class Expansion:
    """One file of rules, being expanded. ``findings`` collects what is wrong on the way; a rule with a fault is left out."""

    def __init__(self, document: Document, file: RuleFile, names: Names) -> None:
        """Hold the file and the names that it may use."""
        self.findings: list[Finding] = []
        self._faults = 0
        self._document = document
        self._file = file
        self._names = names

    def rules(self) -> Iterator[Rule]:
        """Yield the rules in the order of the file."""
        for index, table in enumerate(self._file.tables):
            for number, row in enumerate(table.rows):
                yield from self._of_row(table, row, ("tables", index, "rows", number))
        for index, entry in enumerate(self._file.rules):
            yield from self._of_entry(entry, ("rules", index))

    def entries(self) -> Iterator[Entry]:
        """Yield the entries without a rule, in the order of the file."""
        for index, entry in enumerate(self._file.entries):
            yield from self._of_explained(entry, ("entries", index))

    def _note(self, key_path: KeyPath, message: str) -> None:
        self._faults += 1
        finding = Finding(self._document.file, self._document.line(key_path), message)
        if finding not in self.findings:
            self.findings.append(finding)

    def _of_row(self, table: Table, row: TableRow, key_path: KeyPath) -> Iterator[Rule]:
        before = self._faults
        when = tuple(
            ActivityCondition(gene=gene, scores=asked.activity)
            if isinstance(asked, ActivityEntry)
            else PhenotypeCondition(gene=gene, scheme=table.scheme, any_of=asked)
            for gene, asked in row.when.items()
        )
        for gene, asked in row.when.items():
            definition = self._names.reference.genes.get(gene)
            if isinstance(asked, ActivityEntry) and definition is not None and table.scheme not in definition.phenotypes:
                self._note((*key_path, "when", gene), f"{gene} has no phenotypes by {table.scheme}")
        drugs = row.drugs or tuple(table.drugs)
        misspelled = set(drugs) - self._names.drugs.keys()
        for drug in (*drugs, *row.grade_for):
            if drug not in table.drugs and drug not in misspelled:
                self._note((*key_path, "drugs"), f"'{drug}' is not a drug of this table")
        for field, message in self._names.unknown(drugs, when, row.implications, row.actions):
            self._note((*key_path, field), message)
        verified = verification(row, table, self._file)
        if verified is None:
            self._note(key_path, "'verified' or 'unverified' is missing: in the row, its table and the file")
        if self._file.source.design is None:
            self._note(key_path, "a table needs a source with 'design: guideline' or 'design: regulatory'")
        examples = tuple(self._examples(row, key_path))
        citation = self._citation(self._file.source.citation, ("source", "citation"))
        if self._faults > before or verified is None:
            return
        population = table.population or self._file.population
        for group in [drugs] if row.together else [(drug,) for drug in drugs]:
            alone = None if row.together else group[0]
            source = self._source(self._file.source, citation, table.drugs[alone] if alone else None)
            grade = row.grade_for.get(alone, row.grade) if alone else row.grade
            yield Rule(
                **self._common(row, self._file.source, grade, key_path),
                id=row_id(table, row, alone),
                domain=self._file.domain,
                drugs=group,
                genes=tuple(row.when),
                when=when,
                source=source,
                population=population,
                evidence=tuple(self._authority(self._file.source, citation, population, verified)),
                verification=verified,
                reviewed=reviewer(row, table, self._file),
                examples=examples,
            )

    def _common(self, entry: TableRow | RuleEntry, source: SourceEntry, grade: str | None, key_path: KeyPath) -> dict[str, Any]:
        """Return the fields that rules of a table and single rules have alike."""
        return {
            "implications": entry.implications,
            "actions": entry.actions,
            "dose": entry.dose,
            "text": entry.text,
            "note": entry.note,
            "grade": grade,
            "authority": authority_of(source, grade, self._names.grades),
            "verdict": verdict_of(source, grade, entry.actions, entry.implications, self._names.actions),
            "file": self._document.file,
            "line": self._document.line(key_path),
        }

    def _examples(self, row: TableRow, key_path: KeyPath) -> Iterator[Example]:
        """Yield an example for each combination of phenotypes and scores of the row, from the file's table of genotypes."""
        choices: list[list[tuple[str, str]]] = []
        for gene, asked in row.when.items():
            diplotypes = {Phenotype.NO_RESULT: Phenotype.NO_RESULT.value, **self._file.genotypes.get(gene, {})}
            if isinstance(asked, ActivityEntry):
                scored = [value for score, value in diplotypes.items() if isinstance(score, float) and asked.activity.has(score)]
                if not scored:
                    self._note((*key_path, "when", gene), f"'genotypes' has no {gene} diplotype with an activity score of this range")
                choices.append([(gene, value) for value in scored])
                continue
            for code in asked:
                if code not in diplotypes:
                    self._note((*key_path, "when", gene), f"'genotypes' has no {gene} diplotype for '{code}'")
            choices.append([(gene, diplotypes[code]) for code in asked if code in diplotypes])
        yield from (Example(given=dict(choice)) for choice in product(*choices))

    def _of_entry(self, entry: RuleEntry, key_path: KeyPath) -> Iterator[Rule]:
        before = self._faults
        when = tuple(self._condition(condition) for condition in entry.when)
        for field, message in self._names.unknown(entry.drugs, when, entry.implications, entry.actions):
            self._note((*key_path, field), message)
        source_entry = entry.source or self._file.source
        citation = self._citation(source_entry.citation, (*key_path, "source"))
        studied = self._studied(entry.evidence or Sides(), (*key_path, "evidence"))
        verified = verification(entry) or (verification_of_studies(studied) if studied else verification(self._file))
        if verified is None:
            self._note(key_path, "'verified' or 'unverified' is missing: in the rule, its studies and the file")
        population = entry.population or self._file.population
        if self._faults > before or verified is None:
            return
        evidence = (*self._authority(source_entry, citation, population, verified), *studied)
        if not evidence:
            self._note(key_path, "a rule needs evidence: studies, or a guideline or regulator as its source")
            return
        yield Rule(
            **self._common(entry, source_entry, entry.grade, key_path),
            id=entry.id,
            domain=entry.domain or self._file.domain,
            drugs=entry.drugs,
            genes=tuple(dict.fromkeys(gene for condition in when for gene in self._genes(condition))),
            when=when,
            source=self._source(source_entry, citation, None),
            population=population,
            evidence=evidence,
            verification=verified,
            reviewed=reviewer(entry, self._file),
            examples=tuple(Example(given=facts) for facts in entry.examples),
            counter_examples=tuple(Example(given=facts) for facts in entry.counter_examples),
        )

    def _of_explained(self, entry: ExplainedEntry, key_path: KeyPath) -> Iterator[Entry]:
        before = self._faults
        for field, message in self._names.unknown(entry.drugs, (), (), ()):
            self._note((*key_path, field), message)
        studied = self._studied(entry.evidence or Sides(), (*key_path, "evidence"))
        verified = verification(entry) or (verification_of_studies(studied) if studied else verification(self._file))
        if verified is None:
            self._note(key_path, "'verified' or 'unverified' is missing: in the entry, its studies and the file")
        if self._faults > before or verified is None:
            return
        yield Entry(
            id=entry.id,
            genes=entry.genes or self._genes_of(entry.variants),
            variants=entry.variants,
            drugs=entry.drugs,
            reason=entry.reason,
            text=entry.text,
            evidence=studied,
            verification=verified,
            file=self._document.file,
            line=self._document.line(key_path),
        )

    def _genes_of(self, variants: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._names.variant_genes[name] for name in variants if name in self._names.variant_genes))

    def _genes(self, condition: Condition) -> tuple[str, ...]:
        match condition:
            case EffectAlleleCondition():
                return (self._names.variant_genes[condition.variant],)
            case RareVariantCondition():
                return condition.genes
            case _:
                return (condition.gene,)

    def _condition(self, entry: ConditionEntry) -> Condition:
        if entry.rare is not None:
            return RareVariantCondition(criterion=entry.rare, genes=tuple(sorted(self._names.criteria.get(entry.rare, {"unknown"}))))
        if entry.copies is not None:
            return EffectAlleleCondition(variant=entry.variant or "", any_of=entry.copies)
        gene = entry.gene or ""
        if entry.phenotype is not None:
            return PhenotypeCondition(gene=gene, scheme=entry.scheme or Scheme.CPIC, any_of=entry.phenotype)
        if entry.activity is not None:
            return ActivityCondition(gene=gene, scores=entry.activity)
        if entry.seen is not None:
            return GeneSeenCondition(gene=gene)
        return AlleleCondition(gene=gene, any_of=entry.carries or entry.lacks or (), present=entry.carries is not None)

    def _citation(self, key: str | None, key_path: KeyPath) -> Citation | None:
        if key is None:
            return None
        citation = self._names.citations.get(key)
        if citation is None:
            self._note(key_path, f"unknown citation '{key}'")
        return citation

    def _source(self, entry: SourceEntry, citation: Citation | None, identity: str | None) -> Source:
        return Source(name=entry.name, id=identity or entry.id, year=entry.year, url=entry.url, citation=citation)

    def _authority(
        self, source: SourceEntry, citation: Citation | None, population: str | None, verified: Verification
    ) -> Iterator[EvidenceItem]:
        if source.design is not None and citation is not None:
            yield EvidenceItem(
                citation=citation, design=source.design, population=population, stance=Stance.SUPPORTS, verification=verified
            )

    def _studied(self, sides: Sides, key_path: KeyPath) -> tuple[EvidenceItem, ...]:
        items = (
            self._item(mention, stance, (*key_path, side, number))
            for side, stance in _STANCES.items()
            for number, mention in enumerate(getattr(sides, side))
        )
        return tuple(item for item in items if item is not None)

    def _item(self, mention: str | EvidenceEntry, stance: Stance, key_path: KeyPath) -> EvidenceItem | None:
        name = mention if isinstance(mention, str) else mention.study
        own = mention if isinstance(mention, EvidenceEntry) else EvidenceEntry.model_construct(study=name)
        study = self._file.studies.get(name)
        if study is None:
            self._note(key_path, f"unknown study '{name}': this file's 'studies' does not have it")
            return None
        citation = self._citation(study.citation or name, ("studies", name))
        verified = verification(study)
        if verified is None:
            self._note(("studies", name), f"study '{name}' has neither 'verified' nor 'unverified'")
        if citation is None or verified is None:
            return None
        return EvidenceItem(
            citation=citation,
            design=study.design,
            n=own.n or study.n,
            population=study.population,
            ancestry=study.ancestry,
            stance=stance,
            outcome=own.outcome or study.outcome,
            sample=study.sample,
            pools=study.pools,
            result=own.result or study.result,
            note=own.note or study.note,
            verification=verified,
        )
