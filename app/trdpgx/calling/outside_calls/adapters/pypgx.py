"""PyPGx: the table of results that ``pypgx print-data results.zip`` prints, a line a sample.

Followed: README of sbslee/pypgx. The table does not name its gene; a ``Gene`` column that a pipeline added is read, and otherwise the
positions in ``VariantData`` tell the gene. It has no mark of quality but the ``CNV`` that it could not assign (``Unknown``).
"""

import re
from collections.abc import Iterator

from trdpgx.calling.outside_calls.adapter import CallFields
from trdpgx.calling.outside_calls.document import ResultFile
from trdpgx.calling.outside_calls.no_calls import is_no_call_word
from trdpgx.calling.outside_calls.problems import OUTSIDE_CALLS_INVALID
from trdpgx.knowledge.reference.gene_spans import gene_spans
from trdpgx.model.problem import InputError

_COLUMNS = {"genotype", "phenotype", "haplotype1", "haplotype2", "variantdata"}
_VARIANT = re.compile(r"(?:^|[:,])(\d+)-(\d+)-[ACGT]+-[ACGT]+")


def recognises(document: ResultFile) -> bool:
    """Return whether the file is a table of PyPGx results."""
    return document.json is None and set(document.header) >= _COLUMNS


def read(document: ResultFile) -> Iterator[CallFields]:
    """Yield one call for each sample. Raises ``InputError`` if nothing tells which gene it is."""
    records = document.records()
    genes = {gene for _, record in records for gene in _genes(record.get("variantdata", ""))}
    only = genes.pop() if len(genes) == 1 else None
    for line, record in records:
        gene = record.get("gene") or only
        if gene is None:
            detail, remedy = "The table does not name its gene.", "Add a column named Gene."
            raise InputError(OUTSIDE_CALLS_INVALID, detail, line=line, remedy=remedy)
        yield {
            "gene": gene,
            "sample": record.get("") or record.get("sample"),
            "diplotype": record.get("genotype"),
            "phenotype": record.get("phenotype"),
            "quality_flag": _flag(record.get("cnv", "")),
            "tool": "PyPGx",
            "line": line,
        }


def _flag(cnv: str) -> str | None:
    return f"CNV {cnv}"[:200] if is_no_call_word(cnv.rstrip("0123456789")) and cnv else None


def _genes(variants: str) -> Iterator[str]:
    for match in _VARIANT.finditer(variants):
        for span in gene_spans():
            if match[1] == span.chrom and span.start <= int(match[2]) <= span.end:
                yield span.gene
