"""Indels under their different spellings: PharmVar writes them as HGVS does, as far right as they slide; VCF as far left."""

from collections.abc import Callable, Iterator

from trdpgx.knowledge.definitions.downloaded import DownloadedSite
from trdpgx.model.edit import Edit, trim
from trdpgx.model.genome import PanelSite

Fetch = Callable[[int, int], str]
"""Bases of the gene's chromosome from a position to a position, 1-based and inclusive."""


def spellings(site: PanelSite, alt: str) -> Iterator[Edit]:
    """Yield every spelling of an indel of ours, from left to right. The site's context is the sequence in which it can slide."""
    edit = trim(site.pos, site.ref, alt)
    yield edit
    yield from edit.to_right(site.base)


def left_aligned(edit: Edit, fetch: Fetch) -> DownloadedSite:
    """Return an indel as VCF spells it: moved left while it can be, with the base before it."""
    edit = [edit, *edit.to_left(lambda at: fetch(at, at))][-1]
    anchor = fetch(edit.start - 1, edit.start - 1)
    return DownloadedSite(edit.start - 1, anchor + edit.ref, (anchor + edit.alt,))


def context_of(site: DownloadedSite, fetch: Fetch) -> str:
    """Return the reference sequence from the position on to one base past the interval in which an indel can slide."""
    edits = [trim(site.pos, site.ref, alt) for alt in site.alts if len(alt) != len(site.ref)]
    if not edits:
        return site.ref
    behind = max([edit, *edit.to_right(lambda at: fetch(at, at))][-1].end for edit in edits)
    return fetch(site.pos, max(behind, site.pos + len(site.ref)))
