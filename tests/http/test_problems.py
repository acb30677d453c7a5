"""One shape for every error: RFC 9457, never quoting the request, each kind explained."""

import gzip

import pytest

from tests.http.application import Client, open_client
from tests.http.refusals import REFUSALS, TIGHT, Refusal
from trdpgx.calling.outside_calls.problems import PROBLEMS as CALLING
from trdpgx.clinical.problems import PROBLEMS as CLINICAL
from trdpgx.http.problems.examples import CASES, example_problem
from trdpgx.http.problems.kinds import HTTP
from trdpgx.http.problems.statuses import LISTED, problem_type, status_of
from trdpgx.intake.problems import PROBLEMS as INTAKE
from trdpgx.model.limits import Limits
from trdpgx.model.naming import listed
from trdpgx.model.settings import Settings
from trdpgx.reannotation.problems import PROBLEMS as REANNOTATION
from trdpgx.report.format_registry import served_formats
from trdpgx.service.catalogue import WORKER_PROBLEMS
from trdpgx.service.example import GENOME
from trdpgx.service.problems import SERVICE

SECRET = "Jane-Doe-1970"  # noqa: S105
PROBLEMS = {**WORKER_PROBLEMS, **HTTP}
FORMATS = listed([one.media_type for one in served_formats().values()])
ROUTES = ["/v1/reports", "/v1/rules", "/v1/genes/CYP2C19", "/v1/limits", "/livez", "/problems", "/docs", "/openapi.json", "/service-info"]


def hold_shape(answer: object, status: int, code: str) -> None:
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    assert answer.headers["cache-control"] == "no-store"  # type: ignore[attr-defined]
    body = answer.json()  # type: ignore[attr-defined]
    assert {"type", "title", "status", "detail", "remedy"} <= body.keys() <= {"type", "title", "status", "detail", "remedy", "line"}
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_each_kind_is_reported_as_the_description_states(client: Client, tight_client: Client, refusal: Refusal) -> None:
    asked, limits = (tight_client, Limits(**TIGHT)) if refusal.tight else (client, Limits())
    address = f"{refusal.address}?{refusal.query}"
    if refusal.parts is None:
        answer = asked.post(address, content=refusal.body, headers=refusal.headers)
    else:
        answer = asked.post(address, files=refusal.parts, headers=refusal.headers)
    hold_shape(answer, status_of(refusal.code), refusal.code)
    assert answer.json() == example_problem(PROBLEMS[refusal.code], limits, Settings(), FORMATS).model_dump(exclude_none=True)


def test_the_example_genome_is_no_problem_under_the_small_caps(tight_client: Client) -> None:
    assert tight_client.post("/v1/reports", content=GENOME).status_code == 200


def test_codes_are_unique_and_each_is_explained(client: Client) -> None:
    assert len(PROBLEMS) == len(INTAKE) + len(CALLING) + len(CLINICAL) + len(REANNOTATION) + len(SERVICE) + len(HTTP)
    assert CASES.keys() == PROBLEMS.keys() >= {code for codes in LISTED.values() for code in codes}
    assert {kind["code"] for kind in client.get("/problems").json()["problems"]} == PROBLEMS.keys()
    for code, kind in PROBLEMS.items():
        assert client.get(f"/problems/{code}").json() == problem_type(kind).model_dump()


def test_every_problem_leads_to_its_explanation(client: Client) -> None:
    problem = client.get("/nowhere").json()
    assert client.get(problem["type"]).json()["title"] == problem["title"]


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (BROWSER["Accept"], True),
        ("text/html", True),
        ("*/*", False),
        ("application/json", False),
        ("application/problem+json, text/html;q=0.9", False),
    ],
)
def test_a_problem_is_a_page_for_those_who_prefer_html(client: Client, accept: str, page: bool) -> None:
    answer = client.post("/v1/reports", content=b"Dear colleague,\n", headers={"Accept": accept})
    assert answer.status_code == 415
    assert answer.headers["content-type"] == ("text/html; charset=utf-8" if page else "application/problem+json")
    assert answer.headers["cache-control"] == "no-store"
    if page:
        assert "style-src 'sha256-" in answer.headers["content-security-policy"]
        assert "<h1>The input is not a VCF or BCF file.</h1>" in answer.text
        assert "Dear colleague" not in answer.text


def test_a_page_of_a_problem_quotes_nothing_of_the_request(client: Client) -> None:
    for path in ("/v1/genes/<script>alert(1)</script>", "/v1/rules?gene=<b>", "/nowhere/<b>"):
        answer = client.get(path, headers=BROWSER)
        assert answer.status_code >= 400
        assert "<script" not in answer.text
        assert "<b>" not in answer.text


def test_the_type_of_a_problem_leads_a_browser_to_a_page(client: Client) -> None:
    answer = client.get("/problems/truncated", headers=BROWSER)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "ends too early" in answer.text
    assert client.get("/problems/truncated").json()["code"] == "truncated"


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere",
        "/v1",
        "/v1/",
        "/docs/",
        "/docs/x",
        "/docs/..%2fapp",
        "/problems/none",
        "/v1/genes/NONE",
        "/v1/drugs/none",
        "/v1/rules/none",
    ],
)
def test_an_address_that_leads_nowhere(client: Client, address: str) -> None:
    hold_shape(client.get(address), 404, "not_found")


@pytest.mark.parametrize("address", ROUTES)
@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT", "OPTIONS", "TRACE", "BREW"])
def test_a_method_that_an_address_does_not_take(client: Client, address: str, method: str) -> None:
    answer = client.request(method, address)
    hold_shape(answer, 405, "method_not_allowed")
    assert answer.headers["allow"]


@pytest.mark.parametrize(
    "query",
    [
        "gene=CYP2D6&gene=CYP2C19&x=1",
        "domain=none",
        "assembly=hg18",
        "absent=missing&absent=missing",
        f"sample=a&sample={'x' * 2000}",
        "sampel=a",
        f"sample={'x' * 2000}",
        "all_candidates=perhaps",
    ],
)
def test_a_query_that_cannot_be_used(client: Client, query: str) -> None:
    answer = client.post(f"/v1/reports?{query}", content=GENOME)
    hold_shape(answer, 422, "bad_query")
    assert "xxx" not in answer.text


def test_no_error_quotes_the_request(client: Client) -> None:
    hidden = GENOME.replace(b"SYNTHETIC", SECRET.encode())
    answers = [
        client.get(f"/{SECRET}"),
        client.get(f"/v1/rules?domain={SECRET}"),
        client.get(f"/v1/rules?{SECRET}=1"),
        client.get(f"/problems/{SECRET}"),
        client.post(f"/v1/reports?sample={SECRET}", content=GENOME),
        client.post("/v1/reports", content=hidden.replace(b"\t0/0\n", b"\t0/9\n")),
        client.post("/v1/reports", content=hidden.replace(b"\tPASS", b"\t" + SECRET.encode() + b" x")),
        client.post("/v1/reports", content=hidden, headers={"Accept": SECRET}),
        client.post("/v1/reports", files={SECRET: hidden}),
        client.post("/v1/reports", files={"vcf": (SECRET, hidden), "outside_calls": (SECRET, SECRET.encode())}),
        client.post("/v1/reports", content=SECRET.encode()),
        client.request(SECRET.replace("-", "").upper()[:8], "/livez"),
    ]
    for answer in answers:
        assert answer.status_code >= 400
        assert SECRET not in answer.text + str(answer.headers)
        assert "94781859" not in answer.text


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("sampel=a", "The first query parameter is not one of this endpoint. Nearest: `sample`."),
        (f"absent=missing&assembly=auto&{SECRET}=1", "The third query parameter is not one of this endpoint. Known: "),
        ("sample=a&absent=missing&absent=missing", "The third query parameter repeats an earlier one."),
    ],
)
def test_a_query_parameter_is_named_by_its_position(client: Client, query: str, detail: str) -> None:
    answer = client.post(f"/v1/reports?{query}", content=GENOME)
    hold_shape(answer, 422, "bad_query")
    assert answer.json()["detail"].startswith(detail)
    assert SECRET not in answer.text


@pytest.mark.parametrize("name", ["sampel", SECRET])
def test_a_parameter_of_another_address_is_named_by_its_position(client: Client, name: str) -> None:
    answer = client.get(f"/v1/rules?drug=sertraline&{name}=1")
    hold_shape(answer, 422, "bad_query")
    assert answer.json()["detail"].startswith("The second query parameter is not one of this endpoint. Known: ")


@pytest.mark.parametrize(
    ("context", "detail"),
    [
        (b'{"%s": 1}' % SECRET.encode(), "The first field is not known. Known: `age_years`, `ancestry`, "),
        (b'{"ancestry": "european", "ancestri": "%s"}' % SECRET.encode(), "The second field is not known. Nearest: `ancestry`."),
        (b'{"ancestry": "%s"}' % SECRET.encode(), "`ancestry` is none of "),
        (b'{"\\u001b[31m%s": 1}' % SECRET.encode(), "The first field is not known. Known: `age_years`, `ancestry`, "),
        (b'["%s"]' % SECRET.encode(), "The context is not a JSON object."),
        (b'{"ancestry": %s}' % (b"9" * 5_000), "The context is not valid JSON"),
        (b"{%s}" % SECRET.encode(), "The context is not valid JSON"),
        (b'{"trials": [{"drug": "%s"}]}' % SECRET.encode(), "`trials[0].drug` is not a known drug."),
    ],
)
def test_an_error_about_the_context_repeats_nothing_of_it(client: Client, context: bytes, detail: str) -> None:
    answer = client.post("/v1/reports", files={"vcf": GENOME, "context": context})
    hold_shape(answer, 422, "bad_context")
    assert answer.json()["detail"].startswith(detail)
    assert SECRET not in answer.text


def test_an_unknown_part_is_named_by_its_position(client: Client) -> None:
    answer = client.post("/v1/reports", files={"vcf": GENOME, "target": b"x"})
    hold_shape(answer, 422, "unknown_part")
    assert answer.json()["detail"] == "The second part is not known. Nearest: `targets`."


@pytest.mark.parametrize(
    "calls",
    [
        b'[{"gene": "CYP2D6", "diplotype": "*1/*1", "activity_score": ' + b"9" * 5_000 + b"}]",
        b'{"outside_calls": [{"gene": "CYP2D6", "diplotype": "*1/*1", "line": ' + b"9" * 4_301 + b"}]}",
        b'[{"gene": "CYP2D6", "diplotype": "*1x99999999999999999999999/*4"}]',
        b'[{"gene": "CYP2D6", "diplotype": "' + b"*1x99/*2x99+" * 20 + b'*4"}]',
        b'[{"gene": "CYP2D6", "activity_score": 1e999}]',
        b'[{"gene": "CYP2D6", "diplotype": "\\ud800", "tool": "\\udfff"}]',
        b'{"outside_calls": [{"gene": 3, "line": -5}]}',
        b"CYP2D6\t*1x" + b"9" * 5_000 + b"/*4\n",
    ],
)
def test_numbers_without_end_are_the_senders_fault(client: Client, calls: bytes) -> None:
    answer = client.post("/v1/reports", files={"vcf": GENOME, "outside_calls": calls})
    hold_shape(answer, 422, "outside_calls_invalid")


def test_refused_encodings_name_the_one_that_is_taken(client: Client) -> None:
    answer = client.post("/v1/reports", content=GENOME, headers={"Content-Encoding": "br"})
    assert answer.headers["accept-encoding"] == "identity"


def test_a_service_that_is_not_open_is_not_ready() -> None:
    with open_client() as closing:
        opened, closing.app.state.pool = closing.app.state.pool, None
        for answer in (closing.get("/readyz"), closing.get("/v1/genes"), closing.post("/v1/reports", content=GENOME)):
            hold_shape(answer, 503, "not_ready")
        assert closing.get("/livez").json() == {"status": "alive"}
        closing.app.state.pool = opened
        assert closing.get("/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (gzip.compress(GENOME).replace(b"\n", b"").replace(b"\0", b""), "corrupt"),
        (GENOME.replace(b"\n", b""), "newlines_lost"),
        (b"##source=x" + GENOME, "bad_fileformat"),
    ],
)
def test_what_curl_d_makes_of_a_file_gets_the_remedy(client: Client, body: bytes, code: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    problem = client.post("/v1/reports", content=body, headers=headers).json()
    assert problem["type"].removeprefix("/problems/") in {code, "truncated"}
    assert "--data-binary" in problem["remedy"]
    assert client.post("/v1/reports", content=GENOME, headers=headers).status_code == 200


def test_a_form_that_sends_the_name_of_a_file_gets_the_remedy(client: Client) -> None:
    problem = client.post("/v1/reports", files={"vcf": (None, b"genome.vcf")}).json()
    assert problem["type"] == "/problems/unsupported_format"
    assert "vcf=@FILE" in problem["remedy"]
