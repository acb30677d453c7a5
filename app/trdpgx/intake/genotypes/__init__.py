"""Records to one genotype a site and sample."""
