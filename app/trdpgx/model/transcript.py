"""Transcripts: exons, coding interval and known sequence of a gene on one assembly."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from trdpgx.model.genome import Assembly
from trdpgx.model.span import Span


class KnownSequence(Struct, frozen=True):
    """An interval whose bases are known: plus strand, ``bases[0]`` at ``start`` (1-based), ``N`` not known. ``source`` names the origin."""

    start: int
    bases: str
    source: str


class Transcript(Struct, frozen=True, eq=False):
    """The MANE Select transcript of a gene on one assembly.

    ``exons`` are in the order of transcription. ``coding`` reaches from the first base of the start codon to the last of the stop
    codon, in genomic order. ``protein`` is in one-letter code, without the stop. ``known`` holds what is known of the sequence
    (sorted, not overlapping), a whole slice of the genome, or the coding exons, of which perhaps only the bases that the protein
    settles, with the transcript's own base where this assembly has another: ``differences`` maps such a position to the assembly's
    base (plus strand). ``contig`` is the chromosome's RefSeq accession. ``confirmed`` tells that every coding exon's edges were seen
    on this assembly, not only shifted from the other one.
    Compared by identity, so that what is derived from it can be kept.
    """

    gene: str
    symbol: str
    hgnc: str
    refseq: str
    refseq_protein: str
    ensembl: str
    ensembl_protein: str
    assembly: Assembly
    chrom: str
    contig: str
    strand: Literal[1, -1]
    exons: tuple[Span, ...]
    coding: Span
    protein: str
    protein_source: str
    confirmed: bool
    known: tuple[KnownSequence, ...] = ()
    differences: Mapping[int, str] = field(default_factory=dict)

    @property
    def span(self) -> Span:
        """From the first transcribed base to the last, in genomic order."""
        return Span(min(exon.start for exon in self.exons), max(exon.end for exon in self.exons))

    @property
    def coding_exons(self) -> tuple[Span, ...]:
        """The coding part of each exon that has one, in the order of transcription."""
        first, last = self.coding
        return tuple(Span(max(start, first), min(end, last)) for start, end in self.exons if start <= last and end >= first)
