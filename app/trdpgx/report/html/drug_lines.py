"""The lines of the tables of drugs: names, what is stated, and the considerations behind it; each line is escaped once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trdpgx.model.report import Report
from trdpgx.model.summary import SummaryDrug
from trdpgx.report import limits_of_use
from trdpgx.report.grouping import alike
from trdpgx.report.html.links import PageLinks
from trdpgx.report.presumed import PresumedCopies, without_presumed
from trdpgx.texts import phrase

if TYPE_CHECKING:
    from markupsafe import Markup


class DrugLines:
    """Makes the lines of one report."""

    def __init__(self, report: Report, links: PageLinks, presumed: PresumedCopies, conversion: str) -> None:
        """Gather the considerations of drugs; ``conversion`` is the one that lines have in short (``without_presumed``)."""
        self._links = links
        self._presumed = presumed
        self._conversion = conversion
        self._by_id = {one.id: one for one in report.considerations}
        self._of_drug = {drug.name: drug.considerations for drug in report.drugs}

    def rows(self, drugs: Sequence[SummaryDrug]) -> "Markup":
        """Return the rows of a table; drugs of which the same is stated share one."""
        from markupsafe import Markup  # noqa: PLC0415 (only this format needs it)

        return Markup("".join([self._row(names, drug) for names, drug in alike(drugs)]))  # noqa: S704 (rows escape their texts)

    def _row(self, names: Sequence[str], drug: SummaryDrug) -> str:
        text, see = without_presumed(drug, self._conversion), ""
        if drug.considerations:
            behind = [self._by_id[identity] for identity in self._of_drug.get(drug.name, drug.considerations)]
            marks = self._presumed.of_drug(drug, behind)
            text = " ".join(filter(None, (text, marks, *limits_of_use.of_drug(behind))))
            see = f' <span class="soft">{phrase("drug_lines.see", considerations=self._links.considerations(behind))}</span>'
        return f'<tr><th scope="row">{self._links.rows(names)}</th><td>{self._links.sentence(text)}{see}</td></tr>'
