"""Diplotypes of real genes, case by case: tests/cases/accept/diplotypes.tsv. Sites that a case does not name are reference (GRCh38)."""

from pathlib import Path

import pytest

from tests.calling.tables import call, library, real_table
from tests.tables import rows_of
from trdpgx.calling.star_alleles.diplotypes import Meaning
from trdpgx.calling.star_alleles.matcher import match
from trdpgx.calling.star_alleles.other_pairs import other_pairs_text
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import Assembly, NoCallReason, SampleSites, SiteCall, SiteState
from trdpgx.model.options import AbsentOption, Options

TABLE = Path(__file__).parents[1] / "cases" / "accept" / "diplotypes.tsv"
SITES = library().sites[Assembly.GRCH38]


def site_call(site: str, text: str) -> SiteCall:
    """Return a call from ``A/G``, ``A|G``, ``A|G@7`` (phase set 7) or ``.`` (no-call)."""
    genotype, _, phase_set = text.partition("@")
    if genotype == ".":
        return SiteCall(site, SiteState.NO_CALL, reason=NoCallReason.MISSING)
    alleles = tuple(genotype.replace("|", "/").split("/"))
    known = {SITES[site].ref, *SITES[site].alts}
    return SiteCall(
        site,
        SiteState.CALLED,
        alleles,
        unknown=tuple(allele for allele in alleles if allele not in known),
        phased="|" in genotype or len(set(alleles)) == 1,
        phase_set=int(phase_set) if phase_set else None,
    )


def sample(gene: str, genotypes: str) -> SampleSites:
    ids = {SITES[site].rsid or site: site for site in library().genes[gene].sites}
    calls = {site: site_call(site, f"{SITES[site].ref}/{SITES[site].ref}") for site in library().genes[gene].sites}
    for part in filter(None, genotypes.split(";")):
        name, _, text = part.partition("=")
        calls[ids[name]] = site_call(ids[name], text)
    return SampleSites("sample", calls)


def report_of(gene: str, genotypes: str, options: Options | None = None) -> GeneReport:
    return call(gene, sample(gene, genotypes), options)


@pytest.mark.parametrize("row", rows_of(TABLE), ids=lambda row: f"{row['gene']} {row['case']}")
def test_case(row: dict[str, str]) -> None:
    report = report_of(row["gene"], row["genotypes"])
    assert report.status == row["status"], report.no_call_reason
    assert ";".join(diplotype.name for diplotype in report.diplotypes) == row["diplotypes"]
    assert (report.phenotype.code if report.phenotype else "") == row["phenotype"]
    if row["activity_scores"]:
        assert report.activity_score_range == tuple(float(row["activity_scores"].split(";")[end]) for end in (0, -1))
    assert set(filter(None, row["missing"].split(";"))) <= set(report.missing_alleles)
    assert (report.no_call_reason is None) == (report.status != "no_call")


def test_a_site_that_was_not_seen_is_dropped_whatever_the_reason() -> None:
    whole = sample("CYP2C19", "rs3758581=G/G;rs4244285=G/A;rs12769205=A/G")
    site = next(site for site in whole.calls if SITES[site].rsid == "rs4244285")
    for reason in [*NoCallReason, None]:
        state = SiteState.NO_CALL if reason else SiteState.ABSENT
        report = call("CYP2C19", SampleSites("sample", whole.calls | {site: SiteCall(site, state, reason=reason)}))
        unseen = next(one for one in report.unseen_sites if one.site == site)
        assert (unseen.state, unseen.reason) == (state, reason)
        assert [diplotype.name for diplotype in report.diplotypes] == ["*1/*2", "*1/*35"]
        assert report.missing_alleles == ("*2",)


def test_only_absent_sites_count_as_reference_and_only_on_request() -> None:
    options = Options(absent=AbsentOption.REFERENCE)
    everything = SampleSites("sample", {})
    assert call("CYP2D6", everything).status == "no_call"
    assert [d.name for d in call("CYP2D6", everything, options).diplotypes] == ["*1/*1"]
    assert call("CYP2D6", everything, options).sites.assumed_reference == 157
    refused = {site: SiteCall(site, SiteState.NO_CALL, reason=NoCallReason.FILTERED) for site in library().genes["CYP2D6"].sites}
    report = call("CYP2D6", SampleSites("sample", refused), options)
    assert report.status == "no_call"
    assert report.sites.assumed_reference == 0


def test_absent_counts_as_the_reference_base_of_the_files_own_assembly() -> None:
    """At rs3758581 GRCh37 has G and GRCh38 has A."""
    options = Options(absent=AbsentOption.REFERENCE)
    names = {a: [d.name for d in call("CYP2C19", SampleSites("sample", {}), options, a).diplotypes] for a in Assembly}
    assert names == {Assembly.GRCH37: ["*1/*1"], Assembly.GRCH38: ["*38/*38"]}


def test_a_reference_block_is_seen_reference() -> None:
    blocks = {site: SiteCall(site, SiteState.COVERED_REFERENCE, phased=True) for site in library().genes["CYP2C19"].sites}
    report = call("CYP2C19", SampleSites("sample", blocks), None, Assembly.GRCH37)
    assert [d.name for d in report.diplotypes] == ["*1/*1"]
    assert report.sites.covered_reference == 35
    assert not report.unseen_sites


def test_an_unknown_allele_is_named_and_the_gene_is_not_called() -> None:
    report = report_of("CYP2C19", "rs3758581=G/G;rs4244285=G/C")
    assert report.status == "no_call"
    assert "rs4244285" in str(report.no_call_reason)
    assert [note.code for note in report.unknown_alleles] == ["unknown_allele"]
    assert "C at rs4244285" in report.unknown_alleles[0].text


def test_a_half_called_variant_is_a_no_call_for_the_gene_and_a_half_called_reference_is_unseen() -> None:
    whole = sample("CYP2C19", "rs3758581=G/G")
    site = next(site for site in whole.calls if SITES[site].rsid == "rs4244285")
    half = {
        seen: call(
            "CYP2C19", SampleSites("sample", whole.calls | {site: SiteCall(site, SiteState.NO_CALL, seen, reason=NoCallReason.HALF_CALL)})
        )
        for seen in [(), ("G",), ("A",)]
    }
    assert [d.name for d in half[()].diplotypes] == [d.name for d in half[("G",)].diplotypes] == ["*1/*1"]
    assert half[("A",)].status == "no_call"
    assert "rs4244285" in str(half[("A",)].no_call_reason)


def test_a_haplotype_that_no_allele_has_is_reported_with_its_sites() -> None:
    report = report_of("CYP2C19", "rs3758581=G|G;rs12769205=A|G;rs4244285=G|A;rs12248560=C|T")
    assert report.status == "no_call"
    assert all(rsid in str(report.no_call_reason) for rsid in ("rs12248560", "rs4244285", "rs12769205"))


def test_no_phenotype_is_stated_where_the_diplotypes_disagree() -> None:
    report = report_of("CYP2B6", "rs3745274=G/T;rs2279343=.")
    assert [d.name for d in report.diplotypes] == ["*1/*6", "*1/*9"]
    report = report_of("CYP2C19", "rs3758581=G/G;rs12248560=.;rs28399504=A/G")
    assert {d.phenotype for d in report.diplotypes} == {report.phenotype.code if report.phenotype else None}
    report = report_of("CYP2D6", "rs1065852=G/A;rs1135840=G/G;rs1058164=G/G;rs16947=G/A;rs28371706=G/A")
    assert report.phenotype is None
    assert not report.phenotypes
    assert [code.value for code in report.phenotype_range] == ["IM", "Indeterminate"]


def test_candidates_are_listed_only_on_request() -> None:
    genotypes = "rs3745274=G/T;rs2279343=A/G"
    assert report_of("CYP2B6", genotypes).candidates is None
    report = report_of("CYP2B6", genotypes, Options(all_candidates=True))
    assert report.candidates == ("*1/*6", "*4/*9")
    assert "other_pairs_possible" in {note.code for note in report.caveats}


@pytest.mark.parametrize(
    ("gene", "genotypes", "words"),
    [
        ("CYP2B6", "rs3745274=G/T;rs2279343=A/G", "*4/*9 (Intermediate Metabolizer as well)"),
        ("CYP2C19", "rs3758581=G/G;rs12248560=.", "*1/*17 (would be Rapid Metabolizer); *17/*17 (would be Ultrarapid Metabolizer)"),
        ("CYP2D6", "rs1135840=.;rs16947=.", "*1/*2, *1/*39, *2/*2 and 2 more (Normal Metabolizer as well)"),
    ],
)
def test_other_pairs_that_fit_are_named_with_their_phenotype(gene: str, genotypes: str, words: str) -> None:
    notes = [note.text for note in report_of(gene, genotypes).caveats if note.code == "other_pairs_possible"]
    assert len(notes) == 1
    assert words in notes[0]


def test_other_pairs_are_those_of_two_copies_where_copies_were_counted() -> None:
    table = real_table("CYP2B6")
    heterozygous = {"rs3745274": ("G", "T", 1), "rs2279343": ("A", "G", 2)}
    pattern = tuple(heterozygous.get(rsid or "", (base, base, 0)) for rsid, base in zip(table.rsids, table.reference_bases, strict=True))
    assert other_pairs_text(table, match(table, pattern), Meaning()) == "*4/*9 (if there are two copies)"


def test_the_diplotype_shows_the_sites_that_it_rests_on() -> None:
    report = report_of("CYP2C19", "rs3758581=G/G;rs4244285=A/G;rs12769205=A/G")
    matched = {site.rsid: site.alleles for site in report.diplotypes[0].matched_sites}
    assert matched == {"rs12769205": ("A", "G"), "rs4244285": ("G", "A"), "rs3758581": ("G", "G")}


def test_schemes_have_cut_offs_of_their_own() -> None:
    report = report_of("CYP2C19", "rs3758581=G/G;rs12248560=C/T")
    assert {scheme.value: phenotype.code.value for scheme, phenotype in report.phenotypes.items()} == {"CPIC": "RM", "DPWG": "NM"}


def test_nothing_that_was_not_seen_is_called_normal() -> None:
    for gene in library().genes:
        report = call(gene, SampleSites("sample", {}), Options(absent=AbsentOption.REFERENCE))
        texts = [*(note.text for note in report.caveats), *(note.text for note in report.copy_number.structural_possibilities)]
        assert not any("normal" in text.replace("Normal Metabolizer", "").lower() for text in texts)
