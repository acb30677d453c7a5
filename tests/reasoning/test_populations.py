"""A request may name an ancestry: the report then states in whom each study was done, and changes nothing else."""

import pytest

from tests.reasoning.variants import bdnf
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.consideration import Consideration
from trdpgx.model.evidence import Ancestry
from trdpgx.reasoning.considerations import consider
from trdpgx.reasoning.populations import population_note
from trdpgx.reasoning.prepared import prepare

RULEBOOK = load_rulebook(None, load_reference())
PREPARED = prepare(RULEBOOK)
BDNF = bdnf("C/T")


def ketamine(ancestry: Ancestry | None) -> Consideration:
    (found,) = (c for c in consider(PREPARED, [], [BDNF], ancestry=ancestry) if "ketamine" in c.drugs)
    return found


@pytest.mark.parametrize(
    ("ancestry", "note"),
    [
        (
            Ancestry.EUROPEAN,
            "Studied in people of European ancestry: Laje 2012 (with people of African American or Afro-Caribbean ancestry); "
            "in others: Taiwanese re-analysis 2021 (East Asian), Su 2017 (East Asian).",
        ),
        (
            Ancestry.EAST_ASIAN,
            "Studied in people of East Asian ancestry: Taiwanese re-analysis 2021, Su 2017; "
            "in others: Laje 2012 (European, African American or Afro-Caribbean).",
        ),
        (
            Ancestry.OCEANIAN,
            "No study states that it was in people of Oceanian ancestry; "
            "in others: Laje 2012 (European, African American or Afro-Caribbean), "
            "Taiwanese re-analysis 2021 (East Asian), Su 2017 (East Asian).",
        ),
        (None, None),
    ],
)
def test_the_studies_are_reported_apart_by_the_ancestry_that_is_named(ancestry: Ancestry | None, note: str | None) -> None:
    assert ketamine(ancestry).evidence.population_note == note


def test_naming_an_ancestry_changes_nothing_else() -> None:
    plain, marked = ketamine(None), ketamine(Ancestry.EAST_ASIAN)
    assert marked.model_copy(update={"evidence": marked.evidence.model_copy(update={"population_note": None})}) == plain


def test_a_guideline_is_no_study() -> None:
    rule = next(rule for rule in RULEBOOK.rules if rule.id == "cpic-2023-citalopram-cyp2c19-um")
    assert population_note(rule.evidence, Ancestry.LATINO) is None


def test_every_group_has_words() -> None:
    assert all(group.words for group in Ancestry)
