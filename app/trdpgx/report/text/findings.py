"""The variants of the text: those reported as genotypes, the rare ones, and those that are not rare."""

from collections.abc import Iterator, Sequence

from trdpgx.model.variant_report import RareVariantReport, VariantReport
from trdpgx.report import wording
from trdpgx.report.grouping import rare_groups
from trdpgx.report.text.wrapped import wrapped
from trdpgx.texts import in_words, phrase


def variant_lines(variants: Sequence[VariantReport], rare: Sequence[RareVariantReport], *, full: bool) -> Iterator[str]:
    """Yield the variants that were seen.

    A short text has the genotypes in one paragraph, which goes on from the genes, and of the others those that are rare.
    """
    seen = [variant for variant in variants if variant.genotype is not None]
    none = phrase("text_findings.none")
    if full:
        yield from ("", phrase("text_headings.variants_seen"))
        for variant in seen:
            yield from _variant(variant)
        if not seen:
            yield f"  {none}"
    else:
        yield from wrapped(phrase("text_findings.variants", seen="; ".join(map(_short, seen)) or none), "  ")
    for heading, ones in rare_groups(rare):
        if ones and (full or heading == phrase("headings.rare")):
            yield from ("", heading.upper())
            for one in ones:
                yield from _rare(one)


def _short(variant: VariantReport) -> str:
    assumed = phrase("text_findings.assumed_not_observed") if variant.state == "assumed_reference" else ""
    residue = f" ({variant.effect_allele_named})" if variant.effect_allele_named != variant.effect_allele else ""
    return f"{variant.gene} {variant.id} {variant.genotype}{residue}{assumed}"


def _variant(variant: VariantReport) -> Iterator[str]:
    count = (
        ""
        if variant.effect_allele_count is None
        else phrase("text_findings.counted_allele", number=variant.effect_allele_count, allele=variant.effect_allele_named)
    )
    assumed = phrase("text_findings.assumed_in_full") if variant.state == "assumed_reference" else ""
    yield f"  {variant.gene:8} {variant.id:12} {variant.genotype}{count}{assumed}"
    if variant.note:
        yield from wrapped(variant.note, " " * 11)


def _rare(rare: RareVariantReport) -> Iterator[str]:
    consequence = in_words(rare.consequence) if rare.consequence else None
    named = " ".join(part for part in (rare.gene, rare.hgvs_c or rare.location, rare.hgvs_p, rare.zygosity, consequence) if part)
    yield from wrapped(f"{named}: {wording.COUNTS[rare.qualifies]} ({'; '.join(rare.reasons)})", "  ")
    for limit in rare.limits:
        yield from wrapped(limit.text, "    - ")
