"""The protocol of an adapter, bundled or installed: an object that reads the result file of one tool."""

from collections.abc import Iterable, Mapping
from typing import Protocol, Required, TypedDict

from trdpgx.calling.outside_calls.document import ResultFile


class CallFields(TypedDict, total=False):
    """One call as a tool writes it: the fields of ``OutsideCall``, as text where the file has text, and the 1-based line.

    An adapter need not check or normalise values: ``read_outside_calls`` handles words for "no call", the gene's name before an allele and
    empty fields.
    """

    gene: Required[str | None]
    tool: Required[str]
    sample: str | None
    diplotype: str | None
    phenotype: str | None
    activity_score: str | float | None
    copy_number: str | int | None
    no_call: bool
    quality_flag: str | None
    line: int | None


class Adapter(Protocol):
    """Reader of the output of one tool.

    An adapter may have an attribute ``loose``, true if other tools write files of the same shape: it is tried after all strict adapters.
    """

    def recognises(self, document: ResultFile) -> bool:
        """Return whether the file is this tool's, by its content alone."""
        ...

    def read(self, document: ResultFile) -> Iterable[CallFields | Mapping[str, object]]:
        """Yield each call. Raises ``InputError`` where the file does not name the gene of a call.

        The error has a kind of ``problems``, the 1-based ``line``, and where the kind's remedy is too general, a ``remedy`` of its own:
        ``InputError(OUTSIDE_CALLS_INVALID, "No gene is named.", line=3, remedy="Add a column named Gene.")``. Neither text quotes the file.
        """
        ...
