"""Why a gene could not be called, in words, and what it would be without what is to blame."""

from collections.abc import Sequence

from trdpgx.calling.star_alleles.combinations import MOST_LISTED
from trdpgx.calling.star_alleles.matcher import Match, match
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.pattern import Observation, Pattern
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.model.gene_report import ResearchDiplotype, ResearchHaplotype, ResearchReason
from trdpgx.model.genome import NoCallReason
from trdpgx.texts import phrase, section

_WHY = {NoCallReason(key): text for key, text in section("no_call_reasons").items()}


def no_call_reason(table: AlleleTable, seen: Observation, matched: Match, refused: Sequence[tuple[int, str]]) -> str | None:
    """Return why the rows of a gene make no call; ``None`` where they make one."""
    if seen.carried:
        sites = ", ".join(f"{table.label(s)} ({', '.join(shown)}; {_why(seen.reasons[s])})" for s, shown in seen.carried)
        return phrase("uncalled.no_genotype_of_variant", sites=sites)
    if seen.unknown:
        return phrase("uncalled.unknown_allele", sites=unknown_labels(table, seen))
    if seen.half:
        return phrase("uncalled.half", sites=labels(table, seen.half))
    if not seen.seen:
        shown = ", ".join(f"{table.label(s)} ({base})" for s, base in refused)
        return phrase("uncalled.nothing_seen", rest=phrase("uncalled.refused", shown=shown) if shown else "")
    if matched.pairs:
        return None
    return phrase("uncalled.haplotype_undefined" if matched.phased else "uncalled.no_pair", sites=labels(table, matched.failing))


def _why(reason: NoCallReason | None) -> str:
    return phrase("uncalled.no_genotype") if reason is None else _WHY.get(reason, phrase("uncalled.no_genotype"))


def uncalled(
    table: AlleleTable, seen: Observation, matched: Match, memo: Memo, *, called: bool, unplaced: bool
) -> tuple[ResearchDiplotype, ...]:
    """Return what a gene that is not called would be without what is to blame: the site, the phase, or the structural record; at most 50.

    For research only, as nothing shows that it may be left out. Where a structural record shows what no diplotype holds (``unplaced``), it
    is what the rows alone make; nothing where they could not be called either.
    """
    if unplaced:
        others = any(not allele.startswith("<") for _, alleles in seen.carried for allele in alleles)
        asks = seen.seen and not (seen.unknown or seen.half or others)
        return _named(table, seen.pattern, ResearchReason.WITHOUT_RECORD, memo) if asks else ()
    asks = seen.seen and not (seen.half or seen.carried or called or (matched.pairs and not seen.unknown))
    return _without_bases_or_phase(table, seen, memo) if asks else ()


def _without_bases_or_phase(table: AlleleTable, seen: Observation, memo: Memo) -> tuple[ResearchDiplotype, ...]:
    """Return the diplotypes with the top score of the genotypes without unknown bases, and if need be without phase."""
    pattern, reason = seen.pattern, ResearchReason.WITHOUT_PHASE
    if seen.unknown:
        unknown = {table.sites.index(one.site) for one in seen.unknown}
        pattern, reason = tuple(None if s in unknown else genotype for s, genotype in enumerate(pattern)), ResearchReason.WITHOUT_SITE
        diplotypes = _named(table, pattern, reason, memo)
        if diplotypes:
            return diplotypes
    return _named(table, _unphased(pattern), reason, memo) if _is_phased(pattern) else ()


def _named(table: AlleleTable, pattern: Pattern, reason: ResearchReason, memo: Memo) -> tuple[ResearchDiplotype, ...]:
    matched = match(table, pattern, memo)
    names = [allele.name for allele in table.alleles]
    return tuple(
        ResearchDiplotype(
            name=pair.name,
            haplotypes=(_haplotype(names[pair.first]), _haplotype(names[pair.second])),
            phased=matched.phased,
            score=pair.score,
            reason=reason,
        )
        for pair in matched.pairs[:MOST_LISTED]
    )


def _haplotype(name: str) -> ResearchHaplotype:
    return ResearchHaplotype(name=name, alleles=(name,), variants=())


def _is_phased(pattern: Pattern) -> bool:
    blocks = [genotype[2] for genotype in pattern if genotype is not None and genotype[2]]
    return len(set(blocks)) < len(blocks)


def _unphased(pattern: Pattern) -> Pattern:
    """Return the genotypes with each heterozygous site in a block of its own, its bases in their order."""
    block, unphased = 0, list(pattern)
    for s, genotype in enumerate(pattern):
        if genotype is not None and genotype[2]:
            block += 1
            first, second = sorted(genotype[:2])
            unphased[s] = (first, second, block)
    return tuple(unphased)


def unknown_labels(table: AlleleTable, seen: Observation) -> str:
    """Return the names of the sites at which a base was seen that no allele of the table has."""
    return labels(table, [table.sites.index(unknown.site) for unknown in seen.unknown])


def labels(table: AlleleTable, sites: Sequence[int]) -> str:
    """Return the names of sites, given by index, joined by commas."""
    return ", ".join(map(table.label, sites))
