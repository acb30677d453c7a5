"""The engine in C: one pass over each buffer, without the interpreter's lock (``scan.c``; docs/decisions/0023-compiled-scan.md).

``libscan.so`` is compiled when the project is installed, where there is a compiler. It is called through ctypes.
"""

import ctypes
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trdpgx.intake.scan.engine import ContigRun, Hit, ScanResult
from trdpgx.intake.scan.panel_index import PanelIntervals

LIBRARY = Path(__file__).with_name("libscan.so")
_RUNS, _HITS = 256, 1024
"""Space for what one call finds; the library stops where it is full and is called again."""
_RUN_FIELDS, _HIT_FIELDS = 6, 5
_Table = NDArray[np.int64]


class _Panel(ctypes.Structure):
    _fields_ = (
        ("names", ctypes.c_void_p),
        *((field, ctypes.c_void_p) for field in ("name_ends", "owners", "bounds", "starts", "ends")),
        ("name_count", ctypes.c_int64),
    )


class _Scan(ctypes.Structure):
    _fields_ = (
        *((field, ctypes.c_void_p) for field in ("looked_for", "runs", "hits")),
        *((field, ctypes.c_int64) for field in ("run_space", "hit_space", "columns", "longest")),
        *((field, ctypes.c_int64) for field in ("consumed", "lines", "run_count", "hit_count", "blocks")),
    )


@lru_cache(maxsize=1)
def library() -> ctypes.CDLL | None:
    """Return the compiled library, or ``None`` where there is none or the system cannot load it."""
    try:
        found = ctypes.CDLL(str(LIBRARY))
    except OSError:
        return None
    found.trdpgx_scan.argtypes = (ctypes.c_void_p, ctypes.c_int64, ctypes.POINTER(_Scan))
    found.trdpgx_scan.restype = ctypes.c_int
    return found


class NativeEngine:
    """Scans with the compiled library, for one thread at a time. The parameters are those of ``LineEngine``."""

    def __init__(self, compiled: ctypes.CDLL, targets: PanelIntervals, columns: int, longest: int) -> None:
        self._look = compiled.trdpgx_scan
        self._chroms = list(targets)
        self._flat = flat = targets.flat
        self._runs: _Table = np.empty((_RUNS, _RUN_FIELDS), dtype=np.int64)
        self._hits: _Table = np.empty((_HITS, _HIT_FIELDS), dtype=np.int64)
        tables = (flat.names, flat.name_ends, flat.owners, flat.bounds, flat.starts, flat.ends)
        self._panel = _Panel(*(table.ctypes.data for table in tables), flat.name_ends.size)
        self._scan = _Scan(ctypes.addressof(self._panel), self._runs.ctypes.data, self._hits.ctypes.data, _RUNS, _HITS, columns, longest)

    def look(self, text: bytes, start: int, end: int) -> ScanResult | None:
        """Return the result for the lines ``text[start:end]``, as ``LineEngine`` does."""
        runs: list[ContigRun] = []
        hits: list[Hit] = []
        scan, at, lines = self._scan, start, 0
        address = ctypes.cast(ctypes.c_char_p(text), ctypes.c_void_p).value or 0
        while at < end:
            if not self._look(address + at, end - at, ctypes.byref(scan)):
                return None
            for line, name, size, first, last, ascending in self._runs[: scan.run_count].tolist():
                _append(runs, ContigRun(lines + line, text[at + name : at + name + size], first, last, bool(ascending)))
            for line, first, last, target, window in self._hits[: scan.hit_count].tolist():
                hits.append(Hit(lines + line, at + first, at + last, self._chroms[target], bool(window)))
            at += scan.consumed
            lines += scan.lines
        return ScanResult(lines, runs, hits, bool(scan.blocks))


def _append(runs: list[ContigRun], run: ContigRun) -> None:
    """Add a run, or go on with the last one where a call stopped within it."""
    if runs and runs[-1].name == run.name:
        before = runs[-1]
        ascending = before.ascending and run.ascending and before.last <= run.first
        runs[-1] = ContigRun(before.line, run.name, before.first, run.last, ascending)
    else:
        runs.append(run)
