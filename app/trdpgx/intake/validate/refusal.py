"""How a check of one field fails."""

from trdpgx.model.problem import ProblemKind


class FieldError(Exception):
    """A check failed; the caller knows the line."""

    def __init__(self, kind: ProblemKind, detail: str) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.detail = detail
