"""The read-only addresses: what they show, how they are narrowed, and that nobody needs to fetch them twice."""

import pytest

from tests.http.application import Client

KNOWLEDGE = ["/v1/rules", "/v1/genes", "/v1/genes/CYP2D6", "/v1/drugs", "/v1/drugs/citalopram", "/v1/schema/report", "/v1/schema/context"]


def test_rules_are_listed_and_each_can_be_shown(client: Client) -> None:
    listed = client.get("/v1/rules").json()
    assert listed["count"] == len(listed["rules"]) > 100
    assert len({rule["id"] for rule in listed["rules"]}) == listed["count"]
    for rule in listed["rules"][:: max(1, listed["count"] // 20)]:
        shown = client.get(f"/v1/rules/{rule['id']}").json()
        assert shown["rule"]["id"] == rule["id"]
        assert shown["strength"] == rule["strength"]
        assert shown["rule"]["evidence"]


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ("gene=cyp2c19", "genes", "CYP2C19"),
        ("drug=Citalopram", "drugs", "citalopram"),
        ("domain=pharmacodynamic", "domain", None),
        ("source=cpic", "source", None),
    ],
)
def test_rules_are_narrowed(client: Client, query: str, field: str, value: str | None) -> None:
    every, some = client.get("/v1/rules").json(), client.get(f"/v1/rules?{query}").json()
    assert 0 < some["count"] < every["count"]
    assert all((value in rule[field]) if value else rule[field].casefold() == query.partition("=")[2] for rule in some["rules"])


def test_filters_are_taken_together(client: Client) -> None:
    both = client.get("/v1/rules?gene=CYP2C19&drug=citalopram").json()["rules"]
    assert both
    assert all("CYP2C19" in rule["genes"] and "citalopram" in rule["drugs"] for rule in both)
    assert client.get("/v1/rules?gene=CYP1A2&drug=citalopram").json()["count"] == 0


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        ("gene=CYP2C91", "`CYP2C9`, `CYP2C19`"),
        ("gene=CYP2D", "`CYP2D6`"),
        ("gene=HLAB", "`HLA-B`"),
        ("drug=citalopran", "`citalopram`"),
        ("drug=venlafaxin", "`venlafaxine`"),
        ("source=CPCI", "`CPIC`"),
        ("gene=CYP2C19&drug=citalopran", "`citalopram`"),
    ],
)
def test_a_filter_that_names_nothing_is_a_problem_with_our_nearest_names(client: Client, query: str, nearest: str) -> None:
    answer = client.get(f"/v1/rules?{query}")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/bad_query")
    assert nearest in answer.json()["detail"]
    assert f"`{query.rpartition('=')[2]}`" not in answer.text


@pytest.mark.parametrize("query", ["gene=", "drug=", "source=", "gene=" + "A" * 5_000, "drug=%0d%0a"])
def test_a_filter_of_no_name_lists_our_own(client: Client, query: str) -> None:
    answer = client.get(f"/v1/rules?{query}")
    assert answer.status_code == 422
    assert "Known: " in answer.json()["detail"]


def test_genes_show_sites_on_both_assemblies_alleles_and_phenotypes(client: Client) -> None:
    listed = {gene["gene"]: gene for gene in client.get("/v1/genes").json()["genes"]}
    assert listed["CYP2C19"]["kind"] == "named_alleles"
    assert listed["BDNF"]["kind"] == "variants"
    gene = client.get("/v1/genes/cyp2c19").json()
    assert {site["assembly"] for site in gene["sites"]} == {"GRCh37", "GRCh38"}
    assert len(gene["alleles"]) == listed["CYP2C19"]["alleles"]
    (two,) = (allele for allele in gene["alleles"] if allele["name"] == "*2")
    assert two["function"] == "No function"
    assert two["bases"]["CYP2C19:94781859"] == "A"
    assert gene["phenotypes"][0]["pairs"]
    bands = client.get("/v1/genes/CYP2D6").json()["phenotypes"][0]["bands"]
    assert {"phenotype": "PM", "over": None, "at_least": 0.0, "up_to": 0.0, "below": None} in bands
    assert {"phenotype": "IM", "over": 0.0, "at_least": None, "up_to": None, "below": 1.25} in bands
    assert client.get("/v1/genes/BDNF").json()["variants"][0]["id"] == "rs6265"


def test_drugs_name_their_rules(client: Client) -> None:
    drugs = client.get("/v1/drugs").json()["drugs"]
    assert all(drug["drug"]["verification"]["where"] for drug in drugs)
    rules = client.get("/v1/drugs/KETAMINE").json()["rules"]
    assert rules
    assert "ketamine" in client.get(f"/v1/rules/{rules[0]}").json()["rule"]["drugs"]


@pytest.mark.parametrize("address", KNOWLEDGE)
def test_knowledge_is_fetched_once(client: Client, address: str) -> None:
    first = client.get(address)
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = client.get(address, headers={"If-None-Match": known})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
    assert client.get(address, headers={"If-None-Match": '"other"'}).content == first.content


def test_limits_name_value_and_setting(client: Client) -> None:
    limits = {limit["name"]: limit for limit in client.get("/v1/limits").json()["limits"]}
    assert limits["max_samples"]["value"] == 5000
    assert limits["max_samples"]["setting"] == "TRDPGX_MAX_SAMPLES"
    assert "upload_idle_seconds" in limits
    assert all(limit["text"] for limit in limits.values())


def test_service_info_keeps_the_ga4gh_form(client: Client) -> None:
    info = client.get("/service-info").json()
    assert {"id", "name", "type", "organization", "version"} <= info.keys()
    assert info["type"].keys() == {"group", "artifact", "version"}
    assert info["organization"].keys() >= {"name", "url"}
    assert info["documentationUrl"] == "docs"
    report = client.get("/v1/rules").json()
    assert info["knowledge"]["rules_digest"] == report["digest"]


@pytest.mark.parametrize("address", [*KNOWLEDGE, "/livez", "/readyz", "/docs", "/service-info", "/problems"])
def test_head_answers_as_get_does_without_the_body(client: Client, address: str) -> None:
    got, head = client.get(address), client.request("HEAD", address)
    assert head.status_code == got.status_code
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.content == b""


@pytest.mark.parametrize("address", [*KNOWLEDGE, "/docs", "/nowhere", "/docs/swagger-ui-bundle.js", "/livez"])
def test_every_answer_keeps_browsers_strict_and_sets_no_cookie(client: Client, address: str) -> None:
    headers = client.get(address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-request-id"]
    assert "set-cookie" not in headers
    assert "access-control-allow-origin" not in headers


def test_what_was_looked_at_and_has_no_rule_states_why(client: Client) -> None:
    grik4 = client.get("/v1/genes/GRIK4").json()
    assert "no-rule-grik4-rs12800734" in {entry["id"] for entry in grik4["entries"]}
    girk4 = client.get("/v1/genes/kcnj5").json()
    assert (girk4["gene"], girk4["kind"], girk4["rules"]) == ("KCNJ5", "entries", [])
    assert girk4["entries"][0]["reason"] == "misnamed"
    lithium = client.get("/v1/drugs/lithium").json()
    assert "no_guideline" in {entry["reason"] for entry in lithium["entries"]}
