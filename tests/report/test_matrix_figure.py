"""The figure of drugs by source: what holds under current drugs, the mark of each action, and marks that stand apart."""

import re
from collections.abc import Mapping
from html import unescape
from itertools import pairwise

import pytest

from tests.golden.cases import cases
from tests.report.pages import page_of
from trdpgx import Options, Report, Service, annotate
from trdpgx.model.rule import Direction
from trdpgx.reasoning.directions import decisive
from trdpgx.report.action_words import SourceActions
from trdpgx.report.grouping import contradictions
from trdpgx.report.html.glyphs import CHARACTERS, Glyph, draw
from trdpgx.report.html.matrix_figure import SOURCES, MatrixRow, matrix_caption, matrix_figure, matrix_legend, matrix_rows, matrix_words
from trdpgx.report.html.pointing import Pointing, marks
from trdpgx.report.html.svg import Drawing
from trdpgx.texts import phrase

CASES = {case.name: case for case in cases()}
WITH_CURRENT_DRUGS = ("clinical", "paper")


def report_of(service: Service, case: str) -> Report:
    return CASES[case].reports(service)[0]


def rows_of(service: Service, report: Report) -> list[MatrixRow]:
    return matrix_rows(report, service.knowledge.rulebook.actions)


def drawn(row: MatrixRow) -> tuple[tuple[Glyph, ...], ...]:
    return tuple(pointing.glyphs if pointing else () for pointing in row.sources)


@pytest.mark.parametrize(
    ("row", "own", "under", "differ"),
    [
        pytest.param(
            ("clinical", "nortriptyline"),
            ((Glyph.LOWER, Glyph.MONITOR), (Glyph.LOWER, Glyph.MONITOR), (Glyph.NONE,), ()),
            ((Glyph.RULED_OUT, Glyph.LOWER, Glyph.MONITOR), (Glyph.LOWER, Glyph.MONITOR), (), ()),
            ("degree",),
            id="carried-over-alone",
        ),
        pytest.param(
            ("clinical", "fluvoxamine"),
            ((Glyph.STANDARD,), (Glyph.STANDARD,), (Glyph.MONITOR,), (Glyph.FINDING,)),
            ((Glyph.OTHER_DRUG, Glyph.LOWER), (Glyph.STANDARD,), (Glyph.MONITOR,), (Glyph.FINDING,)),
            ("opposed",),
            id="with-what-holds-both-ways-and-of-other-genes",
        ),
        pytest.param(
            ("clinical", "thioridazine"),
            ((), (), (Glyph.MAY_BE_RULED_OUT,), ()),
            ((), (), (Glyph.RULED_OUT,), ()),
            ("one_advises",),
            id="ruled-out",
        ),
        pytest.param(
            ("clinical", "clozapine"),
            ((), (Glyph.STANDARD,), (), ()),
            ((), (Glyph.STANDARD,), (Glyph.LOWER,), ()),
            ("opposed",),
            id="both-ways",
        ),
        pytest.param(
            ("clinical", "pimozide"),
            ((), (Glyph.LOWER,), (Glyph.ANYBODY,), ()),
            ((), (Glyph.LOWER,), (Glyph.LOWER,), ()),
            ("figures",),
            id="other-figures",
        ),
        pytest.param(
            ("paper", "amitriptyline"),
            ((Glyph.OTHER_DRUG, Glyph.MONITOR), (Glyph.STANDARD,), (), ()),
            ((Glyph.RULED_OUT, Glyph.MONITOR), (Glyph.LOWER, Glyph.MONITOR), (), ()),
            ("degree",),
            id="another-difference",
        ),
    ],
)
def test_a_second_row_has_what_holds_under_current_drugs(
    service: Service,
    row: tuple[str, str],
    own: tuple[tuple[Glyph, ...], ...],
    under: tuple[tuple[Glyph, ...], ...],
    differ: tuple[str, ...],
) -> None:
    case, drug = row
    rows = rows_of(service, report_of(service, case))
    at = [one.drug for one in rows].index(drug)
    first, second = rows[at : at + 2]
    assert (first.kind, second.kind, second.drug) == ("by_genotype", "under_current_drugs", drug)
    assert (drawn(first), drawn(second)) == (own, under)
    assert second.differ == differ
    assert second.label == "~ under current drugs"
    assert second.name == f"~ {drug}, under current drugs"


@pytest.mark.parametrize("case", WITH_CURRENT_DRUGS)
def test_the_row_under_current_drugs_has_what_is_compared_and_how_it_differs(service: Service, case: str) -> None:
    report = report_of(service, case)
    by_id = {one.id: one for one in report.considerations}
    converted = {gene.gene for gene in report.genes if gene.phenoconverted and gene.phenoconverted.status == "converted"}
    kinds: dict[str, list[MatrixRow]] = {}
    for row in rows_of(service, report):
        kinds.setdefault(row.drug, []).append(row)
    for drug in report.drugs:
        mine = [by_id[identity] for identity in drug.considerations]
        current = drug.under_current_drugs
        assert (current is not None) == any(one.conversion for one in mine)
        if current is None:
            assert all(row.kind == "by_genotype" and Glyph.THE_SAME not in row.limits for row in kinds.get(drug.name, []))
            continue
        assert {one.id for one in mine if one.conversion or converted.isdisjoint(one.genes)} <= current.considerations
        row = kinds[drug.name][-1]
        assert row.kind != "by_genotype" or Glyph.THE_SAME in row.limits
        assert current.differ == (not {"opposed", "degree"}.isdisjoint(row.differ))
        assert current.differ or not drug.disagreement_under_current_drugs


def test_a_difference_that_is_as_by_genotype_is_drawn_under_current_drugs_too(service: Service) -> None:
    (row,) = [row for row in rows_of(service, report_of(service, "clinical")) if row.drug == "imipramine"]
    assert Glyph.THE_SAME in row.limits
    assert row.label == "imipramine≈"
    assert row.name == phrase("matrix_figure.the_same", drug="imipramine")
    assert row.differ == ("degree",)


def test_a_drug_of_which_nothing_is_stated_by_genotype_has_one_row_marked_as_by_a_convention(service: Service) -> None:
    rows = {row.drug: row for row in rows_of(service, report_of(service, "clinical"))}
    assert rows["amphetamine"].kind == "under_current_drugs_alone"
    assert rows["amphetamine"].label == "~ amphetamine"
    assert rows["iloperidone"].label == "~ iloperidone!"
    assert drawn(rows["amphetamine"]) == ((), (), (Glyph.OTHER_DRUG, Glyph.LOWER), ())
    assert rows["iloperidone"].sources[SOURCES.index("FDA")] == Pointing((Glyph.LOWER,), ("lower dose", phrase("matrix_figure.asked_for")))
    assert rows["paroxetine"].kind == "by_genotype"


@pytest.mark.parametrize("case", WITH_CURRENT_DRUGS)
def test_caption_legend_description_and_words_name_what_holds_under_current_drugs(service: Service, case: str) -> None:
    report = report_of(service, case)
    rows = rows_of(service, report)
    assert matrix_caption(report, rows) == phrase("matrix_figure.caption_with_current_drugs")
    icons = [entry.icon for entry in matrix_legend(rows)]
    assert {"<b>~</b>", "<b>≈</b>"} <= {*icons}
    page = unescape(page_of([report]))
    for key in ("caption_with_current_drugs", "described_with_current"):
        assert phrase(f"matrix_figure.{key}") in page
    assert '<th scope="row">~ nortriptyline, under current drugs</th>' in page
    assert "is not drawn. Nothing drawn" not in page


def test_nothing_carried_over_is_not_called_no_rule(service: Service) -> None:
    rows = [row for row in rows_of(service, report_of(service, "clinical")) if row.drug == "nortriptyline"]
    own, under = re.findall("<tr>.*?</tr>", str(matrix_words(rows)))
    assert "<td>no advice</td><td>no rule applied</td><td>" in own
    assert own.endswith("which CPIC calls the starting dose; DPWG 2026: 60% of the usual dose</td></tr>")
    assert under.endswith("<td>nothing carried over</td><td>nothing carried over</td><td>in how far they go</td></tr>")


@pytest.mark.parametrize("case", sorted({*CASES} - {*WITH_CURRENT_DRUGS}))
def test_without_current_drugs_nothing_of_them_is_drawn(service: Service, case: str) -> None:
    for report in CASES[case].reports(service)[:2]:
        if any(one.conversion for one in report.considerations):
            continue
        rows = rows_of(service, report)
        assert all(row.kind == "by_genotype" and Glyph.THE_SAME not in row.limits for row in rows)
        assert len({row.drug for row in rows}) == len(rows)
        assert matrix_caption(report, rows) == phrase("matrix_figure.caption")
        assert "current" not in (matrix_figure(rows) or "")


def test_a_report_from_a_file_states_that_what_holds_under_current_drugs_is_not_drawn(service: Service) -> None:
    report = report_of(service, "clinical")
    read = Report.model_validate_json(report.model_dump_json(by_alias=True))
    rows = rows_of(service, read)
    assert {row.kind for row in rows} == {"by_genotype"}
    assert matrix_caption(read, rows) == phrase("matrix_figure.caption_without_current_drugs")


def test_a_report_on_one_drug_keeps_what_holds_of_it_under_current_drugs(service: Service) -> None:
    case = CASES["clinical"]
    assert case.context is not None
    options = Options.model_validate({**case.options, "drug": ("nortriptyline",)})
    (report,) = annotate(case.source, options=options, context=case.context.read_bytes(), service=service)
    whole = [row for row in rows_of(service, report_of(service, "clinical")) if row.drug == "nortriptyline"]
    assert [row for row in rows_of(service, report) if row.drug == "nortriptyline"] == whole
    assert len(whole) == 2


def test_a_contradiction_under_current_drugs_names_what_is_compared(service: Service) -> None:
    report = report_of(service, "clinical")
    by_id = {one.id: one for one in report.considerations}
    (ids,) = [ids for subject, text, ids in contradictions(report) if subject == "clozapine" and text.startswith("Carried over")]
    assert [by_id[identity].rule_id for identity in ids] == ["dpwg-antipsychotics-other-cyp2d6", "fda-clozapine-cyp2d6-pm"]


MARKS: Mapping[Glyph, tuple[str, ...]] = {
    Glyph.STANDARD: ("standard_dosing", "no_action"),
    Glyph.KEPT_START: ("standard_start", "increase_probably_not_needed"),
    Glyph.LOWER: (
        *("reduce_start_dose", "reduce_target_dose", "slow_titration", "reduce_maintenance_dose", "cap_max_dose", "reduce_dose"),
        "reduce_dose_but_not_as_adjunct",
    ),
    Glyph.HIGHER: ("increase_target_dose", "increase_dose"),
    Glyph.OTHER_DRUG: (
        *("consider_alternative", "select_alternative", "or_consider_alternative", "or_select_alternative", "avoid_if_alternative"),
        *("avoid", "contraindicated", "may_be_contraindicated"),
    ),
    Glyph.MONITOR: (
        *("weigh_risk", "exception_if_no_alternative", "tdm", "monitor_effect_or_level", "report_rash_at_once", "monitor_efficacy"),
        "caution",
    ),
    Glyph.LATER_LOWER: ("reduce_dose_if_side_effects",),
    Glyph.LATER_HIGHER: ("increase_dose_if_inadequate_response", "increase_maintenance_if_inadequate_response"),
    Glyph.LATER_OTHER_DRUG: ("switch_if_inadequate_response",),
    Glyph.LATER_MONITOR: ("tdm_if_inadequate_response",),
    Glyph.NONE: ("informational", "no_recommendation", "no_advice"),
}
"""The mark of each action where it stands alone; what speaks against the drug stands apart from "another drug" by how certain it is."""


def test_each_action_has_the_mark_that_agrees_with_its_words(service: Service) -> None:
    actions = service.knowledge.rulebook.actions
    expected = {code: glyph for glyph, codes in MARKS.items() for code in codes}
    assert expected.keys() == actions.keys()
    for code, action in actions.items():
        stated = SourceActions([action], decisive({action.direction or Direction.NONE}))
        assert marks(stated) == {expected[code]}, code
        assert action.keeps_start == ("usual starting dose" in (action.short or "")), code


@pytest.mark.parametrize(
    ("codes", "glyphs"),
    [
        pytest.param(("increase_probably_not_needed", "reduce_dose"), {Glyph.LOWER}, id="beside-a-lower-dose"),
        pytest.param(("standard_start", "slow_titration"), {Glyph.LOWER}, id="beside-a-slower-increase"),
        pytest.param(
            ("standard_start", "tdm_if_inadequate_response"), {Glyph.KEPT_START, Glyph.LATER_MONITOR}, id="beside-what-hangs-on-the-course"
        ),
        pytest.param(("no_recommendation", "tdm_if_inadequate_response"), {Glyph.LATER_MONITOR}, id="no-advice-gives-way"),
    ],
)
def test_actions_of_one_source_together(service: Service, codes: tuple[str, ...], glyphs: set[Glyph]) -> None:
    actions = [service.knowledge.rulebook.actions[code] for code in codes]
    assert marks(SourceActions(actions, decisive({action.direction or Direction.NONE for action in actions}))) == glyphs


def test_what_keeps_the_usual_starting_dose_is_not_drawn_as_a_lower_dose(service: Service) -> None:
    (row,) = [row for row in rows_of(service, report_of(service, "poor")) if row.drug == "atomoxetine"]
    assert drawn(row)[SOURCES.index("DPWG")] == (Glyph.KEPT_START, Glyph.LATER_LOWER)


def test_a_finding_is_called_one_and_a_lone_source_does_not_agree(service: Service) -> None:
    rows = {row.drug: row for row in rows_of(service, report_of(service, "met"))}
    finding = rows["ketamine"].sources[SOURCES.index("research")]
    assert finding == Pointing((Glyph.FINDING,), ("a finding",))
    assert (rows["ketamine"].differ, rows["ketamine"].differ_words) == (("none_advises",), "")
    poor = {row.drug: row for row in rows_of(service, report_of(service, "poor"))}
    assert poor["haloperidol"].differ_words == "only one source advises"
    assert poor["viloxazine"].differ_words == ""
    assert poor["brexpiprazole"].differ_words == "no"
    assert "FDA, Section 1: 4 mg a day in adults" in poor["pimozide"].differ_words
    assert "DPWG 2023: 10 mg a day" in poor["pimozide"].differ_words


def _extent(glyph: Glyph) -> tuple[float, float]:
    drawing = Drawing()
    draw(drawing, glyph, 0, 0)
    icon = drawing.icon(24)
    xs = [float(x) for points in re.findall(r'points="([^"]+)"', icon) for x in re.findall(r"(-?[\d.]+),", points)]
    for x, width in re.findall(r'<rect x="(-?[\d.]+)" y="[^"]+" width="([\d.]+)"', icon):
        xs += [float(x), float(x) + float(width)]
    for x, radius in re.findall(r'cx="(-?[\d.]+)" cy="[^"]+" r="([\d.]+)"', icon):
        xs += [float(x) - float(radius), float(x) + float(radius)]
    xs += [float(x) for pair in re.findall(r'x1="(-?[\d.]+)" y1="[^"]+" x2="(-?[\d.]+)"', icon) for x in pair]
    return min(xs), max(xs)


def test_marks_stand_apart() -> None:
    glyphs = [glyph for glyph in Glyph if glyph not in CHARACTERS]
    widest = max(glyphs, key=lambda glyph: _extent(glyph)[1])
    svg = matrix_figure([MatrixRow("drug", (Pointing((widest,) * 4, ()), Pointing((widest,) * 4, ())), ("agreed",))])
    assert svg is not None
    diamonds = [[float(x) for x in re.findall(r"([\d.]+),", points)] for points in re.findall(r'points="([^"]+)" class="glyph thin"', svg)]
    spans = sorted((min(xs), max(xs)) for xs in diamonds)
    assert len(spans) == 8
    assert all(left[1] + 4 <= right[0] for left, right in pairwise(spans))
