"""What can be wrong with a file of outside calls, and what the caller can do about it."""

from trdpgx.model.problem import kinds_of, problem_kind

OUTSIDE_CALLS_TOO_LARGE = problem_kind(
    "outside_calls_too_large",
    "The file of outside calls is too large.",
    "Send the tool's result file only; /v1/limits has the cap.",
)
OUTSIDE_CALLS_TOO_MANY = problem_kind(
    "outside_calls_too_many",
    "There are too many outside calls.",
    "Send the calls for the samples and genes of this input only; /v1/limits has the caps.",
)
OUTSIDE_CALLS_NOT_TEXT = problem_kind(
    "outside_calls_not_text",
    "The file of outside calls is not UTF-8 text.",
    "Send the tool's own TSV or JSON, uncompressed and in UTF-8.",
)
OUTSIDE_CALLS_UNKNOWN_FORMAT = problem_kind(
    "outside_calls_unknown_format",
    "The format of the outside calls is not known.",
    "Send the result of a supported tool, or a TSV with the header gene, diplotype and, optionally, phenotype, activity_score, "
    "copy_number, sample and tool.",
)
OUTSIDE_CALLS_INVALID = problem_kind(
    "outside_calls_invalid",
    "An outside call cannot be read.",
    "Compare the line or field with the documented format (docs/calling.md), and send the corrected file.",
)
OUTSIDE_CALLS_OTHER_SAMPLE = problem_kind(
    "outside_calls_other_sample",
    "The outside calls are for other samples than the input.",
    "Use the same sample name in both files, or leave the sample out of the outside calls if the input has one sample.",
)
OUTSIDE_CALLS_NO_SAMPLE = problem_kind(
    "outside_calls_no_sample",
    "An outside call does not name its sample.",
    "The input has several samples: name the sample of each outside call, or ask for the report of one sample.",
)

PROBLEMS = kinds_of(globals())
"""Every kind of this module, by code."""
