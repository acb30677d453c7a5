"""Run ``bcftools csq`` on one gene: a GFF3, a FASTA and a VCF are written, in the coordinates of its slice of the genome.

The bcftools is the one inside pysam, which the lock file pins, in a process of its own; another can be named.
"""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from trdpgx.model.transcript import Transcript


class Allele(NamedTuple):
    """A VCF allele in genomic coordinates: 1-based, plus strand."""

    pos: int
    ref: str
    alt: str


class Called(NamedTuple):
    """One entry of BCSQ: consequences as csq names them, and its amino-acid and DNA change (empty where it gives none)."""

    terms: frozenset[str]
    amino_acids: str
    dna: str


_PINNED = (sys.executable, "-c", "import sys, pysam.bcftools as b; sys.stdout.write(b.csq(*sys.argv[1:]))")


def csq(transcript: Transcript, alleles: Sequence[Allele], directory: Path, bcftools: str | None = None) -> dict[Allele, Called | None]:
    """Ask ``bcftools csq`` about each allele alone (``--local-csq``). ``None`` where it states nothing.

    The transcript's known sequence has to be one slice of the genome; the contig of the files is that slice.
    """
    (known,) = transcript.known
    offset = known.start - 1
    fasta, gff, vcf = directory / "slice.fa", directory / "gene.gff3", directory / "alleles.vcf"
    fasta.write_text(f">slice\n{known.bases}\n", encoding="ascii")
    gff.write_text(_gff(transcript, offset), encoding="ascii")
    ordered = sorted(set(alleles))
    rows = (f"slice\t{pos - offset}\t.\t{ref}\t{alt}\t.\t.\t.\n" for pos, ref, alt in ordered)
    header = f"##fileformat=VCFv4.2\n##contig=<ID=slice,length={len(known.bases)}>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    vcf.write_text(header + "".join(rows), encoding="ascii")
    command = _PINNED if bcftools is None else (bcftools, "csq")
    options = ("--local-csq", "-f", str(fasta), "-g", str(gff), "-Ov", str(vcf))
    done = subprocess.run((*command, *options), capture_output=True, text=True, check=True)
    stated: dict[Allele, Called | None] = defaultdict(lambda: None)
    for line in done.stdout.splitlines():
        if not line.startswith("#"):
            _, pos, _, ref, alt, _, _, info = line.split("\t")
            stated[Allele(int(pos) + offset, ref, alt)] = _called(info)
    return stated


def _called(info: str) -> Called | None:
    """Read the entries of a record's BCSQ as one: csq writes the splice region and the coding change apart."""
    _, found, value = info.partition("BCSQ=")
    if not found:
        return None
    entries = [[*entry.split("|"), "", "", "", "", "", ""] for entry in value.split(",")]
    terms = frozenset(term for entry in entries for term in entry[0].split("&"))
    return Called(terms, "".join(entry[5] for entry in entries), "".join(entry[6] for entry in entries))


def _gff(transcript: Transcript, offset: int) -> str:
    """Write the gene as Ensembl writes its GFF3."""
    strand = "+" if transcript.strand == 1 else "-"
    gene, name = "gene:ENSG0", f"transcript:{transcript.ensembl.partition('.')[0]}"
    start, end = transcript.span

    def row(kind: str, low: int, high: int, phase: str, attributes: str) -> str:
        return f"slice\tensembl\t{kind}\t{low - offset}\t{high - offset}\t.\t{strand}\t{phase}\t{attributes}\n"

    lines = [
        "##gff-version 3\n",
        row("gene", start, end, ".", f"ID={gene};Name={transcript.gene};biotype=protein_coding;gene_id=ENSG0"),
        row("mRNA", start, end, ".", f"ID={name};Parent={gene};Name={transcript.gene}-201;biotype=protein_coding"),
    ]
    lines += [row("exon", low, high, ".", f"Parent={name}") for low, high in transcript.exons]
    read = 0
    for low, high in transcript.coding_exons:
        lines.append(row("CDS", low, high, str(-read % 3), f"ID=CDS:P0;Parent={name}"))
        read += high - low + 1
    first, last = transcript.coding
    upstream, downstream = ("five_prime_UTR", "three_prime_UTR")[:: transcript.strand]
    for low, high in transcript.exons:
        if low < first:
            lines.append(row(upstream, low, min(high, first - 1), ".", f"Parent={name}"))
        if high > last:
            lines.append(row(downstream, max(low, last + 1), high, ".", f"Parent={name}"))
    return "".join(lines)
