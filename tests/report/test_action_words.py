"""The table of drugs by source and the headlines agree: for every action code, and for every rule of this release."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.golden.cases import cases
from tests.report.pages import page_of
from trdpgx import Options, Service, annotate
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.rules.lint import check_rules
from trdpgx.model.consideration import Consideration
from trdpgx.model.rule import Direction, VocabularyEntry
from trdpgx.model.settings import Settings
from trdpgx.reasoning.directions import CHANGING, decisive
from trdpgx.reasoning.drugs import summarise_drugs
from trdpgx.report.action_words import SourceActions
from trdpgx.report.formats.html import FORMAT
from trdpgx.report.html.glyphs import Glyph, legend
from trdpgx.report.html.matrix_figure import SOURCES, MatrixRow, Pointing, matrix_legend, matrix_rows
from trdpgx.texts import phrase

CLAIMS = {
    "rules the drug out": r"(?<!be )ruled out",
    "may rule the drug out": "may be ruled out",
    "advises against the drug": "advised against",
    "another drug": "another drug",
    "lower (starting |target )?dose": r"\blower (starting |target |maintenance )?dose",
    "lower starting dose": "lower starting dose",
    "lower target dose": "lower target dose",
    "slower increase": "slower increase",
    "names a highest dose": "highest dose",
    "added to an antidepressant": "added to an antidepressant",
    "little need to raise": "little need to raise",
    "higher dose": r"\bhigher (target |maintenance )?dose",
    "blood level": "blood level",
    "caution": "caution",
    "any rash": "any rash",
    "risk against benefit": "risk weighed against benefit",
    "lack of effect": "lack of effect",
    "more frequent checks": "more frequent checks",
    "if side effects occur": "if side effects occur",
    "if the response is inadequate": "if the response is inadequate",
}
"""What a headline claims, and the words of the table for it."""
UNDER_LOWER_DOSE = {"slower increase", "names a highest dose", "little need to raise", "lower starting dose", "lower target dose"}
"""What a headline calls a lower dose where the same source states that too."""


def guidance(service: Service) -> Iterator[Consideration]:
    for case in service.rules.cases:
        for number, one in case.considerations:
            if one.source.name != "research":
                yield one.model_copy(update={"id": f"C{number}", "trigger": "made"})


def test_every_action_that_changes_anything_has_words_of_its_own(service: Service) -> None:
    for code, action in service.knowledge.rulebook.actions.items():
        assert bool(action.short) == (action.direction in CHANGING or action.headline is not None), code


def test_headline_and_table_agree_on_every_rule(service: Service) -> None:
    wrong = []
    actions = service.knowledge.rulebook.actions
    for one in guidance(service):
        stated = SourceActions.of([one], actions)
        at_once = "; ".join(SourceActions.of([_at_once(one, actions)], actions).words)
        words = "; ".join(stated.words)
        (drug, *_) = summarise_drugs(service.knowledge.rulebook, [one])
        headline = drug.headline
        for claim, word in CLAIMS.items():
            if re.search(claim, headline) and not re.search(word, words):
                wrong.append(f"{one.rule_id}: {claim} is not in: {words}")
            lower = claim in UNDER_LOWER_DOSE and re.search(r"\blower dose", headline)
            if re.search(word, at_once) and not re.search(claim, headline) and not lower:
                wrong.append(f"{one.rule_id}: {word} is not in: {headline}")
        usual = "No change" in headline or "no change is asked for" in headline
        assert usual == (stated.directions == {Direction.STANDARD}) == words.startswith("no change"), one.rule_id
        silent = stated.directions == {Direction.NONE} and not stated.hangs_on_course
        assert ("No recommendation" in headline) == (words == "no advice") == silent, (one.rule_id, headline, words)
    assert wrong == []


def _at_once(one: Consideration, actions: Mapping[str, VocabularyEntry]) -> Consideration:
    """Return what does not hang on the course of treatment: a headline that has it leaves the others to the details."""
    codes = tuple(code for code in one.action.codes if not actions[code].headline or actions[code].direction is not Direction.NONE)
    return one.model_copy(update={"action": one.action.model_copy(update={"codes": codes})})


@pytest.mark.parametrize(
    ("pointed", "counting"),
    [
        pytest.param({Direction.NONE}, {Direction.NONE}, id="no-advice"),
        pytest.param({Direction.NONE, Direction.STANDARD}, {Direction.STANDARD}, id="no-change-outweighs-no-advice"),
        pytest.param({Direction.STANDARD, Direction.MONITOR}, {Direction.MONITOR}, id="watching-outweighs-no-change"),
        pytest.param({Direction.LOWER, Direction.AVOID, Direction.NONE}, {Direction.LOWER, Direction.AVOID}, id="every-change"),
    ],
)
def test_the_directions_that_count(pointed: set[Direction], counting: set[Direction]) -> None:
    assert decisive(pointed) == counting


@pytest.mark.parametrize(
    ("row", "words", "differ"),
    [
        pytest.param(
            ("met", "atomoxetine", "CPIC"), "no change; higher dose if the response is inadequate", "one_advises", id="no-change-at-once"
        ),
        pytest.param(("clinical", "atomoxetine", "DPWG"), "lower dose if side effects occur", "conditions", id="hangs-on-the-course"),
        pytest.param(("cnv", "atomoxetine", "DPWG"), "for part of what is possible", "conditions", id="for-the-same-part"),
        pytest.param(("poor", "atomoxetine", "DPWG"), "usual starting dose, little need to raise it", "figures", id="little-need-to-raise"),
        pytest.param(("poor", "atomoxetine", "FDA"), "slower increase of the dose; usual starting dose", "figures", id="slower"),
        pytest.param(("clinical", "thioridazine", "FDA"), "may be ruled out", "readings", id="may-be-ruled-out"),
        pytest.param(("poor", "fluoxetine", "FDA"), "caution", "degree", id="watching-against-no-change"),
        pytest.param(("poor", "paroxetine", "DPWG"), "no change", "opposed", id="opposed"),
    ],
)
def test_the_table_of_golden_reports(service: Service, row: tuple[str, str, str], words: str, differ: str) -> None:
    case, drug, source = row
    made = row_of(service, case, drug)
    stated = dict(zip(("CPIC", "DPWG", "FDA", "research"), made.sources, strict=True))[source]
    assert stated is not None
    assert words in "; ".join(stated.words)
    assert made.differ == (differ,)
    assert made.differ_words == (". ".join(made.figures) if differ == "figures" else phrase(f"matrix_figure.{differ}"))


def row_of(service: Service, case: str, drug: str) -> MatrixRow:
    (report,) = next(one for one in cases() if one.name == case).reports(service)
    rows = matrix_rows(report, service.knowledge.rulebook.actions)
    (row,) = (row for row in rows if row.drug == drug and row.kind == "by_genotype")
    return row


VOCABULARY = """actions:
  split_dose: {direction: lower, short: "dose <in two parts>", text: The dose could be taken in two parts.}
  see_pharmacist: {direction: monitor, text: A pharmacist could be asked.}
"""
RULES = {"quetiapine": "actions: split_dose", "mirtazapine": "actions: [split_dose, see_pharmacist]"}


def write_layer(folder: Path, vocabulary: str, actions: Mapping[str, str]) -> None:
    """Write a folder of own rules: a vocabulary, and for each drug the rule of poor metabolizers of CYP2D6 with these fields."""
    (folder / "vocabulary.yaml").write_text(vocabulary, "utf-8")
    head = "domain: pharmacokinetic\nsource: {name: FDA, design: regulatory, citation: fda-table}\nverified: x\nrules:\n"
    rules = [
        f"""  - id: own-{drug}-cyp2d6-pm
    drugs: {drug}
    when: [{{gene: CYP2D6, phenotype: PM}}]
    implications: increased_exposure
    {fields}
    grade: Section 1
    examples: [{{CYP2D6: "*4/*4"}}]
    counter_examples: [{{CYP2D6: "*1/*4"}}]
"""
        for drug, fields in actions.items()
    ]
    (folder / "own.yaml").write_text(head + "".join(rules), "utf-8")


def test_an_action_of_a_hospital_has_its_own_words_and_one_without_words_its_direction(service: Service, tmp_path: Path) -> None:
    write_layer(tmp_path, VOCABULARY, RULES)
    assert check_rules(tmp_path, service.knowledge.reference, rules_directory()) == []
    with Service(Settings(rules=tmp_path)) as own:
        reports = next(one for one in cases() if one.name == "poor").reports(own)
        page = b"".join(FORMAT.with_knowledge(own.knowledge).write(reports)).decode()
        words = {row.drug: row.sources[SOURCES.index("FDA")] for row in matrix_rows(reports[0], own.knowledge.rulebook.actions)}
    assert words["quetiapine"] == Pointing((Glyph.LOWER,), ("dose <in two parts>",))
    both = ("dose <in two parts>", "closer watching")
    assert words["mirtazapine"] == Pointing((Glyph.LOWER, Glyph.MONITOR), both)
    assert "<td>dose &lt;in two parts&gt;</td>" in page


@pytest.mark.parametrize("words", ['""', "x" * 81, "[a]"])
def test_words_that_are_none_or_too_long_are_refused_with_their_line(words: str, service: Service, tmp_path: Path) -> None:
    write_layer(tmp_path, VOCABULARY.replace('"dose <in two parts>"', words), RULES)
    (finding,) = check_rules(tmp_path, service.knowledge.reference, rules_directory())
    assert (finding.line, finding.message.startswith("short: ")) == (2, True), finding


AGAINST = """actions:
  kept_off_wards: {direction: avoid, against: ruled_out, headline: {states: keeps the drug off its wards}, short: off wards, text: No.}
  capped_here: {direction: lower, figure: maximum, headline: {states: caps the dose}, short: capped, text: The dose is capped.}
"""
AGAINST_RULES = {"mirtazapine": "actions: kept_off_wards", "quetiapine": "actions: capped_here\n    dose: {maximum: 300 mg a day}"}


def test_an_action_of_a_hospital_that_rules_a_drug_out_counts_like_one_of_ours(service: Service, tmp_path: Path) -> None:
    write_layer(tmp_path, AGAINST, AGAINST_RULES)
    assert check_rules(tmp_path, service.knowledge.reference, rules_directory()) == []
    case = next(one for one in cases() if one.name == "poor")
    (without,) = case.reports(service)
    with Service(Settings(rules=tmp_path)) as own:
        (report,) = case.reports(own)
        (filtered,) = annotate(case.source, options=Options.model_validate(case.options | {"drug": ("sertraline",)}), service=own)
        rows = {row.drug: row.sources[SOURCES.index("FDA")] for row in matrix_rows(report, own.knowledge.rulebook.actions)}
    assert without.summary is not None
    assert "mirtazapine" not in {drug.name for drug in without.summary.drugs.ruled_out}
    assert report.summary is not None
    assert "mirtazapine" in {drug.name for drug in report.summary.drugs.ruled_out}
    (ruling,) = (one.text for one in report.summary.attention if "Ruled out for what was seen" in one.text)
    assert "mirtazapine" in ruling
    assert "own-mirtazapine-cyp2d6-pm" in {one.rule_id for one in filtered.considerations}
    assert rows["mirtazapine"] == Pointing((Glyph.RULED_OUT,), ("off wards",))
    (quetiapine,) = (drug for drug in report.drugs if drug.name == "quetiapine")
    assert "caps the dose of 300 mg" in quetiapine.headline, quetiapine.headline


@pytest.mark.parametrize(
    ("ours", "theirs", "message"),
    [
        ("direction: avoid", "direction: lower", "an action with `against` has the direction `avoid`"),
        ("against: ruled_out, ", "", "has both `against` and a `headline`"),
        ("headline: {states: keeps the drug off its wards}, ", "", "has both `against` and a `headline`"),
        ("states: keeps", "points_to: keeps", "has both `against` and a `headline`"),
        ("ruled_out", "forbidden", "against: "),
        ("figure: maximum", "figure: highest", "figure: "),
    ],
)
def test_an_action_that_contradicts_itself_is_refused(ours: str, theirs: str, message: str, service: Service, tmp_path: Path) -> None:
    assert ours in AGAINST
    write_layer(tmp_path, AGAINST.replace(ours, theirs), AGAINST_RULES)
    finding, *_ = check_rules(tmp_path, service.knowledge.reference, rules_directory())
    assert message in finding.message


def figure_rows(service: Service, case: str) -> dict[str, MatrixRow]:
    (report,) = next(one for one in cases() if one.name == case).reports(service)
    return {row.drug: row for row in matrix_rows(report, service.knowledge.rulebook.actions) if row.kind == "by_genotype"}


@pytest.mark.parametrize(
    ("row", "glyphs"),
    [
        pytest.param(("poor", "citalopram", "CPIC"), (Glyph.OTHER_DRUG, Glyph.LOWER), id="another-drug-or-another-dose-rules-nothing-out"),
        pytest.param(("poor", "venlafaxine", "DPWG"), (Glyph.RULED_OUT, Glyph.MONITOR, Glyph.LATER_LOWER), id="advised-against"),
        pytest.param(("clinical", "thioridazine", "FDA"), (Glyph.MAY_BE_RULED_OUT,), id="by-one-reading"),
        pytest.param(
            ("outside-agrees", "atomoxetine", "CPIC"), (Glyph.STANDARD, Glyph.LATER_HIGHER, Glyph.LATER_MONITOR), id="up-if-response-asks"
        ),
        pytest.param(("outside-agrees", "atomoxetine", "DPWG"), (Glyph.LATER_LOWER,), id="down-if-side-effects-ask"),
        pytest.param(("outside-agrees", "pimozide", "FDA"), (Glyph.ANYBODY,), id="for-anybody"),
        pytest.param(("outside-agrees", "duloxetine", "DPWG"), (Glyph.STANDARD, Glyph.UNVERIFIED), id="not-verified"),
        pytest.param(("outside-agrees", "clozapine", "DPWG"), (Glyph.STANDARD,), id="verified"),
        pytest.param(("outside-agrees", "ketamine", "research"), (Glyph.FINDING,), id="finding"),
    ],
)
def test_the_marks_of_golden_reports(service: Service, row: tuple[str, str, str], glyphs: tuple[Glyph, ...]) -> None:
    case, drug, source = row
    pointing = figure_rows(service, case)[drug].sources[SOURCES.index(source)]
    assert pointing is not None
    assert pointing.glyphs == glyphs


def test_what_is_ruled_out_for_part_of_what_is_possible_is_not_marked_as_ruled_out(service: Service) -> None:
    (report,) = next(one for one in cases() if one.name == "poor").reports(service)
    open_ones = [one.copy_with(basis=one.basis.copy_with(holds_for="some")) for one in report.considerations]
    rows = {row.drug: row for row in matrix_rows(report.copy_with(considerations=tuple(open_ones)), service.knowledge.rulebook.actions)}
    pointing = rows["venlafaxine"].sources[SOURCES.index("DPWG")]
    assert pointing is not None
    assert pointing.glyphs[0] is Glyph.MAY_BE_RULED_OUT
    assert "for part of what is possible" in pointing.words


def test_what_is_not_verified_or_holds_for_anybody_is_in_the_words_too(service: Service) -> None:
    rows = figure_rows(service, "outside-agrees")
    pimozide, duloxetine = rows["pimozide"].sources[SOURCES.index("FDA")], rows["duloxetine"].sources[SOURCES.index("DPWG")]
    assert pimozide is not None
    assert pimozide.words[-1] == "highest dose that holds for anybody, whatever the genotype"
    assert duloxetine is not None
    assert duloxetine.words == ("no change", "not verified")


def test_each_mark_differs_in_shape_and_has_its_meaning() -> None:
    entries = legend(Glyph)
    assert len({entry.icon for entry in entries}) == len({entry.words for entry in entries}) == len(Glyph)


@pytest.mark.parametrize("case", ["poor", "outside-agrees", "clinical", "met", "nothing"])
def test_the_legend_stands_above_the_figure_and_has_the_marks_that_are_drawn_and_no_others(service: Service, case: str) -> None:
    (report,) = next(one for one in cases() if one.name == case).reports(service)
    rows = matrix_rows(report, service.knowledge.rulebook.actions)
    drawn = {glyph for row in rows for glyph in row.glyphs}
    assert [entry.words for entry in matrix_legend(rows)] == [phrase(f"matrix_glyphs.{glyph}") for glyph in Glyph if glyph in drawn]
    page = page_of([report])
    assert page.count('class="legend"') == page.count('id="matrix-title"') == bool(rows)
    if rows:
        assert page.index('class="legend"') < page.index('id="matrix-title"')


def test_a_change_that_the_course_asks_for_points_somewhere(service: Service) -> None:
    for code, action in service.knowledge.rulebook.actions.items():
        assert (action.toward is not None) == action.conditional, code


@pytest.mark.parametrize("ours", ["{direction: lower, toward: lower, ", "{direction: none, toward: lower, "])
def test_an_action_that_points_somewhere_under_no_condition_is_refused(ours: str, service: Service, tmp_path: Path) -> None:
    write_layer(tmp_path, VOCABULARY.replace("{direction: lower, ", ours), RULES)
    finding, *_ = check_rules(tmp_path, service.knowledge.reference, rules_directory())
    assert "an action with `toward`" in finding.message


def test_what_differs_in_figures_and_on_conditions_has_both_words(service: Service) -> None:
    made = row_of(service, "open", "atomoxetine")
    assert made.differ == ("figures", "conditions")
    assert made.differ_words == f"on conditions only. {made.figures[0]}"
    assert made.figures[0].startswith("Sources state the same starting dose and differ in the times until it is raised: ")
    assert made.differ_glyphs == [Glyph.DEGREE, Glyph.CONDITIONS]


def test_the_figure_draws_nothing_as_ruled_out_by_a_disputed_result(service: Service) -> None:
    report = next(one for one in cases() if one.name == "outside-conflicts").reports(service)[0]
    (row,) = [row for row in matrix_rows(report, service.knowledge.rulebook.actions) if row.drug == "paroxetine"]
    pointing = row.sources[SOURCES.index("DPWG")]
    assert pointing is not None
    assert pointing.glyphs == (Glyph.MAY_BE_RULED_OUT,)
    assert pointing.words == ("advised against", "by a result that is disputed or assumed")


def test_what_holds_for_part_is_not_called_agreed(service: Service) -> None:
    report = next(one for one in cases() if one.name == "cnv").reports(service)[0]
    rows = {row.drug: row.differ for row in matrix_rows(report, service.knowledge.rulebook.actions)}
    assert rows["paroxetine"] == rows["venlafaxine"] == ("not_compared",)
    assert rows["sertraline"] == ("one_advises",)
