"""The numbered reference list of a report: every citation of the report once, in the order in which it is first named."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trdpgx.model.evidence import Citation
from trdpgx.model.report import Report


class NumberedReference(NamedTuple):
    """A citation, its number, and where it can be read."""

    number: int
    citation: Citation
    url: str | None

    @property
    def words(self) -> str:
        """The citation with its PMID and DOI, as sentences."""
        cited = self.citation
        pmid = f" PMID {cited.pmid}." if cited.pmid else ""
        doi = f" DOI {cited.doi}." if cited.doi else ""
        return f"{cited.text.rstrip('.')}.{pmid}{doi}"


class References:
    """Numbers the citations of a report."""

    def __init__(self, report: Report) -> None:
        """Give each citation of considerations, interactions, exposures, history, limitations and entries a number."""
        self._by_id: dict[str, NumberedReference] = {}
        for citation in _citations(report):
            if citation.id not in self._by_id:
                self._by_id[citation.id] = NumberedReference(len(self._by_id) + 1, citation, url_of(citation))

    def number(self, citation: Citation) -> int:
        """Return the number of a citation."""
        return self._by_id[citation.id].number

    def __iter__(self) -> Iterator[NumberedReference]:
        return iter(self._by_id.values())


def url_of(citation: Citation) -> str | None:
    """Return where a citation can be read: PubMed, the DOI, or its page where that may be a link."""
    if citation.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{citation.pmid}/"
    if citation.doi:
        return f"https://doi.org/{citation.doi}"
    return citation.url if citation.url and is_web_address(citation.url) else None


def is_web_address(url: str) -> bool:
    """Return whether an address may be a link: http and https alone."""
    return url.startswith(("https://", "http://"))


def _citations(report: Report) -> Iterable[Citation]:
    for consideration in report.considerations:
        if consideration.source.citation is not None:
            yield consideration.source.citation
        for item in consideration.evidence.items:
            yield item.citation
    sources = [exposure.source for exposure in report.exposure] + [interaction.source for interaction in report.interactions]
    for source in sources:
        if source is not None and source.citation is not None:
            yield source.citation
    if report.treatment_history is not None:
        for reason in report.treatment_history.pseudo_resistance:
            for item in reason.evidence:
                yield item.citation
    for citations in (*report.limitation_studies.values(), *report.looked_at_studies.values()):
        yield from citations
