"""trdpgx: from a VCF to a structured pharmacogenomic report. ``annotate`` is the public call."""
