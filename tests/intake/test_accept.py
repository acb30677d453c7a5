"""Each case of tests/cases/accept/intake_sites.yaml: what a file states about the sites of the small panel."""

from pathlib import Path

import pytest
import yaml

from trdpgx.model.genome import Assembly, SiteCall, SiteState

from .conftest import Read
from .panel import PANELS, vcf

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "accept" / "intake_sites.yaml").read_text())
SITES = {site.id: site for site in PANELS[Assembly.GRCH38].sites}


def describe(call: SiteCall) -> str:
    if call.state is SiteState.ABSENT:
        return "absent"
    shown = [f"{name}={','.join(alleles)}" for name, alleles in (("carried", call.carried), ("refused", call.refused)) if alleles]
    if call.state is SiteState.NO_CALL:
        assert call.reason is not None
        return " ".join(["no_call", call.reason.value, *call.alleles, *shown])
    if call.state is SiteState.CALLED and shown:
        return " ".join([described(call), *shown])
    assert not shown
    return described(call)


def described(call: SiteCall) -> str:
    if call.state is SiteState.COVERED_REFERENCE:
        assert call.alleles == (SITES[call.site].ref,) * 2
        return "covered"
    words = ["called", ("|" if call.phased else "/").join(call.alleles)]
    if call.phase_set is not None:
        words.append(f"PS={call.phase_set}")
    if call.unknown:
        words.append(f"unknown={','.join(call.unknown)}")
    return " ".join(words)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict, read: Read) -> None:
    result = read(vcf(*case["rows"]), assembly="GRCh38")
    (sample,) = result.samples
    assert list(sample.calls) == list(SITES)
    expected = dict.fromkeys(SITES, "absent") | case["sites"]
    assert {site: describe(call) for site, call in sample.calls.items()} == expected


def test_names_are_unique() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)
