"""Every kind of problem that an earlier report can have, with what to do about it."""

from trdpgx.model.problem import kinds_of, problem_kind

NOT_A_REPORT = problem_kind(
    "not_a_report",
    "The input is not a report of trdpgx.",
    "Send one or several reports unchanged, as `--format json` or `--format ndjson` wrote them or `/v1/reports` returned them as JSON.",
)
UNKNOWN_REPORT_SCHEMA = problem_kind(
    "unknown_report_schema",
    "This version does not read the schema of the report.",
    "Use a newer version of trdpgx, or make a new report from the genome's file.",
)
BAD_REPORT = problem_kind(
    "bad_report",
    "A report has a field that does not fit its schema.",
    "Send the report unchanged, or make a new one from the genome's file.",
)
CONTRADICTORY_REPORT = problem_kind(
    "contradictory_report",
    "The report contradicts itself.",
    "Send the report unchanged, or make a new one from the genome's file.",
)
EARLIER_REPORTS_TOO_LARGE = problem_kind(
    "earlier_reports_too_large",
    "The earlier reports are too large.",
    "Send fewer reports at a time, or use `trdpgx reannotate` with a file of one report a line.",
)

BAD_SIGNATURE = problem_kind(
    "bad_signature",
    "The signature does not verify these bytes with a trusted key.",
    "Send the signed report unchanged, with its own signature; a report that was edited is refused.",
)
SIGNATURE_REQUIRED = problem_kind(
    "signature_required",
    "Only signed reports are accepted here.",
    "Send the detached signature that came with the report.",
)

PROBLEMS = kinds_of(globals())
"""The kinds of this module, by code."""
