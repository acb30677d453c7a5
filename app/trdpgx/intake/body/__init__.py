"""The decompressed input, as text (``text_body``) or as BCF (``bcf_body``): header, counts, and the records that touch the panel."""

from collections.abc import Collection, Iterator
from typing import Protocol

from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.vcf.header import Header
from trdpgx.model.input import InputWarning


class KeptLines(Protocol):
    """The lines that touch the panel."""

    def __iter__(self) -> Iterator[SelectedLine]: ...

    def __len__(self) -> int: ...


class FinishedBody(Protocol):
    """A body that was read to its end.

    ``lines`` is ``None`` where there are none (BCF). ``sorted``: whether the records are in order. ``blocks``: whether there are gVCF
    blocks, anywhere. ``chromosomes`` (no ``chr``) and ``contigs`` (as written) are those that have records. ``selected`` are the records
    that touch the panel.
    """

    @property
    def header(self) -> Header: ...  # noqa: D102
    @property
    def lines(self) -> int | None: ...  # noqa: D102
    @property
    def records(self) -> int: ...  # noqa: D102
    @property
    def sorted(self) -> bool: ...  # noqa: D102
    @property
    def blocks(self) -> bool: ...  # noqa: D102
    @property
    def chromosomes(self) -> set[str]: ...  # noqa: D102
    @property
    def contigs(self) -> Collection[bytes]: ...  # noqa: D102
    @property
    def selected(self) -> KeptLines: ...  # noqa: D102
    @property
    def warnings(self) -> tuple[InputWarning, ...]: ...  # noqa: D102


class Body(FinishedBody, Protocol):
    """Takes decompressed bytes in pieces of any size."""

    def feed(self, piece: bytes) -> None:
        """Take a piece. Raises ``InputError``."""

    def finish(self) -> Header:
        """Read what is left, and return the header. Raises ``InputError``."""
