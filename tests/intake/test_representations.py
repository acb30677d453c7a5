"""One person in many representations: rows for all sites, gVCF, other assembly, chr, split, padded, shuffled. The alleles stay the same."""

import random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from trdpgx.model.genome import Assembly, PanelSite, SiteState

from .conftest import Read
from .panel import HEADER, PANELS, vcf

GRCH38, GRCH37 = (PANELS[assembly].sites for assembly in (Assembly.GRCH38, Assembly.GRCH37))
ON_37 = {site.id: site for site in GRCH37}
PADDING = "GATTACA"
APART = {"TRI", "DEL", "INS", "TA", "LAST"}
"""Sites with no other site close in front of them."""

Genotypes = dict[str, tuple[str, str]]
people = st.fixed_dictionaries({site.id: st.tuples(*[st.sampled_from((site.ref, *site.alts))] * 2) for site in GRCH38})


def row(site: PanelSite, pair: tuple[str, str], separator: str, *, padding: str = "", last: str = "", prefix: str = "") -> str:
    alleles = [site.ref, *dict.fromkeys(allele for allele in pair if allele != site.ref)]
    alts = [padding + alt for alt in alleles[1:]] + ([last] if last else [])
    genotype = separator.join(str(alleles.index(allele)) for allele in pair)
    pos = site.pos - len(padding)
    return f"{prefix}{site.chrom} {pos} {padding}{site.ref} {','.join(alts) or '.'} PASS . GT:DP {genotype}:30"


def alleles(read: Read, rows: list[str], header: tuple[str, ...] = HEADER) -> dict[str, tuple[str, ...]]:
    (sample,) = read(vcf(*rows, header=header)).samples
    assert {call.state for call in sample.calls.values()} <= {SiteState.CALLED, SiteState.COVERED_REFERENCE}
    return {site: call.alleles for site, call in sample.calls.items()}


def expected(person: Genotypes, separator: str) -> Genotypes:
    """Return the pairs as they come out: unphased ones in the site's own order."""
    if separator == "|":
        return person
    order = {site.id: [site.ref, *site.alts] for site in GRCH38}
    return {site: tuple(sorted(pair, key=order[site].index)) for site, pair in person.items()}  # type: ignore[misc]


def gvcf(person: Genotypes, separator: str, chance: random.Random) -> list[str]:
    """Return variant rows, and blocks of chance lengths for all that lies between them."""
    rows, taken = [], set()
    for site in GRCH38:
        if set(person[site.id]) != {site.ref}:
            rows.append(row(site, person[site.id], separator, last="<NON_REF>"))
            taken |= {(site.chrom, pos) for pos in range(site.pos, site.pos + len(site.ref))}
    for chrom, first, last in (("10", 90, 430), ("22", 4_990, 5_010)):
        start = first
        for pos in range(first, last + 1):
            cut = chance.random() < 0.05
            if (chrom, pos) in taken or cut or pos == last:
                end = pos - ((chrom, pos) in taken)
                if end >= start:
                    rows.append(f"{chrom} {start} N <NON_REF> . END={end} GT:DP:GQ 0/0:{chance.randint(3, 60)}:40")
                start = pos + 1
    chance.shuffle(rows)
    return rows


quiet = settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate], derandomize=True)


@quiet
@given(people, st.sampled_from("/|"), st.integers(0, 10**9).map(random.Random))
def test_representations(read: Read, person: Genotypes, separator: str, chance: random.Random) -> None:
    plain = [row(site, person[site.id], separator) for site in GRCH38]
    wanted = expected(person, separator)
    assert alleles(read, plain) == wanted
    assert alleles(read, [row(site, person[site.id], separator, prefix="chr") for site in reversed(GRCH38)]) == wanted
    spread = {site.id for site in GRCH38 if site.id in APART and set(person[site.id]) != {site.ref}}
    padded = [
        row(site, person[site.id], separator, padding=PADDING[: chance.randint(0, 7)] if site.id in spread else "") for site in GRCH38
    ]
    assert alleles(read, padded) == wanted
    assert alleles(read, gvcf(person, separator, chance)) == wanted


@quiet
@given(people, st.sampled_from("/|"))
def test_the_other_assembly(read: Read, person: Genotypes, separator: str) -> None:
    rows = []
    for site in GRCH38:
        rows.append(row(ON_37[site.id], person[site.id], separator))
    found = alleles(read, rows, HEADER[:1])
    order = {site.id: [site.ref, *site.alts] for site in GRCH37}
    for site, pair in person.items():
        assert found[site] == (pair if separator == "|" else tuple(sorted(pair, key=order[site].index)))
