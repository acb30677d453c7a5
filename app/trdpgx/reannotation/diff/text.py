"""A difference as plain text."""

from collections.abc import Iterable, Iterator

from trdpgx.model.report_diff import CallChange, ConsiderationChange, ReportDiff
from trdpgx.report.text.wrapped import plain, wrapped

_CHANGES = {"added": "NEW", "removed": "GONE", "changed": "CHANGED"}
ASPECTS = {
    "reworded": "reworded",
    "strength": "other strength of evidence",
    "source": "another source",
    "evidence": "other evidence",
    "scope": "holds for other results",
}
"""Aspects of a consideration, in words."""
PARTS = {
    "rules": "Rules",
    "rules_layers": "Layers over the rules",
    "reference": "Reference",
    "evidence_policy": "Policy of evidence",
    "schema": "Schema",
    "open_from_chance": "Chance from which on a phenotype is open",
}
"""Parts of what made a report, in words."""
NOTHING = "Nothing that the report states is different."
OTHER_INPUT = "THE TWO REPORTS ARE NOT OF THE SAME FILE AND SAMPLE."


def to_text(diffs: Iterable[ReportDiff]) -> str:
    """Return one difference or several, each under the name of its sample."""
    return "\n\n".join("\n".join(_lines(one)) for one in diffs) + "\n"


def _lines(diff: ReportDiff) -> Iterator[str]:
    old, new = diff.old, diff.new
    yield from wrapped(f"WHAT IS DIFFERENT  {diff.sample}")
    for title, side in (("Older", old), ("Newer", new)):
        made = f"{side.created_at:%Y-%m-%d}, trdpgx {side.software_version}, rules {side.rules_release}, reference {side.reference_release}"
        yield from wrapped(made, f"{title}:  ")
    if not diff.same_input:
        yield from wrapped(OTHER_INPUT)
    yield from (line for text in diff.not_redone for line in wrapped(text, "Not made anew: "))
    if not diff.changed:
        yield from ("", NOTHING)
    if diff.calls:
        yield from ("", f"CHANGED CALLS ({len(diff.calls)})")
        for call in diff.calls:
            yield from _call(call)
    if diff.considerations:
        yield from ("", f"CONSIDERATIONS ({len(diff.considerations)})")
        for one in diff.considerations:
            yield from _consideration(one)
    if diff.sources:
        yield from ("", "SUPERSEDED SOURCES")
        for source in diff.sources:
            yield from wrapped(f"{source.old} -> {source.new} ({', '.join(source.rules)})", "- ")
    if diff.others:
        yield from ("", *wrapped(", ".join(diff.others), "Other parts of the report that have changed: "))
    yield from ("", "MADE BY")
    yield from wrapped(software_words(diff), "- ")
    for release in diff.releases:
        yield from wrapped(f"{PARTS[release.part]}: {release.old} -> {release.new}", "- ")


def software_words(diff: ReportDiff) -> str:
    """Return in a sentence which versions of the program made the reports."""
    if not diff.software.changed:
        return f"trdpgx {diff.software.new} both times"
    only = ", and nothing but the program has changed" if diff.software.only else ""
    return f"trdpgx {diff.software.old} -> {diff.software.new}{only}"


def _call(call: CallChange) -> Iterator[str]:
    yield from wrapped(f"{call.old or 'not in the report'} -> {call.new or 'not in the report'}", f"- {call.name}: ")
    yield from wrapped(call.why, "  ")


def _consideration(one: ConsiderationChange) -> Iterator[str]:
    aspects = f" ({', '.join(ASPECTS[aspect] for aspect in one.aspects)})" if one.aspects else ""
    yield from wrapped(
        f"{', '.join(one.drugs)}: {one.source}, {', '.join(one.genes)} [{one.rule_id}]{aspects}", f"- {_CHANGES[one.change]}  "
    )
    if one.old_strength != one.new_strength and one.change == "changed":
        yield from wrapped(f"{plain(one.old_strength or '')} -> {plain(one.new_strength or '')}", "  Evidence: ")
    if one.old_text != one.new_text:
        yield from wrapped(one.old_text, "  Was: ") if one.old_text else ()
        yield from wrapped(one.new_text, "  Is: ") if one.new_text else ()
    if one.superseded_by:
        yield from wrapped(one.superseded_by, "  Superseded by: ")
    yield from wrapped(one.why, "  ")
