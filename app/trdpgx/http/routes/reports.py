"""``POST /v1/reports``: a genome in, a report for each of its samples out."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from trdpgx.http.accept import Accept, Form
from trdpgx.http.problems.kinds import BAD_QUERY, NOT_ACCEPTABLE
from trdpgx.http.state import service_of, upload_threads
from trdpgx.http.upload.body import Body
from trdpgx.http.upload.upload import check_headers, take_in
from trdpgx.model.naming import ordinal
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError
from trdpgx.model.report import Report
from trdpgx.report.formats.stream import stream_json, stream_ndjson, stream_text

router = APIRouter(tags=["reports"])

_STREAMS: dict[Form, Callable[[Iterable[Report]], Iterator[bytes]]] = {
    Form.JSON: stream_json,
    Form.NDJSON: stream_ndjson,
    Form.TEXT: stream_text,
}


@router.post("/v1/reports", response_model=Report, operation_id="make_reports", summary="Make the report of each sample of a VCF")
async def make_reports(request: Request, options: Annotated[Options, Query()]) -> Response:
    """Send a VCF or BCF, plain, gzip, BGZF or zstd, as the body itself or as the part `vcf` of a form, and get a report for each sample.

    One sample gives a JSON object, several give an array of them; NDJSON, a report a line, where it is asked for. The genome is read as
    it arrives and nothing of it is kept.
    """
    service = service_of(request)
    _refuse_repeated(request)
    accept = Accept(",".join(request.headers.getlist("accept")) or None)
    if not accept.forms():
        raise InputError(NOT_ACCEPTABLE, "Reports come as application/json, application/x-ndjson and text/plain.")
    check_headers(request, service.limits)
    body = Body(request, idle=service.settings.upload_idle_seconds, total=service.limits.max_seconds)
    upload = await take_in(request, body, service, options)
    if upload.context.ancestry is not None:
        options = options.model_copy(update={"ancestry": upload.context.ancestry})
    samples = len(upload.result.samples)
    reports = service.reports(upload.result, options, upload.outside, upload.targets)
    return await _answer(reports, samples, accept.choose(), upload_threads(request))


async def _answer(reports: Iterator[Report], count: int, form: Form, threads: CapacityLimiter) -> Response:
    """Answer with one report whole, or with several one after the other. The first piece is made before the answer starts."""
    pieces = _STREAMS[form](reports)
    first = await to_thread.run_sync(next, pieces, limiter=threads)
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    if count == 1:
        return Response(first, media_type=form.value, headers=headers)
    return StreamingResponse(chain((first,), pieces), media_type=form.value, headers=headers)


def _refuse_repeated(request: Request) -> None:
    names = [name for name, _ in request.query_params.multi_items()]
    for position, name in enumerate(names, 1):
        if name != "sample" and name in names[: position - 1]:
            raise InputError(BAD_QUERY, f"The {ordinal(position)} query parameter was given before.")
