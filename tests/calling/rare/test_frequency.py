"""Which numbers are population frequencies, and what they come to."""

import pytest

from trdpgx.calling.rare_variants.frequency import Of, best, csq_frequency_field, frequency_field, frequency_of
from trdpgx.calling.rare_variants.info import to_number, value_of
from trdpgx.calling.rare_variants.predictors import predictor_of, scores
from trdpgx.model.frequency import UNKNOWN_FREQUENCY, Frequency, FrequencyState
from trdpgx.model.rare import Predictor
from trdpgx.model.region import InfoDefinition


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("gnomAD_AF", Of.ALL),
        ("gnomADe_AF", Of.ALL),
        ("gnomADg_AF", Of.ALL),
        ("gnomad_af", Of.ALL),
        ("AF_gnomAD", Of.ALL),
        ("gnomad_v3.1.1_AF", Of.ALL),
        ("gnomad_3_1_1_AF", Of.ALL),
        ("gnomad_genomes_AF", Of.ALL),
        ("gnomAD_exomes_AF_joint", Of.ALL),
        ("gno_af_all", Of.ALL),
        ("gnomad_af_es", Of.ALL),
        ("gnomad_popmax_af", Of.HIGHEST),
        ("gnomad_af_popmax", Of.HIGHEST),
        ("gnomAD_AF_grpmax", Of.HIGHEST),
        ("gnomAD_NFE_AF", Of.POPULATION),
        ("gnomADe_AFR_AF", Of.POPULATION),
        ("gnomad_AF_eas", Of.POPULATION),
        ("gnomADe_FIN_AF", None),
        ("gnomADe_ASJ_AF", None),
        ("gnomad_popmax_af_filter", None),
        ("gnomad_nhomalt", None),
        ("gnomad_ac", None),
        ("gnomad_AF_raw", None),
        ("gnomad_AF_male", None),
        ("gnomad_faf95_popmax", None),
        ("AF", None),
        ("AC", None),
        ("AN", None),
        ("MAF", None),
        ("EUR_AF", None),
        ("AF_EUR", None),
        ("AF_popmax", None),
        ("MLEAF", None),
        ("cohort_AF", None),
        ("MAX_AF", None),
    ],
)
def test_field_names(name: str, of: Of | None) -> None:
    assert frequency_field(name) is of


def test_inside_csq_the_highest_of_all_is_read() -> None:
    assert csq_frequency_field("MAX_AF") is Of.HIGHEST
    assert csq_frequency_field("gnomade_af") is Of.ALL
    assert csq_frequency_field("AF") is None


def known(overall: float | None, highest: float | None, source: str) -> Frequency:
    return Frequency(FrequencyState.KNOWN, overall, highest, source)


@pytest.mark.parametrize(
    ("fields", "frequency"),
    [
        ({}, UNKNOWN_FREQUENCY),
        ({"AF": 0.5, "AC": 1.0}, UNKNOWN_FREQUENCY),
        ({"gnomad_af": 0.002}, known(0.002, None, "gnomad_af")),
        ({"gnomADe_AF": 0.002, "gnomADg_AF": 0.003}, known(0.003, None, "gnomADe_AF, gnomADg_AF")),
        ({"gnomad_af": 0.002, "gnomad_popmax_af": 0.02}, known(0.002, 0.02, "gnomad_af, gnomad_popmax_af")),
        ({"gnomad_af": 0.03, "gnomad_popmax_af": 0.02}, known(0.03, 0.03, "gnomad_af, gnomad_popmax_af")),
        ({"gnomADe_AFR_AF": 0.01, "gnomADe_NFE_AF": 0.0}, known(None, 0.01, "gnomADe_AFR_AF, gnomADe_NFE_AF")),
        ({"gnomad_af": -1.0}, Frequency(FrequencyState.ABSENT, source="gnomad_af")),
        ({"gnomad_af": -1.0, "gnomad_popmax_af": 0.1}, known(None, 0.1, "gnomad_popmax_af")),
        ({"gnomad_3_1_1_AF": 1069.5}, UNKNOWN_FREQUENCY),
        ({"gnomad_af": 0.0}, known(0.0, None, "gnomad_af")),
    ],
)
def test_frequency_of(fields: dict[str, float], frequency: Frequency) -> None:
    assert frequency_of(fields, frequency_field) == frequency


def test_the_highest_known_frequency_is_used_and_absence_is_better_than_nothing() -> None:
    low, high, absent = known(0.1, None, "a"), known(0.01, 0.2, "b"), Frequency(FrequencyState.ABSENT, source="c")
    assert best([UNKNOWN_FREQUENCY, absent, low, high]) is high
    assert best([UNKNOWN_FREQUENCY, absent]) is absent
    assert best([]) is UNKNOWN_FREQUENCY


@pytest.mark.parametrize(
    ("raw", "number", "index", "alts", "value"),
    [
        ("0.1,0.2", "A", 1, 2, "0.2"),
        ("0.1,0.2", ".", 0, 2, "0.1"),
        ("0.7,0.1,0.2", "R", 1, 2, "0.2"),
        ("0.1", "1", 0, 1, "0.1"),
        ("0.1", "1", 1, 2, None),
        ("0.1,0.2", "A", 0, 1, None),
        (".,0.2", "A", 0, 2, None),
        ("", "A", 0, 1, None),
    ],
)
def test_the_value_of_an_alt(raw: str, number: str, index: int, alts: int, value: str | None) -> None:
    assert value_of(raw, InfoDefinition(number, ""), index, alts) == value


@pytest.mark.parametrize(("text", "number"), [("0.1", 0.1), ("0.1&0.3", 0.3), (".&0.3", 0.3), ("high", None), ("1e-5", 1e-5)])
def test_numbers(text: str, number: float | None) -> None:
    assert to_number(text) == number


@pytest.mark.parametrize(
    ("name", "predictor"),
    [
        ("CADD_PHRED", Predictor.CADD),
        ("CADD", Predictor.CADD),
        ("dbNSFP_CADD_phred", Predictor.CADD),
        ("REVEL", Predictor.REVEL),
        ("REVEL_score", Predictor.REVEL),
        ("dbNSFP_REVEL_score", Predictor.REVEL),
        ("am_pathogenicity", Predictor.ALPHAMISSENSE),
        ("AlphaMissense_score", Predictor.ALPHAMISSENSE),
        ("CADD_RAW", None),
        ("REVEL_rankscore", None),
        ("am_class", None),
        ("AF", None),
    ],
)
def test_predictor_names(name: str, predictor: Predictor | None) -> None:
    assert predictor_of(name) is predictor


def test_the_highest_score_of_a_predictor_is_used() -> None:
    assert scores({"CADD_PHRED": 12.0, "CADD": 20.0, "REVEL": 0.3, "AF": 1.0}) == {Predictor.CADD: 20.0, Predictor.REVEL: 0.3}
