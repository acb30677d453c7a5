"""PharmVar's haplotype files: ``GRCh38/<gene>.<accession>.haplotypes.tsv`` and the same for GRCh37, as a download of a gene has them.

A row is one variant of one haplotype: name, gene, rsID, accession, first and last position, reference and variant bases, type. The rsID
``REFERENCE`` marks the haplotype that the others are written against. Only core alleles (``CYP2C19*2``) are read; sub-alleles
(``CYP2C19*2.001``) differ in bases that no function hangs on. An operator's own definitions are written in the same form.
"""

import csv
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from trdpgx.knowledge.definitions.downloaded import Choose, DefinitionError, DownloadedAllele, DownloadedGene, DownloadedSite
from trdpgx.model.edit import Edit, trim
from trdpgx.model.genome import Assembly

_COLUMNS = ("Haplotype Name", "Gene", "rsID", "ReferenceSequence", "Variant Start", "Variant Stop", "Reference Allele", "Variant Allele")
_CORE = re.compile(r"([A-Z0-9]+)(\*[0-9]+[A-Z]?(?:\+\*[0-9]+[A-Z]?)*)")
_BASES = re.compile(r"[ACGT]*")
Spell = Callable[[str, Assembly, Edit], DownloadedSite]
"""How a change of a gene is spelled in VCF on an assembly."""


class _HaplotypeRow(Struct, frozen=True):
    file: Path
    line: int
    allele: str
    rsid: str | None
    change: Edit | None
    """``None`` for the reference haplotype."""


def read_pharmvar(folder: Path, spell: Spell, choose: Choose) -> tuple[DownloadedGene, ...]:
    """Read the haplotypes of chosen genes below a folder; GRCh38 has to be there. ``spell`` makes VCF of a change.

    Raises ``DefinitionError``.
    """
    rows: dict[Assembly, dict[str, list[_HaplotypeRow]]] = {assembly: {} for assembly in Assembly}
    for path in sorted(folder.rglob("*.haplotypes.tsv")):
        assembly = next((one for one in Assembly if one.value in path.parts or f".{one.value}." in path.name), None)
        if assembly is None:
            raise DefinitionError(f"{path.name}: its folder is called neither GRCh38 nor GRCh37, so its assembly is not known")
        for gene, own in _read(path).items():
            rows[assembly].setdefault(gene, []).extend(own)
    if not rows[Assembly.GRCH38]:
        raise DefinitionError(f"{folder.name}: no file GRCh38/*.haplotypes.tsv is in this folder")
    newer, older = rows[Assembly.GRCH38], rows[Assembly.GRCH37]
    return tuple(_gene(gene, newer[gene], older.get(gene, []), spell) for gene in choose(newer))


def _read(path: Path) -> Mapping[str, list[_HaplotypeRow]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        raise DefinitionError(f"{path.name}: not a text file in UTF-8; download it again") from None
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    reader = csv.reader(lines[start:], delimiter="\t")
    header = next(reader, [])
    if header[: len(_COLUMNS)] != list(_COLUMNS):
        raise DefinitionError(f"{path.name}:{start + 1}: the columns are not those of PharmVar: {', '.join(_COLUMNS)}")
    genes: dict[str, list[_HaplotypeRow]] = {}
    for number, fields in enumerate(reader, start + 2):
        if len(fields) < len(_COLUMNS):
            raise DefinitionError(f"{path.name}:{number}: the row has {len(fields)} columns, not {len(_COLUMNS)} or more")
        match = _CORE.fullmatch(fields[0].strip())
        if match is None:
            continue
        genes.setdefault(match[1], []).append(_row(path, number, match[2], [field.strip() for field in fields]))
    return genes


def _row(path: Path, line: int, allele: str, fields: list[str]) -> _HaplotypeRow:
    rsid, start, stop, ref, alt = (fields[index] for index in (2, 4, 5, 6, 7))
    if rsid == "REFERENCE":
        return _HaplotypeRow(path, line, allele, None, None)
    deleted, inserted = ("" if text in {"-", "."} else text.upper() for text in (ref, alt))
    if not (start.isdigit() and stop.isdigit()) or not (_BASES.fullmatch(deleted) and _BASES.fullmatch(inserted)):
        raise DefinitionError(f"{path.name}:{line}: a position is no whole number, or an allele has other letters than A, C, G and T")
    if deleted == inserted:
        raise DefinitionError(f"{path.name}:{line}: reference and variant allele are the same")
    if deleted and len(deleted) != int(stop) - int(start) + 1:
        raise DefinitionError(f"{path.name}:{line}: the reference allele has not as many bases as the positions from start to stop")
    change = trim(int(start) if deleted else int(start) + 1, deleted, inserted)
    return _HaplotypeRow(path, line, allele, rsid if re.fullmatch(r"rs[1-9]\d*", rsid) else None, change)


def _gene(gene: str, rows: list[_HaplotypeRow], older: list[_HaplotypeRow], spell: Spell) -> DownloadedGene:
    references = {row.allele for row in rows if row.change is None}
    if len(references) != 1:
        raise DefinitionError(f"{rows[0].file.name}: {gene} has {len(references)} reference haplotypes (rsID REFERENCE), not one")
    (reference,) = references
    spelled: dict[str, dict[int, str]] = {reference: {}}
    sites: dict[int, DownloadedSite] = {}
    for row in rows:
        if row.change is not None:
            site = _spelled(gene, Assembly.GRCH38, row, row.change, spell)
            _add(sites, site, row)
            if spelled.setdefault(row.allele, {}).setdefault(site.pos, site.alts[0]) != site.alts[0]:
                raise DefinitionError(f"{row.file.name}:{row.line}: {gene}{row.allele} has two bases at {site.pos}")
    on_37: dict[int, DownloadedSite] = {}
    for row in older:
        if row.change is not None:
            _add(on_37, _spelled(gene, Assembly.GRCH37, row, row.change, spell), row)
    spelled[reference] = {pos: site.ref for pos, site in sites.items()}
    alleles = tuple(DownloadedAllele(name, bases, is_reference=name == reference) for name, bases in spelled.items())
    ordered = tuple(sites[pos] for pos in sorted(sites))
    return DownloadedGene(gene, rows[0].file, "PharmVar", ordered, alleles, exact=False, on_grch37=tuple(on_37.values()))


def _add(sites: dict[int, DownloadedSite], site: DownloadedSite, row: _HaplotypeRow) -> None:
    """Add a site, or its ALT and rsID to the site of an earlier row."""
    earlier = sites.setdefault(site.pos, site)
    if earlier.ref != site.ref:
        raise DefinitionError(f"{row.file.name}:{row.line}: {site.pos} has another reference allele in an earlier row")
    alts = dict.fromkeys((*earlier.alts, *site.alts))
    sites[site.pos] = DownloadedSite(site.pos, site.ref, tuple(alts), earlier.rsid or row.rsid)


def _spelled(gene: str, assembly: Assembly, row: _HaplotypeRow, change: Edit, spell: Spell) -> DownloadedSite:
    if change.is_substitution:
        return DownloadedSite(change.start, change.ref, (change.alt,), row.rsid)
    if len(change.ref) == len(change.alt):
        raise DefinitionError(f"{row.file.name}:{row.line}: {gene}{row.allele} changes several bases at once; write a row for each of them")
    try:
        return spell(gene, assembly, change)
    except DefinitionError as error:
        raise DefinitionError(f"{row.file.name}:{row.line}: {gene}{row.allele}: {error}") from None
