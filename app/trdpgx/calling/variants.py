"""Variants that are reported as genotypes: on the plus strand, with the effect allele counted."""

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from trdpgx.calling.looked_at import NOWHERE, SearchedRegions
from trdpgx.calling.reads import against_reads
from trdpgx.model.gene import VariantDefinition
from trdpgx.model.genome import Assembly, NoCallReason, PanelSite, SampleSites, SiteCall, SiteState
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.variant_report import VariantReport
from trdpgx.texts import phrase

_PALINDROMIC = phrase("variants.palindromic")
_NOT_ASSAYABLE = phrase("variants.not_assayable")
_UNKNOWN = phrase("variants.unknown_allele")
_AGAINST_READS = phrase("variants.against_reads")


def call_variants(
    reference: ReferenceLibrary, assembly: Assembly, sample: SampleSites, options: Options, *, looked: SearchedRegions = NOWHERE
) -> tuple[VariantReport, ...]:
    """Return one report for each variant of the reference, in its order, seen or not.

    A site that the file does not mention keeps the state ``absent`` and null counts, unless ``absent=reference`` was chosen
    and the file shows that it ``looked`` there: then it is ``assumed_reference``, with the reference base of the file's own assembly.
    """
    assumed_where = looked if options.absent is AbsentOption.REFERENCE else NOWHERE
    return tuple(report_variant(located, sample, assumed_where) for located in variant_sites(reference, assembly))


class VariantSite(Struct, frozen=True):
    """A variant on one assembly: its site, if it has one, and the report on it where the file does not mention that site."""

    site: PanelSite | None
    unseen: VariantReport


@lru_cache(maxsize=8)
def variant_sites(reference: ReferenceLibrary, assembly: Assembly) -> tuple[VariantSite, ...]:
    """Return the variants of a reference, in its order; made once for each reference and assembly."""
    sites = reference.sites[assembly]
    return tuple(_variant_site(definition, sites.get(definition.site or ""), assembly) for definition in reference.variants)


def _variant_site(definition: VariantDefinition, site: PanelSite | None, assembly: Assembly) -> VariantSite:
    report = VariantReport(
        id=definition.id,
        gene=definition.gene,
        hgvs_c=definition.hgvs_c,
        hgvs_p=definition.hgvs_p,
        location=f"chr{site.chrom}:{site.pos}" if site else None,
        ref=site.ref if site else None,
        alts=site.alts if site else (),
        genotype=None,
        effect_allele=definition.effect_allele,
        effect_allele_count=None,
        state=SiteState.ABSENT if site else "not_assayable",
        note=_note(definition, site, assembly) if site else definition.note or _NOT_ASSAYABLE,
    )
    return VariantSite(site, report)


def _note(definition: VariantDefinition, site: PanelSite, assembly: Assembly) -> str | None:
    return _joined(
        definition.note,
        _PALINDROMIC if definition.palindromic and not _notes(definition, "strand") else None,
        phrase("variants.effect_is_reference", assembly=assembly)
        if definition.effect_allele == site.ref and not _notes(definition, "reference base")
        else None,
    )


def report_variant(located: VariantSite, sample: SampleSites, assumed_where: SearchedRegions) -> VariantReport:
    """Return the report on one variant, from a sample with the call of its site, if the file has any."""
    site, unseen = located.site, located.unseen
    if site is None:
        return unseen
    call = sample.calls.get(site.id) or SiteCall(site.id, SiteState.ABSENT)
    if call.carried and call.state is not SiteState.NO_CALL:
        # A deletion reaches over the site: a row reads the copy that is left as if there were two.
        call = call._replace(state=SiteState.NO_CALL, alleles=(), reason=NoCallReason.SYMBOLIC)
    assumed = call.state is SiteState.ABSENT and assumed_where.shows(site)
    if call.state is SiteState.ABSENT and not assumed:
        return unseen
    alleles = (site.ref, site.ref) if assumed or call.state is SiteState.COVERED_REFERENCE else call.alleles
    seen = len(alleles) == 2
    effect = unseen.effect_allele
    return VariantReport.unchecked(
        {
            **unseen.__dict__,
            "genotype": ("|" if _phase_known(call) else "/").join(alleles) if seen else None,
            "effect_allele_count": alleles.count(effect) if seen and effect is not None else None,
            "state": "assumed_reference" if assumed else call.state,
            "reason": call.reason,
            "depth": call.depth,
            "quality": call.quality,
            "filter": call.filter,
            "note": _joined(unseen.note, *_about(call)),
        }
    )


def _about(call: SiteCall) -> Iterator[str]:
    """Yield the notes about a call."""
    if call.unknown:
        yield _UNKNOWN
    if call.carried:
        yield phrase("variants.no_genotype", alleles=", ".join(call.carried))
    if call.refused:
        yield phrase("variants.refused", alleles=", ".join(call.refused))
    if against_reads(call):
        yield _AGAINST_READS


def _phase_known(call: SiteCall) -> bool:
    """Return whether a heterozygous genotype is phased; a homozygous one is written with ``/``."""
    return call.phased and call.is_heterozygous


def _notes(definition: VariantDefinition, words: str) -> bool:
    """Return whether the curated note covers a matter already."""
    return definition.note is not None and words in definition.note


def _joined(*notes: str | None) -> str | None:
    return " ".join(note for note in notes if note) or None
