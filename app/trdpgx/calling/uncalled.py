"""Why a gene could not be called, in words, and what it would be without the record that is to blame."""

from collections.abc import Sequence

from trdpgx.calling.star_alleles.alternatives import alternatives, without_record
from trdpgx.calling.star_alleles.matcher import Match
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.calling.star_alleles.pattern import Observation
from trdpgx.calling.star_alleles.table import AlleleTable
from trdpgx.model.gene_report import ResearchDiplotype
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
    """Return what a gene that is not called would be without what is to blame: the site, the phase, or the structural record."""
    if unplaced:
        return without_record(table, seen, memo)
    asks = seen.seen and not (seen.half or seen.carried or called or (matched.pairs and not seen.unknown))
    return alternatives(table, seen, memo) if asks else ()


def unknown_labels(table: AlleleTable, seen: Observation) -> str:
    """Return the names of the sites at which a base was seen that no allele of the table has."""
    return labels(table, [table.sites.index(unknown.site) for unknown in seen.unknown])


def labels(table: AlleleTable, sites: Sequence[int]) -> str:
    """Return the names of sites, given by index, joined by commas."""
    return ", ".join(map(table.label, sites))
