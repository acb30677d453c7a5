"""``trdpgx signature``: keys, and detached signatures of reports."""

import os
from pathlib import Path

import click

from trdpgx.cli.console import displayed, reading, stop
from trdpgx.cli.destination import write_bytes
from trdpgx.cli.earlier import ENDING, load_check, signature_of
from trdpgx.reannotation.signature import KeyFileError, new_key, read_keys, sign

_FILE = click.Path(path_type=Path)


@click.group()
def signature() -> None:
    """Sign reports, and check signatures (docs/reannotation.md)."""


@signature.command("new")
@click.argument("private", type=_FILE)
@click.argument("public", type=_FILE)
def new(private: Path, public: Path) -> None:
    """Make a pair of keys for signatures.

    The file PRIVATE signs: only its owner may read it. The file PUBLIC verifies signatures: give it to whoever receives reports. Existing
    files are not overwritten.
    """
    written: list[Path] = []
    for path, content, mode in zip((private, public), new_key(), (0o600, 0o644), strict=True):
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
                written.append(path)
                file.write(content)
        except OSError as error:
            for made in written:
                made.unlink()
            raise click.UsageError(f"{displayed(str(path))} cannot be written: {error.strerror}") from None


@signature.command("make")
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, required=True, metavar="PRIVATE", help="File of the private key.")
def make(file: Path, key: Path) -> None:
    """Sign the bytes of FILE; the signature is written to FILE.jws."""
    with reading(str(file)):
        content = file.read_bytes()
    try:
        with reading(str(key)):
            made = sign(content, read_keys(key)[0])
    except KeyFileError as error:
        stop(f"{displayed(str(key))}: {error}")
    write_bytes([made.encode() + b"\n"], f"{file}{ENDING}")


@signature.command("check")
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, required=True, metavar="PUBLIC", help="File of the public key, or of a set of public keys (JWK set).")
def check_file(file: Path, key: Path) -> None:
    """Verify that FILE.jws is a signature of FILE by a trusted key.

    The exit code is 65 if it is not.
    """
    check = load_check(key)
    with reading(str(file)):
        check(file.read_bytes(), signature_of(str(file)))
    click.echo(f"{displayed(str(file))}: signed by a key that is trusted")
