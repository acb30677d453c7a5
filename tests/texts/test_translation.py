"""A translation is data: with every text and every sentence of the rules in other letters, reports are the same but for these letters.

So no code reads a sentence: a word that it looked for would be missing, and a group, a mark or a line would be another one.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.texts.translated import FORMATS, other

NAMES = (
    *("poor", "outside-agrees", "outside-conflicts", "clinical", "met", "nothing", "open"),
    *("rare", "absent-reference", "cnv", "many-candidates", "variants-only"),
)
"""Golden cases: each group of drugs, each limit of a headline, a context, outside calls, rare variants, copies, nothing at all."""
CODES = frozenset(
    {"id", "name", "code", "codes", "kind", "reason", "gene", "genes", "drug", "drugs", "considerations", "certainty", "status"}
)
"""Fields that stay as they are in every language."""
VOLATILE = re.compile(r'"(?:report_id|created_at)": ?"[^"]*"|<time.*?</time>|sha256-[^"\']*')
ROOT = Path(__file__).parents[2]


@cache
def reports(how: str) -> Mapping[str, list[dict[str, str]]]:
    command = [sys.executable, "-m", "tests.texts.translated", how, *NAMES]
    made: Mapping[str, list[dict[str, str]]] = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    return made


def outline(text: str) -> str:
    """Return a text with every letter as the same one: what is left is its numbers, its marks and its lines."""
    return re.sub(r"[^\W\d_]", "a", VOLATILE.sub("", text))


def codes(value: object, field: str = "") -> object:
    """Return decoded JSON with its codes and names, and without its sentences."""
    if isinstance(value, dict):
        return {key: codes(one, key) for key, one in value.items() if key != "looked_at" or field}
    if isinstance(value, list):
        return [codes(one, field) for one in value]
    return value if field in CODES or not isinstance(value, str) else None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", FORMATS)
def test_a_report_in_other_letters_has_the_same_outline(name: str, kind: str) -> None:
    for plain, altered in zip(reports("plain")[name], reports("altered")[name], strict=True):
        assert plain[kind] != altered[kind]
        assert outline(altered[kind]).splitlines() == outline(plain[kind]).splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_codes_names_and_groups_are_the_same_in_other_letters(name: str) -> None:
    for plain, altered in zip(reports("plain")[name], reports("altered")[name], strict=True):
        assert codes(json.loads(altered["json"])) == codes(json.loads(plain["json"]))


def test_nothing_that_a_text_has_is_left_in_a_short_report() -> None:
    words = re.compile(r"\b(?:and|not|the|of|seen|assessed|points|because|asks|drug pair)\b")
    left = {word for report in reports("altered")["nothing"] for word in words.findall(report["text"])}
    assert left == set()


def test_other_letters_leave_placeholders_and_length() -> None:
    assert other("points to {what}, or not") == "cbvagf gb {what}, be abg"
