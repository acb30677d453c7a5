"""New pieces of a rulebook, as YAML with everything that the reference knows filled in and ``???`` where a curator has to write.

What is printed passes the schema; ``trdpgx rules check`` then names each ``???`` with its line.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement, product

from trdpgx.knowledge.reference.phenotype import activity_score, diplotype_haplotypes, phenotype
from trdpgx.knowledge.rules.lint import axis
from trdpgx.knowledge.yaml_document import PLACEHOLDER
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.gene import GeneDefinition, NamedAllele, Phenotype, Scheme, VariantDefinition
from trdpgx.model.genome import Assembly
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.rule import Reason


class ScaffoldError(TrdpgxError, ValueError):
    """What was asked for cannot be scaffolded; the message gives the reason and the remedy."""


def citation(key: str) -> str:
    """Return a citation of ``citations.yaml``."""
    return f"""  {key}:
    text: {PLACEHOLDER}   # authors in short, title in our own words, journal and year
    pmid: "{PLACEHOLDER}"   # or doi, pmcid, url: at least one
    verified: {PLACEHOLDER}   # where the reference was seen
"""


def drug(name: str) -> str:
    """Return a drug of ``drugs.yaml``."""
    return f"""  {name}:
    class: {PLACEHOLDER}
    category: {PLACEHOLDER}   # antidepressant, augmentation, reference/co-medication ...
    role: {PLACEHOLDER}   # role in depression: step 1, augmentation ...
    unverified: codes not looked up   # add rxnorm and atc, then write verified and where
"""


def entry(identity: str, genes: Sequence[str], drugs: Sequence[str], reason: Reason) -> str:
    """Return a file with one entry: a gene or drug that was looked at and has no rule."""
    about = [f"    genes: [{', '.join(genes)}]"] if genes else []
    about += [f"    drugs: [{', '.join(drugs)}]"] if drugs else []
    return "\n".join(
        [
            "domain: pharmacodynamic",
            "source: {name: research}",
            "",
            "entries:",
            f"  - id: {identity}",
            *about,
            f"    reason: {reason}",
            f"    text: {PLACEHOLDER}   # why there is no rule, in plain words",
            f"    unverified: {PLACEHOLDER}   # or verified, and where",
            "",
        ]
    )


def variant(name: str, drugs: Sequence[str], study: str, reference: ReferenceLibrary) -> str:
    """Return a file with two rules on one variant: for carriers of the effect allele and for the others. Raises ``ScaffoldError``."""
    definition = next((one for one in reference.variants if one.id == name), None)
    if definition is None:
        raise ScaffoldError(f"{name} is not in the reference; rules/README.md states how to add a variant, or write an entry")
    if definition.effect_allele is None or definition.site is None:
        raise ScaffoldError(f"{name} has no {'position' if definition.site is None else 'effect allele'} in the reference; write an entry")
    carrying, lacking = _genotypes(definition, reference)
    stem = f"{definition.gene.lower()}-{name.lower()}-{'-'.join(word.lower() for word in drugs[0].split())}"
    return f"""# {definition.gene} {name}. The effect allele counted here is {definition.effect_allele}, on the plus strand.

domain: pharmacodynamic
source: {{name: research}}

{_study(study)}

rules:
  - id: research-{stem}-carrier
    drugs: [{", ".join(drugs)}]
    when: [{{variant: {name}, copies: [1, 2]}}]
    implications: response_reported_lower   # a code of vocabulary.yaml
    actions: no_advice
    text: {PLACEHOLDER}   # who found what, in how many people
    evidence: {{supports: [{study}]}}   # and no_effect, contradicts, insufficient, not_read
    examples: [{", ".join(f"{{{name}: {genotype}}}" for genotype in carrying)}]
    counter_examples: [{", ".join(f"{{{name}: {genotype}}}" for genotype in lacking)}]

  - id: research-{stem}-none
    drugs: [{", ".join(drugs)}]
    when: [{{variant: {name}, copies: 0}}]
    implications: response_reported_higher
    actions: no_advice
    text: {PLACEHOLDER}
    evidence: {{supports: [{study}]}}
    examples: [{", ".join(f"{{{name}: {genotype}}}" for genotype in lacking)}]
    counter_examples: [{", ".join(f"{{{name}: {genotype}}}" for genotype in carrying)}]
"""


def research(gene: str, code: Phenotype, drugs: Sequence[str], study: str, reference: ReferenceLibrary) -> str:
    """Return a file with one rule on a phenotype, by CPIC's terms, that a study looked at. Raises ``ScaffoldError``."""
    if gene not in reference.genes or Scheme.CPIC not in reference.genes[gene].phenotypes:
        raise ScaffoldError(f"the reference has no phenotypes of {gene} by {Scheme.CPIC}")
    examples = example_diplotypes(reference.genes[gene], Scheme.CPIC, reference)
    if code not in examples:
        raise ScaffoldError(f"{gene} has no phenotype {code} by {Scheme.CPIC}; it has {', '.join(examples)}")
    others = ", ".join(f'{{{gene}: "{diplotype}"}}' for other, diplotype in examples.items() if other is not code)
    stem = f"{gene.lower()}-{code.lower()}-{'-'.join(word.lower() for word in drugs[0].split())}"
    return f"""domain: pharmacokinetic
source: {{name: research}}

{_study(study)}

rules:
  - id: research-{stem}
    drugs: [{", ".join(drugs)}]
    when: [{{gene: {gene}, phenotype: {code}}}]
    implications: exposure_unknown   # a code of vocabulary.yaml
    actions: no_advice
    text: {PLACEHOLDER}   # who found what, in how many people
    evidence: {{supports: [{study}]}}   # and no_effect, contradicts, insufficient, not_read
    examples: [{{{gene}: "{examples[code]}"}}]
    counter_examples: [{others}]
"""


def _study(study: str) -> str:
    """Return the studies of a file of research: one, to be filled in."""
    return f"""studies:
  {study}:   # also the key of citations.yaml
    design: cohort   # meta_analysis, rct, cohort, case_control, gwas, exome, review, preclinical
    # n: 62   # number of people, where it is known
    population: {PLACEHOLDER}
    # outcome: response   # what was measured, where it was read: remission, levels, side effects
    note: {PLACEHOLDER}   # the finding in our own words
    unverified: {PLACEHOLDER}   # or verified, and where it was read"""


def guideline(
    identity: str,
    drugs: Sequence[str],
    genes: Sequence[str],
    reference: ReferenceLibrary,
    *,
    citation_key: str,
    scheme: Scheme,
    by_score: bool = False,
) -> str:
    """Return a file with one table: a row for each combination of phenotypes, each to be filled in. Raises ``ScaffoldError``.

    With ``by_score`` the rows of a gene with activity scores ask for the scores of each phenotype, to be split as the guideline does.
    """
    for gene in genes:
        if gene not in reference.genes or scheme not in reference.genes[gene].phenotypes:
            raise ScaffoldError(f"the reference has no phenotypes of {gene} by {scheme}")
    if by_score and not any(reference.genes[gene].phenotypes[scheme].bands for gene in genes):
        raise ScaffoldError(f"{' and '.join(genes)} {'has' if len(genes) == 1 else 'have'} no activity scores by {scheme}")
    examples = {gene: example_diplotypes(reference.genes[gene], scheme, reference) for gene in genes}
    scores = {gene: _scores(reference.genes[gene], scheme) if by_score else {} for gene in genes}
    axes = [[*examples[gene], *([Phenotype.NO_RESULT] if len(genes) > 1 else [])] for gene in genes]
    cases = [case for case in product(*axes) if set(case) != {Phenotype.NO_RESULT}]
    rows = [
        f"""      - when: {{{", ".join(f"{gene}: {scores[gene].get(code, code)}" for gene, code in zip(genes, case, strict=True))}}}
        implications: exposure_unknown
        actions: no_recommendation
        grade: No recommendation"""
        for case in cases
    ]
    listed = [f"  {gene}: {{{', '.join(_keyed(reference.genes[gene], examples[gene], scores[gene]))}}}" for gene in genes]
    return "\n".join(
        [
            "domain: pharmacokinetic",
            "source:",
            f"  name: {PLACEHOLDER}   # who makes the statement; whoever is not `research` is compared with the others",
            "  design: guideline   # or regulatory",
            f"  citation: {citation_key}",
            "population: general",
            f"verified: {PLACEHOLDER}   # where the table was read; or unverified, and why",
            "",
            f"genotypes:   # a diplotype for each {'score' if by_score else 'phenotype'}: the examples that `trdpgx rules test` runs",
            *listed,
            "",
            "tables:",
            f"  - id: {identity}",
            f"    scheme: {scheme}",
            f"    drugs: {{{', '.join(f'{name}: ' for name in drugs)}}}",
            "    rows:   # each combination once and only once; [PM, IM] joins phenotypes",
            *rows,
            "",
        ]
    )


def example_diplotypes(definition: GeneDefinition, scheme: Scheme, reference: ReferenceLibrary) -> dict[Phenotype, str]:
    """Return a diplotype for each phenotype that the gene can have by the scheme, in the order of the phenotypes."""
    wanted = [code for code in axis(definition.gene, scheme, reference) if code is not Phenotype.NO_RESULT]
    examples: dict[Phenotype, str] = {}
    alleles: list[NamedAllele] = sorted(
        definition.alleles, key=lambda allele: (not allele.callable, allele.copies, len(allele.name), allele.name)
    )
    for one, other in product(alleles, repeat=2):
        code = phenotype(definition, (one, other), scheme)
        if code in wanted and code not in examples:
            examples[code] = f"{one.name}/{other.name}"
    missing = [code for code in wanted if code not in examples]
    if missing:
        raise ScaffoldError(f"no diplotype of {definition.gene} has the phenotype {missing[0]} by {scheme}")
    return {code: examples[code] for code in wanted}


def _scores(definition: GeneDefinition, scheme: Scheme) -> dict[Phenotype, str]:
    """Return, for each phenotype that is a band of activity scores, how a row asks for it."""
    bands = definition.phenotypes[scheme].bands
    bounds = {band.phenotype: band.scores.model_dump(exclude_none=True).items() for band in bands}
    return {code: f"{{activity: {{{', '.join(f'{name}: {value:g}' for name, value in limits)}}}}}" for code, limits in bounds.items()}


def _keyed(definition: GeneDefinition, examples: Mapping[Phenotype, str], scores: Mapping[Phenotype, str]) -> list[str]:
    """Return the genotypes, each under its phenotype, or under its activity score where rows ask for scores."""
    keyed = []
    for code, diplotype in examples.items():
        score = activity_score(definition, diplotype_haplotypes(definition, diplotype)) if code in scores else None
        key = code.value if score is None else f'"{score.value:g}"'
        keyed.append(f'{key}: "{diplotype}"')
    return keyed


def _genotypes(definition: VariantDefinition, reference: ReferenceLibrary) -> tuple[list[str], list[str]]:
    """Return the genotypes with and without the effect allele, on the plus strand."""
    site = next(site for site in reference.sites[Assembly.GRCH38].values() if site.id == definition.site)
    pairs = ["/".join(pair) for pair in combinations_with_replacement((site.ref, *site.alts), 2)]
    carrying = [pair for pair in pairs if definition.effect_allele in pair.split("/")]
    return carrying, [pair for pair in pairs if pair not in carrying]
