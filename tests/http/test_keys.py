"""Who may call, by keys: refused before a byte of the body, by scope, expiry and revocation; the file and its command."""

import json
import os
import stat
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.routing import iter_route_contexts

from tests.http.application import Client, open_client
from tests.http.servers import COMMAND, Server, running
from tests.http.test_problems import hold_shape
from tests.http.test_server import head, read_answer
from trdpgx.cli.main import main
from trdpgx.http.auth.callers import OPEN
from trdpgx.http.auth.key_file import KeyListError, change_keys, new_key, read_keys, today
from trdpgx.model.access import AccessSettings
from trdpgx.service.example import GENOME

EVERYWHERE = "0.0.0.0"  # noqa: S104
SCOPES = {"report": ("report",), "read": ("read",), "metrics": ("metrics",), "both": ("report", "read")}


def write_keys(path: Path) -> dict[str, str]:
    """Write a key of each kind; return them by name."""
    made = {name: new_key(name, scopes, None) for name, scopes in SCOPES.items()}
    made["expired"] = new_key("expired", ("report", "read"), today() - timedelta(days=1))
    made["last day"] = new_key("last day", ("report", "read"), today())
    change_keys(path, lambda _: tuple(entry for _, entry in made.values()))
    return {name: key for name, (key, _) in made.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def keys(folder: Path) -> dict[str, str]:
    return write_keys(folder / "keys.json")


@pytest.fixture(scope="module")
def keyed(folder: Path, keys: dict[str, str]) -> Iterator[Client]:
    with open_client(access=AccessSettings(auth="keys", keys=folder / "keys.json")) as opened:
        yield opened


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def addresses(client: Client) -> list[tuple[str, str]]:
    contexts = iter_route_contexts(client.app.routes)
    return [(method, str(context.path)) for context in contexts for method in context.methods or ()]


def test_every_address_but_the_open_ones_asks_for_a_key(keyed: Client) -> None:
    assert {"/", "/page.css", "/page.js", "/livez", "/readyz"} == OPEN
    for method, path in addresses(keyed):
        answer = keyed.request(method, path, content=GENOME if method == "POST" else None)
        if path in OPEN:
            assert answer.status_code == 200, path
        else:
            hold_shape(answer, 401, "unauthorized")
            assert answer.headers["www-authenticate"] == 'Bearer realm="trdpgx"'
    for path in ("/nowhere", "/v1/", "/livez/", "/metrics/", "/docs/..%2flivez"):
        hold_shape(keyed.get(path), 401, "unauthorized")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/reports", {"report", "both", "last day"}),
        ("GET", "/v1/genes", {"read", "both", "last day"}),
        ("HEAD", "/v1/genes", {"read", "both", "last day"}),
        ("GET", "/openapi.json", {"read", "both", "last day"}),
        ("GET", "/docs", {"read", "both", "last day"}),
        ("GET", "/metrics", {"metrics"}),
    ],
)
def test_a_key_allows_what_its_scopes_do(keyed: Client, keys: dict[str, str], method: str, path: str, allowed: set[str]) -> None:
    for name, key in keys.items():
        answer = keyed.request(method, path, content=GENOME if method == "POST" else None, headers=bearer(key))
        if name in allowed:
            assert answer.status_code == 200, name
        elif name == "expired":
            hold_shape(answer, 401, "unauthorized") if method != "HEAD" else None
            assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        else:
            assert answer.status_code == 403, name
            assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_what_is_no_key_is_refused(keyed: Client, keys: dict[str, str]) -> None:
    good = keys["both"]
    wrong = [
        "",
        "Bearer",
        "Bearer ",
        f"Basic {good}",
        f"Bearer {good}x",
        f"Bearer {good[:-1]}",
        f"Bearer {good.upper()}",
        f"Bearer {'x' * 20_000}",
    ]
    wrong += [good, f"Bearer {good} {good}", f"Bearer {good},{good}"]
    for header in wrong:
        answer = keyed.get("/v1/genes", headers={"Authorization": header})
        hold_shape(answer, 401, "unauthorized")
        assert good not in answer.text + str(answer.headers)
    twice = [("Authorization", f"Bearer {good}"), ("Authorization", f"Bearer {good}")]
    hold_shape(keyed.get("/v1/genes", headers=twice), 401, "unauthorized")
    assert keyed.get(f"/v1/genes?key={good}").status_code == 401
    assert keyed.get("/v1/genes", headers={"Authorization": f"bearer  {good} "}).status_code == 200


def test_a_key_that_is_revoked_is_refused_from_the_next_request_on(keyed: Client, folder: Path) -> None:
    path = folder / "keys.json"
    key, entry = new_key("short", ("read",), None)
    change_keys(path, lambda entries: (*entries, entry))
    assert keyed.get("/v1/genes", headers=bearer(key)).status_code == 200
    change_keys(path, lambda entries: tuple(one.copy_with(revoked=today()) if one.id == entry.id else one for one in entries))
    assert keyed.get("/v1/genes", headers=bearer(key)).status_code == 401


def test_a_file_that_cannot_be_used_lets_nobody_in(keyed: Client, keys: dict[str, str], folder: Path) -> None:
    path = folder / "keys.json"
    content, good = path.read_text(), bearer(keys["both"])
    for harm in (lambda: path.write_text(content[:-9]), path.unlink, lambda: path.chmod(0o666)):
        harm()
        answer = keyed.get("/v1/genes", headers=good)
        hold_shape(answer, 503, "not_ready")
        assert answer.headers["retry-after"]
        assert keyed.get("/livez").status_code == 200
        path.write_text(content)
        path.chmod(0o600)
        assert keyed.get("/v1/genes", headers=good).status_code == 200


def test_the_description_states_the_scope_of_each_operation(keyed: Client, keys: dict[str, str]) -> None:
    described = keyed.get("/openapi.json", headers=bearer(keys["both"])).json()
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    needed = {path: operation["security"] for path, item in described["paths"].items() for operation in item.values()}
    assert needed["/v1/reports"] == needed["/v1/reannotations"] == [{"key": ["report"]}]
    assert needed["/metrics"] == [{"key": ["metrics"]}]
    assert needed["/livez"] == needed["/readyz"] == []
    assert all(
        security in ([], [{"key": ["read"]}])
        for path, security in needed.items()
        if path not in {"/v1/reports", "/v1/reannotations", "/metrics"}
    )
    assert [path for path, security in needed.items() if not security] == ["/livez", "/readyz"]
    assert keyed.get("/service-info", headers=bearer(keys["both"])).json()["authentication"] == "keys"


def test_nothing_of_the_body_is_asked_for_without_a_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = write_keys(path)
    with running(TRDPGX_AUTH="keys", TRDPGX_KEYS=str(path), TRDPGX_WORKERS="1") as server:
        for headers, status in (((), 401), ((f"Authorization: Bearer {keys['read']}",), 403)):
            with server.connect() as connection:
                connection.sendall(head(len(GENOME), "/v1/reports", "Expect: 100-continue", *headers))
                answered, fields, body = read_answer(connection)
                assert (answered, fields["connection"]) == (status, "close")
                assert json.loads(body)["status"] == status
        assert server.post(GENOME, Authorization=f"Bearer {keys['both']}").status_code == 200
        log = server.log.read_text()
        assert not [key for key in keys.values() if key in log]
        assert server.stop() == 0


def environment(server_variables: dict[str, str]) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if not name.startswith("TRDPGX_")}, **server_variables}


@pytest.mark.parametrize(
    ("options", "variables", "words"),
    [
        (("--host", EVERYWHERE), {}, ("TRDPGX_AUTH", "trdpgx keys new", "none")),
        (("--host", "::"), {}, ("TRDPGX_AUTH",)),
        ((), {"TRDPGX_HOST": "10.1.2.3"}, ("TRDPGX_AUTH",)),
        ((), {"TRDPGX_AUTH": "keys"}, ("TRDPGX_KEYS", "trdpgx keys new")),
        ((), {"TRDPGX_AUTH": "keys", "TRDPGX_KEYS": "/nowhere/keys"}, ("TRDPGX_KEYS", "No such file")),
        ((), {"TRDPGX_AUTH": "oidc"}, ("TRDPGX_OIDC_ISSUER",)),
        ((), {"TRDPGX_AUTH": "secret"}, ("TRDPGX_AUTH",)),
        ((), {"TRDPGX_OIDC_ALGORITHMS": "RS256,HS256"}, ("TRDPGX_OIDC_ALGORITHMS",)),
        ((), {"TRDPGX_OIDC_ALGORITHMS": "none"}, ("TRDPGX_OIDC_ALGORITHMS",)),
        ((), {"TRDPGX_OIDC_JWKS": "http://issuer.example/jwks"}, ("TRDPGX_OIDC_JWKS", "https")),
        ((), {"TRDPGX_TRUSTED_PROXIES": "proxy"}, ("TRDPGX_TRUSTED_PROXIES",)),
        ((), {"TRDPGX_PUBLIC_URL": "example.org"}, ("TRDPGX_PUBLIC_URL",)),
        ((), {"TRDPGX_CORS_ORIGINS": "*"}, ("TRDPGX_CORS_ORIGINS",)),
        ((), {"TRDPGX_AUDIT": "/nowhere/audit"}, ("TRDPGX_AUDIT", "No such file")),
        ((), {"TRDPGX_REDIS_URL": "nonsense"}, ("TRDPGX_REDIS_URL",)),
    ],
)
def test_it_refuses_to_start_with_a_plain_message(options: tuple[str, ...], variables: dict[str, str], words: tuple[str, ...]) -> None:
    done = subprocess.run([COMMAND, "serve", *options], env=environment(variables), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_others_may_reach_it_where_that_was_decided() -> None:
    with running(TRDPGX_HOST=EVERYWHERE, TRDPGX_AUTH="none", TRDPGX_WORKERS="1") as server:
        assert server.post(GENOME).status_code == 200


def test_a_key_is_printed_once_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    done = subprocess.run([COMMAND, "keys", "new", "--file", path, "--name", "Lab"], capture_output=True, text=True, check=True)
    key = done.stdout.removesuffix("\n")
    assert key.startswith("trdpgx_")
    assert "\n" not in key
    assert key not in done.stderr + path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [(entry.name, entry.scopes, entry.expires) for entry in read_keys(path)] == [("Lab", ("report", "read"), None)]
    assert os.listdir(tmp_path) == ["keys.json"]


def test_keys_are_listed_and_revoked_by_id_or_name(tmp_path: Path) -> None:
    run, path = CliRunner(), tmp_path / "keys.json"
    for name, more in (("one", ()), ("two", ("--scope", "metrics")), ("two", ("--expires", "2999-01-01")), ("\x1b[2J", ())):
        assert run.invoke(main, ["keys", "new", "--file", str(path), "--name", name, *more]).exit_code == 0
    listed = run.invoke(main, ["keys", "list"], env={"TRDPGX_KEYS": str(path)}).stdout
    assert len(listed.splitlines()) == 4
    assert "2999-01-01" in listed
    assert "\x1b" not in listed
    ids = [entry.id for entry in read_keys(path)]
    revoke = ["keys", "revoke", "--file", str(path)]
    assert run.invoke(main, [*revoke, "one"]).exit_code == 0
    for wrong in ("one", "two", "none"):
        assert run.invoke(main, [*revoke, wrong]).exit_code == 1
    assert run.invoke(main, [*revoke, ids[1]]).exit_code == 0
    assert [entry.state(today()) for entry in read_keys(path)] == ["revoked", "revoked", "good", "good"]
    assert run.invoke(main, ["keys", "revoke", "--file", str(tmp_path / "none"), "x"]).exit_code == 1
    for option in (("--expires", "2020-01-01"), ("--name", ""), ("--scope", "all")):
        assert run.invoke(main, ["keys", "new", "--file", str(path), "--name", "three", *option]).exit_code == 2


def test_a_file_that_others_may_write_to_is_refused_and_a_mode_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_keys(path)
    path.chmod(0o640)
    change_keys(path, lambda entries: entries)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    for mode in (0o660, 0o606):
        path.chmod(mode)
        with pytest.raises(KeyListError, match="chmod"):
            read_keys(path)
    path.chmod(0o600)
    for content in ("", "[]", '{"keys": [{}]}', '{"keys": [], "more": 1}'):
        path.write_text(content)
        with pytest.raises(KeyListError):
            read_keys(path)
    link = tmp_path / "link"
    path.unlink()
    write_keys(path)
    link.symlink_to(path)
    change_keys(link, lambda _: ())
    assert link.is_symlink()
    assert read_keys(path) == ()


def test_a_whole_service_is_not_needed_for_a_key(server: Server) -> None:
    assert server.get("/metrics").status_code == 200
