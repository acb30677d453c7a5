"""Every kind of problem that an earlier report can have, with what to do about it."""

from trdpgx.model.problem import kinds_of, problem_kind

NOT_A_REPORT = problem_kind(
    "not_a_report",
    "The input is not a report of trdpgx.",
    "Send what `--format json` or `--format ndjson` wrote, or what `/v1/reports` answered as JSON: one report or several, as they are.",
)
UNKNOWN_REPORT_SCHEMA = problem_kind(
    "unknown_report_schema",
    "The report is of a schema that this version does not read.",
    "Use a newer version of trdpgx, or make the report anew from the genome's file.",
)
BAD_REPORT = problem_kind(
    "bad_report",
    "A report has a field that does not fit its schema.",
    "Send the report as it was written, without any change; or make it anew from the genome's file.",
)
CONTRADICTORY_REPORT = problem_kind(
    "contradictory_report",
    "The report contradicts itself.",
    "Send the report as it was written, without any change; or make it anew from the genome's file.",
)
EARLIER_REPORTS_TOO_LARGE = problem_kind(
    "earlier_reports_too_large",
    "The earlier reports have more bytes than are accepted.",
    "Send fewer reports at a time, or use `trdpgx reannotate` with a file of one report a line.",
)

BAD_SIGNATURE = problem_kind(
    "bad_signature",
    "The signature is not that of these bytes by a key that is trusted here.",
    "Send the report byte by byte as it was signed, with its own signature; a report that was changed cannot be accepted.",
)
SIGNATURE_REQUIRED = problem_kind(
    "signature_required",
    "Only signed reports are accepted here.",
    "Send the detached signature that came with the report.",
)

PROBLEMS = kinds_of(globals())
"""The kinds of this module, by code."""
