"""Report: the report assembled, and one renderer a format."""
