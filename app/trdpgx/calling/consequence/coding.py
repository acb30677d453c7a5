"""What an edit of the coding sequence does to the protein, and what that is called.

Where the coding sequence is known there is one answer. Where it is not, every codon that encodes the residue and agrees with the
variant's own REF is tried, and each different answer is kept: nothing is guessed.
"""

from itertools import product

from msgspec import Struct

from trdpgx.calling.consequence.region import CodingEdit
from trdpgx.calling.consequence.track import Track
from trdpgx.knowledge.reference.codon import STOP, UNKNOWN_RESIDUE, codons, translate
from trdpgx.model.consequence import Term
from trdpgx.model.nucleotides import UNKNOWN_BASE

_STRIDE = 180
"""Bases that are translated at a time where a reading goes on: most new frames end soon."""
_MOST_READ = 300_000
"""Bases that are read on for a stop; the longest human protein (titin) has 36,000 residues."""


class ProteinChange(Struct, frozen=True):
    """``removed`` residues from index ``start`` of the protein (its stop counted) become ``inserted``, which may hold a stop.

    ``frame_shifted``: everything after it is read in another frame, to a stop, and ``removed`` reaches to the end. ``extended``: the
    protein's own stop is gone, and after that many residues of ``inserted`` the 3' UTR is read in the same frame. Where a shifted or
    extended reading has no stop, the sequence is not known further.
    """

    start: int
    removed: int
    inserted: str
    frame_shifted: bool = False
    extended: int | None = None

    def removed_residues(self, protein: str) -> str:
        """Return the residues that are replaced."""
        return protein[self.start : self.start + self.removed]


def protein_changes(track: Track, edit: CodingEdit) -> tuple[ProteinChange, ...]:
    """Return each change of the protein that an edit can make; none where REF cannot encode the protein's residues."""
    first, behind = edit.start // 3, max(-(-edit.end // 3), edit.start // 3 + (edit.start % 3 > 0))
    before, after = track.coding_bases[3 * first : edit.start], track.coding_bases[edit.end : 3 * behind]
    window = before + edit.ref + after
    frames = [codons(track.protein[first + at], window[3 * at : 3 * at + 3]) for at in range(behind - first)]
    if not all(frames):
        return ()
    if edit.growth % 3:
        return (_shifted(track, edit, first, before),)
    ends = product(*(frame if index in (0, len(frames) - 1) else frame[:1] for index, frame in enumerate(frames)))
    changes = (_in_frame(track, edit, first, "".join(row)) for row in ends)
    return tuple(dict.fromkeys(changes))


def _in_frame(track: Track, edit: CodingEdit, first: int, window: str) -> ProteinChange:
    """Translate the codons that an in-frame edit touches, and read on where it takes the stop."""
    start, end, alt = edit.start - 3 * first, edit.end - 3 * first, edit.alt
    if len(alt) == end - start:
        alt = "".join(old if new == UNKNOWN_BASE else new for old, new in zip(window[start:end], alt, strict=True))
    inserted = translate(window[:start] + alt + window[end:])
    removed = len(window) // 3
    extended = len(inserted) if STOP not in inserted and first + removed == len(track.protein) else None
    if extended is not None:
        inserted += _read(track.trailer_bases[edit.trailer :])
    return ProteinChange(first, removed, inserted, extended=extended)


def _shifted(track: Track, edit: CodingEdit, first: int, before: str) -> ProteinChange:
    """Read on in the new frame, to a stop or to the end of what is known."""
    rest = track.coding_bases[edit.end :] + track.trailer_bases[edit.trailer :]
    return ProteinChange(first, len(track.protein) - first, _read(before + edit.alt + rest), frame_shifted=True)


def _read(sequence: str) -> str:
    """Translate to the first stop, or to the first codon that is not known; where there is neither, no farther than any protein goes."""
    pieces: list[str] = []
    for start in range(0, min(len(sequence), _MOST_READ), _STRIDE):
        pieces.append(translate(sequence[start : start + _STRIDE]))
        if STOP in pieces[-1] or UNKNOWN_RESIDUE in pieces[-1]:
            break
    return to_stop("".join(pieces).partition(UNKNOWN_RESIDUE)[0])


def to_stop(residues: str) -> str:
    """Cut after the first stop."""
    before, stop, _ = residues.partition(STOP)
    return before + stop


def terms_of(change: ProteinChange, protein: str, edit: CodingEdit) -> tuple[Term, ...]:
    """Name a change of the protein, most severe term first. The start codon is judged elsewhere."""
    if change.frame_shifted:
        return _shifted_terms(change, protein, edit)
    old, new = change.removed_residues(protein), to_stop(change.inserted)
    size = edit.growth
    if change.extended is not None:
        return (Term.STOP_LOST,) if size == 0 else (Term.STOP_LOST, Term.INFRAME_INSERTION if size > 0 else Term.INFRAME_DELETION)
    if old.endswith(STOP) and len(new) >= len(old) + size // 3:
        return (Term.STOP_RETAINED,) if old == new else (_kind(edit), Term.STOP_RETAINED)
    if STOP in new and new == protein[change.start :]:
        return (Term.STOP_RETAINED,)
    if STOP in new:
        return (Term.STOP_GAINED,) if size == 0 else (Term.STOP_GAINED, _kind(edit))
    return (Term.SYNONYMOUS,) if old == new else (_kind(edit),)


def _kind(edit: CodingEdit) -> Term:
    """Name an in-frame change by what happens to the coding bases."""
    if edit.growth == 0:
        return Term.MISSENSE
    if not edit.ref:
        return Term.INFRAME_INSERTION
    return Term.PROTEIN_ALTERING if edit.alt else Term.INFRAME_DELETION


def _shifted_terms(change: ProteinChange, protein: str, edit: CodingEdit) -> tuple[Term, ...]:
    """Name a change of the reading frame by the first residue that differs."""
    for old, new in zip(protein[change.start :], change.inserted, strict=False):
        if old != new:
            if old == STOP:
                return (Term.STOP_LOST,)
            if new == STOP:
                return (Term.STOP_GAINED, Term.FRAMESHIFT)
            break
    else:
        if change.inserted == protein[change.start :]:
            return (Term.STOP_RETAINED,)
    return (Term.FRAMESHIFT, Term.STOP_LOST) if edit.end > 3 * (len(protein) - 1) else (Term.FRAMESHIFT,)
