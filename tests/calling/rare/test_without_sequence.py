"""Genes without nucleotide sequence: what is stated has to be true whatever the sequence is, and most SNVs are settled."""

import pytest

from tests.calling.rare.transcripts import transcript, without_sequence
from trdpgx.calling.consequence import consequence
from trdpgx.knowledge.reference.transcript_sequence import bases
from trdpgx.model.consequence import Limit
from validation.consequence.alleles import random_alleles


@pytest.mark.parametrize("gene", ["ZNF248", "PYHIN1", "STK19"])
def test_every_answer_from_the_protein_is_right_and_nine_in_ten_snvs_are_settled(gene: str) -> None:
    full, blind = transcript(gene), without_sequence(gene)
    settled = asked = 0
    for start, end in full.coding_exons:
        for pos in range(start, end + 1, 2):
            ref = bases(full, pos, pos)
            for alt in "ACGT".replace(ref, ""):
                truth, stated = consequence(full, pos, ref, alt), consequence(blind, pos, ref, alt)
                assert truth is not None
                assert stated is not None
                asked += 1
                if stated.is_ambiguous:
                    assert truth.terms in stated.possible
                    assert Limit.NO_CODING_SEQUENCE in stated.limits
                else:
                    settled += 1
                    assert stated.terms == truth.terms
                    assert agrees(str(stated.hgvs_p), str(truth.hgvs_p))
                assert stated.hgvs_c == truth.hgvs_c
    assert settled / asked > 0.88


def agrees(stated: str, truth: str) -> bool:
    """Whether a description, which may leave several residues open (``^``), holds the true one."""
    if "^" not in stated:
        return stated in (truth, "p.?") or stated.endswith("p.?") or "ext" in truth
    residues = stated.rstrip(")").split("^")
    return truth.rstrip(")")[-3:] in {residue[-3:] for residue in residues}


def test_indels_from_the_protein_never_contradict_the_sequence() -> None:
    full, blind = transcript("STK19"), without_sequence("STK19")
    for pos, ref, alt in random_alleles(full, 600, seed=23):
        truth, stated = consequence(full, pos, ref, alt), consequence(blind, pos, ref, alt)
        assert truth is not None
        assert stated is not None
        if truth.is_ambiguous or stated.name is None or Limit.SHIFT_LIMITED in stated.limits:
            continue
        answers = stated.possible or (stated.terms,)
        assert any(set(answer) <= set(truth.terms) or set(truth.terms) <= set(answer) for answer in answers), (pos, ref, alt, truth, stated)
