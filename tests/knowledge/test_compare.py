"""``trdpgx rules compare`` finds every difference planted in copies of the sources, of every kind; and nothing where nothing differs."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.knowledge.source_files import fda_rows, guidance, phenotypes, write_json, write_tsv
from trdpgx.cli.main import main
from trdpgx.knowledge.compared.differences import KINDS, ComparedFileError, Difference
from trdpgx.knowledge.compared.files import Publisher, compare_file
from trdpgx.knowledge.load import load_knowledge

pytestmark = pytest.mark.slow

KNOWLEDGE = load_knowledge()
RULES, REFERENCE = KNOWLEDGE.rulebook, KNOWLEDGE.reference
GUIDANCE, FDA = guidance(RULES, REFERENCE), fda_rows(RULES)
SINCE = "2026-01-01"
LEVELS = [
    {"Variant/Haplotypes": "CYP2C19*1, CYP2C19*2", "Gene": "CYP2C19", "Level of Evidence": "1A", "Drug(s)": "escitalopram;citalopram"},
    {"Variant/Haplotypes": "rs1954787", "Gene": "GRIK4", "Level of Evidence": "3", "Drug(s)": "antidepressants"},
]
LOG = [{"Date of Change": "2025-12-01", "Type of Data": "RECOMMENDATION", "Subject": "citalopram", "Note of Change": "old"}]

Plant = Callable[[Any], None]


def guideline(content: Any, source: str, drug: str) -> Any:
    return next(
        one
        for one in content["guidelines"]
        if one["guideline"]["source"] == source and one["guideline"]["relatedChemicals"] == [{"name": drug}]
    )


def first(content: Any, drug: str = "citalopram", **lookup: str) -> Any:
    wanted = lookup or {"CYP2C19": "Poor Metabolizer"}
    return next(one for one in guideline(content, "CPIC", drug)["recommendations"] if wanted in one["lookupKey"])


def new_pair(content: Any) -> None:
    content["guidelines"].append(copy.deepcopy(guideline(content, "CPIC", "citalopram")))
    content["guidelines"][-1]["guideline"]["relatedChemicals"] = [{"name": "lithium"}]


def gone_pair(content: Any) -> None:
    content["guidelines"].remove(guideline(content, "CPIC", "citalopram"))


def other(content: Any, key: str, value: object) -> None:
    first(content)[key] = value


def new_recommendation(content: Any) -> None:
    one = copy.deepcopy(first(content))
    one["lookupKey"] = [{"CYP2C19": "Possible Intermediate Metabolizer"}]
    guideline(content, "CPIC", "citalopram")["recommendations"].append(one)


def gone_recommendation(content: Any) -> None:
    several = guideline(content, "CPIC", "citalopram")["recommendations"]
    terms = ("Poor Metabolizer", "Likely Poor Metabolizer")
    several[:] = [one for one in several if one["lookupKey"][0].get("CYP2C19") not in terms]


def row_of(rows: Any, drug: str) -> Any:
    return next(row for row in rows["table"] if row["Drug"] == drug)


PLANTED: list[tuple[str, str, Plant]] = [
    ("guidance", "pair_new", new_pair),
    ("guidance", "pair_gone", gone_pair),
    ("guidance", "genes", lambda c: guideline(c, "CPIC", "citalopram")["guideline"]["relatedGenes"].append({"symbol": "CYP2D6"})),
    ("guidance", "identifier", lambda c: guideline(c, "CPIC", "citalopram")["guideline"].update(id="PA1")),
    ("guidance", "citation", lambda c: guideline(c, "CPIC", "citalopram")["citations"].append({"pmid": "99999999", "year": 2031})),
    ("guidance", "population", lambda c: other(c, "population", "pediatrics")),
    ("guidance", "result_unknown", lambda c: other(c, "lookupKey", [*first(c)["lookupKey"], {"CYP2C19": "Hasty Metabolizer"}])),
    ("guidance", "recommendation_new", new_recommendation),
    ("guidance", "recommendation_gone", gone_recommendation),
    ("guidance", "grade", lambda c: other(c, "classification", {"term": "Optional"})),
    ("guidance", "alternative", lambda c: other(c, "alternateDrugAvailable", False)),
    ("guidance", "dose", lambda c: other(c, "dosingInformation", False)),
    ("phenotypes", "allele_new", lambda c: c["haplotypes"].update({"*999": "No function"})),
    ("phenotypes", "allele_gone", lambda c: c["haplotypes"].pop("*4")),
    ("phenotypes", "function", lambda c: c["haplotypes"].update({"*10": "No function"})),
    ("phenotypes", "activity", lambda c: c["activityValues"].update({"*10": "0.5"})),
    ("phenotypes", "phenotype", lambda c: c["diplotypes"].append({"diplotype": "*1/*4", "phenotype": "Normal Metabolizer"})),
    ("phenotypes", "score", lambda c: c["diplotypes"].append({"diplotype": "*1/*36 + *10", "activityScore": "2.0"})),
    ("fda", "row_new", lambda c: c["table"].append({**c["table"][0], "Drug": "Lithium"})),
    ("fda", "row_gone", lambda c: c["table"].remove(row_of(c, "Citalopram"))),
    ("fda", "section", lambda c: row_of(c, "Citalopram").update(table="pk")),
    ("fda", "subgroup", lambda c: row_of(c, "Citalopram").update({"Affected Subgroups": "intermediate or poor metabolizers"})),
    (
        "fda",
        "contraindication",
        lambda c: row_of(c, "Citalopram").update({"Description of Gene-Drug Interaction": "Contraindicated (QT prolongation)."}),
    ),
    ("fda", "qt", lambda c: row_of(c, "Citalopram").update({"Description of Gene-Drug Interaction": "Higher concentrations."})),
    ("levels", "level_new", lambda c: c.append({**c[0], "Gene": "CYP2B6", "Drug(s)": "lithium"})),
    ("levels", "level_gone", lambda c: c[0].update({"Drug(s)": "citalopram"})),
    ("levels", "level", lambda c: c[0].update({"Level of Evidence": "4"})),
    ("log", "change", lambda c: c.append({**c[0], "Date of Change": "2026-03-01", "Note of Change": "new table"})),
]


def differences(kind: str, content: Any, folder: Path) -> tuple[Difference, ...]:
    publisher: Publisher = "clinpgx" if kind == "levels" else "fda" if kind == "fda" else "cpic"
    table = kind in {"levels", "log"}
    path = write_tsv(folder / f"{kind}.tsv", content) if table else write_json(folder / f"{kind}.json", content)
    return compare_file(publisher, path, RULES, REFERENCE, since=SINCE)


def original(kind: str) -> Any:
    made = {
        "guidance": GUIDANCE,
        "phenotypes": phenotypes("CYP2D6", REFERENCE),
        "fda": {"table": FDA},
        "levels": LEVELS,
        "log": LOG,
    }
    return copy.deepcopy(made[kind])


@pytest.mark.parametrize("kind", ["guidance", "phenotypes", "fda", "log"])
def test_nothing_differs_from_what_our_own_rules_state(kind: str, tmp_path: Path) -> None:
    assert differences(kind, original(kind), tmp_path) == ()


@pytest.mark.parametrize(("kind", "expected", "plant"), PLANTED, ids=[kind for _, kind, _ in PLANTED])
def test_every_planted_difference_is_found(kind: str, expected: str, plant: Plant, tmp_path: Path) -> None:
    content = original(kind)
    before = set(differences(kind, content, tmp_path))
    plant(content)
    added = set(differences(kind, content, tmp_path)) - before
    assert expected in {one.kind for one in added}, added
    assert all(one.subject and one.ours and one.theirs for one in added)


def test_every_kind_is_planted() -> None:
    assert len(KINDS) >= 20
    assert {kind for _, kind, _ in PLANTED} == set(KINDS)


def test_several_planted_at_once_are_all_found(tmp_path: Path) -> None:
    for kind in ("guidance", "phenotypes", "fda"):
        content = original(kind)
        wanted = set()
        for own, expected, plant in PLANTED:
            if own == kind and expected not in {"pair_gone", "recommendation_gone", "row_gone", "qt"}:
                plant(content)
                wanted.add(expected)
        assert wanted <= {one.kind for one in differences(kind, content, tmp_path)}


@pytest.mark.parametrize("gene", sorted(REFERENCE.genes))
def test_each_gene_agrees_with_a_file_of_itself(gene: str, tmp_path: Path) -> None:
    path = write_json(tmp_path / f"{gene}.json", phenotypes(gene, REFERENCE))
    assert compare_file("cpic", path, RULES, REFERENCE, since=SINCE) == ()


@pytest.mark.parametrize(
    ("option", "name", "text"),
    [
        ("--cpic", "a.json", "{"),
        ("--cpic", "a.json", "[]"),
        ("--fda", "a.json", "{}"),
        ("--fda", "a.csv", "Drug,Gene\nCitalopram,CYP2C19\n"),
        ("--clinpgx", "a.tsv", "a\tb\n1\t2\n"),
        ("--cpic", "a.tsv", "Date of Change\tType of Data\tSubject\tNote of Change\nyesterday\tx\ty\tz\n"),
        ("--cpic", "a.json", '{"gene": "TPMT", "haplotypes": {}}'),
        ("--cpic", "a.json", '{"gene": "CYP2D6", "haplotypes": [1]}'),
        ("--cpic", "a.json", '{"gene": "CYP2D6", "haplotypes": {}, "diplotypes": [3]}'),
        ("--cpic", "a.json", '{"guidelines": [3]}'),
        (
            "--clinpgx",
            "a.json",
            '{"guidelines": [{"guideline": {"source": "CPIC", "relatedChemicals": [{"name": "citalopram"}]}, "recommendations": [7]}]}',
        ),
    ],
)
def test_a_file_of_another_kind_is_refused(option: str, name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    result = CliRunner().invoke(main, ["rules", "compare", option, str(tmp_path / name)])
    assert (result.exit_code, result.stdout) == (65, "")
    assert name in result.stderr
    assert "Traceback" not in result.stderr
    with pytest.raises((ComparedFileError, ValueError)):
        compare_file(option[2:], tmp_path / name, RULES, REFERENCE, since=SINCE)  # type: ignore[arg-type]


def test_activity_values_instead_of_functions_make_no_allele_go(tmp_path: Path) -> None:
    """As in PharmCAT's CYP2D6 file, where `haplotypes` has `"*1": "1.0"`."""
    content = original("phenotypes")
    content["haplotypes"] = content["activityValues"]
    assert differences("phenotypes", content, tmp_path) == ()


def test_the_command_prints_text_and_csv(tmp_path: Path) -> None:
    content = original("fda")
    row_of(content, "Citalopram").update(table="pk")
    path = write_json(tmp_path / "fda.json", content)
    text = CliRunner().invoke(main, ["rules", "compare", "--fda", str(path)])
    assert text.exit_code == 0, text.stderr
    assert "1 difference\n" in text.stdout
    assert "FDA, citalopram, CYP2C19: ours Section 1 (fda-citalopram-cyp2c19-pm); theirs Section 3" in text.stdout
    table = CliRunner().invoke(main, ["rules", "compare", "--fda", str(path), "--format", "csv"]).stdout
    assert table.splitlines()[0] == "file,kind,subject,ours,theirs"
    assert '"FDA, citalopram, CYP2C19"' in table
    assert json.loads(path.read_text("utf-8")) == content


def test_stale_lists_what_is_due() -> None:
    due = CliRunner().invoke(main, ["rules", "stale", "--on", "2026-07-01"])
    assert due.exit_code == 1
    assert "cpic-guidance: due since 2026-05-05; checked on 2025-11-05, every 6 months" in due.stdout
    assert "research" not in due.stdout
    early = CliRunner().invoke(main, ["rules", "stale", "--on", "2025-11-06"])
    assert (early.exit_code, early.stdout) == (0, "rules: 0 of 10 sources are due\n")
    assert "research: due on 2027-11-26" in CliRunner().invoke(main, ["rules", "stale", "--all", "--on", "2026-07-01"]).stdout
