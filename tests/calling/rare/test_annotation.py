"""What VEP, SnpEff and csq wrote, read by the order of fields that the header names."""

import pytest

from tests.calling.rare.records import call, definitions
from tests.calling.rare.transcripts import transcript, without_sequence
from trdpgx.calling.consequence import consequence
from trdpgx.calling.rare_variants.agreement import Agreement, compare
from trdpgx.calling.rare_variants.annotation import Annotation, annotations, format_of, formats_of
from trdpgx.model.region import InfoDefinition

VEP = (
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: Allele|Consequence|IMPACT|SYMBOL|'
    "Gene|Feature_type|Feature|BIOTYPE|EXON|INTRON|HGVSc|HGVSp|cDNA_position|CDS_position|Protein_position|Amino_acids|Codons|"
    'Existing_variation|ALLELE_NUM|DISTANCE|STRAND|MANE_SELECT|gnomADe_AF|gnomADg_AF|MAX_AF|CADD_PHRED|REVEL">'
)
WORDS = 'Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: '
VEP_SHUFFLED = f'##INFO=<ID=CSQ,{WORDS}SYMBOL|Feature|Consequence|Allele">'
VEP_AS_ANN = f'##INFO=<ID=ANN,{WORDS}Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature">'
SNPEFF = (
    "##INFO=<ID=ANN,Number=.,Type=String,Description=\"Functional annotations: 'Allele | Annotation | Annotation_Impact | Gene_Name | "
    "Gene_ID | Feature_Type | Feature_ID | Transcript_BioType | Rank | HGVS.c | HGVS.p | cDNA.pos / cDNA.length | CDS.pos / CDS.length | "
    "AA.pos / AA.length | Distance | ERRORS / WARNINGS / INFO'\">"
)
BCSQ = (
    '##INFO=<ID=BCSQ,Number=.,Type=String,Description="Local consequence annotation from BCFtools/csq, see '
    "http://samtools.github.io/bcftools/howtos/csq-calling.html for details. Format: Consequence|gene|transcript|biotype|strand|"
    'amino_acid_change|dna_change">'
)
MODEL = transcript("PYHIN1")


def read(header: str, line: str, index: int = 0) -> list[Annotation]:
    return list(annotations(call(line).record, formats_of(definitions(header)), index, MODEL))


def test_vep_is_read_on_the_mane_transcript() -> None:
    text = (
        "T|intron_variant|MODIFIER|PYHIN1|ENSG00000163564|Transcript|ENST00000392254.6|protein_coding||1/7|||||||||1|||||||21|,"
        "T|missense_variant|MODERATE|PYHIN1|ENSG00000163564|Transcript|ENST00000368140.6|protein_coding|2/9||ENST00000368140.6:c.4G>T|"
        "ENSP00000357122.1:p.Ala2Ser|249|4|2|A/S|Gca/Tca|rs1|1||1|NM_152501.5|0.0001||0.0004|22.4|0.031"
    )
    (found,) = read(VEP, f"1 158936914 G T CSQ={text} 0/1")
    assert (found.tool, found.same_transcript, found.terms, found.impact) == ("VEP", True, ("missense_variant",), "MODERATE")
    assert (found.hgvs_c, found.hgvs_p) == ("ENST00000368140.6:c.4G>T", "ENSP00000357122.1:p.Ala2Ser")
    assert found.fields["gnomade_af"] == "0.0001"
    assert "gnomadg_af" not in found.fields


def test_the_order_of_fields_is_the_headers() -> None:
    (found,) = read(VEP_SHUFFLED, "1 158936914 G T CSQ=PYHIN1|NM_152501.4|missense_variant&splice_region_variant|T 0/1")
    assert (found.terms, found.same_transcript) == (("missense_variant", "splice_region_variant"), True)


def test_vep_may_write_ann() -> None:
    (found,) = read(VEP_AS_ANN, "1 158936914 G T ANN=T|missense_variant|MODERATE|PYHIN1|ENSG|Transcript|ENST00000368140 0/1")
    assert found.tool == "VEP"


def test_snpeff() -> None:
    text = (
        "T|upstream_gene_variant|MODIFIER|OTHER|ENSG1|transcript|ENST00000000001.1|protein_coding||c.-1G>T|||||1,"
        "T|missense_variant|MODERATE|PYHIN1|ENSG00000163564|transcript|NM_152501.5|protein_coding|2/9|c.4G>T|p.Ala2Ser|249/1900|4/1479|2/492||"
    )
    (found,) = read(SNPEFF, f"1 158936914 G T ANN={text} 0/1")
    assert (found.tool, found.transcript, found.terms) == ("SnpEff", "NM_152501.5", ("missense_variant",))
    assert (found.impact, found.hgvs_c, found.hgvs_p) == ("MODERATE", "c.4G>T", "p.Ala2Ser")


def test_csq() -> None:
    (found,) = read(BCSQ, "1 158936914 G T BCSQ=*missense|PYHIN1|ENST00000368140|protein_coding|+|2A>2S|158936914G>T 0/1")
    assert (found.tool, found.terms, found.hgvs_p) == ("bcftools csq", ("missense",), "2A>2S")


def test_csq_names_the_change_of_each_alt() -> None:
    entry = "missense|PYHIN1|ENST00000368140|protein_coding|+|2A>2{}|158936914G>{}"
    text = ",".join([entry.format("S", "T"), entry.format("T", "A")])
    for index, terms in enumerate(("2A>2S", "2A>2T")):
        (found,) = read(BCSQ, f"1 158936914 G T,A BCSQ={text} 1/2", index)
        assert found.hgvs_p == terms


def test_several_tools_stand_side_by_side() -> None:
    line = (
        "1 158936914 G T CSQ=PYHIN1|ENST00000368140|missense_variant|T;"
        "BCSQ=missense|PYHIN1|ENST00000368140|protein_coding|+|2A>2S|158936914G>T 0/1"
    )
    assert [found.tool for found in read(VEP_SHUFFLED + "\n" + BCSQ, line)] == ["VEP", "bcftools csq"]


@pytest.mark.parametrize(
    ("alts", "index", "allele"),
    [("T,A", 0, "T"), ("T,A", 1, "A"), ("GA,T", 0, "A"), ("GAA,GA", 1, "A"), ("GAA,GA", 0, "AA")],
)
def test_the_entry_of_an_alt_is_found_by_any_spelling(alts: str, index: int, allele: str) -> None:
    entries = ",".join(f"PYHIN1|ENST00000368140|{name}|{spelled}" for name, spelled in (("wrong", "CCC"), ("right", allele)))
    (found,) = read(VEP_SHUFFLED, f"1 158936914 G {alts} CSQ={entries} 1/2", index)
    assert found.terms == ("right",)


def test_a_deletion_is_spelled_with_a_dash() -> None:
    entries = "PYHIN1|ENST00000368140|right|-,PYHIN1|ENST00000368140|wrong|A"
    (found,) = read(VEP_SHUFFLED, "1 158936914 GC G,GA CSQ=" + entries + " 1/2", 0)
    assert found.terms == ("right",)


def test_allele_num_wins_over_spelling() -> None:
    header = VEP_SHUFFLED.replace("Allele", "Allele|ALLELE_NUM")
    (found,) = read(header, "1 158936914 G A,T CSQ=PYHIN1|ENST00000368140|second|A|2,PYHIN1|ENST00000368140|first|A|1 1/2", 1)
    assert found.terms == ("second",)


def test_another_transcript_of_the_gene_is_better_than_none_and_is_stated_to_be_another() -> None:
    (found,) = read(VEP_SHUFFLED, "1 158936914 G T CSQ=OTHER|ENST1|intron_variant|T,PYHIN1|ENST00000392254|stop_gained|T 0/1")
    assert (found.terms, found.same_transcript) == (("stop_gained",), False)
    assert read(VEP_SHUFFLED, "1 158936914 G T CSQ=OTHER|ENST1|intron_variant|T 0/1") == []


@pytest.mark.parametrize("description", ["", "no fields", "Format: one"])
def test_a_header_without_fields_gives_nothing(description: str) -> None:
    assert format_of("CSQ", description) is None
    record = call("1 158936914 G T CSQ=T|missense_variant 0/1").record
    assert annotations(record, formats_of({"CSQ": InfoDefinition(".", description)}), 0, MODEL) == ()
    assert annotations(record, {}, 0, MODEL) == ()


def annotated(*terms: str, same: bool = True) -> Annotation:
    return Annotation("VEP", "ENST00000368140", same, terms)


@pytest.mark.parametrize(
    ("terms", "same", "agreement"),
    [
        (("missense_variant",), True, Agreement.AGREES),
        (("missense_variant", "splice_region_variant"), True, Agreement.AGREES),
        (("missense",), True, Agreement.AGREES),
        (("protein_altering_variant",), True, Agreement.DETAIL),
        (("synonymous_variant",), True, Agreement.DISAGREES),
        (("stop_gained",), True, Agreement.DISAGREES),
        (("missense_variant",), False, Agreement.NOT_COMPARED),
        (("sequence_feature",), True, Agreement.NOT_COMPARED),
        ((), True, Agreement.NOT_COMPARED),
    ],
)
def test_agreement(terms: tuple[str, ...], same: bool, agreement: Agreement) -> None:
    own = consequence(MODEL, 158936914, "G", "T")
    assert own is not None
    assert compare(own, annotated(*terms, same=same)) is agreement


def test_later_splice_terms_of_vep_agree_with_the_splice_region() -> None:
    own = consequence(MODEL, MODEL.coding_exons[0].end + 5, "A", "C")
    assert own is not None
    assert compare(own, annotated("splice_donor_5th_base_variant", "intron_variant")) is Agreement.AGREES


def test_where_our_answer_is_open_a_possible_one_is_not_judged_and_an_impossible_one_disagrees() -> None:
    blind = without_sequence("PYHIN1")
    start = MODEL.coding_exons[0].start
    found = [consequence(blind, start + at, ref, alt) for at in range(60) for ref in "ACGT" for alt in "ACGT" if ref != alt]
    own = next(item for item in found if item is not None and item.name == "missense_or_synonymous")
    assert compare(own, annotated("missense_variant")) is Agreement.NOT_COMPARED
    assert compare(own, annotated("frameshift_variant")) is Agreement.DISAGREES
