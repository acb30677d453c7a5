"""Figures of doses that sources have for each of two genes alone, where none has one for both together."""

from collections.abc import Iterable

from trdpgx.model.composed import PartKind, TextPart
from trdpgx.model.consideration import Consideration
from trdpgx.reasoning.dose_figures import doses
from trdpgx.reasoning.statements import source_named
from trdpgx.texts import both, phrase, section

_FIELDS = section("dose_fields")


def single_gene_figures(considerations: Iterable[Consideration]) -> TextPart:
    """Return for which kinds of dose of one drug sources have a figure for each gene alone and none for both; no text without any."""
    ones = [one for one in considerations if one.action.dose_change is not None]
    sentences = []
    for field, name in _FIELDS.items():
        stated = [one for one in ones if doses(getattr(one.action.dose_change, field) or "")]
        alone = [one for one in stated if len(one.genes) == 1]
        genes = tuple(dict.fromkeys(one.genes[0] for one in alone))
        if len(genes) > 1 and not any(len(one.genes) > 1 for one in stated):
            sources = both(dict.fromkeys(source_named(one) for one in alone))
            sentences.append(phrase("drugs.figures_by_single_gene", field=name, genes=both(genes), sources=sources))
    return TextPart(PartKind.FIGURES, " ".join(sentences))
