"""Variants that are reported as genotypes: on the plus strand, with the effect allele counted."""

from app.model.gene import VariantDefinition
from app.model.genome import Assembly, PanelSite, SampleSites, SiteCall, SiteState
from app.model.library import ReferenceLibrary
from app.model.options import AbsentOption, Options
from app.model.report import VariantReport

_PALINDROMIC = "Its two alleles are complements of each other, so a strand error in the file cannot be noticed here."
_EFFECT_IS_REFERENCE = "The reference base of {assembly} is the effect allele: 0/0 in the file means two copies of it."
_NOT_ASSAYABLE = "It cannot be read from small-variant records, or has no agreed position."
_UNKNOWN = "The file has an allele here that the panel does not know."


def call_variants(reference: ReferenceLibrary, assembly: Assembly, sample: SampleSites, options: Options) -> tuple[VariantReport, ...]:
    """Return one report for each variant of the reference, in its order, seen or not.

    A site that the file does not mention keeps the state ``absent`` and null counts, unless ``absent=reference`` was chosen: then it is
    ``assumed_reference``, with the reference base of the file's own assembly.
    """
    sites = reference.sites[assembly]
    return tuple(_report(definition, sites.get(definition.site or ""), assembly, sample, options) for definition in reference.variants)


def _report(
    definition: VariantDefinition, site: PanelSite | None, assembly: Assembly, sample: SampleSites, options: Options
) -> VariantReport:
    if site is None:
        return _blank(definition, note=definition.note or _NOT_ASSAYABLE)
    call = sample.calls.get(site.id) or SiteCall(site.id, SiteState.ABSENT)
    assumed = call.state is SiteState.ABSENT and options.absent is AbsentOption.REFERENCE
    alleles = (site.ref, site.ref) if assumed or call.state is SiteState.COVERED_REFERENCE else call.alleles
    seen = len(alleles) == 2
    effect = definition.effect_allele
    return VariantReport(
        id=definition.id,
        gene=definition.gene,
        hgvs_c=definition.hgvs_c,
        hgvs_p=definition.hgvs_p,
        location=f"chr{site.chrom}:{site.pos}",
        ref=site.ref,
        alts=site.alts,
        genotype=("|" if _phase_known(call) else "/").join(alleles) if seen else None,
        effect_allele=effect,
        effect_allele_count=alleles.count(effect) if seen and effect is not None else None,
        state="assumed_reference" if assumed else call.state,
        reason=call.reason,
        depth=call.depth,
        quality=call.quality,
        filter=call.filter,
        note=_joined(
            definition.note,
            _PALINDROMIC if definition.palindromic and not _says(definition, "strand") else None,
            _EFFECT_IS_REFERENCE.format(assembly=assembly) if effect == site.ref and not _says(definition, "reference base") else None,
            _UNKNOWN if call.unknown else None,
        ),
    )


def _blank(definition: VariantDefinition, note: str | None) -> VariantReport:
    return VariantReport(
        id=definition.id,
        gene=definition.gene,
        hgvs_c=definition.hgvs_c,
        hgvs_p=definition.hgvs_p,
        location=None,
        ref=None,
        alts=(),
        genotype=None,
        effect_allele=definition.effect_allele,
        effect_allele_count=None,
        state="not_assayable",
        note=note,
    )


def _phase_known(call: SiteCall) -> bool:
    """Return whether the strands of a heterozygous genotype are in a phased block; a homozygous one is written with ``/``."""
    return call.phased and len(set(call.alleles)) == 2


def _says(definition: VariantDefinition, words: str) -> bool:
    """Return whether the curated note covers a matter already."""
    return definition.note is not None and words in definition.note


def _joined(*notes: str | None) -> str | None:
    return " ".join(note for note in notes if note) or None
