"""What can be wrong with a file of outside calls, and what the caller can do about it."""

from trdpgx.model.problem import ProblemKind

OUTSIDE_CALLS_TOO_LARGE = ProblemKind(
    code="outside_calls_too_large",
    title="The file of outside calls is too large.",
    remedy="Send the tool's result file only; /v1/limits has the cap.",
)
OUTSIDE_CALLS_TOO_MANY = ProblemKind(
    code="outside_calls_too_many",
    title="There are too many outside calls.",
    remedy="Send the calls for the samples and genes of this input only; /v1/limits has the caps.",
)
OUTSIDE_CALLS_NOT_TEXT = ProblemKind(
    code="outside_calls_not_text",
    title="The file of outside calls is not UTF-8 text.",
    remedy="Send the tool's own TSV or JSON, uncompressed and in UTF-8.",
)
OUTSIDE_CALLS_UNKNOWN_FORMAT = ProblemKind(
    code="outside_calls_unknown_format",
    title="The format of the outside calls is not known.",
    remedy="Send the result of a supported tool, or a TSV with the header gene, diplotype and, if you like, phenotype, activity_score, "
    "copy_number, sample and tool.",
)
OUTSIDE_CALLS_INVALID = ProblemKind(
    code="outside_calls_invalid",
    title="An outside call cannot be read.",
    remedy="Look at the line that is named, compare it with the documented format, and send the file again.",
)
OUTSIDE_CALLS_OTHER_SAMPLE = ProblemKind(
    code="outside_calls_other_sample",
    title="The outside calls are for other samples than the input.",
    remedy="Use the same sample name in both files, or leave the sample out of the outside calls if the input has one sample.",
)
OUTSIDE_CALLS_NO_SAMPLE = ProblemKind(
    code="outside_calls_no_sample",
    title="An outside call does not name its sample.",
    remedy="The input has several samples: name the sample of each outside call, or ask for the report of one sample.",
)

PROBLEMS: dict[str, ProblemKind] = {kind.code: kind for kind in list(globals().values()) if isinstance(kind, ProblemKind)}
"""Every kind of this module, by code."""
