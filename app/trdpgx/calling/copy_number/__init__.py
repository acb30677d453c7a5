"""Copy number of a gene: structural records and read depth, read as a number of copies."""
