"""Whether the rules are consistent: the findings of ``trdpgx rules check``, with file and line.

Shape and names are checked before (``schema``, ``expand``). Here: do examples fire, are tables complete, is every citation real and used.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

from msgspec import Struct

from trdpgx.knowledge.finding import Finding, RulesError
from trdpgx.knowledge.rules.citation_lint import citation_findings
from trdpgx.knowledge.rules.clinical_lint import clinical_name_findings, enzyme_findings
from trdpgx.knowledge.rules.conditions import Facts, holds
from trdpgx.knowledge.rules.entry_lint import entry_findings
from trdpgx.knowledge.rules.examples import ExampleError, fires
from trdpgx.knowledge.rules.library import build_library
from trdpgx.knowledge.rules.names import unknown_name
from trdpgx.knowledge.rules.phrases import example_text
from trdpgx.knowledge.rules.prescriptive import prescriptions
from trdpgx.knowledge.rules.schema.rule_file import ActivityEntry, Table
from trdpgx.knowledge.rules.sources import REVIEW, VOCABULARY, RuleSources, read_sources
from trdpgx.knowledge.rules.stance_lint import stance_findings
from trdpgx.knowledge.yaml_document import PLACEHOLDER
from trdpgx.model.activity import ActivityRange
from trdpgx.model.authority import Verdict
from trdpgx.model.gene import Phenotype, Scheme, in_order
from trdpgx.model.library import ReferenceLibrary, RuleLibrary
from trdpgx.model.rule import Rule

_QUANTITY = re.compile(r"\d+(?:[.-]\d+)*\s?(?:%|mg/kg\b|mg\b|kg\b|ng/mL\b|years?\b|months?\b|weeks?\b|days?\b|hours?\b|times\b)")
_NUMBER = re.compile(r"\d")
_CHANGE = re.compile(r"(?<!\w)[+\u2212-]\d+(?:\.\d+)?%")


def check_rules(directory: Path, reference: ReferenceLibrary, over: Path | None = None) -> list[Finding]:
    """Return everything that is wrong with a folder of rules, in the order of files and lines; an empty list if nothing is.

    With ``over`` the folder is a layer over a whole one, and only findings in the layer are reported.
    """
    try:
        layers = [read_sources(directory)] if over is None else [read_sources(over), read_sources(directory, whole=False)]
    except RulesError as error:
        return list(error.findings)
    library, faults = build_library(layers, reference)
    if faults:
        return sorted(faults)
    sources = layers[-1]
    own = {document.file for document in sources.documents.values()}
    findings = {
        *citation_findings(sources, library, bundled=over is None),
        *_vocabulary_findings(sources, library),
        *_example_findings(library, reference, own),
        *_table_findings(sources, reference),
        *_value_findings(library),
        *_contradictions(library),
        *entry_findings(layers, library, reference),
        *_review_findings(sources, library),
        *clinical_name_findings(sources, library),
        *_unwritten(sources),
        *prescriptions(sources.documents.values()),
        *enzyme_findings(library, reference),
        *stance_findings(library),
    }
    return sorted(finding for finding in findings if finding.file in own)


def axis(gene: str, scheme: Scheme, reference: ReferenceLibrary) -> tuple[Phenotype, ...]:
    """Return every phenotype that the gene can have by the scheme, `Indeterminate` and `No result` included."""
    table = reference.genes[gene].phenotypes[scheme]
    possible = table.phenotypes | {Phenotype.INDETERMINATE, Phenotype.NO_RESULT}
    return in_order(possible)


def _vocabulary_findings(sources: RuleSources, library: RuleLibrary) -> Iterator[Finding]:
    document = sources.documents.get(VOCABULARY)
    if document is None:
        return
    spoken = {
        "implications": {code for rule in library.rules for code in rule.implications},
        "actions": {code for rule in library.rules for code in rule.actions},
    }
    for kind, terms in (("implications", sources.vocabulary.implications), ("actions", sources.vocabulary.actions)):
        for code in terms:
            if code not in spoken[kind]:
                yield Finding(document.file, document.line((kind, code)), f"no rule uses '{code}'")


def _example_findings(library: RuleLibrary, reference: ReferenceLibrary, files: Collection[str]) -> Iterator[Finding]:
    for rule in library.rules:
        if rule.file not in files:
            continue
        for expected, examples in ((True, rule.examples), (False, rule.counter_examples)):
            for example in examples:
                facts = example_text(example)
                try:
                    fired = fires(rule, example, reference)
                except ExampleError as error:
                    yield Finding(rule.file, rule.line, f"{rule.id}: in the example {facts}: {error}")
                    continue
                if fired is not expected:
                    fault = "does not fire for its example" if expected else "fires for its counter-example"
                    yield Finding(rule.file, rule.line, f"{rule.id}: {fault} {facts}")
        if all(holds(condition, Facts()) for condition in rule.when):
            yield Finding(rule.file, rule.line, f"{rule.id}: fires for a person without any result")


def _value_findings(library: RuleLibrary) -> Iterator[Finding]:
    for rule in library.rules:
        grades = library.grades.get(rule.source.name)
        if grades is not None and rule.grade is not None and rule.grade.casefold() not in grades:
            unknown = unknown_name(f"grade of {rule.source.name}", rule.grade, [one.grade for one in grades.values()])
            yield Finding(rule.file, rule.line, f"{rule.id}: {unknown} ('grades' of vocabulary.yaml has what each grade means)")
        if rule.authority is None and rule.grade is not None:
            fault = f"'{rule.grade}' is a grade, and a rule of research has none: its evidence is graded by its studies"
            yield Finding(rule.file, rule.line, f"{rule.id}: {fault}")
        if rule.source.citation is not None and rule.grade is None:
            yield Finding(rule.file, rule.line, f"{rule.id}: states no grade of its source")
        if rule.authority is not None and rule.authority.rank == "none" and rule.verdict is not Verdict.NO_RECOMMENDATION:
            fault = f"'{rule.grade}' means that the source makes no recommendation, and an action states one: write no_recommendation"
            yield Finding(rule.file, rule.line, f"{rule.id}: {fault}")
        for name, value in rule.dose_words.items():
            if _NUMBER.search(_QUANTITY.sub("", value)):
                yield Finding(rule.file, rule.line, f"{rule.id}: a number of the {name} dose has no unit (%, mg, days ...): '{value}'")
            if _CHANGE.search(value):
                fault = f"the {name} dose is stated as a change, which is read as a share: write '50% of the usual dose', not '{value}'"
                yield Finding(rule.file, rule.line, f"{rule.id}: {fault}")


def _table_findings(sources: RuleSources, reference: ReferenceLibrary) -> Iterator[Finding]:
    for name, file in sources.files.items():
        document = sources.documents[name]
        for index, table in enumerate(file.tables):
            lines = [document.line(("tables", index, "rows", number)) for number in range(len(table.rows))]
            top = document.line(("tables", index))
            for line, message in _coverage(table, lines, top, reference):
                yield Finding(document.file, line, message)


def _coverage(table: Table, lines: Sequence[int], top: int, reference: ReferenceLibrary) -> Iterator[tuple[int, str]]:
    """Yield combinations of phenotypes that no row of a table covers, or several do, but for those on which the source is silent."""
    genes = tuple(table.rows[0].when)
    phenotypes = [axis(gene, table.scheme, reference) for gene in genes]
    yield from ((top, f"'silent' names {fault}") for fault in _useless_silence(table, dict(zip(genes, phenotypes, strict=True))))
    for row, line in zip(table.rows, lines, strict=True):
        if set(row.when) != set(genes):
            yield line, f"this row asks about {', '.join(row.when)}, the first row of the table about {', '.join(genes)}"
            return
        for gene, possible in zip(genes, phenotypes, strict=True):
            asked = row.when[gene]
            for code, count in Counter(() if isinstance(asked, ActivityEntry) else asked).items():
                if code not in possible:
                    yield line, f"{gene} cannot be '{code}' by {table.scheme}, so the row could never apply"
                elif count > 1:
                    yield line, f"'{code}' is written twice"
    axes = [_possible(table, gene, possible, reference) for gene, possible in zip(genes, phenotypes, strict=True)]
    for drug in table.drugs:
        rows = [(row, line) for row, line in zip(table.rows, lines, strict=True) if row.drugs is None or drug in row.drugs]
        for combination in product(*axes):
            if all(one.phenotype is Phenotype.NO_RESULT for one in combination):
                continue
            holding = [line for row, line in rows if all(one.is_in(row.when[gene]) for gene, one in zip(genes, combination, strict=True))]
            genotypes = ", ".join(f"{gene} {one.words}" for gene, one in zip(genes, combination, strict=True))
            if any(one.phenotype in table.silent.get(gene, ()) for gene, one in zip(genes, combination, strict=True)):
                yield from ((line, f"{drug} with {genotypes} has a row, but is listed under 'silent'") for line in holding)
            elif not holding:
                yield top, f"no row of the table covers {drug} with {genotypes}"
            elif len(holding) > 1:
                yield holding[1], f"{drug} with {genotypes} stands in line {holding[0]} already"


def _useless_silence(table: Table, axes: Mapping[str, Sequence[Phenotype]]) -> Iterator[str]:
    """Yield what ``silent`` names without effect: a gene that the table does not ask about, a phenotype that the gene cannot have."""
    for gene, codes in table.silent.items():
        if gene not in axes:
            yield f"{gene}, which the table does not ask about"
        else:
            yield from (f"{gene} '{code}', which cannot be by {table.scheme}" for code in codes if code not in axes[gene])


class _Possible(Struct, frozen=True):
    """What a gene can be for a table: a phenotype, and where the table asks about activity scores, a part of that phenotype's scores."""

    phenotype: Phenotype
    scores: ActivityRange | None = None

    @property
    def words(self) -> str:
        return f"score {self.scores.words}" if self.scores else self.phenotype

    def is_in(self, asked: Sequence[Phenotype] | ActivityEntry) -> bool:
        if isinstance(asked, ActivityEntry):
            return self.scores is not None and asked.activity.covers(self.scores)
        return self.phenotype in asked


def _possible(table: Table, gene: str, possible: Sequence[Phenotype], reference: ReferenceLibrary) -> list[_Possible]:
    """Return the results between which rows can differ: the phenotypes, with their scores split where a row of the table splits them."""
    ranges = [asked.activity for row in table.rows if isinstance(asked := row.when[gene], ActivityEntry)]
    bands = reference.genes[gene].phenotypes[table.scheme].bands if ranges else ()
    scored = [_Possible(band.phenotype, part) for band in bands for part in band.scores.split(ranges)]
    return scored + [_Possible(code) for code in possible if code not in {one.phenotype for one in scored}]


def _contradictions(library: RuleLibrary) -> Iterator[Finding]:
    """Yield rules of one source that contradict each other for one drug under the same conditions, or repeat each other.

    Two documents of one source (FDA's table and a label) may differ, and both are shown. Studies may differ between
    outcomes; a guideline that does contradicts itself.
    """
    first: dict[tuple[str, str, str, str], Rule] = {}
    for rule in library.rules:
        when = repr(sorted(condition.model_dump_json() for condition in rule.when))
        for drug in rule.drugs:
            document = rule.source.citation.id if rule.source.citation else ""
            earlier = first.setdefault((rule.source.name, document, drug, when), rule)
            if earlier is not rule:
                same = (earlier.implications, earlier.actions, earlier.dose) == (rule.implications, rule.actions, rule.dose)
                if same or earlier.source.citation is not None:
                    fault = "repeats" if same else "contradicts"
                    yield Finding(rule.file, rule.line, f"{rule.id}: {fault} {earlier.id} for {drug} ({earlier.file}:{earlier.line})")


def _review_findings(sources: RuleSources, library: RuleLibrary) -> Iterator[Finding]:
    if sources.review is None:
        return
    document = sources.documents[REVIEW]
    ids = {rule.id for rule in library.rules} | {entry.id for entry in library.entries}
    stated: set[str] = set()
    if sources.review.citation not in library.citations:
        yield Finding(document.file, document.line(("citation",)), f"unknown citation '{sources.review.citation}'")
    for index, statement in enumerate(sources.review.statements):
        key_path = ("statements", index)
        if statement.id in stated:
            yield Finding(document.file, document.line(key_path), f"the id '{statement.id}' is taken")
        stated.add(statement.id)
        for number, name in enumerate(statement.carried_by):
            if name not in ids:
                yield Finding(document.file, document.line((*key_path, "carried_by", number)), f"no rule or entry is called '{name}'")


def _unwritten(sources: RuleSources) -> Iterator[Finding]:
    """Yield every key path where a scaffold's placeholder still stands."""
    for document in sources.documents.values():
        for key_path, text in document.texts():
            if PLACEHOLDER in text:
                yield Finding(document.file, document.line(key_path), f"'{PLACEHOLDER}' is still to be written")
