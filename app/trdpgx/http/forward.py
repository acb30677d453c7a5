"""Requests that a worker answers: the body is copied to it as it arrives, and its answer to the client. Neither is parsed here."""

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import Any

import orjson
from fastapi import Request, Response
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from trdpgx.http.body import RequestBody
from trdpgx.http.encoded import accepted_encoding, mark_encoding
from trdpgx.http.record import RequestRecord, record_of
from trdpgx.http.state import pool_of
from trdpgx.model.problem import InputError, Problem
from trdpgx.service.exchange import DisplacedError, Exchange, ReaderGoneError
from trdpgx.service.frames import Kind
from trdpgx.service.logs import FAULTS

NDJSON = "application/x-ndjson"


class AnswerBrokenError(Exception):
    """The worker has failed after the first byte of its answer: the connection is closed before the end of the body."""


class WorkerProblemError(InputError):
    """A problem that a worker has sent."""

    def __init__(self, problem: Problem) -> None:
        Exception.__init__(self, problem.type)
        self.problem = problem


class WorkerResponse(Response):
    """The answer of a worker, sent to the client as it arrives."""

    def __init__(
        self,
        exchange: Exchange,
        first: tuple[Kind, bytes],
        held: AsyncExitStack,
        status: dict[str, Any],
        headers: dict[str, str],
        *,
        read_seconds: float,
    ) -> None:
        super().__init__(media_type=status["type"], headers=headers)
        if status["length"] is not None:
            self.headers["Content-Length"] = str(status["length"])
        elif "content-length" in self.headers:
            del self.headers["content-length"]
        mark_encoding(self.headers, status.get("encoding"))
        if status.get("digest"):
            self.headers["Content-Digest"] = status["digest"]
        self._exchange = exchange
        self._first: tuple[Kind, bytes] | None = first
        self._held = held
        self._read_seconds = read_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (ASGI's signature)
        """Send the answer; it ends early where the client does not read a piece in time, or has disconnected."""
        self._record = record_of(scope)
        async with self._held:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            while True:
                content, last = await self._next_piece()
                async with asyncio.timeout(self._read_seconds):
                    await send({"type": "http.response.body", "body": content, "more_body": True})
                if last:
                    raise AnswerBrokenError
                if not content:
                    break
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next_piece(self) -> tuple[bytes, bool]:
        """Return the next piece, empty at the end, and whether the answer breaks off after it."""
        try:
            kind, content = self._first or await self._exchange.receive()
            self._first = None
        except InputError as error:
            return self._last_line(error.problem), True
        except ReaderGoneError:
            raise ClientDisconnect from None
        if kind is Kind.PROBLEM:
            return self._last_line(_problem_of(content, self._record)), True
        return (content, False) if kind is Kind.PIECE else (b"", False)

    def _last_line(self, problem: Problem) -> bytes:
        """Return the last line of an NDJSON answer that breaks off, its problem; empty for other formats and for compressed answers."""
        self._record.problem = problem.code
        seen = problem.copy_with(type=self._record.public.base + problem.type)
        plain = self.media_type == NDJSON and "content-encoding" not in self.headers
        return seen.model_dump_json(exclude_none=True).encode() + b"\n" if plain else b""


async def forward(request: Request, head: dict[str, Any], body: RequestBody | None = None, **headers: str) -> Response:
    """Have a worker do a request, and return its answer. Raises ``InputError``, and ``ClientDisconnect`` where the client disconnects."""
    pool = pool_of(request)
    head = {**head, "encoding": accepted_encoding(request)}
    pieces: list[bytes] = []
    with pool.held.upload(body.end_slow if body is not None else lambda: None) as held:
        while body is not None and not body.ended and held.size < pool.settings.upload_first_bytes:
            with held.wait():
                pieces.append(await body.first_piece())
            held.add(len(pieces[-1]))
        if body is None or body.ended:
            with suppress(DisplacedError):
                return await _exchange(request, head, body, pieces, headers, small=True)
        return await _exchange(request, head, body, pieces, headers, small=False)


async def _exchange(
    request: Request, head: dict[str, Any], body: RequestBody | None, pieces: list[bytes], headers: dict[str, str], *, small: bool
) -> Response:
    """Send a worker a request whose body begins with the pieces, and return its answer. A large request's pieces are freed once sent."""
    pool = pool_of(request)
    whole = body is not None and body.ended
    try:
        async with AsyncExitStack() as stack:
            disconnected = _when_disconnected(stack, body) if body is not None and whole else None
            exchange = await stack.enter_async_context(pool.exchange(orjson.dumps(head), small=small, disconnected=disconnected))
            record_of(request.scope).worker = exchange.pid
            await exchange.send(b"".join(pieces))
            if not small:
                pieces.clear()
            if body is not None and not whole:
                await _copy(exchange, body)
                if body.ended:
                    exchange.watch(_when_disconnected(stack, body))
            exchange.end()
            _, content = await _receive(exchange, request)
            # A worker that dies before the first piece of its answer is a problem with a status of its own.
            first = await _receive(exchange, request)
            status = orjson.loads(content)
            record = record_of(request.scope)
            record.samples, record.records = status.get("samples"), status.get("records")
            return WorkerResponse(exchange, first, stack.pop_all(), status, headers, read_seconds=pool.settings.upload_rate_seconds)
    except ReaderGoneError:
        raise ClientDisconnect from None


async def ask(request: Request, head: dict[str, Any]) -> bytes:
    """Have a worker do a request without a body, and return its answer whole. Raises ``InputError``."""
    async with pool_of(request).exchange(orjson.dumps(head), small=True) as exchange:
        exchange.end()
        pieces: list[bytes] = []
        while True:
            kind, content = await _receive(exchange, request)
            if kind is Kind.DONE:
                return b"".join(pieces)
            if kind is Kind.PIECE:
                pieces.append(content)


async def _receive(exchange: Exchange, request: Request) -> tuple[Kind, bytes]:
    """Return the next frame of an answer. Raises ``InputError``, also for a problem that the worker has sent."""
    kind, content = await exchange.receive()
    if kind is Kind.PROBLEM:
        raise WorkerProblemError(_problem_of(content, record_of(request.scope)))
    return kind, content


async def _copy(exchange: Exchange, body: RequestBody) -> None:
    """Send the rest of a body, unless the worker answers before its end or ends itself."""
    answered = asyncio.ensure_future(exchange.answered())
    try:
        while not body.ended and not answered.done():
            reading = asyncio.ensure_future(body.steady_piece())
            try:
                await asyncio.wait((reading, answered), return_when=asyncio.FIRST_COMPLETED)
                if reading.done():
                    await exchange.send(reading.result())
            finally:
                if not reading.done():
                    reading.cancel()
                    with suppress(asyncio.CancelledError):
                        await reading
    finally:
        answered.cancel()


def _when_disconnected(stack: AsyncExitStack, body: RequestBody) -> asyncio.Future[None]:
    """Return a future that is done when the client disconnects; it is cancelled with the stack."""
    task = asyncio.ensure_future(body.disconnected())

    async def stop() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(stop)
    return task


def _problem_of(content: bytes, record: RequestRecord) -> Problem:
    """Return the problem that a worker has sent; a fault of its own is logged."""
    sent = orjson.loads(content)
    if sent["fault"] is not None:
        FAULTS.error("request=%s worker %s", record.id, sent["fault"])
    return Problem.model_validate(sent["problem"])
