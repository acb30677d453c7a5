"""A clinical context from bytes to a person: what is refused, in which words, and what names, units and defaults become."""

import contextlib
import json
import logging
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdpgx.clinical.document import context_of, read_context
from trdpgx.clinical.problems import PROBLEMS, ContextError
from trdpgx.clinical.resolve import resolve
from trdpgx.clinical.schema import context_schema
from trdpgx.knowledge.load import load_knowledge
from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.patient import Patient

NAMES = load_knowledge(None, None).rulebook
TODAY = date(2026, 11, 26)
CAP = 256 * 1024
GOLDEN = Path(__file__).parents[1] / "cases" / "golden"
TABLE = Path(__file__).parents[1] / "cases" / "reject" / "contexts.tsv"


def person(data: bytes) -> Patient:
    return resolve(read_context(data, CAP), NAMES.patient_names, TODAY)


def stated(**context: Any) -> Patient:
    return person(json.dumps(context).encode())


def refused() -> list[tuple[str, str]]:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [(text.replace("\\n", "\n"), words) for text, words in (line.split("\t") for line in lines)]


@pytest.mark.parametrize(("text", "words"), refused(), ids=lambda value: str(value)[:60])
def test_a_context_is_refused_by_its_path_and_never_repeated(text: str, words: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ContextError) as caught:
        person(text.encode())
    problem = caught.value.problem
    assert words in problem.detail
    assert problem.type == "/problems/bad_context"
    assert "ZEBRA" not in problem.model_dump_json()
    assert "zebra" not in problem.model_dump_json().lower()
    assert not any(inner in problem.detail for inner in ("function-", "constrained", "union", "[key]", "tuple", "pydantic", "dictionary"))
    assert caplog.text == ""
    assert str(caught.value) == "bad_context"


def test_there_are_a_hundred_hostile_contexts() -> None:
    assert len(refused()) >= 100


def many(count: int) -> bytes:
    return json.dumps({"trials": [{"drug": "x"}] * count}).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (many(10_000), "`trials` has more than 100 entries"),
        (many(101), "`trials` has more than 100 entries"),
        (many(20_000), "The cap is 262144 bytes"),
        (b'{"age_years": ' + b"9" * 5_000 + b"}", "JSON"),
        (b'{"age_years": ' + b"9" * 300 + b"}", "`age_years` is more than 130"),
        (b"[" * 100_000, "JSON"),
        (b'{"trials": ' + b"[" * 150 + b"]" * 150 + b"}", "nested more than 20"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "nested more than 20"),
        (b'{"trials": [{"drug": "' + b"x" * 201 + b'"}]}', "`trials[0].drug` has more than 200 characters"),
        (b'{"comorbidities": ["' + b"x" * 101 + b'"]}', "`comorbidities[0]` has more than 100 characters"),
        (b'{"age_years": 5}\x00', "JSON"),
        (b"\xff\xfe{\x00}\x00", "JSON"),
        (b'{"trials": [{"drug": "\xff"}]}', "JSON"),
        (b"\x1f\x8b\x08\x00", "JSON"),
        (json.dumps({"comorbidities": ["I10"] * 101}).encode(), "`comorbidities` has more than 100 entries"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_large_or_broken_context_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ContextError) as caught:
        person(data)
    assert words in caught.value.problem.detail
    assert len(caught.value.problem.detail) < 2_000


def test_every_kind_has_a_remedy() -> None:
    assert all(kind.title and kind.remedy for kind in PROBLEMS.values())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats() | st.text(max_size=20) | st.dates().map(str),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.sampled_from([*ClinicalContext.model_fields, "drug"]), children),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_a_context_or_a_problem(document: Any) -> None:
    with contextlib.suppress(ContextError):
        resolve(context_of(document), NAMES.patient_names, TODAY)


def test_nothing_states_nothing() -> None:
    assert read_context(b"", CAP) == ClinicalContext()
    assert person(b"{}").current is None
    assert person(b"\xef\xbb\xbf{}").trials is None
    assert person(b"{}").missing == ("as_of: not stated; the day of the report",)


def test_the_day_may_be_the_next_one_where_the_person_is() -> None:
    assert stated(as_of=str(TODAY + timedelta(days=1))).as_of == TODAY + timedelta(days=1)
    with pytest.raises(ContextError):
        stated(as_of=str(TODAY + timedelta(days=2)))
    assert person(b"{}").as_of == TODAY


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Paroxetine", "paroxetine"),
        ("PAXIL", "paroxetine"),
        ("paroxetine hydrochloride", "paroxetine"),
        ("32937", "paroxetine"),
        ("RxNorm 32937", "paroxetine"),
        ("N06AB05", "paroxetine"),
        ("n06ab05", "paroxetine"),
        ("Effexor XR", "venlafaxine"),
        ("venlafaxine-ER", "venlafaxine"),
        ("St. John's Wort", "St John's wort"),
        ("St John’s wort", "St John's wort"),
        ("rifampin", "rifampicin"),
        ("valproate", "valproic acid"),
        ("divalproex sodium", "valproic acid"),
        ("lithium carbonate", "lithium"),
        ("Emsam", "selegiline (transdermal)"),
        ("selegiline transdermal", "selegiline (transdermal)"),
        ("selegiline", "selegiline"),
        ("quetiapine XR", "quetiapine"),
        ("A02BC01", "omeprazole"),
    ],
)
def test_names_of_drugs_become_ours(written: str, meant: str) -> None:
    (drug,) = stated(current_drugs=[{"drug": written}]).current or ()
    assert drug.drug == meant


def test_every_name_of_the_list_is_found_and_every_combination_has_components() -> None:
    for name in NAMES.patient_names.classes:
        assert NAMES.patient_names.drugs.find(name) == name
    assert NAMES.patient_names.components["olanzapine-fluoxetine"] == ("olanzapine", "fluoxetine")


def test_a_combination_brings_its_components_without_a_dose() -> None:
    current = stated(current_drugs=[{"drug": "Symbyax", "dose": 12, "stopped_on": "2026-11-01"}]).current or ()
    assert [(drug.drug, drug.dose_mg, drug.component_of) for drug in current] == [
        ("olanzapine-fluoxetine", 12, None),
        ("olanzapine", None, "olanzapine-fluoxetine"),
        ("fluoxetine", None, "olanzapine-fluoxetine"),
    ]
    assert {drug.stopped_on for drug in current} == {date(2026, 11, 1)}


@pytest.mark.parametrize(
    ("dose", "unit", "milligrams"),
    [
        (20, "mg", 20),
        (1.2, "g", 1200),
        (50, "ug", 0.05),
        (50, "mcg", 0.05),
        (50, "µg", 0.05),
        (20, "mg/day", 20),
        (20, "MG per day", 20),
        (20, "mg/d", 20),
        (6, "mg/24h", 6),
        (20, "mg daily", 20),
        (1, "grams", 1000),
    ],
)
def test_doses_become_milligrams_a_day(dose: float, unit: str, milligrams: float) -> None:
    (drug,) = stated(current_drugs=[{"drug": "lithium", "dose": dose, "unit": unit}]).current or ()
    assert drug.dose_mg == pytest.approx(milligrams)


@pytest.mark.parametrize(
    ("value", "unit", "read"),
    [(6, "ng/mL", (6, "ng/mL")), (0.006, "mg/L", (6, "ng/mL")), (0.6, "mmol/L", (0.6, "mmol/L")), (0.6, "mEq/L", (0.6, "mmol/L"))],
)
def test_levels_keep_mass_or_amount(value: float, unit: str, read: tuple[float, str]) -> None:
    (trial,) = stated(trials=[{"drug": "lithium", "plasma_level": {"value": value, "unit": unit}}]).trials or ()
    assert trial.plasma_level is not None
    assert (trial.plasma_level.value, trial.plasma_level.unit) == (pytest.approx(read[0]), read[1])


@pytest.mark.parametrize(
    ("written", "meant"),
    [("I10", "hypertension"), ("n18.3", "chronic-kidney-disease"), ("N18.30", "chronic-kidney-disease"), ("epilepsy", "seizure-disorder"),
     ("Type 2 Diabetes", "type-2-diabetes"), ("long QT", "congenital-long-qt")],
)  # fmt: skip
def test_conditions_become_ours(written: str, meant: str) -> None:
    assert stated(comorbidities=[written, written]).comorbidities == (meant,)


@pytest.mark.parametrize(("written", "share"), [(0.9, 0.9), (90, 0.9), (True, 1.0), ("poor", 0.0), ("good", 1.0), (1, 1.0)])
def test_adherence_is_a_share(written: object, share: float) -> None:
    (trial,) = stated(trials=[{"drug": "sertraline", "adherence": written}]).trials or ()
    assert trial.adherence == pytest.approx(share)


def test_every_default_is_listed_once_with_the_paths() -> None:
    patient = stated(
        trials=[{"drug": "sertraline", "weeks": 6}, {"drug": "lithium", "augmentation_of": "1", "adherence": 1}], as_of="2026-01-01"
    )
    assert patient.missing == (
        "trials[0].adherence: not stated; counts as adherent",
        "trials[0].episode, trials[1].episode: not stated; counts as the current episode",
        "trials[0].weeks_at_adequate_dose: not stated; the length counts instead",
        "trials[0].dose_optimised, trials[0].duration_optimised, trials[1].dose_optimised, trials[1].duration_optimised: "
        "not stated; counts as no",
    )
    first, second = patient.trials or ()
    assert (first.id, first.weeks_at_adequate_dose, first.drug_class, first.current_episode) == ("1", 6, "SSRI", True)
    assert (second.augmentation_of, second.position) == ("1", 1)


def test_the_schema_describes_every_field_and_takes_what_is_read() -> None:
    schema = context_schema(NAMES.clinical.of(ConditionFile))
    jsonschema.Draft202012Validator.check_schema(schema)
    everything = {
        "as_of": "2026-01-01",
        "current_drugs": [{"drug": "paxil", "dose": 20, "unit": "mg", "route": "oral", "since": "2025-01-01", "stopped_on": None}],
        "smoking": {"cigarettes_per_day": 20, "stopped_on": None},
        "trials": [
            {
                "id": "a", "drug": "escitalopram", "dose_max": 10, "unit": "mg", "weeks": 8, "weeks_at_adequate_dose": 8, "adherence": 0.9,
                "improvement_percent": 10, "outcome": "none", "stopped_for": "inefficacy", "augmentation_of": None, "episode": "current",
                "plasma_level": {"value": 6, "unit": "ng/mL", "trough": True, "steady_state": True},
                "dose_optimised": True, "duration_optimised": False,
            }
        ],
        "ect": {"type": "bilateral", "sessions": 8, "outcome": "none", "episode": "current"},
        "episode_months": 14, "severity": "moderate", "psychosis": False, "bipolar": False, "comorbidities": ["I10"], "pregnancy": False,
        "age_years": 50, "liver": "mild", "kidney": {"egfr": 60}, "qtc_ms": 430, "ancestry": "european",
    }  # fmt: skip
    assert everything.keys() == ClinicalContext.model_fields.keys()
    jsonschema.validate(everything, schema)
    assert person(json.dumps(everything).encode()).egfr == 60
    assert '"ge"' not in json.dumps(schema)


def test_the_problem_is_the_same_for_python_objects() -> None:
    read: Callable[[object], ClinicalContext] = context_of
    with pytest.raises(ContextError, match="bad_context"):
        read({"trials": [{"drug": float("nan")}]})
    assert read({"age_years": 5}).age_years == 5


PRESCRIPTIVE = re.compile(r"\b(must|stop|start|is normal|are normal|should)\b", re.IGNORECASE)


@pytest.mark.parametrize("name", ["clinical", "paper"])
def test_nothing_of_the_patients_side_prescribes(name: str) -> None:
    (report,) = json.loads((GOLDEN / name / "report.json").read_text("utf-8"))
    side = [report[part] for part in ("treatment_history", "exposure", "interactions")]
    side += [gene["phenoconverted"]["text"] for gene in report["genes"] if gene["phenoconverted"]]
    side += [note["text"] for note in report["limitations"] if note["code"] in {"no_dosing_tool", "context_as_stated", "lists_incomplete"}]
    assert PRESCRIPTIVE.findall(json.dumps(side)) == []
