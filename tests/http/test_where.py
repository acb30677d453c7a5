"""Where the service is: behind a prefix that a proxy strips or leaves, for some hosts alone, and never by what a request calls it."""

import pytest

from tests.http.application import open_client
from tests.http.test_problems import hold_shape
from trdpgx.http.public import Hosts
from trdpgx.model.access import AccessSettings
from trdpgx.service.example import GENOME

PUBLIC = "https://lab.example.org/pgx"


def test_links_begin_with_the_public_address_whether_the_prefix_is_stripped_or_not() -> None:
    with open_client(access=AccessSettings(public_url=PUBLIC + "/")) as client:
        for prefix in ("", "/pgx"):
            for answer in (client.get(f"{prefix}/v1/genes/none"), client.post(f"{prefix}/v1/reports", content=b"x")):
                link = answer.json()["type"]
                assert link.startswith(f"{PUBLIC}/problems/")
                for path in (link.removeprefix(PUBLIC), link.removeprefix("https://lab.example.org")):
                    assert client.get(path).json()["title"] == answer.json()["title"]
            assert client.get(f"{prefix}/service-info").json()["documentationUrl"] == f"{PUBLIC}/docs"
            assert client.get(f"{prefix}/openapi.json").json()["servers"][0]["url"] == f"{PUBLIC}/"
            assert client.post(f"{prefix}/v1/reports", content=GENOME).status_code == 200
            assert client.get(f"{prefix}/livez").status_code == 200
        for path in ("/pgxx/livez", "/pgx/pgx/livez", "/other/livez"):
            assert client.get(path).status_code == 404
        examples = client.get("/openapi.json").json()["components"]["schemas"]["ServiceInfo"]["examples"]
        assert examples[0]["documentationUrl"] == f"{PUBLIC}/docs"


def test_a_prefix_alone_stands_before_the_path() -> None:
    with open_client(access=AccessSettings(path_prefix="/pgx")) as client:
        answer = client.get("/v1/genes/none").json()
        assert answer["type"] == "/pgx/problems/not_found"
        assert client.get(answer["type"]).status_code == 200
        assert client.get("/service-info").json()["documentationUrl"] == "/pgx/docs"


def test_what_a_request_calls_the_host_is_never_repeated() -> None:
    with open_client() as client:
        names = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "evil", "Forwarded": "host=evil.example"}
        for path in ("/service-info", "/openapi.json", "/docs", "/", "/nowhere", "/problems", "/v1/limits"):
            answer = client.get(path, headers=names)
            assert "evil" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("lab.example.org", True),
        ("LAB.example.org:8443", True),
        ("a.wards.example.org", True),
        ("a.b.wards.example.org", True),
        ("wards.example.org", False),
        ("evil.example", False),
        ("lab.example.org.evil.example", False),
        ("[::1]:8000", False),
        ("", False),
        ("[", False),
    ],
)
def test_requests_for_other_hosts_are_refused(host: str, allowed: bool) -> None:
    settings = AccessSettings(public_url=PUBLIC, allowed_hosts="*.wards.example.org")  # type: ignore[arg-type]
    assert Hosts(settings).allow([host]) is allowed
    assert Hosts(AccessSettings(public_url=PUBLIC)).allow([host])


def test_a_wrong_host_is_a_problem_but_for_probes() -> None:
    with open_client(access=AccessSettings(allowed_hosts=("lab.example.org",))) as client:
        hold_shape(client.get("/v1/limits"), 421, "wrong_host")
        assert client.get("/v1/limits", headers={"Host": "lab.example.org"}).status_code == 200
        for path in ("/livez", "/readyz", "/metrics"):
            assert client.get(path).status_code == 200
