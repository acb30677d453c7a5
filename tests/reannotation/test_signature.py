"""Signatures of reports: only the bytes that were signed pass, by a key that is trusted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from joserfc.jws import serialize_compact

from tests.http.application import open_client
from tests.reannotation.reports import golden
from trdpgx.cli.main import main
from trdpgx.model.problem import InputError
from trdpgx.model.settings import Settings
from trdpgx.reannotation.signature import KeyFileError, check_of, new_key, read_keys, sign


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A private key and its public half."""
    paths = tmp_path / "private.json", tmp_path / "public.json"
    assert run("signature", "new", *paths).exit_code == 0
    return paths


def test_what_was_signed_passes_and_nothing_else(keys: tuple[Path, Path], tmp_path: Path) -> None:
    private, public = keys
    (key,) = read_keys(private)
    content = golden("poor")[0]
    signature = sign(content, key)
    check = check_of(public)
    check(content, signature)
    check(content, f"{signature}\n")
    (tmp_path / "set.json").write_text(json.dumps({"keys": [json.loads(new_key()[1]), json.loads(public.read_text("utf-8"))]}), "utf-8")
    check_of(tmp_path / "set.json")(content, signature)
    whole = serialize_compact({"alg": "Ed25519"}, content, key, algorithms=["Ed25519"])
    header, _, end = signature.split(".")
    for other, text in (
        (content + b"\n", signature),
        (content.replace(b"GOLDEN-1", b"GOLDEN-2"), signature),
        (content, signature[:-4] + "AAAA"),
        (content, whole),
        (b"", whole),
        (content, "x" * 10_000),
        (content, "\u00e9.."),
        (content, f"{header}..{end}.."),
        (content, f"eyJhbGciOiJub25lIn0..{end}"),
        (content, "eyJhbGciOiJub25lIn0.."),
    ):
        with pytest.raises(InputError, match="bad_signature"):
            check(other, text)
    for nothing in (None, ""):
        with pytest.raises(InputError, match="signature_required"):
            check(content, nothing)
    (tmp_path / "other.json").write_text(new_key()[1], "utf-8")
    with pytest.raises(InputError, match="bad_signature"):
        check_of(tmp_path / "other.json")(content, signature)


NO_KEYS: dict[str, Callable[[], str]] = {
    "no JSON": lambda: "-----BEGIN PRIVATE KEY-----",
    "a number": lambda: "1",
    "no keys": lambda: '{"keys": []}',
    "an RSA key": lambda: '{"kty": "RSA", "n": "AQAB", "e": "AQAB"}',
    "another curve": lambda: json.dumps({**json.loads(new_key()[1]), "crv": "X25519"}),
}


@pytest.mark.parametrize("case", NO_KEYS)
def test_a_file_without_a_key_is_refused(case: str, tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text(NO_KEYS[case](), "utf-8")
    with pytest.raises(KeyFileError):
        read_keys(path)
    (tmp_path / "x").write_text("x", "utf-8")
    assert run("signature", "make", tmp_path / "x", "--key", path).exit_code == 1


def test_a_signed_report_is_made_anew_and_no_other(keys: tuple[Path, Path], tmp_path: Path) -> None:
    private, public = keys
    report = tmp_path / "old.json"
    report.write_bytes(golden("poor")[0])
    assert private.stat().st_mode & 0o077 == 0
    refused = run("reannotate", report, "--trusted-keys", public)
    assert refused.exit_code == 65
    assert "[signature_required]" in refused.stderr
    assert run("signature", "make", report, "--key", private).exit_code == 0
    assert run("signature", "check", report, "--key", public).exit_code == 0
    assert run("reannotate", report, "--trusted-keys", public).exit_code == 0
    report.write_bytes(golden("poor")[0].replace(b"GOLDEN-1", b"GOLDEN-2"))
    assert run("signature", "check", report, "--key", public).exit_code == 65
    assert "[bad_signature]" in run("reannotate", report, "--trusted-keys", public).stderr
    assert "public half" in run("signature", "make", report, "--key", public).stderr


def test_a_key_that_is_there_is_not_written_over(keys: tuple[Path, Path], tmp_path: Path) -> None:
    before = keys[0].read_bytes()
    assert run("signature", "new", *keys).exit_code == 2
    assert run("signature", "new", tmp_path / "new.json", keys[1]).exit_code == 2
    assert keys[0].read_bytes() == before
    assert not (tmp_path / "new.json").exists()


def test_a_service_with_trusted_keys_takes_signed_reports_alone(keys: tuple[Path, Path]) -> None:
    private, public = keys
    content = golden("poor")[0]
    signature = sign(content, read_keys(private)[0])
    with open_client(Settings(trusted_keys=public)) as client:
        address = "/v1/reannotations"
        assert client.post(address, content=content).json()["type"] == "/problems/signature_required"
        assert (
            client.post(address, content=content + b"\n", headers={"Trdpgx-Signature": signature}).json()["type"]
            == "/problems/bad_signature"
        )
        answer = client.post(address, content=content, headers={"Trdpgx-Signature": signature})
        assert answer.status_code == 200
        assert not answer.json()["diff"]["changed"]
