"""What the summary of a report with a context puts first: grave interactions of what is taken, and exposure far from the usual."""

from trdpgx.model.clinical_report import ExposureReport, InteractionReport, TreatmentHistory
from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.evidence import Verification, VerificationState
from trdpgx.model.rule import Source
from trdpgx.model.summary import DrugGroups, SummaryDrug
from trdpgx.reasoning.summary.current import beside_current, beside_text, of_current_drugs, of_smoking

READ = Verification(state=VerificationState.VERIFIED, where="here")


def pair(severity: str, *drugs: str, text: str = "") -> InteractionReport:
    return InteractionReport(
        kind="drug_pair",
        drugs=drugs,
        severity=severity,
        text=text or f"Text on {severity}.",
        source=Source(name="label"),
        verification=READ,
    )


def exposure(drug: str, word: str, cause: str, kind: str = "word") -> ExposureReport:
    return ExposureReport.model_validate({"drug": drug, "cause": cause, "kind": kind, "word": word, "text": "Text."})


def texts(taken: tuple[str, ...], exposures: list[ExposureReport], pairs: list[InteractionReport]) -> list[str]:
    return [one.text for one in of_current_drugs(TreatmentHistory(current_drugs=taken), exposures, pairs)]


def test_without_a_context_nothing_stands_out() -> None:
    assert list(of_current_drugs(None, [exposure("a", "much higher", "with b")], [pair("contraindicated", "a", "b")])) == []


def test_the_gravest_comes_first_and_what_is_beside_it_follows() -> None:
    found = texts(
        ("a", "b", "c"),
        [],
        [pair("major", "a", "b"), pair("contraindicated", "b", "c"), pair("contraindicated", "a", "other"), pair("caution", "a", "c")],
    )
    assert found == [
        "Taken now, b and c: contraindicated (label). Text on contraindicated.",
        "Taken now, a and b: major (label). Text on major. "
        "Together with what is taken now sources state of drugs that are not taken: contraindicated: other. See the interactions.",
    ]


def test_pairs_of_one_row_share_a_sentence_and_the_rest_is_counted() -> None:
    pairs = [
        pair("avoid", "a", "b", text="One."),
        pair("avoid", "a", "c", text="One."),
        *(pair("major", "b", "c", text=f"T{n}.") for n in range(4)),
    ]
    found = texts(("a", "b", "c"), [], pairs)
    assert found[0] == "Taken now, a and b; a and c: avoid (label). One."
    assert found[2].endswith("2 more such statements on drugs that are taken stand among the interactions: b and c (major).")
    assert len(found) == 3


def test_exposure_far_from_the_usual_of_what_is_taken() -> None:
    found = texts(
        ("a", "b"),
        [
            exposure("a", "much higher", "with b, strong inhibitor of CYP2D6"),
            exposure("a", "higher", "measured in trial 1", kind="measured"),
            exposure("a", "higher", "smoking"),
            exposure("b", "not known", "with a (strong inhibitor of CYP1A2) against c (weak inducer of CYP1A2)").with_parts(
                [TextPart(PartKind.CAUSE, "", ("strong", "weak"))]
            ),
            exposure("b", "not known", "with d, of strong smell").with_parts([TextPart(PartKind.CAUSE, "", ("weak",))]),
            exposure("b", "similar", "smoking"),
            exposure("other", "much higher", "with b"),
        ],
        [],
    )
    assert found == [
        "A, taken now, measured in trial 1: Text. Without a measured level this would be expected: "
        "much higher (with b, strong inhibitor of CYP2D6); "
        "whether that acted when the level was taken is not stated. "
        "Exposure to drugs that are taken: b, not known (with a (strong inhibitor of CYP1A2) against c (weak inducer of CYP1A2))."
    ]


def test_what_rests_on_the_person_is_not_laid_to_another_drug() -> None:
    caution = pair("avoid", "a", "b").copy_with(kind="comorbidity")
    history = TreatmentHistory(current_drugs=("a",))
    assert texts(("a",), [], [caution]) == [
        "Taken now, a: avoid (label). Text on avoid. For what was stated of conditions, age or organs sources state: avoid: b. "
        "Text on avoid. "
        "See the interactions."
    ]
    ((drug, beside),) = beside_current(history, [caution]).items()
    assert (
        beside_text(drug, beside, history, [caution])
        == "For what was stated of conditions, age or organs: avoid (label); see the interactions."
    )


def test_what_rests_on_the_person_counts_where_nothing_is_taken() -> None:
    caution = pair("contraindicated", "b").copy_with(kind="organ_function")
    assert texts((), [], [caution]) == [
        "For what was stated of conditions, age or organs sources state: contraindicated: b. Text on contraindicated. See the interactions."
    ]


def test_a_drug_names_all_that_is_taken_beside_which_a_source_is_as_grave_and_the_source_of_each() -> None:
    first = pair("contraindicated", "other", "a")
    second = pair("contraindicated", "other", "b").copy_with(source=Source(name="another label"))
    lesser = pair("major", "other", "c")
    history = TreatmentHistory(current_drugs=("a", "b", "c"))
    ((drug, gravest),) = beside_current(history, [first, second, lesser]).items()
    assert beside_text(drug, gravest, history, [first, second, lesser]) == (
        "Together with a and b, each of which is taken: contraindicated (label; another label); see the interactions."
    )
    assert beside_text(drug, first, history, [first]) == ("Together with a, which is taken: contraindicated (label); see the interactions.")
    milder = pair("not recommended", "other", "a")
    assert beside_text(drug, milder, history, [milder]) == (
        "Together with a, which is taken, not instead of it: not recommended (label); see the interactions."
    )
    washout = first.copy_with(kind="washout", drugs=("a", "other"))
    assert beside_text(drug, first, history, [first, washout]) == (
        "Together with a, which is taken, or too few days after it: contraindicated (label); see the interactions."
    )


def test_a_drug_that_is_taken_and_that_no_rule_is_about_is_named_as_such() -> None:
    groups = DrugGroups(change_considered=(SummaryDrug(name="a", text="A lower dose."),), no_change=(SummaryDrug(name="b", text="None."),))
    history = TreatmentHistory(current_drugs=("b", "unheard", "a"))
    (one,) = of_current_drugs(history, [], [], groups)
    assert one.lines[-2] == "By genotype no source considers a change for b, taken now, for what was seen; that clears nothing."
    assert one.lines[-1].startswith("Not covered here: unheard, taken now. Guidelines on it were not read")


def test_what_is_taken_and_stands_in_interactions_on_qt_is_named_but_not_for_a_highest_dose_alone() -> None:
    qt = pair("avoid", "a", "other").copy_with(kind="qt")
    cap = pair("dose cap", "b", "other").copy_with(kind="qt")
    for stated, words in ((None, "no QTc was stated"), (455.0, "the QTc stated is 455 ms")):
        (one,) = of_current_drugs(TreatmentHistory(current_drugs=("a", "b")), [], [qt, cap], qtc_ms=stated)
        assert f"Taken now and in interactions on the QT interval: a; {words}." in one.lines


def test_smoking_names_the_drugs_of_which_other_levels_were_observed_once_and_stands_out_of_what_is_taken() -> None:
    observed = [
        exposure("b", "much lower", "smoking", kind="observed"),
        exposure("b", "lower", "smoking"),
        exposure("c", "lower", "smoking"),
        exposure("d", "similar", "smoking"),
        exposure("e", "lower", "with smoking, moderate inducer of CYP1A2"),
        exposure("f", "higher", "smoking given up"),
    ]
    assert list(of_smoking(observed)) == [
        "Smoking was stated: lower levels were observed with it for b and c.",
        "Smoking was given up: higher levels than before are expected for f.",
    ]
    assert list(of_smoking(observed[3:5])) == []
    assert texts(("c",), observed, []) == ["Smoking was stated: lower levels were observed with it for c."]
    assert texts(("d",), observed, []) == []


def test_with_many_lines_what_stands_under_current_drugs_is_named_alone() -> None:
    taken = tuple("abcdefgh")
    levels = [exposure(drug, "higher", "measured in trial 1", kind="measured") for drug in taken]
    smoking = exposure("a", "lower", "smoking")
    (one,) = of_current_drugs(TreatmentHistory(current_drugs=taken), [*levels, smoking], [])
    assert one.lines[-1] == "Smoking was stated: lower levels were observed with it for a."  # one alone is stated
    far = exposure("i", "much higher", "with a")
    (one,) = of_current_drugs(TreatmentHistory(current_drugs=(*taken, "i")), [*levels, smoking, far], [])
    assert len(one.lines) == 9
    assert one.lines[-1] == (
        "More on what is taken stands under current drugs: exposure to drugs that are taken, far from the usual; smoking."
    )
