"""Which rare variants are counted: what the rules count, and as a control only what is surely synonymous and as rare."""

from pathlib import Path

import polars as pl
import pytest

from trdpgx import cohort
from trdpgx.pipeline import Service
from trdpgx.statistics.masks import with_masks

LIBRARY = Service().knowledge.rulebook
CONTIGS = "##contig=<ID=chr1,length=248956422>\n##contig=<ID=chr10,length=133797422>\n"
HEADER = f'##fileformat=VCFv4.2\n##reference=GRCh38\n{CONTIGS}##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="">\n'
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA\tB\n"


@pytest.mark.parametrize(
    ("qualifies", "consequence", "state", "frequency", "mask"),
    [
        (True, "missense_variant", "known", 0.002, "qualifying"),
        (False, "synonymous_variant", "known", 0.002, "synonymous"),
        (False, "synonymous_variant", "absent", None, "synonymous"),
        (False, "synonymous_variant", "known", 0.3, None),
        (None, "synonymous_variant", "unknown", None, None),
        (None, "missense_or_synonymous", "known", 0.002, None),
        (False, "splice_region_variant", "known", 0.002, None),
        (None, "missense_variant", "unknown", None, None),
        (None, None, "known", 0.002, None),
    ],
)
@pytest.mark.parametrize("gene", ["PRKRA", "A_GENE_OF_ONES_OWN"])
def test_what_a_mask_takes(
    *, qualifies: bool | None, consequence: str | None, state: str, frequency: float | None, mask: str | None, gene: str
) -> None:
    row = {"gene": gene, "qualifies": qualifies, "consequence": consequence, "frequency_state": state, "allele_frequency": frequency}
    schema = {
        "gene": pl.String,
        "qualifies": pl.Boolean,
        "consequence": pl.String,
        "frequency_state": pl.String,
        "allele_frequency": pl.Float64,
    }
    assert with_masks(pl.DataFrame([row], schema=schema), LIBRARY)["mask"].to_list() == ([] if mask is None else [mask])


def test_variants_of_a_file_reach_both_masks(tmp_path: Path) -> None:
    """Positions and consequences are rows of tests/cases/consequence.tsv."""
    rows = [
        ("chr1", 158936916, "A", "T", 0.001, "0/1", "0/0"),  # PYHIN1 c.6A>T, synonymous
        ("chr10", 37831855, "G", "A", 0.4, "0/1", "0/1"),  # ZNF248 c.1500C>T, synonymous and common
        ("chr10", 37831618, "G", "T", 0.002, "0/0", "0/1"),  # ZNF248 c.1737C>A, synonymous
    ]
    lines = (f"{chrom}\t{pos}\t.\t{ref}\t{alt}\t50\tPASS\tgnomAD_AF={af}\tGT\t{a}\t{b}\n" for chrom, pos, ref, alt, af, a, b in rows)
    path = tmp_path / "exome.vcf"
    path.write_text(HEADER + COLUMNS + "".join(lines))
    tables = cohort.call(path)
    assert tables.errors.is_empty()
    masked = with_masks(tables.rare_variants, LIBRARY)
    found = set(masked.select("sample", "gene", "mask").iter_rows())
    assert found == {("A", "PYHIN1", "synonymous"), ("B", "ZNF248", "synonymous")}
