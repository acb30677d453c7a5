"""``POST /v1/reports``: a genome in, a report for each of its samples out."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from trdpgx.http.accept import Accept
from trdpgx.http.problems.kinds import BAD_QUERY, NOT_ACCEPTABLE
from trdpgx.http.schemas import ReportQuery
from trdpgx.http.state import service_of, upload_threads
from trdpgx.http.upload.body import RequestBody
from trdpgx.http.upload.upload import check_headers, read_upload
from trdpgx.model.naming import ordinal
from trdpgx.model.problem import InputError
from trdpgx.model.report import Report
from trdpgx.report.format_registry import ReportFormat, format_names, media_types, report_formats

router = APIRouter(tags=["reports"])


@router.post("/v1/reports", response_model=Report, operation_id="make_reports", summary="Make the report of each sample of a VCF")
async def make_reports(request: Request, query: Annotated[ReportQuery, Query()]) -> Response:
    """Send a VCF or BCF, plain, gzip, BGZF or zstd, as the body itself or as the part `vcf` of a form, and get a report for each sample.

    As JSON, one sample gives an object and several give an array. `format` or the Accept header chooses another format. The genome is
    read as it arrives and nothing of it is kept.
    """
    service = service_of(request)
    _refuse_repeated(request)
    acceptable = _formats(request, query.format)
    check_headers(request, service.limits)
    options = query.options()
    body = RequestBody(request, idle=service.settings.upload_idle_seconds, total=service.limits.max_seconds)
    upload = await read_upload(request, body, service, options)
    if upload.context.ancestry is not None:
        options = options.copy_with(ancestry=upload.context.ancestry)
    samples = len(upload.result.samples)
    chosen = next((one for one in acceptable if one.many or samples == 1), None)
    if chosen is None:
        names = ", ".join(one.name for one in acceptable)
        raise InputError(NOT_ACCEPTABLE, f"The input has {samples} samples, and {names} holds one report: name one with `sample`.")
    reports = service.reports(upload.result, options, upload.outside, upload.targets)
    return await _answer(reports, samples, chosen, upload_threads(request))


def _formats(request: Request, name: str | None) -> Sequence[ReportFormat]:
    """Return the formats that the request allows, the best first."""
    if name is None:
        formats = Accept(",".join(request.headers.getlist("accept")) or None).formats()
        if not formats:
            raise InputError(NOT_ACCEPTABLE, f"Reports come as {media_types()}.")
        return formats
    if name not in report_formats():
        raise InputError(BAD_QUERY, f"`format`: Reports come as {format_names()}.")
    return [report_formats()[name]]


async def _answer(reports: Iterator[Report], count: int, chosen: ReportFormat, threads: CapacityLimiter) -> Response:
    """Answer with one report whole, or with several one after the other. The first piece is made before the answer starts."""
    pieces = chosen.answer(reports)
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    if count == 1:
        whole = await to_thread.run_sync(b"".join, pieces, limiter=threads)
        return Response(whole, media_type=chosen.media_type, headers=headers)
    first = await to_thread.run_sync(next, pieces, limiter=threads)
    return StreamingResponse(chain((first,), pieces), media_type=chosen.media_type, headers=headers)


def _refuse_repeated(request: Request) -> None:
    names = [name for name, _ in request.query_params.multi_items()]
    for position, name in enumerate(names, 1):
        if name != "sample" and name in names[: position - 1]:
            raise InputError(BAD_QUERY, f"The {ordinal(position)} query parameter was given before.")
