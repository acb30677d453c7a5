"""REF checked against the genomes that the caller gives as FASTA files, and indels spelled as VCF does.

PharmVar moves an indel as far right as it can go, as HGVS asks for; VCF moves it as far left.
"""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from trdpgx.knowledge.definitions.downloaded import DefinitionError, DownloadedSite
from trdpgx.knowledge.reference.genome_fasta import GenomeFasta, GenomeFastaError
from trdpgx.model.edit import Edit, trim
from trdpgx.model.genome import Assembly, PanelSite
from trdpgx.model.library import ReferenceLibrary

Fetch = Callable[[int, int], str]
"""Bases of the gene's chromosome from a position to a position, 1-based and inclusive."""


class Genomes(Struct, frozen=True):
    """Open FASTA files by assembly; an assembly may have none."""

    files: Mapping[Assembly, GenomeFasta]

    def fetch(self, assembly: Assembly, chrom: str) -> Fetch | None:
        """Return the bases of a chromosome, ``None`` without a file of the assembly."""
        genome = self.files.get(assembly)
        if genome is None:
            return None

        def bases(start: int, end: int) -> str:
            try:
                return genome.fetch(chrom, start, end)
            except GenomeFastaError as error:
                raise DefinitionError(str(error)) from None

        return bases

    def check(self, assembly: Assembly, chrom: str, site: DownloadedSite, subject: str) -> bool:
        """Return whether REF could be compared; raises ``DefinitionError`` where the genome has other bases."""
        fetch = self.fetch(assembly, chrom)
        if fetch is None:
            return False
        bases = fetch(site.pos, site.pos + len(site.ref) - 1)
        if bases != site.ref:
            raise DefinitionError(f"{subject}: REF is {site.ref} at {chrom}:{site.pos}, and the FASTA of {assembly} has {bases}")
        return True


def check_known(reference: ReferenceLibrary, assembly: Assembly, gene: str, site: DownloadedSite, subject: str) -> bool:
    """Return whether REF could be compared with the sequence that the reference itself has of the gene.

    Raises ``DefinitionError`` where that has other bases.
    """
    transcript = reference.transcripts[assembly].get(gene)
    for sequence in transcript.known if transcript else ():
        start = site.pos - sequence.start
        bases = sequence.bases[start : start + len(site.ref)] if start >= 0 else ""
        if len(bases) == len(site.ref) and set(bases) <= set("ACGT"):
            if bases != site.ref:
                raise DefinitionError(f"{subject}: REF is {site.ref}, and the sequence of {gene} on {assembly} has {bases}")
            return True
    return False


class Speller:
    """Changes of genes as VCF spells them: as the reference does where it has them, else moved left along the genome."""

    def __init__(self, reference: ReferenceLibrary, genomes: Genomes) -> None:
        """Write down every spelling of every indel of the reference."""
        self._reference = reference
        self._genomes = genomes
        self._spelled: dict[tuple[str, Assembly, Edit], DownloadedSite] = {}
        for assembly in Assembly:
            for site in reference.sites[assembly].values():
                for alt in site.alts:
                    if len(alt) != len(site.ref):
                        for change in spellings(site, alt):
                            self._spelled[site.gene, assembly, change] = DownloadedSite(site.pos, site.ref, (alt,), site.rsid)

    def __call__(self, gene: str, assembly: Assembly, change: Edit) -> DownloadedSite:
        """Return the site. Raises ``DefinitionError`` where that needs a genome that was not given."""
        site = self._spelled.get((gene, assembly, change))
        if site is not None:
            return site
        fetch = self._genomes.fetch(assembly, chromosome(gene, self._reference))
        if fetch is None:
            option = "--fasta" if assembly is Assembly.GRCH38 else "--fasta37"
            raise DefinitionError(f"an insertion or deletion that the reference does not have; give {option} to spell it")
        return left_aligned(change, fetch)


def chromosome(gene: str, reference: ReferenceLibrary) -> str:
    """Return the chromosome of a gene of the panel. Raises ``DefinitionError``."""
    for site in reference.sites[Assembly.GRCH38].values():
        if site.gene == gene:
            return site.chrom
    raise DefinitionError(f"{gene} has no site in the reference")


def spellings(site: PanelSite, alt: str) -> Iterator[Edit]:
    """Yield every spelling of an indel of ours, from left to right. The site's context is the sequence in which it can slide."""
    edit = trim(site.pos, site.ref, alt)
    yield edit
    yield from edit.to_right(site.base)


def left_aligned(edit: Edit, fetch: Fetch) -> DownloadedSite:
    """Return an indel as VCF spells it: moved left while it can be, with the base before it."""
    edit = [edit, *edit.to_left(lambda at: fetch(at, at))][-1]
    anchor = fetch(edit.start - 1, edit.start - 1)
    return DownloadedSite(edit.start - 1, anchor + edit.ref, (anchor + edit.alt,))


def context_of(site: DownloadedSite, fetch: Fetch) -> str:
    """Return the reference sequence from the position on to one base past the interval in which an indel can slide."""
    edits = [trim(site.pos, site.ref, alt) for alt in site.alts if len(alt) != len(site.ref)]
    if not edits:
        return site.ref
    behind = max([edit, *edit.to_right(lambda at: fetch(at, at))][-1].end for edit in edits)
    return fetch(site.pos, max(behind, site.pos + len(site.ref)))
