"""``reference/``: tables and sequences, read into one immutable library."""
