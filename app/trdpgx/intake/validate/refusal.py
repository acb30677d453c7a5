"""How a check of one field says that it failed."""

from trdpgx.model.problem import ProblemType


class RefusalError(Exception):
    """A check failed; the caller knows the line."""

    def __init__(self, kind: ProblemType, detail: str) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.detail = detail
