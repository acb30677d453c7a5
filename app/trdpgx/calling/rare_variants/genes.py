"""The genes whose rare variants are read on one assembly: by which criteria, and what is known of each before any file is seen."""

from collections.abc import Iterable

from trdpgx.calling.rare_variants.callability import bases_to_read
from trdpgx.calling.rare_variants.undefined import defined_by
from trdpgx.model.genome import Assembly, PanelSite, Purpose
from trdpgx.model.library import Knowledge
from trdpgx.model.rare import QualifyingRule
from trdpgx.model.transcript import Transcript
from trdpgx.model.variant_report import RareGeneReport

UNDEFINED = "undefined-in-pharmacogenes"
"""Id of the criterion by which a variant of a pharmacogene that no allele is defined by is listed."""


class RareGenes:
    """The knowledge about rare variants on one assembly: the same for every input, so prepared once.

    ``asked`` holds the criteria of each gene that they name, ``unread`` the report on each where nothing tells what was read, ``reported``
    the variants of each that the report names as genotypes: they are common, and are not listed as rare ones again.
    ``undefined`` is the criterion for the pharmacogenes, if there is one, and ``defined`` holds what their alleles are defined by.
    """

    def __init__(self, knowledge: Knowledge, assembly: Assembly) -> None:
        """Work out which criteria ask about which gene, and which changes define its alleles."""
        rulebook, reference = knowledge.rulebook, knowledge.reference
        self.caveats = rulebook.caveats
        self.transcripts = reference.transcripts[assembly]
        self.coding = reference.panels[assembly].coding
        self.asked: dict[str, list[QualifyingRule]] = {}
        for criterion in rulebook.criteria.values():
            for gene in sorted(criterion.all_genes(rulebook.gene_sets) & self.transcripts.keys()):
                if criterion.id != UNDEFINED:
                    self.asked.setdefault(gene, []).append(criterion)
        self.unread = {gene: _unread(self.transcripts[gene], criteria) for gene, criteria in self.asked.items()}
        panel = reference.sites[assembly].values()
        variants, sites = _by_gene(panel, Purpose.VARIANT), _by_gene(panel, Purpose.ALLELE)
        self.reported = {gene: defined_by(self.transcripts[gene], variants.get(gene, ())) for gene in self.asked}
        self.undefined = rulebook.criteria.get(UNDEFINED)
        of_alleles = self.undefined.all_genes(rulebook.gene_sets) & self.transcripts.keys() if self.undefined else ()
        self.defined = {gene: defined_by(self.transcripts[gene], sites.get(gene, ())) for gene in of_alleles}


class RareGenesByAssembly(dict[Assembly, RareGenes]):
    """The genes by assembly, made when an assembly is first asked for."""

    def __init__(self, knowledge: Knowledge) -> None:
        super().__init__()
        self._knowledge = knowledge

    def __missing__(self, assembly: Assembly) -> RareGenes:
        return self.setdefault(assembly, RareGenes(self._knowledge, assembly))


def _by_gene(panel: Iterable[PanelSite], purpose: Purpose) -> dict[str, list[PanelSite]]:
    by_gene: dict[str, list[PanelSite]] = {}
    for site in panel:
        if site.purpose is purpose:
            by_gene.setdefault(site.gene, []).append(site)
    return by_gene


def _unread(transcript: Transcript, criteria: list[QualifyingRule]) -> RareGeneReport:
    start, end = transcript.span
    whole = any(part.start <= start and part.start + len(part.bases) > end for part in transcript.known)
    complete = bool(transcript.known) and all("N" not in part.bases for part in transcript.known)
    return RareGeneReport(
        gene=transcript.gene,
        transcript=transcript.refseq,
        sequence="genomic" if whole else "coding" if complete else "protein",
        covered=None,
        covered_by=None,
        total=bases_to_read(transcript),
        criteria=tuple(criterion.id for criterion in criteria),
        protein_length=len(transcript.protein),
    )
