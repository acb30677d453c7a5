"""The decompressed input, as text (``text_body``) or as BCF (``bcf_body``): header, counts, and the records over the panel."""

from collections.abc import Collection
from typing import Protocol

from msgspec import Struct

from trdpgx.intake.scan.scanner import SelectedLines
from trdpgx.intake.vcf.header import Header
from trdpgx.model.input import InputWarning


class FinishedBody(Struct, frozen=True):
    """What a body had when it was read to its end.

    ``lines`` counts the lines of the input, header included (``None``: BCF has none). ``sorted``: whether the records are in order.
    ``blocks``: whether any record is a gVCF block. ``chromosomes`` (no ``chr``) and ``contigs`` (as written) are those that have records.
    ``selected`` are the records over the panel.
    """

    header: Header
    lines: int | None
    records: int
    sorted: bool
    blocks: bool
    chromosomes: set[str]
    contigs: Collection[bytes]
    selected: SelectedLines
    warnings: tuple[InputWarning, ...] = ()


class Body(Protocol):
    """Takes decompressed bytes in pieces of any size. ``header`` is the header as far as it was read."""

    @property
    def header(self) -> Header: ...  # noqa: D102

    def feed(self, piece: bytes) -> None:
        """Take a piece. Raises ``InputError``."""

    def finish(self) -> FinishedBody:
        """Read what is left, and return what the body has. Raises ``InputError``."""
