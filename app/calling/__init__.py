"""Calling: panel sites become diplotypes, phenotypes and genotypes."""

from app.calling.genes import call_genes
from app.calling.variants import call_variants

__all__ = ["call_genes", "call_variants"]
