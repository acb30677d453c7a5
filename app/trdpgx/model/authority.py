"""The authority of a source, and its verdict. How strong the evidence is is a separate matter (``evidence``)."""

from enum import StrEnum
from typing import Literal

from trdpgx.model.base import Model

AuthorityKind = Literal["recommendation", "test_utility", "label_section", "table_section"]
"""What a source grades: a recommendation (CPIC), the use of a test (DPWG), a statement of a label or the section of a table (FDA)."""
AuthorityRank = Literal["high", "middle", "low", "none"]


class Authority(Model):
    """The grade that the source itself gives, in its own words; this is not the strength of the evidence."""

    kind: AuthorityKind
    """What the source grades: a recommendation (CPIC), the use of a test (DPWG), the section of a label or of a table (FDA)."""
    grade: str
    """In the source's own word."""
    key: str
    """What the grade means, in plain words."""
    rank: AuthorityRank = "low"
    """Rank of the grade among the grades of this source. Ranks of different sources are not comparable."""


class Verdict(StrEnum):
    """What kind of statement a source makes."""

    ADVICE = "advice"
    """A change could be considered, or closer watching."""
    NO_CHANGE = "no_change"
    """The source looked and asks for no change."""
    NO_INTERACTION = "no_interaction"
    """The source looked and does not count the gene and the drug as an interaction."""
    NO_RECOMMENDATION = "no_recommendation"
    """The source looked and makes no recommendation."""
    FINDING = "finding"
    """Studies report this; no advice follows."""
    NO_EFFECT = "no_effect"
    """Studies looked and found no effect."""
