"""What made the report, and of what: the program with its knowledge as a Device, and a Provenance of the report."""

from collections.abc import Iterator

from trdpgx.model.report import Report
from trdpgx.report.fhir.coding import Json
from trdpgx.report.fhir.ids import ResourceIds
from trdpgx.report.fhir.resources import DEVICE, NamedResource, has_genome, resource
from trdpgx.texts import phrase


def device(report: Report, ids: ResourceIds) -> NamedResource:
    """Return the program, with the versions of itself, of its rules and layers above them, of its reference and of its evidence policy."""
    knowledge = report.knowledge
    versions = (
        ("software", report.software.version),
        ("rules", f"{knowledge.rules_release} sha256:{knowledge.rules_digest}"),
        ("reference", f"{knowledge.reference_release} sha256:{knowledge.reference_digest}"),
        (phrase("fhir_provenance.evidence_policy"), knowledge.evidence_policy),
        *(
            (phrase("fhir_provenance.layer_rules", name=layer.name), f"{layer.release} sha256:{layer.digest}")
            for layer in knowledge.rules_layers[1:]
        ),
    )
    return resource(
        "Device",
        ids,
        DEVICE,
        deviceName=[{"name": report.software.name, "type": "model-name"}],
        type={"text": phrase("fhir_provenance.device")},
        version=[{"type": {"text": kind}, "value": value} for kind, value in versions],
    )


def provenance(report: Report, ids: ResourceIds, target: str) -> NamedResource:
    """Return where the resource named ``target`` comes from: the input by its digest, and each tool whose calls were used."""
    return resource(
        "Provenance",
        ids,
        "provenance",
        target=[ids.reference(target)],
        recorded=report.created_at,
        activity={"text": phrase("fhir_provenance.activity")},
        agent=[{"type": {"text": "program"}, "who": ids.reference(DEVICE)}],
        entity=[*({"role": "source", "what": what} for what in _sources(report)), *_revised(report)],
    )


def _sources(report: Report) -> Iterator[Json]:
    if has_genome(report):
        about = phrase(
            "fhir_provenance.input",
            format=report.input.format,
            assembly=report.input.assembly,
            bytes=report.input.bytes,
            records=report.input.records,
        )
        if report.input.name is not None:
            about = f"{report.input.name}: {about}"
        yield {"identifier": {"type": {"text": phrase("fhir_provenance.sha_256_input")}, "value": report.input.sha256}, "display": about}
    for source in dict.fromkeys(gene.source for gene in report.genes if gene.source.startswith("outside:")):
        yield {"display": phrase("fhir_provenance.calls", tool=source.removeprefix("outside:"))}


def _revised(report: Report) -> Iterator[Json]:
    """Yield the earlier report that this one was made from, instead of a genome's file."""
    earlier = report.input.reannotated_from
    if earlier is not None:
        about = phrase(
            "fhir_provenance.earlier_report",
            software_version=earlier.software_version,
            rules_release=earlier.rules_release,
            reference_release=earlier.reference_release,
        )
        identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{earlier.report_id}"}
        yield {"role": "revision", "what": {"identifier": identifier, "display": about}}
