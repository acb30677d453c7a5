"""A validated record over the panel."""

from typing import NamedTuple

from trdpgx.intake.vcf.alleles import UNSEEN_ALLELES

UNREADABLE = "<UNREADABLE>"
"""What the validator writes for an allele that it cannot read: I and D of arrays, ``*`` with bases and the like."""


class Record(NamedTuple):
    """A record over the panel; the first four fields are its spelling.

    ``ref`` and base alleles are in upper case; ``end`` is the last position that it is about.
    ``filters`` are the names in FILTER, ``PASS`` among them, and empty where FILTER is missing. ``kind`` is SVTYPE, ``lengths`` SVLEN.
    ``copy_number``: whether FORMAT has CN, or an estimate of it. ``info`` is the INFO column as it is in the file.
    ``spelled``: whether there are ALTs and all of them are bases. ``typed``: whether FORMAT has GT. ``quality`` is QUAL (Phred).
    """

    chrom: str
    pos: int
    ref: str
    alts: tuple[str, ...]
    filters: tuple[str, ...]
    end: int
    kind: str | None
    lengths: tuple[int, ...]
    copy_number: bool
    info: bytes = b""
    spelled: bool = False
    typed: bool = True
    quality: float | None = None

    @property
    def ref_end(self) -> int:
        """Last position of REF."""
        return self.pos + len(self.ref) - 1

    @property
    def is_segment(self) -> bool:
        """Whether this is an interval without any ALT of its own that a copy-number caller states."""
        return not self.alts and self.end > self.ref_end and (self.kind is not None or self.copy_number)

    @property
    def is_block(self) -> bool:
        """Whether this is a gVCF block: an interval with no allele but REF and "any other" ones."""
        if self.spelled:
            return False
        if self.alts:
            return all(alt in UNSEEN_ALLELES for alt in self.alts)
        return self.end > self.ref_end and not self.is_segment
