"""The structure of VCF and BCF: header, contig names, lines, binary records."""
