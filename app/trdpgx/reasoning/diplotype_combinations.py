"""Diplotype combinations: one choice of diplotype for each gene, where the file leaves several.

A rule is asked about each combination that it can tell apart. What holds in all of them is a finding; what holds in some is a finding with
a proviso that names the diplotypes.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.calling.star_alleles.diplotypes import phenotype_words
from trdpgx.knowledge.reference.phenotype import ActivityScore
from trdpgx.knowledge.rules.conditions import Facts
from trdpgx.knowledge.rules.outside_genes import single_allele_test
from trdpgx.model.activity import ActivityRange
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.gene_report import DiplotypeReport, GeneReport
from trdpgx.model.rule import ActivityCondition, AlleleCondition, Condition, PhenotypeCondition
from trdpgx.model.variant_report import RareVariantReport, VariantReport
from trdpgx.texts import either, phrase

_NAMED = 8
"""The number of diplotypes named; the others are counted. The gene's own entry lists them all."""


class GeneChoice(Struct, frozen=True):
    """What is true of one gene in one combination: the diplotypes (``names``) that a rule cannot tell apart, and how they are read.

    ``tested`` holds single alleles that a test looked for, where the gene was not typed in full. Where a call leaves the activity score
    open and a rule asks about a part of that range, each part is a choice of its own. ``hidden`` is true where the diplotypes need an
    allele that was not seen and is not excluded.
    """

    gene: str
    names: tuple[str, ...]
    read_as: str
    phenotypes: tuple[tuple[Scheme, Phenotype], ...]
    alleles: frozenset[str]
    tested: tuple[tuple[str, bool], ...] = ()
    activity: ActivityRange | None = None
    """The activity scores that it allows: one, or a range where a phenotype or a least score is all that is known."""
    part: bool = False
    """Whether ``activity`` is a part of what the call allows: it then stands in the label."""
    hidden: bool = False

    @property
    def label(self) -> str:
        """The choice in words: ``CYP2C19 *1/*2 or *2/*27 (Intermediate Metabolizer)``."""
        more = len(self.names) - _NAMED
        listed = either(self.names[:_NAMED]) + (phrase("diplotype_combinations.or_more", more=more) if more > 0 else "")
        score = phrase("diplotype_combinations.if_its_activity_score", words=self.activity.words) if self.part and self.activity else ""
        hidden = phrase("diplotype_combinations.not_excluded") if self.hidden else ""
        return " ".join(part for part in (self.gene, listed, self.read_as, score, hidden) if part)


class DiplotypeCombination(Struct, frozen=True):
    """One choice for each gene that a rule asks about, and the facts that follow."""

    choices: tuple[GeneChoice, ...]
    facts: Facts

    @property
    def hidden(self) -> bool:
        """Whether it needs an allele that was not seen and is not excluded."""
        return any(choice.hidden for choice in self.choices)


ActivityBands: TypeAlias = Mapping[str, Mapping[Phenotype, ActivityRange]]
"""For each gene with activity scores, the scores of each of CPIC's phenotypes."""
NO_BANDS: ActivityBands = {}


class GeneQuestion(NamedTuple):
    """What a rule asks about the diplotype of a gene: named alleles and ranges of activity scores; its phenotype in any case."""

    alleles: frozenset[str] = frozenset()
    scores: tuple[ActivityRange, ...] = ()


Question: TypeAlias = tuple[tuple[str, GeneQuestion], ...]
"""The genes that a rule asks about in a phenotype, activity or allele condition, each with what it asks."""


def question_of(conditions: Sequence[Condition]) -> Question:
    """Return what conditions ask about diplotypes. The same for everybody, so worked out once."""
    asked: dict[str, GeneQuestion] = {}
    for condition in conditions:
        if isinstance(condition, PhenotypeCondition | ActivityCondition | AlleleCondition):
            alleles = frozenset(condition.any_of) if isinstance(condition, AlleleCondition) else frozenset()
            scores = (condition.scores,) if isinstance(condition, ActivityCondition) else ()
            earlier = asked.get(condition.gene, GeneQuestion())
            asked[condition.gene] = GeneQuestion(earlier.alleles | alleles, (*earlier.scores, *scores))
    return tuple(asked.items())


class DiplotypeCombinations:
    """The combinations that one person's calls allow."""

    def __init__(
        self,
        genes: Sequence[GeneReport],
        variants: Sequence[VariantReport],
        rare_variants: Sequence[RareVariantReport] = (),
        activity: ActivityBands = NO_BANDS,
        choices: Mapping[str, tuple[GeneChoice, ...]] | None = None,
    ) -> None:
        """Read the choices of each gene and the genotypes that were seen. ``activity`` is for calls that state a phenotype and no score.

        ``choices`` are those of the genes (``scored_choices``), where they are known already.
        """
        self._choices = choices or {gene.gene: scored_choices(gene, choices_of(gene), activity) for gene in genes}
        self._effect_alleles = {v.id: v.effect_allele_count for v in variants if v.effect_allele_count is not None}
        self._seen = frozenset(gene.gene for gene in genes if gene.status != "no_call") | frozenset(
            variant.gene for variant in variants if variant.genotype is not None
        )
        self._counting = frozenset(judged.rule_id for rare in rare_variants for judged in rare.qualifications if judged.qualifies)
        self._made: dict[Question, tuple[DiplotypeCombination, ...]] = {}

    def of(self, question: Question) -> tuple[DiplotypeCombination, ...]:
        """Every combination of choices for the genes that the question names, as far as it can tell them apart."""
        combinations = self._made.get(question)
        if combinations is None:
            choices = product(*(self._grouped(gene, asked) for gene, asked in question))
            combinations = self._made[question] = tuple(DiplotypeCombination(chosen, self._facts(chosen)) for chosen in choices)
        return combinations

    def _grouped(self, gene: str, asked: GeneQuestion) -> tuple[GeneChoice, ...]:
        """Put together the choices that agree in their phenotypes and in what is asked; thousands may become three."""
        grouped: dict[tuple[object, ...], list[GeneChoice]] = {}
        for whole in self._choices.get(gene) or (_nothing(gene),):
            for choice in _parts(whole, asked.scores):
                answers = _score_answers(choice, asked.scores)
                outcome = (choice.phenotypes, choice.alleles & asked.alleles, choice.tested, answers, choice.hidden)
                grouped.setdefault(outcome, []).append(choice)
        return tuple(_together(group) for group in grouped.values())

    def _facts(self, choices: Sequence[GeneChoice]) -> Facts:
        return Facts(
            phenotypes={(c.gene, scheme): phenotype for c in choices for scheme, phenotype in c.phenotypes},
            effect_alleles=self._effect_alleles,
            seen=self._seen,
            alleles={c.gene: c.alleles for c in choices if c.alleles},
            counting=self._counting,
            tested={(c.gene, allele): carried for c in choices for allele, carried in c.tested},
            activity={c.gene: c.activity for c in choices if c.activity is not None},
        )


def _parts(choice: GeneChoice, asked: Sequence[ActivityRange]) -> Iterator[GeneChoice]:
    """Yield the choice, or one for each part of its activity scores that the ranges asked about tell apart."""
    parts = choice.activity.split(asked) if choice.activity else ()
    if len(parts) < 2:
        yield choice
        return
    yield from (replace(choice, activity=part, part=True) for part in parts)


def _score_answers(choice: GeneChoice, asked: Sequence[ActivityRange]) -> tuple[bool, ...] | None:
    """Return what tells choices apart where a rule asks about activity scores; ``None`` where none does, or no score is known."""
    activity = choice.activity
    return (choice.part, *(scores.covers(activity) for scores in asked)) if asked and activity is not None else None


def _together(group: Sequence[GeneChoice]) -> GeneChoice:
    """Return choices that a rule cannot tell apart as one, with every name and every score."""
    scores = [choice.activity for choice in group if choice.activity is not None]
    return replace(
        group[0],
        names=tuple(name for choice in group for name in choice.names),
        activity=scores[0].hull(scores[1:]) if scores else None,
    )


def scored_choices(gene: GeneReport, choices: Sequence[GeneChoice], activity: ActivityBands) -> tuple[GeneChoice, ...]:
    """Return the choices of a gene (``choices_of``) with what is known of their activity scores."""
    bands = activity.get(gene.gene, {})
    return tuple([_scored(choice, gene, bands) for choice in choices])


def _scored(choice: GeneChoice, gene: GeneReport, bands: Mapping[Phenotype, ActivityRange]) -> GeneChoice:
    """Return the choice with what is known of its activity score: the score itself, else all scores of its phenotype by CPIC."""
    if choice.activity is not None:
        return choice
    scores = gene.activity_score_range
    if scores is not None and not gene.diplotypes and gene.phenotypes:
        return replace(choice, activity=ActivityRange(at_least=scores[0], up_to=scores[1]))
    return replace(choice, activity=bands.get(_phenotype(choice, Scheme.CPIC)))


def _nothing(gene: str) -> GeneChoice:
    return GeneChoice(
        gene, (), phrase("diplotype_combinations.not_called"), tuple((scheme, Phenotype.NO_RESULT) for scheme in Scheme), frozenset()
    )


def _phenotype(choice: GeneChoice, scheme: Scheme) -> Phenotype:
    """Return the phenotype of a choice; where a scheme does not tell it, that counts as no result, as in ``Facts``."""
    return next((phenotype for by, phenotype in choice.phenotypes if by == scheme), Phenotype.NO_RESULT)


def choices_of(gene: GeneReport) -> tuple[GeneChoice, ...]:
    """Distinct choices, in the order of the diplotypes; a gene known by its phenotype alone (an outside call) is one choice.

    Where the phenotype is open, what hidden alleles would make comes after what was called, the likeliest first.
    Tests of single alleles (``HLA-B *15:02 negative``) exclude none of each other: all of them hold in the one choice.
    """
    tests = tuple(test for test in (single_allele_test(diplotype.name) for diplotype in gene.diplotypes) if test is not None)
    if tests:
        return (GeneChoice(gene.gene, (), ", ".join(diplotype.name for diplotype in gene.diplotypes), (), frozenset(), tests),)
    if gene.diplotypes:
        return tuple(
            GeneChoice(
                gene.gene,
                (diplotype.name,),
                _read_as(diplotype),
                tuple(sorted(diplotype.phenotypes.items())),
                frozenset(diplotype.alleles),
                activity=_activity(diplotype),
            )
            for diplotype in gene.diplotypes
        ) + tuple(_hidden_choices(gene))
    if gene.phenotypes:
        stated = tuple(sorted((scheme, report.code) for scheme, report in gene.phenotypes.items()))
        return (GeneChoice(gene.gene, (), stated[0][1].term, stated, frozenset()),)
    return (_nothing(gene.gene),)


def read_differently(gene: GeneReport) -> tuple[str, ...]:
    """Return the diplotypes of a gene that the schemes read differently, in words; those that are read alike stand together."""
    grouped: dict[object, list[GeneChoice]] = {}
    for choice in choices_of(gene):
        if len({phenotype for _, phenotype in choice.phenotypes}) > 1 and not choice.hidden:
            grouped.setdefault(choice.phenotypes, []).append(choice)
    return tuple(_together(group).label for group in grouped.values())


def _activity(diplotype: DiplotypeReport) -> ActivityRange | None:
    score = diplotype.activity_score
    return None if score is None else ActivityScore(score, diplotype.activity_score_is_lower_bound).range


def _hidden_choices(gene: GeneReport) -> Iterator[GeneChoice]:
    for reading in gene.hidden_readings:
        for name in reading.diplotypes:
            yield GeneChoice(
                gene.gene,
                (name,),
                _terms(reading.phenotypes),
                tuple(sorted(reading.phenotypes.items())),
                frozenset(name.split("/")),
                activity=None if reading.activity_score is None else ActivityScore(reading.activity_score).range,
                hidden=True,
            )


def _read_as(diplotype: DiplotypeReport) -> str:
    """Return the phenotype in words; each scheme's own where they differ."""
    if len(set(diplotype.phenotypes.values())) > 1:
        return _terms(diplotype.phenotypes)
    return f"({diplotype.phenotype.term})" if diplotype.phenotype else ""


def _terms(phenotypes: Mapping[Scheme, Phenotype]) -> str:
    return f"({phenotype_words(phenotypes)})" if phenotypes else ""
