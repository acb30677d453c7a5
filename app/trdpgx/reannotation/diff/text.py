"""A difference as plain text."""

from collections.abc import Iterable, Iterator

from trdpgx.model.evidence import Strength
from trdpgx.model.report_diff import CallChange, ConsiderationChange, ReportDiff
from trdpgx.report.text.wrapped import wrapped
from trdpgx.report.wording import STRENGTH_WORDS
from trdpgx.texts import phrase, section

_CHANGES = section("diff_changes")
ASPECTS = section("diff_aspects")
"""Aspects of a consideration, in words."""
PARTS = section("diff_parts")
"""Parts of what made a report, in words."""
NOTHING = phrase("diff_text.nothing")
OTHER_INPUT = phrase("diff_text.other_input")


def to_text(diffs: Iterable[ReportDiff]) -> str:
    """Return one difference or several, each under the name of its sample."""
    return "\n\n".join("\n".join(_lines(one)) for one in diffs) + "\n"


def _lines(diff: ReportDiff) -> Iterator[str]:
    old, new = diff.old, diff.new
    yield from wrapped(phrase("diff_text.heading", sample=diff.sample))
    for title, side in (("Older", old), ("Newer", new)):
        made = phrase(
            "diff_text.made_by",
            day=f"{side.created_at:%Y-%m-%d}",
            software=side.software_version,
            rules=side.rules_release,
            reference=side.reference_release,
        )
        yield from wrapped(made, f"{title}:  ")
    if not diff.same_input:
        yield from wrapped(OTHER_INPUT)
    yield from (line for text in diff.not_redone for line in wrapped(text, phrase("diff_text.not_made_anew")))
    if not diff.changed:
        yield from ("", NOTHING)
    if diff.calls:
        yield from ("", phrase("diff_text.changed_calls", count=len(diff.calls)))
        for call in diff.calls:
            yield from _call(call)
    if diff.considerations:
        yield from ("", phrase("diff_text.considerations", count=len(diff.considerations)))
        for one in diff.considerations:
            yield from _consideration(one)
    if diff.sources:
        yield from ("", phrase("diff_text.superseded_sources"))
        for source in diff.sources:
            yield from wrapped(f"{source.old} -> {source.new} ({', '.join(source.rules)})", "- ")
    if diff.others:
        yield from ("", *wrapped(", ".join(diff.others), phrase("diff_text.others")))
    yield from ("", phrase("diff_text.made_by_heading"))
    yield from wrapped(software_words(diff), "- ")
    for release in diff.releases:
        yield from wrapped(f"{PARTS[release.part]}: {release.old} -> {release.new}", "- ")


def software_words(diff: ReportDiff) -> str:
    """Return in a sentence which versions of the program made the reports."""
    if not diff.software.changed:
        return phrase("diff_text.same_program", version=diff.software.new)
    only = phrase("diff_text.program_only") if diff.software.only else ""
    return phrase("diff_text.other_program", old=diff.software.old, new=diff.software.new, only=only)


def _call(call: CallChange) -> Iterator[str]:
    old, new = (words or phrase("diff_text.not_in_the_report") for words in (call.old, call.new))
    yield from wrapped(f"{old} -> {new}", f"- {call.name}: ")
    yield from wrapped(call.why, "  ")


def _strength(code: str | None) -> str:
    return STRENGTH_WORDS[Strength(code)] if code else ""


def _consideration(one: ConsiderationChange) -> Iterator[str]:
    aspects = f" ({', '.join(ASPECTS[aspect] for aspect in one.aspects)})" if one.aspects else ""
    yield from wrapped(
        f"{', '.join(one.drugs)}: {one.source}, {', '.join(one.genes)} [{one.rule_id}]{aspects}", f"- {_CHANGES[one.change]}  "
    )
    if one.old_strength != one.new_strength and one.change == "changed":
        yield from wrapped(f"{_strength(one.old_strength)} -> {_strength(one.new_strength)}", phrase("diff_text.evidence"))
    if one.old_text != one.new_text:
        yield from wrapped(one.old_text, phrase("diff_text.was")) if one.old_text else ()
        yield from wrapped(one.new_text, "  Is: ") if one.new_text else ()
    if one.superseded_by:
        yield from wrapped(one.superseded_by, phrase("diff_text.superseded_by"))
    yield from wrapped(one.why, "  ")
