"""Calls of other tools that state nothing, or more copies of a gene than a genome has."""

from typing import Any

import pytest
from pydantic import ValidationError

from trdpgx.model.outside import OutsideCall


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ({}, "a call needs a diplotype, a phenotype, an activity score or no_call"),
        ({"copy_number": 2}, "a call needs a diplotype"),
        ({"diplotype": "*1x60/*2x60"}, "more than 99 gene copies"),
        ({"diplotype": "*1x[60+*2x30/*2x10"}, "more than 99 gene copies"),
        ({"diplotype": "*1x6 0/*2x(60"}, "more than 99 gene copies"),
        ({"diplotype": "*1 >= [60/*2 ≥ 60)"}, "more than 99 gene copies"),
        ({"diplotype": "*1/\u202e*2"}, "should match pattern"),
    ],
)
def test_a_call_without_a_usable_result_is_refused(call: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        OutsideCall(gene="CYP2D6", tool="T", **call)
