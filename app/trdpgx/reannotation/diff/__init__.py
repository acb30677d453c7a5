"""What is different between two reports, and why as far as the reports tell."""
