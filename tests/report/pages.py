"""Pages of reports that the bundled rules made."""

from collections.abc import Iterable

from trdpgx import Report
from trdpgx.loaded import load_once
from trdpgx.model.settings import Settings
from trdpgx.report.html.page import render


def page_of(reports: Iterable[Report]) -> str:
    """Return reports as one page."""
    return render(reports, load_once(Settings()).knowledge.rulebook.actions)
