"""The report as tables: one row a sample, gene, variant, rare variant, consideration or site, with the names of the report's own fields."""

from types import MappingProxyType

from trdpgx.report.tables.column import AnyTable
from trdpgx.report.tables.considerations import CONSIDERATIONS
from trdpgx.report.tables.genes import GENES
from trdpgx.report.tables.genotypes import GENOTYPES
from trdpgx.report.tables.rare_variants import RARE_VARIANTS
from trdpgx.report.tables.samples import SAMPLES
from trdpgx.report.tables.variants import VARIANTS

TABLES: MappingProxyType[str, AnyTable] = MappingProxyType(
    {table.name: table for table in (SAMPLES, GENES, VARIANTS, RARE_VARIANTS, CONSIDERATIONS, GENOTYPES)}
)
"""Every table, by name. docs/tables.md describes the columns."""
