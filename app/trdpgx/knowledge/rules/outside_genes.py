"""Genes that no definition of ours calls: their alleles arrive from other tools, and rules may ask about them."""

import re
from collections.abc import Mapping

OUTSIDE_GENES: Mapping[str, re.Pattern[str]] = {
    "HLA-A": re.compile(r"\*\d{2,3}:\d{2,3}"),
    "HLA-B": re.compile(r"\*\d{2,3}:\d{2,3}"),
}
"""Each gene with the form of its allele names: the first two fields, as guidelines use them."""

OUTSIDE_VARIANTS: Mapping[str, re.Pattern[str]] = {"5-HTTLPR": re.compile("(La|Lg|L|S)/(La|Lg|L|S)")}
"""Variants that no site of ours shows and other tools call, each with the form of its genotypes."""

_TEST = re.compile(r"(?P<allele>\*\S+) (?P<result>positive|negative)")


def single_allele_test(name: str) -> tuple[str, bool] | None:
    """Return the allele that a result such as ``*15:02 positive`` is about, and whether it is carried; ``None`` for any other name."""
    match = _TEST.fullmatch(name)
    return (match["allele"], match["result"] == "positive") if match else None
