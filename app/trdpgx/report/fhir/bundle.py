"""One report as a Bundle (type ``collection``): to be read or stored, and not a transaction for a server to execute."""

from trdpgx.model.report import Report
from trdpgx.report.fhir.coding import Json
from trdpgx.report.fhir.diagnostic_report import REPORT, diagnostic_report
from trdpgx.report.fhir.genotypes import genotypes, haplotypes, phenotypes
from trdpgx.report.fhir.ids import ResourceIds
from trdpgx.report.fhir.implications import implications
from trdpgx.report.fhir.person import context, patient, specimen
from trdpgx.report.fhir.provenance import device, provenance
from trdpgx.report.fhir.resources import cleaned
from trdpgx.report.fhir.study import study
from trdpgx.report.fhir.tasks import tasks
from trdpgx.report.fhir.variants import variant_findings


def bundle(report: Report) -> Json:
    """Return the Bundle, ready for JSON but for ``datetime`` values. Every address in it leads to one of its entries."""
    ids = ResourceIds(report)
    variants = [*variant_findings(report, ids)]
    types = [*haplotypes(report, ids)]
    pairs = [*genotypes(report, ids, [*types, *variants])]
    meanings = [*phenotypes(report, ids), *implications(report, ids, [*pairs, *variants])]
    observations = [*(finding.named for finding in (*variants, *types, *pairs)), *meanings]
    proposals = [*tasks(report, ids)]
    stated = [*context(report, ids)]
    names = {
        "results": [named.name for named in observations],
        "recommended": [named.name for named in proposals],
        "supporting": [named.name for named in stated],
    }
    entries = [
        diagnostic_report(report, ids, **names),
        patient(report, ids),
        *specimen(report, ids),
        device(report, ids),
        *study(report, ids),
        *observations,
        *proposals,
        *stated,
        provenance(report, ids, REPORT),
    ]
    made: Json = cleaned(
        {
            "resourceType": "Bundle",
            "id": ids.of("bundle"),
            "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{report.report_id}"},
            "type": "collection",
            "timestamp": report.created_at,
            "entry": [{"fullUrl": ids.url(named.name), "resource": named.resource} for named in entries],
        }
    )
    return made
