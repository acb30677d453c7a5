"""The engine that needs no compiler: whole buffers are looked at with numpy (docs/decisions/0010-scanner.md, 0023-compiled-scan.md)."""

import re

import numpy as np

from trdpgx.intake.scan.columns import Layout, Shape
from trdpgx.intake.scan.digits import Indices
from trdpgx.intake.scan.engine import ContigRun, Hit, ScanResult
from trdpgx.intake.scan.panel_index import PanelIntervals
from trdpgx.intake.scan.record_end import find_reach
from trdpgx.intake.vcf.alleles import UNSEEN_SYMBOLS
from trdpgx.intake.vcf.contigs import chromosome

_BLOCK_SYMBOL = re.compile(rb"(?:^|,)(?:%b)(?:,|$)" % b"|".join(map(re.escape, UNSEEN_SYMBOLS)))


class NumpyEngine:
    """Looks with numpy. ``columns`` and ``longest`` (bytes) are what lines must have; ``block_lengths``: FORMAT may have LEN (VCF 4.5)."""

    def __init__(self, targets: PanelIntervals, columns: int, longest: int, *, block_lengths: bool = False) -> None:
        self._targets = targets
        self._shape = Shape(columns, longest)
        self._block_lengths = block_lengths
        self._blocks = False

    def look(self, buffer: bytes) -> ScanResult | None:
        """Return what is in a buffer, or ``None`` where a line of it is wrong."""
        layout = self._shape.lay_out(buffer)
        positions = None if layout is None else layout.positions()
        if layout is None or positions is None:
            return None
        reach, blocks = find_reach(layout, positions, block_lengths=self._block_lengths)
        self._blocks = self._blocks or blocks or (b"<" in buffer and _has_block_symbol(layout))
        runs: list[ContigRun] = []
        hits: list[Hit] = []
        for first, last in layout.runs():
            here = positions[first:last]
            ascending = bool((here[1:] >= here[:-1]).all())
            runs.append(ContigRun(first, layout.name(first), int(here[0]), int(here[-1]), ascending))
            hits += self._hits(layout, first, here, reach[first:last])
        return ScanResult(layout.lines, runs, hits, self._blocks)

    def _hits(self, layout: Layout, first: int, here: Indices, there: Indices) -> list[Hit]:
        chrom = chromosome(layout.name(first))
        target = self._targets.get(chrom) if chrom is not None else None
        if chrom is None or target is None or not target.near(int(here.min()), int(there.max())):
            return []
        in_window = target.windows.touched(here, there)
        rows = np.flatnonzero(in_window | target.regions.touched(here, there))
        places = (rows + first, layout.starts[rows + first], layout.ends[rows + first], in_window[rows])
        return [Hit(row, start, end, chrom, window) for row, start, end, window in zip(*(place.tolist() for place in places), strict=True)]


def _has_block_symbol(layout: Layout) -> bool:
    """Whether an ALT names "any other" allele."""
    for symbol in UNSEEN_SYMBOLS:
        at = layout.buffer.find(symbol)
        while at >= 0:
            row = int(np.searchsorted(layout.ends, at))
            if _BLOCK_SYMBOL.search(layout.column(row, 4)):
                return True
            at = layout.buffer.find(symbol, int(layout.ends[row]))
    return False
