"""Definitions of one gene's alleles, as files of PharmVar or PharmCAT state them: whatever the file, in one form."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from trdpgx.model.errors import TrdpgxError


class DefinitionError(TrdpgxError, ValueError):
    """A file of definitions cannot be used. The message names the file, the line or the allele, and what to do."""


Choose = Callable[[Collection[str]], Sequence[str]]
"""Which of the genes that a folder defines are wanted. Raises ``DefinitionError`` where one that is asked for is not there."""


class DownloadedSite(Struct, frozen=True):
    """A defining site as VCF spells it: 1-based position, left-aligned, with its anchor base where it is an indel."""

    pos: int
    ref: str
    alts: tuple[str, ...]
    rsid: str | None = None


class DownloadedAllele(Struct, frozen=True):
    """A named allele. ``bases`` is keyed by GRCh38 position; what it does not name is as in the gene's reference allele.

    ``function`` and ``activity`` are ``None`` where the files state none.
    """

    name: str
    bases: Mapping[int, str]
    is_reference: bool = False
    function: str | None = None
    activity: float | None = None


class DownloadedGene(Struct, frozen=True):
    """Everything that the files state of one gene.

    ``exact`` is false for files that spell variants only and cannot state that a site may have one of several bases: an allele of ours
    with an IUPAC letter there is then the same where the letter allows what the file has. ``on_grch37`` holds the sites of the other
    assembly, where the files have them. ``left_out`` names alleles that small variants do not define.
    """

    gene: str
    file: Path
    version: str
    sites: tuple[DownloadedSite, ...]
    alleles: tuple[DownloadedAllele, ...]
    exact: bool
    on_grch37: tuple[DownloadedSite, ...] = ()
    left_out: tuple[str, ...] = ()
    functions: Mapping[str, tuple[str, float | None]] = field(default_factory=dict)
    """Functions and activity values of alleles by name, those of structural alleles included."""
