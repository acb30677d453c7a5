"""From observed variants to the report's rows: which are listed, in what words, and how each rule counts them."""

from collections.abc import Sequence

from trdpgx.calling.rare_variants.agreement import compare
from trdpgx.calling.rare_variants.annotation import Annotation
from trdpgx.calling.rare_variants.observe import Observed
from trdpgx.calling.rare_variants.qualify import QualifyingVerdict, qualify
from trdpgx.model.consequence import Consequence, Impact, Limit
from trdpgx.model.note import Note
from trdpgx.model.rare import QualifyingRule
from trdpgx.model.transcript import Transcript
from trdpgx.model.variant_report import CombinedReport, QualificationReport, RareVariantReport, ToolAnnotation
from trdpgx.texts import phrase, section

_LIMITS = {Limit(key): text for key, text in section("rare_limits").items()}


def rare_variant_reports(
    transcript: Transcript, observed: Sequence[Observed], rules: Sequence[QualifyingRule], *, chosen: Sequence[Observed]
) -> tuple[RareVariantReport, ...]:
    """Return a row for each variant that is more than MODIFIER in impact, or of which nothing could be concluded.

    ``chosen`` are those of ``observed`` that may have a row. ``observed`` must be all that was observed together, because
    variants name each other by their order in it. ``rules`` are those that name the gene, by itself or through a set.
    """
    return tuple(_row(transcript, observed, variant, rules) for variant in chosen if is_listed(variant))


def is_listed(variant: Observed) -> bool:
    """Whether a variant is worth a row."""
    impacts = (*variant.consequence.impacts, *(variant.together.consequence.impacts if variant.together else ()))
    nothing_changed = Limit.TRANSCRIPT_ALLELE in variant.consequence.limits
    return not nothing_changed and (not impacts or any(impact is not Impact.MODIFIER for impact in impacts))


def _row(transcript: Transcript, observed: Sequence[Observed], variant: Observed, rules: Sequence[QualifyingRule]) -> RareVariantReport:
    """Put one row together."""
    own, call, record = variant.consequence, variant.call, variant.call.record
    judged = own if variant.together is None else variant.together.consequence
    verdicts = [qualify(judged, variant.frequency, variant.scores, rule, _doubts(variant)) for rule in rules]
    return RareVariantReport(
        gene=transcript.gene,
        location=location(variant),
        ref=record.ref,
        alt=variant.alt,
        zygosity=_zygosity(variant),
        transcript=transcript.refseq,
        hgvs_c=own.hgvs_c,
        hgvs_p=own.hgvs_p,
        consequence=own.name,
        impact=_impact(own),
        allele_frequency=variant.frequency.decisive,
        qualifies=_overall(verdicts),
        reasons=tuple(dict.fromkeys(reason for verdict in verdicts for reason in verdict.reasons)),
        consequences=tuple(own.terms),
        possible_consequences=tuple("&".join(terms) for terms in own.possible),
        exon=own.exon,
        intron=own.intron,
        nonsense_mediated_decay=None if own.decay is None else own.decay.value,
        combined=_combined(observed, variant),
        unphased_with=tuple(location(observed[at]) for at in variant.unphased_with),
        frequency_state=variant.frequency.state.value,
        frequency_overall=variant.frequency.overall,
        frequency_highest=variant.frequency.highest,
        frequency_source=variant.frequency.source,
        predictors={predictor.value: score for predictor, score in variant.scores.items()},
        annotations=tuple(_annotation(own, annotation) for annotation in variant.annotations),
        qualifications=tuple(_qualification(verdict) for verdict in verdicts),
        limits=tuple(Note(code=limit.value, text=_LIMITS[limit]) for limit in own.limits),
        depth=call.depth,
        quality=call.quality,
        filter=None if call.passed else ";".join(record.filters) or "FT",
    )


def location(variant: Observed) -> str:
    """Return the position of a variant, as the report writes it."""
    return f"chr{variant.call.record.chrom}:{variant.call.record.pos}"


def _zygosity(variant: Observed) -> str:
    """Return the zygosity of the allele."""
    alleles = variant.call.alleles
    if -1 in alleles or len(alleles) > 2:
        return "unknown"
    if len(alleles) == 1:
        return "hemizygous"
    return "homozygous" if variant.copies == 2 else "heterozygous"


def _impact(consequence: Consequence) -> str | None:
    """Return the impact class where there is one."""
    return consequence.impacts[0].value if len(consequence.impacts) == 1 else None


def _doubts(variant: Observed) -> tuple[str, ...]:
    """Return why the genotype is not certain."""
    doubts = []
    if not variant.call.passed:
        doubts.append(phrase("doubts.filtered"))
    if not variant.call.sound:
        doubts.append(phrase("doubts.unsound"))
    if -1 in variant.call.alleles:
        doubts.append(phrase("doubts.incomplete"))
    if variant.unphased_with:
        doubts.append(phrase("doubts.unphased"))
    return tuple(doubts)


def _overall(verdicts: Sequence[QualifyingVerdict]) -> bool | None:
    """Return whether any rule counts the variant; ``None`` where none does and one cannot decide, or none was asked."""
    answers = [verdict.qualifies for verdict in verdicts]
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _combined(observed: Sequence[Observed], variant: Observed) -> CombinedReport | None:
    """Return what a group of one haplotype does."""
    if variant.together is None:
        return None
    combined = variant.together.consequence
    return CombinedReport(
        locations=tuple(location(observed[at]) for at in variant.together.members),
        hgvs_c=combined.hgvs_c,
        hgvs_p=combined.hgvs_p,
        consequence=combined.name,
        impact=_impact(combined),
    )


def _annotation(own: Consequence, annotation: Annotation) -> ToolAnnotation:
    """Return another tool's annotation, compared with our own consequence."""
    return ToolAnnotation(
        tool=annotation.tool,
        transcript=annotation.transcript,
        consequence=annotation.terms,
        impact=annotation.impact,
        hgvs_c=annotation.hgvs_c,
        hgvs_p=annotation.hgvs_p,
        agreement=compare(own, annotation).value,
    )


def _qualification(verdict: QualifyingVerdict) -> QualificationReport:
    """Return a verdict as the report holds it."""
    return QualificationReport(rule_id=verdict.rule, qualifies=verdict.qualifies, rarity=verdict.rarity.value, reasons=verdict.reasons)
