"""Bundles against R4, the profiles of the guide and its invariants; and the checker against the guide's examples and planted faults."""

import io
import json
import os
from itertools import islice
from pathlib import Path

import pytest

pytest.importorskip("fhirkit", reason="the tools of the group formats are not installed: make formats")

from tests.golden.cases import Case, cases
from tests.report.bundles import PROPERTIES
from tests.report.facts import CONTEXT
from trdpgx import Options, Report, Service, annotate
from trdpgx.report.formats.fhir import to_fhir, write
from validation.fhir.__main__ import faults
from validation.fhir.guide import Guide
from validation.fhir.mutations import MUTATIONS, mutated

EXAMPLE = Path(__file__).parents[2] / "examples" / "synthetic.vcf"
OUTSIDE = sorted((Path(__file__).parents[1] / "cases" / "accept" / "outside_calls").glob("[!o]*.*"))
"""Files of other tools' calls. Our own (``own.*``) mix calls with and without a sample, which needs a genome."""
COHORT = Path(os.environ.get("COHORT", ""))
SAMPLES = 200


@pytest.fixture(scope="module")
def example(service: Service) -> Report:
    (report,) = annotate(EXAMPLE, context=json.dumps(CONTEXT).encode(), service=service)
    return report


def test_the_checker_is_calibrated_on_the_examples_of_the_guide(guide: Guide) -> None:
    assert len(guide.examples) == 204
    assert {name: listed for name, one in guide.examples.items() if (listed := faults(guide, one, dict(guide.examples)))} == {}


def test_every_planted_fault_is_caught(guide: Guide, example: Report) -> None:
    bundle = json.loads(to_fhir(example))
    assert faults(guide, bundle) == []
    caught = [name for name, changed in mutated(bundle) if faults(guide, changed)]
    assert caught == list(MUTATIONS)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_golden_report_keeps_the_profiles(guide: Guide, service: Service, case: Case) -> None:
    assert faults(guide, json.loads(b"".join(write(case.reports(service))))) == []


@pytest.mark.parametrize(
    "options", [{"absent": "reference", "detail": "full"}, {"recommendations": False}, {"drug": ["sertraline"]}, {"gene": ["BDNF"]}]
)
def test_every_option_keeps_the_profiles(guide: Guide, service: Service, options: dict[str, object]) -> None:
    reports = annotate(EXAMPLE, options=Options.model_validate(options), service=service)
    assert faults(guide, json.loads(b"".join(write(reports)))) == []


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: path.name)
def test_calls_of_every_tool_keep_the_profiles(guide: Guide, service: Service, path: Path) -> None:
    reports = annotate(None, outside_calls=path.read_bytes(), service=service)
    for report in reports:
        bundle = json.loads(to_fhir(report))
        assert faults(guide, bundle) == []
        for keeps in PROPERTIES:
            keeps(report, bundle)


@pytest.mark.slow
def test_a_cohort_keeps_the_profiles(guide: Guide, service: Service) -> None:
    if not COHORT.is_file():
        pytest.skip("COHORT names no VCF of several samples: make formats FOLDER=...")
    result = service.read(io.BytesIO(COHORT.read_bytes()), Options())
    reports = list(islice(service.reports(result, Options()), SAMPLES))
    assert len(reports) == SAMPLES
    for report in reports:
        bundle = json.loads(to_fhir(report))
        assert faults(guide, bundle) == []
        for keeps in PROPERTIES:
            keeps(report, bundle)
