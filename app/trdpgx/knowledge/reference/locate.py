"""Positions of variants that the reference names without one, from an operator's VCF with rs numbers, such as dbSNP, on both assemblies.

The result is a copy of the reference folder in which these variants have a site. A record is taken where it is a single base, its REF is
that of the genome (if one is given), and both assemblies have the same alleles; everything else is refused with the reason.
"""

import csv
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from cyvcf2 import VCF
from msgspec import Struct

from trdpgx.knowledge.reference.genome_fasta import GenomeFasta, GenomeFastaError
from trdpgx.knowledge.reference.table import plain_rows, write_rows
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.genome import Assembly
from trdpgx.model.nucleotides import complement

_AROUND = 1_000_000
"""Bases beside a gene in which its variants are looked for by the index."""
_COMMON = 0.01
"""Where a record has frequencies, alternative alleles below this one in every study are left out: dbSNP lists every base ever seen."""
_BASES = frozenset("ACGT")


class LocateError(TrdpgxError, ValueError):
    """A file cannot be used. The message names it and the remedy."""


class RsRecord(Struct, frozen=True):
    """A record of a variant: chromosome without ``chr``, 1-based position, alleles on the plus strand."""

    chrom: str
    pos: int
    ref: str
    alts: tuple[str, ...]


class Located(Struct, frozen=True):
    """What was done, by rsID.

    ``placed`` has the variants that have a site now, ``open_effect`` those of them whose effect allele had to stay open, ``refused`` the
    reason for each of the others.
    """

    directory: Path
    placed: tuple[str, ...]
    open_effect: tuple[str, ...]
    refused: Mapping[str, str]


class AssemblyFiles(Struct, frozen=True):
    """The files of one assembly: a VCF with rs numbers and an index, and a genome, if there is one."""

    assembly: Assembly
    vcf: Path
    fasta: Path | None


class ContigNames(Struct, frozen=True):
    """How names of contigs are read: the chromosome (``None``: another sequence), and the assembly that a name shows (``None``: none)."""

    chromosome: Callable[[bytes], str | None]
    assembly: Callable[[bytes], Assembly | None]


def locate(base: Path, output: Path, sources: Sequence[AssemblyFiles], names: ContigNames, *, everywhere: bool = False) -> Located:
    """Write a copy of the reference folder ``base`` to ``output`` with the positions that ``sources`` (one an assembly) have.

    ``everywhere`` reads a file from end to end for what does not stand near its gene. Raises ``LocateError``.
    """
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise LocateError(f"{output}: is not an empty folder")
    variants = plain_rows(base / "variants.csv")
    wanted = {row["id"]: row["gene"] for row in variants if not row["site"] and row["id"].startswith("rs")}
    genes = {row["gene"]: row for row in plain_rows(base / "genes.csv")}
    records: dict[Assembly, dict[str, RsRecord | str]] = {}
    for source in sources:
        records[source.assembly] = _records(source, wanted, genes, names, everywhere=everywhere)
    refused: dict[str, str] = {}
    sites: list[list[str]] = []
    unsettled: list[str] = []
    for row in variants:
        if row["id"] not in wanted:
            continue
        pair = [records[assembly].get(row["id"], f"not found on {assembly}") for assembly in (Assembly.GRCH38, Assembly.GRCH37)]
        site = _site(row["id"], wanted[row["id"]], pair)
        if isinstance(site, str):
            refused[row["id"]] = site
            continue
        sites.append(site)
        if not _fill(row, {site[6], *site[7].split(";")}, sources):
            unsettled.append(row["id"])
    shutil.copytree(base, output, dirs_exist_ok=True)
    write_rows(output / "variants.csv", variants)
    with (output / "sites.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(sites)
    return Located(output, tuple(site[0] for site in sites), tuple(unsettled), refused)


def _records(
    source: AssemblyFiles, wanted: Mapping[str, str], genes: Mapping[str, Mapping[str, str]], names: ContigNames, *, everywhere: bool
) -> dict[str, RsRecord | str]:
    """Return the record of each variant on one assembly, or why it is refused."""
    records: dict[str, RsRecord | str] = {}
    with ExitStack() as stack, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="no intervals found")  # nothing near a gene is no fault
        try:
            vcf = stack.enter_context(closing(VCF(str(source.vcf))))
            genome = stack.enter_context(GenomeFasta(source.fasta)) if source.fasta else None
        except (OSError, GenomeFastaError) as error:
            raise LocateError(f"{source.vcf if isinstance(error, OSError) else error}: cannot be read") from None
        contigs = {chrom: name for name in vcf.seqnames if (chrom := names.chromosome(name.encode())) is not None}
        others = {names.assembly(name.encode()) for name in contigs.values()} - {None, source.assembly}
        if others:
            raise LocateError(f"{source.vcf}: its contigs are of another assembly than {source.assembly}; change the two files over")
        for record in _lines(source, vcf, contigs, wanted, genes, everywhere=everywhere):
            for identifier in wanted.keys() & (record.ID or "").split(";"):
                records.setdefault(identifier, _read(record, names, genome, source))
    return records


def _lines(
    source: AssemblyFiles,
    vcf: VCF,
    contigs: Mapping[str, str],
    wanted: Mapping[str, str],
    genes: Mapping[str, Mapping[str, str]],
    *,
    everywhere: bool,
) -> Iterator["VCF"]:
    """Yield the records around the genes, by the index, and then all of the file if it is asked for."""
    prefix = source.assembly.lower()
    if not any(source.vcf.with_name(source.vcf.name + ending).is_file() for ending in (".tbi", ".csi")):
        raise LocateError(f"{source.vcf}: has no index beside it; `tabix -p vcf` makes one, after `bgzip`")
    for gene in dict.fromkeys(wanted.values()):
        row = genes.get(gene)
        contig = contigs.get(row["chrom"]) if row else None
        if row and contig:
            start, end = int(row[f"{prefix}_start"]) - _AROUND, int(row[f"{prefix}_end"]) + _AROUND
            yield from vcf(f"{contig}:{max(1, start)}-{end}")
    if everywhere:
        with closing(VCF(str(source.vcf))) as whole:
            yield from whole


def _read(record: "VCF", names: ContigNames, genome: GenomeFasta | None, source: AssemblyFiles) -> RsRecord | str:
    """Return a record, or why it is refused."""
    chrom = names.chromosome(record.CHROM.encode())
    ref = record.REF.upper()
    alts = tuple(alt.upper() for alt in _common(record))
    if chrom is None or not alts or not {ref, *alts} <= _BASES:
        return f"on {source.assembly}: not a change of a single base on a chromosome"
    if genome is not None:
        try:
            base = genome.fetch(chrom, record.POS, record.POS)
        except GenomeFastaError as error:
            raise LocateError(str(error)) from None
        if base != ref:
            return f"on {source.assembly}: REF is {ref}, and the genome has {base} there"
    return RsRecord(chrom, record.POS, ref, alts)


def _common(record: "VCF") -> list[str]:
    """Return the alternative alleles that a study of dbSNP's ``FREQ`` has with 1 % or more; all of them where none has any."""
    studies = [study.partition(":")[2].split(",")[1:] for study in str(record.INFO.get("FREQ") or "").split("|")]
    highest = [max((_number(study[at]) for study in studies if at < len(study)), default=0.0) for at in range(len(record.ALT))]
    return [alt for alt, value in zip(record.ALT, highest, strict=True) if value >= _COMMON] or list(record.ALT)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _site(identifier: str, gene: str, pair: Sequence[RsRecord | str]) -> list[str] | str:
    """Return the row of ``sites.csv``, or why there is none."""
    newer, older = pair
    if isinstance(newer, str) or isinstance(older, str):
        return "; ".join(reason for reason in pair if isinstance(reason, str))
    if newer.chrom != older.chrom:
        return "the two assemblies have it on different chromosomes"
    alleles = {newer.ref, *newer.alts}
    if alleles != {older.ref, *older.alts}:
        return "the two assemblies do not have the same alleles"
    spelled = [[str(one.pos), one.ref, ";".join(one.alts), one.ref] for one in (newer, older)]
    return [identifier, gene, identifier, "variant", newer.chrom, *spelled[0], *spelled[1], "seen"]


def _fill(row: dict[str, str], alleles: set[str], sources: Sequence[AssemblyFiles]) -> bool:
    """Fill the row of ``variants.csv``; return whether its effect allele is settled, or none was named.

    The letters settle it: an effect allele that only the other strand has is turned, one that both have is left open.
    """
    effect = row["effect_allele"]
    turned = complement(effect)
    settled = not effect or (effect in alleles) != (turned in alleles)
    row["site"] = row["id"]
    row["palindromic"] = str(alleles == {complement(allele) for allele in alleles}).lower()
    if effect and settled:
        row["effect_allele"] = effect if effect in alleles else turned
    elif effect:
        row["effect_allele"] = ""
        row["note"] = f"{row['note']} The study's {effect} may be of both strands, so no effect allele is named.".strip()
    files = " and ".join(f"{source.assembly} in {source.vcf.name}" for source in sources)
    genomes = " and ".join(source.fasta.name for source in sources if source.fasta)
    row["verification"] = f"verified: position and alleles on {files}; REF {f'checked against {genomes}' if genomes else 'not checked'}"
    return settled
