"""The records that bear on each site, and the effects of their alleles there, found once for all samples."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct, field

from trdpgx.intake.genotypes.budget import Budget
from trdpgx.intake.genotypes.edits import agrees
from trdpgx.intake.genotypes.effects import Alleles
from trdpgx.intake.genotypes.site_index import DELETED, STAR, SYMBOLIC, SiteIndex
from trdpgx.intake.genotypes.site_reading import have_in_common
from trdpgx.intake.validate.record import UNREADABLE, Record
from trdpgx.intake.vcf.alleles import UNSEEN_ALLELES
from trdpgx.model.genome import PanelSite
from trdpgx.model.limits import Limits

_BY_ROW = UNSEEN_ALLELES | {"*", UNREADABLE}
"""Alleles that are no bases, and are judged by their row all the same."""

_NOTHING_TO_READ = frozenset({DELETED, STAR, SYMBOLIC})
_COPIES = ("<DEL", "<DUP", "<CN")
_SHORT, _SHORT_COPIES = 1_000, 50
"""Symbolic events of fewer bases are about the sites that they touch; deletions and duplications from 50 bases on are structural."""


class SiteRecord(NamedTuple):
    """A record that bears on a site: ``effects`` of its alleles there. ``expresses`` and ``universal`` are as in ``SiteReading``.

    ``known``: whether each effect is an allele of the site.

    ``own`` holds for the site's own records: those at its position, or with an allele that changes it. Others only reach over it, and
    where it has records of its own, overlapping ones are ignored: ``./.`` there stays unseen although a deletion around it is ``0/0``.
    ``speaks``: whether such a record speaks for a site without records of its own. It does if it starts there, spells out its bases, or
    excludes "any other" allele; ``0/0`` for a deletion that starts before the site states that the deletion is not there, and nothing about
    the bases inside it.

    ``void`` are the alleles whose ALT is spelled as REF: they state that there is a variant and that there is none.
    ``part_of``: the record of which the row is a part, where another part of it has an effect in common.
    """

    record: int
    effects: tuple[str, ...]
    expresses: frozenset[str]
    universal: bool = False
    mismatch: bool = False
    own: bool = True
    known: bool = False
    speaks: bool = True
    void: frozenset[int] = frozenset()
    part_of: int | None = None


class Symbolic(NamedTuple):
    """A record without an allele that is spelled.

    ``at_site``: whether it is about the bases of the site, as a repeat or a short event there is. ``whole``: whether it reaches over the
    whole gene, so that it is a matter of copy number.
    """

    record: int
    at_site: bool
    whole: bool


class SiteRows(Struct):
    """All that the file has about one site.

    ``rows`` decide; ``beside`` (at insertion and deletion sites) only show that their bases were read; ``over`` reach over the site and
    decide for those who carry an allele that takes it away; ``symbolic`` have no allele that is spelled; ``blocks`` are gVCF blocks;
    ``deletions`` are (record, allele) of known deletions over the site. ``alone``: whether there is one row and nothing else that may show
    an allele.
    """

    site: PanelSite
    rows: list[SiteRecord] = field(default_factory=list)
    beside: list[SiteRecord] = field(default_factory=list)
    over: list[SiteRecord] = field(default_factory=list)
    symbolic: list[Symbolic] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    deletions: list[tuple[int, int]] = field(default_factory=list)
    alone: bool = False

    def records(self) -> set[int]:
        """Return all records that have a part in the call."""
        deciding = {row.record for row in (*self.rows, *self.beside, *self.over)}
        return deciding.union((one.record for one in self.symbolic), self.blocks, (record for record, _ in self.deletions))


def sort_out(index: SiteIndex, records: Sequence[Record], limits: Limits) -> list[SiteRows]:
    """Return, for each site that any record bears on, its rows; in an order that does not depend on the order of the file.

    Raises ``InputError`` where there are too many alleles to be looked at.
    """
    budget = Budget(limits)
    found: dict[str, SiteRows] = {}

    def rows_at(site: PanelSite) -> SiteRows:
        rows = found.get(site.id)
        if rows is None:
            rows = found[site.id] = SiteRows(site)
        return rows

    keys = [record[:4] for record in records]
    for number in sorted(range(len(records)), key=keys.__getitem__):
        record, plain = records[number], index.plain.get(keys[number])
        if plain is not None and record.end == record.ref_end:
            rows_at(plain.site).rows.append(SiteRecord(number, plain.effects, plain.expresses, known=True))
            continue
        alleles = Alleles(index, record, budget)
        for site in index.touching(record.chrom, record.pos, record.end):
            budget.reach(site.id, len(record.alts))
            _add(alleles, rows_at(site), number, record)
    for rows in found.values():
        everything = rows.rows
        if len(everything) == 1 and everything[0].own and not rows.beside:
            rows.alone = not (rows.symbolic or everything[0].void)
            continue
        rows.rows = _parts(records, [row for row in everything if row.own] or [row for row in everything if row.speaks])
        deciding = {row.record for row in rows.rows}
        rows.over = [row for row in everything if row.record not in deciding]
        unclear = any(effect != rows.site.ref for row in rows.beside for effect in row.effects) or any(row.void for row in rows.rows)
        rows.alone = len(rows.rows) == 1 and not (rows.over or rows.symbolic or unclear)
    return list(found.values())


def _parts(records: Sequence[Record], rows: Sequence[SiteRecord]) -> list[SiteRecord]:
    """Return rows with ``part_of`` where several of one POS and REF have an effect in common."""
    by_spelling: dict[tuple[int, str], list[SiteRecord]] = {}
    for row in rows:
        by_spelling.setdefault((records[row.record].pos, records[row.record].ref), []).append(row)
    found: dict[int, int] = {}
    for several in by_spelling.values():
        if have_in_common([row.expresses for row in several]):
            found |= {row.record: several[0].record for row in several}
    return [row._replace(part_of=found[row.record]) if row.record in found else row for row in rows]


def _add(alleles: Alleles, rows: SiteRows, number: int, record: Record) -> None:
    site = rows.site
    if (record.pos, record.ref) == (site.pos, site.ref) and record.alts and all(alt in site.alts for alt in record.alts):
        rows.rows.append(SiteRecord(number, (site.ref, *record.alts), frozenset(record.alts), known=True))
        return
    if record.is_block:
        if record.pos <= site.end:
            rows.blocks.append(number)
        return
    if record.is_segment:
        return
    if record.alts and not any(alleles.spelled) and _BY_ROW.isdisjoint(record.alts):
        symbolic = _symbolic(alleles.index, site, number, record)
        if symbolic.at_site or record.pos == site.pos or any(alt.startswith("<DEL") for alt in record.alts):
            rows.symbolic.append(symbolic)
        return
    if record.pos > site.window_end or record.ref_end < site.pos:
        return
    row_effects = alleles.effects(site)
    row = SiteRecord(
        record=number,
        effects=row_effects,
        expresses=frozenset(row_effects) - {site.ref},
        universal=not record.alts and _excludes_all(site, record),
        mismatch=not agrees(record.pos, record.ref, site),
        own=(record.pos, len(record.ref)) == (site.pos, len(site.ref))
        or not _NOTHING_TO_READ.issuperset({*row_effects} - {site.ref})
        or _is_unreadable(site, record),
        speaks=record.pos == site.pos or any(alt in UNSEEN_ALLELES for alt in record.alts) or _spells_out(record),
        void=frozenset(allele for allele, alt in enumerate(record.alts, start=1) if alt == record.ref),
    )
    if _decides(site, record, row):
        rows.rows.append(row)
    else:
        rows.beside.append(row)
    for allele, alt in enumerate(record.alts, start=1):
        if alleles.spelled[allele - 1] and row_effects[allele] == site.ref and alleles.deletes(site, alt):
            rows.deletions.append((number, allele))


def _is_unreadable(site: PanelSite, record: Record) -> bool:
    """Whether an allele that cannot be read stands over the bases of a site, so that it may be one of the site's own."""
    last = site.pos + max(len(site.ref), 2) - 1 if site.is_indel else site.end
    return UNREADABLE in record.alts and record.pos <= last and record.ref_end >= site.pos


def _spells_out(record: Record) -> bool:
    """Whether every allele spells out all bases of REF, so that a base inside that stays as it is was read, too."""
    return record.spelled and all(len(alt) == len(record.ref) for alt in record.alts)


def _symbolic(index: SiteIndex, site: PanelSite, number: int, record: Record) -> Symbolic:
    copies = all(alt.startswith(_COPIES) and not alt.startswith("<CNV:TR") for alt in record.alts)
    short = record.end - record.pos < (_SHORT_COPIES if copies else _SHORT)
    return Symbolic(
        number, short and record.pos <= site.window_end and record.end >= site.pos, index.spans_gene(site, record.pos, record.end)
    )


def _excludes_all(site: PanelSite, record: Record) -> bool:
    """Whether a row without ALT states that no allele of the site is there but the reference.

    It does if it has the site's own position and REF. A longer REF is that of a deletion which was looked for and not found, and leaves
    base changes inside it to their own rows; a row at an anchor leaves insertions to theirs (bcftools writes both).
    """
    return (record.pos, record.ref) == (site.pos, site.ref) and (not site.is_indel or len(site.ref) > 1)


def _decides(site: PanelSite, record: Record, row: SiteRecord) -> bool:
    """Whether a row decides about a site, rather than only show that bases of it were read.

    At a site of single bases every record that has the site inside REF does. At an insertion or deletion site a record does if an
    allele of it changes the site; or if it states that there is nothing else (no ALT, or an "any other" one) and stands at the site.
    """
    if not site.is_indel:
        return record.pos <= site.pos and record.ref_end >= site.end
    spelled = row.expresses - {SYMBOLIC}
    exhaustive = not record.alts or any(alt in UNSEEN_ALLELES for alt in record.alts)
    if _is_unreadable(site, record):
        return True
    whole = record.pos == site.pos or (record.pos < site.pos and record.ref_end >= site.end)
    return bool(spelled) or (whole and (exhaustive or row.mismatch))
