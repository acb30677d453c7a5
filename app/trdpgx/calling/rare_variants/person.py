"""The rare variants of one person: in the genes that criteria name, and in pharmacogenes beside what their alleles are defined by."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from trdpgx.calling.caveats import caveat
from trdpgx.calling.rare_variants.callability import covered_bases
from trdpgx.calling.rare_variants.genes import RareGenes
from trdpgx.calling.rare_variants.observe import InfoFields, Lookup, observe
from trdpgx.calling.rare_variants.report import rare_variant_reports
from trdpgx.calling.rare_variants.undefined import is_defined, not_defined, undefined_variants
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import SampleSites
from trdpgx.model.region import CarriedRecord, CarriedRecords, GeneRegion, InfoDefinition, Interval, RegionRecord, by_chromosome
from trdpgx.model.span import merged
from trdpgx.model.variant_report import RareGeneReport, RareVariantReport


class RareFindings(Struct, frozen=True):
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
        genes: RareGenes,
        definitions: Mapping[str, InfoDefinition],
        lookup: Lookup | None = None,
        targets: Sequence[Interval] | None = None,
    ) -> None:
        """Take what is known of the genes on the input's assembly, and keep the targets that lie by one of them."""
        self._genes = genes
        self._fields = InfoFields(definitions)
        self._lookup = lookup
        self._targets = None if targets is None else list(_near(targets, genes.coding))
        self._targeted: tuple[RareGeneReport, ...] | None = None
        self._unread = tuple(genes.unread.values())
        self._concerning: dict[RegionRecord, bool] = {}
        self._undefined: dict[tuple[str, RegionRecord, int], bool] = {}

    def read(self, sample: SampleSites, called: Sequence[GeneReport]) -> RareFindings:
        """Return what one sample carries."""
        variants: list[RareVariantReport] = []
        for gene, criteria in self._genes.asked.items():
            transcript = self._genes.transcripts[gene]
            observed = observe(transcript, sample.carried, self._fields, self._lookup)
            others = not_defined(transcript, observed, self._genes.reported[gene])
            chosen = [variant for variant in observed if variant in others or variant.together is not None]
            variants += rare_variant_reports(transcript, observed, criteria, chosen=chosen)
        return RareFindings(tuple(variants), self.looked_at(sample), tuple(self._with_undefined(report, sample) for report in called))

    def concerns(self, sample: SampleSites) -> bool:
        """Return whether anything that a sample carries may be a finding. If not, ``read`` finds no variant and leaves its calls alone."""
        carried = sample.carried
        return any(map(self._concerns, carried.records if isinstance(carried, CarriedRecords) else [call.record for call in carried]))

    def _concerns(self, record: RegionRecord) -> bool:
        """Return whether an ALT of a record may be a finding in any sample; worked out once for all samples that carry it."""
        known = self._concerning.get(record)
        if known is None:
            transcripts = [self._genes.transcripts[gene] for gene in self._genes.asked]
            near = [transcript for transcript in transcripts if transcript.chrom == record.chrom]
            known = any(
                any(self._fields.consequence(transcript, record, index) is not None for transcript in near)
                or any(self._is_undefined(gene, record, index) for gene in self._genes.defined)
                for index in range(len(record.alts))
            )
            self._concerning[record] = known
        return known

    def _is_undefined(self, gene: str, record: RegionRecord, index: int) -> bool:
        """Return whether an ALT counts as undefined in a pharmacogene. That rests on nothing but the record, so it is worked out once."""
        key = (gene, record, index)
        if key not in self._undefined:
            transcript, defined, rule = self._genes.transcripts[gene], self._genes.defined[gene], self._genes.undefined
            calls = () if is_defined(record, index, defined) else (CarriedRecord(record, (index + 1,)),)
            alone = observe(transcript, calls, self._fields, self._lookup)
            self._undefined[key] = rule is not None and bool(undefined_variants(transcript, alone, defined, rule))
        return self._undefined[key]

    def looked_at(self, sample: SampleSites) -> tuple[RareGeneReport, ...]:
        """Return how much of each gene was read in one sample, where gVCF blocks or else targets show it."""
        if sample.covered is not None:
            return self._covered(sample.covered, "file")
        if self._targets is None:
            return self._unread
        if self._targeted is None:
            self._targeted = self._covered(self._targets, "targets")
        return self._targeted

    def _covered(self, intervals: Sequence[Interval], by: str) -> tuple[RareGeneReport, ...]:
        """Return how much of each gene lies in intervals."""
        shares = ((unread, covered_bases(self._genes.transcripts[gene], intervals)) for gene, unread in self._genes.unread.items())
        return tuple(unread.copy_with(covered=covered, covered_by=by) for unread, covered in shares)

    def _with_undefined(self, gene: GeneReport, sample: SampleSites) -> GeneReport:
        """Add variants that define no allele of a pharmacogene, with a caveat; the phenotype is unchanged."""
        rule, defined = self._genes.undefined, self._genes.defined.get(gene.gene)
        if rule is None or defined is None:
            return gene
        records = ((call.record, call.alleles) for call in sample.carried)
        carried = ((record, index) for record, alleles in records for index in range(len(record.alts)) if index + 1 in alleles)
        if not any(self._is_undefined(gene.gene, record, index) for record, index in carried):
            return gene
        transcript = self._genes.transcripts[gene.gene]
        observed = observe(transcript, sample.carried, self._fields, self._lookup)
        undefined = undefined_variants(transcript, observed, defined, rule)
        return gene.copy_with(
            undefined_variants=rare_variant_reports(transcript, observed, [rule], chosen=undefined),
            caveats=(*gene.caveats, caveat("undefined_variants", gene=gene.gene, count=len(undefined)).note(self._genes.caveats)),
        )


def _near(targets: Sequence[Interval], regions: Sequence[GeneRegion]) -> Iterator[Interval]:
    """Yield the targets that share a base with a region."""
    spans = {chrom: merged(intervals) for chrom, intervals in by_chromosome(regions).items()}
    for target in targets:
        own = spans.get(target.chrom, [])
        at = bisect_left(own, target.start, key=lambda span: span.end)
        if at < len(own) and own[at].start <= target.end:
            yield target
