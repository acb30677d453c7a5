"""What can be wrong with a clinical context, and what the caller can do about it."""

from trdpgx.model.problem import ProblemKind

BAD_CONTEXT = ProblemKind(
    code="bad_context",
    title="The clinical context is not usable.",
    remedy='Send one JSON object, such as {"current_drugs": [{"drug": "paroxetine", "dose": 20}]}; /v1/schema/context has the fields.',
)
