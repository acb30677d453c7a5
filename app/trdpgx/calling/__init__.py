"""Calling: panel sites become diplotypes, phenotypes and genotypes."""

from trdpgx.calling.genes import call_genes
from trdpgx.calling.variants import call_variants

__all__ = ["call_genes", "call_variants"]
