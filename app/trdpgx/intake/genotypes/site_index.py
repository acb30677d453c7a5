"""The sites of a panel by position, and the edits (``edits``) that an allele of a record is read as.

Three rules go beyond spelling:

- An insertion or deletion that is a known allele of one site changes only that site. A base that such a deletion takes away counts, at
  the sites inside it, as the reference: star-allele definitions leave those entries blank.
- Any other deletion over a site leaves nothing to read there (``DELETED``). ``*`` states it of a deletion in another record (``STAR``).
- A record of several changes at once (a known insertion or deletion and bases that are known alleles of other sites) is taken apart. One
  that replaces so many bases by others that it is not looked into leaves nothing to read at the sites in it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from trdpgx.intake.genotypes.budget import ATTEMPT, Budget
from trdpgx.intake.genotypes.edits import edits_of, known_allele, placements, subtract
from trdpgx.intake.scan.panel_index import SortedIntervals, merge
from trdpgx.model.edit import Edit
from trdpgx.model.genome import Panel, PanelSite, Purpose
from trdpgx.model.region import by_chromosome

DELETED = "-"
STAR = "*"
SYMBOLIC = "<>"
"""Effects of an allele that are no bases: see above; ``SYMBOLIC`` is a symbolic allele or a breakend."""

_WHOLE = 0.9
"""So much of a gene a record covers that is a matter of copy number."""
Spelling = tuple[str, int, str, tuple[str, ...]]
"""Chromosome, POS, REF and ALTs of a record."""


class PlainRecord(NamedTuple):
    """A record that is spelled as a site: the effects of its alleles there, and those of them that are not REF."""

    site: PanelSite
    effects: tuple[str, ...]
    expresses: frozenset[str]


class SiteIndex:
    """The sites of one panel by position, and what is known about insertions and deletions. It keeps nothing of any input.

    ``plain`` has, by spelling, the records that bear on one site alone and have alleles of it only, as most do. ``absent`` are the calls of
    all sites where the file has nothing.
    """

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.coding: dict[str, SortedIntervals] = {chrom: merge(intervals) for chrom, intervals in by_chromosome(panel.coding).items()}
        self._by_chrom: dict[str, list[PanelSite]] = {}
        for site in sorted(panel.sites, key=lambda site: site.pos):
            self._by_chrom.setdefault(site.chrom, []).append(site)
        self._starts = {chrom: [site.pos for site in sites] for chrom, sites in self._by_chrom.items()}
        self._ends = {chrom: [site.window_end for site in sites] for chrom, sites in self._by_chrom.items()}
        self._reach = {chrom: max(site.window_end - site.pos for site in sites) for chrom, sites in self._by_chrom.items()}

        self._spans = self._genes(panel)
        self._at = self._bases(panel)
        self.plain = self._plain(panel)
        self._core_edits: dict[str, list[Edit]] = {}
        self.absent = panel.absent_calls()

    @staticmethod
    def _genes(panel: Panel) -> dict[tuple[str, str], tuple[int, int]]:
        """Return the outermost sites that define alleles, by gene and chromosome."""
        found: dict[tuple[str, str], tuple[int, int]] = {}
        for site in panel.sites:
            if site.purpose is Purpose.ALLELE:
                first, last = found.get((site.gene, site.chrom), (site.pos, site.pos))
                found[site.gene, site.chrom] = min(first, site.pos), max(last, site.pos)
        return found

    def spans_gene(self, site: PanelSite, first: int, last: int) -> bool:
        """Whether an interval covers nine tenths of the range of the sites of a site's gene, as copy-number evidence must."""
        start, end = self._spans.get((site.gene, site.chrom), (0, -1))
        return end > start and min(last, end) - max(first, start) + 1 >= _WHOLE * (end - start + 1)

    @staticmethod
    def _bases(panel: Panel) -> dict[tuple[str, int], list[PanelSite]]:
        """Return the sites over each base of a window, as most records have one base."""
        found: dict[tuple[str, int], list[PanelSite]] = {}
        for site in sorted(panel.sites, key=lambda site: site.pos):
            for pos in range(site.pos, site.window_end + 1):
                found.setdefault((site.chrom, pos), []).append(site)
        return found

    def _plain(self, panel: Panel) -> dict[Spelling, PlainRecord]:
        found: dict[Spelling, PlainRecord] = {}
        for site in panel.sites:
            if list(self.touching(site.chrom, site.pos, site.end)) == [site]:
                for alts in {*((alt,) for alt in site.alts), site.alts}:
                    found[site.chrom, site.pos, site.ref, alts] = PlainRecord(site, (site.ref, *alts), frozenset(alts))
        return found

    def touching(self, chrom: str, first: int, last: int) -> Sequence[PanelSite]:
        """Return the sites whose window shares a base with ``first`` to ``last``, in ascending order."""
        if first == last:
            return self._at.get((chrom, first), ())
        starts = self._starts.get(chrom)
        if starts is None:
            return []
        sites, ends = self._by_chrom[chrom], self._ends[chrom]
        candidates = range(bisect_left(starts, first - self._reach[chrom]), bisect_right(starts, last))
        return [sites[number] for number in candidates if ends[number] >= first]

    def known(self, chrom: str, edit: Edit) -> dict[str, str]:
        """Return the sites (id -> allele) that know an insertion, a deletion or a mixture of both as theirs."""
        if edit.is_substitution:
            return {}
        sites = self.touching(chrom, edit.start - 1, max(edit.start, edit.end - 1))
        matches = {site.id: known_allele(site, edit) for site in sites if site.is_indel}
        return {site: allele for site, allele in matches.items() if allele is not None}

    def edits(self, chrom: str, pos: int, ref: str, alt: str, budget: Budget) -> tuple[Edit, ...]:
        """Return the edits of an allele; one that mixes known changes is taken apart, unless it is longer than the cap."""
        edits = edits_of(pos, ref, alt)
        if len(ref) != len(alt) and edits[0].ref and edits[0].alt and not budget.is_long(edits[0]) and not self.known(chrom, edits[0]):
            return self._take_apart(chrom, edits[0], budget) or edits
        return edits

    def _cores(self, site: PanelSite) -> list[Edit]:
        """Return the insertions and deletions of a site, at each position of its context where they may stand."""
        if site.id not in self._core_edits:
            self._core_edits[site.id] = [
                placed for alt in site.alts for edit in edits_of(site.pos, site.ref, alt) for placed in placements(site, edit)
            ]
        return self._core_edits[site.id]

    def _take_apart(self, chrom: str, mixed: Edit, budget: Budget) -> tuple[Edit, ...] | None:
        """Return a known insertion or deletion and known substitutions that make up ``mixed`` together, if there are any."""
        growth = len(mixed.alt) - len(mixed.ref)
        for site in self.touching(chrom, mixed.start, mixed.end - 1):
            for core in self._cores(site) if site.is_indel else ():
                if len(core.alt) - len(core.ref) != growth:
                    continue
                budget.spend(ATTEMPT)
                rest = subtract(mixed, core)
                if rest is not None and all(self._is_known_base(chrom, edit) for edit in rest):
                    return (core, *rest)
        return None

    def _is_known_base(self, chrom: str, edit: Edit) -> bool:
        return any(site.pos == edit.start and edit.alt in site.alts for site in self.touching(chrom, edit.start, edit.start))
