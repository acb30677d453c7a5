"""How common alleles and variants are: the bundled table, and files of the operator."""
