"""Names of drugs and conditions as requests write them."""

import pytest

from trdpgx.model.patient_names import name_index

INDEX = name_index({"venlafaxine": ["Effexor"], "depression": ["F32"]}, ["hydrochloride", "xr"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Venlafaxine", "venlafaxine"),
        ("effexor-XR", "venlafaxine"),
        ("venlafaxine hydrochloride", "venlafaxine"),
        ("F32.2", "depression"),
        ("F33.2", None),
        ("xr", None),
    ],
)
def test_synonyms_salts_and_subcategories_are_found(text: str, name: str | None) -> None:
    assert INDEX.find(text) == name


def test_only_names_that_are_written_alike_are_near() -> None:
    assert INDEX.nearest("venlafaxin") == ("venlafaxine",)
    assert INDEX.nearest("Jane Doe") == ()
    assert INDEX.nearest("venlafaxine " * 10) == ()
