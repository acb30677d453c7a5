"""The kinds of problem that a worker finds beside those of intake and calling: forms, formats, and its own end."""

from trdpgx.model.problem import kinds_of, problem_kind

NOT_ACCEPTABLE = problem_kind(
    "not_acceptable",
    "No report format matches what the request accepts.",
    "Name the media type of a report in `Accept`, use `?format=`, or leave the header out.",
)
BAD_MULTIPART = problem_kind(
    "bad_multipart",
    "The multipart body is malformed.",
    "Let a client build the form: `curl -F vcf=@genome.vcf.gz`.",
)
MISSING_PART = problem_kind(
    "missing_part",
    "The form has nothing to report on.",
    "Send a part `vcf` (`curl -F vcf=@genome.vcf.gz`), `outside_calls` or `context`; "
    "to /v1/reannotations send the earlier report as the part `report`.",
)
DUPLICATE_PART = problem_kind(
    "duplicate_part", "The form has the same part twice.", "Send each part once; each file is a request of its own."
)
BAD_INPUT_NAME = problem_kind(
    "bad_input_name",
    "The name of the input cannot be used.",
    "Send `input_name` as one line of UTF-8 text, or leave it out; the report shows it as the name of the input.",
)
UNKNOWN_PART = problem_kind(
    "unknown_part",
    "The form has a part that this service does not know.",
    "Send only parts named `vcf`, `outside_calls`, `targets`, `context` and `input_name`; "
    "to /v1/reannotations only `report` and `signature`.",
)
BAD_QUERY = problem_kind("bad_query", "A query parameter is not usable.", "See /docs for the parameters of this endpoint and their values.")
NOT_FOUND = problem_kind("not_found", "There is no resource at this URL.", "See /docs for the routes of this service.")
INTERNAL = problem_kind(
    "internal",
    "The service failed.",
    "The fault is the service's, not the input's. Send the X-Request-Id of the response to the operator.",
)
WORKER_DIED = problem_kind(
    "worker_died",
    "The worker process of this request ended unexpectedly.",
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
