"""The clinical facts of a rulebook: one file of each kind, with the layers over it merged."""

from collections.abc import Iterator, Mapping
from typing import TypeVar, cast

from msgspec import Struct, field

from trdpgx.model.base import Model

_File = TypeVar("_File", bound=Model)


class ClinicalFacts(Struct, frozen=True):
    """The files by their shape."""

    files: Mapping[type[Model], Model] = field(default_factory=dict)
    positions: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """File and 1-based line of each row, by its id."""

    def of(self, shape: type[_File]) -> _File:
        """Return the file of this shape, empty where the rulebook has none."""
        return cast(_File, self.files[shape]) if shape in self.files else shape()

    def __iter__(self) -> Iterator[Model]:
        """Return the files in the order of their kinds."""
        return iter(self.files.values())
