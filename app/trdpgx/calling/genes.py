"""The call of each pharmacogene: genotypes to diplotypes, what they mean, and what was not seen."""

from collections.abc import Iterable, Iterator, Sequence

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
from trdpgx.calling.star_alleles.pattern import Observation, observe, unseen_sites
from trdpgx.calling.star_alleles.prior import rank
from trdpgx.calling.star_alleles.table import AlleleTable, allele_table
from trdpgx.calling.star_alleles.undefined_bases import CalledWithout, call_without
from trdpgx.calling.star_alleles.unseen_text import assumption, unseen_note, with_phenotype
from trdpgx.calling.uncalled import no_call_reason, uncalled
from trdpgx.model.gene import GeneDefinition
from trdpgx.model.gene_report import AssumptionReport, GeneReport, SiteCounts
from trdpgx.model.genome import Assembly, SampleSites, SiteState
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.note import Note
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
    ``caveats`` are those of the rules. ``memo`` is shared by the samples of one request, and released with it.
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
    genotypes = _genotypes(asked, definition)
    table, seen, memo = genotypes.table, genotypes.seen, asked.memo
    copies = _copies(asked, genotypes)
    frequencies = asked.reference.frequencies.get(definition.gene)
    ranked, likely = rank(table, seen.pattern, copies.called, frequencies, memo)
    question = Question(frequencies, asked.reference.must_see.get(definition.gene, {}), asked.open_from)
    by_sites = opening(table, seen.pattern, ranked, question, genotypes.refused, memo=memo)
    left = with_open_copies(by_sites, copies.opened)
    called = left.called
    is_called = bool(called.diplotypes)
    reason = None if is_called else _no_call_reason(genotypes, copies)
    research = _research(asked, genotypes) if not (is_called or copies.no_call) else Combinations()
    others = uncalled(table, seen, genotypes.explained, memo, called=is_called, unplaced=bool(copies.no_call))
    chance = left.chance if is_called and definition.phenotypes else None
    cohort = frequencies.cohort if frequencies else None
    raised = (*copies.caveats, *research_notes(research), *research_without(table, seen, others))
    return GeneReport(
        gene=definition.gene,
        status="no_call" if reason else ("called" if len(called.diplotypes) == 1 else "ambiguous"),
        no_call_reason=reason,
        diplotypes=called.diplotypes,
        likely=with_phenotype(likely, left, cohort),
        candidates=_candidates(table, seen, copies) if asked.options.all_candidates else None,
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
        unseen_note=unseen_note(definition, by_sites, seen.pattern.count(None), cohort) if is_called and seen.seen else None,
        assumed=is_called and seen.assumed > 0,
        if_assumption_wrong=_if_assumption_wrong(genotypes, ranked, question, memo) if is_called and seen.assumed else None,
        copy_number=copies.report,
        source="vcf",
        sites=_counts(seen),
        unseen_sites=tuple(unseen_sites(table, seen)),
        missing_alleles=genotypes.explained.missing,
        unknown_alleles=genotypes.undefined,
        caveats=notes((*_without_bases(genotypes, called), *raised, *_of_genotypes(asked, genotypes, called)), asked.caveats),
    )


class _GeneEvidence(Struct, frozen=True):
    """What the genotypes of a gene show, before the number of copies is known to its diplotypes.

    ``undefined`` names the bases that no definition has, and ``without`` is how the gene is called all the same, where it may be: ``seen``
    then has the reference base instead. ``called`` is empty where something was seen that no allele can account for. ``refused`` holds the
    sites (by index) and alleles that rows show and their own filter or quality refuses, ``evidence`` what structural records show.
    """

    table: AlleleTable
    seen: Observation
    undefined: tuple[Note, ...]
    without: CalledWithout | None
    explained: Match
    called: Meaning
    refused: Sequence[tuple[int, str]]
    evidence: CopyEvidence


def _genotypes(asked: Asked, definition: GeneDefinition) -> _GeneEvidence:
    reference, sample, memo = asked.reference, asked.sample, asked.memo
    table = allele_table(definition, reference.sites[Assembly.GRCH38])
    records = [record for record in sample.structural if record.gene == definition.gene]
    evidence = copy_evidence(records, gene_extent(reference, asked.assembly, definition.gene) if records else None)
    seen = observe(table, reference.sites[asked.assembly], sample, asked.assumed_where, copies=evidence.copies)
    undefined = notes(unknown_bases(table, seen), asked.caveats)
    without = call_without(reference, asked.assembly, table, seen, sample, memo=memo)
    if without is not None:
        seen = replace(seen, pattern=without.pattern, unknown=())
    return _GeneEvidence(
        table,
        seen,
        undefined,
        without,
        explained=match(table, seen.pattern, memo),
        called=NOTHING_CALLED if seen.blocked else matched(table, seen.pattern, memo),
        refused=_refused(table, sample),
        evidence=evidence,
    )


def _copies(asked: Asked, genotypes: _GeneEvidence) -> CopyCall:
    """Return the diplotypes of the genotypes as the number of copies changes them."""
    table = genotypes.table
    depth = depth_evidence(asked.sample, table.sites) if table.definition.copy_number_matters else DepthEvidence()
    haplotypes = [table.alleles[i].name for i in genotypes.explained.haplotypes]
    copies = with_copies(table.definition, genotypes.called, haplotypes, genotypes.evidence, depth, caveats=asked.caveats)
    return replace(copies, called=NOTHING_CALLED) if genotypes.seen.blocked else copies


def _no_call_reason(genotypes: _GeneEvidence, copies: CopyCall) -> str | None:
    """Return why the rows of a gene make no call, and why its structural records allow none."""
    reason = no_call_reason(genotypes.table, genotypes.seen, genotypes.explained, genotypes.refused)
    return " ".join(part for part in (reason, copies.no_call) if part) or None


def _research(asked: Asked, genotypes: _GeneEvidence) -> Combinations:
    """Return combinations of alleles, where they are asked for and known bases were seen that no pair of named alleles has together."""
    table, seen = genotypes.table, genotypes.seen
    if not (asked.options.combinations and seen.seen) or seen.blocked or genotypes.explained.pairs:
        return Combinations()
    return combine(table, seen.pattern, asked.reference.sites[Assembly.GRCH38], asked.memo)


def _if_assumption_wrong(genotypes: _GeneEvidence, called: Meaning, question: Question, memo: Memo) -> AssumptionReport:
    """Return what would be open if the sites that were taken as reference counted as not seen."""
    table, seen = genotypes.table, genotypes.seen
    assumed = (state is SiteState.ABSENT for state in seen.states)
    observed = tuple(None if absent else genotype for absent, genotype in zip(assumed, seen.pattern, strict=True))
    return assumption(opening(table, observed, called, question, genotypes.refused, memo=memo), seen.assumed, table.definition)


def _without_bases(genotypes: _GeneEvidence, called: Meaning) -> Iterable[RaisedCaveat]:
    """Return the caveats of a call that leaves out bases at defining sites."""
    return genotypes.without.caveats(genotypes.table) if genotypes.without and called.diplotypes else ()


def _of_genotypes(asked: Asked, genotypes: _GeneEvidence, called: Meaning) -> Iterator[RaisedCaveat]:
    """Yield what genotypes and their reads leave to be noted of a call."""
    table, seen = genotypes.table, genotypes.seen
    yield from of_reads(table, asked.sample)
    yield from of_call(table, seen, genotypes.explained, called)
    yield from of_rules(table, seen, called, asked.caveats)


def _refused(table: AlleleTable, sample: SampleSites) -> list[tuple[int, str]]:
    calls = sample.calls
    return [(s, base) for s, site in enumerate(table.sites) if site in calls and calls[site].refused for base in calls[site].refused]


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
