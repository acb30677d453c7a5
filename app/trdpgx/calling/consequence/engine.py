"""The consequence of one VCF allele on one transcript, and whether nonsense-mediated decay is expected of it.

An indel in a repeat is one change with several placements. HGVS names the most 3' one. Its consequence is computed there too, unless it
would destroy a splice site, the start or the stop there and another placement would not.
"""

from msgspec import Struct

from trdpgx.calling.consequence import nucleotide, protein
from trdpgx.calling.consequence.coding import ProteinChange, protein_changes, terms_of
from trdpgx.calling.consequence.placement import locate
from trdpgx.calling.consequence.region import CodingEdit, Region, region_of
from trdpgx.calling.consequence.track import Track, track_of
from trdpgx.knowledge.reference.codon import STOP
from trdpgx.model.consequence import Consequence, Decay, Limit, Term
from trdpgx.model.edit import Edit
from trdpgx.model.nucleotides import UNKNOWN_BASE
from trdpgx.model.transcript import Transcript

_START_CODON = 3
_DECAY_DISTANCE = 50
"""A stop farther than this before the last exon-exon junction, in nucleotides, is expected to trigger decay."""
_LOST = frozenset({Term.TRANSCRIPT_ABLATION, Term.SPLICE_ACCEPTOR, Term.SPLICE_DONOR, Term.START_LOST, Term.STOP_LOST})


class EditEffect(Struct, frozen=True):
    """The effect of an edit at one placement: every possible consequence (terms, most severe first), the protein, and the limits."""

    answers: tuple[tuple[Term, ...], ...]
    hgvs_p: str | None
    decay: Decay | None = None
    limits: tuple[Limit, ...] = ()


def consequence(transcript: Transcript, pos: int, ref: str, alt: str) -> Consequence | None:
    """Return what a VCF allele does to a transcript of the same assembly and chromosome.

    ``pos`` is 1-based; ``ref`` and ``alt`` are plus strand, in upper case. ``None`` where the allele names no sequence (symbolic,
    ``*``, breakend), equals REF, or lies more than 5,000 bases from the transcript.
    """
    track = track_of(transcript)
    placed = locate(track, pos, ref, alt)
    if placed is None:
        return None
    if isinstance(placed, Limit):
        return Consequence((), limits=(placed,))
    readings = [(region, read(track, region)) for region in _distinct(track, placed.placements)]
    if not readings:
        return None
    region, reading = _agreed(readings)
    return conclude(track, region, reading, nucleotide.describe(track, (placed.most_3_prime,), placed.base), placed.limits)


def conclude(track: Track, region: Region, reading: EditEffect, hgvs_c: str | None, limits: tuple[Limit, ...]) -> Consequence:
    """Put the result together."""
    single = len(reading.answers) == 1
    return Consequence(
        terms=reading.answers[0] if single else (),
        possible=() if single else reading.answers,
        hgvs_c=hgvs_c,
        hgvs_p=None if reading.hgvs_p is None else f"{track.transcript.refseq_protein}:{reading.hgvs_p}",
        decay=reading.decay,
        exon=region.exon,
        intron=region.intron,
        limits=(*limits, *reading.limits),
    )


def _agreed(readings: list[tuple[Region, EditEffect]]) -> tuple[Region, EditEffect]:
    """Choose among the effects of equivalent placements, which are in the order of the transcript."""
    keeping = [reading for reading in readings if _LOST.isdisjoint(reading[1].answers[0])]
    if not keeping:
        return readings[-1]
    coding = [reading for reading in keeping if reading[0].coding is not None]
    intronic = [reading for reading in keeping if Term.INTRON in reading[0].terms and reading[0].coding is None]
    if coding and intronic:
        answers = dict.fromkeys(answer for _, reading in (coding[-1], intronic[-1]) for answer in reading.answers)
        return coding[-1][0], EditEffect(tuple(answers), protein.UNKNOWN, limits=(Limit.SPLICE_SITE_COPIED,))
    return keeping[-1]


def _distinct(track: Track, placements: tuple[Edit, ...]) -> list[Region]:
    """Return what the placements touch: one region, that of the most 3' one, for those that touch the same. In transcript order."""
    stop = track.coding_length - _START_CODON
    seen: dict[object, Region] = {}
    for edit in placements:
        region = region_of(track, edit)
        if region is not None:
            coding = region.coding
            at_ends = None if coding is None else (coding.start < _START_CODON, coding.end > stop, coding.leader > 0, coding.trailer > 0)
            seen.pop((region.terms, at_ends), None)
            seen[region.terms, at_ends] = region
    return list(seen.values())


def read(track: Track, region: Region) -> EditEffect:
    """Return the effect of an edit at one placement; ``region`` is the part of the transcript that it touches."""
    edit, around = region.coding, region.terms
    if edit is None:
        lost = {Term.SPLICE_DONOR, Term.SPLICE_ACCEPTOR, Term.CODING_SEQUENCE, Term.TRANSCRIPT_ABLATION}
        return EditEffect((ordered(around),), None if around.isdisjoint(lost) else protein.UNKNOWN)
    if edit.start < _START_CODON:
        return EditEffect((ordered({Term.START_LOST, *around}),), protein.START_LOST)
    changes = protein_changes(track, edit)
    if not changes:
        return EditEffect(((),), None, limits=(Limit.REFERENCE_MISMATCH,))
    answers = {ordered({*terms_of(change, track.protein, edit), *around}) for change in changes}
    limits = (Limit.NO_CODING_SEQUENCE,) if any(_rests_on_protein(track, change) for change in changes) else ()
    decay = None
    if all(not {Term.STOP_GAINED, Term.FRAMESHIFT}.isdisjoint(terms) for terms in answers):
        decays = {_decay(track, change, edit) for change in changes}
        decay = decays.pop() if len(decays) == 1 else Decay.UNKNOWN
    described = protein.describe(changes, track.protein) if len(answers) == 1 else protein.UNKNOWN
    return EditEffect(tuple(sorted(answers, key=lambda terms: [term.severity for term in terms])), described, decay, limits)


def _decay(track: Track, change: ProteinChange, edit: CodingEdit) -> Decay:
    """Return whether nonsense-mediated decay is expected of a premature stop or a frameshift, by the 50-nucleotide rule alone.

    A stop more than 50 to 55 nucleotides before an exon-exon junction of the spliced transcript is expected to trigger decay (review:
    Maquat 2005, J Cell Sci 118:1773). The rule leaves out re-initiation, long exons and the tissue.
    """
    if track.last_junction is None:
        return Decay.ESCAPES
    junction = track.last_junction - track.leader_length
    if edit.end <= junction:
        junction += edit.growth
    stop = change.inserted.find(STOP)
    residues_before = stop if stop >= 0 else len(change.inserted)
    if junction - 3 * (change.start + residues_before + 1) <= _DECAY_DISTANCE:
        return Decay.ESCAPES
    return Decay.PREDICTED if stop >= 0 else Decay.UNKNOWN


def _rests_on_protein(track: Track, change: ProteinChange) -> bool:
    """Whether the result depends on a base that is not known."""
    if change.frame_shifted and change.inserted.endswith(STOP):
        return False
    return UNKNOWN_BASE in track.coding_bases[3 * change.start : 3 * (change.start + change.removed)]


def ordered(terms: set[Term] | frozenset[Term]) -> tuple[Term, ...]:
    """Return terms with the most severe first."""
    return tuple(sorted(terms, key=lambda term: term.severity))
