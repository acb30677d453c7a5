"""A published table of genotypes gives its published statistic.

Taylor et al., Am J Geriatr Psychiatry 2007;15:850-857 (abstract read): of 245 depressed people 38.8 % carried the Met allele of BDNF
rs6265, of 94 comparison subjects 24.4 %; chi-square 6.13, 1 degree of freedom, p = 0.0133; odds ratio with
age, sex and race 1.92 (1.09 to 3.38).
The numbers of people follow from the percentages: 95 of 245, and 23 of 94.
"""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from tests.statistics.people import sheet, tables
from trdpgx.pipeline import Service
from trdpgx.statistics.associate import associate
from trdpgx.statistics.outcome import read_outcome

DEPRESSED, CARRIERS = (245, 95), (94, 23)


def test_taylor_2007(tmp_path: Path) -> None:
    (cases, with_met), (controls, met_controls) = DEPRESSED, CARRIERS
    made, _ = tables(np.random.default_rng(1), cases + controls)
    carrier = [1] * with_met + [0] * (cases - with_met) + [1] * met_controls + [0] * (controls - met_controls)
    genotypes = dict(zip(made["samples"]["sample"].to_list(), ("C/T" if one else "C/C" for one in carrier), strict=True))
    rows = [{**row, "genotype": genotypes[row["sample"]]} for row in made["variants"].to_dicts() if row["id"] == "rs6265"]
    made["variants"] = type(made["variants"])(rows)
    outcome = read_outcome(sheet(tmp_path, depressed=[1] * cases + [0] * controls), list(genotypes), "depressed")
    found = associate(made, outcome, Service().knowledge.rulebook).associations.filter(predictor="rs6265").to_dicts()[0]
    assert found["counts"] == "C/C 71:150, C/T 23:95"
    numbers = [[int(number) for number in part.split()[1].split(":")] for part in found["counts"].split(", ")]
    statistic, p, _, _ = chi2_contingency(numbers, correction=False)
    assert statistic == pytest.approx(6.13, abs=0.005)
    assert p == pytest.approx(0.0133, abs=0.00005)
    assert found["odds_ratio"] == pytest.approx(95 * 71 / (150 * 23), rel=1e-5)
    assert found["odds_ratio_low"] < 1.92 < found["odds_ratio_high"]
    assert found["p"] < 0.05
