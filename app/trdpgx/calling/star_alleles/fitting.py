"""Which alleles fit each haplotype of a reported diplotype at the sites that were seen: what the genotypes leave open.

A haplotype of a diplotype has, at each seen site, the base that its allele has there. Where both ways to turn a block give the diplotype,
either base may be its own. An allele fits if it has one of these bases at every seen site, whether or not its own sites were seen.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from trdpgx.calling.star_alleles.diplotypes import known_haplotype
from trdpgx.calling.star_alleles.matcher import Evidence, evidence_of
from trdpgx.calling.star_alleles.pattern import Pattern
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.model.gene import NamedAllele
from trdpgx.model.gene_report import DiplotypeReport

_COPIES = re.compile(r"(?P<core>.+?)x(?P<copies>\d+)")


class Haplotype(Struct, frozen=True):
    """One haplotype of a diplotype.

    ``allele`` is its index in the table and ``fitting`` the set of alleles that fit it, itself among them. ``copies`` is how often it is
    there on the chromosome. ``fixed`` is set where no small variant decides what it is (a deletion): then nothing else fits.
    """

    allele: int
    fitting: int
    copies: int = 1
    fixed: NamedAllele | None = None


Pair = tuple[Haplotype, Haplotype]


def fitting_pairs(table: AlleleTable, pattern: Pattern, diplotypes: Sequence[DiplotypeReport]) -> list[Pair]:
    """Return both haplotypes of each diplotype, in its order, with the alleles that fit them."""
    evidence = evidence_of(table, pattern)
    index = table.index()
    return [_pair(table, evidence, index, diplotype.alleles) for diplotype in diplotypes]


def _pair(table: AlleleTable, evidence: Evidence, index: dict[str, int], names: Sequence[str]) -> Pair:
    first, second = (_read(table, index, name) for name in names[:2])
    one, other = _fitting(evidence, first.allele, second.allele)
    return _with(first, one), _with(second, other)


def _with(haplotype: Haplotype, fitting: int) -> Haplotype:
    return haplotype if haplotype.fixed else Haplotype(haplotype.allele, fitting | 1 << haplotype.allele, haplotype.copies)


def _read(table: AlleleTable, index: dict[str, int], name: str) -> Haplotype:
    """Return the allele that a name stands for, copies apart."""
    if name in index:
        return Haplotype(index[name], 0)
    parsed = _COPIES.fullmatch(name)
    if parsed and parsed["core"] in index:
        return Haplotype(index[parsed["core"]], 0, int(parsed["copies"]))
    return Haplotype(-1, 0, fixed=known_haplotype(table.definition, name))


def _fitting(evidence: Evidence, first: int, second: int) -> tuple[int, int]:
    """Return the alleles that fit where ``first`` is, and where ``second`` is; -1 stands for a haplotype without sites."""
    one = other = evidence.agreeing
    for block in evidence.blocks:
        as_is = _has(block.first, first) and _has(block.second, second)
        turned = _has(block.second, first) and _has(block.first, second)
        one &= (block.first if as_is else 0) | (block.second if turned else 0)
        other &= (block.second if as_is else 0) | (block.first if turned else 0)
    return one, other


def _has(alleles: int, allele: int) -> bool:
    return allele < 0 or bool(alleles >> allele & 1)
