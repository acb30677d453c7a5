"""Calling: panel sites become diplotypes, phenotypes and genotypes."""
