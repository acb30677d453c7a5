"""Find the known reason for a difference between the engine and ``bcftools csq``.

Each reason is a condition that is checked on the allele itself, so a new kind of difference is never explained by accident. The text
of each reason is in ``differences.tsv``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from trdpgx.calling.consequence.engine import read
from trdpgx.calling.consequence.placement import Placed, locate
from trdpgx.calling.consequence.region import CodingEdit, region_of
from trdpgx.calling.consequence.track import Track, track_of
from trdpgx.knowledge.reference.codon import STOP, translate
from trdpgx.model.consequence import Consequence, Limit, Term
from trdpgx.model.transcript import Transcript
from validation.consequence.oracle import Allele, Called

_NAMES = {
    "3_prime_utr": Term.UTR3,
    "5_prime_utr": Term.UTR5,
    "coding_sequence": Term.CODING_SEQUENCE,
    "frameshift": Term.FRAMESHIFT,
    "inframe_deletion": Term.INFRAME_DELETION,
    "inframe_insertion": Term.INFRAME_INSERTION,
    "intron": Term.INTRON,
    "missense": Term.MISSENSE,
    "splice_acceptor": Term.SPLICE_ACCEPTOR,
    "splice_donor": Term.SPLICE_DONOR,
    "splice_region": Term.SPLICE_REGION,
    "start_lost": Term.START_LOST,
    "stop_gained": Term.STOP_GAINED,
    "stop_lost": Term.STOP_LOST,
    "stop_retained": Term.STOP_RETAINED,
    "synonymous": Term.SYNONYMOUS,
}
_SIZES = {"feature_elongation": "inframe_insertion", "feature_truncation": "inframe_deletion"}
_SITES = frozenset({Term.SPLICE_ACCEPTOR, Term.SPLICE_DONOR})
VOCABULARY = ("vocabulary-1", "vocabulary-2", "vocabulary-3", "vocabulary-4", "vocabulary-5")
_OUTSIDE = {Term.UPSTREAM, Term.DOWNSTREAM}
_AT_STOP = {
    Term.STOP_LOST,
    Term.STOP_RETAINED,
    Term.STOP_GAINED,
    Term.FRAMESHIFT,
    Term.PROTEIN_ALTERING,
    Term.MISSENSE,
    Term.SYNONYMOUS,
    Term.UTR3,
    Term.CODING_SEQUENCE,
}
_IN_FRAME = {Term.INFRAME_DELETION, Term.INFRAME_INSERTION, Term.PROTEIN_ALTERING}


def named(stated: Called | None) -> frozenset[Term]:
    """Return csq's consequences as Sequence Ontology terms.

    Of a delins csq only states that the feature grows or shrinks (``vocabulary-3``); with amino acids and in frame that is an
    insertion or deletion in frame.
    """
    if stated is None:
        return frozenset()
    names = set(stated.terms) - {"start_retained"}
    for grown, in_frame in _SIZES.items():
        if grown in names:
            names.discard(grown)
            names |= {in_frame} if stated.amino_acids and "frameshift" not in names else set()
    return frozenset(_NAMES[name] for name in names)


def comparable(terms: frozenset[Term]) -> frozenset[Term]:
    """Return terms without what the two vocabularies express differently (reasons ``vocabulary-1`` to ``vocabulary-5``)."""
    if terms & _OUTSIDE:
        return frozenset()
    if terms & _SITES:
        return terms & _SITES
    kept = set(terms)
    if Term.SPLICE_REGION in kept:
        kept.discard(Term.INTRON)
    if Term.FRAMESHIFT in kept:
        kept.discard(Term.STOP_GAINED)
    if kept & _IN_FRAME:
        kept = (kept - _IN_FRAME) | {Term.PROTEIN_ALTERING}
    return frozenset(kept)


def vocabulary(ours: frozenset[Term], theirs: frozenset[Term]) -> str | None:
    """Return the reason why terms differ that mean the same; ``None`` where they are equal."""
    if ours == theirs:
        return None
    if ours & _OUTSIDE:
        return "vocabulary-1"
    if ours & _SITES:
        return "vocabulary-2"
    if Term.PROTEIN_ALTERING in ours:
        return "vocabulary-3"
    if Term.FRAMESHIFT in ours and ours ^ theirs == {Term.STOP_GAINED}:
        return "vocabulary-4"
    return "vocabulary-5"


def explain(transcript: Transcript, allele: Allele, found: Consequence, stated: Called | None) -> str | None:
    """Return the id of the reason why the answers differ, ``agree`` where they do not, ``None`` where no reason is known."""
    ours, theirs = frozenset(found.terms), named(stated)
    if not found.is_ambiguous and comparable(ours) == comparable(theirs):
        return vocabulary(ours, theirs) or "agree"
    track = track_of(transcript)
    placed = locate(track, *allele)
    if not isinstance(placed, Placed):
        return None
    case = Case(track, allele, placed, found, ours, theirs, stated)
    return next((name for name, holds in REASONS.items() if holds(case)), None)


@dataclass(frozen=True, slots=True)
class Case:
    """An allele on which the two differ: the allele on the track, and both answers."""

    track: Track
    allele: Allele
    placed: Placed
    found: Consequence
    ours: frozenset[Term]
    theirs: frozenset[Term]
    stated: Called | None

    def coding_edits(self) -> list[CodingEdit]:
        """Return the coding edit of each placement that has one."""
        regions = (region_of(self.track, edit) for edit in self.placed.placements)
        return [region.coding for region in regions if region is not None and region.coding is not None]


def _late_stop(case: Case) -> bool:
    """Return whether csq calls missense what its own amino acids show to bring a stop."""
    shown = case.stated is not None and case.stated.amino_acids.endswith("*")
    return Term.STOP_GAINED in case.ours and Term.MISSENSE in case.theirs and shown


def _site_copied(case: Case) -> bool:
    """Return whether an exonic and an intronic placement both keep the splice site, so that the engine gives both answers."""
    return Limit.SPLICE_SITE_COPIED in case.found.limits


def _other_placement(case: Case) -> bool:
    """Return whether csq's answer is the engine's own for another placement of the same change."""
    regions = (region_of(case.track, edit) for edit in case.placed.placements)
    answers = [comparable(frozenset(answer)) for region in regions if region for answer in read(case.track, region).answers]
    return len(case.placed.placements) > 1 and comparable(case.theirs) in answers


def _border_insertion(case: Case) -> bool:
    """Return whether bases are exactly between an exon and a splice site, at one placement at least."""
    borders = {border for intron in case.track.introns for border in intron}
    return any(edit.is_insertion and edit.start in borders for edit in case.placed.placements)


def _region_edge(case: Case) -> bool:
    """Return whether only the splice region differs, and the edit with one base more on either side touches an edge of it."""
    edges = {edge for start, end in case.track.introns for edge in (start - 3, start + 8, end - 8, end + 3)}
    near = any(edit.start - 1 <= edge <= edit.end + 1 for edge in edges for edit in case.placed.placements)
    return near and comparable(case.ours) ^ comparable(case.theirs) <= {Term.SPLICE_REGION, Term.INTRON}


def _start_codon(case: Case) -> bool:
    """Return whether the start codon is hit; csq adds a reading of what follows, or states only what the edit covers."""
    return Term.START_LOST in case.ours and not case.theirs.isdisjoint({Term.START_LOST, Term.CODING_SEQUENCE})


def _start_kept(case: Case) -> bool:
    """Return whether the edit itself is behind the start codon, or leaves one where it was."""
    kept = any(edit.start >= 3 for edit in case.coding_edits()) or case.ours <= {Term.UTR5, Term.SPLICE_REGION}
    return Term.START_LOST in case.theirs and Term.START_LOST not in case.ours and kept


def _site_and_leader(case: Case) -> bool:
    """Return whether a splice site and what follows it (5' UTR or start codon) are deleted, of which csq names only the latter."""
    return not case.ours.isdisjoint(_SITES) and case.theirs <= {Term.UTR5, Term.CODING_SEQUENCE}


def _whole_exon(case: Case) -> bool:
    """Return whether an exon and both of its splice sites are deleted, at one placement at least, of which csq names one."""
    sites = [region.terms & _SITES for edit in case.placed.placements if (region := region_of(case.track, edit))]
    return any(found == _SITES and case.theirs & _SITES < found for found in sites)


def _frame_of_length(case: Case) -> bool:
    """Return whether csq's frame contradicts the lengths of REF and ALT."""
    shifts = (len(case.allele.alt) - len(case.allele.ref)) % 3 != 0
    return (Term.FRAMESHIFT in case.theirs) != shifts and (Term.FRAMESHIFT in case.ours) == shifts


def _delins_at_border(case: Case) -> bool:
    """Return whether REF and ALT have nothing in common and touch the bases at an exon's border."""
    given = case.placed.as_written
    borders = {border for intron in case.track.introns for border in intron}
    return bool(given.ref and given.alt) and any(given.start - 2 <= border <= given.end + 2 for border in borders)


def _stop_codon(case: Case) -> bool:
    """Return whether the protein's own stop is hit, or is the first residue that changes."""
    stop = case.track.coding_length - 3
    described = f"Ter{len(case.track.protein)}" in (case.found.hgvs_p or "")
    hit = any(edit.end > stop for edit in case.coding_edits()) or Term.UTR3 in case.ours or Term.STOP_LOST in case.theirs
    return (described or hit) and comparable(case.ours) ^ comparable(case.theirs) <= _AT_STOP


def _no_such_stop(case: Case) -> bool:
    """Return whether the edited coding sequence, simply translated, has no stop where csq gains one, or has one that csq misses."""
    if len({Term.STOP_GAINED} & (case.ours ^ case.theirs)) != 1:
        return False
    bases = case.track.coding_bases
    altered = [translate(bases[: edit.start] + edit.alt + bases[edit.end :]) for edit in case.coding_edits()]
    early = [STOP in residues[:-1] for residues in altered]
    return bool(early) and all(is_early == (Term.STOP_GAINED in case.ours) for is_early in early)


def _untrimmed(case: Case) -> bool:
    """Return whether REF as written reaches over the border of an exon, and the bases that change do not."""
    borders = {border for intron in case.track.introns for border in intron}
    strand, (pos, ref, _) = case.track.transcript.strand, case.allele
    first, last = sorted((strand * pos, strand * (pos + len(ref) - 1)))
    given = case.placed.as_written
    return any(first < border <= last and not given.start < border < given.end for border in borders)


REASONS: dict[str, Callable[[Case], bool]] = {
    "late-stop": _late_stop,
    "site-copied": _site_copied,
    "other-placement": _other_placement,
    "start-codon": _start_codon,
    "start-kept": _start_kept,
    "site-and-leader": _site_and_leader,
    "whole-exon": _whole_exon,
    "stop-codon": _stop_codon,
    "no-such-stop": _no_such_stop,
    "border-insertion": _border_insertion,
    "region-edge": _region_edge,
    "frame-of-length": _frame_of_length,
    "untrimmed": _untrimmed,
    "delins-at-border": _delins_at_border,
}
