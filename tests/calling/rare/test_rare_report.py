"""From records to the rows of the report."""

import pytest

from tests.calling.rare.records import call, definitions
from tests.calling.rare.test_annotation import VEP
from tests.calling.rare.transcripts import transcript
from trdpgx.calling.rare_variants.callability import bases_to_read, covered_bases
from trdpgx.calling.rare_variants.genes import RareGenes
from trdpgx.calling.rare_variants.observe import InfoFields, observe
from trdpgx.calling.rare_variants.report import rare_variant_reports
from trdpgx.calling.rare_variants.undefined import defined_by, is_defined, undefined_variants
from trdpgx.knowledge.load import load_knowledge
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.evidence import Verification, VerificationState
from trdpgx.model.frequency import UNKNOWN_FREQUENCY, Frequency, FrequencyState
from trdpgx.model.genome import Assembly
from trdpgx.model.rare import GeneSet, QualifyingRule
from trdpgx.model.region import Interval
from trdpgx.model.variant_report import RareVariantReport

VERIFICATION = Verification(state=VerificationState.UNVERIFIED, where="a test")
RULE = QualifyingRule(id="exome", genes=("PYHIN1", "ZNF248"), verification=VERIFICATION)
SETS = {"lithium": GeneSet(id="lithium", name="lithium response", genes=("GSK3B",), verification=VERIFICATION)}
FREQUENCY = (
    '##INFO=<ID=gnomad_popmax_af,Number=A,Type=Float,Description="x">\n##INFO=<ID=AF,Number=A,Type=Float,Description="Allele Frequency">'
)


def rows(*lines: str, gene: str = "PYHIN1", header: str = FREQUENCY, rule: QualifyingRule = RULE) -> list[RareVariantReport]:
    model = transcript(gene)
    observed = observe(model, [call(line) for line in lines], InfoFields(definitions(header)))
    return list(rare_variant_reports(model, observed, [rule], chosen=observed))


def test_a_missense_variant_with_its_frequency_qualifies_and_states_why() -> None:
    (row,) = rows("1 158936914 G T gnomad_popmax_af=0.0004;AF=0.5 0/1")
    assert (row.gene, row.location, row.ref, row.alt, row.zygosity) == ("PYHIN1", "chr1:158936914", "G", "T", "heterozygous")
    assert (row.transcript, row.hgvs_c, row.hgvs_p) == ("NM_152501.5", "NM_152501.5:c.4G>T", "NP_689714.2:p.(Ala2Ser)")
    assert (row.consequence, row.impact, row.exon) == ("missense_variant", "MODERATE", "2/9")
    assert (row.allele_frequency, row.frequency_state, row.frequency_source) == (0.0004, "known", "gnomad_popmax_af")
    assert row.qualifies is True
    assert row.reasons == ("impact MODERATE counts", "population frequency 0.0004 (gnomad_popmax_af) is rare; up to 0.05 counts")


def test_a_cohorts_own_frequency_is_no_population_frequency() -> None:
    (row,) = rows("1 158936914 G T AF=0.0001;AC=1;AN=10000 0/1")
    assert (row.frequency_state, row.allele_frequency, row.qualifies) == ("unknown", None, None)
    assert "population frequency unknown: not counted as rare" in row.reasons


def test_what_vep_wrote_stands_beside_our_own() -> None:
    text = (
        "T|missense_variant|MODERATE|PYHIN1|ENSG00000163564|Transcript|ENST00000368140.6|protein_coding|2/9||ENST00000368140.6:c.4G>T|"
        "ENSP00000357122.1:p.Ala2Ser|249|4|2|A/S|Gca/Tca|rs1|1||1|NM_152501.5|0.0001|0.0002|0.0009|22.4|0.031"
    )
    (row,) = rows(f"1 158936914 G T CSQ={text} 0/1", header=VEP)
    (stated,) = row.annotations
    assert (stated.tool, stated.consequence, stated.agreement, stated.hgvs_p) == (
        "VEP", ("missense_variant",), "agrees", "ENSP00000357122.1:p.Ala2Ser",
    )  # fmt: skip
    assert (row.frequency_overall, row.frequency_highest, row.allele_frequency) == (0.0002, 0.0009, 0.0009)
    assert row.predictors == {"CADD": 22.4, "REVEL": 0.031}
    wrong = text.replace("missense_variant|MODERATE", "synonymous_variant|LOW")
    (row,) = rows(f"1 158936914 G T CSQ={wrong} 0/1", header=VEP)
    assert row.annotations[0].agreement == "disagrees"


def test_multi_allelic_records_give_a_row_for_each_allele_that_is_carried() -> None:
    found = rows("1 158936914 G T,A,C gnomad_popmax_af=0.1,0.2,0.3 1/3")
    assert [(row.alt, row.allele_frequency) for row in found] == [("T", 0.1), ("C", 0.3)]


def test_what_changes_no_protein_and_no_splicing_is_not_listed() -> None:
    assert rows("1 158936000 G T . 0/1", "1 158937000 A <DEL> . 0/1", "2 158936914 G T . 0/1", "1 158936914 G T . 0/0") == []


def test_a_reference_that_contradicts_the_transcript_is_listed_and_nothing_is_concluded() -> None:
    (row,) = rows("1 158936914 C T gnomad_popmax_af=0.0004 0/1")
    assert (row.consequence, row.impact, row.hgvs_c, row.qualifies) == (None, None, None, None)
    assert [note.code for note in row.limits] == ["reference_mismatch"]


@pytest.mark.parametrize(
    ("genotype", "zygosity"),
    [("0/1", "heterozygous"), ("1|1", "homozygous"), ("1", "hemizygous"), ("./1", "unknown"), ("0/1/1", "unknown")],
)
def test_zygosity(genotype: str, zygosity: str) -> None:
    (row,) = rows(f"1 158936914 G T gnomad_popmax_af=0.0004 {genotype}")
    assert row.zygosity == zygosity
    assert row.qualifies is (None if genotype == "./1" else True)


def test_a_filtered_record_does_not_qualify_for_certain() -> None:
    (row,) = rows("1 158936914 G T gnomad_popmax_af=0.0004 0/1 LowQual")
    assert (row.filter, row.qualifies) == ("LowQual", None)


def test_two_variants_of_one_codon_in_phase_are_read_together_and_judged_together() -> None:
    found = rows("10 37856307 T A gnomad_popmax_af=0.001 0|1", "10 37856305 G T gnomad_popmax_af=0.001 0|1", gene="ZNF248")
    assert {row.consequence for row in found} == {"missense_variant"}
    for row in found:
        assert row.combined is not None
        assert (row.combined.consequence, row.combined.hgvs_p) == ("stop_gained", "NP_066383.1:p.(Asn2Ter)")
        assert row.combined.locations == ("chr10:37856307", "chr10:37856305")
        assert "impact HIGH counts" in row.reasons


@pytest.mark.parametrize(
    ("first", "second", "combined"),
    [
        ("0|1", "1|0", False),
        ("0|1 PASS 1", "0|1 PASS 2", False),
        ("0|1 PASS 1", "0|1 PASS 1", True),
        ("1/1", "0/1", True),
        ("1/1", "1/1", True),
        ("1|1", "0|1", True),
        ("0/1", "0/1", False),
    ],
)
def test_phase_decides_what_is_read_together(first: str, second: str, combined: bool) -> None:
    found = rows(f"10 37856307 T A gnomad_popmax_af=0.001 {first}", f"10 37856305 G T gnomad_popmax_af=0.001 {second}", gene="ZNF248")
    assert [row.combined is not None for row in found] == [combined, combined]


def test_two_unphased_variants_of_one_codon_leave_it_open() -> None:
    found = rows("10 37856307 T A gnomad_popmax_af=0.001 0/1", "10 37856305 G T gnomad_popmax_af=0.001 0/1", gene="ZNF248")
    assert [row.unphased_with for row in found] == [("chr10:37856305",), ("chr10:37856307",)]
    assert [row.qualifies for row in found] == [None, None]


def test_a_rule_names_genes_by_itself_or_through_a_set() -> None:
    lithium = QualifyingRule(id="lithium", genes=("PYHIN1",), gene_sets=("lithium",), verification=VERIFICATION)
    assert lithium.all_genes(SETS) == {"PYHIN1", "GSK3B"}


@pytest.mark.parametrize("assembly", list(Assembly))
def test_a_gene_is_asked_about_by_the_rules_that_name_it(assembly: Assembly) -> None:
    knowledge = load_knowledge(None, None)
    genes, rules = RareGenes(knowledge, assembly), knowledge.rulebook
    assert genes.asked
    for gene in genes.transcripts:
        naming = [rule for rule in rules.criteria.values() if gene in rule.all_genes(rules.gene_sets) and rule != genes.undefined]
        assert genes.asked.get(gene, []) == naming, gene


def lookup(chrom: str, pos: int, ref: str, alt: str) -> Frequency:
    if (chrom, pos, ref, alt) == ("1", 158936914, "G", "T"):
        return Frequency(FrequencyState.KNOWN, 0.3, None, "file")
    return UNKNOWN_FREQUENCY


def test_the_operators_file_comes_before_what_was_annotated() -> None:
    model = transcript("PYHIN1")
    calls = [call("1 158936914 G T gnomad_popmax_af=0.0004 0/1"), call("1 158936915 C T gnomad_popmax_af=0.0004 0/1")]
    found = observe(model, calls, InfoFields(definitions(FREQUENCY)), lookup)
    assert [variant.frequency.decisive for variant in found] == [0.3, 0.0004]


def undefined(*lines: str) -> list[tuple[int, str | None]]:
    model = transcript("CYP2D6")
    calls = [call(line) for line in lines]
    panel = load_reference().panels[Assembly.GRCH38]
    sites = [site for site in panel.sites if site.gene == "CYP2D6"]
    defined = defined_by(model, sites)
    found = undefined_variants(model, observe(model, calls, InfoFields(definitions(FREQUENCY))), defined, RULE)
    spelled = [is_defined(one.record, allele - 1, defined) for one in calls for allele in set(one.alleles) if allele > 0]
    assert not (found and all(spelled))
    return [(variant.call.record.pos, variant.consequence.name) for variant in found]


def test_variants_that_no_allele_defines_are_found() -> None:
    star_4, star_3, star_10 = "22 42128945 C T . 0/1", "22 42128241 CT C . 0/1", "22 42130692 G A gnomad_popmax_af=0.001 0/1"
    assert undefined(star_4, star_3, star_10) == []
    assert undefined("22 42128242 TG T . 0/1") == [(42128242, "frameshift_variant")]
    assert undefined("22 42130718 C A gnomad_popmax_af=0.0001 0/1") == [(42130718, "missense_variant")]
    assert undefined("22 42130718 C A gnomad_popmax_af=0.2 0/1", "22 42130718 C A . 0/1") == []


@pytest.mark.parametrize(("bases", "listed"), [(3, False), (48, False), (51, True), (9_000, True)])
def test_a_long_insertion_in_frame_is_listed_whatever_is_known_of_its_frequency(bases: int, listed: bool) -> None:
    assert undefined(f"22 42130700 G G{'GCT' * (bases // 3)} . 0/1") == ([(42130700, "inframe_insertion")] if listed else [])


def test_a_defined_indel_is_known_in_any_spelling() -> None:
    assert undefined("22 42128241 CTG CG . 0/1") == []


def test_a_site_spelled_as_the_panel_spells_it_is_reported_from_others_before_anything_is_worked_out() -> None:
    defined = defined_by(transcript("CYP2D6"), [site for site in load_reference().panels[Assembly.GRCH38].sites if site.gene == "CYP2D6"])
    records = [call(f"{line} 0/1").record for line in ("22 42128945 C T .", "22 42128945 C G .", "22 19963748 G A .")]
    assert [is_defined(record, 0, defined) for record in records] == [True, False, True]
    both = call("22 42128945 C T,G . 1/2").record
    assert [is_defined(both, index, defined) for index in (0, 1)] == [True, False]


def test_callability_counts_coding_bases_and_splice_sites() -> None:
    model = transcript("STK19")
    assert bases_to_read(model) == 765 + 4 * 7
    assert covered_bases(model, [Interval("7", *model.span)]) == 0
    assert covered_bases(model, []) == 0
    assert covered_bases(model, [Interval("6", *model.span)]) == bases_to_read(model)
    first = model.coding_exons[0]
    overlapping = [Interval("6", first.start, first.start + 9), Interval("6", first.start + 5, first.start + 19)]
    assert covered_bases(model, overlapping) == 20
