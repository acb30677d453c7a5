"""The formats of a report: one module a format, each with a ``FORMAT`` that ``trdpgx.report.format_registry`` finds."""
