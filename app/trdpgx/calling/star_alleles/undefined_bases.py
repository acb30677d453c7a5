"""Bases at defining sites that no definition of the gene asks for, and where the gene may be called without them.

Such a base makes the gene a no-call: no source assigns it to an allele. It is called, as if the reference base stood there and
with a caveat that names the base, only at a site where every base that a definition asks for changes the protein, and only if

- PharmVar lists the base in a sub-allele of a named allele (``reference/suballele_variants.csv``), and every haplotype that has the base
  can be that allele, or
- the base is synonymous in the reading frame, and nothing else that the person carries lies in its codon.

At a site whose defining variant is silent, intronic or upstream another base may act as that one does: CYP2C19*2 is Pro227=.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from trdpgx.calling.caveats import RaisedCaveat, caveat
from trdpgx.calling.consequence import consequence
from trdpgx.calling.consequence.track import track_of
from trdpgx.calling.star_alleles.diplotypes import Meaning, matched
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.pattern import Genotype, Observation, Pattern
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.model.consequence import Consequence, Term
from trdpgx.model.gene import SubAlleleVariant
from trdpgx.model.genome import Assembly, PanelSite, SampleSites
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.transcript import Transcript

_LETTERS = frozenset("ACGT")
_PROTEIN = frozenset(
    {
        Term.STOP_GAINED,
        Term.FRAMESHIFT,
        Term.STOP_LOST,
        Term.START_LOST,
        Term.INFRAME_INSERTION,
        Term.INFRAME_DELETION,
        Term.MISSENSE,
        Term.PROTEIN_ALTERING,
    }
)
_SPLICE = frozenset({Term.SPLICE_ACCEPTOR, Term.SPLICE_DONOR})


class LeftOut(Struct, frozen=True):
    """A base that a gene is called without: the index of its site, and the sub-allele that has it (``None``: it is synonymous)."""

    site: int
    base: str
    variant: SubAlleleVariant | None


class CalledWithout(Struct, frozen=True):
    """A gene as it is called without bases that no definition asks for: genotypes with the reference base instead of each."""

    pattern: Pattern
    left_out: tuple[LeftOut, ...]

    def caveats(self, table: AlleleTable) -> Iterator[RaisedCaveat]:
        """Yield which base each site is called without, and why it may be."""
        for left in self.left_out:
            where, reference = table.label(left.site), table.reference_bases[left.site]
            if left.variant is None:
                yield caveat("undefined_base_synonymous", base=left.base, site=where, reference=reference)
            else:
                suballele = {"suballele": left.variant.suballele, "verification": left.variant.verification}
                yield caveat("undefined_base_of_suballele", base=left.base, site=where, reference=reference, **suballele)


def call_without(
    reference: ReferenceLibrary, assembly: Assembly, table: AlleleTable, seen: Observation, sample: SampleSites, *, memo: Memo
) -> CalledWithout | None:
    """Return the genotypes without the bases that no definition asks for; ``None`` where there are none or one of them forbids a call."""
    transcript = reference.transcripts[Assembly.GRCH38].get(table.definition.gene)
    if not seen.unknown or transcript is None:
        return None
    own = reference.transcripts[assembly][table.definition.gene]
    changing = protein_changing_sites(table, transcript, tuple(reference.sites[Assembly.GRCH38][site] for site in table.sites))
    left_out: list[LeftOut] = []
    for unknown in seen.unknown:
        s = table.sites.index(unknown.site)
        here, there = reference.sites[Assembly.GRCH38][unknown.site], reference.sites[assembly][unknown.site]
        for base in unknown.bases if s in changing else ():
            variant = reference.suballele_variants.get((unknown.site, base))
            silent = variant is None and _is_synonymous(transcript, here, base) and _is_alone(transcript, own, here, there, sample)
            if variant is not None or silent:
                left_out.append(LeftOut(s, base, variant))
    if len(left_out) < sum(len(unknown.bases) for unknown in seen.unknown):
        return None
    pattern = _replaced(table, seen.pattern, left_out)
    called = matched(table, pattern, memo)
    if not all(_is_of(table, seen.pattern, pattern, left, called) for left in left_out):
        return None
    return CalledWithout(pattern, tuple(left_out))


@lru_cache(maxsize=256)
def protein_changing_sites(table: AlleleTable, transcript: Transcript, sites: tuple[PanelSite, ...]) -> frozenset[int]:
    """Return the sites at which every base that a definition asks for changes the protein. ``sites`` are the table's on GRCh38."""
    changing = []
    for s, site in enumerate(sites):
        asked = [consequence(transcript, site.pos, site.ref, base) for base in table.carriers[s] if base != site.ref]
        if asked and all(_changes_protein(one) for one in asked):
            changing.append(s)
    return frozenset(changing)


def _changes_protein(effect: Consequence | None) -> bool:
    answers = (effect.possible or (effect.terms,)) if effect else ()
    return bool(answers) and all(terms and terms[0] in _PROTEIN and _SPLICE.isdisjoint(terms) for terms in answers)


def _is_synonymous(transcript: Transcript, site: PanelSite, base: str) -> bool:
    """Whether a base of the site's own length is synonymous and nothing else: beside a splice site it may do more."""
    if len(base) != len(site.ref) or not _LETTERS.issuperset(base):
        return False
    effect = consequence(transcript, site.pos, site.ref, base)
    return effect is not None and effect.terms == (Term.SYNONYMOUS,)


def _is_alone(transcript: Transcript, own: Transcript, here: PanelSite, there: PanelSite, sample: SampleSites) -> bool:
    """Whether nothing else that the person carries lies in the codons of a site (``here`` on GRCh38, ``there`` on the sample's assembly).

    Two changes in one codon make a codon that neither makes alone, and on which haplotype each is may not be known.
    """
    track, strand = track_of(transcript), transcript.strand
    positions = range(here.pos, here.pos + len(here.ref))
    codons = {track.coding_index(strand * position) // 3 for position in positions}
    around = range(here.pos - 2, positions.stop + 2)
    exonic = (position for position in around if position not in positions and track.exon(strand * position) is not None)
    others = {position - here.pos + there.pos for position in exonic if track.coding_index(strand * position) // 3 in codons}
    if not others.isdisjoint(own.differences):
        return False
    for carried in sample.carried:
        record = carried.record
        if record.chrom == there.chrom and record.pos - 3 <= there.pos <= record.pos + len(record.ref) + 3:
            alts = (alt for index, alt in enumerate(record.alts, 1) if index in carried.alleles)
            if not all(others.isdisjoint(_changed(record.pos, record.ref, alt)) for alt in alts):
                return False
    return True


def _changed(pos: int, ref: str, alt: str) -> set[int]:
    """Return the positions that an allele changes; all of REF and the base after it where the lengths differ."""
    if len(ref) != len(alt):
        return set(range(pos, pos + len(ref) + 1))
    return {pos + at for at, (old, new) in enumerate(zip(ref, alt, strict=True)) if old != new}


def _replaced(table: AlleleTable, pattern: Pattern, left_out: Sequence[LeftOut]) -> Pattern:
    """Return the genotypes with the table's reference base in position of each base that is left out."""
    replaced = list(pattern)
    for left in left_out:
        genotype = replaced[left.site]
        if genotype is not None:
            reference = table.reference_bases[left.site]
            first, second = (reference if base == left.base else base for base in genotype[:2])
            replaced[left.site] = (first, second, 0 if first == second else genotype[2])
    return tuple(replaced)


def _is_of(table: AlleleTable, before: Pattern, after: Pattern, left: LeftOut, called: Meaning) -> bool:
    """Whether each haplotype with a base of a sub-allele can be the allele that has that sub-allele; a synonymous one may be any."""
    genotype = before[left.site]
    if left.variant is None or genotype is None:
        return left.variant is None
    allele = left.variant.allele
    copies = genotype[:2].count(left.base)
    if not called.diplotypes or any(diplotype.alleles.count(allele) < copies for diplotype in called.diplotypes):
        return False
    sides = [side for side in (0, 1) if genotype[side] == left.base]
    index = table.index()[allele]
    return genotype[2] == 0 or all(_carries(table, before, after, genotype, side=side, allele=index) for side in sides)


def _carries(table: AlleleTable, before: Pattern, after: Pattern, genotype: Genotype, *, side: int, allele: int) -> bool:
    """Whether one haplotype of a genotype's block agrees with an allele at every site of the block."""
    block = [s for s, one in enumerate(before) if one is not None and one[2] == genotype[2]]
    bases = ((s, after[s]) for s in block)
    return all(one is not None and table.carriers[s].get(str(one[side]), 0) >> allele & 1 for s, one in bases)
