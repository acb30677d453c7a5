"""The formats that reports can be had in, gathered once: each module of ``trdpgx.report.formats``, and what other packages bring.

Everything that offers a format reads it here: the Accept header, ``?format=``, ``--format``, the OpenAPI description and the texts of
errors. A format is one module with a ``FORMAT``; another package names its own in an entry point of the group ``trdpgx.report_formats``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.model.extensions import extensions
from trdpgx.model.library import Knowledge
from trdpgx.model.report import Report
from trdpgx.report import formats

ENTRY_POINTS = "trdpgx.report_formats"
DEFAULT = "json"
"""The format of those who do not choose."""

Writer = Callable[[Iterable[Report]], Iterator[bytes]]
FilesWriter = Callable[[Iterable[Report]], Iterator[tuple[str, bytes]]]


class KnowledgeFilesWriter(Protocol):
    """A writer of files that needs the knowledge that the reports were made with."""

    def __call__(self, reports: Iterable[Report], *, knowledge: Knowledge) -> Iterator[tuple[str, bytes]]:
        """Yield names and pieces of files, and nothing for no report."""


class KnowledgeWriter(Protocol):
    """A writer that needs the knowledge that the reports were made with."""

    def __call__(self, reports: Iterable[Report], *, knowledge: Knowledge) -> Iterator[bytes]:
        """Yield pieces, and nothing for no report."""


def _without_knowledge(_: Iterable[Report]) -> Iterator[bytes]:
    raise ValueError("this format is written with the knowledge: ReportFormat.with_knowledge")


class ReportFormat(Struct, frozen=True, kw_only=True):
    """One format: how it is asked for, and how reports are written in it.

    A writer may rely on this: every id of a consideration in a drug and in the summary is that of one in ``report.considerations``. A
    request for some drugs or genes cuts the lists, so that a consideration may name a drug or a gene that ``drugs`` and ``genes`` lack.
    """

    name: str
    media_type: str
    ending: str
    about: str
    """A phrase for help and documents."""
    many: bool
    """Whether one file or answer can hold several reports."""
    write: Writer = _without_knowledge
    """Yields bytes, a piece at a time, so that a cohort is never in memory as a whole, and nothing for no report."""
    schema: Mapping[str, Any]
    """The JSON Schema of an answer, for OpenAPI."""
    write_answer: Writer | None = None
    """What HTTP answers with, where that has another shape."""
    write_files: FilesWriter | None = None
    """Yields pieces of several files with their names, where the format has them in a folder."""
    write_with_knowledge: KnowledgeWriter | None = None
    """Instead of ``write`` in a format that needs the knowledge, too; ``with_knowledge`` gives it that."""
    write_files_with_knowledge: KnowledgeFilesWriter | None = None
    """Instead of ``write_files``, likewise."""
    served: bool = True
    """Whether the service answers in it; other formats are of the command line alone."""
    binary: bool = False
    """Whether it is not for a terminal."""
    one_input: bool = False
    """Whether it holds the samples of one input only."""

    def with_knowledge(self, knowledge: Knowledge) -> "ReportFormat":
        """Return the format ready to write, with the knowledge that the reports were made with."""
        write, write_files = self.write, self.write_files
        if self.write_with_knowledge is not None:
            write = partial(self.write_with_knowledge, knowledge=knowledge)
        if self.write_files_with_knowledge is not None:
            write_files = partial(self.write_files_with_knowledge, knowledge=knowledge)
        return replace(self, write=write, write_files=write_files)

    def answer(self, reports: Iterable[Report]) -> Iterator[bytes]:
        """Yield the body of an HTTP answer."""
        return (self.write_answer or self.write)(reports)


def served_formats() -> Mapping[str, ReportFormat]:
    """Return the formats that the service answers in."""
    return {name: one for name, one in report_formats().items() if one.served}


@cache
def report_formats() -> Mapping[str, ReportFormat]:
    """Return every format by its name, the default first.

    Raises ``ValueError`` where two formats have the same name or media type, and ``ExtensionError``.
    """
    own = [import_module(f"{formats.__name__}.{module.name}").FORMAT for module in iter_modules(formats.__path__)]
    own.sort(key=lambda one: one.name != DEFAULT)
    theirs = [one for _, one in extensions(ENTRY_POINTS)]
    registered: dict[str, ReportFormat] = {}
    for one in (*own, *theirs):
        if one.name in registered or one.media_type in {other.media_type for other in registered.values()}:
            raise ValueError(f"two report formats are named {one.name} or have the media type {one.media_type}")
        registered[one.name] = one
    return MappingProxyType(registered)
