"""Today's report from an earlier one, without the genome, and what is different between two reports."""
