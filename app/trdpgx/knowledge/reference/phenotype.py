"""From allele names to activity scores and phenotypes: pure functions that calling and the rules' examples share.

The activity score is the sum of the values of both haplotypes; copies multiply and the members of a tandem add up (Caudle 2020,
PMID 31647186). The bands of a scheme hold every score, halved ones too; a pair of functions is a phenotype only if the table has it.
Everything else is `Indeterminate`, never a guess.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from trdpgx.model.activity import ActivityRange
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.gene import NO_FUNCTION, GeneDefinition, NamedAllele, Phenotype, PhenotypeTable, Scheme

_MEMBER = re.compile(r"(?P<core>\*\w+?)(?:x(?P<bound>≥|>=)?(?P<copies>\d{1,3}|N))?")


class UnknownAlleleError(TrdpgxError, ValueError):
    """A name that the gene's definition does not have. The message holds no allele name, as it may be a person's."""

    def __init__(self, gene: str, name: str) -> None:
        """Keep the name for those who may show it."""
        super().__init__(f"{gene}: no such allele")
        self.gene = gene
        self.name = name


class ActivityScore(Struct, frozen=True):
    """The sum of activity values. ``is_lower_bound`` holds where a haplotype has an unknown number of copies (``*1x≥3``)."""

    value: float
    is_lower_bound: bool = False

    @property
    def range(self) -> ActivityRange:
        """The scores that it allows: one, or all from there on."""
        return ActivityRange(at_least=self.value) if self.is_lower_bound else ActivityRange.exactly(self.value)


def haplotype(definition: GeneDefinition, name: str) -> NamedAllele:
    """Return the haplotype of one chromosome: a defined allele, or copies and tandems composed from defined ones.

    ``*1x2``, ``*1x≥3`` (or ``>=3``), ``*2xN`` (at least two copies) and ``*36x2+*10`` are understood where copy number matters;
    a name of the definition itself takes precedence. Raises ``UnknownAlleleError``.
    """
    compact = name.replace(" ", "").replace(">=", "≥")
    defined = _by_name(definition).get(compact)
    if defined is not None:
        return defined
    if not definition.copy_number_matters:
        raise UnknownAlleleError(definition.gene, name)
    members = [_member(definition, part, name) for part in compact.split("+")]
    if len(members) == 1:
        return members[0]
    values = [member.activity for member in members]
    activity = None if None in values else sum(value for value in values if value is not None)
    return NamedAllele(
        name=compact,
        bases={},
        function=_composed_function(activity, members),
        activity=activity,
        callable=False,
        copies=sum(member.copies for member in members),
        activity_is_lower_bound=any(member.activity_is_lower_bound for member in members),
    )


@lru_cache(maxsize=256)
def _by_name(definition: GeneDefinition) -> Mapping[str, NamedAllele]:
    """Return the alleles of a definition by name, without spaces; made once, as every call of a gene with copies looks up its alleles."""
    return {allele.name.replace(" ", ""): allele for allele in definition.alleles}


def _member(definition: GeneDefinition, part: str, whole: str) -> NamedAllele:
    """Return one member of a tandem, with its copies multiplied in."""
    by_name = _by_name(definition)
    if part in by_name:
        return by_name[part]
    match = _MEMBER.fullmatch(part)
    core = by_name.get(match["core"]) if match else None
    if match is None or core is None or match["copies"] is None:
        raise UnknownAlleleError(definition.gene, whole)
    copies = 2 if match["copies"] == "N" else int(match["copies"])
    if copies < 1 or core.copies != 1:
        raise UnknownAlleleError(definition.gene, whole)
    activity = None if core.activity is None else core.activity * copies
    open_ended = match["copies"] == "N" or match["bound"] is not None
    return NamedAllele(
        name=part,
        bases={},
        function=_composed_function(activity, [core]),
        activity=activity,
        callable=False,
        copies=copies,
        activity_is_lower_bound=open_ended and bool(activity),
    )


def _composed_function(activity: float | None, members: Sequence[NamedAllele]) -> str:
    """Return the function of a composed haplotype, by its total activity in units of one normal copy."""
    if activity is None:
        return next(member.function for member in members if member.activity is None)
    if activity == 0:
        return NO_FUNCTION
    if activity < 1:
        return "Decreased function"
    return "Normal function" if activity == 1 else "Increased function"


class Member(Struct, frozen=True):
    """One member of a haplotype: its name, how many copies of the gene it is, and its activity where that is known."""

    name: str
    copies: int
    activity: float | None
    is_defined: bool


def members(definition: GeneDefinition, name: str) -> list[Member]:
    """Return the members of a haplotype, whether the definition has them or not; each unknown allele counts as one gene copy.

    A variant that a tool adds to an allele (``*41+rs368858603``) is no copy of the gene, and makes the function of the whole unknown.
    """
    result: list[Member] = []
    for part in name.replace(" ", "").replace(">=", "≥").split("+"):
        match = _MEMBER.fullmatch(part)
        try:
            allele = haplotype(definition, part)
        except UnknownAlleleError:
            copies = 0 if match is None and result else 1
            if match is not None and match["copies"] is not None and definition.copy_number_matters:
                copies = 2 if match["copies"] == "N" else int(match["copies"])
            result.append(Member(match["core"] if match else part, copies, None, is_defined=False))
        else:
            result.append(Member(part, allele.copies, allele.activity, is_defined=True))
    return result


def diplotype_haplotypes(definition: GeneDefinition, diplotype: str) -> tuple[NamedAllele, NamedAllele]:
    """Return the two haplotypes of a diplotype such as ``*1/*2x2``. Raises ``UnknownAlleleError``."""
    names = diplotype.split("/")
    if len(names) != 2:
        raise UnknownAlleleError(definition.gene, diplotype)
    return haplotype(definition, names[0]), haplotype(definition, names[1])


def has_activity_scores(definition: GeneDefinition) -> bool:
    """Return whether a scheme reads the gene by the sum of activity values."""
    return any(table.bands for table in definition.phenotypes.values())


def activity_score(definition: GeneDefinition, alleles: Sequence[NamedAllele]) -> ActivityScore | None:
    """Return the sum over the haplotypes; ``None`` where the gene has no activity scores or an allele has no value."""
    if not has_activity_scores(definition):
        return None
    values = [allele.activity for allele in alleles]
    if None in values:
        return None
    return ActivityScore(
        value=sum(value for value in values if value is not None),
        is_lower_bound=any(allele.activity_is_lower_bound for allele in alleles),
    )


def phenotype_of_score(table: PhenotypeTable, score: float) -> Phenotype:
    """Return the phenotype of the band that holds the score; ``Indeterminate`` where the scheme has no bands."""
    return next((band.phenotype for band in table.bands if band.scores.has(score)), Phenotype.INDETERMINATE)


def phenotype(definition: GeneDefinition, alleles: Sequence[NamedAllele], scheme: Scheme) -> Phenotype:
    """Return the phenotype that a scheme with a table for the gene reads from two haplotypes.

    A score that is a lower bound counts as it is: the caller adds a note to the phenotype.
    """
    table = definition.phenotypes[scheme]
    if table.bands:
        score = activity_score(definition, alleles)
        return Phenotype.INDETERMINATE if score is None else phenotype_of_score(table, score.value)
    first, second = sorted(allele.function for allele in alleles)
    return table.pairs.get((first, second), Phenotype.INDETERMINATE)


def phenotype_of(definition: GeneDefinition, diplotype: str) -> dict[Scheme, Phenotype]:
    """Return the phenotype by each scheme of a diplotype as written; ``No result`` is a legal diplotype.

    Raises ``UnknownAlleleError``.
    """
    if diplotype == Phenotype.NO_RESULT:
        return dict.fromkeys(definition.phenotypes, Phenotype.NO_RESULT)
    alleles = diplotype_haplotypes(definition, diplotype)
    return {scheme: phenotype(definition, alleles, scheme) for scheme in definition.phenotypes}
