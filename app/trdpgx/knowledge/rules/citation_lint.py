"""Whether each citation can be followed to its source, belongs to one source, and is used."""

import re
from collections.abc import Iterator, Mapping

from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.rules.clinical import clinical_files
from trdpgx.knowledge.rules.sources import CITATIONS, RuleSources
from trdpgx.model.evidence import Citation, VerificationState
from trdpgx.model.library import RuleLibrary

_IDENTIFIERS: Mapping[str, re.Pattern[str]] = {
    "pmid": re.compile(r"[1-9]\d{0,7}"),
    "doi": re.compile(r"10\.\d{4,9}/[^\s?]+"),
    "pmcid": re.compile(r"PMC[1-9]\d*"),
    "url": re.compile(r"https://[^\s]+"),
}


def citation_findings(sources: RuleSources, library: RuleLibrary, *, bundled: bool) -> Iterator[Finding]:
    """Yield what is wrong with the citations of one folder of rules, and where a ``bundled`` one was not opened."""
    document = sources.documents.get(CITATIONS)
    if document is None:
        return
    used = {item.citation.id for rule in library.rules for item in rule.evidence}
    used |= {item.citation.id for entry in library.entries for item in entry.evidence}
    used |= {rule.source.citation.id for rule in library.rules if rule.source.citation is not None}
    used |= {sources.review.citation} if sources.review else set()
    used |= {row.citation for file in clinical_files(library) for _, row in file.every_row() if row.citation}
    owners: dict[tuple[str, str], Citation] = {}
    for citation in library.citations.values():
        key_path = ("citations", citation.id)
        identifiers = {name: value for name in _IDENTIFIERS if (value := getattr(citation, name)) is not None}
        if not identifiers:
            yield Finding(document.file, document.line(key_path), f"'{citation.id}' has no identifier: give a pmid, doi, pmcid or url")
        for name, value in identifiers.items():
            if not _IDENTIFIERS[name].fullmatch(value):
                yield Finding(document.file, document.line((*key_path, name)), f"'{value}' is not a {name.upper()}")
            owner = owners.setdefault((name, value), citation)
            if owner is not citation:
                yield Finding(document.file, document.line((*key_path, name)), f"this {name.upper()} belongs to '{owner.id}' too")
        if citation.id not in used:
            yield Finding(document.file, document.line(key_path), f"no rule uses '{citation.id}'")
        if bundled and citation.verification.state is VerificationState.UNVERIFIED:
            fault = "a bundled citation has been opened and states where ('verified'); a study or rule may be 'unverified'"
            yield Finding(document.file, document.line(key_path), f"'{citation.id}' is unverified: {fault}")
