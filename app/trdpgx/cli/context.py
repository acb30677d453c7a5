"""The clinical context that a command reads from a file; a fault is shown with the value in the file, which is the user's own."""

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from trdpgx.cli.console import print_problem, reading
from trdpgx.cli.exit_codes import ExitCode
from trdpgx.clinical.problems import ContextError
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.limits import Limits
from trdpgx.model.patient import Patient
from trdpgx.pipeline import Service

_LONGEST_SHOWN = 60


class ContextFile:
    """A file with the context of one person."""

    def __init__(self, path: Path) -> None:
        """Read the file; where it cannot be read, print why and exit."""
        from trdpgx.clinical.document import read_context  # noqa: PLC0415 (few commands have such a file)

        self._name = str(path)
        limits = Limits()
        with reading(self._name), click.open_file(self._name, "rb") as file:
            self._data = file.read(limits.max_context_bytes + 1)
        try:
            self.context: ClinicalContext = read_context(self._data, limits.max_context_bytes)
        except ContextError as error:
            self._stop(error)

    def patient(self, service: Service) -> Patient | None:
        """Return the person whom the file describes; where a name in it is not known, print that and exit."""
        try:
            return service.patient(self.context)
        except ContextError as error:
            self._stop(error)

    def _stop(self, error: ContextError) -> NoReturn:
        shown = _shown(self._data, error.path)
        detail = f"{error.problem.detail} The file has {shown}." if shown else error.problem.detail
        print_problem(self._name, error.problem.copy_with(detail=detail))
        sys.exit(ExitCode.UNREADABLE)


def _shown(data: bytes, path: tuple[str | int, ...]) -> str:
    """Return the value at a path as JSON, if it is short and there is one."""
    try:
        value = json.loads(data)
        for step in path:
            value = value[step]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return ""
    text = "" if not path or isinstance(value, dict | list) else json.dumps(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]} ..."
