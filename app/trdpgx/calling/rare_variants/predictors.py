"""Predictor scores that other tools wrote: CADD (PHRED-scaled), REVEL, AlphaMissense. None is computed here.

The names are those of VEP's plugins (``CADD_PHRED``, ``REVEL``, ``am_pathogenicity``), of dbNSFP (``REVEL_score``,
``AlphaMissense_score``) and the same with a prefix, as SnpSift, vcfanno and slivar write them.
"""

import re
from collections.abc import Mapping

from trdpgx.model.rare import Predictor

_WORDS = re.compile("cadd|revel|am_pathogenicity|alphamissense")
"""One of them is in every name that counts: most fields have none, and nothing is kept of an input's own names."""
_NAMES = {
    Predictor.CADD: re.compile(r"(?:.*_)?cadd(?:_phred)?(?:_score)?"),
    Predictor.REVEL: re.compile(r"(?:.*_)?revel(?:_score)?"),
    Predictor.ALPHAMISSENSE: re.compile(r"(?:.*_)?(?:am_pathogenicity|alphamissense(?:_(?:score|pathogenicity))?)"),
}


def predictor_of(name: str) -> Predictor | None:
    """Return the predictor whose score a field holds; ``None`` for raw and rank scores, classes and everything else."""
    name = name.lower()
    if _WORDS.search(name) is None:
        return None
    return next((predictor for predictor, pattern in _NAMES.items() if pattern.fullmatch(name)), None)


def scores(numbers: Mapping[str, float]) -> dict[Predictor, float]:
    """Return the highest score of each predictor among fields."""
    highest: dict[Predictor, float] = {}
    for name, number in numbers.items():
        predictor = predictor_of(name)
        if predictor is not None:
            highest[predictor] = max(number, highest.get(predictor, number))
    return highest
