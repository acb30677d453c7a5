"""The connection to one service: requests, attempts, and typed answers."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import IO, Any, Self

import httpx

from trdpgx.client.contents import Content, Progress, SentFile, length, opened
from trdpgx.client.errors import error_of
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.options import Options
from trdpgx.model.report import Report
from trdpgx.model.report_diff import Reannotation
from trdpgx.report.formats.json import to_json

_ASK_AGAIN = frozenset({429, 503})
_Body = Callable[[], dict[str, Any]]
"""Makes the body of one attempt, as arguments of httpx."""


class ServiceClient:
    """A connection to one service. Use it in a ``with`` block, or call ``close``."""

    def __init__(
        self,
        address: str = "http://127.0.0.1:8000",
        *,
        key: str | None = None,
        attempts: int = 5,
        longest_wait: float = 60,
        timeout: float = 120,
        http: httpx.Client | None = None,
    ) -> None:
        """Prepare a connection.

        ``key`` is sent as ``Authorization: Bearer``. A request that the service refuses because it is busy (429, 503), or that finds no
        service, is sent up to ``attempts`` times, after the seconds that ``Retry-After`` names (``longest_wait`` at most).
        ``timeout`` is how many seconds nothing may arrive or be taken. ``http`` is a client of your own, with proxies or certificates.
        """
        self._base = address.rstrip("/")
        self._http = http or httpx.Client(timeout=timeout)
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._attempts = attempts
        self._longest_wait = longest_wait

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def reports(
        self,
        genome: Content | None = None,
        *,
        options: Options | None = None,
        outside_calls: Content | None = None,
        targets: Content | None = None,
        context: ClinicalContext | Content | None = None,
        input_name: str | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Report]:
        """Send a genome, calls of another tool, a BED file or a clinical context, and yield the report of each sample as it arrives.

        ``input_name`` is what the reports call the input; it is sent in the form, which no proxy writes to its log.
        Raises ``ServiceError`` for a problem, also where it comes after some of the reports; ``httpx.HTTPError`` where the connection
        fails; and ``OSError`` where a file cannot be read.
        """
        if isinstance(context, ClinicalContext):
            context = context.model_dump_json(exclude_unset=True).encode()
        parts = {"vcf": genome, "outside_calls": outside_calls, "targets": targets, "context": context}
        with ExitStack() as stack:
            files = {name: opened(content, stack) for name, content in parts.items() if content is not None}
            named = {} if input_name is None else {"input_name": (None, input_name)}

            def form() -> dict[str, Any]:
                # httpx asks for a whole IO[bytes] by its type, and uses no more of it than this has.
                sent = {name: (name, SentFile(file, progress if name == "vcf" else None)) for name, file in files.items()}
                return {"files": {**named, **sent}}

            query = _query(options or Options())
            for document in self._lines("/v1/reports", list(files.values()), form, {"params": query}, field="schema_version"):
                yield Report.model_validate(document)

    def report(self, genome: Content | None = None, **parts: Any) -> Report:
        """Return the one report of an input with one sample. Arguments are those of ``reports``. Raises ``ValueError`` for several."""
        made = list(self.reports(genome, **parts))
        if len(made) != 1:
            raise ValueError(f"the input has {len(made)} samples: name one with Options(sample=...), or use reports()")
        return made[0]

    def reannotations(
        self, reports: Content | Report | Sequence[Report], *, signature: str | None = None, progress: Progress | None = None
    ) -> Iterator[Reannotation]:
        """Send earlier reports, and yield today's report of each with what is different, in their order, as it arrives.

        ``reports`` is what the formats ``json`` and ``ndjson`` wrote (a path, bytes or a file), or reports as this client returned them.
        ``signature`` is the detached signature of the very bytes that are sent, where the service asks for one. Raises as ``reports``.
        """
        if isinstance(reports, Report):
            reports = (reports,)
        if isinstance(reports, Sequence) and not isinstance(reports, str | bytes):
            reports = b"\n".join(map(to_json, reports))
        headers = {} if signature is None else {"Trdpgx-Signature": signature.strip()}
        with ExitStack() as stack:
            file = opened(reports, stack)
            if (size := length(file)) is not None:
                headers["Content-Length"] = str(size)

            def body() -> dict[str, Any]:
                return {"content": iter(SentFile(file, progress))}

            for document in self._lines("/v1/reannotations", [file], body, {"headers": headers}, field="diff"):
                yield Reannotation.model_validate(document)

    def reannotation(self, report: Content | Report, **parts: Any) -> Reannotation:
        """Return today's report of one earlier report. Arguments are those of ``reannotations``. Raises ``ValueError`` for several."""
        made = list(self.reannotations(report, **parts))
        if len(made) != 1:
            raise ValueError(f"there are {len(made)} reports: use reannotations()")
        return made[0]

    def get(self, address: str, **query: str) -> Any:
        """Return what a read-only address answers as JSON, such as ``/v1/drugs/sertraline``, ``/v1/limits`` or ``/service-info``."""
        for attempt in range(1, self._attempts + 1):
            answer = self._http.get(self._base + address, params=query, headers=self._headers)
            if answer.status_code not in _ASK_AGAIN or attempt == self._attempts:
                break
            time.sleep(self._wait(answer, attempt))
        if answer.is_error:
            raise error_of(answer)
        return answer.json()

    def _lines(
        self, address: str, files: Sequence[IO[bytes]], body: _Body, request: dict[str, Any], *, field: str
    ) -> Iterator[dict[str, Any]]:
        """Send a body until the service takes it, and yield the objects of its lines. One without ``field`` is a problem."""
        answer = self._send(address, files, body, request)
        try:
            for line in answer.iter_lines():
                if line:
                    document = json.loads(line)
                    if field not in document:
                        raise error_of(answer, document)
                    yield document
        finally:
            answer.close()

    def _send(self, address: str, files: Sequence[IO[bytes]], body: _Body, request: dict[str, Any]) -> httpx.Response:
        """Send a request until the service takes it, and return its answer with the body still to be read.

        ``body`` makes the body of each attempt from the files, which are read again from their first position. A file that cannot be read
        twice is sent once.
        """
        again = all(file.seekable() for file in files)
        starts = [file.tell() for file in files] if again else []
        attempts = self._attempts if again else 1
        # A compressed answer that breaks off has no last line with the problem.
        headers = {**self._headers, "Accept": "application/x-ndjson", "Accept-Encoding": "identity", **request.pop("headers", {})}
        for attempt in range(1, attempts + 1):
            for file, start in zip(files, starts, strict=False):
                file.seek(start)
            built = self._http.build_request("POST", self._base + address, headers=headers, **request, **body())
            last = attempt == attempts
            try:
                answer = self._http.send(built, stream=True)
            except httpx.ConnectError:
                if last:
                    raise
                time.sleep(min(2.0 ** (attempt - 1), self._longest_wait))
                continue
            if not answer.is_error:
                return answer
            answer.read()
            answer.close()
            if answer.status_code not in _ASK_AGAIN or last:
                raise error_of(answer)
            time.sleep(self._wait(answer, attempt))
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, answer: httpx.Response, attempt: int) -> float:
        """Return how many seconds to wait: what ``Retry-After`` states in seconds or as a date, otherwise longer each time."""
        stated = answer.headers.get("Retry-After", "")
        seconds = 2.0 ** (attempt - 1)
        if stated.isdigit():
            seconds = float(stated)
        elif stated:
            with suppress(ValueError, TypeError):
                seconds = (parsedate_to_datetime(stated) - datetime.now(UTC)).total_seconds()
        return min(max(seconds, 0.0), self._longest_wait)


def _query(options: Options) -> dict[str, Any]:
    """Return the options that differ from the defaults as query parameters."""
    chosen = options.model_dump(mode="json", exclude_defaults=True)
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in chosen.items()}
