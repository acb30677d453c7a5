"""The error of a check of one field."""

from trdpgx.model.problem import ProblemKind


class FieldError(Exception):
    """A field is wrong. The caller, who knows the line, makes an ``InputError`` of it."""

    def __init__(self, kind: ProblemKind, detail: str) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.detail = detail
