"""Records over the panel are checked while the rest of the input comes in, so that little is left to do after its last byte."""

from collections.abc import Iterable, Sequence
from itertools import islice

from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.validate.record import Record
from trdpgx.intake.validate.validator import RecordValidator
from trdpgx.intake.vcf.header import Header
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError

ENOUGH_NEW = 64
"""New records are checked as soon as there are so many."""


class CheckedRecords:
    """The records of one input that were checked so far. ``validator`` has their sample columns, ``wanted`` the numbers of the samples.

    Only ``finish`` raises the problem of a record, as problems of lines in the rest of the input come first.
    """

    def __init__(self, header: Header, options: Options, limits: Limits) -> None:
        self._header = header
        self._limits = limits
        chosen = frozenset(options.samples or header.samples)
        self.wanted = [number for number, name in enumerate(header.samples) if name in chosen]
        self._begin()

    def _begin(self) -> None:
        header = self._header
        self.validator = RecordValidator(self._limits, self.wanted, len(header.samples), imputed=header.imputed)
        self._records: list[Record] = []
        self._wrong = False

    def look(self, lines: Sequence[SelectedLine]) -> None:
        """Check the new ones among ``lines``, all that were selected so far, if they are many."""
        new = len(lines) - len(self._records)
        if new < ENOUGH_NEW or self._wrong or len(lines) * len(self.wanted) > self._limits.max_panel_records:
            return
        try:
            self._records += self.validator.records(lines[len(self._records) :])
        except InputError:
            self._wrong = True

    def finish(self, lines: Iterable[SelectedLine]) -> list[Record]:
        """Return the records of all ``lines``. Raises ``InputError`` with the number of the first one that is wrong."""
        if self._wrong:
            self._begin()
        return [*self._records, *self.validator.records(islice(lines, len(self._records), None))]
