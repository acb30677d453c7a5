"""A drug that is not taken states which called gene it would make slower itself."""

from tests.golden.cases import cases
from tests.golden.summaries import drug_texts
from trdpgx import Service, annotate

CASES = {case.name: case for case in cases()}


def test_strong_and_moderate_inhibitors_state_it(service: Service) -> None:
    (report,) = CASES["met"].reports(service)
    stated = drug_texts(report)
    for name in ("paroxetine", "fluoxetine", "bupropion"):
        assert "While it is taken it is itself a strong inhibitor of CYP2D6 (FDA), which is not taken into account here" in stated[name]
    assert "a moderate inhibitor of CYP2D6 (FDA)" in stated["duloxetine"]
    # sertraline and citalopram are weak inhibitors, CYP2C19 of this person was not called, and mirtazapine inhibits nothing
    for name in ("sertraline", "citalopram", "fluvoxamine", "mirtazapine"):
        assert "CYP2D6 (FDA), which is not taken into account" not in stated[name], name
    assert not any("inhibitor of CYP2C19" in text for text in stated.values())


def test_a_gene_without_activity_has_nothing_to_inhibit(service: Service) -> None:
    (report,) = CASES["poor"].reports(service)
    assert not any("inhibitor of CYP2D6" in text for text in drug_texts(report).values() if "While it is taken" in text)


def test_a_drug_that_is_taken_is_taken_into_account_already(service: Service) -> None:
    context = b'{"current_drugs": [{"drug": "paroxetine"}]}'
    (report,) = annotate(CASES["met"].source, context=context, service=service)
    assert "While it is taken" not in drug_texts(report)["paroxetine"]
    assert "While it is taken" in drug_texts(report)["fluoxetine"]
