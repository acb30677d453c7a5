"""What is seen from outside: metrics with a closed set of labels, one line a request in the log, the audit, and what none of them has."""

import json
import os
import re
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from tests.http.application import Client, open_client
from tests.http.servers import free_port, running, until
from tests.http.test_keys import bearer, write_keys
from trdpgx.http.problems.examples import CASES
from trdpgx.http.problems.statuses import LISTED
from trdpgx.http.record import METHODS, NO_ROUTE, RouteNames
from trdpgx.model.access import AccessSettings
from trdpgx.service.example import GENOME

SECRET = "Jane-Doe-1970"  # noqa: S105
STATUSES = {"200", "204", "304", "499", *(str(status) for status in (*LISTED, 422))}
TRACE = "0af7651916cd43dd8448eb211c80319c"


def labels(text: str) -> dict[str, set[str]]:
    """Return the values of each label."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if not family.name.startswith("process_"):
                for name, value in sample.labels.items():
                    found.setdefault(name, set()).add(value)
    return found


def closed(client: Client) -> dict[str, set[str]]:
    """Return every value that a label may have."""
    return {
        "method": {*METHODS, "other"},
        "route": {NO_ROUTE, *(name for _, name in RouteNames(client.app.routes)._patterns)},
        "status": STATUSES,
        "code": set(CASES),
        "quota": {"requests", "bytes", "uploads", "address-requests", "address-bytes", "address-uploads"},
        "state": {"busy", "idle", "starting"},
        "how": {"done", "killed_or_died"},
        "size": {"small", "large"},
    }


_TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
_PATH = st.one_of(
    st.sampled_from(["/v1/reports", "/v1/genes", "/v1/genes/", "/v1/rules/x", "/problems/x", "/docs/x", "/metrics", "/", "/livez"]),
    _TEXT.map(lambda text: "/" + text.replace("?", "").replace("#", "")),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.one_of(st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "DELETE", "TRACE"]), st.from_regex(r"[A-Z]{1,12}", fullmatch=True)),
    path=_PATH,
    query=_TEXT,
    headers=st.dictionaries(
        st.sampled_from(["Accept", "Authorization", "Content-Type", "X-Forwarded-For", "traceparent", "Origin", "X-Request-Id"]), _TEXT
    ),
    body=st.binary(max_size=40),
)
def test_labels_have_closed_sets_of_values(  # noqa: PLR0917 (given by name)
    client: Client, method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    if method != "CONNECT":
        client.request(method, f"{path}?{query}".replace("#", ""), headers=headers, content=body)
    text = client.get("/metrics").text
    allowed = closed(client)
    for name, values in labels(text).items():
        if name in allowed:
            assert values <= allowed[name], name
        else:
            assert name in {"le", "route", "version", "rules", "rules_digest", "reference", "reference_digest", "evidence_policy"}
            assert name == "le" or len(values) == 1


def value(text: str, name: str, **wanted: str) -> float:
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name and wanted.items() <= sample.labels.items():
                return float(sample.value)
    return 0.0


def test_requests_bytes_samples_records_and_workers_are_counted() -> None:
    with open_client() as client:
        report = client.post("/v1/reports", content=GENOME)
        client.post("/v1/reports", content=b"nonsense")
        client.get(f"/{SECRET}")
        text = client.get("/metrics").text
        assert client.get("/metrics").headers["content-type"].startswith("text/plain; version=")
    assert value(text, "trdpgx_requests_total", method="POST", route="/v1/reports", status="200") == 1
    assert value(text, "trdpgx_requests_total", route="none", status="404") == 1
    assert value(text, "trdpgx_problems_total", code="unsupported_format") == 1
    assert value(text, "trdpgx_received_bytes_total", route="/v1/reports") == len(GENOME) + 8
    assert value(text, "trdpgx_sent_bytes_total", route="/v1/reports") > len(report.content) / 20
    assert value(text, "trdpgx_request_seconds_count", route="/v1/reports") == 2
    assert value(text, "trdpgx_samples_total") == 1
    assert value(text, "trdpgx_records_total") == report.json()["input"]["records"]
    assert value(text, "trdpgx_workers", state="idle") + value(text, "trdpgx_workers", state="starting") >= 1
    assert value(text, "trdpgx_knowledge_info", rules=report.json()["knowledge"]["rules_release"]) == 1
    assert SECRET not in text


def test_metrics_have_a_port_of_their_own_without_a_key(tmp_path: Path) -> None:
    keys, port = write_keys(tmp_path / "keys.json"), free_port()
    variables = {"TRDPGX_AUTH": "keys", "TRDPGX_KEYS": str(tmp_path / "keys.json"), "TRDPGX_METRICS_PORT": str(port)}
    with running(TRDPGX_WORKERS="1", **variables) as server:
        there = server.get("/livez")
        own = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
        assert there.status_code == own.status_code == 200
        assert value(own.text, "trdpgx_workers", state="idle") == 1
        assert "_created" not in own.text
        assert httpx.get(f"http://127.0.0.1:{port}/v1/genes", trust_env=False).status_code == 404
        refused = httpx.get(f"{server.base}/metrics", headers=bearer(keys["metrics"]), trust_env=False)
        assert refused.status_code == 404
        assert server.stop() == 0


def test_a_worker_that_is_killed_is_counted() -> None:
    with running(TRDPGX_WORKERS="2") as server:
        os.kill(server.workers()[0], 9)
        assert until(lambda: value(server.get("/metrics").text, "trdpgx_worker_ends_total", how="killed_or_died") == 1)
        os.kill(server.supervisor(), 9)
        assert until(lambda: value(server.get("/metrics").text, "trdpgx_supervisor_restarts_total") == 1)


FIELDS = {"time", "level", "logger", "request", "key", "method", "route", "status", "received", "sent", "ms"}
MORE = {"problem", "samples", "worker", "trace"}
AUDIT = {
    *("time", "request", "key", "name", "method", "route", "scope", "status", "problem", "received", "sent", "samples"),
    *("version", "rules", "reference"),
}


def test_a_line_a_request_in_the_log_and_in_the_audit(tmp_path: Path) -> None:
    keys, audit = write_keys(tmp_path / "keys.json"), tmp_path / "audit"
    variables = {"TRDPGX_AUTH": "keys", "TRDPGX_KEYS": str(tmp_path / "keys.json"), "TRDPGX_AUDIT": str(audit), "TRDPGX_LOG_FORMAT": "json"}
    with running(TRDPGX_WORKERS="1", **variables) as server:
        good = bearer(keys["both"])
        marked = GENOME.replace(b"SYNTHETIC", SECRET.encode())
        answers = [
            server.post(marked, f"/v1/reports?sample={SECRET}", traceparent=f"00-{TRACE}-b7ad6b7169203331-01", **good),
            server.post(marked[:-30], **good, **{"User-Agent": SECRET}),
            server.post(marked, f"/v1/reports?{SECRET}=1"),
            server.post(marked, **bearer(SECRET)),
            server.get(f"/{SECRET}?{SECRET}"),
            server.get("/livez"),
        ]
        assert answers[0].headers["traceparent"] == f"00-{TRACE}-b7ad6b7169203331-01"
        assert until(lambda: answers[-1].headers["x-request-id"] in server.log.read_text())
        lines = [json.loads(line) for line in server.log.read_text().splitlines()]
        requests = {line["request"]: line for line in lines if "request" in line}
        written = [requests[answer.headers["x-request-id"]] for answer in answers]
        for line in written:
            assert {*FIELDS} - {"key"} <= line.keys() <= FIELDS | MORE
        assert [line["status"] for line in written] == [200, written[1]["status"], 401, 401, 401, 200]
        assert [line["route"] for line in written] == ["/v1/reports"] * 4 + ["none", "/livez"]
        first = written[0]
        assert (first["samples"], first["trace"], first["worker"]) == (1, TRACE, server.workers()[0])
        assert (first["received"], first["sent"]) == (len(marked), int(answers[0].headers["content-length"]))
        assert first["key"] == written[1]["key"] != SECRET
        assert written[2]["problem"] == "unauthorized"
        assert "key" not in written[2]
        audited = [json.loads(line) for line in audit.read_text().splitlines()]
        assert all(line.keys() == AUDIT for line in audited)
        assert [line["request"] for line in audited] == [answer.headers["x-request-id"] for answer in answers[:5]]
        assert (audited[0]["name"], audited[0]["scope"], audited[0]["samples"]) == ("both", "report", 1)
        assert re.fullmatch(r"[0-9a-f]{64}", audited[0]["rules"])
        assert audit.stat().st_mode & 0o777 == 0o600
        audit.rename(tmp_path / "audit.1")
        server.get("/v1/limits")
        assert until(audit.exists)
        for text in (server.log.read_text(), audit.read_text(), (tmp_path / "audit.1").read_text()):
            for word in (SECRET, "94781859", "0/1", "citalopram", *keys.values()):
                assert word not in text


def test_a_request_and_its_fault_are_one_line_each_as_text() -> None:
    with running(TRDPGX_WORKERS="1") as server:
        answer = server.post(GENOME)
        assert until(lambda: answer.headers["x-request-id"] in server.log.read_text())
        line = next(line for line in server.log.read_text().splitlines() if answer.headers["x-request-id"] in line)
    pattern = (
        r"\S+Z INFO trdpgx\.access request=\S+ key=- method=POST route=/v1/reports status=200 problem=- received=\d+ sent=\d+ "
        r"samples=1 ms=[\d.]+ worker=\d+ trace=-"
    )
    assert re.fullmatch(pattern, line)


@pytest.mark.parametrize(
    "header",
    ["", "00-x", f"01-{TRACE}-b7ad6b7169203331-01", f"00-{'0' * 32}-b7ad6b7169203331-01", f"00-{TRACE.upper()}-b7ad6b7169203331-01"],
)
def test_what_is_no_traceparent_is_dropped(client: Client, header: str) -> None:
    assert "traceparent" not in client.get("/livez", headers={"traceparent": header}).headers


def test_an_audit_that_cannot_be_written_is_no_end_of_the_service(tmp_path: Path) -> None:
    with open_client(access=AccessSettings(audit="/dev/full")) as client:
        assert [client.get("/v1/limits").status_code for _ in range(3)] == [200] * 3
