"""``trdpgx keys``: make, list and revoke the keys that callers of the service have (``TRDPGX_AUTH=keys``)."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from pydantic import ValidationError

from trdpgx.cli.console import displayed, stop
from trdpgx.http.auth.key_file import KeyEntry, KeyListError, change_keys, new_key, read_keys, today
from trdpgx.model.access import SCOPES
from trdpgx.model.printable import escaped

_file = click.option(
    "--file",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="TRDPGX_KEYS",
    required=True,
    metavar="FILE",
    help="File of keys. The environment variable TRDPGX_KEYS can name it instead.",
)


@click.group()
def keys() -> None:
    """Make, list and revoke keys for the HTTP service."""


@keys.command("new")
@_file
@click.option("--name", required=True, help="Holder of the key, in your words; the audit records this name.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="Requests that the key allows; may be repeated.  [default: report, read]",
)
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Last day on which the key is valid (UTC), YYYY-MM-DD.")
def new(path: Path, name: str, scopes: tuple[str, ...], expires: datetime | None) -> None:
    """Make a key and print it, once, on standard output. The file stores only the digest of the key."""
    last = None if expires is None else expires.date()
    if last is not None and last < today():
        raise click.BadParameter("this day is over", param_hint="--expires")
    try:
        key, entry = new_key(name, tuple(dict.fromkeys(scopes)) or ("report", "read"), last)
    except ValidationError:
        raise click.BadParameter("write 1 to 100 characters", param_hint="--name") from None
    _change(path, lambda entries: (*entries, entry))
    click.echo(f"trdpgx: key {entry.id} of {escaped(name)} is in {displayed(str(path))}; it allows {', '.join(entry.scopes)}.", err=True)
    click.echo("The key is printed only now, since the file holds its digest alone:", err=True)
    click.echo(key)


@keys.command("list")
@_file
def list_keys(path: Path) -> None:
    """List the keys: id, state, scopes, dates, name."""
    try:
        entries = read_keys(path)
    except KeyListError as error:
        stop(f"{displayed(str(path))}: {error}")
    for entry in entries:
        dates = f"{entry.created} to {entry.revoked or entry.expires or 'further notice'}"
        click.echo(f"{entry.id}  {entry.state(today()):7}  {','.join(entry.scopes):19}  {dates:28}  {escaped(entry.name)}")


@keys.command("revoke")
@_file
@click.argument("key")
def revoke(path: Path, key: str) -> None:
    """Revoke KEY, the id or the name of a key. A running service refuses the key from the next request on."""

    def changed(entries: tuple[KeyEntry, ...]) -> tuple[KeyEntry, ...]:
        meant = [entry for entry in entries if entry.revoked is None and key in {entry.id, entry.name}]
        if len(meant) != 1:
            raise KeyListError("several keys have this name: revoke by id" if meant else "no key that is not revoked has this id or name")
        click.echo(f"trdpgx: key {meant[0].id} of {escaped(meant[0].name)} is revoked.", err=True)
        return tuple(entry.copy_with(revoked=today()) if entry is meant[0] else entry for entry in entries)

    if not path.exists():
        stop(f"{displayed(str(path))}: {os.strerror(2)}")
    _change(path, changed)


def _change(path: Path, change: Callable[[tuple[KeyEntry, ...]], tuple[KeyEntry, ...]]) -> None:
    try:
        change_keys(path, change)
    except KeyListError as error:
        stop(f"{displayed(str(path))}: {error}")
