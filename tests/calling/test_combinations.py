"""Research mode: tests/cases/accept/combinations.tsv, a slow reading of the same rule, the caps, and the names of variants."""

from itertools import chain, combinations
from pathlib import Path
from random import Random

import pytest

from tests.calling.tables import call, library, real_table, sample_of
from tests.calling.test_conventions import report_of, sample
from tests.tables import rows_of
from trdpgx.calling.looked_at import NOWHERE
from trdpgx.calling.star_alleles.combinations import MOST_BLOCKS, MOST_LISTED, MOST_STEPS, combine
from trdpgx.calling.star_alleles.genomic import genomic_name
from trdpgx.calling.star_alleles.matcher import match
from trdpgx.calling.star_alleles.pattern import observe
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly
from trdpgx.model.options import Options
from trdpgx.model.outside import OutsideCall

pytestmark = pytest.mark.slow

TABLE = Path(__file__).parents[1] / "cases" / "accept" / "combinations.tsv"
RESEARCH = Options(combinations=True)
SITES = library().sites[Assembly.GRCH38]


def combined(report: GeneReport) -> list[str]:
    """Return the combinations alone, without what the genotypes would be if they were not phased."""
    return [diplotype.name for diplotype in report.research_diplotypes if diplotype.reason == "combination"]


@pytest.mark.parametrize("row", rows_of(TABLE), ids=lambda row: f"{row['gene']} {row['case']}")
def test_case(row: dict[str, str]) -> None:
    report = report_of(row["gene"], row["genotypes"], RESEARCH)
    assert ";".join(combined(report)) == row["diplotypes"]
    if row["diplotypes"]:
        assert (report.status, report.diplotypes, report.phenotype, report.phenotype_range) == ("no_call", (), None, ())
        assert "research_combinations" in {note.code for note in report.caveats}
        assert all(diplotype.research for diplotype in report.research_diplotypes)
    plain = report_of(row["gene"], row["genotypes"])
    assert combined(plain) == []
    assert not any("research_combinations" in note.code for note in plain.caveats)
    assert (plain.status, plain.diplotypes) == (report.status, report.diplotypes)


def test_every_haplotype_is_divided_in_the_best_way() -> None:
    """Of all sets of alleles without a common variant: the fewest variants left, then the fewest alleles."""
    rng = Random(5)
    for gene in ("CYP2C19", "CYP2C9", "CYP2B6", "CYP3A4", "CYP2D6", "UGT1A4"):
        table = real_table(gene)
        ordinary = [i for i in range(1, len(table.alleles)) if not table.ambiguous[i] and table.plain[i] == table.own[i]]
        for _ in range(12):
            bases = dict(zip(table.sites, table.reference_bases, strict=True))
            for i in rng.sample(ordinary, 2):
                bases |= {table.sites[s]: next(iter(table.bases(i, s))) for s in range(len(table.sites)) if table.own[i] >> s & 1}
            extra = rng.randrange(len(table.sites))
            bases[table.sites[extra]] = rng.choice(sorted(table.carriers[extra]))
            genotypes = {site: (table.reference_bases[s], bases[site]) for s, site in enumerate(table.sites)}
            pattern = observe(table, SITES, sample_of(genotypes, phased=True), NOWHERE).pattern
            if match(table, pattern).pairs:
                continue
            variants = {s for s, site in enumerate(table.sites) if bases[site] not in table.bases(0, s)}
            cores: dict[int, tuple[frozenset[int], frozenset[int]]] = {}
            for i in range(1, len(table.alleles)):
                own = {s for s in range(len(table.sites)) if table.own[i] >> s & 1}
                core = frozenset(s for s in own if not table.bases(i, s) & table.bases(0, s))
                if core and all(bases[table.sites[s]] in table.bases(i, s) for s in own):
                    cores[i] = (core, frozenset(own) - core)
            expected: dict[tuple[int, int], set[str]] = {}
            for chosen in chain.from_iterable(combinations(cores, n) for n in range(min(len(cores), 4) + 1)):
                if len(frozenset().union(*(cores[i][0] for i in chosen))) == sum(len(cores[i][0]) for i in chosen):
                    left = variants.difference(*(cores[i][0] | cores[i][1] for i in chosen))
                    parts = {table.alleles[i].name for i in chosen} | {table.sites[s] for s in left}
                    expected.setdefault((len(left), len(chosen)), set()).add(" ".join(sorted(parts)))
            found = combine(table, pattern, SITES).diplotypes
            described = [next(one for one in diplotype.haplotypes if one.name != table.alleles[0].name) for diplotype in found]
            names = {genomic_name(SITES[table.sites[s]], bases[table.sites[s]]): table.sites[s] for s in variants}
            assert {" ".join(sorted([*one.alleles, *(names[v] for v in one.variants)])) for one in described} == expected[min(expected)]


def test_what_was_not_seen_or_is_not_known_is_not_combined() -> None:
    assert not combined(report_of("CYP2C9", "rs1799853=T|G;rs1057910=A|C", RESEARCH))
    report = report_of("CYP2C19", "rs3758581=G|G;rs12248560=C|T;rs4244285=A|A;rs12769205=.", RESEARCH)
    assert combined(report) == ["*2/[*2 + g.94761900C>T]", "*2/[*17 + g.94781859G>A]"]


def test_too_many_arrangements_are_stated_and_not_tried() -> None:
    table = real_table("CYP2C9")
    single = [i for i in range(1, len(table.alleles)) if table.own[i].bit_count() == 1 and not table.ambiguous[i]]
    for count, stopped in ((MOST_BLOCKS, False), (MOST_BLOCKS + 1, True)):
        genotypes = {site: (table.reference_bases[s],) * 2 for s, site in enumerate(table.sites)}
        for i in single[:count]:
            s = table.own[i].bit_length() - 1
            genotypes[table.sites[s]] = (table.reference_bases[s], next(iter(table.bases(i, s))))
        report = call("CYP2C9", sample_of(genotypes, phased=False), RESEARCH)
        codes = {note.code for note in report.caveats}
        assert ("research_combinations_not_tried" in codes) is stopped
        assert bool(report.research_diplotypes) is not stopped
        assert report.no_call_reason


def test_a_haplotype_with_every_variant_stops_in_time() -> None:
    table = real_table("CYP2D6")
    changed = {
        site: (ref, next(b for b in sorted(table.carriers[s]) if b != ref))
        for s, (site, ref) in enumerate(zip(table.sites, table.reference_bases, strict=True))
    }
    report = call("CYP2D6", sample_of(changed, phased=True), RESEARCH)
    assert str(MOST_STEPS) in next(note.text for note in report.caveats if note.code == "research_combinations_not_tried")


def test_no_more_than_the_cap_are_listed_and_all_are_counted() -> None:
    table = real_table("CYP2C9")
    single = [i for i in range(1, len(table.alleles)) if table.own[i].bit_count() == 1 and not table.ambiguous[i]]
    genotypes = {site: (table.reference_bases[s],) * 2 for s, site in enumerate(table.sites)}
    for n, i in enumerate(single[:MOST_BLOCKS]):
        s = table.own[i].bit_length() - 1
        base = next(iter(table.bases(i, s)))
        genotypes[table.sites[s]] = (base, base) if n == 0 else (table.reference_bases[s], base)
    report = call("CYP2C9", sample_of(genotypes, phased=False), RESEARCH)
    assert len(report.research_diplotypes) == MOST_LISTED
    assert f"{MOST_LISTED} of 64 equally good" in next(note.text for note in report.caveats if note.code == "research_combinations")


def test_an_outside_call_leaves_no_research_result() -> None:
    outside = OutsideCall(gene="CYP2C9", diplotype="*1/*2", tool="Some caller")
    seen = sample("CYP2C9", "rs1799853=C|T;rs1057910=A|C")
    report = call("CYP2C9", seen, RESEARCH, outside=(outside,))
    assert ([d.name for d in report.diplotypes], report.research_diplotypes) == (["*1/*2"], ())
    silent = OutsideCall(gene="CYP2C9", no_call=True, tool="Some caller")
    assert combined(call("CYP2C9", seen, RESEARCH, outside=(silent,))) == ["*1/[*2 + *3]"]


@pytest.mark.parametrize(
    ("site", "allele", "name"),
    [
        ("CYP2C19:94781859", "A", "g.94781859G>A"),
        ("CYP2D6:42128241", "C", "g.42128242del"),
        ("CYP2D6:42128173", "C", "g.42128176_42128178del"),
        ("CYP2D6:42126656", "CCAGTGGGCA", "g.42126658_42126666dup"),
        ("CYP2D6:42128211", "CG", "g.42128218dup"),
        ("CYP2D6:42128903", "TTA", "g.42128903_42128904insTA"),
        ("CYP2C9:94942205", "C", "g.94942213_94942222del"),
        ("UGT1A1:233760233", "CATAT", "g.233760247_233760248dup"),
        ("UGT1A1:233760233", "C", "g.233760247_233760248del"),
    ],
)
def test_variants_are_named_as_hgvs_does(site: str, allele: str, name: str) -> None:
    assert genomic_name(SITES[site], allele) == name
