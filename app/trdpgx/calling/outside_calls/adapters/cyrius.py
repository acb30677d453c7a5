"""Cyrius (Illumina), CYP2D6 from genomes: its TSV (Sample, Genotype, Filter) and its JSON (an object a sample).

Followed: README of Illumina/Cyrius, "Interpreting the output". ``None`` is a no-call; two genotypes that cannot be distinguished are joined
by ``;``; alleles that could not be assigned to haplotypes are joined by ``_`` (``*1_*2_*68``) or counted (``*1x4``). The filter is
``PASS`` or the reason why the call is less sure, such as ``LowQ_high_CN``. ``Total_CN`` counts CYP2D7 as well and is not used.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product

from trdpgx.calling.outside_calls.adapter import CallFields
from trdpgx.calling.outside_calls.document import ResultFile
from trdpgx.calling.outside_calls.no_calls import flag_of

_TOOL = "Cyrius"
_COLUMNS = ("sample", "genotype", "filter")
_COUNTED = re.compile(r"(\*\d+)x(\d{1,2})")
_ALLELE = re.compile(r"\*\d[\w.]*")
_MOST_ALLELES = 8
_LONGEST = 300


def recognises(document: ResultFile) -> bool:
    """Return whether the file is Cyrius's TSV or JSON."""
    if isinstance(document.json, dict):
        samples = list(document.json.values())
        return bool(samples) and all(
            isinstance(call, dict) and {"Genotype", "Filter", "Raw_star_allele"} <= call.keys() for call in samples
        )
    return document.json is None and document.header[: len(_COLUMNS)] == _COLUMNS


def read(document: ResultFile) -> Iterator[CallFields]:
    """Yield one call for each genotype that Cyrius holds possible."""
    if isinstance(document.json, dict):
        for sample, call in document.json.items():
            yield from _calls(sample, call["Genotype"], call["Filter"], None)
    else:
        for line, record in document.records():
            yield from _calls(record.get("sample"), record.get("genotype"), record.get("filter"), line)


def _calls(sample: str | None, genotype: object, filters: object, line: int | None) -> Iterator[CallFields]:
    shared: CallFields = {"gene": "CYP2D6", "sample": sample, "tool": _TOOL, "line": line, "quality_flag": flag_of(filters)}
    if not isinstance(genotype, str):
        yield {**shared, "no_call": True}
        return
    for one in genotype.split(";"):
        for diplotype in arrangements(one.strip()):
            yield {**shared, "diplotype": diplotype}


def arrangements(genotype: str) -> list[str]:
    """Return the diplotypes of a genotype: itself, or every way to put alleles that were only counted on two haplotypes."""
    if "/" in genotype or len(genotype) > _LONGEST or not all(map(_ALLELE.fullmatch, genotype.split("_"))):
        return [genotype]
    counts: Counter[str] = Counter()
    for allele in genotype.split("_"):
        match = _COUNTED.fullmatch(allele)
        counts[match[1] if match else allele] += int(match[2]) if match else 1
    total = sum(counts.values())
    if not 2 <= total <= _MOST_ALLELES:
        return [genotype]
    by_alleles: dict[frozenset[str], str] = {}
    for firsts in product(*(range(count + 1) for count in counts.values())):
        if 0 < sum(firsts) < total:
            first = _haplotype({allele: n for allele, n in zip(counts, firsts, strict=True) if n})
            second = _haplotype({allele: counts[allele] - n for allele, n in zip(counts, firsts, strict=True) if counts[allele] > n})
            by_alleles.setdefault(frozenset({first, second}), f"{first}/{second}")
    return list(by_alleles.values())


def _haplotype(copies: Mapping[str, int]) -> str:
    return "+".join(allele if count == 1 else f"{allele}x{count}" for allele, count in copies.items())
