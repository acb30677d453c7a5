"""A reference folder with imported definitions: the base folder copied, three tables changed, all of it loaded before it is released."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from trdpgx.knowledge.definitions.downloaded import DefinitionError, DownloadedGene, DownloadedSite
from trdpgx.knowledge.definitions.genomes import Genomes, check_known, chromosome, context_of
from trdpgx.knowledge.definitions.merge import Merge, merge, order_of
from trdpgx.knowledge.manifest import Release, releasing
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.reference.table import plain_rows, write_rows
from trdpgx.model.genome import Assembly
from trdpgx.model.library import ReferenceLibrary

REPORT = "import.txt"
"""The difference in plain words, in the folder that is written."""
_Row = dict[str, str]


class Imported(Struct, frozen=True):
    """What was written: the release of the folder, the difference in plain words, and how many new sites no genome was compared with."""

    release: Release
    lines: tuple[str, ...]
    unchecked: int


def write_import(
    genes: Sequence[DownloadedGene], base: Path, reference: ReferenceLibrary, genomes: Genomes, *, out: Path, name: str
) -> Imported:
    """Write ``out``: the folder ``base`` with what the files of ``genes`` state instead. ``reference`` is ``base``, loaded.

    Raises ``DefinitionError``, and what loading the folder raises; nothing is left behind then.
    """
    if out.resolve().is_relative_to(base.resolve()):
        raise DefinitionError(f"{out.name}: lies in the reference folder itself; name a folder elsewhere")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DefinitionError(f"{out.name}: is there already; name a folder that is empty or does not exist")
    merges = [merge(gene, reference) for gene in genes]
    on_37 = {gene.gene: {site.pos: site for site in gene.on_grch37} for gene in genes}
    tables = {table: plain_rows(base / table) for table in ("alleles.csv", "definitions.csv", "sites.csv")}
    unchecked = 0
    for gene, made in zip(genes, merges, strict=True):
        chrom = chromosome(gene.gene, reference)
        for site in gene.sites:
            subject = f"{gene.file.name}: {gene.gene} {site.pos}"
            compared = genomes.check(Assembly.GRCH38, chrom, site, subject)
            compared = compared or check_known(reference, Assembly.GRCH38, gene.gene, site, subject)
            unchecked += not compared and site in made.new_sites
        new = _NewSites(gene.gene, chrom, on_37[gene.gene], reference, genomes)
        _change_sites(tables["sites.csv"], made, [new.row(site) for site in made.new_sites])
        _change_alleles(tables["alleles.csv"], made)
        _change_definitions(tables["definitions.csv"], made)
    lines = tuple(line for made in merges for line in made.lines)
    out.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copytree(base, out, dirs_exist_ok=True)
        (out / REPORT).unlink(missing_ok=True)
        for table, rows in tables.items():
            write_rows(out / table, rows)
        sources = "\n".join(f"{gene.gene}: {gene.version}, {gene.file.name}" for gene in genes)
        (out / REPORT).write_text("\n".join((sources, "", *(lines or ("no difference",)))) + "\n", "utf-8")
        with releasing(out, name) as release:
            load_reference(out)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise
    return Imported(release, lines, unchecked)


def _after(rows: list[_Row], gene: str) -> int:
    """Return where a new row of a gene goes: behind its last one."""
    return max((number for number, row in enumerate(rows, 1) if row["gene"] == gene), default=len(rows))


def _change_alleles(rows: list[_Row], made: Merge) -> None:
    for row in rows:
        changed = made.functions.get(row["allele"]) if row["gene"] == made.gene else None
        if changed is not None:
            row |= {"function": changed[0], "activity": _number(changed[1]), "function_source": made.source}
    at = _after(rows, made.gene)
    rows[at:at] = [
        {
            "gene": made.gene,
            "allele": name,
            "is_reference": "false",
            "callable": "true",
            "copies": "1",
            "function": made.functions[name][0],
            "activity": _number(made.functions[name][1]),
            "activity_is_lower_bound": "false",
            "function_source": made.source,
        }
        for name in order_of(made.new_alleles)
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _change_definitions(rows: list[_Row], made: Merge) -> None:
    for allele, bases in made.bases.items():
        own = [number for number, row in enumerate(rows) if (row["gene"], row["allele"]) == (made.gene, allele)]
        at = own[0] if own else _after(rows, made.gene)
        for number in reversed(own):
            del rows[number]
        rows[at:at] = [{"gene": made.gene, "allele": allele, "site": site, "base": base} for site, base in _by_position(bases)]


def _by_position(bases: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(bases.items(), key=lambda item: int(item[0].rpartition(":")[2]))


def _change_sites(rows: list[_Row], made: Merge, new: Sequence[_Row]) -> None:
    for row in rows:
        added = made.new_alts.get(row["id"], ())
        for assembly in ("grch38", "grch37") if added else ():
            have = {row[f"{assembly}_ref"], *row[f"{assembly}_alts"].split(";")}
            row[f"{assembly}_alts"] = ";".join((row[f"{assembly}_alts"], *(alt for alt in added if alt not in have)))
    at = _after(rows, made.gene)
    rows[at:at] = sorted(new, key=lambda row: int(row["grch38_pos"]))


class _NewSites(Struct, frozen=True):
    """New sites of one gene on both assemblies."""

    gene: str
    chrom: str
    on_37: Mapping[int, DownloadedSite]
    reference: ReferenceLibrary
    genomes: Genomes

    def row(self, site: DownloadedSite) -> _Row:
        """Return the row of ``sites.csv``."""
        older, basis = self._on_grch37(site)
        return {
            "id": f"{self.gene}:{site.pos}",
            "gene": self.gene,
            "rsid": site.rsid or "",
            "purpose": "allele",
            "chrom": self.chrom,
            "grch38_pos": str(site.pos),
            "grch38_ref": site.ref,
            "grch38_alts": ";".join(site.alts),
            "grch38_context": self._context(site, Assembly.GRCH38),
            "grch37_pos": str(older.pos),
            "grch37_ref": older.ref,
            "grch37_alts": ";".join(older.alts),
            "grch37_context": self._older_context(site, older),
            "grch37_basis": basis,
        }

    def _on_grch37(self, site: DownloadedSite) -> tuple[DownloadedSite, str]:
        """Return a new site on GRCh37 and how it is known. All sites of a gene have the same distance between the two assemblies."""
        older_sites = self.reference.sites[Assembly.GRCH37]
        newer_sites = self.reference.sites[Assembly.GRCH38].values()
        distances = {older_sites[one.id].pos - one.pos for one in newer_sites if one.gene == self.gene}
        if len(distances) != 1:
            raise DefinitionError(f"{self.gene}: where {site.pos} is on GRCh37 does not follow from the sites that are known")
        pos = site.pos + distances.pop()
        alleles = (*site.alts, site.ref)
        listed = self.on_37.get(pos)
        if listed is not None and {listed.ref, *listed.alts} <= set(alleles):
            older = DownloadedSite(pos, listed.ref, tuple(one for one in alleles if one != listed.ref), site.rsid)
            self.genomes.check(Assembly.GRCH37, self.chrom, older, f"{self.gene} {pos}")
            return older, "table"
        fetch = self.genomes.fetch(Assembly.GRCH37, self.chrom)
        if fetch is None:
            return DownloadedSite(pos, site.ref, site.alts, site.rsid), "assumed"
        longest_first = sorted(alleles, key=len, reverse=True)
        ref = next((allele for allele in longest_first if fetch(pos, pos + len(allele) - 1) == allele), None)
        if ref is None:
            raise DefinitionError(f"{self.gene} {site.pos}: none of its alleles stands at {self.chrom}:{pos} in the FASTA of GRCh37")
        return DownloadedSite(pos, ref, tuple(one for one in alleles if one != ref), site.rsid), "checked"

    def _context(self, site: DownloadedSite, assembly: Assembly) -> str:
        if all(len(alt) == len(site.ref) for alt in site.alts):
            return site.ref
        fetch = self.genomes.fetch(assembly, self.chrom)
        if fetch is None:
            raise DefinitionError(f"{self.gene} {site.pos}: a new insertion or deletion needs the genome beside it; give --fasta")
        return context_of(site, fetch)

    def _older_context(self, site: DownloadedSite, older: DownloadedSite) -> str:
        """Return the context on GRCh37; where no genome of it is given, that of GRCh38, if REF is the same."""
        if self.genomes.fetch(Assembly.GRCH37, self.chrom) is not None:
            return self._context(older, Assembly.GRCH37)
        if all(len(alt) == len(site.ref) for alt in site.alts):
            return older.ref
        if older.ref != site.ref:
            raise DefinitionError(f"{self.gene} {site.pos}: a new insertion or deletion needs the genome of GRCh37; give --fasta37")
        return self._context(site, Assembly.GRCH38)
