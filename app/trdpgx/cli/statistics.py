"""Errors of ``trdpgx frequencies`` and ``trdpgx associate``, which need an extra."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from trdpgx.model.errors import TrdpgxError


@contextmanager
def statistics_needed() -> Iterator[None]:
    """Raise ``click.UsageError`` for a missing library, with the name of the extra, and for an error of a folder or a sheet."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] in {"scipy", "statsmodels"}:
            raise click.UsageError("this needs statsmodels: pip install 'trdpgx[stats]'") from None
        raise
    except TrdpgxError as error:
        raise click.UsageError(str(error)) from None
