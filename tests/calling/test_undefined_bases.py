"""Undefined bases at defining sites: where a gene is called without them, and never beside a silent, intronic or upstream variant."""

import pytest

from tests.calling.tables import call, library
from tests.calling.test_conventions import sample
from trdpgx.calling.consequence import consequence
from trdpgx.calling.star_alleles.table import allele_table
from trdpgx.calling.star_alleles.undefined_bases import protein_changing_sites
from trdpgx.model.consequence import Impact, Term
from trdpgx.model.genome import Assembly, SampleSites, SiteCall, SiteState

GENES = ("CYP2C19", "CYP2D6", "CYP2B6", "CYP2C9", "CYP3A4", "CYP3A5", "UGT1A1")
SITES = library().sites[Assembly.GRCH38]
NEVER = """
    CYP2C19 rs4244285 silent (*2, Pro227=); CYP2C19 rs12769205 intronic (*35); CYP2C19 rs12248560 upstream (*17)
    CYP2C19 rs72558186 splice (*7); CYP2D6 rs28371725 intronic (*41); CYP2D6 rs3892097 splice (*4)
    CYP2D6 rs1058164 silent; CYP2D6 rs79292917 silent (*59)
    CYP3A4 rs35599367 intronic (*22); CYP3A5 rs776746 intronic (*3); CYP3A5 rs10264272 silent (*6); CYP2B6 rs34223104 upstream (*22)
    UGT1A1 rs887829 upstream (*80); UGT1A1 rs3064744 upstream (*28)
"""


def forbidden() -> list[tuple[str, str]]:
    rows = (part.split() for line in NEVER.strip().splitlines() for part in line.split(";"))
    return [(row[0], row[1]) for row in rows]


def site_of(gene: str, name: str) -> str:
    return next(site for site in library().genes[gene].sites if name in {site, SITES[site].rsid})


def with_base(gene: str, site: str, genotype: str, others: str = "") -> SampleSites:
    """Return a sample with a genotype at a site; bases that no allele of the site has are marked as unknown."""
    calls = dict(sample(gene, others).calls)
    phased = "|" in genotype
    alleles = tuple(genotype.replace("|", "/").split("/"))
    strangers = tuple(dict.fromkeys(base for base in alleles if base not in {SITES[site].ref, *SITES[site].alts}))
    calls[site] = SiteCall(site, SiteState.CALLED, alleles, strangers, phased=phased or len(set(alleles)) == 1)
    return SampleSites("sample", calls)


@pytest.mark.parametrize(("gene", "rsid"), forbidden())
@pytest.mark.parametrize("assembly", list(Assembly))
def test_no_undefined_base_is_passed_over_where_the_defined_one_is_no_change_of_the_protein(
    gene: str, rsid: str, assembly: Assembly
) -> None:
    site = site_of(gene, rsid)
    for base in "ACGT":
        if base in {SITES[site].ref[0], *SITES[site].alts}:
            continue
        found = call(gene, with_base(gene, site, f"{base}/{base}"), None, assembly)
        assert (found.status, found.diplotypes, found.phenotype) == ("no_call", (), None)


@pytest.mark.parametrize("gene", GENES)
def test_every_site_that_may_be_called_without_a_base_has_protein_changing_bases_only(gene: str) -> None:
    transcript = library().transcripts[Assembly.GRCH38].get(gene)
    definition = library().genes[gene]
    if transcript is None:
        assert gene in {"CYP3A5", "UGT1A1"}
        return
    table = allele_table(definition, SITES)
    eligible = protein_changing_sites(table, transcript, tuple(SITES[site] for site in table.sites))
    for s, site in enumerate(table.sites):
        found = [consequence(transcript, SITES[site].pos, SITES[site].ref, base) for base in table.carriers[s] if base != SITES[site].ref]
        terms = {term for one in found if one for answer in (one.possible or (one.terms,)) for term in answer[:1]}
        low = {term for term in terms if term.impact in {Impact.LOW, Impact.MODIFIER} or term in {Term.SPLICE_ACCEPTOR, Term.SPLICE_DONOR}}
        assert (s in eligible) == (bool(terms) and not low and all(one and (one.terms or one.possible) for one in found)), site


@pytest.mark.parametrize("gene", ["CYP3A5", "UGT1A1"])
def test_a_gene_without_a_transcript_is_never_called_without_a_base(gene: str) -> None:
    for site in library().genes[gene].sites:
        for base in {"A", "C", "G", "T"} - {SITES[site].ref[0], *SITES[site].alts}:
            assert call(gene, with_base(gene, site, f"{base}/{base}")).status == "no_call"


SYNONYMOUS = [
    ("CYP2D6", "rs28371703", "A"),
    ("CYP2D6", "rs72549347", "T"),
    ("CYP2D6", "rs267608295", "T"),
    ("CYP2D6", "rs766391487", "G"),
    ("CYP2C19", "rs118203759", "T"),
    ("CYP2B6", "rs3745274", "A"),
    ("CYP2B6", "rs145884402", "A"),
    ("CYP3A4", "rs113667357", "C"),
    ("CYP2C9", "rs28371686", "T"),
    ("CYP2C9", "rs769942899", "A"),
    ("CYP1A2", "rs72547513", "T"),
]


@pytest.mark.parametrize(("gene", "rsid", "base"), SYNONYMOUS)
@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("genotype", ["{base}/{base}", "{ref}/{base}", "{ref}|{base}"])
def test_a_synonymous_base_is_left_out_and_named(gene: str, rsid: str, base: str, assembly: Assembly, genotype: str) -> None:
    site = site_of(gene, rsid)
    spelled = genotype.format(ref=SITES[site].ref, base=base)
    found = call(gene, with_base(gene, site, spelled), None, assembly)
    plain = call(gene, with_base(gene, site, f"{SITES[site].ref}/{SITES[site].ref}"), None, assembly)
    assert found.diplotypes == plain.diplotypes
    assert found.phenotypes == plain.phenotypes
    assert f"{base} at {rsid}" in next(note.text for note in found.caveats if note.code == "undefined_base_synonymous")
    assert [note.code for note in found.unknown_alleles] == ["unknown_allele"]


@pytest.mark.parametrize(
    ("gene", "genotype", "others", "diplotypes"),
    [
        ("CYP2D6", "rs267608295=C/T", "", "*1/*25"),
        ("CYP2D6", "rs28371703=T|A", "", "*1/*74"),
        ("CYP2B6", "rs3745274=T/A", "", "*1/*9"),
        ("CYP2B6", "rs3745274=T|A", "rs2279343=A|G", "*4/*9"),
    ],
)
def test_a_defined_base_beside_an_undefined_one_stays(gene: str, genotype: str, others: str, diplotypes: str) -> None:
    rsid, _, bases = genotype.partition("=")
    site = site_of(gene, rsid)
    phased = "|" in bases
    alleles = tuple(bases.replace("|", "/").split("/"))
    calls = dict(sample(gene, others).calls)
    strangers = tuple(base for base in alleles if base not in {SITES[site].ref, *SITES[site].alts})
    calls[site] = SiteCall(site, SiteState.CALLED, alleles, strangers, phased=phased)
    found = call(gene, SampleSites("sample", calls))
    assert ";".join(diplotype.name for diplotype in found.diplotypes) == diplotypes


FOUR = "rs1135840=G/G;rs3892097=T/T;rs1058164=G/G;rs28371704=C/C;rs28371703=T/T;rs1065852=A/A"


@pytest.mark.parametrize(
    ("genotype", "others", "called"),
    [
        ("G/G", FOUR, "*4/*4"),
        ("C/G", FOUR, "*4/*4"),
        ("C/G", "rs1135840=C/G;rs3892097=C/T;rs1058164=C/G;rs1065852=G/A", "*1/*4"),
        ("C|G", "rs1135840=C|G;rs3892097=C|T;rs1058164=C|G;rs1065852=G|A", "*1/*4"),
        ("G|C", "rs1135840=C|G;rs3892097=C|T;rs1058164=C|G;rs1065852=G|A", ""),
        ("G/G", "rs1135840=C/G;rs3892097=C/T;rs1058164=C/G;rs1065852=G/A", ""),
        ("G/G", "", ""),
        ("C/G", "", ""),
        ("C/A", FOUR, ""),
    ],
)
def test_a_base_of_a_suballele_is_left_out_where_its_haplotype_can_be_that_allele(genotype: str, others: str, called: str) -> None:
    found = call("CYP2D6", with_base("CYP2D6", "CYP2D6:42126914", genotype, others))
    assert ";".join(diplotype.name for diplotype in found.diplotypes) == called
    if called:
        assert "*4.008" in next(note.text for note in found.caveats if note.code == "undefined_base_of_suballele")
    else:
        assert found.status == "no_call"
        assert {one.reason for one in found.research_diplotypes} == {"without_site"}
        assert "research_without_site" in {note.code for note in found.caveats}
        assert (found.phenotype, found.phenotypes, found.phenotype_range) == (None, {}, ())


def test_what_a_gene_would_be_without_an_undefined_base_is_for_research_only() -> None:
    site = site_of("CYP2C19", "rs4244285")
    found = call("CYP2C19", with_base("CYP2C19", site, "G/C", "rs3758581=G/G;rs12248560=C/T"))
    assert found.status == "no_call"
    assert [(one.name, one.reason) for one in found.research_diplotypes] == [("*1/*17", "without_site")]


def test_phased_haplotypes_that_match_no_allele_show_what_they_would_be_without_phase() -> None:
    found = call("CYP2C19", sample("CYP2C19", "rs3758581=G|G;rs12248560=C|T;rs4244285=A|G;rs12769205=A|G"))
    assert (found.status, found.diplotypes) == ("no_call", ())
    assert [(one.name, one.reason) for one in found.research_diplotypes] == [("*2/*17", "without_phase")]
    assert "*2/*17" in next(note.text for note in found.caveats if note.code == "research_without_phase")
    unphased = call("CYP2C19", sample("CYP2C19", "rs3758581=G/G;rs12248560=C/T;rs4244285=A/G;rs12769205=A/G"))
    assert unphased.status == "called"
    assert unphased.research_diplotypes == ()
