"""Where sources state other figures of doses of one drug by genotype, such as another highest dose."""

import re
from collections.abc import Iterable, Iterator

from trdpgx.model.consideration import Consideration
from trdpgx.reasoning.disagreement import documents
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.statements import document_named
from trdpgx.texts import phrase, section

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def figures_apart(
    drug: str, considerations: Iterable[Consideration], *, under_current_drugs: bool = False
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield where sources state other figures by genotype for the same thing, such as the highest dose; by the numbers alone.

    ``considerations`` are those on the drug, of which those by genotype are compared, or all where they hold ``under_current_drugs``.
    """
    mine = [
        one
        for one in considerations
        if one.action.dose_change and (under_current_drugs or one.conversion is None) and one.source.name != RESEARCH
    ]
    document = documents(mine) if len(mine) > 1 else {}
    if len({*document.values()}) < 2:
        return
    for field, name in section("dose_fields").items():
        stated = [(one, figure) for one in mine if one.action.dose_change and (figure := getattr(one.action.dose_change, field))]
        if len({document[id(one)] for one, _ in stated}) > 1 and len({frozenset(_NUMBER.findall(figure)) for _, figure in stated}) > 1:
            figures = "; ".join(
                phrase("contradictions.figure", source=document_named(one), figure=figure.replace("_", " ")) for one, figure in stated
            )
            ids = tuple(one.id for one, _ in stated)
            yield drug, phrase("contradictions.figures", field=name, figures=figures), ids
