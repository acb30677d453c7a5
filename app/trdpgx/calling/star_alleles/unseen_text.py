"""The text about alleles that the sites seen do not exclude: one line where the phenotype is stated, and why where it is open."""

from collections.abc import Sequence

from trdpgx.calling.star_alleles.hidden_chance import Chance
from trdpgx.calling.star_alleles.open_phenotype import Opening
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.gene_report import AssumptionReport, LikelyDiplotype
from trdpgx.texts import percent, phrase

_NAMED = 3
"""The most hidden alleles that a line names; the report lists them all."""
_COPIES = phrase("unseen_text.copies_not_in_this")


def unseen_note(definition: GeneDefinition, opening: Opening, unseen: int, cohort: str | None) -> str | None:
    """Return what unseen sites leave of a gene that was called, with the chance and its bound; ``None`` where every site was seen."""
    if not unseen:
        return None
    parts = [phrase("unseen_text.sites_not_seen", count=unseen, sites=len(definition.sites))]
    if opening.hidden:
        which = phrase("unseen_text.that_would_change") if definition.phenotypes else phrase("unseen_text.that_a_test_has_to_see")
        parts.append(phrase("unseen_text.not_excluded", alleles=_count(len(opening.hidden), which), hidden=_hidden(opening)))
        parts += _why(opening) if opening.open else []
        parts.append(_chance(opening.chance))
        parts.append(phrase("unseen_text.prior", cohort=cohort) if cohort and opening.chance else "")
    elif definition.phenotypes:
        parts.append(phrase("unseen_text.nothing_would_change"))
    else:
        parts.append(phrase("unseen_text.chance_of_another"))
    if opening.uncertain and definition.phenotypes:
        parts.append(phrase("unseen_text.not_counted", alleles=_count(opening.uncertain, phrase("unseen_text.of_uncertain_function"))))
    if definition.copy_number_matters:
        parts.append(_COPIES)
    return " ".join(part for part in parts if part)


def _why(opening: Opening) -> list[str]:
    """Return what leaves the phenotype open whatever the chance is."""
    parts = []
    if opening.refused:
        parts.append(phrase("unseen_text.refused", alleles=_alleles(opening.refused)))
    for source in dict.fromkeys(hidden.listed for hidden in opening.hidden if hidden.listed):
        listed = [hidden.allele for hidden in opening.hidden if hidden.listed == source]
        parts.append(phrase("unseen_text.listed", alleles=_alleles(listed), list=source))
    if opening.together:
        parts.append(phrase("unseen_text.no_frequency", alleles=_alleles(opening.together)))
    return parts


def with_phenotype(likely: LikelyDiplotype | None, opening: Opening, cohort: str | None) -> LikelyDiplotype | None:
    """Return which diplotype is likely, with the likeliest phenotype where that is open."""
    if not opening.open or opening.likely is None:
        return likely
    phenotype, chance = opening.likely
    how_likely = phrase("unseen_text.how_likely_not_known") if chance is None else percent(chance)
    text = phrase("unseen_text.likely", term=phenotype.term, chance=how_likely)
    if likely is not None:
        return likely.copy_with(phenotype=phenotype, chance=chance, text=f"{likely.text} {text}")
    diplotypes = opening.called.diplotypes
    one = len(diplotypes) == 1
    return LikelyDiplotype(
        diplotype=diplotypes[0].name if one else None,
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
    start = phrase("unseen_text.assumed", count=assumed, sites=len(definition.sites))
    if not opening.hidden:
        text = phrase("unseen_text.if_wrong_nothing_changes", start=start)
    else:
        several = _count(len(opening.hidden), phrase("unseen_text.that_would_change"))
        text = phrase(
            "unseen_text.if_wrong_not_excluded", start=start, alleles=several, hidden=_hidden(opening), chance=_chance(opening.chance)
        )
    chance = opening.chance if definition.phenotypes else None
    return AssumptionReport(
        phenotype_range=opening.called.phenotype_range,
        alleles=tuple(hidden.allele for hidden in opening.hidden),
        chance=None if chance is None else round(chance.counted, 6),
        chance_at_most=None if chance is None else round(chance.at_most, 6),
        open=opening.open,
        text=text,
    )


def _chance(chance: Chance | None) -> str:
    if chance is None:
        return phrase("unseen_text.chance_not_known")
    return phrase("unseen_text.chance", chance=percent(chance.counted), at_most=percent(chance.at_most))


def _count(number: int, which: str) -> str:
    return phrase("unseen_text.alleles", count=number, which=which)


def _hidden(opening: Opening) -> str:
    return _alleles([hidden.allele for hidden in opening.hidden])


def _alleles(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    shown = names if more <= 1 else names[:_NAMED]
    return ", ".join(shown) + (phrase("unseen_text.and_more", count=more) if more > 1 else "")
