"""A genotype of one sample, read once: its allele numbers, whether they are phased, and both packed as intake keeps them."""

import re
from typing import NamedTuple

import numpy as np

from trdpgx.intake.problems import BAD_GENOTYPE
from trdpgx.intake.validate.refusal import FieldError

ABSENT = -2
"""What fills up a packed genotype of fewer alleles than others of its record have; a missing allele is -1."""
_GENOTYPE = re.compile(rb"([/|]?)(\.|[0-9]{1,5})((?:[/|](?:\.|[0-9]{1,5})){0,31})")
_SEPARATOR = re.compile(rb"[/|]")
LARGEST = 2**15 - 1
"""The largest allele number that is packed; no record has so many alleles."""


class Genotype(NamedTuple):
    """``alleles`` (-1: missing), whether they are ``phased``, the ``highest`` allele, and the ``packed`` values.

    ``packed`` are 16-bit integers: the alleles, then 1 for phased. A genotype is phased only if every allele of it is, whatever
    separator is in front (VCF 4.4), and a haploid one always is, as for htslib.
    """

    alleles: tuple[int, ...]
    phased: bool
    highest: int
    packed: bytes

    def padded(self, ploidy: int) -> bytes:
        """Return ``packed``, filled up to so many alleles."""
        missing = ploidy - len(self.alleles)
        return self.packed if not missing else pack(self.alleles + (ABSENT,) * missing, phased=self.phased)

    def without_reference(self) -> "Genotype":
        """Return the genotype with allele 0 missing: of a record whose REF cannot be read nobody knows what it is."""
        return make_genotype(tuple(allele or -1 for allele in self.alleles), phased=self.phased)


def pack(alleles: tuple[int, ...], *, phased: bool) -> bytes:
    """Return alleles and phase as 16-bit integers."""
    return np.array((*(min(allele, LARGEST) for allele in alleles), phased), dtype=np.int16).tobytes()


def make_genotype(alleles: tuple[int, ...], *, phased: bool) -> Genotype:
    """Return a genotype of its alleles."""
    return Genotype(alleles, phased, max(*alleles, 0), pack(alleles, phased=phased))


def read_genotype(text: bytes) -> Genotype:
    """Return what a GT field means. Raises ``FieldError``."""
    match = _GENOTYPE.fullmatch(text)
    if match is None:
        raise FieldError(BAD_GENOTYPE, "The genotype of at least one sample is malformed.")
    alleles = tuple(-1 if allele == b"." else int(allele) for allele in _SEPARATOR.split(match[2] + match[3]))
    return make_genotype(alleles, phased=len(alleles) == 1 or b"/" not in match[1] + match[3])


MISSING_GENOTYPE = make_genotype((-1, -1), phased=False)
"""What stands for the genotype of a record without GT."""
