"""The words by which tools mark a no-call, and their quality flags."""

import re

_WORDS = (
    "na, n a, n r, nr, nan, nd, n d, nc, n c, none, null, nil, void, empty, blank, missing, "
    "no call, nocall, not called, uncalled, no reads, no read, noreads, no match, nomatch, no result, noresult, no data, "
    "no coverage, not covered, low coverage, insufficient coverage, insufficient reads, insufficient data, "
    "low quality, lowq, low depth, no genotype, no diplotype, no haplotype, no allele, no phenotype, no consensus, no solution, "
    "not determined, undetermined, could not be determined, cannot be determined, not available, unavailable, "
    "not assigned, unassigned, not tested, untested, not typed, untyped, not assessed, not analyzed, not analysed, "
    "not genotyped, not reported, not resolved, unresolved, not callable, uncallable, not detected, "
    "unable to call, unable to determine, multiple, ambiguous, indeterminate, inconclusive, equivocal, unknown, uncertain, "
    "undefined, unspecified, unclassified, failed, fail, failure, error, invalid, pending, qns, other"
)
_NO_CALL = frozenset(_WORDS.split(", ")) | {""}
_PASSING = frozenset({"", ".", "-", "pass", "passed", "ok", "none", "null", "nan", "na", "n/a"})
_ABBREVIATION = re.compile(r"\b(n)/([acdr])\b", re.IGNORECASE)
"""``n/a`` and the like, whose slash is not that of a diplotype."""
_LONGEST = 300
"""A longer text is no word; it is left for the model to refuse."""
_FLAG_LENGTH = 200


def is_no_call_word(text: str) -> bool:
    """Return whether a tool's word for an allele, a diplotype or a phenotype means that it made no call.

    Case, ``_``, ``-``, ``.``, ``?`` and a star or brackets around the word do not matter: ``NO_READS``, ``*Unknown``, ``[n/a]``, ``?``
    and nothing at all are no calls.
    """
    return len(text) <= _LONGEST and " ".join(re.split(r"[\W_]+", text.lower())).strip() in _NO_CALL


def sides(diplotype: str) -> list[str]:
    """Return the two sides of a diplotype as a tool writes it, with ``/`` or ``|`` between."""
    return [diplotype] if len(diplotype) > _LONGEST else re.split(r"[/|]", _ABBREVIATION.sub(r"\1\2", diplotype))


def called_nothing(diplotype: str) -> bool:
    """Return whether neither side of a diplotype has an allele: ``NO_READS/NO_READS``, ``./.``, ``?|?``, ``n/a``."""
    return is_no_call_word(diplotype) or all(is_no_call_word(side) for side in sides(diplotype))


def called_in_part(diplotype: str) -> bool:
    """Return whether one side of a diplotype is a word for no call and another is not: ``*1/None``."""
    uncalled = [is_no_call_word(side) for side in sides(diplotype)]
    return any(uncalled) and not all(uncalled)


def flag_of(text: object) -> str | None:
    """Return a tool's own quality flag, or ``None`` where it passes the call or states no quality."""
    if not isinstance(text, str) or text.strip().lower() in _PASSING:
        return None
    return " ".join(text[: 2 * _FLAG_LENGTH].split())[:_FLAG_LENGTH]
