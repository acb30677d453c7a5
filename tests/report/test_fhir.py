"""Reports as FHIR Bundles: what they state and what they must not. Profiles are checked in tests/fhir, which needs the guide's package."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest

from tests.golden.cases import cases
from tests.http.application import open_client
from tests.report.bundles import PROPERTIES, Json, empty_parts, gene_names, parts, regions, resources
from trdpgx import Options, Report, Service, annotate
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.gene_report import PhenotypeReport
from trdpgx.report.fhir.coding import METABOLIZERS, chromosome_sequence
from trdpgx.report.formats.fhir import to_fhir, write

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "synthetic.vcf"


@pytest.fixture(scope="module")
def reports(service: Service) -> dict[str, Report]:
    """Every golden report by its case and sample."""
    return {f"{case.name} {report.input.sample}": report for case in cases() for report in case.reports(service)}


@pytest.fixture(scope="module")
def pairs(reports: dict[str, Report]) -> list[tuple[Report, Json]]:
    """Every golden report with its Bundle."""
    return [(report, json.loads(to_fhir(report))) for report in reports.values()]


@pytest.fixture(scope="module")
def example(service: Service) -> Report:
    return next(service.reports(service.read(io.BytesIO(EXAMPLE.read_bytes()), Options()), Options()))


@pytest.mark.parametrize("keeps", PROPERTIES, ids=lambda keeps: keeps.__name__)
def test_every_golden_report(pairs: list[tuple[Report, Json]], keeps: Callable[[Report, Json], None]) -> None:
    for report, bundle in pairs:
        keeps(report, bundle)


def test_the_golden_reports_have_what_is_checked(pairs: list[tuple[Report, Json]]) -> None:
    everything = [one for _, bundle in pairs for one in resources(bundle, "Observation", "variant")]
    states = Counter(one["valueCodeableConcept"]["coding"][0]["display"] for one in everything)
    assert states["Present"] > 100
    assert states["Absent"] > 0
    assert sum(len(resources(bundle, "Task")) for _, bundle in pairs) > 100


def test_equal_reports_have_equal_ids_and_others_do_not(reports: dict[str, Report], example: Report) -> None:
    later = example.model_copy(update={"report_id": str(uuid4()), "created_at": datetime(2030, 1, 1, tzinfo=UTC)})
    ids = [[entry["fullUrl"] for entry in json.loads(to_fhir(one))["entry"]] for one in (example, later)]
    assert ids[0] == ids[1]
    assert all(UUID(url.removeprefix("urn:uuid:")).version == 5 for url in ids[0])
    others = {entry["fullUrl"] for one in reports.values() for entry in json.loads(to_fhir(one))["entry"]}
    assert not others.intersection(ids[0])


def test_a_likely_phenotype_has_no_code(example: Report) -> None:
    first = example.genes[0]
    summary = example.summary.model_copy(update={"drugs": type(example.summary.drugs)()})
    for code in Phenotype:
        phenotype = PhenotypeReport(term=code.term, code=code, basis="a table")
        changed = first.model_copy(update={"phenotype": phenotype, "phenotypes": {Scheme.CPIC: phenotype}})
        alone = example.model_copy(update={"genes": (changed,), "considerations": (), "summary": summary})
        bundle = json.loads(to_fhir(alone))
        (one,) = resources(bundle, "Observation", "therapeutic-implication")
        (value,) = parts(one, "therapeutic-implication")
        assert [part["code"] for part in value.get("coding", [])] == [answer[0] for known, answer in METABOLIZERS.items() if known is code]


def test_tasks_can_be_left_out(pairs: list[tuple[Report, Json]]) -> None:
    for report, bundle in pairs:
        without = to_fhir(report.model_copy(update={"options": report.options.copy_with(recommendations=False)}))
        left = [entry["fullUrl"] for entry in json.loads(without)["entry"]]
        tasks = {f"urn:uuid:{one['id']}" for one in resources(bundle, "Task")}
        assert left == [entry["fullUrl"] for entry in bundle["entry"] if entry["fullUrl"] not in tasks]
        assert b"recommended-action" not in without


def test_several_samples_are_a_bundle_of_bundles_and_none_is_nothing(reports: dict[str, Report]) -> None:
    three = [report for name, report in reports.items() if name.startswith("three-samples")]
    outer = json.loads(b"".join(write(three)))
    assert (outer["resourceType"], outer["type"]) == ("Bundle", "collection")
    assert [entry["resource"] for entry in outer["entry"]] == [json.loads(to_fhir(one)) for one in three]
    assert [*write([])] == []


@pytest.mark.parametrize("sample", ["<script>alert(1)</script>\"'&", "=cmd()", "a\x01b", "]]>", "猫 🧬", " "])
def test_any_sample_name_gives_a_well_formed_narrative_and_legal_strings(example: Report, sample: str) -> None:
    named = example.model_copy(update={"input": example.input.model_copy(update={"sample": sample})})
    bundle = json.loads(to_fhir(named))
    (report,) = resources(bundle, "DiagnosticReport")
    read = ElementTree.fromstring(report["text"]["div"])  # noqa: S314 - of our own making
    assert read.tag == "{http://www.w3.org/1999/xhtml}div"
    assert [child.tag.rpartition("}")[2] for child in read.iter()] == ["div", "pre"]
    assert sample.replace("\x01", "\ufffd") in "".join(read.itertext())
    assert "\\u0001" not in to_fhir(named).decode()
    assert [*empty_parts(bundle)] == []


def test_the_patients_side_is_stated_where_it_was_given(reports: dict[str, Report]) -> None:
    report = reports["clinical SYNTHETIC-1"]
    bundle = json.loads(to_fhir(report))
    history = report.treatment_history
    assert history is not None
    statements = resources(bundle, "MedicationStatement")
    taken = [one["medicationCodeableConcept"]["text"] for one in statements if one["status"] == "active"]
    assert taken == list(history.current_drugs)
    assert len(statements) == len(taken) + len(history.trials)
    assert [one["detail"].endswith(issue.text) for one, issue in zip(resources(bundle, "DetectedIssue"), report.interactions, strict=True)]
    converted = [
        one for one in resources(bundle, "Observation") if "under current drugs" in json.dumps(parts(one, "therapeutic-implication"))
    ]
    assert converted
    for one in converted:
        assert parts(one, "81259-4")
        assert not any("coding" in value for value in parts(one, "therapeutic-implication"))
    focused = [task for task in resources(bundle, "Task") if "focus" in task]
    assert all(task["description"].split(":")[0] in history.current_drugs for task in focused)


def test_a_phenotype_alone_and_tests_of_hla_alleles_are_genotypes(service: Service) -> None:
    calls = "gene\tdiplotype\tphenotype\ttool\nCYP2D6\t\tPoor Metabolizer\tA\nHLA-B\t\t*15:02 negative\tB\nHLA-B\t\t*57:01 positive\tB\n"
    (report,) = annotate(None, outside_calls=calls.encode(), service=service)
    bundle = json.loads(to_fhir(report))
    for keeps in PROPERTIES:
        keeps(report, bundle)
    texts = [one["valueCodeableConcept"]["text"] for one in resources(bundle, "Observation", "genotype")]
    assert texts == ["CYP2D6 without a diplotype: the phenotype alone was stated", "HLA-B *15:02 negative; *57:01 positive"]
    assert resources(bundle, "Observation", "haplotype") == []
    assert "LA9657-3" in json.dumps(resources(bundle, "Observation", "therapeutic-implication")[0])


def test_without_a_genome_there_is_no_specimen_and_no_assembly(reports: dict[str, Report]) -> None:
    report = next(one for name, one in reports.items() if name.startswith("paper"))
    bundle = json.loads(to_fhir(report))
    assert resources(bundle, "Specimen") == []
    assert "genome-build" not in json.dumps(bundle)
    called = {gene.gene for gene in report.genes if gene.status == "called"}
    assert gene_names(regions(bundle, "studied")) == gene_names(regions(bundle, "called")) == called
    assert resources(bundle, "Provenance")[0]["entity"] == [{"role": "source", "what": {"display": "calls of unnamed tool"}}]


@pytest.mark.parametrize("assembly", ["GRCh37", "GRCh38"])
def test_the_sequence_of_a_chromosome_is_that_of_the_transcripts(assembly: str) -> None:
    with (ROOT / "reference" / "transcripts" / "transcripts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            stated = [value for value in row.values() if re.fullmatch(r"NC_\d{6}\.\d+", value or "")]
            assert chromosome_sequence(row["chrom"], assembly) in stated
    assert chromosome_sequence("chr1", "GRCh37") == "NC_000001.10"
    assert chromosome_sequence("chrX", "GRCh38") == "NC_000023.11"
    assert chromosome_sequence("chrUn", "GRCh38") is None


@pytest.mark.server
def test_http_answers_the_same_bundle_and_knows_the_switch(example: Report) -> None:
    genome = EXAMPLE.read_bytes()
    with open_client() as client:
        answer = client.post("/v1/reports", content=genome, headers={"Accept": "application/fhir+json"})
        without = client.post("/v1/reports", content=genome, params={"format": "fhir", "recommendations": "false"})
    assert answer.headers["content-type"] == "application/fhir+json"
    time, report_id = answer.json()["timestamp"], answer.json()["identifier"]["value"].removeprefix("urn:uuid:")
    same = example.model_copy(update={"created_at": datetime.fromisoformat(time), "report_id": report_id})
    assert answer.content == to_fhir(same) + b"\n"
    ids = {entry["fullUrl"] for entry in answer.json()["entry"]}
    assert ids > {entry["fullUrl"] for entry in without.json()["entry"]}


def test_the_excerpt_of_the_documentation_is_of_the_example(example: Report) -> None:
    page = (ROOT / "docs" / "fhir.md").read_text("utf-8")
    excerpt = json.loads(page.partition("```json\n")[2].partition("```")[0])
    text = re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z", "…", to_fhir(example).decode())
    assert excerpt in [entry["resource"] for entry in json.loads(text)["entry"]]
