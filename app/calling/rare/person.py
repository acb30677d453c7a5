"""The rare variants of one person: in the genes that criteria name, and in pharmacogenes beside what their alleles are defined by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.calling.rare.callability import callability
from app.calling.rare.observe import Lookup, observe
from app.calling.rare.report import genes_of, rare_variant_reports
from app.calling.rare.undefined import undefined_variants
from app.model.genome import Assembly, PanelSite, Purpose, SampleSites
from app.model.library import Knowledge
from app.model.rare import QualifyingRule
from app.model.region import InfoDefinition, Stretch
from app.model.report import GeneReport, Note, RareGeneReport, RareVariantReport
from app.model.transcript import Transcript

UNDEFINED = "undefined-in-pharmacogenes"
"""Id of the criterion by which a variant of a pharmacogene that no allele is defined by is listed."""


@dataclass(frozen=True, slots=True)
class RareFindings:
    """What was found in one person: rare variants, what was looked at, and the gene reports with their undefined variants."""

    variants: tuple[RareVariantReport, ...]
    looked_at: tuple[RareGeneReport, ...]
    genes: tuple[GeneReport, ...]


class RareReader:
    """Reads rare variants of the samples of one input. ``lookup`` is the operator's table of frequencies, if there is one.

    ``targets`` are the regions that the assay set out to read, if it is known: they stand in where the file has no reference blocks.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        assembly: Assembly,
        definitions: Mapping[str, InfoDefinition],
        lookup: Lookup | None = None,
        targets: Sequence[Stretch] | None = None,
    ) -> None:
        """Work out once which criteria ask about which gene, and which sites define its alleles."""
        rulebook, reference = knowledge.rulebook, knowledge.reference
        self._definitions = definitions
        self._lookup = lookup
        spans = [(region.chrom, region.start, region.end) for region in reference.panels[assembly].coding]
        self._targets = None if targets is None else [target for target in targets if _near(target, spans)]
        self._gene_sets = rulebook.gene_sets
        self._transcripts = reference.transcripts[assembly]
        self._asked: dict[str, list[QualifyingRule]] = {}
        for criterion in rulebook.criteria.values():
            for gene in sorted(genes_of(criterion, rulebook.gene_sets) & self._transcripts.keys()):
                if criterion.id != UNDEFINED:
                    self._asked.setdefault(gene, []).append(criterion)
        self._undefined = rulebook.criteria.get(UNDEFINED)
        self._sites: dict[str, list[PanelSite]] = {}
        for site in reference.sites[assembly].values():
            if site.purpose is Purpose.ALLELE:
                self._sites.setdefault(site.gene, []).append(site)

    def read(self, sample: SampleSites, genes: Sequence[GeneReport]) -> RareFindings:
        """Return what one sample carries."""
        variants: list[RareVariantReport] = []
        looked_at: list[RareGeneReport] = []
        for gene, criteria in self._asked.items():
            transcript = self._transcripts[gene]
            observed = observe(transcript, sample.carried, self._definitions, self._lookup)
            variants += rare_variant_reports(transcript, observed, criteria, self._gene_sets)
            looked_at.append(_looked_at(transcript, sample, criteria, self._targets))
        return RareFindings(tuple(variants), tuple(looked_at), tuple(self._with_undefined(gene, sample) for gene in genes))

    def _with_undefined(self, gene: GeneReport, sample: SampleSites) -> GeneReport:
        """Add the variants that no allele of a pharmacogene is defined by, and say what they may mean; its phenotype stays."""
        rule, transcript = self._undefined, self._transcripts.get(gene.gene)
        if rule is None or transcript is None or gene.gene not in genes_of(rule, self._gene_sets):
            return gene
        observed = observe(transcript, sample.carried, self._definitions, self._lookup)
        found = undefined_variants(transcript, observed, self._sites.get(gene.gene, ()), rule)
        if not found:
            return gene
        text = (
            f"Variants of {gene.gene} that may change the protein, and that no named allele is defined by: {len(found)} (see "
            "`undefined_variants`). The diplotype and the phenotype do not count them, and may be wrong for this person."
        )
        return gene.model_copy(
            update={
                "undefined_variants": rare_variant_reports(transcript, observed, [rule], self._gene_sets, chosen=found),
                "caveats": (*gene.caveats, Note(code="undefined_variants", text=text)),
            }
        )


def _near(target: Stretch, spans: Sequence[tuple[str, int, int]]) -> bool:
    return any(chrom == target.chrom and start <= target.end and target.start <= end for chrom, start, end in spans)


def _looked_at(
    transcript: Transcript, sample: SampleSites, criteria: Sequence[QualifyingRule], targets: Sequence[Stretch] | None
) -> RareGeneReport:
    shown = targets if sample.covered is None else sample.covered
    seen = callability(transcript, shown or ())
    start, end = transcript.span
    whole = any(known.start <= start and known.start + len(known.bases) > end for known in transcript.known)
    complete = bool(transcript.known) and all("N" not in known.bases for known in transcript.known)
    return RareGeneReport(
        gene=transcript.gene,
        transcript=transcript.refseq,
        sequence="genomic" if whole else "coding" if complete else "protein",
        covered=None if shown is None else seen.covered,
        covered_by=None if shown is None else "targets" if sample.covered is None else "file",
        total=seen.total,
        criteria=tuple(criterion.id for criterion in criteria),
    )
