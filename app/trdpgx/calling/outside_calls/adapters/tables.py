"""Tables that name no tool: PharmCAT's outside call file, and any table with a gene and a genotype in each line."""

import re
from collections.abc import Iterator, Mapping

from trdpgx.calling.outside_calls.adapter import CallFields
from trdpgx.calling.outside_calls.document import ResultFile
from trdpgx.calling.outside_calls.names import is_gene
from trdpgx.calling.outside_calls.no_calls import flag_of
from trdpgx.model.outside import UNNAMED_TOOL

GENE = ("gene", "gene_name", "gene name", "genename", "gene symbol", "symbol", "allele")
GENOTYPE = ("genotype", "genotypes", "star_allele_genotype", "star allele genotype", "result")
PHENOTYPE = ("metabolism status", "metabolism_status", "metabolismstatus", "metabolizer status", "metabolizer_status", "phenotype")
SAMPLE = ("sample", "sampleid", "sample_id", "sample id", "sample name")
FILTER = ("filter", "filters", "genotype filter", "genotype_filter", "genotypefilter", "quality flag", "quality_flag", "qc", "warning")
_TOOL = ("tool", "software", "caller")


class PharmcatTable:
    """PharmCAT's outside call file: no header; gene, diplotype, phenotype, activity score."""

    loose = True

    def recognises(self, document: ResultFile) -> bool:
        """Return whether every line has a gene and one to three more columns."""
        rows = [row for row in document.rows if not row.values[0].startswith("#")]
        return document.json is None and bool(rows) and all(2 <= len(row.values) <= 4 and is_gene(row.values[0]) for row in rows)

    def read(self, document: ResultFile) -> Iterator[CallFields]:
        """Yield one call a line."""
        for row in document.rows:
            if not row.values[0].startswith("#"):
                yield {
                    "gene": row.values[0],
                    "diplotype": row.value(1),
                    "phenotype": row.value(2),
                    "activity_score": row.value(3),
                    "tool": "PharmCAT outside call file",
                    "line": row.number,
                }


class AnyTable:
    """A table with a gene and a genotype in each line. A column may name its tool."""

    loose = True

    def recognises(self, document: ResultFile) -> bool:
        """Return whether the header has a column for the gene and one for the genotype."""
        return names_genotypes(document)

    def read(self, document: ResultFile) -> Iterator[CallFields]:
        """Yield one call for each diplotype of each gene."""
        return read_table(document, None)


def names_genotypes(document: ResultFile) -> bool:
    """Return whether the file is a table whose header has a column for the gene and one for the genotype."""
    return document.json is None and not (set(GENE).isdisjoint(document.header) or set(GENOTYPE).isdisjoint(document.header))


def read_table(document: ResultFile, tool: str | None) -> Iterator[CallFields]:
    """Yield one call for each diplotype of each line; several stand between ``;`` or ``,``."""
    for line, record in document.records():
        call: CallFields = {
            "gene": first(record, GENE),
            "sample": first(record, SAMPLE),
            "tool": tool or first(record, _TOOL) or UNNAMED_TOOL,
            "quality_flag": flag_of(first(record, FILTER)),
            "line": line,
        }
        diplotypes = [part.strip() for part in re.split(r"[;,]", first(record, GENOTYPE) or "")]
        for diplotype in diplotypes:
            yield {**call, "diplotype": diplotype, "phenotype": first(record, PHENOTYPE) if len(diplotypes) == 1 else None}


def first(record: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    """Return the value of the first of these columns that a line has."""
    return next((record[name] for name in names if name in record), None)
