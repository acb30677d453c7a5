"""One change has many spellings in VCF; the answer must not depend on which one a caller wrote."""

from random import Random

import pytest

from tests.calling.rare.transcripts import transcript
from trdpgx.calling.consequence import consequence
from trdpgx.knowledge.reference.transcript_sequence import bases
from trdpgx.model.genome import Assembly
from validation.consequence.alleles import random_alleles


@pytest.mark.parametrize(("gene", "assembly"), [("STK19", Assembly.GRCH38), ("CYP2D6", Assembly.GRCH38)])
def test_padding_and_sliding_change_nothing(gene: str, assembly: Assembly) -> None:
    model = transcript(gene, assembly)
    random = Random(5)
    for pos, ref, alt in random_alleles(model, 400, seed=22):
        expected = consequence(model, pos, ref, alt)
        left, right = random.randint(0, 6), random.randint(0, 6)
        before, after = bases(model, pos - left, pos - 1), bases(model, pos + len(ref), pos + len(ref) + right - 1)
        assert consequence(model, pos - left, before + ref + after, before + alt + after) == expected
        shifted = rightmost(model, pos, ref, alt)
        assert consequence(model, *shifted) == expected


def rightmost(model, pos: int, ref: str, alt: str) -> tuple[int, str, str]:
    """The same indel as far right on the chromosome as it goes, with its anchor base."""
    whole, kept = max(ref, alt, key=len), min(ref, alt, key=len)
    if not whole.startswith(kept) or len(kept) != 1 or len(whole) == 1:
        return pos, ref, alt
    moving, at = whole[1:], pos
    while True:
        behind = at + len(moving) + 1 if len(ref) > len(alt) else at + 1
        if bases(model, behind, behind) != moving[0]:
            break
        moving, at = moving[1:] + moving[0], at + 1
    anchor = bases(model, at, at)
    return (at, anchor + moving, anchor) if len(ref) > len(alt) else (at, anchor, anchor + moving)
