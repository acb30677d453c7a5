"""DRAGEN Star Allele Caller (Illumina): the table ``<prefix>.star_allele.tsv``, a line a gene.

Followed: the DRAGEN guide (v4.1 to v4.5), "Star Allele Caller", which states that all optimal diplotypes are listed, with a "metabolism
status". The names of the columns were not found in a public page, so that a table is taken for DRAGEN's only if it has that status or
names DRAGEN; others are read as tables of a tool without a name.
"""

from collections.abc import Iterator

from trdpgx.calling.outside_calls.adapter import CallFields
from trdpgx.calling.outside_calls.adapters.tables import names_genotypes, read_table
from trdpgx.calling.outside_calls.document import ResultFile

_STATUS = {"metabolism status", "metabolism_status", "metabolismstatus"}
_OF_ANOTHER_TOOL = {"software", "tool", "caller"}
_HEAD = 4096


def recognises(document: ResultFile) -> bool:
    """Return whether the file is a table with a gene and a genotype in each line, and DRAGEN's by its status column or its name."""
    columns = set(document.header)
    is_dragen = "dragen" in document.text[:_HEAD].lower() or (bool(columns & _STATUS) and not columns & _OF_ANOTHER_TOOL)
    return is_dragen and names_genotypes(document)


def read(document: ResultFile) -> Iterator[CallFields]:
    """Yield one call for each diplotype of each gene."""
    return read_table(document, "DRAGEN Star Allele Caller")
