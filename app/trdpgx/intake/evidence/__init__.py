"""What a file shows apart from genotypes at sites: its assembly, structural records, coding regions, targets of the assay."""
