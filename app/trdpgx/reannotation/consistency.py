"""Whether an earlier report is consistent: its rows with each other, and, under its own release, its results with its genotypes.

This finds faults and accidental changes. A careful change can be consistent: only a signature shows it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from trdpgx.model.genome import SiteState
from trdpgx.model.problem import InputError
from trdpgx.model.report import Report
from trdpgx.pipeline import Service
from trdpgx.reannotation.document import OldReport, ReportFacts
from trdpgx.reannotation.problems import CONTRADICTORY_REPORT
from trdpgx.report.formats.json import to_json

_OWN = frozenset({"report_id", "created_at", "software", "knowledge", "input"})
"""Fields that are not compared: they name the report and its input."""


def check_facts(facts: ReportFacts, document: Mapping[str, Any]) -> None:
    """Raise ``InputError`` where rows of the report cannot both be true, whatever the release."""
    faults = [*_repeated(facts), *_variants(facts), *_genes(facts, document)]
    if faults:
        more = f" (and {len(faults) - 3} more)" if len(faults) > 3 else ""
        raise InputError(CONTRADICTORY_REPORT, f"{'; '.join(faults[:3])}{more}.")


def _repeated(facts: ReportFacts) -> Iterator[str]:
    sites = Counter(row.site for row in facts.genotypes)
    if any(count > 1 for count in sites.values()):
        yield "`genotypes` names a site twice"
    if any(len(row.alleles) != 2 for row in facts.genotypes if row.state is SiteState.CALLED):
        yield "`genotypes` has a called site without two alleles"
    details = Counter(one.site for one in facts.basis.details) if facts.basis else Counter()
    if any(count > 1 or site not in sites for site, count in details.items()):
        yield "`basis.details` names a site twice, or one that `genotypes` does not have"


def _variants(facts: ReportFacts) -> Iterator[str]:
    """Yield a fault for each variant that contradicts its row in ``genotypes``."""
    rows = {row.site: row for row in facts.genotypes}
    carried = {one.site for one in facts.basis.details if one.carried} if facts.basis else set()
    for number, one in enumerate(facts.variants):
        row = rows.get(one.id)
        if row is None or one.id in carried:
            continue
        state = SiteState.ABSENT if one.state == "assumed_reference" else one.state
        alleles = sorted((one.genotype or "").replace("|", "/").split("/"))
        if state is not row.state and state != row.state:
            yield f"`variants[{number}].state` is not that of its row in `genotypes`"
        elif row.state is SiteState.CALLED and alleles != sorted(row.alleles):
            yield f"`variants[{number}].genotype` is not that of its row in `genotypes`"


def _genes(facts: ReportFacts, document: Mapping[str, Any]) -> Iterator[str]:
    """Yield a fault for each gene that lists a site as unseen although it has a genotype."""
    states = {row.site: row.state.value for row in facts.genotypes}
    for number, gene in enumerate(_items(document, "genes")):
        unseen = gene.get("unseen_sites") if isinstance(gene, dict) else None
        for one in unseen if isinstance(unseen, list) else ():
            if not isinstance(one, dict) or not isinstance(site := one.get("site"), str) or site not in states:
                continue
            listed, state = one.get("state"), states[site]
            if listed != state and SiteState.ABSENT.value in (listed, state):
                yield f"`genes[{number}].unseen_sites` is not what `genotypes` has"
                break


def check_same_release(old: OldReport, report: Report, service: Service) -> None:
    """Raise ``InputError`` where a report names this very program and knowledge, and they give another report."""
    facts, basis = old.facts, old.facts.basis
    alike = facts.schema_version == report.schema_version and facts.software == report.software and facts.knowledge == report.knowledge
    if basis is None or not alike or basis.frequency_file or service.frequencies or basis.open_from != service.settings.open_from_chance:
        return
    made = orjson.loads(to_json(report))
    sequences = [
        [one.get("sequence") for one in _items(side, "rare_variant_genes") if isinstance(one, dict)] for side in (made, old.document)
    ]
    if sequences[0] != sequences[1]:
        return  # an operator's own sequences were used, then or now
    differing = [name for name, value in made.items() if name not in _OWN and old.document.get(name) != value]
    if differing:
        named = ", ".join(f"`{name}`" for name in differing)
        raise InputError(
            CONTRADICTORY_REPORT,
            f"The report names the release, rules and reference of this service, which give other {named} for its genotypes.",
        )


def _items(document: Mapping[str, Any], name: str) -> list[Any]:
    items = document.get(name)
    return items if isinstance(items, list) else []
