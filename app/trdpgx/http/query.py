"""Checks of the query of a request: parameters that an endpoint does not have, or that occur twice."""

from fastapi import Request

from trdpgx.http.auth.callers import PROBES
from trdpgx.http.problems.handlers import parameters_of
from trdpgx.http.public import route_path
from trdpgx.model.naming import ordinal
from trdpgx.model.problem import InputError
from trdpgx.service.problems import BAD_QUERY


async def refuse_parameters(request: Request) -> None:
    """Refuse every parameter where the address has none; an address that has some refuses the others itself. Raises ``InputError``.

    This is a coroutine because FastAPI would otherwise run it in a thread, and health checks would wait for one.
    """
    if request.query_params and not parameters_of(request) and route_path(request.scope) not in PROBES:
        raise InputError(BAD_QUERY, "This endpoint takes no query parameters.")


def refuse_repeated(request: Request, repeatable: frozenset[str] = frozenset()) -> None:
    """Refuse a parameter that occurs twice and may not. Raises ``InputError``."""
    seen: set[str] = set()
    for position, (name, _) in enumerate(request.query_params.multi_items(), 1):
        if name in seen and name not in repeatable:
            raise InputError(BAD_QUERY, f"The {ordinal(position)} query parameter repeats an earlier one.")
        seen.add(name)
