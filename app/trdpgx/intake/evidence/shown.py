"""The alleles that records show at a site, whether or not a genotype can be made of them: none may be lost in silence."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from trdpgx.intake.genotypes.blocks import blocks_over
from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.genotypes.readings import NoReading, name_of, shown_alleles
from trdpgx.intake.genotypes.site_index import SYMBOLIC
from trdpgx.intake.genotypes.site_reading import SiteReading
from trdpgx.intake.genotypes.site_records import SiteRecord, SiteRows
from trdpgx.model.genome import NoCallReason

RowReadings = Sequence[tuple[SiteRecord, SiteReading | NoReading]]
"""Rows, and the reading of each in a sample, or why there is none."""


class Why(NamedTuple):
    """Why a site has no call, and the record that is to blame."""

    reason: NoCallReason
    record: int


class Shown(Struct):
    """The alleles other than the reference that the records at a site show in a sample, each once.

    ``carried`` and ``refused`` are as in ``SiteCall``. ``unplaced``: a passing record shows an allele that no reading has, so that the site
    must not be called, whatever the readings show. ``unread``: the same of an allele that a filter or the quality refuses, and of which no
    passing row states that it is absent. ``why``: the first reason of all, for a site without any reading. ``spanning``: deletions without
    bases, of a part of the gene, that pass and reach over the site, where a row may read the one copy that is left as if there were two.
    """

    carried: dict[str, None] = field(default_factory=dict)
    refused: dict[str, None] = field(default_factory=dict)
    unplaced: Why | None = None
    unread: Why | None = None
    why: Why | None = None
    spanning: dict[str, None] = field(default_factory=dict)

    def carry(self, names: Sequence[str], why: Why, *, placed: bool) -> None:
        """Add alleles of a passing record; ``placed``: whether a reading has them."""
        self.carried.update(dict.fromkeys(names))
        if names:
            self.why = self.why or why
            if not placed:
                self.unplaced = self.unplaced or why

    def refuse(self, names: Sequence[str], why: Why) -> None:
        """Add alleles of a record that a filter or its quality refuses."""
        self.refused.update(dict.fromkeys(names))
        if names:
            self.why = self.why or why

    def add(self, names: Sequence[str], row: SiteRecord, one: SiteReading | NoReading, *, placed: bool) -> None:
        """Add the alleles that one row shows; ``placed``: whether its reading has a part in the call."""
        if isinstance(one, SiteReading):
            self.carry(names, Why(NoCallReason.SYMBOLIC, row.record), placed=placed)
        elif one.refused:
            self.refuse(names, Why(one.reason, row.record))
        else:
            self.carry(names, Why(one.reason, row.record), placed=False)


def show(genotypes: PanelGenotypes, rows: SiteRows, sample: int, deciding: RowReadings, others: RowReadings) -> Shown:
    """Return the alleles that are shown at a site; ``deciding`` are the rows that decide, ``others`` those beside and over it."""
    found = Shown()
    denied = {allele for _, one in deciding if isinstance(one, SiteReading) and one.complete for allele in one.expresses}
    excluded = any(isinstance(one, SiteReading) and one.complete and one.universal for _, one in deciding)
    called = {allele for _, one in deciding if isinstance(one, SiteReading) and one.complete for allele in one.pair}
    for row, one in deciding:
        if isinstance(one, NoReading) and one.reason is NoCallReason.REF_MISMATCH and called.issuperset(one.shown):
            continue  # another row reads what this one only shows
        found.add(_names(genotypes, rows, row, sample), row, one, placed=True)
        if isinstance(one, NoReading) and one.refused and not (excluded or denied.issuperset(one.shown)):
            found.unread = found.unread or Why(one.reason, row.record)
    over = {row.record for row in rows.over}
    for row, one in others:
        found.add(_names(genotypes, rows, row, sample), row, one, placed=row.record in over)
    for number, names, usable, at_site in _symbolic(genotypes, rows, sample):
        why = Why(NoCallReason.SYMBOLIC, number)
        if usable:
            found.carry(names, why, placed=not at_site)
            found.spanning |= dict.fromkeys(names if not at_site else ())
        else:
            found.refuse(names, why)
    for block in blocks_over(genotypes, rows, sample).carrying if rows.blocks else ():
        alts = genotypes.records[block].alts
        found.carry(alts[:1], Why(NoCallReason.SYMBOLIC, block), placed=False)
    return found


def _names(genotypes: PanelGenotypes, rows: SiteRows, row: SiteRecord, sample: int) -> tuple[str, ...]:
    genotype = genotypes.alleles(row.record, sample)
    if genotype is None:
        return ()
    shown = shown_alleles(rows.site, genotypes.records[row.record], row, genotype[0])
    # REF is a variant where that of GRCh38 is another; a row that gives a genotype keeps it there, one that is refused has no other way.
    is_shown = bool(rows.site.other_ref) and 0 in genotype[0] and not genotypes.usable(row.record, sample)
    return (rows.site.ref, *(allele for allele in shown if allele != rows.site.other_ref)) if is_shown else shown


def _symbolic(genotypes: PanelGenotypes, rows: SiteRows, sample: int) -> Iterator[tuple[int, list[str], bool, bool]]:
    """Yield each symbolic record that a sample carries an allele of: the alleles, whether it can be used, and whether it is at the site.

    One over the whole gene is a matter of copy number, and of no site.
    """
    for symbolic in rows.symbolic:
        genotype = genotypes.alleles(symbolic.record, sample)
        if genotype is None or symbolic.whole:
            continue
        alts = genotypes.records[symbolic.record].alts
        names = [name_of(SYMBOLIC, alts[allele - 1]) for allele in genotype[0] if allele > 0]
        if not symbolic.at_site:
            names = [name for name in names if name.startswith("<DEL")]
        if names:
            yield symbolic.record, names, genotypes.usable(symbolic.record, sample), symbolic.at_site
