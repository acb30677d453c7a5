"""The text about alleles that the sites seen do not exclude: one line where the phenotype is stated, and why where it is open."""

from collections.abc import Sequence

from trdpgx.calling.star_alleles.hidden_chance import Chance
from trdpgx.calling.star_alleles.open_phenotype import Opening
from trdpgx.model.gene import GeneDefinition, Phenotype
from trdpgx.model.gene_report import AssumptionReport, LikelyDiplotype
from trdpgx.texts import percent

_NAMED = 3
"""So many hidden alleles are named in a line; the report lists them all."""
_PRIOR = "This is a prior from one pooled panel, {cohort}: nobody's ancestry, and no evidence about this genome."
_COPIES = "Deletions, duplications and hybrids are not in this."


def unseen_note(definition: GeneDefinition, opening: Opening, unseen: int, cohort: str | None) -> str | None:
    """Return what unseen sites leave of a gene that was called, with the chance and its bound; ``None`` where every site was seen."""
    if not unseen:
        return None
    parts = [f"{unseen} of {len(definition.sites)} sites were not seen."]
    if opening.hidden:
        which = "that would change the phenotype" if definition.phenotypes else "that a test has to see"
        parts.append(f"Not excluded: {_count(len(opening.hidden), which)} ({_hidden(opening)}).")
        parts += _why(opening) if opening.open else []
        parts.append(_chance(opening.chance))
        parts.append(_PRIOR.format(cohort=cohort) if cohort and opening.chance else "")
    elif definition.phenotypes:
        parts.append("No allele that would change the phenotype fits what was seen.")
    else:
        parts.append("How likely it is that another allele is carried is not known.")
    if opening.uncertain and definition.phenotypes:
        parts.append(f"Not counted: {_count(opening.uncertain, 'of uncertain or unknown function')} that would fit as well.")
    if definition.copy_number_matters:
        parts.append(_COPIES)
    return " ".join(part for part in parts if part)


def _why(opening: Opening) -> list[str]:
    """Return what leaves the phenotype open whatever the chance is."""
    parts = []
    if opening.refused:
        parts.append(f"A row that its own filter or quality refuses shows a base of {_alleles(opening.refused)}.")
    if opening.listed:
        parts.append(f"A test has to see {_alleles(opening.listed)}.")
    if opening.together:
        parts.append(f"No frequency of its own is known of {_alleles(opening.together)}.")
    return parts


def with_phenotype(likely: LikelyDiplotype | None, names: Sequence[str], opening: Opening, cohort: str | None) -> LikelyDiplotype | None:
    """Return what is likely, with the likeliest phenotype where that is open. ``names`` are those of the diplotypes."""
    if not opening.open or opening.likely is None:
        return likely
    phenotype, chance = opening.likely
    text = " ".join(part for part in (likely.text if likely else "", _likely(opening.likely)) if part)
    if likely is not None:
        return likely.copy_with(phenotype=phenotype, chance=chance, text=text)
    one = len(names) == 1
    return LikelyDiplotype(
        diplotype=names[0] if one else None,
        share=1.0 if one else None,
        cohort=cohort,
        settled_by=(),
        open=0,
        text=text,
        phenotype=phenotype,
        chance=chance,
    )


def assumption(opening: Opening, assumed: int, definition: GeneDefinition) -> AssumptionReport:
    """Return what would be open without the sites that were taken as reference."""
    site = "site was" if assumed == 1 else "sites were"
    start = f"Assumed, not observed: {assumed} of {len(definition.sites)} {site} taken as reference. If that is wrong, "
    if not opening.hidden:
        text = f"{start}no allele that would change the phenotype fits what was seen."
    else:
        several = _count(len(opening.hidden), "that would change the phenotype")
        text = f"{start}not excluded: {several} ({_hidden(opening)}). {_chance(opening.chance)}"
    chance = opening.chance if definition.phenotypes else None
    return AssumptionReport(
        phenotype_range=opening.called.phenotype_range,
        alleles=tuple(hidden.allele for hidden in opening.hidden),
        chance=None if chance is None else round(chance.counted, 6),
        chance_at_most=None if chance is None else round(chance.at_most, 6),
        open=opening.open,
        text=text,
    )


def _likely(likely: tuple[Phenotype, float | None] | None) -> str:
    if likely is None:
        return ""
    phenotype, chance = likely
    return f"Likely: {phenotype.term} ({'how likely is not known' if chance is None else percent(chance)})."


def _chance(chance: Chance | None) -> str:
    if chance is None:
        return "The chance that one of them is carried is not known."
    return f"The chance that one of them is carried is {percent(chance.counted)} (at most {percent(chance.at_most)})."


def _count(number: int, which: str) -> str:
    return f"{number} allele{'' if number == 1 else 's'} {which}"


def _hidden(opening: Opening) -> str:
    return _alleles([hidden.allele for hidden in opening.hidden])


def _alleles(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    shown = names if more <= 1 else names[:_NAMED]
    return ", ".join(shown) + (f" and {more} more" if more > 1 else "")
