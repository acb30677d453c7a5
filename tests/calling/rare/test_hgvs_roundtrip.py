"""Descriptions read back: ``c.`` gives the sequence that the VCF allele gives, ``p.`` the protein that this sequence encodes.

``hgvs_reader`` is written from the nomenclature alone, so an error has to be made twice to stay unseen.
"""

import re

import pytest

from tests.calling.rare.hgvs_reader import GenomicReader, apply_protein, other_strand
from tests.calling.rare.transcripts import transcript
from trdpgx.calling.consequence import consequence
from trdpgx.model.genome import Assembly
from validation.consequence.alleles import random_alleles

pytestmark = pytest.mark.slow

GENES = [("STK19", Assembly.GRCH38), ("CYP2D6", Assembly.GRCH38), ("SLC12A5", Assembly.GRCH37), ("COMT", Assembly.GRCH37)]
CODE = dict(
    zip(
        (first + second + third for first in "TCAG" for second in "TCAG" for third in "TCAG"),
        "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        strict=True,
    )
)


def proteins(reader: GenomicReader, altered: str) -> set[str]:
    """The protein of a changed gene, for each exon that could hold the whole change; ``?`` at the end: no stop is met."""
    growth = len(altered) - len(reader.bases)
    found = set()
    for held, (start, end) in enumerate(reader.exons):
        if altered[:start] != reader.bases[:start] or altered[end + growth :] != reader.bases[end:]:
            continue
        exons = [reader.bases[low:high] for low, high in reader.exons]
        exons[held] = altered[start : end + growth]
        coding = "".join(exons)[reader.leader :]
        residues = "".join(CODE.get(coding[at : at + 3], "?") for at in range(0, len(coding) - 2, 3))
        found.add(residues.partition("*")[0] if "*" in residues else residues + "?")
    return found


@pytest.mark.parametrize(("gene", "assembly"), GENES)
def test_roundtrip(gene: str, assembly: Assembly) -> None:
    model = transcript(gene, assembly)
    known = model.known[0]
    reader = GenomicReader(model, known.start, known.bases)
    read = 0
    for pos, ref, alt in random_alleles(model, 700, seed=20):
        found = consequence(model, pos, ref, alt)
        assert found is not None
        at = pos - known.start
        plus = known.bases[:at] + alt + known.bases[at + len(ref) :]
        altered = other_strand(plus) if model.strand == -1 else plus
        if found.hgvs_c is not None:
            assert reader.apply(found.hgvs_c) == altered, found
        if found.hgvs_p is None or found.hgvs_p.endswith(("p.?", "p.(Met1?)")) or re.search(r"\d[+-]\d", str(found.hgvs_c)):
            continue
        stated = apply_protein(model.protein, found.hgvs_p)
        matches = [protein for protein in proteins(reader, altered) if len(protein) == len(stated)]
        assert any(all(one in ("x", other) for one, other in zip(stated, protein, strict=True)) for protein in matches), found
        read += 1
    assert read > 300


@pytest.mark.parametrize(("gene", "assembly"), GENES)
def test_no_description_could_stand_further_3_prime(gene: str, assembly: Assembly) -> None:
    model = transcript(gene, assembly)
    known = model.known[0]
    reader = GenomicReader(model, known.start, known.bases)
    names = {at: name for name, at in reader.numbers.items()}
    checked = 0
    for pos, ref, alt in random_alleles(model, 400, seed=21):
        found = consequence(model, pos, ref, alt)
        match = re.fullmatch(r".*:c\.(\d+)(?:_(\d+))?(del|dup)", str(found.hgvs_c) if found else "")
        if match is None:
            continue
        start, end = reader.locus(match[1]), reader.locus(match[2] or match[1])
        if start + 1 in names and end + 1 in names:
            position = names[start + 1] if start == end else f"{names[start + 1]}_{names[end + 1]}"
            assert reader.apply(f"c.{position}{match[3]}") != reader.apply(match[0]), match[0]
            checked += 1
    assert checked > 30
