"""The report as plain text: short for a terminal, or with everything."""
