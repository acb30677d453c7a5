"""What was computed once is not computed again, within a bound."""

from random import Random
from time import perf_counter

from app.calling import diplotypes, matcher
from app.calling.memo import Memo
from app.model.genome import Assembly, SampleSites, SiteCall, SiteState
from tests.calling.tables import call, library, real_table, sample_of, strands


def test_a_key_is_computed_once_and_the_oldest_goes_first() -> None:
    computed: list[str] = []
    memo: Memo[str, str] = Memo(capacity=20, weight=len)

    def value(key: str) -> str:
        computed.append(key)
        return key

    for key in ("aa", "bb", "aa", "x" * 50, "x" * 50):
        assert memo.get(key, lambda key=key: value(key)) == key
    assert computed == ["aa", "bb", "x" * 50, "x" * 50]
    for number in range(10, 20):
        memo.get(str(number), lambda number=number: value(str(number)))
    assert len(memo) == 10
    memo.get("19", lambda: value("19"))
    memo.get("aa", lambda: value("aa"))
    assert computed[-1] == "aa"
    memo.clear()
    assert len(memo) == 0


def test_the_same_pattern_gives_the_very_same_result() -> None:
    table = real_table("CYP2D6")
    genotypes = strands(table, "*4", "*41", Random(3))
    first, again = call("CYP2D6", sample_of(genotypes, phased=True)), call("CYP2D6", sample_of(genotypes, phased=True))
    assert again == first
    assert all(one is other for one, other in zip(first.diplotypes, again.diplotypes, strict=True))


def test_every_site_heterozygous_and_unphased_is_answered_in_milliseconds() -> None:
    """The bound is ten times what was measured on a quiet machine, as tests share theirs."""
    sites = library().sites[Assembly.GRCH38]
    calls = {
        site: SiteCall(site, SiteState.CALLED, tuple(sorted((sites[site].ref, sites[site].alts[0]))))
        for site in library().genes["CYP2D6"].sites
    }
    sample = SampleSites("sample", calls)
    call("CYP2D6", sample)
    times = []
    for _ in range(5):
        matcher.forget()
        diplotypes.forget()
        start = perf_counter()
        report = call("CYP2D6", sample)
        times.append(perf_counter() - start)
    assert report.status == "no_call"
    assert min(times) < 0.05
