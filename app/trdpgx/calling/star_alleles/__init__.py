"""Star alleles: genotypes at the defining sites of a gene, matched exactly to pairs of named alleles."""
