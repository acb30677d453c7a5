"""Check a record over the panel field by field, and keep only what is needed of it.

Nothing that this module has not understood reaches the parser: alleles and genotypes are matched against their grammar, allele numbers are
checked against the ALTs, phasing is brought to one spelling (VCF 4.4's leading separator included), and names of filters are replaced by
numbers that only this process can turn back. Of the samples' fields the parser gets genotypes alone; the few others that are needed are
plain numbers and stay here (``sample_values``).
"""

import re
from array import array
from collections.abc import Mapping, Sequence

import numpy as np

from trdpgx.intake.problems import (
    ALLELE_OUT_OF_RANGE,
    BAD_ALTERNATE_ALLELE,
    BAD_FILTER,
    BAD_GENOTYPE,
    BAD_REFERENCE_ALLELE,
    TOO_MANY_ALTS,
    TOO_MANY_FIELDS,
    TOO_MANY_FILTERS,
    TOO_MANY_INFO_FIELDS,
)
from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.validate.fixed_columns import block_end, read_info, read_quality
from trdpgx.intake.validate.format_column import FormatColumn, read_format
from trdpgx.intake.validate.quality import JUDGED, Judge, Marker
from trdpgx.intake.validate.record import UNREADABLE, Record, SanitisedRecord
from trdpgx.intake.validate.refusal import FieldError
from trdpgx.intake.validate.sample_values import REAL, SampleColumn, SampleNumbers, column
from trdpgx.intake.vcf.alleles import UNSEEN_ALLELES, record_end
from trdpgx.model.input import InputWarning
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

_BASES = rb"[ACGTNRYSWKMBDHVacgtnryswkmbdhv]"
_REF = re.compile(_BASES + rb"+")
_ALT = re.compile(
    rb"%b+|\*|<[!-;=?-~]{1,200}>|%b*[\[\]][!-Z\\^-~]{1,300}[\[\]]%b*|\.%b+|%b+\." % ((_BASES,) * 5),
)
_SINGLE = frozenset({b"A", b"C", b"G", b"T"})
_ARRAY_CODES = frozenset({b"I", b"D", b"i", b"d"})
"""Insertion and deletion as arrays write them, without a base. D is an IUPAC code, too; as an allele of its own it is none."""
_WRITTEN = re.compile(rb"[!-~]+")
"""What stands for an allele, even if it cannot be read."""
_MISSING = frozenset({b".", b""})
_FILTER = re.compile(rb"[!-:<-~\x80-\xff]{1,200}")
_GENOTYPE = re.compile(rb"([/|]?)(\.|[0-9]{1,5})((?:[/|](?:\.|[0-9]{1,5})){0,31})")
_REFERENCE_ALLELE = re.compile(rb"(?<![0-9])0(?![0-9])")
_UNREADABLE = UNREADABLE.encode()


class RecordValidator:
    """Checks the records of one input. ``wanted`` are the sample columns that are kept, in order.

    ``filter_names`` give back the names for the numbers that stand in the clean VCF; ``sample_filters`` are FT of each record that was
    admitted, ``None`` where it has none.
    """

    def __init__(self, limits: Limits, wanted: Sequence[int], samples: int, *, imputed: bool = False) -> None:
        self.filter_names: list[str] = []
        self.sample_filters: list[list[str] | None] = []
        self._filters: dict[bytes, tuple[tuple[str, ...], bytes]] = {}
        self._filter_numbers: dict[bytes, bytes] = {}
        self._limits = limits
        self._wanted = wanted
        self._all = len(wanted) == samples
        self._genotypes: dict[bytes, tuple[bytes, int]] = {}
        self._formats: dict[bytes, FormatColumn] = {}
        self._numbers = SampleNumbers(limits)
        self._sample_filters: dict[bytes, str] = {}
        self._unreadable = 0
        self._first_unreadable: int | None = None
        self._judge = Judge(limits, imputed=imputed)
        self._soundness, self._soundness_widths = array("b"), list[int]()

    @property
    def samples(self) -> int:
        """How many samples are kept."""
        return len(self._wanted)

    def columns(self) -> dict[str, SampleColumn]:
        """Return the numbers of the samples, of all records that were admitted, and the judgement on each genotype (``SOUND``)."""
        judged = column(np.frombuffer(self._soundness, dtype="i1"), self._soundness_widths, self.samples)
        return {**self._numbers.columns(self.samples), "SOUND": judged}

    @property
    def warnings(self) -> tuple[InputWarning, ...]:
        """What was odd in the records that were admitted."""
        if not self._unreadable:
            return ()
        text = (
            "Records over the panel with an allele that cannot be read (I or D of an array, `*` with bases or the like): "
            f"{self._unreadable}. A genotype that names such an allele is not used, and its position counts as not seen."
        )
        return (InputWarning(code="unreadable_alleles", text=text, line=self._first_unreadable),)

    def validate(self, selected: SelectedLine) -> SanitisedRecord:
        """Return the record of a selected line. Raises ``InputError`` with the line's number."""
        before = self._unreadable
        try:
            admitted = self._validate(selected)
            if self._unreadable > before:
                self._first_unreadable = self._first_unreadable or selected.line
            return admitted
        except FieldError as refusal:
            raise InputError(refusal.kind, refusal.detail, line=selected.line) from None

    def _validate(self, selected: SelectedLine) -> SanitisedRecord:
        chrom = selected.chrom
        _, place, _, ref, alt, qual, filters, info, keys, samples = selected.text.split(b"\t", 9)
        legible = ref in _SINGLE or (_REF.fullmatch(ref) is not None and ref not in _ARRAY_CODES)
        if legible:
            ref = ref.upper()
        elif _WRITTEN.fullmatch(ref):
            ref = b"N" * len(ref)
        else:
            raise FieldError(BAD_REFERENCE_ALLELE, "REF is empty, or has characters that are not bases.")
        alts, spelled, alt = self._alts(alt) if legible else self._no_alts(alt)
        self._unreadable += UNREADABLE in alts
        stated = qual
        if qual not in _MISSING and REAL.fullmatch(qual) is None:
            qual = read_quality(qual)
        if filters not in self._filters:
            self._filters[filters] = self._read_filters(filters)
        names, filters = self._filters[filters]
        if info.count(b";") >= self._limits.max_info_fields:
            raise FieldError(TOO_MANY_INFO_FIELDS, f"The cap is {self._limits.max_info_fields} fields.")
        end, kind, lengths = read_info(info, self._limits.max_alts)
        pos = int(place)
        last = record_end(pos, len(ref))
        if end is None and not spelled and b"<*>" in alt:
            end = block_end(pos, keys, samples)
        if end is None or end < pos:
            stated_end = echoed = b""
            reaching = any(alt.startswith("<") and not alt.startswith("<INS") for alt in alts)
            reach = record_end(pos, len(ref), lengths=lengths if reaching else ())
        else:
            stated_end, reach = b"END=%d" % end, record_end(pos, len(ref), (end,))
            echoed = b"" if end == last else b"%d" % end
        marker = self._judge.marker(info, stated, sum(alt not in UNSEEN_ALLELES for alt in alts))
        genotypes = self._samples(keys, samples, len(alts), marker)
        if not legible:
            # Nobody knows what allele 0 is. The others are carried, whatever they are.
            genotypes = _REFERENCE_ALLELE.sub(b".", genotypes)
        has = self._formats[keys].places
        copies = "CN" in has or "RD_CN" in has
        record = Record(chrom, pos, ref.decode(), alts, names, reach, kind, lengths, copies, info, spelled, "GT" in has)
        text = b"\t".join((chrom.encode(), place, b".", ref, alt, qual or b".", filters, stated_end or b".", b"GT", genotypes))
        return SanitisedRecord(record, text, b"\t".join((b"%d" % pos, ref, alt, filters, echoed)))

    def _alts(self, alt: bytes) -> tuple[tuple[str, ...], bool, bytes]:
        """Return the ALTs, whether there are any and all of them are bases, and the column as it is to be written."""
        if alt in _SINGLE:
            return (alt.decode(),), True, alt
        if alt == b".":
            return (), False, alt
        alts = alt.split(b",")
        if len(alts) > self._limits.max_alts:
            raise FieldError(TOO_MANY_ALTS, f"The cap is {self._limits.max_alts}.")
        for place, text in enumerate(alts):
            if _ALT.fullmatch(text) is None or text in _ARRAY_CODES:
                if _WRITTEN.fullmatch(text) is None:
                    raise FieldError(BAD_ALTERNATE_ALLELE, "An ALT allele is not bases, `*`, a symbolic allele or a breakend.")
                alts[place] = _UNREADABLE
        spelled = [_REF.fullmatch(text) is not None for text in alts]
        clean = [text.upper() if bases else text for text, bases in zip(alts, spelled, strict=True)]
        return tuple(text.decode() for text in clean), all(spelled), b",".join(clean)

    def _no_alts(self, alt: bytes) -> tuple[tuple[str, ...], bool, bytes]:
        """Return the ALTs of a record whose REF cannot be read, so that none of them can."""
        count = len(self._alts(alt)[0]) or 1
        return (UNREADABLE,) * count, False, b",".join([_UNREADABLE] * count)

    def _read_filters(self, text: bytes) -> tuple[tuple[str, ...], bytes]:
        """Return the names in FILTER, and the column of the clean VCF."""
        text = text.removesuffix(b";")  # some writers end the list with its separator
        if text in _MISSING:
            return (), b"."
        names = [name for name in dict.fromkeys(text.split(b";")) if name != b"PASS"]
        if not names:
            return ("PASS",), b"PASS"
        codes = [self._filter(name) for name in names]
        return tuple(self.filter_names[int(code[1:])] for code in codes), b";".join(codes)

    def _filter(self, name: bytes) -> bytes:
        """Return the number that stands for a filter's name in the clean VCF, as ``f0``."""
        if name not in self._filter_numbers:
            if _FILTER.fullmatch(name) is None:
                raise FieldError(BAD_FILTER, "A name is empty, too long, or has white space.")
            if len(self.filter_names) == self._limits.max_filters:
                raise FieldError(TOO_MANY_FILTERS, f"The cap is {self._limits.max_filters} names in FILTER and FT.")
            self._filter_numbers[name] = b"f%d" % len(self.filter_names)
            self.filter_names.append(name.decode("utf-8", "replace"))
        return self._filter_numbers[name]

    def _sample_filter(self, text: bytes) -> str:
        """Return FT as it is used: names with semicolons between them, ``PASS`` or nothing."""
        known = self._sample_filters.get(text)
        if known is None:
            names, _ = self._read_filters(text)
            known = self._sample_filters[text] = ";".join(names) or "."
        return known

    def _samples(self, keys: bytes, samples: bytes, alts: int, marker: Marker) -> bytes:
        """Return the genotypes of the wanted samples with tabs between them, and keep what else is needed of their columns."""
        form = self._formats.get(keys)
        if form is None:
            form = self._formats[keys] = read_format(keys)
        found = form.plain.fullmatch(samples) if form.plain is not None and self._all and len(self._wanted) == 1 else None
        if found is not None and (alts or b"1" not in found["GT"]):
            self._numbers.add_one(form.places, found.__getitem__, alts)
            self._add_filters((found["FT"],) if "FT" in form.places else None)
            genotype: bytes = found["GT"]
            self._soundness.append(self._judge.judge(marker, genotype, [found[name] if name in form.places else b"." for name in JUDGED]))
            self._soundness_widths.append(1)
            return genotype
        fields, genotypes = self._columns(form, samples.split(b"\t"), alts)
        self._numbers.add(form.places, fields, alts)
        self._add_filters(fields.get("FT"))
        self._judge_all(marker, genotypes, fields)
        return genotypes

    def _judge_all(self, marker: Marker, genotypes: bytes, fields: Mapping[str, Sequence[bytes]]) -> None:
        """Keep the judgement on each wanted genotype; a record of genotypes alone in which nothing can be judged gets none."""
        if not fields and not marker.judges:
            self._soundness_widths.append(0)
            return
        nothing = [b"."] * len(self._wanted)
        rows = zip(*(fields.get(name, nothing) for name in JUDGED), strict=True)
        pairs = zip(genotypes.split(b"\t"), rows, strict=True)
        self._soundness.extend([self._judge.judge(marker, genotype, row) for genotype, row in pairs])
        self._soundness_widths.append(1)

    def _add_filters(self, texts: Sequence[bytes] | None) -> None:
        self.sample_filters.append(None if texts is None else [self._sample_filter(text) for text in texts])

    def _columns(self, form: FormatColumn, columns: list[bytes], alts: int) -> tuple[dict[str, Sequence[bytes]], bytes]:
        """Return the fields of the wanted samples by key, and their genotypes. Every column is checked."""
        if form.genotypes_alone:
            return {}, self._genotypes_alone(columns, alts)
        rows = [column.split(b":") for column in columns]
        if any(len(row) > max(form.size, 1) for row in rows) or (not form.size and not _MISSING.issuperset(columns)):
            raise FieldError(TOO_MANY_FIELDS, "At least one sample has too many fields.")
        wanted = [rows[index] for index in self._wanted]
        fields: dict[str, Sequence[bytes]] = {
            key: [row[place] if place < len(row) else b"." for row in wanted] for key, place in form.places.items()
        }
        if "GT" not in fields:
            return fields, b"\t".join([b"./."] * len(wanted))
        place = form.places["GT"]
        clean = [self._genotype(row[place] if place < len(row) else b".", alts) for row in rows]
        return fields, b"\t".join([clean[index] for index in self._wanted])

    def _genotypes_alone(self, columns: list[bytes], alts: int) -> bytes:
        """Return the wanted genotypes of a FORMAT of GT alone, where a cohort has few distinct columns."""
        clean = {text: self._genotype(text, alts) for text in set(columns)}
        return b"\t".join([clean[text] for text in (columns if self._all else [columns[index] for index in self._wanted])])

    def _genotype(self, text: bytes, alts: int) -> bytes:
        """Return a genotype with one kind of separator and none in front. It is phased only if every allele of it is."""
        known = self._genotypes.get(text)
        if known is None:
            found = _GENOTYPE.fullmatch(text)
            if found is None:
                raise FieldError(BAD_GENOTYPE, "The genotype of at least one sample is malformed.")
            separators = re.sub(rb"[^/|]", b"", found[1] + found[3])
            alleles = re.split(rb"[/|]", found[2] + found[3])
            highest = max((int(allele) for allele in alleles if allele != b"."), default=0)
            separator = b"/" if b"/" in separators else b"|"
            known = self._genotypes[text] = (separator.join(b"." if allele == b"." else b"%d" % int(allele) for allele in alleles), highest)
        clean, highest = known
        if highest > alts:
            raise FieldError(ALLELE_OUT_OF_RANGE, f"The record has {alts} alternate alleles.")
        return clean
