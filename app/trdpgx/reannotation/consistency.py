"""Whether an earlier report agrees with itself: its rows with each other, and under its own release with what its genotypes give.

This finds faults and careless changes. Whoever changes a report with care can make it agree: only a signature shows that.
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
    """Yield where the row of a variant is not that of its genotype."""
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
    """Yield the genes that list a site as unseen of which there is a genotype."""
    states = {row.site: row.state.value for row in facts.genotypes}
    genes = document.get("genes")
    for number, gene in enumerate(genes if isinstance(genes, list) else ()):
        unseen = gene.get("unseen_sites") if isinstance(gene, dict) else None
        for one in unseen if isinstance(unseen, list) else ():
            if not isinstance(one, dict) or not isinstance(site := one.get("site"), str) or site not in states:
                continue
            named, held = one.get("state"), states[site]
            if named != held and SiteState.ABSENT.value in (named, held):
                yield f"`genes[{number}].unseen_sites` is not what `genotypes` has"
                break


def check_same_release(old: OldReport, report: Report, service: Service) -> None:
    """Raise ``InputError`` where this very program and knowledge make something else of a report that names them as its own."""
    facts, basis = old.facts, old.facts.basis
    alike = facts.schema_version == report.schema_version and facts.software == report.software and facts.knowledge == report.knowledge
    if basis is None or not alike or basis.frequency_file or service.frequencies or basis.open_from != service.settings.open_from_chance:
        return
    made = orjson.loads(to_json(report))
    if [one["sequence"] for one in made["rare_variant_genes"]] != _sequences(old.document):
        return  # an operator's own sequences had a part, then or now
    differing = [name for name, value in made.items() if name not in _OWN and old.document.get(name) != value]
    if differing:
        named = ", ".join(f"`{name}`" for name in differing)
        raise InputError(
            CONTRADICTORY_REPORT,
            f"The report names the release, rules and reference of this service, which give other {named} for its genotypes.",
        )


def _sequences(document: Mapping[str, Any]) -> list[Any]:
    genes = document.get("rare_variant_genes")
    return [one.get("sequence") for one in genes if isinstance(one, dict)] if isinstance(genes, list) else []
