"""What made the report, and of what: the program with its knowledge as a Device, and a Provenance of the report."""

from collections.abc import Iterator

from trdpgx.model.report import Report
from trdpgx.report.fhir.coding import Json
from trdpgx.report.fhir.ids import ResourceIds
from trdpgx.report.fhir.resources import DEVICE, NamedResource, has_genome, resource


def device(report: Report, ids: ResourceIds) -> NamedResource:
    """Return the program, with the versions of itself, of its rules and layers above them, of its reference and of its evidence policy."""
    knowledge = report.knowledge
    versions = (
        ("software", report.software.version),
        ("rules", f"{knowledge.rules_release} sha256:{knowledge.rules_digest}"),
        ("reference", f"{knowledge.reference_release} sha256:{knowledge.reference_digest}"),
        ("evidence policy", knowledge.evidence_policy),
        *((f"layer of rules {layer.name}", f"{layer.release} sha256:{layer.digest}") for layer in knowledge.rules_layers[1:]),
    )
    return resource(
        "Device",
        ids,
        DEVICE,
        deviceName=[{"name": report.software.name, "type": "model-name"}],
        type={"text": "software: decision support for research, no medical device"},
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
        activity={"text": "pharmacogenomic report made by rules"},
        agent=[{"type": {"text": "program"}, "who": ids.reference(DEVICE)}],
        entity=[*({"role": "source", "what": what} for what in _sources(report)), *_revised(report)],
    )


def _sources(report: Report) -> Iterator[Json]:
    if has_genome(report):
        about = f"{report.input.format}, {report.input.assembly}, {report.input.bytes} bytes, {report.input.records} records"
        yield {"identifier": {"type": {"text": "SHA-256 of the input"}, "value": report.input.sha256}, "display": about}
    for source in dict.fromkeys(gene.source for gene in report.genes if gene.source.startswith("outside:")):
        yield {"display": f"calls of {source.removeprefix('outside:')}"}


def _revised(report: Report) -> Iterator[Json]:
    """Yield the earlier report that this one was made from, instead of a genome's file."""
    earlier = report.input.reannotated_from
    if earlier is not None:
        about = f"report of trdpgx {earlier.software_version}, rules {earlier.rules_release}, reference {earlier.reference_release}"
        identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{earlier.report_id}"}
        yield {"role": "revision", "what": {"identifier": identifier, "display": about}}
