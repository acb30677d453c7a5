"""Hypothesis strategies for unusual VCFs that VCF 4.1 to 4.5 allow.

The package hypothesis-vcf draws plain records on one contig. These records are at and near the panel's sites, with every kind of ALT, the
keys that intake reads, and genotypes in every notation.
"""

from typing import NamedTuple

from hypothesis import strategies as st

from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.genome import Assembly, PanelSite

PANEL = load_reference().panels[Assembly.GRCH38]
SITES = [site for site in PANEL.sites if site.pos > 10]
BASES = "ACGTN"
SYMBOLS = ("<DEL>", "<DUP>", "<DUP:TANDEM>", "<INS>", "<INS:ME:ALU>", "<INV>", "<CNV>", "<CN0>", "<CN3>", "<NON_REF>", "<*>", "*")
BREAKENDS = ("{0}[chr2:321681[", "]chr2:321681]{0}", "{0}]<ctg1>:7]", "[13:123457[{0}", ".{0}", "{0}.")
HEADER_LINES = (
    '##source=it\'s <odd>,"quite"',
    '##contig=<ID=HLA-A*01:01:01:01,length=3503,assembly="x",md5=ff,Description="a, b=<c>">',
    '##INFO=<ID=ANN,Number=.,Type=String,Description="\'Allele | Annotation\' \\"quoted\\" , <x>",Source="s",Version="1">',
    '##ALT=<ID=NON_REF,Description="Any">',
    "##PEDIGREE=<Child=A,Mother=B>",
    "##META=<ID=Assay,Type=String,Number=.,Values=[WholeGenome, Exome]>",
    "##GATKCommandLine=<ID=x,CommandLine=\"--a 'b' END=7 <NON_REF>\">",
    "##phasing=none",
    "##=",
    "##\u00e9\u4e2d\u6587",
    "##fileDate=20250101\t ",
)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
WORDS = st.text("ABCxyz019_.-+%", min_size=1, max_size=9)


class Alleles(NamedTuple):
    """REF and ALTs of one record."""

    ref: str
    alts: tuple[str, ...]


@st.composite
def alleles(draw: st.DrawFn, site: PanelSite, at_site: bool) -> Alleles:
    """Draw REF and ALTs: those of the site, or any."""
    sequence = st.text(BASES, min_size=1, max_size=6)
    ref = site.ref if at_site else draw(sequence)
    kinds = [sequence, st.sampled_from(SYMBOLS), st.sampled_from(BREAKENDS).map(lambda text: text.format(ref[0]))]
    if at_site:
        kinds.insert(0, st.sampled_from(site.alts))
    alts = draw(st.lists(st.one_of(*kinds), max_size=4, unique=True))
    return Alleles(ref, tuple(alts))


@st.composite
def genotypes(draw: st.DrawFn, alts: int) -> str:
    """Draw a genotype of one to four alleles: some missing, any mixture of phasing, with or without the leading separator of VCF 4.4."""
    numbers = draw(
        st.lists(st.one_of(st.just("."), st.integers(0, alts).map(str)), min_size=1, max_size=draw(st.sampled_from((2, 2, 2, 4))))
    )
    separators = draw(st.lists(st.sampled_from("/|"), min_size=len(numbers), max_size=len(numbers)))
    text = "".join(separator + number for separator, number in zip(separators, numbers, strict=True))
    return text if draw(st.booleans()) else text[1:]


@st.composite
def fields(draw: st.DrawFn, key: str, alts: int) -> str:
    """Draw the value of one FORMAT key of one sample."""
    numbers = st.one_of(st.just("."), st.integers(0, 99_999).map(str))
    if key == "GT":
        return draw(genotypes(alts))
    if key in {"AD", "PL"}:
        return ",".join(draw(st.lists(numbers, min_size=1, max_size=alts + 2)))
    return draw({"FT": st.one_of(st.just("PASS"), WORDS), "PS": st.one_of(numbers, WORDS), "XX": WORDS}.get(key, numbers))


def infos(end: int) -> st.SearchStrategy[str]:
    """Draw an INFO column; ``end`` is the value of END."""
    entries = {
        "END": st.just(f"END={end}"),
        "SVTYPE": st.sampled_from(("DEL", "DUP", "CNV", "BND", "INS", "x")).map("SVTYPE={}".format),
        "SVLEN": st.integers(-9_999, 9_999).map("SVLEN={}".format),
        "AF": st.sampled_from(("AF=0.5", "AF=.", "AF=1e-9,0.1", "AF=nan")),
        "flag": st.just("H2"),
        "text": WORDS.map("CSQ={}|,&".format),
    }
    chosen = st.lists(st.sampled_from(list(entries)), unique=True, max_size=4)
    return chosen.flatmap(lambda keys: st.tuples(*(entries[key] for key in keys))).map(lambda drawn: ";".join(drawn) or ".")


@st.composite
def records(draw: st.DrawFn, samples: int) -> str:
    """Draw a record on or near a site of the panel, or far from it."""
    site = draw(st.sampled_from(SITES))
    at_site = draw(st.booleans())
    pos = site.pos if at_site else draw(st.sampled_from((site.pos - 1, site.pos, site.pos + 1, site.pos - 5, 1, 0)))
    ref, alts = draw(alleles(site, at_site))
    rest = draw(st.lists(st.sampled_from(("PS", "DP", "MIN_DP", "AD", "GQ", "FT", "CN", "LEN", "PL", "XX")), unique=True, max_size=5))
    keys = [*draw(st.sampled_from((["GT"], ["GT"], ["GT"], []))), *rest]
    columns = []
    for _ in range(samples):
        values = [draw(fields(key, len(alts))) for key in keys]
        kept = draw(st.integers(1, len(values))) if values else 0
        columns.append(":".join(values[:kept]) or ".")
    fixed = (
        draw(st.sampled_from(("chr", ""))) + site.chrom,
        str(pos),
        draw(st.one_of(st.just("."), WORDS)),
        draw(st.sampled_from((ref, ref.lower()))),
        ",".join(alts) or ".",
        draw(st.sampled_from((".", "50", "0", "1e3", "29.7", "-10", "3.4028e38"))),
        draw(st.sampled_from((".", "PASS", "q10", "q10;s50"))),
        draw(infos(pos + draw(st.integers(0, 5_000)))),
        ":".join(keys) or ".",
        *columns,
    )
    return "\t".join(fixed)


@st.composite
def vcfs(draw: st.DrawFn) -> bytes:
    """Draw a whole file, in any order of records."""
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    lines = [f"##fileformat=VCFv4.{draw(st.integers(1, 5))}", *draw(st.lists(st.sampled_from(HEADER_LINES), max_size=4))]
    lines += [f"##contig=<ID=chr{chrom},length={length}>" for chrom, length in PANEL.contig_lengths.items()]
    if draw(st.booleans()):
        lines.append('##FORMAT=<ID=LEN,Number=1,Type=Integer,Description="Length">')
    lines.append("\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *names)))
    lines += draw(st.lists(records(len(names)), max_size=6))
    newline = draw(st.sampled_from(("\n", "\n", "\r\n")))
    return (newline.join(lines) + draw(st.sampled_from(("", newline)))).encode()
