"""What sources state of each drug that is taken: under current drugs, then by genotype, each with its figures."""

from collections.abc import Iterator, Mapping, Sequence

from trdpgx.model.composed import PartKind, TextPart, brief, joined
from trdpgx.model.consideration import Consideration
from trdpgx.model.drug_report import DrugReport
from trdpgx.model.summary import DrugGroups, SummaryDrug
from trdpgx.reasoning.drugs import FINDINGS
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.prepared import dose_figures
from trdpgx.reasoning.statements import proviso, sources_named
from trdpgx.reasoning.summary.not_cleared import NotCleared
from trdpgx.texts import listed, phrase

_NOT_BY_GENOTYPE = frozenset({PartKind.LEAD, PartKind.CONVERTED, PartKind.BESIDE, PartKind.NOTHING})


def of_taken_drugs(
    levels: Mapping[str, Sequence[str]],
    groups: DrugGroups,
    drugs: Sequence[DrugReport],
    considerations: Sequence[Consideration],
    *,
    concerned: frozenset[str],
    missing: NotCleared,
) -> Iterator[str]:
    """Yield what stands out of each drug that is taken: its level or exposure, what sources state under current drugs, by genotype.

    ``levels`` has by drug the sentences on its level or exposure, ``concerned`` the drugs that are taken and that an interaction is about,
    ``missing`` why drugs are not cleared. The drugs of which sources state nothing else stand last: those that are not cleared, those for
    which no source considers a change by genotype, and those that no rule is about.
    """
    changing = [drug.name for drug in (*groups.ruled_out, *groups.change_considered, *groups.sources_differ)]
    entries = {drug.name: drug for _, ones in groups for drug in ones}
    reports = {drug.name: drug for drug in drugs}
    order = {name: index for index, name in enumerate(changing)}
    guided = reports.keys() - {drug.name for drug in groups.research_only}
    shown = [
        name
        for name in levels
        if name in order or _parts(entries.get(name), PartKind.CONVERTED) or (name in guided and missing.of_missing(name))
    ]
    for name in sorted(levels, key=lambda name: (not levels[name], order.get(name, len(order)))):
        yield from levels[name]
        if name in shown:
            yield from _of_drug(entries[name], reports.get(name), considerations)
    # where a rule applies by genotype, what was not tested limits what is stated
    yield from missing.tests([name for name in shown if _parts(entries[name], PartKind.NOTHING)])
    yield from missing.diagnoses(shown)
    yield from _of_others([name for name in levels if name not in shown], entries, concerned, missing)


def _of_drug(entry: SummaryDrug, report: DrugReport | None, considerations: Sequence[Consideration]) -> Iterator[str]:
    """Yield what sources state of a drug under current drugs, with how they differ there, and by genotype; their figures after each."""
    drug = entry.name
    converted = [*_parts(entry, PartKind.CONVERTED)]
    nothing = _parts(entry, PartKind.NOTHING)
    own = [part for part in entry.parts if part.kind not in _NOT_BY_GENOTYPE and not _is_unseen_of_findings(part)]
    if report and report.disagreement_under_current_drugs:
        converted.append(TextPart(PartKind.DIFFER, report.disagreement_under_current_drugs))
    if nothing:  # that no rule applies by genotype is no statement of its own
        converted, own = [*converted, *nothing, *own], []
    if converted:
        yield phrase("current.by_conversion", drug=drug, stated=joined(converted))
    yield from _figures(drug, considerations, "figures_converted", "figures_beside")
    if own:
        yield phrase("current.by_genotype", drug=drug, stated=joined(brief(own)))
    yield from _figures(drug, considerations, "figures")


def _of_others(drugs: Sequence[str], entries: Mapping[str, SummaryDrug], concerned: frozenset[str], missing: NotCleared) -> Iterator[str]:
    """Yield what is to be stated of drugs of which no source states anything that stands out.

    That no source considers a change is stated of none that is not cleared, or that an interaction is about.
    """
    yield from missing.sentences(drugs)
    rest = [name for name in drugs if not missing.of_missing(name)]
    ruled = [name for name in rest if name in entries and missing.has_rule(name)]
    yield from missing.not_settled(ruled)
    settled = [name for name in ruled if name not in missing.unsettled]
    for key, names in (
        ("current.interactions_alone", [name for name in settled if name in concerned]),
        ("current.no_change_considered", [name for name in settled if name not in concerned]),
        ("current.no_rule", [name for name in rest if name not in ruled]),
    ):
        if names:
            yield phrase(key, drugs=listed(names))


def _parts(entry: SummaryDrug | None, kind: PartKind) -> list[TextPart]:
    return [part for part in entry.parts if part.kind is kind] if entry else []


def _is_unseen_of_findings(part: TextPart) -> bool:
    return part.kind is PartKind.NOT_SEEN and part.about == FINDINGS


def _figures(drug: str, considerations: Sequence[Consideration], *kinds: str) -> Iterator[str]:
    """Yield what each source states of the dose of a drug that is taken, for each of ``kinds``: keys of texts (``_figures_kind``)."""
    stated: dict[str, dict[str, None]] = {kind: {} for kind in kinds}
    for one in considerations:
        change, kind = one.action.dose_change, _figures_kind(one)
        if drug in one.drugs and kind in stated and change is not None and one.source.name != RESEARCH and (parts := dose_figures(change)):
            (source,) = sources_named([one])
            proviso_of = f", {only}" if (only := proviso(one)) else ""
            stated[kind][phrase("current.figure", source=source, proviso=proviso_of, figures="; ".join(parts))] = None
    for kind, figures in stated.items():
        if figures:
            yield phrase(f"current.{kind}", drug=drug, figures=". ".join(figures))


def _figures_kind(one: Consideration) -> str:
    """Return whether a figure is by genotype, carried over to the phenotype under current drugs, or the source's own beside them."""
    if one.conversion is None:
        return "figures"
    return "figures_beside" if one.conversion.guideline else "figures_converted"
