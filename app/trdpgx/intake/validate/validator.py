"""Check a record over the panel field by field, and keep only what is needed of it.

Alleles and genotypes are matched against their grammar, allele numbers are checked against the ALTs, and phasing is brought to one form
(VCF 4.4's leading separator included). The fields of the samples are packed (``sample_columns``); all other fields that are kept are in
the ``Record``.
"""

import re
from collections.abc import Iterable, Sequence

from trdpgx.intake.problems import BAD_ALTERNATE_ALLELE, BAD_REFERENCE_ALLELE, TOO_MANY_ALTS, TOO_MANY_INFO_FIELDS
from trdpgx.intake.scan.record_end import block_lengths
from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.validate.filters import FilterNames
from trdpgx.intake.validate.fixed_columns import read_info, read_quality
from trdpgx.intake.validate.format_column import FormatColumn, read_format
from trdpgx.intake.validate.long_alleles import symbolic
from trdpgx.intake.validate.quality import Judge
from trdpgx.intake.validate.record import UNREADABLE, Record
from trdpgx.intake.validate.refusal import FieldError
from trdpgx.intake.validate.sample_columns import SampleColumns, SampleText
from trdpgx.intake.vcf.alleles import UNSEEN_ALLELES, record_end
from trdpgx.model.input import InputWarning
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError
from trdpgx.texts import phrase

_BASES = rb"[ACGTNRYSWKMBDHVacgtnryswkmbdhv]"
_REF = re.compile(_BASES + rb"+")
_ALT = re.compile(
    rb"%b+|\*|<[!-;=?-~]{1,200}>|%b*[\[\]][!-Z\\^-~]{1,300}[\[\]]%b*|\.%b+|%b+\." % ((_BASES,) * 5),
)
_SINGLE_REF = {base.encode(): (base, True) for base in "ACGT"}
_SINGLE_ALT = {base.encode(): ((base,), True) for base in "ACGT"}
"""What most records have; all else is matched."""
_ARRAY_CODES = frozenset({b"I", b"D", b"i", b"d"})
"""Insertion and deletion as arrays write them, without a base. D is an IUPAC code, too; as an allele of its own it is none."""
_WRITTEN = re.compile(rb"[!-~]+")
"""What stands for an allele, even if it cannot be read."""
_VALUES = 1_024
"""About so many sample columns are taken at once, so that those of a cohort are not held as text."""


class RecordValidator:
    """Checks the records of one input. ``wanted`` are the sample columns that are kept, in order. ``columns`` has what they hold."""

    def __init__(self, limits: Limits, wanted: Sequence[int], samples: int, *, imputed: bool = False) -> None:
        self._limits = limits
        self._filters = FilterNames(limits.max_filters)
        self._formats: dict[bytes, FormatColumn] = {}
        self._judge = Judge(limits, imputed=imputed)
        self.columns = SampleColumns(limits, wanted, samples, self._filters, self._judge)
        self._most = max(1, _VALUES // samples)
        self._unreadable = 0
        self._first_unreadable: int | None = None

    @property
    def warnings(self) -> tuple[InputWarning, ...]:
        """What was unusual in the records that were accepted."""
        if not self._unreadable:
            return ()
        text = phrase("warnings.unreadable_alleles", count=self._unreadable)
        return (InputWarning(code="unreadable_alleles", text=text, line=self._first_unreadable),)

    def records(self, lines: Iterable[SelectedLine]) -> list[Record]:
        """Return the records of selected lines. Raises ``InputError`` with the number of the first one that is wrong."""
        records: list[Record] = []
        batch: list[SampleText] = []
        last: FormatColumn | None = None
        for line in lines:
            try:
                record, form, samples = self._read(line)
            except FieldError as refusal:
                self._take(last, batch)  # what is wrong before this line comes first
                raise InputError(refusal.kind, refusal.detail, line=line.line) from None
            if form is not last or len(batch) == self._most:
                self._take(last, batch)
                last, batch = form, []
            batch.append(samples)
            records.append(record)
        self._take(last, batch)
        return records

    def _take(self, form: FormatColumn | None, batch: Sequence[SampleText]) -> None:
        """Take the sample columns of consecutive records with one FORMAT. Raises ``InputError`` for the first that is wrong."""
        if form is None:
            return
        try:
            self.columns.add(form, batch)
        except FieldError as refusal:
            for one in batch if len(batch) > 1 else ():
                self._take(form, (one,))
            raise InputError(refusal.kind, refusal.detail, line=batch[0].line) from None

    def _read(self, selected: SelectedLine) -> tuple[Record, FormatColumn, SampleText]:
        """Return a record, its FORMAT, and its sample columns."""
        _, pos_text, _, ref_text, alt, qual, filters, info, keys, samples = selected.text.split(b"\t", 9)
        ref, legible = _SINGLE_REF.get(ref_text) or self._ref(ref_text)
        alts, spelled = _SINGLE_ALT.get(alt) or self._alts(alt)
        if not legible:
            # Nobody knows what the ALTs are beside it.
            alts, spelled = (UNREADABLE,) * (len(alts) or 1), False
        if UNREADABLE in alts:
            self._unreadable += 1
            self._first_unreadable = self._first_unreadable or selected.line
        judged_quality, quality = read_quality(qual)
        names = self._filters.of_record(filters)
        if info.count(b";") >= self._limits.max_info_fields:
            raise FieldError(TOO_MANY_INFO_FIELDS, f"The cap is {self._limits.max_info_fields} fields.")
        end, kind, lengths, judged = read_info(info, self._limits.max_alts)
        pos = int(pos_text)
        if end is None and not spelled and b"<*>" in alt:
            shortest = min(block_lengths(keys, samples.split(b"\t")), default=None)
            end = None if shortest is None else pos + shortest - 1
        if end is not None and end >= pos:
            reach = record_end(pos, len(ref), (end,))
        elif lengths and any(alt.startswith("<") and not alt.startswith("<INS") for alt in alts):
            reach = record_end(pos, len(ref), lengths=lengths)
        else:
            reach = record_end(pos, len(ref))
        if len(ref_text) + len(alt) > self._limits.max_allele_bases:
            ref, alts = symbolic(ref, alts, self._limits.max_allele_bases // (1 + len(alts)))
            spelled = spelled and not any(one.startswith("<") for one in alts)
        form = self._formats.get(keys)
        if form is None:
            form = self._formats[keys] = read_format(keys)
        marker = self._judge.marker(judged, judged_quality, len(alts) if spelled else sum(alt not in UNSEEN_ALLELES for alt in alts))
        record = Record(
            selected.chrom,
            pos,
            ref,
            alts,
            names,
            reach,
            kind,
            lengths,
            form.copies,
            info,
            spelled,
            form.typed,
            quality,
        )
        return record, form, SampleText(selected.line, samples, len(alts), marker, legible)

    def _ref(self, text: bytes) -> tuple[str, bool]:
        """Return REF, and whether it can be read; if not, N stands for each of its characters."""
        if _REF.fullmatch(text) is not None and text not in _ARRAY_CODES:
            return text.upper().decode(), True
        if _WRITTEN.fullmatch(text) is None:
            raise FieldError(BAD_REFERENCE_ALLELE, "REF is empty, or has characters that are not bases.")
        return "N" * len(text), False

    def _alts(self, column: bytes) -> tuple[tuple[str, ...], bool]:
        """Return the ALTs, and whether there are any and all of them are bases."""
        if column == b".":
            return (), False
        texts = column.split(b",")
        if len(texts) > self._limits.max_alts:
            raise FieldError(TOO_MANY_ALTS, f"The cap is {self._limits.max_alts}.")
        alts, spelled = [], True
        for text in texts:
            bases = _REF.fullmatch(text) is not None and text not in _ARRAY_CODES
            spelled = spelled and bases
            if bases:
                alts.append(text.upper().decode())
            elif _ALT.fullmatch(text) is not None and text not in _ARRAY_CODES:
                alts.append(text.decode())
            elif _WRITTEN.fullmatch(text) is not None:
                alts.append(UNREADABLE)
            else:
                raise FieldError(BAD_ALTERNATE_ALLELE, "An ALT allele is not bases, `*`, a symbolic allele or a breakend.")
        return tuple(alts), spelled
