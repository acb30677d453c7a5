"""Caveats: what a reader has to know about a call, as ``rules/caveats.yaml`` words it."""

from typing import Literal

from trdpgx.model.base import Model


class CaveatCondition(Model):
    """The condition of a caveat on the call of a gene; all its fields have to hold."""

    gene: str
    """HGNC symbol."""
    carries: tuple[str, ...] = ()
    """One of these is a haplotype of a called diplotype."""
    multiplied: tuple[str, ...] = ()
    """One of these stands in several copies on a haplotype of a called diplotype."""
    unseen: str | None = None
    """The rsID of a defining site of the gene that was not seen."""
    copies: Literal["counted", "not_counted"] | None = None
    """Whether gene copies were counted. The caveat then stands with the copy number, and otherwise with the gene."""


class Caveat(Model):
    """One caveat. ``values`` are the names that its ``text`` may have in braces; without ``when`` it is the program that raises it."""

    code: str
    """What reports call it."""
    text: str
    values: frozenset[str] = frozenset()
    when: CaveatCondition | None = None
