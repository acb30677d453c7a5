"""The result of intake: facts about the input, and the sites of each sample."""

from collections.abc import Mapping
from typing import Self

from msgspec import Struct, field
from msgspec.structs import replace

from trdpgx.model.input import InputFacts
from trdpgx.model.region import InfoDefinition
from trdpgx.model.samples import Samples


class IntakeResult(Struct, frozen=True):
    """The whole of intake: facts, and the panel sites of each sample in the order of the input's header.

    The sites of a sample are worked out when they are asked for, so that a large cohort is never in memory as a whole.
    """

    facts: InputFacts
    samples: Samples
    info_definitions: Mapping[str, InfoDefinition] = field(default_factory=dict)
    """The INFO lines of the header, by key."""

    def named(self, name: str | None) -> Self:
        """Return the same with the name that the caller gives the input."""
        return self if name is None else replace(self, facts=self.facts.copy_with(name=name))
