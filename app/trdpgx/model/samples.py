"""The samples of an input, each worked out when it is asked for."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import overload

from trdpgx.model.genome import SampleSites
from trdpgx.model.site_columns import SampleBlock


class Samples(Sequence[SampleSites], ABC):
    """The samples of an input, in its order, each worked out when it is asked for, so that a cohort is never in memory as a whole."""

    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, number: int) -> SampleSites: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[SampleSites]: ...
    def __getitem__(self, number: int | slice) -> SampleSites | Sequence[SampleSites]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        return self.sample(range(len(self))[number])

    @abstractmethod
    def sample(self, number: int) -> SampleSites:
        """Return a sample, by its number from 0."""

    @abstractmethod
    def blocks(self) -> Iterator[SampleBlock]:
        """Yield the samples in blocks, in their order."""


class OneBlock(Samples):
    """Samples that are one block."""

    def __init__(self, block: SampleBlock) -> None:
        self.names = block.names
        self._block = block

    def sample(self, number: int) -> SampleSites:
        """Return a sample, by its number from 0."""
        return self._block.sample(number)

    def blocks(self) -> Iterator[SampleBlock]:
        """Yield all of them at once."""
        yield self._block
