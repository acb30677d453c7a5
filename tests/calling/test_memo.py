"""What one request computes is not computed again within it, within a bound; and nothing of it is there for the next request."""

import sys
from functools import _lru_cache_wrapper
from itertools import product
from random import Random

import pytest

from tests.calling.tables import call, caveats, haplotype_bases, library, real_table, sample_of
from tests.yardstick import at_most
from trdpgx.calling.genes import call_genes
from trdpgx.calling.star_alleles import diplotypes, matcher
from trdpgx.calling.star_alleles import prior as likely
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.model.genome import Assembly, SampleSites, SiteCall, SiteState
from trdpgx.model.options import Options


def test_a_key_is_computed_once_and_the_oldest_goes_first() -> None:
    computed: list[str] = []
    memo = Memo(capacity=20)

    def value(key: str) -> str:
        computed.append(key)
        return key

    for key in ("aa", "bb", "aa", "x" * 50, "x" * 50):
        assert memo.get(key, lambda key=key: value(key), len) == key
    assert computed == ["aa", "bb", "x" * 50, "x" * 50]
    for number in range(10, 20):
        memo.get(str(number), lambda number=number: value(str(number)), len)
    assert len(memo) == 10
    memo.get("19", lambda: value("19"), len)
    memo.get("aa", lambda: value("aa"), len)
    assert computed[-1] == "aa"


def test_samples_of_one_request_share_what_was_computed() -> None:
    sample = sample_of(haplotype_bases(real_table("CYP2D6"), "*4", "*41", Random(3)), phased=True)
    memo = Memo()
    calls = (call_genes(library(), Assembly.GRCH38, sample, Options(), caveats=caveats(), memo=memo) for _ in range(2))
    first, again = ({one.gene: one for one in reports} for reports in calls)
    assert again == first
    pairs = zip(first["CYP2D6"].diplotypes, again["CYP2D6"].diplotypes, strict=True)
    assert all(one is other for one, other in pairs)


def test_the_same_genotypes_in_another_request_are_computed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the time of an answer would show whether these genotypes were here before."""
    steps: list[str] = []
    for module, name in ((matcher, "_match"), (matcher, "missing_alleles"), (diplotypes, "_matched"), (likely, "_rank")):
        work = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, name=name, work=work: (steps.append(name), work(*given))[1])
    few = dict(list(haplotype_bases(real_table("CYP2D6"), "*4", "*41", Random(3)).items())[:4])
    done = []
    for _ in range(2):
        steps.clear()
        assert len(call("CYP2D6", sample_of(few, phased=False)).diplotypes) > 1
        done.append(list(steps))
    assert done[0] == done[1]
    assert set(done[0]) == {"_match", "missing_alleles", "_matched", "_rank"}


def test_every_site_heterozygous_and_unphased_is_answered_at_once() -> None:
    sites = library().sites[Assembly.GRCH38]
    calls = {
        site: SiteCall(site, SiteState.CALLED, tuple(sorted((sites[site].ref, sites[site].alts[0]))))
        for site in library().genes["CYP2D6"].sites
    }
    sample = SampleSites("sample", calls)
    call("CYP2D6", sample)
    with at_most(10):
        reports = [call("CYP2D6", sample) for _ in range(5)]
    assert {report.status for report in reports} == {"no_call"}


def test_no_cache_of_the_process_has_genotypes() -> None:
    """Whatever is kept from one request to the next is about the knowledge: it does not grow with people."""
    people = [
        haplotype_bases(real_table("CYP2D6"), *pair, Random(seed)) for seed, pair in enumerate(product(("*1", "*4", "*41"), ("*2", "*10")))
    ]
    sizes = []
    for person in people:
        call("CYP2D6", sample_of(person, phased=False))
        sizes.append(cache_sizes())
    assert sum(sizes[0].values()) > 10
    assert sizes[1:] == [sizes[0]] * (len(people) - 1)


def cache_sizes() -> dict[str, int]:
    """Return how many entries each cache of the package has."""
    return {
        f"{name}.{own}": value.cache_info().currsize
        for name, module in sorted(sys.modules.items())
        if name.startswith("trdpgx.")
        for own, value in vars(module).items()
        if isinstance(value, _lru_cache_wrapper)
    }
