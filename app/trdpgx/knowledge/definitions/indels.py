"""Indels under their different spellings: PharmVar writes them as HGVS does, as far right as they slide; VCF as far left."""

from collections.abc import Callable, Iterator

from trdpgx.knowledge.definitions.downloaded import DownloadedSite
from trdpgx.model.genome import PanelSite

Fetch = Callable[[int, int], str]
"""Bases of the gene's chromosome from a position to a position, 1-based and inclusive."""
Change = tuple[int, str, str]
"""Position of the first changed base (for an insertion the base before it), what is deleted, what is inserted."""
_STEP = 50


def spellings(site: PanelSite, alt: str) -> Iterator[Change]:
    """Yield every spelling of an indel of ours, from left to right. The site's context is the sequence in which it can slide."""
    pos, context = site.pos, site.context
    deleted, inserted = site.ref[1:], alt[1:]
    if deleted and inserted:
        yield pos + 1, deleted, inserted
        return
    offset = 0
    while True:
        yield (pos + offset + 1, deleted, "") if deleted else (pos + offset, "", inserted)
        following = context[offset + 1 + len(deleted) : offset + 2 + len(deleted)]
        first = (deleted or inserted)[0]
        if following != first:
            return
        deleted, inserted = (deleted[1:] + first, "") if deleted else ("", inserted[1:] + first)
        offset += 1


def left_aligned(change: Change, fetch: Fetch) -> DownloadedSite:
    """Return an indel as VCF spells it: moved left while it can be, with the base before it."""
    start, deleted, inserted = change
    before = start - 1 if deleted else start
    moving = deleted or inserted
    sequence, low = "", before + 1
    while True:
        if before < low:
            low = max(before - _STEP + 1, 1)
            sequence = fetch(low, before)
        base = sequence[before - low]
        if base != moving[-1] or (deleted and inserted):
            break
        moving = base + moving[:-1]
        before -= 1
    if deleted and inserted:
        return DownloadedSite(before, base + deleted, (base + inserted,))
    return DownloadedSite(before, base + moving, (base,)) if deleted else DownloadedSite(before, base, (base + moving,))


def context_of(site: DownloadedSite, fetch: Fetch) -> str:
    """Return the reference sequence from the position on to one base past the interval in which an indel can slide."""
    longest = max(len(site.ref), *(len(alt) for alt in site.alts))
    if longest == 1 or all(len(alt) == len(site.ref) for alt in site.alts):
        return site.ref
    reach = len(site.ref) + 1
    for alt in site.alts:
        moving = site.ref[1:] or alt[1:]
        here = site.pos + len(site.ref)
        shift = 0
        while fetch(here + shift, here + shift) == moving[shift % len(moving)]:
            shift += 1
        reach = max(reach, len(site.ref) + shift + 1)
    return fetch(site.pos, site.pos + reach - 1)
