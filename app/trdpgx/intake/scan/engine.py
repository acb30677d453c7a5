"""The result of scanning a buffer, for both engines: the compiled one (``native``) and that in Python (``line_engine``)."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

MAX_POSITION = 2**31 - 2
"""The largest POS that htslib and BCF can hold."""


class ContigRun(NamedTuple):
    """Lines in a row with the same CHROM: its first line, counted from 0; its first and last POS, and whether POS never falls."""

    line: int
    name: bytes
    first: int
    last: int
    ascending: bool


class Hit(NamedTuple):
    """A line that touches the panel: its number, counted from 0, where in the text it starts and ends (at its newline), its chromosome.

    ``in_window``: whether it touches a window; else it touches the region of a gene only.
    """

    line: int
    start: int
    end: int
    chrom: str
    in_window: bool


class ScanResult(Struct, frozen=True):
    """The result for ``lines`` lines. ``blocks``: whether any record so far is a gVCF block, over the panel or not."""

    lines: int
    runs: Sequence[ContigRun]
    hits: Sequence[Hit]
    blocks: bool
