"""The DiagnosticReport that holds everything else of a Bundle together, and its narrative."""

from collections.abc import Iterator, Sequence
from html import escape

from trdpgx.model.report import Report
from trdpgx.report.fhir import coding
from trdpgx.report.fhir.coding import Json, concept, profile
from trdpgx.report.fhir.ids import ResourceIds
from trdpgx.report.fhir.resources import PATIENT, SPECIMEN, NamedResource, has_genome, note, resource
from trdpgx.report.fhir.study import STUDY
from trdpgx.report.text.report import to_text
from trdpgx.texts import phrase

REPORT = "report"
_SUPPORTING = "http://hl7.org/fhir/StructureDefinition/workflow-supportingInfo"


def diagnostic_report(
    report: Report, ids: ResourceIds, *, results: Sequence[str], recommended: Sequence[str], supporting: Sequence[str]
) -> NamedResource:
    """Return the report. It is preliminary, as nobody has verified it; the other arguments are names of resources."""
    attention = report.summary.attention if report.summary else ()
    return resource(
        "DiagnosticReport",
        ids,
        REPORT,
        "genomic-report",
        text={"status": "additional", "div": _narrative(report)},
        extension=[
            {"url": profile("genomic-study-reference"), "valueReference": ids.reference(STUDY)},
            *({"url": profile("recommended-action"), "valueReference": ids.reference(name)} for name in recommended),
            *({"url": _SUPPORTING, "valueReference": ids.reference(name)} for name in supporting),
            *({"url": profile("genomic-report-note"), "valueAnnotation": one} for one in _notes(report)),
        ],
        identifier=[{"type": {"text": "report"}, "system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{report.report_id}"}],
        status="preliminary",
        category=[concept(coding.DIAGNOSTIC_SERVICE, "GE", "Genetics")],
        code=concept(coding.LOINC, "51969-4", text=phrase("fhir_diagnostic_report.pharmacogenomic_report")),
        subject=ids.reference(PATIENT),
        issued=report.created_at,
        specimen=[ids.reference(SPECIMEN)] if has_genome(report) else [],
        result=[ids.reference(name) for name in results],
        conclusion=" ".join((report.disclaimer, *(one.text for one in attention))),
    )


def _notes(report: Report) -> Iterator[Json]:
    yield note(report.disclaimer)
    for warning in report.input.warnings:
        yield note(warning.text, "test-methodology")
    for limitation in report.limitations:
        yield note(limitation.text)
    for one in report.looked_at:
        if one.kind == "test":
            yield note(f"{one.name}: {one.text}")
    if report.treatment_history:
        for text in (*report.treatment_history.understood, *report.treatment_history.missing):
            yield {"text": phrase("fhir_diagnostic_report.stated_request", text=text)}
        for reason in report.treatment_history.pseudo_resistance:
            yield {"text": reason.text}


def _narrative(report: Report) -> str:
    return f'<div xmlns="http://www.w3.org/1999/xhtml"><pre>{escape(to_text(report))}</pre></div>'
