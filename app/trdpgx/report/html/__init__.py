"""The report as one page of HTML: no script, nothing from elsewhere, figures as SVG with their numbers in a table."""
