"""Compare the consequence engine with ``bcftools csq`` on genes whose genomic sequence is known. ``python -m validation.consequence``."""
