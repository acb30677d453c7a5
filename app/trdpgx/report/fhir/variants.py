"""Variants as Observations: those that are reported as genotypes, those that define the alleles of a diplotype, and rare ones.

``Present`` and ``Absent`` are stated only of what was seen. A variant that was not seen has no Observation: the regions of the study list
it as uncalled.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from trdpgx.model.gene_report import GeneReport, MatchedSite
from trdpgx.model.genome import SiteState
from trdpgx.model.report import Report
from trdpgx.model.variant_report import RareVariantReport, VariantReport
from trdpgx.report.fhir import coding
from trdpgx.report.fhir.coding import Json, component, conclusion, gene_concept, loinc
from trdpgx.report.fhir.ids import ResourceIds
from trdpgx.report.fhir.resources import GeneFinding, note, observation
from trdpgx.report.wording import COUNTS
from trdpgx.texts import phrase

_SEEN = frozenset({SiteState.CALLED, SiteState.COVERED_REFERENCE})
_BASES = re.compile("[ACGT]+")
_ALLELIC_STATES = {"heterozygous": coding.HETEROZYGOUS, "homozygous": coding.HOMOZYGOUS, "hemizygous": coding.HEMIZYGOUS}


def variant_findings(report: Report, ids: ResourceIds) -> Iterator[GeneFinding]:
    """Yield an Observation for each variant that was seen; several for a site at which several were looked for."""
    make = partial(observation, report, ids, claimed="variant", code="69548-6")
    for variant in report.variants:
        if is_seen(variant):
            for alt in _looked_for(variant):
                parts = _reported(report, variant, alt)
                named = make(f"variant {variant.id} {alt}", **parts, note=_reads(variant.depth, variant.quality, variant.filter))
                yield GeneFinding(variant.gene, variant.id, named)
    states = {genotype.site: genotype.state for genotype in report.genotypes}
    for gene in report.genes:
        for site in _defining_sites(gene):
            if states.get(site.site, SiteState.ABSENT if gene.assumed else SiteState.CALLED) in _SEEN:
                yield GeneFinding(gene.gene, site.site, make(f"site {site.site}", **_defining(gene.gene, site)))
    undefined = (rare for gene in report.genes for rare in gene.undefined_variants)
    for name, rare in {_rare_name(one): one for one in (*report.rare_variants, *undefined)}.items():
        named = make(name, **_rare(report, rare), note=_reads(rare.depth, rare.quality, rare.filter))
        yield GeneFinding(rare.gene, rare.location, named)


def is_seen(variant: VariantReport) -> bool:
    """Return whether a genotype was seen, and not assumed."""
    return variant.genotype is not None and variant.ref is not None and variant.state in _SEEN


def _defining_sites(gene: GeneReport) -> Sequence[MatchedSite]:
    """Return the sites at which the genotype differs from the reference allele of the gene; all diplotypes rest on the same genotypes."""
    return gene.diplotypes[0].matched_sites if gene.diplotypes else ()


def _alleles(variant: VariantReport) -> list[str]:
    return re.split("[/|]", variant.genotype or "")


def _looked_for(variant: VariantReport) -> list[str]:
    carried = [allele for allele in _alleles(variant) if allele != variant.ref]
    return list(dict.fromkeys((*variant.alts, *carried)))


def _reported(report: Report, variant: VariantReport, alt: str) -> Json:
    alleles = _alleles(variant)
    copies = alleles.count(alt)
    state = {(1, 2): coding.HETEROZYGOUS, (2, 2): coding.HOMOZYGOUS, (1, 1): coding.HEMIZYGOUS}.get((copies, len(alleles)))
    effect = (
        phrase(
            "fhir_variants.effect_allele",
            allele=variant.effect_allele,
            number=variant.effect_allele_count,
            total=len(alleles),
        )
        if variant.effect_allele_count is not None
        else None
    )
    one_change = len(variant.alts) == 1 and alt in variant.alts
    return {
        "valueCodeableConcept": loinc(coding.PRESENT if copies else coding.ABSENT),
        "components": [
            component("48018-6", gene_concept(variant.gene)),
            *_rsid(variant.id),
            *(_hgvs(variant.hgvs_c, variant.hgvs_p) if one_change else ()),
            *_position(report, variant.location, variant.ref or "", alt),
            *([component("53034-5", loinc(state))] if state else []),
            component("48002-0", loinc(coding.GERMLINE)),
            conclusion(phrase("fhir_variants.genotype", genotype=variant.genotype), effect, variant.note),
        ],
    }


def _defining(gene: str, site: MatchedSite) -> Json:
    first, second = site.alleles
    state = coding.HOMOZYGOUS if first == second else coding.HETEROZYGOUS
    text = phrase("fhir_variants.alleles_at_site", first=first, second=second, site=site.site)
    return {
        "valueCodeableConcept": loinc(coding.PRESENT),
        "components": [
            component("48018-6", gene_concept(gene)),
            *_rsid(site.rsid),
            component("53034-5", loinc(state)),
            component("48002-0", loinc(coding.GERMLINE)),
            conclusion(text),
        ],
    }


def _rare_name(one: RareVariantReport) -> str:
    return f"rare {one.location} {one.ref}>{one.alt} {one.gene}"


def _rare(report: Report, one: RareVariantReport) -> Json:
    state = _ALLELIC_STATES.get(one.zygosity)
    zygosity = loinc(state) if state else {"text": one.zygosity}
    return {
        "valueCodeableConcept": loinc(coding.PRESENT),
        "components": [
            component("48018-6", gene_concept(one.gene)),
            *_hgvs(one.hgvs_c, one.hgvs_p),
            *_position(report, one.location, one.ref, one.alt),
            component("53034-5", zygosity),
            component("48002-0", loinc(coding.GERMLINE)),
            conclusion(
                phrase(
                    "fhir_variants.by_rules",
                    consequence=one.consequence or phrase("fhir_variants.consequence_not_known"),
                    counts=COUNTS[one.qualifies],
                ),
                f"{'; '.join(one.reasons)}." if one.reasons else None,
                *(limit.text for limit in one.limits),
            ),
        ],
    }


def _rsid(name: str | None) -> list[Json]:
    return [component("81252-9", coding.concept(coding.DBSNP, name))] if name and name.startswith("rs") else []


def _hgvs(hgvs_c: str | None, hgvs_p: str | None) -> Iterator[Json]:
    """Yield descriptions that name their sequence; the guide takes no others."""
    for text in (hgvs_c, hgvs_p):
        kind = re.match(r"[^:/]+:([cgnp])\.[^/]+$", text or "")
        if text and kind:
            code = {"g": "81290-9", "p": "48005-3"}.get(kind[1], "48004-6")
            yield component(code, coding.concept(coding.HGVS, text, text))


def _position(report: Report, location: str | None, ref: str, alt: str) -> Iterator[Json]:
    """Yield assembly, chromosome, interval and bases of a variant at ``chr11:27658369`` (1-based), and HGVS g. where one base changes."""
    chromosome, _, position = (location or "").partition(":")
    sequence = coding.chromosome_sequence(chromosome, report.input.assembly)
    if sequence is None or not position.isdigit():
        return
    start = int(position)
    if len(ref) == len(alt) == 1 and _BASES.fullmatch(ref) and _BASES.fullmatch(alt):
        text = f"{sequence}:g.{start}{ref}>{alt}"
        yield component("81290-9", coding.concept(coding.HGVS, text, text))
    yield component("62374-4", loinc(coding.ASSEMBLIES[report.input.assembly]))
    yield component("48000-4", coding.chromosome_concept(chromosome))
    yield component("48013-7", coding.concept(coding.REFSEQ, sequence, sequence))
    yield component("92822-6", loinc(coding.ONE_BASED))
    yield component("81254-5", {"low": {"value": start}, "high": {"value": start + len(ref) - 1}}, kind="Range")
    yield component("69547-8", ref)
    yield component("69551-0", alt)


def _reads(depth: int | None, quality: float | None, refused: str | None) -> list[Json]:
    parts = (("Reads", depth), (phrase("fhir_variants.quality_phred"), None if quality is None else f"{quality:g}"), ("FILTER", refused))
    text = " ".join(f"{name}: {value}." for name, value in parts if value is not None)
    return [note(text, "test-methodology")] if text else []
