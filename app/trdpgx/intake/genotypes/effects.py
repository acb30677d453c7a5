"""The effect of each allele of a record at each panel site, by the edits of the reference that the allele consists of (``edits``)."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from trdpgx.intake.genotypes.budget import Budget
from trdpgx.intake.genotypes.edits import edits_of, is_sequence, slide_left
from trdpgx.intake.genotypes.site_index import DELETED, STAR, SYMBOLIC, SiteIndex
from trdpgx.intake.validate.record import Record
from trdpgx.model.edit import Edit
from trdpgx.model.genome import PanelSite


class Change(NamedTuple):
    """An edit of an allele, and the sites (id -> allele) that know it as theirs.

    ``unknown``: what it leaves at a site whose bases it takes away without being known.
    """

    edit: Edit
    known: Mapping[str, str]
    unknown: str = ""


Judge = Callable[[PanelSite, Sequence[Change]], str]
"""What the changes of an ALT leave at a site."""


class Alleles:
    """The alleles of one record. Their changes are found once for all sites that the record reaches."""

    def __init__(self, index: SiteIndex, record: Record, budget: Budget) -> None:
        self.index = index
        self._record = record
        self._budget = budget
        self._changes: dict[str, tuple[Change, ...]] = {}
        self.spelled = tuple(map(is_sequence, record.alts))
        """Of each ALT, whether it is spelled in bases."""

    def effects(self, site: PanelSite) -> tuple[str, ...]:
        """Return what each allele (REF first) leaves at a site, in the site's spelling."""
        judge = _at_indel if site.is_indel else _at_bases
        found = (self._effect(site, alt, spelled, judge) for alt, spelled in zip(self._record.alts, self.spelled, strict=True))
        return (site.ref, *found)

    def deletes(self, site: PanelSite, alt: str) -> bool:
        """Whether an ALT has a deletion over the site."""
        if len(alt) >= len(self._record.ref):
            return False
        return any(change.edit.is_deletion and change.edit.start <= site.pos < change.edit.end for change in self._of(alt))

    def _effect(self, site: PanelSite, alt: str, spelled: bool, judge: Judge) -> str:
        """Return what one ALT leaves at a site: a known allele, one of its own spelling, or ``DELETED``, ``STAR`` or ``SYMBOLIC``."""
        record = self._record
        if alt in site.alts and record.pos == site.pos and record.ref == site.ref:
            return alt
        if alt == "*":
            return STAR if record.pos <= site.pos <= record.ref_end else site.ref
        if not spelled:
            return SYMBOLIC
        return judge(site, self._near(site, alt) if len(alt) == len(record.ref) else self._of(alt))

    def _near(self, site: PanelSite, alt: str) -> list[Change]:
        """Return the changes of an ALT as long as REF at the site's own bases: those beyond them change nothing there."""
        record = self._record
        first = max(record.pos, site.pos)
        here = slice(first - record.pos, site.pos + len(site.ref) - record.pos)
        return [Change(edit, {}) for edit in edits_of(first, record.ref[here], alt[here])] if here.stop > 0 else []

    def _of(self, alt: str) -> tuple[Change, ...]:
        """Return the changes of an ALT of another length than REF."""
        found = self._changes.get(alt)
        if found is None:
            index, record, budget = self.index, self._record, self._budget
            found = tuple(self._change(edit) for edit in index.edits(record.chrom, record.pos, record.ref, alt, budget))
            self._changes[alt] = found
        elif len(found) > 1:
            self._budget.spend(len(found))
        return found

    def _change(self, edit: Edit) -> Change:
        if self._budget.is_long(edit):
            return Change(edit, {}, DELETED)
        unknown = f"{edit.ref}>{edit.alt}" if edit.ref and edit.alt else DELETED
        return Change(edit, self.index.known(self._record.chrom, edit), unknown)


def _at_bases(site: PanelSite, changes: Sequence[Change]) -> str:
    """Return the effect at a site whose alleles are as long as its REF."""
    bases = list(site.ref)
    last = site.end
    for edit, known, unknown in changes:
        if edit.end <= site.pos or edit.start > last:
            continue
        if edit.is_substitution:
            bases[edit.start - site.pos] = edit.alt
        elif edit.ref and not known:
            return unknown
    return "".join(bases)


def _at_indel(site: PanelSite, changes: Sequence[Change]) -> str:
    """Return the effect at a site that has an insertion or a deletion among its alleles."""
    found = site.ref
    for edit, known, unknown in changes:
        if edit.ref and edit.alt and unknown == DELETED:
            if _touches(site, edit) or edit.start <= site.pos < edit.end:
                return DELETED
        elif site.id in known:
            found = known[site.id]
        elif known:
            continue
        elif edit.is_substitution:
            found = _substituted(site, edit) or found
        elif edit.is_deletion and edit.start <= site.pos < edit.end:
            return DELETED
        elif _touches(site, slide_left(site, edit)):
            found = _spelling(site, slide_left(site, edit))
    return found


def _substituted(site: PanelSite, edit: Edit) -> str | None:
    """Return the allele that a substitution makes, if the site has alleles of REF's own length."""
    if not site.pos <= edit.start < site.pos + len(site.ref) or all(len(alt) != len(site.ref) for alt in site.alts):
        return None
    offset = edit.start - site.pos
    return site.ref[:offset] + edit.alt + site.ref[offset + 1 :]


def _touches(site: PanelSite, edit: Edit) -> bool:
    """Whether an unknown edit changes what the site is about: the bases after its anchor, over the length of REF."""
    last = site.pos + max(len(site.ref), 2) - 1
    return edit.start <= last and max(edit.end - 1, edit.start) > site.pos


def _spelling(site: PanelSite, edit: Edit) -> str:
    """Return an unknown edit in the manner of the site's alleles, or as ``REF>ALT`` where it reaches beyond them."""
    start, stop = edit.start - site.pos, edit.end - site.pos
    if start < 0 or stop > len(site.ref):
        return f"{edit.ref or '-'}>{edit.alt or '-'}"
    return site.ref[:start] + edit.alt + site.ref[stop:]
