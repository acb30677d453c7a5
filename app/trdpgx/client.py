"""A client of a running service: genomes are sent as they are read, reports come back typed, and a busy service is asked again.

    from trdpgx.client import ServiceClient
    with ServiceClient("http://127.0.0.1:8000") as service:
        for report in service.reports("genome.vcf.gz"):
            print(report.input.sample, [(gene.gene, gene.phenotype) for gene in report.genes])

It needs httpx, which the extra ``client`` installs: ``pip install 'trdpgx[client]'``.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.options import Options
from trdpgx.model.problem import Problem
from trdpgx.model.report import Report

try:
    import httpx
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("trdpgx.client needs httpx: pip install 'trdpgx[client]'", name="httpx") from error

Content = str | Path | bytes | IO[bytes]
"""What is sent: the path of a file, bytes, or a file opened for reading bytes."""
Progress = Callable[[int, int | None], None]
"""Called with the bytes of the genome that were sent, and with all of them where that is known."""

_ASK_AGAIN = frozenset({429, 503})
_PIECE = 64 * 1024


class ServiceError(TrdpgxError):
    """The service answered with a problem. ``status`` is the HTTP status; ``request_id`` is what the service's log has of the request."""

    def __init__(self, problem: Problem, status: int, request_id: str | None) -> None:
        """Keep the problem."""
        line = "" if problem.line is None else f" (line {problem.line})"
        super().__init__(f"{problem.title} {problem.detail}{line} {problem.remedy} [{problem.type.rpartition('/')[2]}]")
        self.problem = problem
        self.status = status
        self.request_id = request_id


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
        progress: Progress | None = None,
    ) -> Iterator[Report]:
        """Send a genome, calls of another tool, a BED file or a clinical context, and yield the report of each sample as it arrives.

        Raises ``ServiceError`` for a problem, also where it comes after some of the reports; ``httpx.HTTPError`` where the connection
        fails; and ``OSError`` where a file cannot be read.
        """
        if isinstance(context, ClinicalContext):
            context = context.model_dump_json(exclude_unset=True).encode()
        parts = {"vcf": genome, "outside_calls": outside_calls, "targets": targets, "context": context}
        contents = {name: content for name, content in parts.items() if content is not None}
        with ExitStack() as stack:
            files = {name: _opened(content, stack) for name, content in contents.items()}
            answer = self._send(files, _query(options or Options()), progress)
            stack.callback(answer.close)
            for line in answer.iter_lines():
                if line:
                    yield self._read(line, answer)

    def report(self, genome: Content | None = None, **parts: Any) -> Report:
        """Return the one report of an input with one sample. Arguments are those of ``reports``. Raises ``ValueError`` for several."""
        made = list(self.reports(genome, **parts))
        if len(made) != 1:
            raise ValueError(f"the input has {len(made)} samples: name one with Options(sample=...), or use reports()")
        return made[0]

    def get(self, address: str, **query: str) -> Any:
        """Return what a read-only address answers as JSON, such as ``/v1/drugs/sertraline``, ``/v1/limits`` or ``/service-info``."""
        for attempt in range(1, self._attempts + 1):
            answer = self._http.get(self._base + address, params=query, headers=self._headers)
            if answer.status_code not in _ASK_AGAIN or attempt == self._attempts:
                break
            time.sleep(self._wait(answer, attempt))
        if answer.is_error:
            raise _error(answer)
        return answer.json()

    def _send(self, files: Mapping[str, IO[bytes]], query: Mapping[str, Any], progress: Progress | None) -> httpx.Response:
        """Send the form until the service takes it, and return its answer with the body still to be read."""
        again = all(file.seekable() for file in files.values())
        starts = {name: file.tell() for name, file in files.items() if again}
        attempts = self._attempts if again else 1
        for attempt in range(1, attempts + 1):
            for name, start in starts.items():
                files[name].seek(start)
            # httpx asks for a whole IO[bytes] by its type, and uses no more of it than this has.
            form: Any = {name: (name, _Counted(file, progress if name == "vcf" else None)) for name, file in files.items()}
            request = self._http.build_request(
                "POST",
                f"{self._base}/v1/reports",
                params=query,
                files=form,
                headers={**self._headers, "Accept": "application/x-ndjson"},
            )
            last = attempt == attempts
            try:
                answer = self._http.send(request, stream=True)
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
                raise _error(answer)
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

    def _read(self, line: str, answer: httpx.Response) -> Report:
        document = json.loads(line)
        if "schema_version" not in document:
            raise ServiceError(Problem.model_validate(_of_problem(document)), document["status"], answer.headers.get("X-Request-Id"))
        return Report.model_validate(document)


class _Counted:
    """A file that states how much of it was read. httpx asks it for its length, where it can be known."""

    def __init__(self, file: IO[bytes], progress: Progress | None) -> None:
        self._file = file
        self._progress = progress
        self._sent = 0
        self._total = _length(file)

    def read(self, size: int = _PIECE) -> bytes:
        piece = self._file.read(size)
        self._sent += len(piece)
        if self._progress is not None and piece:
            self._progress(self._sent, self._total)
        return piece

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _length(file: IO[bytes]) -> int | None:
    """Return how many bytes are left of a file, or ``None`` where that is not known."""
    if not file.seekable():
        return None
    here = file.tell()
    end = file.seek(0, 2)
    file.seek(here)
    return end - here


def _opened(content: Content, stack: ExitStack) -> IO[bytes]:
    if isinstance(content, bytes):
        return BytesIO(content)
    if isinstance(content, str | Path):
        return stack.enter_context(Path(content).open("rb"))
    return content


def _query(options: Options) -> dict[str, Any]:
    """Return the options that differ from the defaults as query parameters."""
    chosen = options.model_dump(mode="json", exclude_defaults=True)
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in chosen.items()}


def _error(answer: httpx.Response) -> ServiceError:
    """Return the problem of an answer; what stands before the service may answer with something else."""
    request_id = answer.headers.get("X-Request-Id")
    try:
        return ServiceError(Problem.model_validate(_of_problem(answer.json())), answer.status_code, request_id)
    except ValueError:
        problem = Problem(
            type="/problems/bad_answer",
            title="The answer is not from trdpgx.",
            detail=f"It has the status {answer.status_code} and no problem details.",
            remedy="Check the address, and what stands before the service.",
        )
        return ServiceError(problem, answer.status_code, request_id)


def _of_problem(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in Problem.model_fields if name in document}
