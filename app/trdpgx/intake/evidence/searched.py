"""On which chromosomes the rows of a file show that a sample was read there (asked for only where absent sites may be taken as reference).

A row shows it by a complete genotype that its filter and its quality pass, and by REF with an ALT of bases, with none, or with "any
other" one (a gVCF block). ``./.``, a genotype without reads, of low quality or refused by a filter shows nothing; nor does a row of a
caller that looks for copy number, structural variants or repeats alone; nor what another sample of the file has.

Rows away from the panel count too, as a file of variants alone may have none over a gene. They are looked at until each chosen sample is
shown on a chromosome: the first ``_FIRST`` rows, and then rows that lie ever farther apart, so that a file in which nobody has a genotype
stays cheap.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.validate.validator import RecordValidator
from trdpgx.intake.vcf.alleles import UNSEEN_ALLELES
from trdpgx.intake.vcf.header import Header
from trdpgx.intake.vcf.lines import cut_columns
from trdpgx.model.limits import Limits
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.problem import InputError

_FIRST = 100
_FARTHER = 20
_PIECE = 2_000
"""Samples of a row that are read at once: the fields of a row of a hundred thousand people take more memory than all else."""
_SMALL = frozenset({*UNSEEN_ALLELES, "*"})
_ONE_COPY = frozenset({"X", "Y", "MT"})


class SampleFlags(Collection[int]):
    """Numbers of samples, as a byte for each sample there is: a set of numbers takes forty times as much."""

    def __init__(self, samples: int) -> None:
        self._flags = bytearray(samples)
        self._count = 0

    def add(self, sample: int) -> None:
        """Take a number."""
        self._count += not self._flags[sample]
        self._flags[sample] = 1

    def __contains__(self, sample: object) -> bool:
        return isinstance(sample, int) and 0 <= sample < len(self._flags) and bool(self._flags[sample])

    def __iter__(self) -> Iterator[int]:
        return (number for number, flag in enumerate(self._flags) if flag)

    def __len__(self) -> int:
        return self._count


class SearchedChromosomes:
    """Finds, for each chosen sample, the chromosomes (no ``chr``) on which a row shows that it was read."""

    def __init__(self, limits: Limits, sought: Collection[str]) -> None:
        self._limits = limits
        self._sought = frozenset(sought)
        self._rows: dict[str, tuple[int, int]] = {}
        self.shown: dict[str, SampleFlags] = {}
        """The samples, by their number among the chosen ones, that rows show on each chromosome."""
        self._header = Header()
        self._wanted: Sequence[int] = ()

    def begin(self, header: Header) -> None:
        """Take the header, before any row."""
        self._header = header
        chosen = [number for number, name in enumerate(header.samples) if name in self._sought] if self._sought else None
        self._wanted = range(len(header.samples)) if chosen is None else chosen

    def due(self, chrom: str, rows: int) -> Iterator[int]:
        """Count ``rows`` more on a chromosome; yield the number (from 0) of each among them that is to be looked at now."""
        first, following = self._rows.get(chrom, (0, 0))
        self._rows[chrom] = first + rows, following
        while following < first + rows:
            if len(self.shown.get(chrom, ())) == len(self._wanted):
                return
            number = following
            following += 1 if following < _FIRST else following // _FARTHER
            self._rows[chrom] = first + rows, following
            yield number - first

    def look(self, chrom: str, text: bytes) -> None:
        """Look at one row, as a line of VCF. One that cannot be read shows nothing."""
        shown = self.shown.get(chrom)
        if shown is None:
            shown = self.shown[chrom] = SampleFlags(len(self._wanted))
        samples = len(self._header.samples)
        if len(self._wanted) < samples or samples <= _PIECE:
            self._look_at(SelectedLine(None, chrom, text), self._wanted, samples, 0, shown)
            return
        *head, rest = text.split(b"\t", 9)
        ranges = [range(start, min(start + _PIECE, samples)) for start in range(0, samples, _PIECE)]
        for own, piece in zip(ranges, cut_columns(rest, ranges), strict=True):
            self._look_at(SelectedLine(None, chrom, b"\t".join((*head, piece))), range(len(own)), len(own), own.start, shown)

    def _look_at(self, line: SelectedLine, wanted: Sequence[int], samples: int, first: int, shown: SampleFlags) -> None:
        """Look at some samples of a row, the first of which has this number among the chosen ones."""
        validator = RecordValidator(self._limits, wanted, samples, imputed=self._header.imputed)
        try:
            records = validator.records([line])
        except InputError:
            return
        row = PanelGenotypes(records, validator.columns)
        for sample in range(row.samples):
            if first + sample not in shown and shows_reading(row, 0, sample):
                shown.add(first + sample)


def searched_chromosomes(options: Options, limits: Limits) -> SearchedChromosomes | None:
    """Return the reader of rows that finds where samples were read, or ``None`` where absent sites are never taken as reference."""
    return SearchedChromosomes(limits, options.samples) if options.absent is AbsentOption.REFERENCE else None


class SearchedSamples:
    """The chromosomes on which rows show each of some samples, by its number among them.

    ``shown`` are the samples of the whole input that rows of any position show on each chromosome; ``first`` is the number of the first
    of these samples among those. The rows over the panel (``genotypes``) complete it.
    """

    def __init__(self, shown: Mapping[str, Collection[int]], genotypes: PanelGenotypes, first: int) -> None:
        self._shown = shown
        self._first = first
        self._genotypes = genotypes
        self._over: dict[str, list[int]] = {}
        for number, record in enumerate(genotypes.records):
            self._over.setdefault(record.chrom, []).append(number)

    def chromosomes(self, sample: int) -> frozenset[str]:
        """Return the chromosomes of one sample."""
        shown = {chrom for chrom, samples in self._shown.items() if self._first + sample in samples}
        for chrom, rows in self._over.items():
            if chrom not in shown and any(shows_reading(self._genotypes, row, sample) for row in rows):
                shown.add(chrom)
        return frozenset(shown)


def shows_reading(genotypes: PanelGenotypes, row: int, sample: int) -> bool:
    """Whether a row shows that small variants of a sample were looked for and read there."""
    record = genotypes.records[row]
    if record.is_segment or (record.alts and not any(alt in _SMALL or alt.isalpha() for alt in record.alts)):
        return False
    genotype = genotypes.alleles(row, sample)
    if genotype is None or min(genotype[0], default=-1) < 0:
        return False
    copies = {1, 2} if record.chrom in _ONE_COPY else {2}
    return len(genotype[0]) in copies and genotypes.usable(row, sample)
