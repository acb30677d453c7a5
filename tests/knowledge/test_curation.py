"""What a curator reads when something is wrong, and who reviewed a rule."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from trdpgx.cli.main import main
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.lint import check_rules
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.model.evidence import Reviewer

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
REFERENCE = load_reference()
RULE = """domain: pharmacodynamic
source: {name: research}
verified: x
studies:
  laje-2012: {design: cohort, n: 62, verified: x}
rules:
  - id: own-rule
    drugs: tDCS-like
    when: [{variant: rs6265, copies: [1, 2]}]
    implications: response_reported_lower
    actions: no_advice
    text: Something.
    evidence: {supports: [laje-2012]}
    examples: [{rs6265: C/T}]
    counter_examples: [{rs6265: C/C}]
""".replace("tDCS-like", "lithium")

FAULTS = [
    ("design: cohort", "design: cohrot", 5, "design: 'cohrot' is none of: guideline, *did you mean 'cohort'?"),
    ("n: 62", "n: many", 5, "n: 'many' is no whole number"),
    ("n: 62", "n: -3", 5, "n: '-3' has to be more than 0"),
    ("n: 62", "n: 62, result: {p: 2}", 5, "p: '2' has to be 1.0 or less"),
    ("copies: [1, 2]", "copies: [1, 3]", 9, "copies: '3' has to be 2 or less"),
    ("{variant: rs6265, copies: [1, 2]}", "{gene: CYP2C19, phenotype: PMM}", 9, "phenotype: 'PMM' is none of: *did you mean 'PM'?"),
    ("{variant: rs6265, copies: [1, 2]}", "{gene: CYP2D6, activity: 1}", 9, "activity: '1' has to be a mapping of names to values"),
    ("no_advice", "no_advise", 11, "unknown action code 'no_advise'; did you mean 'no_advice'?"),
    ("response_reported_lower", "respons_reported_lower", 10, "unknown implication code *did you mean 'response_reported_lower'?"),
    ("    drugs: lithium\n", "", 7, "'drugs' is missing"),
    ("drugs: lithium", "drugs:", 8, "'drugs' has no value"),
    ("own-rule", "Own Rule", 7, "id: 'Own Rule' is not written as lower case letters and digits, in words joined by hyphens"),
    ("    text:", "    txet:", 12, "unknown field 'txet'; did you mean 'text'?"),
    ("domain:", "domian:", 1, "unknown field 'domian'; did you mean 'domain'?"),
    ("    when:", "    wehn:", 9, "unknown field 'wehn'; did you mean 'when'?"),
    ("supports:", "support:", 13, "unknown field 'support'; did you mean 'supports'?"),
    ("{variant: rs6265, copies: [1, 2]}", "{gene: cyp2d6, phenotype: PM}", 9, "unknown gene *'cyp2d6'; did you mean 'CYP2D6'?"),
    ("n: 62", "n: 99999999999999999999999", 5, "n: '99999999999999999999999' has to be 100000000 or less"),
    ("    text:", '    reviewed: {by: A, day: "2026-02-30"}\n    text:', 12, "'2026-02-30' is no day; write YYYY-MM-DD"),
    ("    actions:", "    grade: Strong\n    actions:", 7, "own-rule: 'Strong' is a grade, and a rule of research has none: *"),
    ("    text:", "    dose: &a {start: 1 mg}\n    note: *a\n    population: *a\n    text:", 12, "anchors and aliases are not used *"),
    ("[{rs6265: C/T}]", "C/T", 14, "examples: 'C/T' has to be a list: *"),
    ("text: Something.", "text: The drug must be stopped.", 12, "'must' prescribes; *"),
    ("drugs: lithium", "drugs: lithum", 8, "unknown drug 'lithum'; did you mean 'lithium'?"),
]


def layer(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "own.yaml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(("old", "new", "line", "message"), FAULTS, ids=[fault[3][:40] for fault in FAULTS])
def test_one_cause_is_one_finding_in_plain_words(old: str, new: str, line: int, message: str, tmp_path: Path) -> None:
    assert old in RULE
    folder = layer(tmp_path / "mine", RULE.replace(old, new, 1))
    (finding,) = check_rules(folder, REFERENCE, rules_directory())
    assert finding.line == line
    assert re.fullmatch(re.escape(message).replace(r"\*", ".*"), finding.message), finding.message
    assert not re.search(r"Input should|Field required|Tuple|valid (dict|tuple|integer|string)|validation|pydantic|Traceback", str(finding))


def test_the_rule_itself_is_fine(tmp_path: Path) -> None:
    assert check_rules(layer(tmp_path / "mine", RULE), REFERENCE, rules_directory()) == []


def test_advice_contradicts_the_entry_that_no_guideline_gives_any(tmp_path: Path) -> None:
    source = "source: {name: Our clinic, design: guideline, citation: laje-2012}"
    advice = RULE.replace("source: {name: research}", source).replace("lithium", "tianeptine")
    advice = advice.replace("    actions: no_advice", "    actions: tdm\n    grade: Moderate")
    (finding,) = check_rules(layer(tmp_path / "advice", advice), REFERENCE, rules_directory())
    assert finding.message.startswith("own-rule: tianeptine has an entry of the reason 'no_guideline', no-guideline-tianeptine (")
    assert finding.message.endswith("in a folder of your own, write an entry with its id that does")
    entry = """
entries:
  - id: no-guideline-tianeptine
    genes: CYP3A4
    drugs: tianeptine
    reason: no_guideline
    text: Our clinic gives advice by BDNF, and by no other gene.
"""
    assert check_rules(layer(tmp_path / "mended", advice + entry), REFERENCE, rules_directory()) == []


def test_research_on_a_drug_with_an_entry_of_another_folder_is_fine(tmp_path: Path) -> None:
    assert check_rules(layer(tmp_path / "mine", RULE.replace("lithium", "tianeptine")), REFERENCE, rules_directory()) == []


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["rules", *arguments])


@pytest.mark.parametrize("command", [("show",), ("test",), ("explain",)])
def test_a_name_that_is_almost_right_is_answered_with_the_nearest(command: tuple[str, ...]) -> None:
    file = (str(ROOT / "examples" / "synthetic.vcf"),) if command == ("explain",) else ()
    result = run(*command, "research-bdnf-rs6265-ketamin-met", *file)
    assert result.exit_code == 1
    assert "did you mean 'research-bdnf-rs6265-ketamine-met'?" in result.stderr
    assert "Traceback" not in result.stderr


def test_who_reviewed_a_rule_is_shown(tmp_path: Path) -> None:
    signed = '    reviewed: {by: "A <b>Curator</b>", day: "2026-11-26"}\n'
    folder = layer(tmp_path / "mine", RULE.replace("    text:", f"{signed}    text:", 1))
    (rule,) = (one for one in load_rulebook(None, REFERENCE, (folder,)).rules if one.id == "own-rule")
    assert rule.reviewed == Reviewer(by="A <b>Curator</b>", day="2026-11-26")
    assert "reviewed     A <b>Curator</b>, 2026-11-26" in run("show", "own-rule", "--rules", str(folder)).stdout
    genome = str(ROOT / "examples" / "synthetic.vcf")
    full = CliRunner().invoke(main, ["annotate", genome, "--rules", str(folder), "--format", "text", "--detail", "full"]).stdout
    assert "reviewed by A <b>Curator</b> on 2026-11-26" in " ".join(full.split())
    page = CliRunner().invoke(main, ["annotate", genome, "--rules", str(folder), "--format", "html"]).stdout
    assert "<dt>Reviewed</dt><dd>A &lt;b&gt;Curator&lt;/b&gt;, 2026-11-26</dd>" in page
    wrong = layer(tmp_path / "other", RULE.replace("    text:", '    reviewed: {by: A, day: "yesterday"}\n    text:', 1))
    (finding,) = check_rules(wrong, REFERENCE, rules_directory())
    assert finding.message == "day: 'yesterday' is not written as a day as YYYY-MM-DD"


def test_a_file_speaks_for_its_rules_where_they_do_not(tmp_path: Path) -> None:
    folder = layer(tmp_path / "mine", RULE.replace("verified: x\nstudies", 'verified: x\nreviewed: {by: B, day: "2026-01-02"}\nstudies', 1))
    (rule,) = (one for one in load_rulebook(None, REFERENCE, (folder,)).rules if one.id == "own-rule")
    assert rule.reviewed == Reviewer(by="B", day="2026-01-02")


def test_the_coverage_names_who_was_read() -> None:
    text = (ROOT / "docs" / "coverage.md").read_text("utf-8")
    assert "| who was read |" in text
    assert re.search(r"\[Laje 2012\]\(https://(pubmed\.ncbi\.nlm\.nih\.gov|doi\.org)/", text)
