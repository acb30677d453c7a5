"""Problems that a service answers with, as exceptions."""

from typing import Any

import httpx

from trdpgx.model.errors import TrdpgxError
from trdpgx.model.problem import Problem


class ServiceError(TrdpgxError):
    """The service answered with a problem. ``status`` is the HTTP status; ``request_id`` names the request in the service's log."""

    def __init__(self, problem: Problem, status: int, request_id: str | None) -> None:
        """Keep the problem."""
        super().__init__(f"{problem.title} {problem.detail}{problem.at_line} {problem.remedy} [{problem.code}]")
        self.problem = problem
        self.status = status
        self.request_id = request_id


def error_of(answer: httpx.Response, document: Any = None) -> ServiceError:
    """Return the problem of an answer, or of a line of it (``document``); a proxy may answer with something else."""
    request_id = answer.headers.get("X-Request-Id")
    try:
        stated = answer.json() if document is None else document
        fields = {name: value for name, value in stated.items() if name in Problem.model_fields}
        return ServiceError(Problem.model_validate(fields), stated.get("status", answer.status_code), request_id)
    except (ValueError, AttributeError):
        problem = Problem(
            type="/problems/bad_answer",
            title="The answer is not from trdpgx.",
            detail=f"It has the status {answer.status_code} and no problem details.",
            remedy="Check the URL, and the proxy in front of the service.",
        )
        return ServiceError(problem, answer.status_code, request_id)
