"""Commands run in this process."""

import io
from pathlib import Path

from click.testing import CliRunner, Result

from trdpgx.cli.main import main


def annotate(*arguments: str | Path, given: bytes | None = None) -> Result:
    """Run ``trdpgx annotate``; ``given`` is its standard input."""
    return CliRunner().invoke(main, ["annotate", *map(str, arguments)], input=io.BytesIO(given) if given is not None else None)
