"""The engines that can look at lines here: numpy's always, the compiled one where it could be compiled."""

from collections.abc import Callable

from app.intake.engine import Engine
from app.intake.native import NativeEngine, library
from app.intake.targets import Targets
from app.intake.vectors import VectorEngine
from app.model.limits import Limits

LONGEST = Limits().max_line_bytes
COMPILED = library()

ENGINES: dict[str, Callable[[Targets, int], Engine]] = {"numpy": lambda targets, columns: VectorEngine(targets, columns, LONGEST)}
if COMPILED is not None:
    ENGINES["compiled"] = lambda targets, columns: NativeEngine(COMPILED, targets, columns, LONGEST)
