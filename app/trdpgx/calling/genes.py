"""The call of each pharmacogene: genotypes to diplotypes, what they mean, and what was not seen."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.calling.caveats import Caveats, RaisedCaveat, notes
from trdpgx.calling.copy_number.copies import CopyCall, with_copies
from trdpgx.calling.copy_number.depth import DepthEvidence, depth_evidence
from trdpgx.calling.copy_number.extent import gene_extent
from trdpgx.calling.copy_number.open_copies import with_open_copies
from trdpgx.calling.copy_number.structural import CopyEvidence, copy_evidence
from trdpgx.calling.gene_caveats import of_call, of_reads, of_rules, research_notes, research_without, unknown_bases
from trdpgx.calling.looked_at import NOWHERE, SearchedRegions
from trdpgx.calling.star_alleles.combinations import Combinations, combine
from trdpgx.calling.star_alleles.diplotypes import NOTHING_CALLED, Meaning, matched
from trdpgx.calling.star_alleles.matcher import Match, all_pairs, match
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.open_phenotype import OPEN_FROM, Question, opening
from trdpgx.calling.star_alleles.pattern import Observation, Pattern, observe
from trdpgx.calling.star_alleles.prior import rank
from trdpgx.calling.star_alleles.table import AlleleTable, allele_table
from trdpgx.calling.star_alleles.undefined_bases import call_without
from trdpgx.calling.star_alleles.unseen_text import assumption, unseen_note, with_phenotype
from trdpgx.calling.uncalled import no_call_reason, uncalled
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.gene_report import GeneReport, SiteCounts, UnseenSite
from trdpgx.model.genome import Assembly, SampleSites, SiteState
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.outside import OutsideCall


def call_genes(
    reference: ReferenceLibrary,
    assembly: Assembly,
    sample: SampleSites,
    options: Options,
    outside: Sequence[OutsideCall] = (),
    *,
    caveats: Caveats,
    memo: Memo | None = None,
    looked: SearchedRegions = NOWHERE,
    open_from: float = OPEN_FROM,
) -> tuple[GeneReport, ...]:
    """Return one report for each gene of the reference, in its order, whether it could be called or not.

    Outside calls for this sample (or for none by name) replace the file's own; genes that only they name (HLA) come last.
    ``caveats`` are those of the rules. ``memo`` is shared by the samples of one request, and let go with it.
    Absent sites are taken as reference where the options ask for it and the file shows that it ``looked`` there. A phenotype is left open
    from the chance ``open_from`` on that an allele is carried which would change it.
    """
    assumed_where = looked if options.absent is AbsentOption.REFERENCE else NOWHERE
    asked = Asked(reference, assembly, sample, options, Memo() if memo is None else memo, assumed_where, open_from, caveats)
    called = [call_gene(asked, definition) for definition in reference.genes.values()]
    return with_outside_calls(reference, called, [call for call in outside if call.sample in {None, sample.sample}], caveats)


def with_outside_calls(
    reference: ReferenceLibrary, called: Sequence[GeneReport], outside: Sequence[OutsideCall], caveats: Caveats
) -> tuple[GeneReport, ...]:
    """Return the reports of one sample with its outside calls instead of the file's own; genes that only they name come last."""
    calls: dict[str, list[OutsideCall]] = {}
    for call in outside:
        calls.setdefault(call.gene, []).append(call)
    if not calls:
        return tuple(called)
    from trdpgx.calling.outside_calls.precedence import prefer_outside_calls  # noqa: PLC0415 (most inputs come without, and it takes a fiftieth of a start)

    merged = [
        prefer_outside_calls(reference.genes[report.gene], report, calls[report.gene], caveats) if report.gene in calls else report
        for report in called
    ]
    merged.extend(prefer_outside_calls(None, None, calls[gene], caveats) for gene in calls if gene not in reference.genes)
    return tuple(merged)


class Asked(Struct, frozen=True):
    """What is asked of one sample, the same for each of its genes. Absent sites are taken as reference within ``assumed_where``."""

    reference: ReferenceLibrary
    assembly: Assembly
    sample: SampleSites
    options: Options
    memo: Memo
    assumed_where: SearchedRegions
    open_from: float
    caveats: Caveats


def call_gene(asked: Asked, definition: GeneDefinition) -> GeneReport:
    """Return the report of one gene, whether it could be called or not; outside calls have no part in it."""
    reference, sample, options, memo = asked.reference, asked.sample, asked.options, asked.memo
    grch38 = reference.sites[Assembly.GRCH38]
    table = allele_table(definition, grch38)
    records = [record for record in sample.structural if record.gene == definition.gene]
    evidence = copy_evidence(records, gene_extent(reference, asked.assembly, definition.gene) if records else None)
    seen = observe(table, reference.sites[asked.assembly], sample, asked.assumed_where, copies=evidence.copies)
    undefined = notes(unknown_bases(table, seen), asked.caveats)
    without = call_without(reference, asked.assembly, table, seen, sample, memo=memo)
    if without is not None:
        seen = replace(seen, pattern=without.pattern, unknown=())
    explained = match(table, seen.pattern, memo)
    called = matched(table, seen.pattern, memo)
    refused = _refused(table, sample)
    reason = no_call_reason(table, seen, explained, refused)
    copies = _copies(asked, table, NOTHING_CALLED if seen.blocked else called, explained, evidence)
    if seen.blocked and copies.called.diplotypes:
        copies = replace(copies, called=NOTHING_CALLED)
    frequencies = reference.frequencies.get(definition.gene)
    called, likely = rank(table, seen.pattern, copies.called, frequencies, memo)
    if called.diplotypes or copies.no_call:
        reason = " ".join(part for part in (reason, copies.no_call) if part and not called.diplotypes) or None
    question = Question(frequencies, reference.must_see.get(definition.gene, {}), asked.open_from)
    by_sites = opening(table, seen.pattern, called, question, refused, memo=memo)
    without_assumed = opening(table, _observed(seen), called, question, refused, memo=memo) if seen.assumed else by_sites
    left = with_open_copies(by_sites, copies.opened)
    called = left.called
    cohort = frequencies.cohort if frequencies else None
    unseen = seen.pattern.count(None)
    chance = left.chance if called.diplotypes and definition.phenotypes else None
    wanted = options.combinations and not copies.no_call and _unexplained(seen, explained, called)
    research = combine(table, seen.pattern, grch38, memo) if wanted else Combinations()
    others = uncalled(table, seen, explained, memo, called=bool(called.diplotypes), unplaced=bool(copies.no_call))
    beside = (
        *(without.caveats(table) if without and called.diplotypes else ()),
        *copies.caveats,
        *research_notes(research),
        *research_without(table, seen, others),
    )
    return GeneReport(
        gene=definition.gene,
        status="no_call" if reason else ("called" if len(called.diplotypes) == 1 else "ambiguous"),
        no_call_reason=reason,
        diplotypes=called.diplotypes,
        likely=with_phenotype(likely, [diplotype.name for diplotype in called.diplotypes], left, cohort),
        candidates=_candidates(table, seen, copies) if options.all_candidates else None,
        research_diplotypes=(*others, *research.diplotypes),
        phenotype=called.phenotype,
        phenotypes=dict(called.phenotypes),
        phenotype_open=left.open,
        phenotype_range=called.phenotype_range,
        activity_score_range=called.activity_score_range,
        hidden=left.hidden,
        hidden_chance=None if chance is None else round(chance.counted, 6),
        hidden_chance_at_most=None if chance is None else round(chance.at_most, 6),
        hidden_readings=left.readings,
        settled_by=left.settled_by,
        unseen_note=unseen_note(definition, by_sites, unseen, cohort) if called.diplotypes and seen.seen else None,
        assumed=bool(called.diplotypes and seen.assumed),
        if_assumption_wrong=assumption(without_assumed, seen.assumed, definition) if called.diplotypes and seen.assumed else None,
        copy_number=copies.report,
        source="vcf",
        sites=_counts(seen),
        unseen_sites=tuple(_unseen(table, seen)),
        missing_alleles=explained.missing,
        unknown_alleles=undefined,
        caveats=notes((*beside, *_of_genotypes(asked, table, seen, explained, called)), asked.caveats),
    )


def _copies(asked: Asked, table: AlleleTable, called: Meaning, explained: Match, evidence: CopyEvidence) -> CopyCall:
    """Return the diplotypes of the genotypes as the number of copies changes them."""
    definition = table.definition
    depth = depth_evidence(asked.sample, table.sites) if definition.copy_number_matters else DepthEvidence()
    haplotypes = [table.alleles[i].name for i in explained.haplotypes]
    return with_copies(definition, called, haplotypes, evidence, depth, caveats=asked.caveats)


def _of_genotypes(asked: Asked, table: AlleleTable, seen: Observation, explained: Match, called: Meaning) -> Iterator[RaisedCaveat]:
    """Yield what genotypes and their reads leave to be noted of a call."""
    yield from of_reads(table, asked.sample)
    yield from of_call(table, seen, explained, called)
    yield from of_rules(table, seen, called, asked.caveats)


def _refused(table: AlleleTable, sample: SampleSites) -> list[tuple[int, str]]:
    """Return the sites (by index) and alleles that rows show and their own filter or quality refuses."""
    calls = sample.calls
    return [(s, base) for s, site in enumerate(table.sites) if site in calls and calls[site].refused for base in calls[site].refused]


def _observed(seen: Observation) -> Pattern:
    """Return the pattern with the sites that were filled in counted as not seen."""
    filled = (state is SiteState.ABSENT for state in seen.states)
    return tuple(None if absent else genotype for absent, genotype in zip(filled, seen.pattern, strict=True))


def _unexplained(seen: Observation, found: Match, called: Meaning) -> bool:
    """Return whether known bases were seen whose combination no pair of named alleles has."""
    return bool(seen.seen) and not (seen.blocked or found.pairs or called.diplotypes)


def _candidates(table: AlleleTable, seen: Observation, copies: CopyCall) -> tuple[str, ...]:
    if seen.blocked or copies.no_call or not seen.seen:
        return ()
    return tuple(pair.name for pair in all_pairs(table, seen.pattern))


def _counts(seen: Observation) -> SiteCounts:
    return SiteCounts(
        total=len(seen.states),
        called=seen.states.count(SiteState.CALLED),
        covered_reference=seen.states.count(SiteState.COVERED_REFERENCE),
        no_call=seen.states.count(SiteState.NO_CALL),
        absent=seen.states.count(SiteState.ABSENT),
        assumed_reference=seen.assumed,
    )


def _unseen(table: AlleleTable, seen: Observation) -> Iterator[UnseenSite]:
    absent = absent_sites(table)
    for s, genotype in enumerate(seen.pattern):
        if genotype is not None:
            continue
        if seen.states[s] is SiteState.ABSENT:
            yield absent[s]
        else:
            yield UnseenSite(site=table.sites[s], rsid=table.rsids[s], state=seen.states[s], reason=seen.reasons[s])


@lru_cache(maxsize=256)
def absent_sites(table: AlleleTable) -> tuple[UnseenSite, ...]:
    """Return the report of each site that a file does not mention; made once, as a sparse file leaves out hundreds."""
    return tuple(
        UnseenSite(site=site, rsid=rsid, state=SiteState.ABSENT, reason=None) for site, rsid in zip(table.sites, table.rsids, strict=True)
    )
