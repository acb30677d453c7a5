"""Who may call, by tokens of an issuer: real keys on a real address, real signatures, and each way in which a token can lie."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.http.application import Client, open_client
from tests.http.test_keys import bearer
from tests.http.test_problems import hold_shape
from trdpgx.http.auth import issuer_keys
from trdpgx.http.auth.choose import AccessError, choose_authenticator
from trdpgx.model.access import AccessSettings
from trdpgx.service.example import GENOME

ISSUER, AUDIENCE, SUBJECT = "https://login.example.org/lab", "trdpgx", "ward-3"
ADDRESS = "/v1/schema/context"


class Issuer:
    """An issuer on loopback: its keys can change, and it counts how often it is asked."""

    def __init__(self) -> None:
        self.rsa = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
        self.ec = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})
        self.asked = 0
        self.content = self.keys(self.rsa, self.ec)
        self.status = 200
        issuer = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked += 1
                self.send_response(issuer.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(issuer.content)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def keys(*keys: Any, **more: Any) -> bytes:
        return json.dumps({"keys": [{**key.as_dict(private=False), **more} for key in keys]}).encode()

    def token(self, key: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        key = key or self.rsa
        now = int(time.time())
        stated = {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "exp": now + 300, "iat": now, "scope": "report read", **claims}
        kinds = {"RSA": "RS256", "EC": "ES256", "OKP": "Ed25519", "oct": "HS256"}
        fields = {"alg": kinds[key.key_type], "kid": key.as_dict().get("kid"), **(header or {})}
        fields = {name: value for name, value in fields.items() if value is not None}
        stated = {name: value for name, value in stated.items() if value is not None}
        return jwt.encode(fields, stated, key, algorithms=[fields["alg"]])


def raw(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None = None) -> str:
    """Return a token as no library would make it: unsigned, or signed with a secret of any kind."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    signature = b"" if secret is None else hmac.digest(secret, b".".join(parts), hashlib.sha256)
    return b".".join((*parts, base64.urlsafe_b64encode(signature).rstrip(b"="))).decode()


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.server.shutdown()
    made.server.server_close()


def settings(source: str, **more: Any) -> AccessSettings:
    return AccessSettings(auth="oidc", oidc_issuer=ISSUER, oidc_audience=AUDIENCE, oidc_jwks=source, **more)


@pytest.fixture
def client(issuer: Issuer) -> Iterator[Client]:
    with open_client(access=settings(issuer.url)) as opened:
        yield opened


def status(client: Client, token: str) -> int:
    return client.get(ADDRESS, headers=bearer(token)).status_code


def test_tokens_that_are_good(client: Client, issuer: Issuer) -> None:
    now = int(time.time())
    good = [
        issuer.token(),
        issuer.token(issuer.ec),
        issuer.token(aud=["other", AUDIENCE]),
        issuer.token(scope="openid read"),
        issuer.token(header={"typ": "at+jwt"}),
        issuer.token(exp=now - 30),
        issuer.token(nbf=now + 30),
        issuer.token(header={"kid": None}),
    ]
    assert [status(client, token) for token in good] == [200] * len(good)
    assert client.post("/v1/reports", content=GENOME, headers=bearer(good[0])).status_code == 200
    assert issuer.asked == 1


def test_tokens_that_lie_are_refused(client: Client, issuer: Issuer) -> None:
    now = int(time.time())
    stranger = RSAKey.generate_key(2048, {"kid": "rsa-1"})
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "exp": now + 300, "scope": "report read"}
    public = [
        issuer.rsa.as_pem(private=False),
        json.dumps(issuer.rsa.as_dict(private=False)).encode(),
        issuer.rsa.as_bytes("DER", private=False),
    ]
    good = issuer.token()
    head, body, signature = good.split(".")
    other = issuer.token(sub="root")
    lies = {
        "no signature": raw({"alg": "none"}, claims),
        "no signature, other case": raw({"alg": "nOnE", "kid": "rsa-1"}, claims),
        **{f"signed with the public key {number}": raw({"alg": "HS256", "kid": "rsa-1"}, claims, key) for number, key in enumerate(public)},
        "an algorithm that is not allowed": issuer.token(header={"alg": "PS256"}),
        "another's key": issuer.token(stranger),
        "another's key, by its own word": issuer.token(stranger, header={"jwk": stranger.as_dict(private=False)}),
        "a key that is not known": issuer.token(header={"kid": "rsa-2"}),
        "the key of the other algorithm": issuer.token(header={"kid": "ec-1"}),
        "expired": issuer.token(exp=now - 90),
        "not yet": issuer.token(nbf=now + 90),
        "made in the future": issuer.token(iat=now + 3600),
        "of another issuer": issuer.token(iss=ISSUER + "/"),
        "for another": issuer.token(aud="other"),
        "for nobody": issuer.token(aud=None),
        "for ever": issuer.token(exp=None),
        "about nobody": issuer.token(sub=None),
        "about a number": issuer.token(sub=7),
        "a time that is none": issuer.token(exp="tomorrow"),
        "a time without end": issuer.token(exp=float("1e400")),
        "the end of a session": issuer.token(header={"typ": "logout+jwt"}),
        "a header that must be understood": raw({"alg": "RS256", "kid": "rsa-1", "crit": ["x"], "x": 1}, claims),
        "another signature": good[:-4] + "AAAA",
        "another body": f"{head}.{other.split('.')[1]}.{signature}",
        "no body": f"{head}..{signature}",
        "two parts": f"{head}.{body}",
        "five parts": f"{good}.a.b",
        "no token": "trdpgx_x",
        "nested": base64.urlsafe_b64encode(b"[" * 9000).decode() + ".a.b",
    }
    for name, lie in lies.items():
        answer = client.get(ADDRESS, headers=bearer(lie))
        assert answer.status_code == 401, name
        hold_shape(answer, 401, "unauthorized")


def test_scopes_come_from_the_claim_behind_the_prefix(issuer: Issuer) -> None:
    with open_client(access=settings(issuer.url, oidc_scope_claim="roles", oidc_scope_prefix="pgx:")) as client:
        assert status(client, issuer.token(roles=["pgx:read"])) == 200
        assert status(client, issuer.token(roles="pgx:read pgx:report")) == 200
        for roles in (["read"], ["pgx:report"], "", None, {"pgx:read": 1}, 7, [7, None]):
            answer = client.get(ADDRESS, headers=bearer(issuer.token(roles=roles)))
            assert answer.status_code == 403, roles
            assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
        described = client.get("/openapi.json", headers=bearer(issuer.token(roles="pgx:read"))).json()
        assert described["components"]["securitySchemes"]["key"]["openIdConnectUrl"] == f"{ISSUER}/.well-known/openid-configuration"


def test_keys_change_without_a_restart(client: Client, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert status(client, issuer.token()) == 200
    fresh = RSAKey.generate_key(2048, {"kid": "rsa-2"})
    issuer.content = issuer.keys(fresh)
    assert [status(client, issuer.token(fresh)) for _ in range(3)] == [401] * 3
    assert issuer.asked <= 2
    monkeypatch.setattr(issuer_keys, "_AGAIN_SECONDS", 0)
    assert status(client, issuer.token(fresh)) == 200
    assert status(client, issuer.token()) == 401


def test_an_issuer_that_does_not_answer_lets_nobody_new_in(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuer_keys, "_AGAIN_SECONDS", 0)
    with open_client(access=settings(issuer.url, oidc_refresh_seconds=1)) as client:
        for harm in (
            {"status": 500},
            {"status": 302},
            {"content": b"{}"},
            {"content": b"x" * 2_000_000},
            {"content": b'{"keys": [{"kty": "oct", "k": "AAAA"}]}'},
        ):
            kept = {name: getattr(issuer, name) for name in harm}
            for name, value in harm.items():
                setattr(issuer, name, value)
            hold_shape(client.get(ADDRESS, headers=bearer(issuer.token())), 503, "not_ready")
            for name, value in kept.items():
                setattr(issuer, name, value)
        assert status(client, issuer.token()) == 200
        issuer.status = 500
        time.sleep(1.1)
        assert status(client, issuer.token()) == 200


def test_a_file_of_keys_opens_no_connection_and_is_read_anew(issuer: Issuer, tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    ed = OKPKey.generate_key("Ed25519", {"kid": "ed"})
    path.write_bytes(issuer.keys(issuer.rsa, ed))
    with open_client(access=settings(str(path), oidc_algorithms="RS256,Ed25519")) as client:
        assert status(client, issuer.token()) == 200
        assert status(client, issuer.token(ed)) == 200
        assert status(client, issuer.token(issuer.ec)) == 401
        path.write_bytes(issuer.keys(issuer.ec))
        assert status(client, issuer.token()) == 401
        path.write_bytes(b"{")
        assert status(client, issuer.token()) == 503
        path.write_bytes(issuer.keys(issuer.rsa))
        assert status(client, issuer.token()) == 200
    assert issuer.asked == 0
    for content in (b"", b"{}", b'{"keys": []}', b'{"keys": [{"kty": "oct", "k": "AAAA"}]}', issuer.keys(issuer.rsa, use="enc")):
        path.write_bytes(content)
        with pytest.raises(AccessError, match="TRDPGX_OIDC_JWKS"):
            choose_authenticator(settings(str(path)))


def test_a_subject_is_in_the_audit_and_not_in_the_log(issuer: Issuer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with open_client(access=settings(issuer.url, audit=str(tmp_path / "audit"))) as client, caplog.at_level("INFO"):
        assert status(client, issuer.token(sub="jane@example.org")) == 200
    assert json.loads((tmp_path / "audit").read_text())["name"] == "jane@example.org"
    logged = [getattr(record, "fields", {}) for record in caplog.records]
    assert any(fields.get("key") for fields in logged)
    assert "jane" not in str(logged) + caplog.text
