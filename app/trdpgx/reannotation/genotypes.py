"""The genotypes and the basis of an earlier report in the form of an intake result, from which calling works.

A site of today's panel that the report does not have was not part of its panel. It is absent and never assumed to be the reference.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from trdpgx.model.basis import CarriedVariant, ReportBasis, SiteDetails, SiteGenotype
from trdpgx.model.clinical_context import ClinicalContext
from trdpgx.model.genome import Assembly, Panel, PanelSite, SampleSites, SiteCall, SiteState, StructuralRecord
from trdpgx.model.input import EarlierReport, InputFacts, InputWarning
from trdpgx.model.intake_result import IntakeResult
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.outside import OutsideCall
from trdpgx.model.region import CarriedRecord, InfoDefinition, Interval, RegionRecord
from trdpgx.model.report import InputReport
from trdpgx.model.samples import OneBlock
from trdpgx.model.site_columns import SampleBlock, SiteColumns, Spellings
from trdpgx.reannotation.document import ReportFacts
from trdpgx.texts import phrase

SITES_NOT_ASKED = "sites_not_asked"
"""Code of the warning about sites that the panel of the earlier report did not have."""


class Recalled(NamedTuple):
    """The inputs of a report: sites and facts of the file, outside calls, targets, and the context as it was stated."""

    result: IntakeResult
    outside: Sequence[OutsideCall]
    targets: Sequence[Interval] | None
    context: ClinicalContext | None


def recall(facts: ReportFacts, basis: ReportBasis, reference: ReferenceLibrary) -> Recalled:
    """Return the inputs that an earlier report with genotypes has."""
    assembly = Assembly(facts.input.assembly)
    sites = reference.sites[assembly]
    rows = {row.site: row for row in facts.genotypes}
    missing = sum(site not in rows for site in sites)
    warnings = (_not_asked(missing, facts),) if missing else ()
    covered = None if basis.covered is None else _intervals(basis.covered)
    by_file = basis.covered_by == "file"
    sample = SampleSites(
        sample=facts.input.sample,
        calls={},
        structural=tuple(StructuralRecord(**dict(record)) for record in basis.structural),
        carried=tuple(_carried(one) for one in basis.carried),
        covered=covered if by_file else None,
        looked_at=frozenset(basis.looked_at),
    )
    details = {one.site: one for one in basis.details}
    shown = [site for site, row in rows.items() if site in sites and (row.state is not SiteState.ABSENT or site in details)]
    calls = [(sites[site], _call(rows[site], details.get(site))) for site in shown]
    return Recalled(
        IntakeResult(
            input_facts(facts, warnings),
            one_sample(sample, calls, reference.panels[assembly]),
            {key: InfoDefinition(one.number, one.description) for key, one in basis.info.items()},
        ),
        basis.outside_calls,
        None if by_file else covered,
        basis.context,
    )


def input_facts(facts: ReportFacts, warnings: Sequence[InputWarning]) -> InputFacts:
    """Return the facts about the file of which the earlier report was made, and which report that is."""
    own: InputReport = facts.input
    shared = {name: getattr(own, name) for name in InputFacts.model_fields if name not in {"warnings", "assembly", "reannotated_from"}}
    known = {(one.code, one.text) for one in own.warnings}
    return InputFacts(
        **shared,
        assembly=Assembly(own.assembly),
        warnings=(*own.warnings, *(one for one in warnings if (one.code, one.text) not in known)),
        reannotated_from=EarlierReport(
            report_id=facts.report_id,
            created_at=facts.created_at,
            schema_version=facts.schema_version,
            software_version=facts.software.version,
            rules_release=facts.knowledge.rules_release,
            rules_digest=facts.knowledge.rules_digest,
            reference_release=facts.knowledge.reference_release,
            reference_digest=facts.knowledge.reference_digest,
        ),
    )


def _not_asked(missing: int, facts: ReportFacts) -> InputWarning:
    text = phrase("without_genotypes.sites_not_asked", count=missing, reference=facts.knowledge.reference_release)
    return InputWarning(code=SITES_NOT_ASKED, text=text)


def _call(row: SiteGenotype, details: SiteDetails | None) -> SiteCall:
    call = SiteCall(row.site, row.state, row.alleles, phased=row.phased, phase_set=row.phase_set)
    if details is None:
        return call
    return call._replace(
        depth=details.depth,
        allele_depths=details.allele_depths,
        quality=details.quality,
        filter=details.filter,
        reason=details.reason,
        carried=details.carried,
        refused=details.refused,
    )


def _carried(one: CarriedVariant) -> CarriedRecord:
    record = RegionRecord(one.chrom, one.pos, one.ref, one.alts, one.record_quality, one.filters, one.info)
    return CarriedRecord(
        record, one.alleles, one.phased, one.phase_set, passed=one.passed, depth=one.depth, quality=one.quality, sound=one.sound
    )


def _intervals(covered: Mapping[str, Sequence[Sequence[int]]]) -> tuple[Interval, ...]:
    return tuple(Interval(chrom, start, end) for chrom, bounds in covered.items() for start, end in bounds)


def one_sample(sample: SampleSites, calls: Sequence[tuple[PanelSite, SiteCall]], panel: Panel) -> OneBlock:
    """Return the one sample of a report, with its calls, as an input has it."""
    sites = [site for site, _ in calls]
    columns = SiteColumns(sites, 1, [Spellings(site) for site in sites])
    for number, (_, call) in enumerate(calls):
        columns.put(number, 0, call)
    return OneBlock(SampleBlock((sample.sample,), columns, panel.absent_calls(), lambda _, calls: _with_calls(sample, calls)))


def _with_calls(sample: SampleSites, calls: dict[str, SiteCall]) -> SampleSites:
    return SampleSites(sample.sample, calls, sample.structural, sample.carried, sample.covered, sample.searched, looked_at=sample.looked_at)
