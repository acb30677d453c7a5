"""What can be wrong with a clinical context, and what the caller can do about it."""

from trdpgx.model.problem import InputError, ProblemKind, kinds_of, problem_kind

BAD_CONTEXT = problem_kind(
    "bad_context",
    "The clinical context is not usable.",
    'Send one JSON object, such as {"current_drugs": [{"drug": "paroxetine", "dose": 20}]}. `GET /v1/schema/context` and '
    "`trdpgx schema context` describe every field.",
)
CONTEXT_TOO_LARGE = problem_kind(
    "context_too_large",
    "The clinical context is too large.",
    "Send the context of one person; /v1/limits has the cap.",
)
CONTEXT_NEEDS_ONE_SAMPLE = problem_kind(
    "context_needs_one_sample",
    "The clinical context is about one person, and the request is about several.",
    "Name the sample that the context belongs to (`sample`, or `--sample`), or send one request for each person.",
)
PROBLEMS = kinds_of(globals())
"""The kinds of this module, by code."""


class ContextError(InputError):
    """A context that cannot be used. ``path`` is that of the value at fault, as far as it is made of our own names."""

    def __init__(self, kind: ProblemKind, detail: str, path: tuple[str | int, ...] = ()) -> None:
        """Keep the path, at which a command line may show the text that its own user wrote."""
        super().__init__(kind, detail)
        self.path = path
