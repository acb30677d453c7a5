"""HGVS descriptions of proteins (``p.``), by the recommendations of https://hgvs-nomenclature.org (read at v21.0).

A description follows from the two protein sequences alone. All are predictions, so all stand in parentheses. The rules that
decide: the most C-terminal position; an immediate stop is a substitution by ``Ter``; a longer C-terminus is an extension; a frame shift
starts at the first residue that differs; residues after a new stop are not listed.
"""

from collections.abc import Sequence

from trdpgx.calling.consequence.coding import ProteinChange, to_stop
from trdpgx.knowledge.reference.codon import STOP, residue_names
from trdpgx.model.edit import shared

UNKNOWN = "p.?"
START_LOST = "p.(Met1?)"


def describe(changes: Sequence[ProteinChange], protein: str) -> str:
    """Describe a change, or the several that the known sequence leaves open (``^``: or). ``protein`` ends with its stop."""
    texts = list(dict.fromkeys(_text(change, protein) for change in changes))
    if len(texts) == 1:
        text = texts[0]
        if text is None:
            return UNKNOWN
        return f"p.[({text})]" if ";" in text else f"p.({text})"
    single = [text for text in texts if text is not None and all(_is_substitution(change, protein) for change in changes)]
    if len(single) != len(texts):
        return UNKNOWN
    site = single[0][:-3]
    return f"p.({site}{'^'.join(text.removeprefix(site) for text in single)})"


def _is_substitution(change: ProteinChange, protein: str) -> bool:
    """Whether one residue becomes one other residue."""
    old = change.removed_residues(protein)
    return not change.frame_shifted and len(old) == len(change.inserted) == 1 and old not in {change.inserted, STOP}


def _text(change: ProteinChange, protein: str) -> str | None:
    """Return what stands between the parentheses; ``None`` where it is not known."""
    if change.extended is not None and change.extended == change.removed > 1:
        return _substitutions_and_extension(change, protein)
    return _read_on(change, protein) if change.frame_shifted or change.extended is not None else _in_frame(change, protein)


def _residue(protein: str, index: int) -> str:
    """Return a residue's name and number."""
    return f"{residue_names(protein[index])}{index + 1}"


def _range(protein: str, start: int, end: int) -> str:
    """Return one residue, or the first and last of several."""
    first = _residue(protein, start)
    return first if end - start == 1 else f"{first}_{_residue(protein, end - 1)}"


def _read_on(change: ProteinChange, protein: str) -> str | None:
    """Describe a reading that goes on to another stop: frame shift, extension, or an immediate stop."""
    new = change.inserted
    same = shared(protein[change.start :], new)
    at = change.start + same
    if at == len(protein):
        return f"{_residue(protein, change.start)}="
    if same == len(new):
        return None
    site, first = _residue(protein, at), residue_names(new[same])
    if new[same] == STOP:
        return f"{site}Ter"
    stop = new.find(STOP)
    if protein[at] == STOP:
        return f"{site}{first}extTer{stop - same if stop >= 0 else '?'}"
    return f"{site}{first}fsTer{stop - same + 1 if stop >= 0 else '?'}"


def _substitutions_and_extension(change: ProteinChange, protein: str) -> str | None:
    """Describe codons replaced one by one, the stop among them: what comes before the stop, and the extension."""
    stop = change.removed - 1
    before = ProteinChange(change.start, stop, change.inserted[:stop])
    extension = ProteinChange(change.start + stop, 1, change.inserted[stop:], extended=1)
    texts = [_text(part, protein) for part in (before, extension) if part.inserted != part.removed_residues(protein)]
    return None if None in texts else ";".join(text for text in texts if text)


def _in_frame(change: ProteinChange, protein: str) -> str:
    """Describe a change after which the protein is as it was, or ends."""
    end, old, new = change.start + change.removed, change.removed_residues(protein), change.inserted
    if old == new:
        return f"{_range(protein, change.start, end)}="
    if len(old) != len(new):
        old, new = old + protein[end:], new + protein[end:]
    same = shared(old, new)
    start, old, new = change.start + same, old[same:], new[same:]
    if not old:
        return f"{_residue(protein, len(protein) - 1)}="
    if new.startswith(STOP):
        return f"{_residue(protein, start)}Ter"
    tail = shared(old[::-1], new[::-1])
    old_end, new = start + len(old) - tail, new[: len(new) - tail]
    if protein[start] == STOP:
        return f"{_residue(protein, start)}{residue_names(new[0])}extTer{len(new)}"
    return _replaced(protein, start, old_end, to_stop(new))


def _replaced(protein: str, start: int, end: int, new: str) -> str:
    """Describe residues ``[start, end)`` replaced by others, the sequences sharing neither first nor last residue."""
    if not new:
        return f"{_range(protein, start, end)}del"
    if start == end:
        copied = start - len(new)
        if copied >= 0 and protein[copied:start] == new:
            return f"{_range(protein, copied, start)}dup"
        return f"{_residue(protein, start - 1)}_{_residue(protein, start)}ins{residue_names(new)}"
    if len(new) == 1 and end - start == 1:
        return f"{_residue(protein, start)}{residue_names(new)}"
    if len(new) == end - start and len(groups := _changed(protein, start, new)) > 1:
        return ";".join(_replaced(protein, start + low, start + high, new[low:high]) for low, high in groups)
    return f"{_range(protein, start, end)}delins{residue_names(new)}"


def _changed(protein: str, start: int, new: str) -> list[tuple[int, int]]:
    """Return the intervals of a replacement of equal length that unchanged residues keep apart."""
    groups, first = [], 0
    for index in range(len(new) + 1):
        if index == len(new) or protein[start + index] == new[index]:
            if first < index:
                groups.append((first, index))
            first = index + 1
    return groups
