"""How an error names a part of a request without repeating it."""

import pytest

from trdpgx.model.naming import json_path, known_names, ordinal, unknown_field


@pytest.mark.parametrize(
    ("number", "word"), [(1, "first"), (3, "third"), (10, "tenth"), (11, "11th"), (13, "13th"), (21, "21st"), (22, "22nd"), (112, "112th")]
)
def test_ordinals(number: int, word: str) -> None:
    assert ordinal(number) == word


@pytest.mark.parametrize(
    ("given", "stated"),
    [
        ("absnt", "Nearest: `absent`."),
        ("ABSENT", "Nearest: `absent`."),
        ("JANE-DOE", "Known: `absent`, `sample`."),
        ("absent" * 100_000, "Known: `absent`, `sample`."),
        ("", "Known: `absent`, `sample`."),
    ],
)
def test_only_our_own_names_are_stated(given: str, stated: str) -> None:
    assert known_names(given, ["sample", "absent"]) == stated


def test_a_path_is_written_as_in_json() -> None:
    assert json_path(["trials", 2, "drug"]) == "trials[2].drug"
    assert json_path([]) == ""


def test_an_unknown_field_has_a_position() -> None:
    document = {"trials": [{}, {"drug": "x", "JANE": 1}]}
    assert unknown_field(["trials", 1, "JANE"], document, ["drug", "dose"]) == (
        "The second field of `trials[1]` is not known. Known: `dose`, `drug`."
    )
