"""The sites that one valid record speaks of and nothing else, as most do: read for all samples at once.

Here a genotype of two alleles that neither a filter nor its quality refuses is the call. All else is read one by one (``site_calls``).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.genotypes.readings import SPECIAL
from trdpgx.intake.genotypes.site_records import SiteRows
from trdpgx.intake.validate.values import PADDING
from trdpgx.model.site_columns import CALLED, NO_NUMBER, SiteColumns, Spellings

_DIPLOID = 3
"""Values of a packed genotype of two alleles: these, and the phase."""
_MOST_READS = 16
"""Rows with more values of AD than this are read one by one, so that one long row does not widen those of all sites."""

_Alleles = NDArray[np.int16]


class PlainRows:
    """The plain ones among the ``found`` sites: ``sites`` are their indexes."""

    def __init__(self, genotypes: PanelGenotypes, found: Sequence[SiteRows], spellings: Sequence[Spellings]) -> None:
        self._genotypes = genotypes
        self.sites: list[int] = []
        records: list[int] = []
        codes: list[list[int]] = []
        self._filters: list[str | None] = []
        gt_widths, ad_widths = genotypes.columns["GT"].widths, genotypes.columns["AD"].widths
        for site, rows in enumerate(found):
            if not rows.alone:
                continue
            row = rows.rows[0]
            record, effects = row.record, row.effects
            if row.mismatch or gt_widths[record] != _DIPLOID or ad_widths[record] > _MOST_READS or not genotypes.is_unfiltered(record):
                continue
            if row.known and len(effects) == 2:
                codes.append([0, 1 + rows.site.alts.index(effects[1])])
            elif len(set(effects)) < len(effects) or not SPECIAL.isdisjoint(effects):
                continue
            else:
                for effect in () if row.known else sorted({*effects} - {rows.site.ref, *rows.site.alts}):
                    spellings[site].code(effect)
                codes.append([spellings[site].code(effect) for effect in effects])
            self.sites.append(site)
            records.append(record)
            self._filters.append(next(iter(genotypes.records[record].filters), None))
        self._records = np.array(records, dtype=np.int64)
        most = max(map(len, codes), default=1)
        self._codes = np.array([row + [0] * (most - len(row)) for row in codes], dtype=np.int16).reshape(len(codes), most)
        self._qualities = np.array([np.nan if (quality := genotypes.records[record].quality) is None else quality for record in records])

    def fill(self, columns: SiteColumns, first: int) -> NDArray[np.bool_]:
        """Write the calls of the samples from ``first`` on, as many as the columns have; return at which sites of which of them."""
        values, records, stop = self._genotypes.columns, self._records, first + columns.samples
        genotypes = values["GT"].block(records, first, stop, 0, _DIPLOID)
        one, other, phased = genotypes[..., 0], genotypes[..., 1], genotypes[..., 2] == 1
        sound = values["SOUND"].block(records, first, stop, 0)[..., 0] == 0
        written: NDArray[np.bool_] = sound & (one >= 0) & (other >= 0)
        one, other = np.maximum(one, 0), np.maximum(other, 0)
        row = np.arange(len(records))[:, None]
        alleles = np.stack((self._codes[row, one], self._codes[row, other]), axis=2)
        reads, total = self._reads(first, stop, one, other)
        differ = alleles[..., 0] != alleles[..., 1]
        turned = differ & ~phased & (alleles[..., 0] > alleles[..., 1])
        alleles = np.where(turned[..., None], alleles[..., ::-1], alleles)
        reads = np.where(turned[..., None], reads[..., ::-1], reads)
        depth = values["DP"].block(records, first, stop, NO_NUMBER)[..., 0]
        phase_set = values["PS"].block(records, first, stop, NO_NUMBER)[..., 0]
        quality = values["GQ"].block(records, first, stop, np.nan)[..., 0].astype(np.float64)
        filters = np.array([columns.filters.code(name) for name in self._filters], dtype=np.int32)
        for target, source in (
            (columns.alleles, alleles),
            (columns.state, CALLED),
            (columns.phased, phased | ~differ),
            (columns.phase_set, np.where(phased & differ, phase_set, NO_NUMBER)),
            (columns.depth, np.where(depth > PADDING, depth, total)),
            (columns.allele_depths, reads),
            (columns.quality, np.where(np.isfinite(quality), quality, self._qualities[:, None])),
            (columns.filter, filters[:, None]),
        ):
            mask = written[..., None] if target.ndim > written.ndim else written
            target[self.sites] = np.where(mask, source, target[self.sites])
        return written

    def _reads(
        self, first: int, stop: int, one: NDArray[np.int16], other: NDArray[np.int16]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the reads of both alleles, and of all alleles together; ``NO_NUMBER`` where they are not known."""
        column = self._genotypes.columns["AD"]
        width = max((column.widths[record] for record in self._records.tolist()), default=0)
        depths = column.block(self._records, first, stop, PADDING, max(width, 1)).astype(np.int64)
        there: NDArray[np.bool_] = np.any(depths > PADDING, axis=2)
        counted = np.maximum(depths, 0)
        total = counted.sum(axis=2)
        row, sample = np.arange(one.shape[0])[:, None], np.arange(one.shape[1])[None, :]
        reads = []
        valid = there
        for allele in (one, other):
            at = np.minimum(allele, depths.shape[2] - 1)
            valid = valid & (allele < depths.shape[2]) & (depths[row, sample, at] != PADDING)
            reads.append(counted[row, sample, at])
        pair = np.where(valid[..., None], np.stack(reads, axis=2), NO_NUMBER)
        return pair, np.where(there & (total > 0), total, NO_NUMBER)
