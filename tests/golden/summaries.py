"""What tests read of a summary."""

from trdpgx import Report


def drug_texts(report: Report) -> dict[str, str]:
    """Return the text of each drug of the summary by its name."""
    assert report.summary is not None
    return {drug.name: drug.text for _, drugs in report.summary.drugs for drug in drugs}
