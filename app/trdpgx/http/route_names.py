"""The pattern of the route that a path belongs to: what logs and metrics have instead of the path, which may name a person."""

import re
from collections.abc import Sequence

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, compile_path

NO_ROUTE = "none"


class RouteNames:
    """The patterns of an application's routes."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        paths = dict.fromkeys(context.path for context in iter_route_contexts(routes) if context.path is not None)
        self._patterns: list[tuple[re.Pattern[str], str]] = [(compile_path(path)[0], path) for path in paths]

    def of(self, path: str) -> str:
        """Return the pattern that a path matches, or ``none``."""
        return next((name for pattern, name in self._patterns if pattern.match(path)), NO_ROUTE)
