"""Today's reports from earlier ones, and what is different between two reports."""
