"""What follows when the inhibitors are stopped under which a phenotype is converted: which phenotype holds again, when, and until what."""

from collections.abc import Iterator, Sequence

from trdpgx.clinical.enzyme_causes import EnzymeCause
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.model.library import RuleLibrary
from trdpgx.texts import both, listed, phrase

_CONVERTING = ("strong", "moderate")
_ANTIDEPRESSANT = "antidepressant"


def after_stopping(enzyme: str, causes: Sequence[EnzymeCause], by_genotype: str, rulebook: RuleLibrary) -> str | None:
    """Return the sentences on an enzyme; ``None`` where no inhibitor of it continues.

    How long the enzyme takes to recover is stated where the row of the inhibitor has it. Antidepressants are those of ``rules/drugs.yaml``
    that the first list of their row calls a strong or moderate inhibitor.
    """
    inhibitors = [cause for cause in causes if cause.effect == "inhibitor" and cause.until is None]
    if not inhibitors:
        return None
    effects = rulebook.clinical.of(EnzymeEffectFile)
    names = [cause.name for cause in inhibitors]
    sentences = [phrase("stopping.holds_again", drugs=both(names), enzyme=enzyme, by_genotype=by_genotype)]
    sentences += [_recovery(cause) for cause in inhibitors]
    others = list(_antidepressants(enzyme, names, rulebook, effects))
    if others:
        sentences.append(phrase("stopping.others", enzyme=enzyme, drugs=listed(others)))
    return " ".join(sentences)


def _recovery(cause: EnzymeCause) -> str:
    offset = cause.row.offset
    if offset is None:
        return phrase("stopping.recovery_not_read", drug=cause.name)
    return phrase("stopping.recovery", drug=cause.name, earliest=offset.earliest, latest=offset.latest, how=offset.how)


def _antidepressants(enzyme: str, without: Sequence[str], rulebook: RuleLibrary, effects: EnzymeEffectFile) -> Iterator[str]:
    acting = [row for row in effects.rows.values() if (row.enzyme, row.effect) == (enzyme, "inhibitor") and row.drug not in without]
    known = [row for row in acting if row.drug in rulebook.drugs and rulebook.drugs[row.drug].category == _ANTIDEPRESSANT]
    for strength in _CONVERTING:
        yield from (f"{row.drug} ({strength})" for row in known if next(iter(effects.ordered(row).values())) == strength)
