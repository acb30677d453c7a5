"""The summary of a report: what a reader should see first."""
