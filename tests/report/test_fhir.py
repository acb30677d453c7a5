"""Reports as FHIR Bundles: what they state and what they must not. Profiles are checked in tests/fhir, which needs the guide's package."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest

from tests.golden.cases import cases
from tests.http.application import open_client
from trdpgx import Options, Report, Service
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.gene_report import PhenotypeReport
from trdpgx.reasoning.summary.drug_groups import RESEARCH
from trdpgx.report.fhir.coding import METABOLIZERS, chromosome_sequence
from trdpgx.report.fhir.tasks import is_guidance
from trdpgx.report.formats.fhir import to_fhir, write

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "synthetic.vcf"
ANSWERS = {"LA26421-0", "LA26422-8", "LA26423-6"}
Json = dict[str, Any]


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with Service() as opened:
        yield opened


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


def resources(bundle: Json, kind: str, profile: str = "") -> list[Json]:
    ones = (entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind)
    return [one for one in ones if not profile or one["meta"]["profile"][0].endswith(f"/{profile}")]


def parts(observation: Json, code: str) -> list[Any]:
    """Return the values of the components of one code."""
    return [
        value
        for part in observation.get("component", [])
        if part["code"]["coding"][0]["code"] == code
        for key, value in part.items()
        if key.startswith("value")
    ]


def regions(bundle: Json, kind: str) -> list[Json]:
    (analysis,) = resources(bundle, "Procedure", "genomic-study-analysis")
    (listed,) = (one["extension"] for one in analysis["extension"] if one["url"].endswith("-regions"))
    return [one["valueCodeableConcept"] for one in listed if one["url"] == kind]


def coded_genes(listed: list[Json]) -> set[str]:
    return {one["display"] for value in listed for one in value.get("coding", []) if one["system"] == "http://www.genenames.org"}


def addresses(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for part in value.values():
            yield from addresses(part)
    elif isinstance(value, list):
        for part in value:
            yield from addresses(part)


def empty_parts(value: Any) -> Iterator[Any]:
    if value in ("", [], {}, None):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from empty_parts(part)


def test_every_reference_leads_to_an_entry_and_nothing_is_empty(pairs: list[tuple[Report, Json]]) -> None:
    for _, bundle in pairs:
        urls = [entry["fullUrl"] for entry in bundle["entry"]]
        assert len(set(urls)) == len(urls)
        keys = {key for one in resources(bundle, "Observation") for part in one["component"] for key in part}
        assert keys <= {"code", "valueCodeableConcept", "valueString", "valueRange"}
        assert set(addresses(bundle)) <= set(urls)
        assert urls == [f"urn:uuid:{entry['resource']['id']}" for entry in bundle["entry"]]
        assert [*empty_parts(bundle)] == []


def test_equal_reports_have_equal_ids_and_others_do_not(reports: dict[str, Report], example: Report) -> None:
    later = example.model_copy(update={"report_id": str(uuid4()), "created_at": datetime(2030, 1, 1, tzinfo=UTC)})
    ids = [[entry["fullUrl"] for entry in json.loads(to_fhir(one))["entry"]] for one in (example, later)]
    assert ids[0] == ids[1]
    assert all(UUID(url.removeprefix("urn:uuid:")).version == 5 for url in ids[0])
    others = {entry["fullUrl"] for one in reports.values() for entry in json.loads(to_fhir(one))["entry"]}
    assert not others.intersection(ids[0])


def test_a_called_gene_has_one_genotype_and_an_unseen_gene_is_uncalled_and_nothing_else(pairs: list[tuple[Report, Json]]) -> None:
    for report, bundle in pairs:
        genotypes = Counter(parts(one, "48018-6")[0]["coding"][0]["display"] for one in resources(bundle, "Observation", "genotype"))
        named = {display for one in resources(bundle, "Observation") for display in coded_genes(parts(one, "48018-6"))}
        uncalled, called = coded_genes(regions(bundle, "uncalled")), coded_genes(regions(bundle, "called"))
        for gene in report.genes:
            if gene.status == "no_call":
                assert gene.gene in uncalled - called
                assert gene.gene not in genotypes
                assert gene.gene not in named or any(one.gene == gene.gene for one in gene.undefined_variants)
            else:
                assert genotypes[gene.gene] == 1
                assert gene.gene in called - uncalled


def test_a_variant_is_present_or_absent_only_where_it_was_seen(pairs: list[tuple[Report, Json]]) -> None:
    seen_states = {"called", "covered_reference"}
    absent = 0
    for report, bundle in pairs:
        seen = {one.id for one in report.variants if one.genotype and one.state in seen_states}
        sites = {one.site for one in report.genotypes if one.state in seen_states}
        uncalled = {one["text"].split()[0] for one in regions(bundle, "uncalled") if "text" in one}
        assert "absent" not in json.dumps(regions(bundle, "uncalled"))
        assert uncalled >= {one.id for one in report.variants} - seen or report.input.format == "none"
        for observation in resources(bundle, "Observation", "variant"):
            absent += observation["valueCodeableConcept"]["coding"][0]["code"] == "LA9634-2"
            (text,) = parts(observation, "conclusion-string")
            rsid = [value["coding"][0]["code"] for value in parts(observation, "81252-9")]
            site = re.search(r"strand at (\S+)\.", text)
            if text.startswith("Genotype"):
                assert set(rsid) <= seen
            elif site:
                assert site[1] in sites
    assert absent > 0


def test_each_consideration_is_one_implication_for_each_drug(pairs: list[tuple[Report, Json]]) -> None:
    for report, bundle in pairs:
        made = Counter(
            (one["identifier"][0]["value"], parts(one, "51963-7")[0]["text"] if parts(one, "51963-7") else None)
            for one in resources(bundle, "Observation", "therapeutic-implication")
            if "identifier" in one
        )
        assert made == Counter((one.id, drug) for one in report.considerations for drug in one.drugs or (None,))


def test_what_is_unsettled_or_assumed_has_no_code(pairs: list[tuple[Report, Json]], example: Report) -> None:
    for report, bundle in pairs:
        stated = {gene.gene for gene in report.genes if gene.phenotype and not gene.assumed}
        for one in resources(bundle, "Observation", "therapeutic-implication"):
            for value in parts(one, "therapeutic-implication"):
                if "coding" in value:
                    assert value["text"].split()[0] in stated
        for one in resources(bundle, "Observation", "genotype"):
            gene = next(gene for gene in report.genes if gene.gene == one["valueCodeableConcept"]["text"].split()[0])
            assert one["valueCodeableConcept"]["text"].endswith("not mention)") == gene.assumed
            assert one["valueCodeableConcept"]["text"].endswith("not seen)") == (gene.phenotype_open and not gene.assumed)
    first = example.genes[0]
    for code in Phenotype:
        phenotype = PhenotypeReport(term=code.term, code=code, basis="a table")
        changed = first.model_copy(update={"phenotype": phenotype, "phenotypes": {Scheme.CPIC: phenotype}})
        bundle = json.loads(to_fhir(example.model_copy(update={"genes": (changed,), "considerations": ()})))
        (one,) = resources(bundle, "Observation", "therapeutic-implication")
        (value,) = parts(one, "therapeutic-implication")
        assert [part["code"] for part in value.get("coding", [])] == [answer[0] for known, answer in METABOLIZERS.items() if known is code]


def test_tasks_are_of_guidelines_with_proven_answers_and_can_be_left_out(pairs: list[tuple[Report, Json]]) -> None:
    count = 0
    for report, bundle in pairs:
        made = {f"urn:uuid:{one['id']}": one for one in resources(bundle, "Observation", "therapeutic-implication")}
        by_id = {one.id: one for one in report.considerations}
        tasks = resources(bundle, "Task")
        count += len(tasks)
        for task in tasks:
            assert task["code"]["coding"][0]["code"] in ANSWERS
            consideration = by_id[made[task["reasonReference"]["reference"]]["identifier"][0]["value"]]
            assert consideration.source.name != RESEARCH
            assert consideration.basis.holds_for == "all"
            assert is_guidance(consideration)
            assert report.disclaimer in [one["text"] for one in task["note"]]
        without = report.model_copy(update={"options": report.options.copy_with(recommendations=False)})
        assert "Task" not in {entry["resource"]["resourceType"] for entry in json.loads(to_fhir(without))["entry"]}
        assert "recommended-action" not in to_fhir(without).decode()
    assert count > 100


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


def test_without_a_genome_there_is_no_specimen_and_no_assembly(reports: dict[str, Report]) -> None:
    report = next(one for name, one in reports.items() if name.startswith("paper"))
    bundle = json.loads(to_fhir(report))
    assert resources(bundle, "Specimen") == []
    assert "genome-build" not in json.dumps(bundle)
    called = {gene.gene for gene in report.genes if gene.status == "called"}
    assert coded_genes(regions(bundle, "studied")) == coded_genes(regions(bundle, "called")) == called
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
