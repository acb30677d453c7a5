"""``POST /v1/reports``: a genome in, a report for each of its samples out."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from trdpgx.http.accept import Accept
from trdpgx.http.body import RequestBody
from trdpgx.http.forward import forward
from trdpgx.http.headers import check_headers
from trdpgx.http.query import refuse_repeated
from trdpgx.http.state import pool_of
from trdpgx.model.naming import listed
from trdpgx.model.problem import InputError
from trdpgx.model.report import Report
from trdpgx.service.hello import FormatInfo
from trdpgx.service.problems import BAD_QUERY, NOT_ACCEPTABLE
from trdpgx.service.schemas import ReportQuery

REPEATABLE = frozenset({"sample", "drug", "gene", "domain"})
router = APIRouter(tags=["reports"])


@router.post("/v1/reports", response_model=Report, operation_id="make_reports", summary="Make the report of each sample of a VCF")
async def make_reports(request: Request, query: Annotated[ReportQuery, Query()]) -> Response:
    """Send a VCF or BCF, plain, gzip, BGZF or zstd, as the body itself or as the part `vcf` of a form, and get a report for each sample.

    As JSON, one sample gives an object and several give an array. `format` or the Accept header chooses another format. The genome is
    read as it arrives and nothing of it is kept.
    """
    pool = pool_of(request)
    refuse_repeated(request, REPEATABLE)
    if query.format in pool.hello.local_formats:
        name = query.format
        raise InputError(BAD_QUERY, f"`format`: `{name}` is written by the command line only: `trdpgx annotate --format {name}`.")
    acceptable = acceptable_formats(request, query.format, pool.hello.formats)
    check_headers(request, pool.limits)
    head = {
        "task": "reports",
        "options": query.options().model_dump(mode="json"),
        "input_name": query.input_name,
        "formats": [one.name for one in acceptable],
        "content_type": request.headers.get("content-type", ""),
    }
    body = RequestBody(request, pool.settings, total=pool.limits.max_seconds)
    return await forward(request, head, body, **{"Cache-Control": "no-store", "Vary": "Accept"})


def acceptable_formats(request: Request, name: str | None, known: Sequence[FormatInfo]) -> Sequence[FormatInfo]:
    """Return the known formats that the request allows, the best first. Raises ``InputError``."""
    if name is None:
        formats = Accept(",".join(request.headers.getlist("accept")) or None).choose(known)
        if not formats:
            raise InputError(NOT_ACCEPTABLE, f"Reports come as {listed([one.media_type for one in known])}.")
        return formats
    formats = [one for one in known if one.name == name]
    if not formats:
        raise InputError(BAD_QUERY, f"`format`: Reports come as {listed([one.name for one in known])}.")
    return formats
