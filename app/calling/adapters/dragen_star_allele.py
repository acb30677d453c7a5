"""DRAGEN Star Allele Caller (Illumina): the table ``<prefix>.star_allele.tsv``, a line a gene.

Followed: the DRAGEN guide (v4.1 to v4.5), "Star Allele Caller", which says that all optimal diplotypes are listed. The names of the columns
were not found in a public page: any table with a gene and a genotype column is taken, so that it is tolerant of versions.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.calling.document import Document

_GENOTYPE = ("genotype", "genotypes", "star_allele_genotype", "star allele genotype")
_PHENOTYPE = ("metabolism status", "metabolism_status", "metabolismstatus", "metabolizer status", "phenotype")
_GENE = ("gene", "gene_name", "gene name", "genename")
_SAMPLE = ("sample", "sampleid", "sample_id")


def recognises(document: Document) -> bool:
    """Return whether the file is a table with a gene and a genotype in each line."""
    columns = set(document.header)
    return document.json is None and len(columns) >= 2 and bool(columns & set(_GENE)) and bool(columns & set(_GENOTYPE))


def read(document: Document) -> Iterator[Mapping[str, Any]]:
    """Yield one call for each diplotype of each gene."""
    for line, record in document.records():
        call = {"gene": _first(record, _GENE), "sample": _first(record, _SAMPLE), "tool": "DRAGEN Star Allele Caller", "line": line}
        diplotypes = [part.strip() for part in re.split(r"[;,]", _first(record, _GENOTYPE) or "") if "/" in part]
        if not diplotypes:
            yield call | {"no_call": True}
        for diplotype in diplotypes:
            yield call | {"diplotype": diplotype, "phenotype": _first(record, _PHENOTYPE) if len(diplotypes) == 1 else None}


def _first(record: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((record[name] for name in names if name in record), None)
