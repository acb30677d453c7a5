"""HGVS descriptions of coding DNA (``c.``), by the recommendations of https://hgvs-nomenclature.org (read at v21.0).

The 3' rule is applied along the genome, so a change can slide from an exon into the intron after it (``c.1704+1del``) and never
into the next exon. A change that touches an intron is described on the chromosome: ``NC_000010.11(NM_021045.3):c.15+1G>A``.
Priority: substitution, deletion, inversion, duplication, insertion; two changes with unchanged bases between them are described
apart, unless one base only lies between them and all three are of one codon.
"""

import re
from collections.abc import Callable, Sequence

from trdpgx.calling.consequence.track import Track
from trdpgx.model.edit import Edit
from trdpgx.model.nucleotides import reverse_complement

_Base = Callable[[int], str]
_INTRONIC = re.compile(r"\d[+-]\d")


def describe(track: Track, edits: Sequence[Edit], base: _Base) -> str | None:
    """Describe edits of one haplotype, each at its most 3' placement; ``None`` where a base is not of the transcript.

    ``base`` gives the reference base of a track position, ``N`` where it is not known.
    """
    parts = [part for edit in edits for part in _apart(track, edit)]
    texts = [_text(track, part, base) for part in parts]
    named = [text for text in texts if text is not None]
    if len(named) != len(texts):
        return None
    body = named[0] if len(named) == 1 else f"[{';'.join(named)}]"
    transcript = track.transcript
    return f"{transcript.contig}({transcript.refseq}):c.{body}" if _INTRONIC.search(body) else f"{transcript.refseq}:c.{body}"


def _apart(track: Track, edit: Edit) -> list[Edit]:
    """Split a change of equal length where unchanged bases part it."""
    if len(edit.ref) != len(edit.alt) or len(edit.ref) == 1 or edit.alt == reverse_complement(edit.ref):
        return [edit]
    parts: list[Edit] = []
    for run in edit.runs():
        if parts and run.start - parts[-1].end == 1 and _one_codon(track, parts[-1].end - 1, run.start):
            parts.append(edit.part(parts.pop().start, run.end))
        else:
            parts.append(run)
    return parts


def _one_codon(track: Track, first: int, last: int) -> bool:
    """Whether two exonic positions are of one codon."""
    low, high = track.coding
    if not (low <= first and last < high) or track.exon(first) is None or track.exon(first) != track.exon(last):
        return False
    return track.coding_index(first) // 3 == track.coding_index(last) // 3


def _text(track: Track, edit: Edit, base: _Base) -> str | None:
    """Return what stands after ``c.`` for one edit; ``None`` outside the transcript."""
    if edit.is_insertion:
        return _insertion(track, edit, base)
    position = _range(track, edit.start, edit.end)
    if position is None:
        return None
    if edit.is_deletion:
        return f"{position}del"
    if len(edit.ref) == len(edit.alt) == 1:
        return f"{position}{edit.ref}>{edit.alt}"
    if edit.alt == reverse_complement(edit.ref):
        return f"{position}inv"
    return f"{position}delins{edit.alt}"


def _insertion(track: Track, edit: Edit, base: _Base) -> str | None:
    """Describe a duplication, where the bases before are the same, or else an insertion."""
    copied = edit.start - len(edit.alt)
    if all(base(copied + offset) == letter for offset, letter in enumerate(edit.alt)):
        position = _range(track, copied, edit.start)
        return None if position is None else f"{position}dup"
    position = _range(track, edit.start - 1, edit.start + 1)
    return None if position is None else f"{position}ins{edit.alt}"


def _range(track: Track, start: int, end: int) -> str | None:
    """Name an interval."""
    first, last = track.name(start), track.name(end - 1)
    if first is None or last is None:
        return None
    return first if end - start == 1 else f"{first}_{last}"
