"""What sources state differently of one reference range, one interaction, or the days between two drugs."""

from collections.abc import Iterator

from trdpgx.model.composed import PartKind
from trdpgx.model.report import Report
from trdpgx.texts import phrase


def clinical_contradictions(report: Report) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the subject, how sources differ on it, and ids of interactions on the page; nothing of a report that was read from a file."""
    for one in report.exposure:
        for ranges in dict.fromkeys(part.statements for part in one.parts if part.kind is PartKind.LEVELS and part.statements):
            yield one.drug, phrase("contradictions.ranges", ranges="; ".join(ranges)), ()
    for number, interaction in enumerate(report.interactions, 1):
        for part in (part for part in interaction.parts if part.kind is PartKind.DIFFER):
            yield ", ".join(interaction.drugs), part.text, (f"interaction-{number}",)
    yield from _of_days(report)


def _of_days(report: Report) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each two drugs between which sources ask for other numbers of days."""
    between: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for number, one in enumerate(report.interactions, 1):
        for days in (days for part in one.parts if part.kind is PartKind.LIMIT for days in part.statements):
            for then in one.drugs[1:]:
                between.setdefault((one.drugs[0], then), {}).setdefault(days, (one.source.name, f"interaction-{number}"))
    for pair, stated in between.items():
        if len(stated) > 1:
            days = "; ".join(phrase("contradictions.days_of", days=days, source=source) for days, (source, _) in stated.items())
            yield ", ".join(pair), phrase("contradictions.days", days=days), tuple(identity for _, identity in stated.values())
