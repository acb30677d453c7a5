"""Properties of every Bundle of a report: checked on golden reports, and on a cohort in tests/fhir."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from trdpgx import Report
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.report.fhir.coding import METABOLIZERS
from trdpgx.report.fhir.tasks import is_guidance

ANSWERS = {"LA26421-0", "LA26422-8", "LA26423-6"}
SEEN = {"called", "covered_reference"}
Json = dict[str, Any]


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


def gene_names(listed: list[Json]) -> set[str]:
    """Return the genes of concepts: those with an HGNC id by their symbol, others by the text before a colon."""
    coded = {one["display"] for value in listed for one in value.get("coding", []) if one["system"] == "http://www.genenames.org"}
    return coded | {value["text"].partition(":")[0] for value in listed if "coding" not in value}


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


def is_complete_and_consistent(report: Report, bundle: Json) -> None:
    """Check that ids are unique, every reference leads to an entry, and no element is empty."""
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(urls)) == len(urls)
    keys = {key for one in resources(bundle, "Observation") for part in one["component"] for key in part}
    assert keys <= {"code", "valueCodeableConcept", "valueString", "valueRange"}
    assert set(addresses(bundle)) <= set(urls)
    assert urls == [f"urn:uuid:{entry['resource']['id']}" for entry in bundle["entry"]]
    assert [*empty_parts(bundle)] == []
    assert report.report_id in bundle["identifier"]["value"]


def states_unseen_genes_as_uncalled(report: Report, bundle: Json) -> None:
    """Check that a called gene has one genotype, and that a gene without a call is listed as uncalled alone."""
    genotypes = Counter(name for one in resources(bundle, "Observation", "genotype") for name in gene_names(parts(one, "48018-6")))
    named = {name for one in resources(bundle, "Observation") for name in gene_names(parts(one, "48018-6"))}
    uncalled, called = gene_names(regions(bundle, "uncalled")), gene_names(regions(bundle, "called"))
    for gene in report.genes:
        if gene.status == "no_call":
            assert gene.gene in uncalled - called
            assert gene.gene not in genotypes
            assert gene.gene not in named or any(one.gene == gene.gene for one in gene.undefined_variants)
        else:
            assert genotypes[gene.gene] == 1
            assert gene.gene in called - uncalled


def states_of_variants_what_was_seen(report: Report, bundle: Json) -> None:
    """Check that a variant is present or absent only where it was seen, and uncalled otherwise."""
    seen = {one.id for one in report.variants if one.genotype and one.state in SEEN}
    sites = {one.site for one in report.genotypes if one.state in SEEN}
    uncalled = {one["text"].split()[0] for one in regions(bundle, "uncalled") if "text" in one}
    assert "absent" not in json.dumps(regions(bundle, "uncalled"))
    assert uncalled >= {one.id for one in report.variants} - seen or report.input.format == "none"
    for observation in resources(bundle, "Observation", "variant"):
        (text,) = parts(observation, "conclusion-string")
        site = re.search(r"strand at (\S+)\.", text)
        if text.startswith("Genotype"):
            assert {value["coding"][0]["code"] for value in parts(observation, "81252-9")} <= seen
        elif site:
            assert site[1] in sites


def has_an_implication_for_each_drug(report: Report, bundle: Json) -> None:
    """Check that each consideration is exactly one implication for each of its drugs."""
    made = Counter(
        (one["identifier"][0]["value"], parts(one, "51963-7")[0]["text"] if parts(one, "51963-7") else None)
        for one in resources(bundle, "Observation", "therapeutic-implication")
        if "identifier" in one
    )
    assert made == Counter((one.id, drug) for one in report.considerations for drug in one.drugs or (None,))


def codes_only_what_is_settled(report: Report, bundle: Json) -> None:
    """Check that a phenotype has a code only where it rests on what was seen, and that genotypes name what was assumed or not seen."""
    stated = {gene.gene: gene.phenotype.code for gene in report.genes if gene.phenotype and not gene.assumed}
    for one in resources(bundle, "Observation", "therapeutic-implication"):
        for value in parts(one, "therapeutic-implication"):
            if "coding" in value:
                assert value["coding"][0]["code"] == METABOLIZERS[stated[value["text"].split()[0]]][0]
    for one in resources(bundle, "Observation", "genotype"):
        text = one["valueCodeableConcept"]["text"]
        gene = next(gene for gene in report.genes if gene.gene == text.split()[0])
        assert text.endswith("not mention)") == gene.assumed
        assert text.endswith("not seen)") == (gene.phenotype_open and not gene.assumed)


def proposes_guidance_alone(report: Report, bundle: Json) -> None:
    """Check that Tasks come from guidance alone that holds for all that was seen, with codes of LOINC's answer list."""
    made = {f"urn:uuid:{one['id']}": one for one in resources(bundle, "Observation", "therapeutic-implication")}
    by_id = {one.id: one for one in report.considerations}
    for task in resources(bundle, "Task"):
        assert task["code"]["coding"][0]["code"] in ANSWERS
        consideration = by_id[made[task["reasonReference"]["reference"]]["identifier"][0]["value"]]
        assert consideration.source.name != RESEARCH
        assert consideration.basis.holds_for == "all"
        assert is_guidance(consideration)
        assert report.disclaimer in [one["text"] for one in task["note"]]


PROPERTIES = (
    is_complete_and_consistent,
    states_unseen_genes_as_uncalled,
    states_of_variants_what_was_seen,
    has_an_implication_for_each_drug,
    codes_only_what_is_settled,
    proposes_guidance_alone,
)
