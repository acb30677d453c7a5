"""Nonsense-mediated decay by the 50-nucleotide rule: a prediction from the position of the new stop, and nothing more.

A stop more than 50 to 55 nucleotides before an exon-exon junction of the spliced transcript is expected to trigger decay (review:
Maquat 2005, J Cell Sci 118:1773). 50 is used here. The rule leaves out re-initiation, long exons or the tissue.
"""

from trdpgx.calling.consequence.coding import ProteinChange
from trdpgx.calling.consequence.region import CodingEdit
from trdpgx.calling.consequence.track import Track
from trdpgx.knowledge.reference.codon import STOP
from trdpgx.model.consequence import Decay

_DISTANCE = 50


def decay_of(track: Track, change: ProteinChange, edit: CodingEdit) -> Decay:
    """Return whether nonsense-mediated decay is expected of a change with a premature stop or a frameshift."""
    if track.last_junction is None:
        return Decay.ESCAPES
    junction = track.last_junction - track.leader_length
    if edit.end <= junction:
        junction += edit.growth
    stop = change.inserted.find(STOP)
    residues_before = stop if stop >= 0 else len(change.inserted)
    distance = junction - 3 * (change.start + residues_before + 1)
    if distance <= _DISTANCE:
        return Decay.ESCAPES
    return Decay.PREDICTED if stop >= 0 else Decay.UNKNOWN
