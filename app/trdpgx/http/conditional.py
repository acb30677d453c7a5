"""Conditional requests (RFC 9110, section 13): the knowledge changes only with a release, so a client need not fetch it twice."""

import hashlib
import re
from importlib.metadata import version

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from trdpgx.http.state import pool_of
from trdpgx.service.encoding import ENCODINGS
from trdpgx.service.info_schemas import KnowledgeInfo

_ENCODED = re.compile(rf'-(?:{"|".join(ENCODINGS)})"$')
"""The end of the name of a version that was compressed."""


async def check_etag(request: Request, response: Response) -> None:
    """Name the version of the answer, and end the request with 304 where the client has that version already."""
    headers = version_headers(pool_of(request).hello.knowledge)
    named = [name.strip().removeprefix("W/") for name in ",".join(request.headers.getlist("if-none-match")).split(",")]
    known = next((name for name in named if _ENCODED.sub('"', name) == headers["ETag"]), None)
    if known is not None:
        raise HTTPException(304, headers={**headers, "ETag": known, "Vary": "Accept-Encoding"})
    response.headers.update(headers)


def version_headers(knowledge: KnowledgeInfo) -> dict[str, str]:
    """Return the headers that name the version of an answer."""
    parts = (version("trdpgx"), knowledge.rules_digest, knowledge.evidence_policy, knowledge.reference_digest)
    return {"ETag": f'"{hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]}"', "Cache-Control": "no-cache"}
