"""``POST /v1/reannotations``: an earlier report in, today's report out, with what is different."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from trdpgx.http.body import RequestBody
from trdpgx.http.forward import forward
from trdpgx.http.headers import SIGNATURE, check_headers
from trdpgx.http.query import refuse_repeated
from trdpgx.http.routes.reports import acceptable_formats
from trdpgx.http.state import pool_of
from trdpgx.model.report_diff import Reannotation
from trdpgx.service.schemas import ReannotationQuery

router = APIRouter(tags=["reports"])


@router.post(
    "/v1/reannotations",
    response_model=Reannotation,
    operation_id="make_reannotations",
    summary="Make today's report from an earlier one, without the genome",
)
async def make_reannotations(request: Request, query: Annotated[ReannotationQuery, Query()]) -> Response:
    """Send a report that this service made, or several, and get today's report of each, with what is different and why.

    The body, or the part `report` of a form, is what `/v1/reports` answered as JSON or NDJSON. The context of the earlier report, its date
    and its options are used. JSON and NDJSON hold the report and the difference; text and HTML the difference, and the report after it with
    `with_report`. Nothing of the report is kept.
    """
    pool = pool_of(request)
    refuse_repeated(request)
    acceptable = acceptable_formats(request, query.format, pool.hello.diff_formats)
    check_headers(request, pool.limits)
    head = {
        "task": "reannotations",
        "formats": [one.name for one in acceptable],
        "with_report": query.with_report,
        "content_type": request.headers.get("content-type", ""),
        "signature": request.headers.get(SIGNATURE),
    }
    body = RequestBody(request, pool.settings, total=pool.limits.max_seconds)
    return await forward(request, head, body, **{"Cache-Control": "no-store", "Vary": "Accept"})
