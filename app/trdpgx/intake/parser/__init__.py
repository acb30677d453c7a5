"""The parser process: cyvcf2 reads small, sanitised VCFs in a child process."""
