"""The differences of two reports, with their reasons as far as these follow from the reports."""
