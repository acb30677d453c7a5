"""Many people at once: the calls, variants and considerations of whole cohorts as tables.

from trdpgx import cohort
tables = cohort.call(["cohort.vcf.gz"])
tables.genes.filter(polars.col("gene") == "CYP2C19")
"""

from trdpgx.cohort.api import CohortTables, call, read

__all__ = ["CohortTables", "call", "read"]
