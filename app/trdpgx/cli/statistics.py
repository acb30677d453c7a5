"""What ``trdpgx frequencies`` and ``trdpgx associate`` share: the extra that they need, and errors as messages."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from trdpgx.model.errors import TrdpgxError


@contextmanager
def statistics_needed() -> Iterator[None]:
    """Turn a missing library into a message that names the extra, and an error of a folder or a sheet into one of usage."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] in {"scipy", "statsmodels"}:
            raise click.UsageError("this needs statsmodels: pip install 'trdpgx[stats]'") from None
        raise
    except TrdpgxError as error:
        raise click.UsageError(str(error)) from None
