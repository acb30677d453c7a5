"""The consequence engine against ``bcftools csq``, on the genes whose genomic sequence we have. ``python -m validation.consequence``."""
