"""Long alleles in their symbolic form, and what each of a sender's strings may add to a report."""

from io import BytesIO

import pytest

from trdpgx.intake.validate.long_alleles import symbolic
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.genome import Assembly
from trdpgx.model.options import Options
from trdpgx.model.report import Report
from trdpgx.pipeline import Service
from trdpgx.report.formats.json import to_json

PANEL = load_reference().panels[Assembly.GRCH38]
REGION = next(region for region in PANEL.regions if region.gene == "CYP2D6")
CODING = next(one for one in PANEL.coding if one.chrom == "22")
LONG = 100_000


@pytest.mark.parametrize(
    ("ref", "alts", "expected"),
    [
        ("A", ("G", "AT"), ("A", ("G", "AT"))),
        ("ACGTACGT", ("A",), ("A", ("<DEL>",))),
        ("ACGTACGT", ("C",), ("A", ("<CPX>",))),
        ("ACGTACGT", ("AC",), ("A", ("<CPX>",))),
        ("ACGTACGT", ("A", "ACGTACGTACGT", "*", "<DUP>"), ("A", ("<DEL>", "<CPX>", "*", "<DUP>"))),
        ("A", ("ACCCCCCC", "G"), ("A", ("<INS>", "G"))),
        ("A", ("CCCCCCCC",), ("A", ("<CPX>",))),
        ("AC", ("ACGGGGGG",), ("AC", ("<CPX>",))),
        ("A", ("ACCCCCC[chr1:10[",), ("A", ("N[chr1:10[",))),
        ("A", ("]chr1:10]CCCCCCA",), ("A", ("]chr1:10]N",))),
        ("A", ("ACCCCCC.", ".CCCCCCA"), ("A", ("N.", ".N"))),
    ],
)
def test_alleles_over_the_cap_are_symbolic(ref: str, alts: tuple[str, ...], expected: tuple[str, tuple[str, ...]]) -> None:
    assert symbolic(ref, alts, 6) == expected


def report_on(service: Service, *, header: tuple[str, ...] = (), **record: str) -> Report:
    """Return the report on a file with the panel's sites outside of chromosome 22, and one record there."""
    fields = {
        "chrom": "chr22",
        "pos": str((CODING.start + CODING.end) // 2),
        "id": ".",
        "ref": "A",
        "alt": "T",
        "qual": "50",
        "filter": "PASS",
        "info": ".",
        "format": "GT:DP",
        "sample": "0/1:30",
        **record,
    }
    lines = [
        "##fileformat=VCFv4.2",
        *(f"##contig=<ID=chr{chrom},length={length}>" for chrom, length in PANEL.contig_lengths.items()),
        *header,
        "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "S")),
        *(f"chr{site.chrom}\t{site.pos}\t.\t{site.ref}\t{site.alts[0]}\t50\tPASS\t.\tGT:DP\t0/0:30" for site in PANEL.sites),
        "\t".join(fields.values()),
    ]
    result = service.read(BytesIO(("\n".join(lines) + "\n").encode()), Options())
    return next(service.reports(result, Options()))


DESCRIPTION = "Consequence annotations from Ensembl VEP. Format: Allele|Consequence|IMPACT|SYMBOL|Gene|Feature_type|Feature|HGVSc"
VEP = (f'##INFO=<ID=CSQ,Number=.,Type=String,Description="{DESCRIPTION}">',)
FREQUENCY = ('##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="x">',)
STRINGS: dict[str, dict[str, object]] = {
    "insertion": {"alt": "A" + "C" * LONG},
    "insertion at a site": {"pos": str(REGION.start + 100), "alt": "A" + "C" * LONG},
    "deletion": {"ref": "A" * LONG, "alt": "A"},
    "replacement": {"ref": "A" * LONG, "alt": "C" * LONG},
    "REF that cannot be read": {"ref": "I" * LONG},
    "bases of a breakend": {"alt": "A" * LONG + "[chr22:100["},
    "bases of a single breakend": {"alt": "A" * LONG + "."},
    "many insertions": {"alt": ",".join("A" + "C" * (1_000 + number) for number in range(500))},
    "ID": {"id": "x" * LONG},
    "key of INFO": {"info": "K" * LONG + "=1"},
    "value of INFO": {"info": "AF=" + "1" * LONG},
    "number of INFO": {"info": "gnomAD_AF=" + "0.1," * LONG, "header": FREQUENCY},
    "description": {"info": "gnomAD_AF=0.1", "header": (FREQUENCY[0].replace('"x"', f'"{"x" * LONG}"'),)},
    "annotation": {"info": f"CSQ=T|missense_variant|MODERATE|CYP2D6|G|Transcript|T|{'x' * LONG}", "header": VEP},
    "phase set": {"format": "GT:DP:PID", "sample": "0|1:30:" + "x" * LONG},
    "SVTYPE": {"alt": "<DEL>", "info": f"END={CODING.end + 5_000};SVTYPE=" + "x" * LONG},
    "name of a contig in the header": {"header": (f"##contig=<ID={'x' * LONG},length=5>",)},
    "reference": {"header": (f"##reference={'x' * LONG}",)},
}


@pytest.fixture(scope="module")
def ordinary(service: Service) -> int:
    """The bytes of a report on a record of ordinary strings."""
    return len(to_json(report_on(service)))


@pytest.mark.parametrize("what", STRINGS)
def test_a_report_repeats_no_long_string(service: Service, ordinary: int, what: str) -> None:
    assert len(to_json(report_on(service, **STRINGS[what]))) < ordinary + LONG // 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ref", "alt"), [("A" * 20_000, "A"), ("A" * 20_000, "ACC"), ("A" * 20_000, "C" * 30_000)], ids=["deletion", "most deleted", "replaced"]
)
def test_a_long_allele_over_a_gene_is_evidence_on_its_copies(service: Service, ref: str, alt: str) -> None:
    report = report_on(service, pos=str(REGION.start - 2_000), ref=ref, alt=alt)
    gene = next(gene for gene in report.genes if gene.gene == "CYP2D6")
    assert [(one.kind, one.start, one.end) for one in report.basis.structural] == [
        ("DEL" if alt == "A" else "CPX", REGION.start - 1_999, REGION.start + 17_999)
    ]
    assert "*1/*1" not in [diplotype.name for diplotype in gene.diplotypes]
