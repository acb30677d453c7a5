"""The engines that can look at lines here: that in Python always, the compiled one where it could be compiled."""

from collections.abc import Callable

from trdpgx.intake.scan.line_engine import LineEngine
from trdpgx.intake.scan.native import NativeEngine, library
from trdpgx.intake.scan.panel_index import PanelIntervals
from trdpgx.intake.scan.scanner import Engine
from trdpgx.model.limits import Limits

LONGEST = Limits().max_line_bytes
COMPILED = library()

ENGINES: dict[str, Callable[[PanelIntervals, int], Engine]] = {"lines": lambda targets, columns: LineEngine(targets, columns, LONGEST)}
if COMPILED is not None:
    ENGINES["compiled"] = lambda targets, columns: NativeEngine(COMPILED, targets, columns, LONGEST)
