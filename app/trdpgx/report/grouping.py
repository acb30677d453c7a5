"""How formats gather what a report lists: considerations by kind, findings that agree, variants by how common they are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from trdpgx.model.clinical_report import GRAVE
from trdpgx.model.composed import PartKind
from trdpgx.model.consideration import Consideration
from trdpgx.model.evidence import Citation, Strength, VerificationState
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.report import LookedAt, Report
from trdpgx.model.rule import Against, Direction, Reason
from trdpgx.model.summary import Summary, SummaryDrug
from trdpgx.model.variant_report import RareVariantReport
from trdpgx.reasoning.directions import CHANGING
from trdpgx.reasoning.figures_apart import figures_apart
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.reservations import Reservation, of_ruling_out
from trdpgx.reasoning.summary.current import beside_current, beside_text, restricted_drugs
from trdpgx.reasoning.summary.drug_groups import graver_by_conversion
from trdpgx.report.clinical_contradictions import clinical_contradictions
from trdpgx.texts import phrase, section

_DECIDED_BY_TEST = frozenset({"not_tested", Reason.BY_DIAGNOSIS})
"""Why nothing follows of a drug that a source may rule out by a test or a diagnosis that is not known."""
GRAVE_SECTIONS = frozenset({"ruled_out", "ruled_out_unsure", "against_by_conversion", "may_be_ruled_out"})
"""Keys of sections with drugs that a source rules out or advises against, for certain or perhaps."""
_SINGLE = frozenset({"drug", "therapy"})
"""Kinds of what was looked at that are a treatment."""
_CHANGING = frozenset({"change_considered", "sources_differ"})
"""Groups of the model that sections divide further."""


class DrugSection(NamedTuple):
    """Drugs of the summary under a heading that is true of each: its key in the texts, the heading, what it means, and the drugs."""

    key: str
    heading: str
    about: str
    drugs: tuple[SummaryDrug, ...]


def drug_sections(report: Report, summary: Summary) -> list[DrugSection]:
    """Return the drugs of the summary in sections, the most important first; a section without drugs is left out.

    The groups of the model that consider a change also hold drugs that a source rules out under current drugs alone, of which ruling out is
    not settled, of which a change hangs on the course of treatment, and of which "no change" is not certain: each is a section of its own.
    So are drugs without advice that a test or a diagnosis decides on, and those of which a source expects other levels than usual.
    """
    by_id = {one.id: one for one in report.considerations}
    graver = graver_by_conversion(report.considerations)
    against = {name for one in report.considerations if one.action.against and guides_by_genotype(one) for name in one.drugs}
    converted = [one for one in report.considerations if one.conversion is not None and CHANGING.intersection(one.action.directions)]
    changed = {name for one in converted for name in one.drugs}
    untested = {one.name for one in report.looked_at if one.reason in _DECIDED_BY_TEST}
    genes = {gene.gene: gene for gene in report.genes}
    sections: dict[str, list[SummaryDrug]] = {key: [] for key in section("groups")}
    for group in type(summary.drugs).model_fields:
        for drug in getattr(summary.drugs, group):
            key = "against_by_conversion" if group in _CHANGING and drug.name in graver else None
            key = "not_tested" if group == "not_covered" and drug.name in untested else key
            key = "ruled_out_unsure" if group == "ruled_out" and _is_unsure(drug, by_id, genes) else key
            sections[key or _section_of(group, drug, against, changed, by_id)].append(drug)
    return [
        DrugSection(key, phrase(f"groups.{key}"), phrase(f"groups_about.{key}"), tuple(drugs)) for key, drugs in sections.items() if drugs
    ]


def _is_unsure(drug: SummaryDrug, by_id: Mapping[str, Consideration], genes: Mapping[str, GeneReport]) -> bool:
    """Return whether what rules a drug out rests on a result that something contradicts, or on sites that were assumed."""
    return of_ruling_out((by_id[identity] for identity in drug.considerations), genes) is not Reservation.NONE


def guides_by_genotype(one: Consideration) -> bool:
    """Return whether a consideration is guidance by genotype."""
    return one.conversion is None and one.source.name != RESEARCH


def _section_of(
    group: str, drug: SummaryDrug, against: Collection[str], changed: Collection[str], by_id: Mapping[str, Consideration]
) -> str:
    """Return the key of the section of a drug in a group of the model.

    ``against`` are the drugs that guidance by genotype speaks against, ``changed`` those for which a source considers a change under
    current drugs, and ``by_id`` all considerations by id.
    """
    if group == "not_covered" and levels_of(drug):
        return "levels_only"
    if group not in _CHANGING:
        return group
    if drug.name in against:
        return "may_be_ruled_out"
    directions = {direction for identity in drug.considerations for direction in by_id[identity].action.directions}
    if group == "sources_differ" or directions & CHANGING or drug.name in changed:
        return group
    return "only_later" if Direction.NONE in directions else "no_change_unsure"


def noted(drugs: Iterable[SummaryDrug], considerations: Iterable[Consideration]) -> dict[str, str]:
    """Return how drugs are written where their names stand alone, by name: with the levels that sources expect or studies report.

    One whose statements were not read in their sources, all or in part, is marked as not verified, and with "*" where it presumes copies.
    """
    by_id = {one.id: one for one in considerations}
    written = {}
    for drug in drugs:
        behind = [by_id[identity] for identity in drug.considerations]
        unread = [one for one in behind if one.evidence.verification.state is VerificationState.UNVERIFIED]
        key = "groups_closed.unverified" if len(unread) == len(behind) else "groups_closed.partly_unverified"
        notes = "; ".join([*([phrase(key)] if unread else []), *levels_of(drug)])
        name = f"{drug.name}{'*' if any(part.kind is PartKind.PRESUMED for part in drug.parts) else ''}"
        written[drug.name] = phrase("groups_closed.noted", name=name, notes=notes) if notes else name
    return written


def levels_of(drug: SummaryDrug) -> tuple[str, ...]:
    """Return the levels that sources expect of a drug, and studies report, although no source asks for a change; empty where none do."""
    return tuple(note for part in drug.parts if part.kind is PartKind.LEVELS for note in part.statements)


def consideration_groups(considerations: Sequence[Consideration]) -> list[tuple[str, list[Consideration]]]:
    """Return the considerations under their headings: guidance, what holds by conversion alone, research."""
    by_genotype = [one for one in considerations if one.conversion is None]
    return [
        (phrase("headings.guidance"), [one for one in by_genotype if one.source.name != RESEARCH]),
        (phrase("headings.converted"), [one for one in considerations if one.conversion is not None]),
        (phrase("headings.findings"), [one for one in by_genotype if one.source.name == RESEARCH]),
    ]


def folded(findings: Sequence[Consideration]) -> list[list[Consideration]]:
    """Return research findings in their order; those of one gene on the same drugs that do not hold stand together."""
    groups: dict[object, list[Consideration]] = {}
    for one in findings:
        open_or_refuted = one.evidence.strength in {Strength.CONFLICTING, Strength.NONE}
        groups.setdefault((one.genes, one.drugs, one.evidence.strength) if open_or_refuted else one.id, []).append(one)
    return list(groups.values())


def contradictions(report: Report) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what contradicts each other: subject, how, and ids of considerations or interactions; of genes, sources, then studies."""
    of_genes = [(gene.gene, note.text, ()) for gene in report.genes for note in gene.caveats if "conflict" in note.code]
    compared = {one.id: one for one in report.considerations if one.source.name != RESEARCH and one.basis.holds_for == "all"}
    by_text: dict[str, dict[str, set[str]]] = {}
    for drug in report.drugs:
        if drug.disagreement:
            own = {one for one in drug.considerations if one in compared and compared[one].conversion is None}
            by_text.setdefault(drug.disagreement, {})[drug.name] = own
        if drug.disagreement_under_current_drugs:
            current = drug.under_current_drugs
            held = {one for one in drug.considerations if one in compared and (current is None or one in current.considerations)}
            by_text.setdefault(drug.disagreement_under_current_drugs, {})[drug.name] = held
    of_sources = [(", ".join(of_drugs), text, tuple(sorted(set().union(*of_drugs.values())))) for text, of_drugs in by_text.items()]
    of_studies = [
        (phrase("contradictions.studies", result=one.trigger, drugs=", ".join(one.drugs)), one.text, (one.id,))
        for one in report.considerations
        if one.evidence.conflict
    ]
    by_id = {one.id: one for one in report.considerations}
    of_figures = [one for drug in report.drugs for one in figures_apart(drug.name, [by_id[identity] for identity in drug.considerations])]
    of_readings = [
        (", ".join(one.drugs), one.text, (one.id,)) for one in report.considerations if one.action.against is Against.MAY_BE_RULED_OUT
    ]
    of_current_figures = [
        (drug.name, phrase("contradictions.under_current_drugs", text=text), ids)
        for drug in report.drugs
        if (current := drug.under_current_drugs) is not None
        for _, text, ids in figures_apart(
            drug.name, [by_id[one] for one in drug.considerations if one in current.considerations], under_current_drugs=True
        )
        if any(by_id[one].conversion is not None for one in ids)
    ]
    of_conditions = [
        (drug.name, part.text, tuple(one for one in part.statements if one in by_id))
        for drug in report.drugs
        for part in drug.parts
        if part.kind is PartKind.DIFFER_ON_CONDITIONS
    ]
    return [
        *of_genes,
        *of_sources,
        *of_conditions,
        *of_readings,
        *of_figures,
        *of_current_figures,
        *clinical_contradictions(report),
        *of_studies,
    ]


def beside_taken(report: Report) -> list[tuple[tuple[str, ...], str, tuple[int, ...]]]:
    """Return the drugs that a source rules out or advises against beside what is taken, or for what was stated of the person.

    Drugs of which the same is stated stand together, the gravest first, each line with the numbers (from 1) of all interactions as grave.
    """
    if report.treatment_history is None:
        return []
    taken = frozenset(report.treatment_history.current_drugs)
    lines: dict[str, tuple[list[str], dict[int, None]]] = {}
    grave = [(number, one) for number, one in enumerate(report.interactions, 1) if one.gravity < len(GRAVE)]
    for drug, one in beside_current(report.treatment_history, report.interactions).items():
        text = beside_text(drug, one, report.treatment_history, report.interactions)
        drugs, numbers = lines.setdefault(text, ([], {}))
        drugs.append(drug)
        own = (number for number, other in grave if drug in other.drugs and (other is one or not taken.isdisjoint(other.drugs)))
        numbers.update(dict.fromkeys(own))
    return [(tuple(drugs), text, tuple(sorted(numbers))) for text, (drugs, numbers) in lines.items()]


def restrictions(beside: Iterable[tuple[tuple[str, ...], str, tuple[int, ...]]]) -> dict[str, str]:
    """Return what restricts each drug (``beside_taken``), by name."""
    return {drug: text for drugs, text, _ in beside for drug in drugs}


def uncalled_by_drug(report: Report) -> dict[str, tuple[str, ...]]:
    """Return for each drug the genes of star alleles that its rules need and that were not called; drugs without any are left out."""
    uncalled = {gene.gene for gene in report.genes if gene.status == "no_call"}
    by_drug = {drug.name: tuple(gene for gene in drug.not_seen if gene in uncalled) for drug in report.drugs}
    return {name: genes for name, genes in by_drug.items() if genes}


def rules_nothing_out(report: Report) -> bool:
    """Return whether something was considered, and no source rules a drug out, may do so, or advises against one."""
    guidance = [one for one in report.considerations if one.source.name != RESEARCH]
    return bool(guidance) and not any(one.action.against for one in guidance)


def anything_seen(report: Report) -> bool:
    """Return whether a gene was called, or the genotype of a variant or a rare variant was seen."""
    called = any(gene.status != "no_call" for gene in report.genes)
    return called or bool(report.rare_variants) or any(variant.genotype is not None for variant in report.variants)


def alike(drugs: Sequence[SummaryDrug]) -> list[tuple[list[str], SummaryDrug]]:
    """Return drugs of the summary in their order; those with the same text and without considerations stand together, under their names."""
    groups: dict[str, tuple[list[str], SummaryDrug]] = {}
    for drug in drugs:
        key = drug.name if drug.considerations else drug.text
        groups.setdefault(key, ([], drug))[0].append(drug.name)
    return list(groups.values())


def looked_at_groups(report: Report) -> list[tuple[str, str, tuple[Citation, ...]]]:
    """Return what is without advice in its order, as names, text and studies; subjects of one kind with the same text share a line.

    A drug that an interaction or something stated of the person restricts has "!" behind its name.
    """
    restricted = restricted_drugs(report.treatment_history, report.interactions)
    groups: dict[tuple[str, str], list[LookedAt]] = {}
    for one in report.looked_at:
        groups.setdefault((one.kind, one.text), []).append(one)
    studies = report.looked_at_studies
    return [
        (
            f"{phrase(f'looked_at_kinds.{kind}', count=len(ones))} {', '.join([_written(one, restricted) for one in ones])}",
            text,
            tuple({cited.id: cited for one in ones if one.entry in studies for cited in studies[one.entry]}.values()),
        )
        for (kind, text), ones in groups.items()
    ]


def _written(one: LookedAt, restricted: Collection[str]) -> str:
    """Return the name of what is without advice, with what a reader of the name alone would miss."""
    if one.kind not in _SINGLE:
        return one.name
    uncleared = phrase("looked_at.not_cleared") if one.reason == Reason.BY_DIAGNOSIS else ""
    return f"{one.name}{'!' if one.name in restricted else ''}{uncleared}"


def rare_groups(variants: Sequence[RareVariantReport]) -> list[tuple[str, list[RareVariantReport]]]:
    """Return the variants under their headings: rare ones, and those of which every rule knows that they are not."""
    common = [one for one in variants if is_common(one)]
    return [(phrase("headings.rare"), [one for one in variants if one not in common]), (phrase("headings.not_rare"), common)]


def is_common(variant: RareVariantReport) -> bool:
    """Return whether every rule that was asked knows that the variant is not rare."""
    return bool(variant.qualifications) and all(judged.rarity in {"common", "uncommon"} for judged in variant.qualifications)
