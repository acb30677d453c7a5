"""Names of chromosomes: what files call them, and what the program calls them (no ``chr``)."""

from app.model.genome import Assembly

AUTOSOMES_AND_SEX = (*map(str, range(1, 23)), "X", "Y")

_GRCH37_ACCESSION_VERSIONS = (10, 11, 11, 11, 9, 11, 13, 10, 11, 10, 9, 11, 10, 8, 9, 9, 10, 9, 9, 10, 8, 10, 10, 9)
"""Version of RefSeq's NC_000001 to NC_000024 on GRCh37; GRCh38 has the next one of each."""


def _names() -> tuple[dict[bytes, str], dict[bytes, Assembly]]:
    names: dict[bytes, str] = {}
    accessions: dict[bytes, Assembly] = {}
    for number, chrom in enumerate(AUTOSOMES_AND_SEX, start=1):
        for prefix in ("", "chr", "Chr", "CHR"):
            names[f"{prefix}{chrom}".encode()] = chrom
        version = _GRCH37_ACCESSION_VERSIONS[number - 1]
        for assembly, offset in ((Assembly.GRCH37, 0), (Assembly.GRCH38, 1)):
            accession = f"NC_{number:06d}.{version + offset}".encode()
            names[accession] = chrom
            accessions[accession] = assembly
    return names, accessions


_NAMES, _ACCESSIONS = _names()


def chromosome(name: bytes) -> str | None:
    """Return the chromosome that a contig name stands for, or ``None`` for alternative contigs, decoys and the like."""
    return _NAMES.get(name)


def names_of(chrom: str) -> tuple[bytes, ...]:
    """Return all contig names that stand for a chromosome."""
    return tuple(name for name, meant in _NAMES.items() if meant == chrom)


def accession_assembly(name: bytes) -> Assembly | None:
    """Return the assembly that a RefSeq accession belongs to; other names tell nothing."""
    return _ACCESSIONS.get(name)
