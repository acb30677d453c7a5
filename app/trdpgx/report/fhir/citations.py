"""Citations as related artifacts."""

from collections.abc import Iterable, Iterator

from trdpgx.model.consideration import Consideration
from trdpgx.model.evidence import Citation
from trdpgx.model.rule import Source
from trdpgx.report.fhir.coding import Json
from trdpgx.report.references import url_of
from trdpgx.report.wording import STANCE_WORDS
from trdpgx.texts import phrase

_RELATED_ARTIFACT = "http://hl7.org/fhir/StructureDefinition/workflow-relatedArtifact"


def cited(one: Consideration) -> list[Json]:
    """Return the source of a consideration and its evidence as extensions, each publication once and with its stance on the claim."""
    return list(_once(_artifacts(one)))


def cited_source(source: Source) -> Json:
    """Return a source as an extension: its publication, or else its name and page."""
    if source.citation is not None:
        return _artifact(source.citation, "source")
    url = source.url if source.url and source.url.startswith(("https://", "http://")) else None
    name = source.name if source.year is None else f"{source.name} {source.year}"
    return _extension({"type": "citation", "display": "source", "citation": name, "url": url})


def _artifacts(one: Consideration) -> Iterator[Json]:
    yield cited_source(one.source)
    for item in one.evidence.items:
        yield _artifact(item.citation, STANCE_WORDS[item.stance])


def _artifact(citation: Citation, display: str) -> Json:
    state = phrase("fhir_citations.not_verified") if citation.verification.state == "unverified" else ""
    text = f"{citation.with_identifiers}{state}"
    return _extension({"type": "citation", "label": citation.label, "display": display, "citation": text, "url": url_of(citation)})


def _extension(artifact: Json) -> Json:
    return {"url": _RELATED_ARTIFACT, "valueRelatedArtifact": artifact}


def _once(artifacts: Iterable[Json]) -> Iterator[Json]:
    seen: set[str] = set()
    for one in artifacts:
        text = one["valueRelatedArtifact"]["citation"]
        if text not in seen:
            seen.add(text)
            yield one
