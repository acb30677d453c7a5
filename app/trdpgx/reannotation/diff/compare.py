"""The whole difference of two reports: calls, considerations, sources, releases, and every other part by name."""

from collections.abc import Iterator, Mapping
from typing import Any

from trdpgx.model.report_diff import ComparedReport, ReleaseChange, ReportDiff, SoftwareChange
from trdpgx.reannotation.diff.calls import call_changes
from trdpgx.reannotation.diff.considerations import consideration_changes, source_changes
from trdpgx.reannotation.diff.context import Compared
from trdpgx.reannotation.diff.views import GeneView, RareVariantView, VariantView
from trdpgx.reannotation.document import OldReport, ReportFacts
from trdpgx.reannotation.genotypes import SITES_NOT_ASKED
from trdpgx.reannotation.without_genotypes import GENOTYPES_NOT_KEPT

_NAMES = frozenset({"schema_version", "report_id", "created_at", "software", "knowledge", "disclaimer"})
_NOT_REDONE = frozenset({SITES_NOT_ASKED, GENOTYPES_NOT_KEPT})
_ITEMS: Mapping[str, tuple[str, frozenset[str]]] = {
    "genes": ("gene", frozenset(GeneView.model_fields)),
    "variants": ("id", frozenset(VariantView.model_fields)),
    "rare_variants": ("location", frozenset(RareVariantView.model_fields)),
}
"""Lists whose items are compared as calls: the field that names an item, and the fields that are compared there."""


def compare(old: OldReport, new: OldReport) -> ReportDiff:
    """Return what is different between two reports. Raises ``InputError`` where one of them does not fit the schema."""
    compared = Compared(old, new)
    calls = tuple(call_changes(compared))
    considerations = tuple(consideration_changes(compared, calls))
    others = tuple(_others(old.document, new.document))
    releases = tuple(_releases(old.facts, new.facts))
    versions = old.facts.software.version, new.facts.software.version
    changed = bool(calls or considerations or others)
    return ReportDiff(
        old=_named(old.facts),
        new=_named(new.facts),
        sample=new.facts.input.sample,
        same_input=compared.same_input,
        changed=changed,
        calls=calls,
        considerations=considerations,
        sources=tuple(source_changes(compared)),
        software=SoftwareChange(
            old=versions[0],
            new=versions[1],
            changed=versions[0] != versions[1],
            only=versions[0] != versions[1] and not releases and compared.same_input and not compared.options_changed,
        ),
        releases=releases,
        others=others,
        not_redone=tuple(one.text for one in new.facts.input.warnings if one.code in _NOT_REDONE),
    )


def _named(facts: ReportFacts) -> ComparedReport:
    return ComparedReport(
        report_id=facts.report_id,
        created_at=facts.created_at,
        schema_version=facts.schema_version,
        software_version=facts.software.version,
        rules_release=facts.knowledge.rules_release,
        reference_release=facts.knowledge.reference_release,
    )


def _releases(old: ReportFacts, new: ReportFacts) -> Iterator[ReleaseChange]:
    """Yield the parts of the knowledge, and the setting of the operator, that are not the same."""
    one, other = old.knowledge, new.knowledge
    if one.rules_digest != other.rules_digest:
        yield ReleaseChange(
            part="rules", old=_release(one.rules_release, one.rules_digest), new=_release(other.rules_release, other.rules_digest)
        )
    layers = [
        [
            _release(layer.release if layer.name in layer.release else f"{layer.name} {layer.release}", layer.digest)
            for layer in facts.rules_layers[1:]
        ]
        for facts in (one, other)
    ]
    if layers[0] != layers[1]:
        yield ReleaseChange(part="rules_layers", old=", ".join(layers[0]) or "none", new=", ".join(layers[1]) or "none")
    if one.reference_digest != other.reference_digest:
        was, now = _release(one.reference_release, one.reference_digest), _release(other.reference_release, other.reference_digest)
        yield ReleaseChange(part="reference", old=was, new=now)
    if one.evidence_policy != other.evidence_policy:
        yield ReleaseChange(part="evidence_policy", old=one.evidence_policy, new=other.evidence_policy)
    if old.schema_version != new.schema_version:
        yield ReleaseChange(part="schema", old=old.schema_version, new=new.schema_version)
    chances = [facts.basis.open_from if facts.basis else None for facts in (old, new)]
    if None not in chances and chances[0] != chances[1]:
        yield ReleaseChange(part="open_from_chance", old=f"{chances[0]:g}", new=f"{chances[1]:g}")


def _release(name: str, digest: str) -> str:
    return f"{name} ({digest[:12]})"


def _others(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields of both schemas, other than calls and considerations, that are different."""
    for name in sorted(old.keys() & new.keys() - _NAMES - {"considerations"} - _ITEMS.keys()):
        if name == "input":
            yield from (f"input.{key}" for key in _differing(old[name], new[name]) if key != "reannotated_from")
        elif name == "basis" and isinstance(old[name], dict) and isinstance(new[name], dict):
            yield from (f"basis.{key}" for key in _differing(old[name], new[name]))
        elif old[name] != new[name]:
            yield name
    for name, (key, fields) in _ITEMS.items():
        items = [{one.get(key): one for one in side.get(name) or () if isinstance(one, dict)} for side in (old, new)]
        differing = (field for one in items[0].keys() & items[1].keys() for field in _differing(items[0][one], items[1][one]))
        yield from (f"{name}[].{field}" for field in dict.fromkeys(sorted(differing)) if field not in fields)


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    return (key for key in sorted(one.keys() & other.keys()) if one[key] != other[key])
