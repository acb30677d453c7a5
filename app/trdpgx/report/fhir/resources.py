"""Resources as dictionaries: what every resource and every Observation has, and how empty parts and characters that FHIR forbids go."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from trdpgx.model.input import InputFormat
from trdpgx.model.report import Report
from trdpgx.report.fhir.coding import ANNOTATION_TYPES, CATEGORY, DIAGNOSTIC_SERVICE, LOINC, TBD, Json, concept, profile
from trdpgx.report.fhir.ids import ResourceIds

PATIENT = "patient"
SPECIMEN = "specimen"
DEVICE = "device"

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What neither a string of FHIR nor XML 1.0 may hold."""


class NamedResource(NamedTuple):
    """A resource, and the name that its id is made of."""

    name: str
    resource: Json


class GeneFinding(NamedTuple):
    """An Observation about a gene; ``variant`` is the id of the variant that it is about, where it is about one."""

    gene: str
    variant: str | None
    named: NamedResource


def resource(kind: str, ids: ResourceIds, name: str, claimed: str | None = None, **elements: Any) -> NamedResource:
    """Return a resource; ``claimed`` is the name of the profile of the guide that it keeps."""
    meta = {"profile": [profile(claimed)]} if claimed else None
    return NamedResource(name, {"resourceType": kind, "id": ids.of(name), "meta": meta, **elements})


def observation(
    report: Report, ids: ResourceIds, name: str, claimed: str, code: str, *, components: Sequence[Json], **elements: Any
) -> NamedResource:
    """Return an Observation of the guide. It is preliminary, as nobody has verified it; ``code`` is of LOINC or of the guide itself."""
    return resource(
        "Observation",
        ids,
        name,
        claimed,
        status="preliminary",
        category=[concept(CATEGORY, "laboratory"), concept(DIAGNOSTIC_SERVICE, "GE")],
        code=concept(LOINC if code[:1].isdigit() else TBD, code),
        subject=ids.reference(PATIENT),
        specimen=ids.reference(SPECIMEN) if has_genome(report) else None,
        device=ids.reference(DEVICE),
        component=components,
        **elements,
    )


def has_genome(report: Report) -> bool:
    """Return whether a genome was sent, rather than calls of another tool or a clinical context alone."""
    return report.input.format is not InputFormat.NONE


def note(text: str, kind: str = "test-disclaimer") -> Json:
    """Return a note (Annotation) of the kind that the guide names."""
    return {"extension": [{"url": profile("annotation-code"), "valueCodeableConcept": concept(ANNOTATION_TYPES, kind)}], "text": text}


def cleaned(value: Any) -> Any:
    """Return a value without empty parts, which FHIR forbids, and with U+FFFD for characters that no string of FHIR may hold."""
    if isinstance(value, str):
        return _FORBIDDEN.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {key: part for key, part in ((key, cleaned(part)) for key, part in value.items()) if not _is_empty(part)}
    if isinstance(value, list | tuple):
        return [part for part in map(cleaned, value) if not _is_empty(part)]
    return value


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or (isinstance(value, list | dict) and not value)
