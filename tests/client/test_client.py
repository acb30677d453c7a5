"""The client against a running service: typed reports, problems, progress, and asking again."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from tests.golden.cases import steady
from tests.http.servers import Server, free_port, running
from tests.reannotation.reports import bundled
from trdpgx import AbsentOption, ClinicalContext, Options, annotate
from trdpgx.client import ServiceClient, ServiceError
from trdpgx.reannotation.document import read_reports
from trdpgx.reannotation.reannotate import reannotate
from trdpgx.reannotation.signature import new_key, read_keys, sign
from trdpgx.report.formats.json import to_json

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"
GENOME = EXAMPLE.read_bytes()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as started:
        yield started


@pytest.fixture
def service(server: Server) -> Iterator[ServiceClient]:
    with ServiceClient(server.base) as opened:
        yield opened


def two_samples() -> bytes:
    lines = GENOME.decode().splitlines(keepends=True)
    return "".join(
        line if line.startswith("##") else f"{line.rstrip()}\t{'SECOND' if line.startswith('#') else line.rstrip().split(chr(9))[-1]}\n"
        for line in lines
    ).encode()


@pytest.mark.parametrize("genome", [EXAMPLE, str(EXAMPLE), GENOME, io.BytesIO(GENOME)], ids=["path", "text", "bytes", "file"])
def test_a_report_is_the_one_that_python_gives(service: ServiceClient, genome: Path | str | bytes | io.BytesIO) -> None:
    options = Options(absent=AbsentOption.REFERENCE)
    (own,) = annotate(EXAMPLE, options=options)
    sent = service.report(genome, options=options)
    assert steady(sent.model_dump(mode="json")) == steady(own.model_dump(mode="json"))


def test_several_samples_come_one_by_one_and_are_not_one_report(service: ServiceClient) -> None:
    assert [report.input.sample for report in service.reports(two_samples())] == ["SYNTHETIC-1", "SECOND"]
    assert [report.input.sample for report in service.reports(two_samples(), options=Options(sample="SECOND"))] == ["SECOND"]
    with pytest.raises(ValueError, match="2 samples"):
        service.report(two_samples())


def test_a_problem_is_raised_with_its_remedy_and_line(service: ServiceClient) -> None:
    with pytest.raises(ServiceError) as raised:
        service.report(b"Dear colleague,\n")
    assert raised.value.status == 415
    assert raised.value.problem.type == "/problems/unsupported_format"
    assert "[unsupported_format]" in str(raised.value)
    assert raised.value.request_id
    with pytest.raises(ServiceError) as raised:
        service.report(GENOME + b"not a record\n")
    assert raised.value.problem.line == GENOME.count(b"\n") + 1


def test_a_context_and_calls_of_another_tool_go_along(service: ServiceClient) -> None:
    context = ClinicalContext.model_validate({"current_drugs": [{"drug": "paroxetine", "dose": 20, "unit": "mg"}]})
    report = service.report(outside_calls=b"CYP2D6\t*1/*1\n", context=context)
    (gene,) = (gene for gene in report.genes if gene.gene == "CYP2D6")
    assert gene.phenoconverted is not None


def test_progress_reaches_the_end(service: ServiceClient) -> None:
    seen: list[tuple[int, int | None]] = []
    service.report(GENOME, progress=lambda sent, total: seen.append((sent, total)))
    assert [sent for sent, _ in seen] == sorted(sent for sent, _ in seen)
    assert seen[-1] == (len(GENOME), len(GENOME))


def test_read_only_addresses(service: ServiceClient) -> None:
    assert service.get("/v1/genes/CYP2C19")["gene"] == "CYP2C19"
    with pytest.raises(ServiceError, match="not_found"):
        service.get("/v1/genes/CYP2Z9")


class Stream(io.BytesIO):
    """What cannot be read twice."""

    def seekable(self) -> bool:
        return False


class Busy(BaseHTTPRequestHandler):
    """A service that is busy twice, each time naming a second, and then answers with reports of its own."""

    address: str
    asked: list[int]
    answer: bytes

    def do_POST(self) -> None:
        self.asked.append(self._length())
        busy = len(self.asked) <= 2
        content = b'{"type":"/problems/busy","title":"t","status":503,"detail":"d","remedy":"r"}' if busy else self.answer
        self.send_response(503 if busy else 200)
        if busy:
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _length(self) -> int:
        """Read the body, whole or in chunks, and return its length."""
        if "Content-Length" in self.headers:
            return len(self.rfile.read(int(self.headers["Content-Length"])))
        length = 0
        while size := int(self.rfile.readline(), 16):
            length += len(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return length

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def busy() -> Iterator[type[Busy]]:
    (own,) = annotate(EXAMPLE)

    class Once(Busy): ...

    Once.asked, Once.answer = [], own.model_dump_json(by_alias=True).encode() + b"\n"

    server = HTTPServer(("127.0.0.1", 0), Once)
    Once.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Once
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_busy_service_is_asked_again_with_the_whole_upload(busy: type[Busy]) -> None:
    with ServiceClient(busy.address) as service:
        assert service.report(EXAMPLE).input.sample == "SYNTHETIC-1"
    assert len(busy.asked) == 3
    assert len(set(busy.asked)) == 1


def test_one_attempt_is_one_request(busy: type[Busy]) -> None:
    with ServiceClient(busy.address, attempts=1) as service, pytest.raises(ServiceError, match="busy"):
        service.report(EXAMPLE)
    assert len(busy.asked) == 1


def test_what_cannot_be_read_twice_is_sent_once(busy: type[Busy]) -> None:
    with ServiceClient(busy.address) as service, pytest.raises(ServiceError, match="busy"):
        service.report(Stream(GENOME))
    assert len(busy.asked) == 1


def test_a_service_that_is_not_there_is_an_error_of_the_connection() -> None:
    with ServiceClient(f"http://127.0.0.1:{free_port()}", attempts=1) as service, pytest.raises(httpx.ConnectError):
        service.report(GENOME)


def test_a_stream_is_sent(service: ServiceClient) -> None:
    assert service.report(Stream(GENOME)).input.sample == "SYNTHETIC-1"


def test_an_answer_of_somebody_else_is_named(busy: type[Busy]) -> None:
    with ServiceClient(busy.address, attempts=1) as service, pytest.raises(ServiceError, match="not from trdpgx"):
        service.get("/v1/limits")


def test_an_earlier_report_is_made_anew_with_what_is_different(service: ServiceClient, tmp_path: Path) -> None:
    old = service.report(GENOME)
    older = old.model_copy(update={"considerations": old.considerations[1:], "software": old.software.copy_with(version="0.0.9")})
    written = tmp_path / "old.json"
    written.write_bytes(to_json(older))
    (own,) = (reannotate(bundled(), one) for one in read_reports(io.BytesIO(to_json(older)), 2**25))
    for content in (older, written, str(written), to_json(older), io.BytesIO(to_json(older)), Stream(to_json(older))):
        made = service.reannotation(content)
        assert steady(made.report.model_dump(mode="json")) == steady(own.model_dump(mode="json"))
        assert [(one.change, one.rule_id) for one in made.diff.considerations] == [("added", old.considerations[0].rule_id)]
    assert not service.reannotation(old).diff.changed


def test_several_earlier_reports_come_one_by_one(service: ServiceClient) -> None:
    seen: list[tuple[int, int | None]] = []
    first, second = service.reports(two_samples())
    made = service.reannotations([first, second], progress=lambda sent, total: seen.append((sent, total)))
    assert [one.report.input.sample for one in made] == [one.input.sample for one in (first, second)]
    assert seen[-1][0] == seen[-1][1] == len(to_json(first)) + len(to_json(second)) + 1
    with pytest.raises(ValueError, match="2 reports"):
        service.reannotation(to_json(first) + b"\n" + to_json(second))


def test_earlier_reports_that_cannot_be_read_are_problems(service: ServiceClient) -> None:
    with pytest.raises(ServiceError, match="not_a_report") as raised:
        list(service.reannotations([]))
    assert raised.value.status == 415
    report = service.report(GENOME)
    broken = to_json(report.model_copy(update={"considerations": ()}))
    with pytest.raises(ServiceError, match="contradictory_report"):
        service.reannotation(broken)
    made = service.reannotations(to_json(report) + b"\n" + broken)
    assert not next(made).diff.changed
    with pytest.raises(ServiceError, match="contradictory_report"):
        next(made)


def test_a_service_that_asks_for_signatures_gets_them(tmp_path: Path) -> None:
    private, public = new_key()
    for name, key in (("private.json", private), ("public.json", public)):
        (tmp_path / name).write_text(key)
    (key,) = read_keys(tmp_path / "private.json")
    content = to_json(annotate(EXAMPLE)[0])
    with running(TRDPGX_TRUSTED_KEYS=str(tmp_path / "public.json"), TRDPGX_WORKERS="1") as server, ServiceClient(server.base) as service:
        with pytest.raises(ServiceError, match="signature_required"):
            service.reannotation(content)
        assert not service.reannotation(content, signature=f"{sign(content, key)}\n").diff.changed
        with pytest.raises(ServiceError, match="bad_signature"):
            service.reannotation(content + b" ", signature=sign(content, key))


def test_earlier_reports_are_sent_again_to_a_busy_service(busy: type[Busy]) -> None:
    busy.answer = b'{"report":1,"diff":1}\n'
    with ServiceClient(busy.address) as service, pytest.raises(ValidationError):
        service.reannotation(io.BytesIO(b"{}"))
    assert busy.asked == [2, 2, 2]
