"""ClinPGx's levels of evidence (``clinical_annotations.tsv`` or ``summary_annotations.tsv``) against our authority and evidence."""

from collections.abc import Iterator, Mapping, Sequence

from trdpgx.knowledge.compared.differences import ComparedFileError, Difference
from trdpgx.knowledge.rules.evidence_policy import policy_named
from trdpgx.model.evidence import Strength
from trdpgx.model.library import RuleLibrary
from trdpgx.model.rule import EffectAlleleCondition, Rule

_ORDER = ("1A", "1B", "2A", "2B", "3", "4")
_GOOD = frozenset({"1A", "1B", "2A", "2B"})
_SOLID = frozenset({Strength.STRONG, Strength.MODERATE})
_COLUMNS = ("Variant/Haplotypes", "Gene", "Level of Evidence", "Drug(s)")


def compare_levels(rows: Sequence[Mapping[str, str]], library: RuleLibrary) -> Iterator[Difference]:
    """Yield every difference for our drugs and genes. Raises ``ComparedFileError`` where a column is missing."""
    levels = _levels(rows, library)
    entries = {(gene, drug) for entry in library.entries for gene in entry.genes for drug in entry.drugs}
    entries |= {(variant, drug) for entry in library.entries for variant in entry.variants for drug in entry.drugs or ("",)}
    ours = _ours(library)
    for (about, drug), level in sorted(levels.items()):
        mine = ours.get((about, drug))
        subject = f"{about}, {drug}"
        if mine is None:
            if level in _GOOD and (about, drug) not in entries:
                yield Difference("level_new", subject, "neither rule nor entry", f"level {level}")
            continue
        strengths = _strengths(mine, library)
        graded = any(rule.authority and rule.authority.rank in {"high", "middle", "low"} for rule in mine)
        weaker = level in {"3", "4"} and (strengths & _SOLID or any(rule.authority and rule.authority.rank == "high" for rule in mine))
        stronger = level in _GOOD and not graded and not strengths & {*_SOLID, Strength.LIMITED}
        if weaker or stronger:
            yield Difference("level", subject, _words(mine, strengths), f"level {level}")
    named = {about for about, _ in levels}
    for (about, drug), mine in sorted(ours.items()):
        strengths = _strengths(mine, library)
        if about in named and (about, drug) not in levels and strengths & {*_SOLID, Strength.LIMITED}:
            yield Difference("level_gone", f"{about}, {drug}", _words(mine, strengths), "no level")


def _levels(rows: Sequence[Mapping[str, str]], library: RuleLibrary) -> dict[tuple[str, str], str]:
    """Return the best level of each pair of a gene or variant of ours and a drug of ours."""
    best: dict[tuple[str, str], str] = {}
    genes = {gene for rule in library.rules for gene in rule.genes}
    variants = {condition.variant for rule in library.rules for condition in rule.when if isinstance(condition, EffectAlleleCondition)}
    for number, row in enumerate(rows, 2):
        if any(column not in row for column in _COLUMNS):
            raise ComparedFileError(f"line {number} has not the columns {', '.join(_COLUMNS)}; download clinical_annotations.tsv again")
        level = row["Level of Evidence"]
        if level not in _ORDER:
            continue
        haplotypes = row["Variant/Haplotypes"].split(",")
        about = {gene for gene in row["Gene"].split(";") if gene in genes and not row["Variant/Haplotypes"].startswith("rs")}
        about |= {name.strip() for name in haplotypes if name.strip() in variants}
        for drug in row["Drug(s)"].split(";"):
            for name in about if drug in library.drugs else ():
                best[name, drug] = min(best.get((name, drug), level), level, key=_ORDER.index)
    return best


def _ours(library: RuleLibrary) -> dict[tuple[str, str], list[Rule]]:
    pairs: dict[tuple[str, str], list[Rule]] = {}
    for rule in library.rules:
        variants = [condition.variant for condition in rule.when if isinstance(condition, EffectAlleleCondition)]
        for drug in rule.drugs:
            for about in variants or rule.genes:
                pairs.setdefault((about, drug), []).append(rule)
    return pairs


def _strengths(rules: Sequence[Rule], library: RuleLibrary) -> set[Strength]:
    policy = policy_named(library.policy)
    return {policy.grade(rule.evidence, rule.verification, rule.grade)[0] for rule in rules if rule.authority is None}


def _words(rules: Sequence[Rule], strengths: set[Strength]) -> str:
    graded = sorted({f"{rule.source.name} {rule.authority.grade}" for rule in rules if rule.authority})
    evidence = [f"evidence {', '.join(sorted(strengths))}"] if strengths else []
    return "; ".join((*graded, *evidence))
