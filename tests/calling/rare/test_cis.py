"""Alleles of one haplotype that have to be read together."""

import pytest

from tests.calling.rare.hgvs_reader import GenomicReader, other_strand
from tests.calling.rare.transcripts import transcript, without_sequence
from trdpgx.calling.consequence.cis import Allele, read_together
from trdpgx.knowledge.reference.transcript_sequence import bases
from trdpgx.model.consequence import Term
from trdpgx.model.genome import Assembly
from validation.consequence.alleles import random_alleles


def coding_allele(gene: str, *changes: str) -> list[Allele]:
    """Substitutions by their coding position, ``4G>T``, as VCF alleles."""
    model = transcript(gene)
    loci = [pos for start, end in model.coding_exons for pos in (range(start, end + 1) if model.strand == 1 else range(end, start - 1, -1))]
    alleles = []
    for change in changes:
        pos = loci[int(change[:-3]) - 1]
        ref, alt = (change[-3], change[-1]) if model.strand == 1 else (other_strand(change[-3]), other_strand(change[-1]))
        assert bases(model, pos, pos) == ref
        alleles.append(Allele(pos, ref, alt))
    return alleles


@pytest.mark.parametrize(
    ("gene", "changes", "hgvs_c", "hgvs_p"),
    [
        ("PYHIN1", ("4G>T", "6A>T"), "NM_152501.5:c.4_6delinsTCT", "NP_689714.2:p.(Ala2Ser)"),
        ("PYHIN1", ("6A>T", "4G>T"), "NM_152501.5:c.4_6delinsTCT", "NP_689714.2:p.(Ala2Ser)"),
        ("PYHIN1", ("4G>T", "5C>T"), "NM_152501.5:c.4_5delinsTT", "NP_689714.2:p.(Ala2Leu)"),
        ("ZNF248", ("4A>T", "5A>G"), "NM_021045.3:c.4_5delinsTG", "NP_066383.1:p.(Asn2Cys)"),
        ("ZNF248", ("7A>T", "8A>G", "9A>C"), "NM_021045.3:c.7_9delinsTGC", "NP_066383.1:p.(Lys3Cys)"),
    ],
)
def test_two_changes_in_one_codon(gene: str, changes: tuple[str, ...], hgvs_c: str, hgvs_p: str) -> None:
    (together,) = read_together(transcript(gene), coding_allele(gene, *changes))
    assert together.members == tuple(range(len(changes)))
    assert (together.consequence.hgvs_c, together.consequence.hgvs_p) == (hgvs_c, hgvs_p)


def test_a_stop_that_neither_makes_alone() -> None:
    (together,) = read_together(transcript("ZNF248"), coding_allele("ZNF248", "4A>T", "6C>A"))
    assert together.consequence.terms == (Term.STOP_GAINED,)
    assert together.consequence.hgvs_p == "NP_066383.1:p.(Asn2Ter)"


def test_a_codon_split_by_an_intron_is_one_codon() -> None:
    (together,) = read_together(transcript("ZNF248"), coding_allele("ZNF248", "142G>A", "144G>T"))
    assert together.consequence.hgvs_c == "NM_021045.3:c.[142G>A;144G>T]"
    assert together.consequence.hgvs_p == "NP_066383.1:p.(Gly48Ser)"


def test_changes_in_different_codons_stand_alone() -> None:
    assert read_together(transcript("PYHIN1"), coding_allele("PYHIN1", "4G>T", "7A>T")) == ()


def test_a_second_indel_restores_the_frame() -> None:
    model = transcript("PYHIN1")
    first, second = model.coding_exons[0].start + 5, model.coding_exons[0].start + 11
    alleles = [
        Allele(first, bases(model, first, first + 1), bases(model, first, first)),
        Allele(second, bases(model, second, second), bases(model, second, second) + "T"),
    ]
    (together,) = read_together(model, alleles)
    assert together.consequence.hgvs_c == "NM_152501.5:c.[8del;13dup]"
    assert Term.FRAMESHIFT not in together.consequence.terms


def test_a_frame_that_is_not_restored_is_left_as_it_is() -> None:
    model = transcript("PYHIN1")
    first, second = model.coding_exons[0].start + 5, model.coding_exons[0].start + 11
    alleles = [
        Allele(first, bases(model, first, first + 1), bases(model, first, first)),
        Allele(second, bases(model, second, second + 1), bases(model, second, second)),
    ]
    assert read_together(model, alleles) == ()


def test_without_sequence_a_whole_codon_is_read_and_a_gap_is_not_guessed() -> None:
    blind = without_sequence("ZNF248")
    (together,) = read_together(blind, coding_allele("ZNF248", "7A>T", "8A>G", "9A>C"))
    assert together.consequence.hgvs_p == "NP_066383.1:p.(Lys3Cys)"
    (outer,) = read_together(blind, coding_allele("ZNF248", "13C>T", "15G>C"))
    assert outer.consequence.hgvs_p == "NP_066383.1:p.(Gln5Tyr)"


def test_what_is_read_together_is_what_the_haplotype_holds() -> None:
    model = transcript("STK19", Assembly.GRCH38)
    known = model.known[0]
    reader = GenomicReader(model, known.start, known.bases)
    alleles = [allele for allele in random_alleles(model, 900, seed=24) if len(allele.ref) < 4]
    apart: list[Allele] = []
    for allele in sorted(alleles):
        if not apart or allele.pos > apart[-1].pos + len(apart[-1].ref) + 1:
            apart.append(Allele(*allele))
    groups = read_together(model, apart)
    assert groups
    for group in groups:
        text = known.bases
        for member in reversed(group.members):
            pos, ref, alt = apart[member]
            text = text[: pos - known.start] + alt + text[pos - known.start + len(ref) :]
        assert reader.apply(str(group.consequence.hgvs_c)) == text
