"""What a table is: columns with a type and a meaning, and the items of a report that its rows are about."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct

from trdpgx.model.report import Report

Kind = Literal["text", "texts", "integer", "number", "boolean"]
"""``texts`` is a list of texts, which is empty rather than null."""
Value = str | tuple[str, ...] | int | float | bool | None

Item = TypeVar("Item")


class Column(Struct, Generic[Item], frozen=True):
    """One column: its name, the type of its values, what it means, and how it is read from an item.

    ``null`` is what a missing value means; without it a value is always there.
    """

    name: str
    kind: Kind
    about: str
    read: Callable[[Item], Value]
    null: str = ""


class ReportTable(Struct, Generic[Item], frozen=True):
    """A table with a row for each item of a report. The first column of every row is ``sample``, which the item does not have."""

    name: str
    about: str
    columns: tuple[Column[Item], ...]
    items: Callable[[Report], Iterable[Item]]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, ``sample`` included."""
        return (SAMPLE, *(column.name for column in self.columns))

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The types of all columns, ``sample`` included."""
        return ("text", *(column.kind for column in self.columns))

    def values(self, item: Item) -> tuple[Value, ...]:
        """Return the row of an item without its sample: equal for samples of which the same is stated."""
        return tuple(column.read(item) for column in self.columns)

    def rows(self, report: Report) -> Iterator[tuple[Value, ...]]:
        """Yield the rows of one report."""
        sample = report.input.sample
        return ((sample, *self.values(item)) for item in self.items(report))


SAMPLE = "sample"
SAMPLE_ABOUT = "name of the sample in the input"
AnyTable = ReportTable[Any]
