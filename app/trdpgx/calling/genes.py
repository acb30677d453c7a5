"""The call of each pharmacogene: genotypes to diplotypes, what they mean, and what was not seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from trdpgx.calling.caveats import Caveats, RaisedCaveat, caveat, holding, notes
from trdpgx.calling.copy_number.copies import with_copies
from trdpgx.calling.copy_number.depth import DepthEvidence, depth_evidence
from trdpgx.calling.copy_number.structural import copy_evidence
from trdpgx.calling.looked_at import NOWHERE, SearchedRegions
from trdpgx.calling.outside_calls.precedence import prefer_outside_calls
from trdpgx.calling.reads import against_reads
from trdpgx.calling.star_alleles.alternatives import alternatives
from trdpgx.calling.star_alleles.combinations import MOST_BLOCKS, MOST_STEPS, Combinations, combine
from trdpgx.calling.star_alleles.diplotypes import Meaning, matched
from trdpgx.calling.star_alleles.matcher import Match, all_pairs, match
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.open_phenotype import OPEN_FROM, Question, opening
from trdpgx.calling.star_alleles.pattern import Observation, Pattern, observe
from trdpgx.calling.star_alleles.prior import rank
from trdpgx.calling.star_alleles.table import AlleleTable, allele_table
from trdpgx.calling.star_alleles.undefined_bases import call_without
from trdpgx.calling.star_alleles.unseen_text import assumption, unseen_note, with_phenotype
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.gene_report import GeneReport, ResearchDiplotype, SiteCounts, UnseenSite
from trdpgx.model.genome import Assembly, NoCallReason, SampleSites, SiteState
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.outside import OutsideCall

_MOST_NAMED = 6
"""So many diplotypes a caveat names."""

_WHY = {
    NoCallReason.PLOIDY: "not two alleles",
    NoCallReason.CONFLICT: "records contradict each other",
    NoCallReason.SPANNING_DELETION: "a deletion spans the site",
    NoCallReason.SYMBOLIC: "a symbolic allele names no sequence",
    NoCallReason.REF_MISMATCH: "REF is not the reference base",
    NoCallReason.HALF_CALL: "the other allele is missing",
}


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

    Outside calls for this sample (or for none by name) take the place of the file's own; genes that only they name (HLA) come last.
    ``caveats`` are those of the rules. ``memo`` is shared by the samples of one request, and let go with it.
    Absent sites are taken as reference where the options ask for it and the file shows that it ``looked`` there. A phenotype is left open
    from the chance ``open_from`` on that an allele is carried which would change it.
    """
    memo = Memo() if memo is None else memo
    calls: dict[str, list[OutsideCall]] = {}
    for call in outside:
        if call.sample in {None, sample.sample}:
            calls.setdefault(call.gene, []).append(call)
    assumed_where = looked if options.absent is AbsentOption.REFERENCE else NOWHERE
    asked = _Asked(reference, assembly, sample, options, memo, assumed_where, open_from, caveats)
    reports = []
    for gene, definition in reference.genes.items():
        report = _gene(asked, definition)
        reports.append(prefer_outside_calls(definition, report, calls[gene], caveats) if gene in calls else report)
    reports.extend(prefer_outside_calls(None, None, calls[gene], caveats) for gene in calls if gene not in reference.genes)
    return tuple(reports)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of one sample, the same for each of its genes. Absent sites are taken as reference where ``assumed_where`` says."""

    reference: ReferenceLibrary
    assembly: Assembly
    sample: SampleSites
    options: Options
    memo: Memo
    assumed_where: SearchedRegions
    open_from: float
    caveats: Caveats


def _gene(asked: _Asked, definition: GeneDefinition) -> GeneReport:
    reference, sample, options, memo = asked.reference, asked.sample, asked.options, asked.memo
    grch38, own = reference.sites[Assembly.GRCH38], reference.sites[asked.assembly]
    table = allele_table(definition, grch38)
    evidence = copy_evidence([record for record in sample.structural if record.gene == definition.gene], own, table.sites)
    seen = observe(table, own, sample, asked.assumed_where, copies=evidence.copies)
    undefined = notes(_unknown(table, seen), asked.caveats)
    without = call_without(reference, asked.assembly, table, seen, sample, memo=memo)
    if without is not None:
        seen = replace(seen, pattern=without.pattern, unknown=())
    found = match(table, seen.pattern, memo)
    called = matched(table, seen.pattern, memo)
    refused = _refused(table, sample)
    reason = _no_call_reason(table, seen, found, refused)
    if seen.blocked:
        called = Meaning((), {}, (), None)
    haplotypes = [table.alleles[i].name for i in found.haplotypes]
    copies = with_copies(
        definition,
        called,
        haplotypes,
        evidence,
        depth_evidence(sample, table.sites) if definition.copy_number_matters else DepthEvidence(),
        caveats=asked.caveats,
    )
    if seen.blocked and copies.called.diplotypes:
        copies = replace(copies, called=called)
    frequencies = reference.frequencies.get(definition.gene)
    called, likely = rank(table, seen.pattern, copies.called, frequencies, memo)
    if called.diplotypes:
        reason = None
    question = Question(frequencies, reference.must_see.get(definition.gene, {}), asked.open_from)
    left = opening(table, seen.pattern, called, question, refused, memo=memo)
    without_assumed = opening(table, _observed(seen), called, question, refused, memo=memo) if seen.assumed else left
    called = left.called
    cohort = frequencies.cohort if frequencies else None
    unseen = seen.pattern.count(None)
    chance = left.chance if called.diplotypes and definition.phenotypes else None
    wanted = options.combinations and _unexplained(seen, found, called)
    research = combine(table, seen.pattern, grch38, memo) if wanted else Combinations()
    asks_for_others = seen.seen and not (seen.half or seen.carried or called.diplotypes or (found.pairs and not seen.unknown))
    others = alternatives(table, seen, memo) if asks_for_others else ()
    return GeneReport(
        gene=definition.gene,
        status="no_call" if reason else ("called" if len(called.diplotypes) == 1 else "ambiguous"),
        no_call_reason=reason,
        diplotypes=called.diplotypes,
        likely=with_phenotype(likely, [diplotype.name for diplotype in called.diplotypes], left, cohort),
        candidates=_candidates(table, seen) if options.all_candidates else None,
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
        unseen_note=unseen_note(definition, left, unseen, cohort) if called.diplotypes and seen.seen else None,
        assumed=bool(called.diplotypes and seen.assumed),
        if_assumption_wrong=assumption(without_assumed, seen.assumed, definition) if called.diplotypes and seen.assumed else None,
        copy_number=copies.report,
        source="vcf",
        sites=_counts(seen),
        unseen_sites=tuple(_unseen(table, seen)),
        missing_alleles=found.missing,
        unknown_alleles=undefined,
        caveats=notes(
            (
                *(without.caveats(table) if without and called.diplotypes else ()),
                *copies.caveats,
                *_research(research),
                *_without(table, seen, others),
                *_against_reads(table, sample),
                *_raised(table, seen, found, called),
                *_of_rules(table, seen, called, asked.caveats),
            ),
            asked.caveats,
        ),
    )


def _refused(table: AlleleTable, sample: SampleSites) -> list[tuple[int, str]]:
    """Return the sites (by index) and alleles that rows show and their own filter or quality refuses."""
    calls = ((s, sample.calls.get(site)) for s, site in enumerate(table.sites))
    return [(s, base) for s, call in calls if call is not None for base in call.refused]


def _observed(seen: Observation) -> Pattern:
    """Return the pattern with the sites that were filled in counted as not seen."""
    filled = (state is SiteState.ABSENT for state in seen.states)
    return tuple(None if absent else genotype for absent, genotype in zip(filled, seen.pattern, strict=True))


def _blocked(table: AlleleTable, seen: Observation) -> str | None:
    """Return what was seen that keeps the gene from being called, whatever the other sites show."""
    if seen.carried:
        sites = ", ".join(f"{table.label(s)} ({', '.join(shown)}; {_why(seen.reasons[s])})" for s, shown in seen.carried)
        return f"A variant was seen, and no genotype could be made of it, at {sites}."
    if seen.unknown:
        sites = ", ".join(_labels(table, [table.sites.index(unknown.site) for unknown in seen.unknown]))
        return f"An allele that no definition knows was seen at {sites}."
    if seen.half:
        sites = ", ".join(_labels(table, seen.half))
        return f"At {sites} one allele is a variant and the other is missing, so that neither haplotype is known."
    return None


def _why(reason: NoCallReason | None) -> str:
    return "no genotype" if reason is None else _WHY.get(reason, "no genotype")


def _no_call_reason(table: AlleleTable, seen: Observation, found: Match, refused: Sequence[tuple[int, str]]) -> str | None:
    if seen.blocked:
        return _blocked(table, seen)
    if not seen.seen:
        shown = ", ".join(f"{table.label(s)} ({base})" for s, base in refused)
        rest = f" Rows that their own filter or quality refuses show {shown}." if shown else ""
        return f"None of the sites that define its alleles was seen.{rest}"
    if found.pairs:
        return None
    sites = ", ".join(_labels(table, found.failing))
    if found.phased:
        return f"A haplotype matches no defined allele. Its differences from the reference are at {sites}."
    return f"No pair of defined alleles explains the genotypes. Differences from the reference are at {sites}."


def _unexplained(seen: Observation, found: Match, called: Meaning) -> bool:
    """Return whether known bases were seen whose combination no pair of named alleles has."""
    return bool(seen.seen) and not (seen.blocked or found.pairs or called.diplotypes)


def _research(research: Combinations) -> Iterator[RaisedCaveat]:
    if research.stopped:
        yield caveat("research_combinations_not_tried", blocks=MOST_BLOCKS, steps=MOST_STEPS)
    elif research.diplotypes:
        yield caveat("research_combinations", listed=len(research.diplotypes), equal=research.equal)


def _without(table: AlleleTable, seen: Observation, others: Sequence[ResearchDiplotype]) -> Iterator[RaisedCaveat]:
    if others:
        names = " or ".join(diplotype.name for diplotype in others[:_MOST_NAMED]) + (" or others" if len(others) > _MOST_NAMED else "")
        sites = ", ".join(_labels(table, [table.sites.index(unknown.site) for unknown in seen.unknown]))
        yield caveat(f"research_{others[0].reason}", names=names, sites=sites)


def _labels(table: AlleleTable, sites: Sequence[int]) -> list[str]:
    return [table.label(site) for site in sites]


def _candidates(table: AlleleTable, seen: Observation) -> tuple[str, ...]:
    if seen.blocked or not seen.seen:
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
    """Return what is said of each site that a file does not mention; made once, as a sparse file leaves out hundreds."""
    return tuple(
        UnseenSite(site=site, rsid=rsid, state=SiteState.ABSENT, reason=None) for site, rsid in zip(table.sites, table.rsids, strict=True)
    )


@lru_cache(maxsize=256)
def default_alleles(table: AlleleTable) -> frozenset[str]:
    """Return the alleles that spell out every site: those that are called where no variant is found."""
    return frozenset(allele.name for allele in table.definition.alleles if len(allele.bases) == len(table.definition.sites))


def _unknown(table: AlleleTable, seen: Observation) -> Iterator[RaisedCaveat]:
    for unknown in seen.unknown:
        label = table.label(table.sites.index(unknown.site))
        yield caveat("unknown_allele", bases=", ".join(unknown.bases), label=label, site=unknown.site)


def _raised(table: AlleleTable, seen: Observation, found: Match, called: Meaning) -> Iterator[RaisedCaveat]:
    definition = table.definition
    names = {name for diplotype in called.diplotypes for name in diplotype.alleles}
    total = len(table.sites)
    observed = seen.seen - seen.assumed
    for default in sorted(names & default_alleles(table)) if observed else ():
        yield caveat("reference_by_default", allele=default, seen=observed)
    if seen.seen and seen.seen < total:
        yield caveat("sites_unseen", unseen=total - seen.seen, total=total)
    if seen.assumed:
        yield caveat("absent_as_reference", assumed=seen.assumed, total=total)
    if called.diplotypes and found.explaining > len(called.diplotypes):
        yield caveat("other_pairs_possible", others=found.explaining - len(called.diplotypes))
    if not definition.has_cpic_function:
        yield caveat("no_function_assigned")
    elif unclear := _unclear(called):
        yield caveat("unknown_function", alleles=", ".join(unclear))


def _of_rules(table: AlleleTable, seen: Observation, called: Meaning, caveats: Caveats) -> Iterator[RaisedCaveat]:
    """Return the caveats that the rules have for the alleles of this gene."""
    names = {name for diplotype in called.diplotypes for name in diplotype.alleles}
    unseen = {table.rsids[s] for s, genotype in enumerate(seen.pattern) if genotype is None}
    return (caveat(key) for key, _ in holding(caveats, table.definition.gene, names, unseen=unseen))


def _against_reads(table: AlleleTable, sample: SampleSites) -> Iterator[RaisedCaveat]:
    """Yield the sites whose genotypes the file's own reads contradict, in one caveat."""
    calls = ((s, sample.calls.get(site)) for s, site in enumerate(table.sites))
    contradicted = [s for s, call in calls if call is not None and against_reads(call)]
    if contradicted:
        yield caveat("genotype_against_reads", sites=", ".join(_labels(table, contradicted)))


def _unclear(called: Meaning) -> list[str]:
    """Return the alleles whose function the source calls uncertain or unknown."""
    pairs = (
        (name, function) for diplotype in called.diplotypes for name, function in zip(diplotype.alleles, diplotype.functions, strict=True)
    )
    return list(dict.fromkeys(name for name, function in pairs if function.startswith(("Uncertain", "Unknown"))))
