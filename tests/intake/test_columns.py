"""The columns over sites and samples: what was put in comes out, and many samples are read as each is alone."""

import random

import pytest

from trdpgx.intake.genotypes.samples import SampleReader
from trdpgx.model.genome import Assembly, NoCallReason, SiteCall, SiteState
from trdpgx.model.site_columns import SiteColumns, Spellings

from .conftest import Read
from .panel import PANELS, vcf

SITES = [site for site in PANELS[Assembly.GRCH38].sites if site.id in {"TRI", "TA"}]
CALLS = [
    SiteCall("TRI", SiteState.CALLED, ("G", "C"), (), True, -3, 0, (0, 12), 99.5, "PASS"),
    SiteCall("TRI", SiteState.CALLED, ("A", "T"), ("T",), False, None, 31, (), None, None),
    SiteCall("TRI", SiteState.CALLED, ("G", "G"), (), True, None, 31, (31, 31), 0.0, "PASS", carried=("<DEL>",)),
    SiteCall("TRI", SiteState.NO_CALL, ("A",), reason=NoCallReason.HALF_CALL, filter="LowQual;q10", carried=("A",)),
    SiteCall("TRI", SiteState.NO_CALL, ("X",), ("X",), reason=NoCallReason.PLOIDY),
    SiteCall("TRI", SiteState.NO_CALL, reason=NoCallReason.FILTERED, refused=("A", "C")),
    SiteCall("TRI", SiteState.COVERED_REFERENCE, ("G", "G"), phased=True, depth=12, quality=30.0),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.state}-{'/'.join(call.alleles)}")
def test_a_call_comes_out_as_it_was_put_in(call: SiteCall) -> None:
    columns = SiteColumns(SITES, 3, [Spellings(site) for site in SITES])
    columns.put(0, [0, 2], call)
    assert columns.calls(0)["TRI"] == columns.calls(2)["TRI"] == call
    assert columns.calls(1, [0]) == {"TRI": SiteCall("TRI", SiteState.ABSENT)}
    assert columns.unknown([0]).tolist() == [bool(call.unknown), False, bool(call.unknown)]
    first, second, third = columns.patterns([0, 1])
    assert first == third != second


def test_depth_is_no_part_of_a_pattern_where_reads_are_not_counted() -> None:
    columns = SiteColumns(SITES, 2, [Spellings(site) for site in SITES])
    call = SiteCall("TRI", SiteState.CALLED, ("G", "A"), depth=30, quality=50.0)
    columns.put(0, 0, call)
    columns.put(0, 1, call._replace(depth=31, quality=51.0))
    assert len(set(columns.patterns([0]))) == 1
    columns.put(0, 1, call._replace(allele_depths=(15, 15)))
    assert len(set(columns.patterns([0]))) == 2


GENOTYPES = ("0/0", "0/1", "1|0", "0|1", "1/1", "./.", "0/.", "1", "0/2", "0|1|0", ".")
ROWS = (
    ("10 100 C T PASS .", "GT:DP:GQ:AD:PS", 1),
    ("10 102 A G,T . .", "GT:AD:FT", 2),
    ("10 110 G C,A PASS .", "GT:DP", 2),
    ("10 198 GACCTT GAC,G PASS .", "GT", 2),
    ("10 202 T A LowQual .", "GT:DP", 1),
    ("10 300 C CA PASS .", "GT:GQ", 1),
    ("10 302 G T PASS .", "GT", 1),
    ("10 302 G A PASS .", "GT", 1),
    ("10 400 CAT C,<*> PASS .", "GT:AD", 2),
    ("22 5000 T <NON_REF> PASS END=5010", "GT:DP:MIN_DP:GQ", 1),
)
VALUES = {
    "DP": ("31", "0", ".", "2"),
    "GQ": ("99", "33.5", ".", "0"),
    "AD": ("15,16", "0,31,0", "9", ".", "1,.", "x"),
    "PS": ("1", ".", "block"),
    "FT": ("PASS", ".", "q10"),
    "MIN_DP": ("20", "."),
}


def cohort(draw: random.Random, samples: int) -> list[str]:
    rows = []
    for fixed, keys, alts in ROWS:
        columns = []
        for _ in range(samples):
            genotype = draw.choice(GENOTYPES)
            fields = [genotype if "2" not in genotype or alts > 1 else "0/1", *(draw.choice(VALUES[key]) for key in keys.split(":")[1:])]
            columns.append(":".join(fields[: draw.randrange(1, len(fields) + 1)]))
        rows.append(f"{fixed} {keys} {' '.join(columns)}")
    return rows


@pytest.mark.parametrize("seed", range(8))
def test_many_samples_are_read_as_each_alone(seed: int, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """In blocks of several sizes, too."""
    draw = random.Random(seed)
    names = [f"S{number}" for number in range(40)]
    data = vcf(*cohort(draw, len(names)), samples=" ".join(names))
    together = list(read(data, assembly="GRCh38").samples)
    monkeypatch.setattr("trdpgx.intake.genotypes.samples._VALUES", 70)
    result = read(data, assembly="GRCh38")
    assert isinstance(result.samples, SampleReader)
    assert len(list(result.samples.blocks())) > 2
    assert list(result.samples) == together
    for number in draw.sample(range(len(names)), 5):
        assert read(data, assembly="GRCh38", sample=names[number]).samples[0] == together[number]
