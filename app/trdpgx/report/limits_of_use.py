"""For whom, or for what use, a source states what it states, where that is not for everybody."""

from collections.abc import Iterable, Iterator

from trdpgx.model.consideration import Consideration
from trdpgx.reasoning.importance import RESEARCH
from trdpgx.reasoning.statements import source_named
from trdpgx.texts import phrase

_EVERYBODY = "general"


def of_drug(considerations: Iterable[Consideration]) -> Iterator[str]:
    """Yield a sentence for each source that limits what it states of a drug; the considerations are those on the drug."""
    limits = dict.fromkeys((source_named(one), one.population) for one in considerations if _is_limited(one))
    for source, population in limits:
        yield phrase("limits_of_use.of_drug", source=source, population=population)


def of_all(considerations: Iterable[Consideration]) -> Iterator[str]:
    """Yield a sentence for each limit of each source, with the drugs that it is about, that of the most drugs first."""
    drugs: dict[tuple[str, str | None], dict[str, None]] = {}
    for one in considerations:
        if _is_limited(one):
            drugs.setdefault((source_named(one), one.population), {}).update(dict.fromkeys(one.drugs))
    for (source, population), names in sorted(drugs.items(), key=lambda one: -len(one[1])):
        yield phrase("limits_of_use.of_drugs", source=source, drugs=", ".join(names), population=population)


def _is_limited(one: Consideration) -> bool:
    return one.source.name != RESEARCH and one.population not in {None, _EVERYBODY}
