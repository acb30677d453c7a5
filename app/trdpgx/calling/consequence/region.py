"""Which parts of a transcript an edit touches: exons, introns, splice sites, UTRs, and the coding bases it changes.

Splice sites are the two intronic bases at each end of an intron; the splice region adds 3 exonic and 8 intronic bases (SO:0001630).
Bases put exactly between an exon and a splice site leave the site as it was, so they are read as exonic.
"""

from msgspec import Struct

from trdpgx.calling.consequence.track import Track
from trdpgx.model.consequence import Term
from trdpgx.model.edit import Edit

FLANK = 5_000
"""How far from a transcript a variant is still called up- or downstream of it, in bases (VEP's default)."""

_SITES = frozenset({Term.SPLICE_DONOR, Term.SPLICE_ACCEPTOR})
_SITE = 2
_EXONIC_REGION = 3
_INTRONIC_REGION = 8


class CodingEdit(Struct, frozen=True):
    """``ref`` at the coding bases from ``start`` (0-based index of the coding sequence) becomes ``alt``.

    ``leader`` and ``trailer`` count the bases of the 5' and 3' UTR that are replaced as well. ``N`` in an ``alt`` as long as ``ref``
    leaves a base as it is, whatever it is.
    """

    start: int
    ref: str
    alt: str
    leader: int = 0
    trailer: int = 0

    @property
    def end(self) -> int:
        """The index after the last base that is replaced."""
        return self.start + len(self.ref)

    @property
    def growth(self) -> int:
        """How many coding bases more there are after the edit."""
        return len(self.alt) - len(self.ref)


class Region(Struct, frozen=True):
    """What an edit touches. ``coding`` is ``None`` where no coding base is changed or where the edit also takes a splice site."""

    terms: frozenset[Term]
    coding: CodingEdit | None = None
    exon: str | None = None
    intron: str | None = None


def region_of(track: Track, edit: Edit) -> Region | None:
    """Return what an edit touches; ``None`` where it is further than ``FLANK`` from the transcript."""
    outside = _outside(track, edit)
    if outside is not None:
        near = edit.end > track.start - FLANK and edit.start < track.end + FLANK
        return Region(frozenset({outside})) if near else None
    if edit.start <= track.start and edit.end >= track.end:
        return Region(frozenset({Term.TRANSCRIPT_ABLATION}))
    changed = edit.runs()
    parts = [_touched(track, run) for run in changed]
    terms = frozenset().union(*(part.terms for part in parts))
    runs = [run for run, part in zip(changed, parts, strict=True) if Term.CODING_SEQUENCE in part.terms]
    coding = None
    if runs and terms.isdisjoint(_SITES):
        terms -= {Term.CODING_SEQUENCE}
        coding = _coding(track, edit if runs == [edit] else edit.part(runs[0].start, runs[-1].end))
    exon, intron = (next(filter(None, names), None) for names in zip(*((part.exon, part.intron) for part in parts), strict=True))
    return Region(terms, coding, exon, intron)


def _touched(track: Track, edit: Edit) -> Region:
    """Return what one run of changed bases touches, coding bases by term only."""
    terms: set[Term] = set()
    intron = _introns(track, edit, terms)
    exon = _exons(track, edit, terms)
    return Region(frozenset(terms), None, exon, intron)


def _outside(track: Track, edit: Edit) -> Term | None:
    """Return the term of an edit that touches no transcribed base."""
    if edit.end <= track.start:
        return Term.UPSTREAM
    return Term.DOWNSTREAM if edit.start >= track.end else None


def _introns(track: Track, edit: Edit, terms: set[Term]) -> str | None:
    """Add the terms of introns and splice sites; return the first intron that is touched."""
    first = None
    for index in track.exons_near(edit.start, edit.end)[:-1]:
        start, end = track.introns[index]
        if edit.end < start - _EXONIC_REGION or edit.start > end + _EXONIC_REGION:
            continue
        near_intron = set()
        if edit.touches(start, start + _SITE):
            near_intron.add(Term.SPLICE_DONOR)
        if edit.touches(end - _SITE, end):
            near_intron.add(Term.SPLICE_ACCEPTOR)
        donor_region = edit.touches(start - _EXONIC_REGION, start + _INTRONIC_REGION)
        acceptor_region = edit.touches(end - _INTRONIC_REGION, end + _EXONIC_REGION)
        if not near_intron and (donor_region or acceptor_region):
            near_intron.add(Term.SPLICE_REGION)
        inner = (start + _SITE - 1, end - _SITE + 1) if edit.is_insertion else (start + _SITE, end - _SITE)
        if edit.touches(*inner):
            near_intron.add(Term.INTRON)
        if first is None and edit.touches(start, end):
            first = f"{index + 1}/{len(track.introns)}"
        terms |= near_intron
    return first


def _exons(track: Track, edit: Edit, terms: set[Term]) -> str | None:
    """Add the terms of the exonic bases that are touched; return the first exon."""
    first = None
    begin, behind = track.coding
    for index in track.exons_near(edit.start, edit.end):
        start, end = track.exons[index]
        touched = start <= edit.start <= end if edit.is_insertion else edit.touches(start, end)
        if not touched:
            continue
        first = first or f"{index + 1}/{len(track.exons)}"
        if edit.is_insertion:
            terms.add(Term.UTR5 if edit.start <= begin else Term.UTR3 if edit.start >= behind else Term.CODING_SEQUENCE)
            continue
        for term, low, high in ((Term.UTR5, start, begin), (Term.CODING_SEQUENCE, begin, behind), (Term.UTR3, behind, end)):
            if edit.touches(max(low, start), min(high, end)):
                terms.add(term)
    return first


def _coding(track: Track, edit: Edit) -> CodingEdit:
    """Return an edit that lies within one exon as an edit of the coding sequence."""
    if edit.is_insertion:
        exonic = track.exon(edit.start) is not None
        index = track.coding_index(edit.start) if exonic else track.coding_index(edit.start - 1) + 1
        return CodingEdit(index, "", edit.alt)
    start, last = track.coding_index(max(edit.start, track.start)), track.coding_index(min(edit.end, track.end) - 1)
    leader, trailer = max(-start, 0), max(last + 1 - track.coding_length, 0)
    skipped = max(track.coding[0] - edit.start, 0)
    ref = edit.ref[skipped : skipped + min(last + 1, track.coding_length) - max(start, 0)]
    return CodingEdit(max(start, 0), ref, edit.alt, leader, trailer)
