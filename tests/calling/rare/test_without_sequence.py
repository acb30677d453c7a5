"""Genes without nucleotide sequence: what is said has to be true whatever the sequence is, and most SNVs are settled."""

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
                truth, said = consequence(full, pos, ref, alt), consequence(blind, pos, ref, alt)
                assert truth is not None
                assert said is not None
                asked += 1
                if said.is_ambiguous:
                    assert truth.terms in said.possible
                    assert Limit.NO_CODING_SEQUENCE in said.limits
                else:
                    settled += 1
                    assert said.terms == truth.terms
                    assert agrees(str(said.hgvs_p), str(truth.hgvs_p))
                assert said.hgvs_c == truth.hgvs_c
    assert settled / asked > 0.88


def agrees(said: str, truth: str) -> bool:
    """Whether a description, which may leave several residues open (``^``), holds the true one."""
    if "^" not in said:
        return said in (truth, "p.?") or said.endswith("p.?") or "ext" in truth
    residues = said.rstrip(")").split("^")
    return truth.rstrip(")")[-3:] in {residue[-3:] for residue in residues}


def test_indels_from_the_protein_never_contradict_the_sequence() -> None:
    full, blind = transcript("STK19"), without_sequence("STK19")
    for pos, ref, alt in random_alleles(full, 600, seed=23):
        truth, said = consequence(full, pos, ref, alt), consequence(blind, pos, ref, alt)
        assert truth is not None
        assert said is not None
        if truth.is_ambiguous or said.name is None or Limit.SHIFT_LIMITED in said.limits:
            continue
        answers = said.possible or (said.terms,)
        assert any(set(answer) <= set(truth.terms) or set(truth.terms) <= set(answer) for answer in answers), (pos, ref, alt, truth, said)
