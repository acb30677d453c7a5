"""Reports of one input as an annotated VCF: the panel's sites and the variants of coding regions, with what was called from them."""
