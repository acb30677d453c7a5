"""The kinds of problem that a worker finds beside those of intake and calling: forms, formats, and its own end."""

from trdpgx.model.problem import kinds_of, problem_kind

NOT_ACCEPTABLE = problem_kind(
    "not_acceptable",
    "No report format matches what the request accepts.",
    "Accept one of the media types of reports, ask with `?format=`, or leave the header out.",
)
BAD_MULTIPART = problem_kind(
    "bad_multipart",
    "The multipart body is malformed.",
    "Let a client build the form: `curl -F vcf=@genome.vcf.gz`.",
)
MISSING_PART = problem_kind(
    "missing_part",
    "The form has nothing to report on.",
    "Send the file as the part `vcf` (`curl -F vcf=@genome.vcf.gz`), or `outside_calls` or `context` without one; an earlier "
    "report is the part `report` of a form to /v1/reannotations.",
)
DUPLICATE_PART = problem_kind(
    "duplicate_part", "The form has the same part twice.", "Send each part once; each file is a request of its own."
)
BAD_INPUT_NAME = problem_kind(
    "bad_input_name",
    "The name of the input cannot be used.",
    "Send one line of text as `input_name`, in UTF-8, or leave it out; it is what the report calls the input.",
)
UNKNOWN_PART = problem_kind(
    "unknown_part",
    "The form has a part that this service does not know.",
    "Send the parts `vcf`, `outside_calls`, `targets`, `context` and `input_name`, those that there are; to /v1/reannotations `report` and "
    "`signature`.",
)
BAD_QUERY = problem_kind("bad_query", "A query parameter is not usable.", "See /docs for the parameters of this address and their values.")
NOT_FOUND = problem_kind("not_found", "There is no resource at this URL.", "See /docs for the routes of this service.")
INTERNAL = problem_kind(
    "internal",
    "The service failed.",
    "The fault is the service's, not the input's. Send the X-Request-Id of the response to the operator.",
)
WORKER_DIED = problem_kind(
    "worker_died",
    "The worker of this request has ended.",
    "Try again in a moment; if it happens again, send the X-Request-Id of the response to the operator.",
)
WORKER_TIMEOUT = problem_kind(
    "worker_timeout",
    "The work on this request took too long.",
    "Try again in a moment, or split the samples over several files.",
)
BUSY = problem_kind("busy", "All workers are busy.", "Try again after the seconds that the Retry-After header states.")

SERVICE = kinds_of(globals())
"""The kinds of this module, by code."""
