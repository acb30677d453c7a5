"""A gene that was not read in somebody: whether that person carries a rare variant of it is not known, and never 0."""

from pathlib import Path

import numpy as np
import polars as pl

from trdpgx import cohort
from trdpgx.pipeline import Service
from trdpgx.statistics.associate import associate
from trdpgx.statistics.burden import burden, carriers, unread
from trdpgx.statistics.export import carrier_table, write_regenie
from trdpgx.statistics.masks import with_masks
from trdpgx.statistics.outcome import CohortOutcome

LIBRARY = Service().knowledge.rulebook
HEADER = (
    "##fileformat=VCFv4.2\n##reference=GRCh38\n##contig=<ID=chr1,length=248956422>\n##contig=<ID=chr10,length=133797422>\n"
    '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="">\n##INFO=<ID=END,Number=1,Type=Integer,Description="">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n"
)
READ = ("chr1", 158_900_000, 158_999_999)
"""A block over all of PYHIN1."""
ELSEWHERE = ("chr10", 37_790_000, 37_900_000)
SILENT = "chr1\t158936916\t.\tA\tT\t50\tPASS\tgnomAD_AF=0.001\tGT:DP:GQ\t0/1:30:99\n"
"""PYHIN1 c.6A>T, a row of tests/cases/consequence.tsv."""


def block(chrom: str, start: int, end: int) -> str:
    return f"{chrom}\t{start}\t.\tN\t<NON_REF>\t.\t.\tEND={end}\tGT:DP:GQ\t0/0:30:99\n"


def tables(folder: Path) -> cohort.CohortTables:
    """Six people in whom PYHIN1 was read, two of whom carry the variant, and six in whom it was not."""
    lines = [
        *[block(READ[0], READ[1], 158_936_915) + SILENT + block(READ[0], 158_936_917, READ[2])] * 2,
        *[block(*READ)] * 4,
        *[""] * 6,
    ]
    sheet = "sample\tfile\n"
    for number, own in enumerate(lines):
        (folder / f"{number}.g.vcf").write_text(HEADER + own + block(*ELSEWHERE))
        sheet += f"P{number:02}\t{number}.g.vcf\n"
    (folder / "sheet.tsv").write_text(sheet)
    return cohort.call([folder / f"{number}.g.vcf" for number in range(12)], sheet=folder / "sheet.tsv")


def test_a_gene_that_half_of_a_cohort_lacks(tmp_path: Path) -> None:
    made = tables(tmp_path)
    lacking = [genes is not None and "PYHIN1" in genes for genes in made.samples["rare_genes_not_read"].to_list()]
    assert made.samples["sample"].to_list() == [f"P{number:02}" for number in range(12)]
    assert lacking == [False] * 6 + [True] * 6
    masked, not_read = with_masks(made.rare_variants, LIBRARY), unread(made.samples)
    samples = tuple(made.samples["sample"].to_list())
    carried = carriers(masked, samples, ["PYHIN1"], "synonymous", not_read)
    assert carried[:6].tolist() == [1, 1, 0, 0, 0, 0]
    assert np.isnan(carried[6:]).all()
    outcome = CohortOutcome("outcome", "binary", samples, np.array([1.0, 0.0] * 6), np.empty((12, 0)), (), 0)
    row = next(one for one in burden(masked, outcome, {"PYHIN1": ["PYHIN1"]}, not_read=not_read) if one.mask == "synonymous")
    assert (row.people, row.carriers, row.cases, row.controls, row.fit.n) == (6, 2, 3, 3, 6)
    listed = carrier_table(masked, samples, {"PYHIN1": ["PYHIN1"]}, not_read).filter(pl.col("mask") == "synonymous")
    assert listed["carrier"].to_list() == [True, True, *[False] * 4, *[None] * 6]
    frames = {name: getattr(made, name) for name in ("samples", "genes", "variants", "rare_variants", "diplotypes")}
    whole = associate(frames, outcome, LIBRARY, gene_sets={"own": ("PYHIN1",)})
    assert whole.burden.filter(pl.col("gene_set") == "own")["people"].to_list() == [6, 6]


def test_who_carries_a_variant_of_another_gene_of_the_set_carries_one() -> None:
    masked = pl.DataFrame({"sample": ["A"], "gene": ["X"], "mask": ["qualifying"]})
    not_read = {"Y": frozenset({"A", "B"})}
    assert carriers(masked, ("A", "B", "C"), ["X", "Y"], "qualifying", not_read).tolist()[::2] == [1, 0]
    assert np.isnan(carriers(masked, ("A", "B", "C"), ["X", "Y"], "qualifying", not_read)[1])


def test_tables_of_an_earlier_release_and_plain_files_tell_nothing() -> None:
    assert unread(pl.DataFrame({"sample": ["A"]})) == {}
    assert (
        unread(pl.DataFrame({"sample": ["A"], "rare_genes_not_read": [[]]}, schema_overrides={"rare_genes_not_read": pl.List(pl.String)}))
        == {}
    )


def test_names_of_sets_are_one_word_for_regenie(tmp_path: Path) -> None:
    masked = pl.DataFrame({"location": ["chr2:5"], "ref": ["A"], "alt": ["G"], "gene": ["X"], "mask": ["qualifying"]})
    annotations, sets, masks = (path.read_text() for path in write_regenie(tmp_path, masked, {"my own set": ["X"]}))
    assert annotations == "2:5:A:G\tmy_own_set\tqualifying\n"
    assert sets == "my_own_set\t2\t5\t2:5:A:G\n"
    assert masks == "qualifying\tqualifying\nsynonymous\tsynonymous\n"
