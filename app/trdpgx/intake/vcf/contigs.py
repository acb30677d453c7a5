"""Names of chromosomes: what files call them, and what the program calls them (no ``chr``).

All names that are read stand in one table, so that every reader of files reads the same ones. A name that shows which assembly it belongs
to is evidence about it: RefSeq and GenBank accessions, and names with the assembly in front, as in pangenomes (``GRCh38#0#chr22``; PanSN).
"""

import re
from collections.abc import Iterable, Iterator

from trdpgx.model.genome import Assembly
from trdpgx.model.input import InputWarning
from trdpgx.texts import phrase

AUTOSOMES_AND_SEX = (*map(str, range(1, 23)), "X", "Y")

_GRCH37_ACCESSION_VERSIONS = (10, 11, 11, 11, 9, 11, 13, 10, 11, 10, 9, 11, 10, 8, 9, 9, 10, 9, 9, 10, 8, 10, 10, 9)
"""Version of RefSeq's NC_000001 to NC_000024 on GRCh37; GRCh38 has the next one of each."""
_FIRST_GENBANK = 663
"""GenBank's accessions are CM000663 (chromosome 1) to CM000686 (Y); version 1 is of GRCh37, version 2 of GRCh38."""
_WORDS = ("chr", "chrom", "chromosome")
_LINKS = ("", "_", ".", "-")
_ASSEMBLIES = {Assembly.GRCH37: ("GRCh37", "hg19", "hs37", "hs37d5", "b37"), Assembly.GRCH38: ("GRCh38", "hg38", "hs38", "hs38DH", "b38")}
_TAG_LINKS = ("#0#", "#", ".", "_", ":")
_OTHER_SEQUENCES = re.compile(
    rb"(?:chr|CHR|Chr)?(?:Un|HLA|GL0|KI27|KN|KQ|KV|KZ|ML|JTFH|NT_|NW_|M$|MT$|EBV$|NC_012920|NC_001807|NC_007605|J01415|AJ507799|HSCHR|hs37d5|phi|PHI)"
    rb"|.*(?:_random|_alt|_fix|_hap[0-9]+|_decoy|_PATCH)$|.*(?:lambda|phix|decoy|EBV)",
    re.DOTALL,
)
"""What stands beside the chromosomes in the usual references: unplaced and alternative sequences, decoys, mitochondria, viruses."""


def _spellings(chrom: str) -> Iterator[str]:
    """Yield the ways in which a chromosome is written without an assembly."""
    bare = [chrom, f"0{chrom}"] if chrom in set("123456789") else [chrom, chrom.lower()]
    for number in bare:
        yield number
        for word in _WORDS:
            for link in _LINKS:
                for cased in (word, word.capitalize(), word.upper()):
                    yield f"{cased}{link}{number}"


def _accessions(number: int) -> Iterator[tuple[str, Assembly]]:
    """Yield the accessions of a chromosome by its number, with their assembly."""
    version = _GRCH37_ACCESSION_VERSIONS[number - 1]
    for assembly, offset in ((Assembly.GRCH37, 0), (Assembly.GRCH38, 1)):
        refseq, genbank = f"NC_{number:06d}.{version + offset}", f"CM{_FIRST_GENBANK + number - 1:06d}.{1 + offset}"
        tag = f"{assembly.value}#0#"
        yield from ((name, assembly) for name in (refseq, genbank, f"ref|{refseq}|", f"gb|{genbank}|", tag + refseq, tag + genbank))


def _tagged(names: Iterable[str]) -> Iterator[tuple[str, Assembly]]:
    """Yield names with an assembly in front."""
    plain = tuple(names)
    for assembly, words in _ASSEMBLIES.items():
        tags = {cased for word in words for cased in (word, word.lower(), word.upper())}
        yield from ((f"{tag}{link}{name}", assembly) for tag in sorted(tags) for link in _TAG_LINKS for name in plain)


def _names() -> tuple[dict[bytes, str], dict[bytes, Assembly]]:
    names: dict[bytes, str] = {}
    assemblies: dict[bytes, Assembly] = {}
    for number, chrom in enumerate(AUTOSOMES_AND_SEX, start=1):
        accessions = dict(_accessions(number))
        names.update((name.encode(), chrom) for name in _spellings(chrom))
        for name, assembly in (*accessions.items(), *_tagged((chrom, f"chr{chrom}"))):
            names[name.encode()] = chrom
            assemblies[name.encode()] = assembly
    return names, assemblies


_NAMES, _NAMED_ASSEMBLIES = _names()
_BY_CHROM: dict[str, list[bytes]] = {}
for _name, _chrom in _NAMES.items():
    _BY_CHROM.setdefault(_chrom, []).append(_name)


def chromosome(name: bytes) -> str | None:
    """Return the chromosome that a contig name stands for, or ``None`` for alternative contigs, decoys and the like."""
    return _NAMES.get(name)


def names_of(chrom: str) -> tuple[bytes, ...]:
    """Return all contig names that stand for a chromosome."""
    return tuple(_BY_CHROM.get(chrom, ()))


def chromosomes_among(names: Iterable[bytes]) -> dict[bytes, str]:
    """Return the names that stand for a chromosome, with it; a header may have thousands that do not."""
    return {name: _NAMES[name] for name in _NAMES.keys() & names}


def named_assembly(name: bytes) -> Assembly | None:
    """Return the assembly that a name belongs to: an accession, or one with an assembly in front. Other names tell nothing."""
    return _NAMED_ASSEMBLIES.get(name)


def named_assemblies(names: Iterable[bytes]) -> set[Assembly]:
    """Return the assemblies that names belong to, as ``named_assembly`` has them."""
    return {_NAMED_ASSEMBLIES[name] for name in _NAMED_ASSEMBLIES.keys() & names}


def unread_contigs(names: Iterable[bytes]) -> tuple[InputWarning, ...]:
    """Return a warning about contigs that may be chromosomes and whose names are not known.

    Sequences beside the chromosomes, which references have, are not meant: unplaced and alternative ones, decoys, mitochondria.
    """
    strange = sum(chromosome(name) is None and _OTHER_SEQUENCES.match(name) is None for name in names)
    if not strange:
        return ()
    text = phrase("warnings.unknown_contigs", count=strange)
    return (InputWarning(code="unknown_contigs", text=text),)
