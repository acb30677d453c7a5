"""Evidence of a file other than genotypes at sites: assembly, structural records, coding regions, targets of the assay."""
