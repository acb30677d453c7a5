"""The commands of a curator: `trdpgx rules new|check|test|show|explain|diff|schema|coverage`."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trdpgx.cli.main import main
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.rules.editor_schemas import SHAPES, file_name
from trdpgx.model.rule import Reason

GENOME = Path(__file__).parents[2] / "examples" / "synthetic.vcf"


def run(*arguments: str | Path, **settings: str) -> Result:
    return CliRunner().invoke(main, ["rules", *(str(argument) for argument in arguments)], env=settings)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A layer with one rule that replaces a bundled one, one that is new, and one entry."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "own.yaml").write_text(
        """domain: pharmacodynamic
source: {name: research}
studies:
  laje-2012: {design: cohort, n: 62, note: The same study., verified: PMC3786174}
rules:
  - id: research-bdnf-rs6265-ketamine-met
    drugs: ketamine
    when: [{variant: rs6265, copies: [1, 2]}]
    implications: response_reported_lower
    actions: no_advice
    text: Said otherwise here (Laje 2012, N=62).
    evidence: {supports: [laje-2012]}
    examples: [{rs6265: C/T}]
  - id: own-rule
    drugs: lithium
    when: [{variant: rs6265, copies: 0}]
    implications: no_effect_found
    actions: no_advice
    text: Something of our own.
    evidence: {no_effect: [laje-2012]}
    examples: [{rs6265: C/C}]
    counter_examples: [{rs6265: C/T}]
entries:
  - {id: own-entry, genes: GRM5, reason: no_study, text: Not read., unverified: not searched for}
""",
        "utf-8",
    )
    return folder


def test_the_bundled_rules_pass_their_own_examples() -> None:
    result = run("test")
    assert result.exit_code == 0
    assert result.stdout.endswith(" examples, 0 failed\n")
    assert result.stdout.count("\n") == 1


def test_examples_of_one_rule_are_shown_one_by_one() -> None:
    result = run("test", "research-bdnf-rs6265-ketamine-met")
    assert result.stdout.splitlines() == [
        "ok     research-bdnf-rs6265-ketamine-met fires for rs6265 C/T",
        "ok     research-bdnf-rs6265-ketamine-met fires for rs6265 T|T",
        "ok     research-bdnf-rs6265-ketamine-met stays silent for rs6265 C/C",
        "rules: 3 examples, 0 failed",
    ]


def test_an_example_that_fails_is_named(mine: Path) -> None:
    path = mine / "own.yaml"
    path.write_text(path.read_text("utf-8").replace("counter_examples: [{rs6265: C/T}]", "counter_examples: [{rs6265: C/C}]"), "utf-8")
    result = run("test", "--rules", mine)
    assert result.exit_code == 1
    assert "FAILED own-rule stays silent for rs6265 C/C: fires" in result.stdout


@pytest.mark.parametrize("command", [("test", "nonsense"), ("show", "nonsense"), ("explain", "nonsense", GENOME)])
def test_an_unknown_name_is_stated(command: tuple[str | Path, ...]) -> None:
    result = run(*command)
    assert result.exit_code == 1
    assert "nonsense" in result.stderr


def test_show_reads_like_prose() -> None:
    result = run("show", "cpic-2023-citalopram-cyp2c19-pm-or-likely-pm")
    assert "CYP2C19 is read by CPIC as PM or Likely PM" in result.stdout
    assert "CPIC 2023, Strong; Bousman CA" in result.stdout
    assert "(PMID 37032427)" in result.stdout
    assert "authority    Strong: a strong recommendation" in result.stdout
    assert "evidence     weighed by source by trdpgx-evidence-3" in result.stdout
    assert "dose, maintenance 50% of the usual dose" in " ".join(result.stdout.split())
    assert max(map(len, result.stdout.splitlines())) <= 120


@pytest.mark.parametrize(
    ("name", "words"), [("KCNJ5", "no rule      misnamed"), ("rs334558", "research-gsk3b-rs334558-none"), ("vns", "no gene")]
)
def test_show_finds_by_gene_variant_and_drug(name: str, words: str) -> None:
    assert words.casefold() in run("show", name).stdout.casefold()


def test_explain_gives_each_condition_with_its_value(tmp_path: Path) -> None:
    fires = run("explain", "research-bdnf-rs6265-ketamine-met", GENOME).stdout.splitlines()
    assert fires == [
        "SYNTHETIC-1  research-bdnf-rs6265-ketamine-met: fires",
        "      yes  rs6265 was seen with 1 or 2 copies of the effect allele: C/T, 1 of the effect allele T",
    ]
    silent = run("explain", "research-grik4-htr2a-together", GENOME).stdout
    assert "does not fire" in silent
    assert "no   rs1954787 was seen with 2 copies of the effect allele: not seen (absent)" in silent
    phenotype = run("explain", "cpic-2023-citalopram-cyp2c19-um", GENOME).stdout
    assert "does not fire" in phenotype
    assert "no   CYP2C19 is read by CPIC as UM: " in phenotype
    outside = tmp_path / "hla.json"
    outside.write_text(json.dumps([{"gene": "HLA-B", "diplotype": "*15:02/*40:01", "tool": "made"}]), "utf-8")
    allele = run("explain", "cpic-2017-carbamazepine-hla-b-15-02", GENOME, "--outside-calls", outside).stdout
    assert "fires" in allele.splitlines()[0]
    assert "yes  HLA-B carries *15:02: *15:02, *40:01" in allele
    unknown = run("explain", "cpic-2017-carbamazepine-neither", GENOME).stdout
    assert "no   HLA-B is known not to carry *15:02: not known" in unknown


def test_explain_of_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.vcf"
    broken.write_text("not a VCF\n", "utf-8")
    result = run("explain", "research-bdnf-rs6265-ketamine-met", broken)
    assert result.exit_code == 65
    assert "What to do" in result.stderr
    assert run("explain", "research-bdnf-rs6265-ketamine-met", tmp_path / "none.vcf").exit_code == 65


def test_diff_of_the_rules_with_themselves_is_empty(tmp_path: Path) -> None:
    copy = shutil.copytree(rules_directory(), tmp_path / "copy")
    assert "no difference that a report would show" in run("diff", copy).stdout


def test_diff_states_what_reports_would_state_otherwise(tmp_path: Path, mine: Path) -> None:
    copy = Path(shutil.copytree(rules_directory(), tmp_path / "copy"))
    path = copy / "guidelines" / "cpic-ssri-snri-2023.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("maintenance: 50% of the usual dose", "maintenance: 60% of the usual dose", 1), "utf-8")
    result = run("diff", rules_directory(), copy)
    assert "changed: 1\n  cpic-2023-citalopram-cyp2c19-pm-or-likely-pm (dose)" in result.stdout
    stated = " ".join(result.stdout.split())
    assert "a report for CYP2C19 *2/*2 - citalopram: CPIC, Strong" in stated
    assert "[start lower, no figure given, maintenance 60% of the usual dose]" in stated
    layered = run("diff", rules_directory(), mine).stdout
    assert "added: 1\n  own-rule" in layered
    assert "a report for rs6265 C/C" in layered
    assert "+ lithium: research (evidence none): Something of our own." in " ".join(layered.split())
    assert " + mine (not released)\n" in layered
    back = run("diff", mine, rules_directory()).stdout
    assert "removed: 1\n  own-rule" in back


def test_a_layer_adds_replaces_and_is_named(mine: Path) -> None:
    annotated = CliRunner().invoke(main, ["annotate", str(GENOME), "--rules", str(mine)])
    (report,) = json.loads(annotated.stdout)
    assert report["knowledge"]["rules_release"].endswith(" + mine (not released)")
    bundled, layer = report["knowledge"]["rules_layers"]
    assert (bundled["name"], layer["name"], layer["added"], layer["replaced"]) == ("rules", "mine", 2, 1)
    assert report["knowledge"]["rules_digest"] not in {bundled["digest"], layer["digest"]}
    stated = {c["rule_id"]: c["text"] for c in report["considerations"]}
    assert stated["research-bdnf-rs6265-ketamine-met"].startswith("Said otherwise here")
    by_setting = CliRunner().invoke(main, ["annotate", str(GENOME)], env={"TRDPGX_RULES": str(mine)})
    assert json.loads(by_setting.stdout)[0]["knowledge"] == report["knowledge"]


def test_a_fault_in_a_layer_is_reported_with_the_layer_s_name(mine: Path) -> None:
    path = mine / "own.yaml"
    path.write_text(path.read_text("utf-8").replace("drugs: lithium", "drugs: lithum"), "utf-8")
    result = run("check", mine)
    assert result.exit_code == 1
    assert "mine/own.yaml:15: unknown drug 'lithum'; did you mean 'lithium'?" in result.stdout
    annotated = CliRunner().invoke(main, ["annotate", str(GENOME), "--rules", str(mine)])
    assert annotated.exit_code == 1
    assert "mine/own.yaml:15" in annotated.stderr


def test_the_evidence_policy_can_be_chosen() -> None:
    older = run("show", "fda-citalopram-cyp2c19-pm", TRDPGX_EVIDENCE_POLICY="trdpgx-evidence-1").stdout
    assert "limited by trdpgx-evidence-1" in older
    second = run("show", "fda-citalopram-cyp2c19-pm", TRDPGX_EVIDENCE_POLICY="trdpgx-evidence-2").stdout
    assert "strong by trdpgx-evidence-2" in second
    assert "weighed by source by trdpgx-evidence-3" in run("show", "fda-citalopram-cyp2c19-pm").stdout


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        (("citation", "doe-2026"), 3),
        (("drug", "tianeptine"), 3),
        (("variant", "rs6265", "--drug", "lithium", "--study", "laje-2012"), 5),
        (("research", "CYP2C19", "--phenotype", "PM", "--drug", "agomelatine", "--study", "laje-2012"), 4),
        (("guideline", "clinic", "--gene", "CYP2C19", "--drug", "citalopram", "--citation", "bousman-2023"), 2),
        (("guideline", "two", "--gene", "CYP2C19", "--gene", "CYP2D6", "--drug", "doxepin", "--citation", "bousman-2023"), 2),
        (("entry", "no-rule-x", "--gene", "GRM5", "--drug", "lithium", "--reason", Reason.NO_STUDY.value), 2),
    ],
)
def test_a_scaffold_keeps_the_schema_and_asks_for_what_is_missing(command: tuple[str, ...], asked: int, tmp_path: Path) -> None:
    printed = run("new", *command)
    assert printed.exit_code == 0, printed.stderr
    assert printed.stdout.count("???") == asked
    written = run("new", *command, "--into", tmp_path)
    assert written.exit_code == 0
    findings = run("check", tmp_path).stdout
    assert "is still to be written" in findings or command[0] in {"citation", "drug"}
    assert "unknown field" not in findings
    assert "Input should be" not in findings


def test_a_scaffold_once_written_out_is_sound(tmp_path: Path) -> None:
    assert (
        run(
            "new", "guideline", "clinic", "--gene", "CYP2C9", "--drug", "valproic acid", "--citation", "bousman-2023", "--into", tmp_path
        ).exit_code
        == 0
    )
    path = tmp_path / "guidelines" / "clinic.yaml"
    path.write_text(path.read_text("utf-8").replace("???", "Our clinic"), "utf-8")
    result = run("check", tmp_path)
    assert result.exit_code == 0, result.stdout


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    command = ("new", "entry", "a", "--gene", "GRM5", "--reason", "no_study", "--into", tmp_path)
    assert run(*command).exit_code == 0
    again = run(*command)
    assert again.exit_code == 1
    assert "is there already" in again.stderr


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("variant", "rs1", "--drug", "lithium", "--study", "x"), "is not in the reference"),
        (("variant", "rs6295", "--drug", "lithium", "--study", "x"), "has no effect allele in the reference; write an entry"),
        (("variant", "rs7430", "--drug", "lithium", "--study", "x"), "has no position in the reference; write an entry"),
        (("guideline", "x", "--gene", "BDNF", "--drug", "lithium", "--citation", "x"), "no phenotypes of BDNF by CPIC"),
        (("research", "BDNF", "--phenotype", "PM", "--drug", "lithium", "--study", "x"), "no phenotypes of BDNF by CPIC"),
        (("research", "CYP2D6", "--phenotype", "RM", "--drug", "lithium", "--study", "x"), "it has UM, NM, IM, PM"),
        (("entry", "x", "--reason", "no_study"), "give --gene or --drug"),
    ],
)
def test_what_cannot_be_scaffolded_states_why(command: tuple[str, ...], words: str) -> None:
    result = run("new", *command)
    assert result.exit_code in {1, 2}
    assert words in result.stderr


def test_a_draft_about_a_drug_names_the_entry_that_its_rule_replaces() -> None:
    result = run("new", "research", "CYP2C19", "--phenotype", "PM", "--drug", "agomelatine", "--study", "laje-2012")
    assert "reports leave out no-guideline-agomelatine where this rule fires" in result.stderr


@pytest.mark.parametrize("name", ["2026.0", "2020.1", "9999.14", "foo"])
def test_the_bundled_rules_take_no_name_out_of_their_series(name: str) -> None:
    result = run("release", str(rules_directory()), "--name", name)
    assert result.exit_code == 1
    assert "its next one is" in result.stderr


def test_schemas_are_printed_and_written(tmp_path: Path) -> None:
    assert json.loads(run("schema", "rules").stdout)["title"] == "trdpgx rules"
    assert run("schema", "--write", tmp_path / "schema").exit_code == 0
    assert {path.name for path in (tmp_path / "schema").iterdir()} == {file_name(name) for name in SHAPES}
    assert run("schema").exit_code == 2


def test_coverage_is_printed() -> None:
    assert run("coverage").stdout.startswith("# What the review states, and what carries it\n")
