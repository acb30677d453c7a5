"""On which chromosomes the rows of a file show that a sample was read there (asked for only where absent sites may be taken as reference).

A row shows it by a complete genotype that its filter and its quality pass, and by REF with an ALT of bases, with none, or with "any
other" one (a gVCF block). ``./.``, a genotype without reads, of low quality or refused by a filter shows nothing; nor does a row of a
caller that looks for copy number, structural variants or repeats alone; nor what another sample of the file has.

Rows away from the panel count too, as a file of variants alone may have none over a gene. They are looked at until each chosen sample is
shown on a chromosome: the first ``_FIRST`` rows, and then rows that lie ever farther apart, so that a file in which nobody has a genotype
stays cheap.
"""

from collections.abc import Collection, Iterator, Mapping

from trdpgx.intake.genotypes.panel_genotypes import PanelGenotypes
from trdpgx.intake.scan.scanner import SelectedLine
from trdpgx.intake.validate.validator import RecordValidator
from trdpgx.intake.vcf.alleles import UNSEEN_ALLELES
from trdpgx.intake.vcf.header import Header
from trdpgx.model.limits import Limits
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.problem import InputError

_FIRST = 100
_FARTHER = 20
_SMALL = frozenset({*UNSEEN_ALLELES, "*"})
_ONE_COPY = frozenset({"X", "Y", "MT"})


class SearchedChromosomes:
    """Finds, for each chosen sample, the chromosomes (no ``chr``) on which a row shows that it was read."""

    def __init__(self, limits: Limits, sought: Collection[str]) -> None:
        self._limits = limits
        self._sought = frozenset(sought)
        self._rows: dict[str, tuple[int, int]] = {}
        self.shown: dict[str, set[int]] = {}
        """The samples, by their number among the chosen ones, that rows show on each chromosome."""
        self._header = Header()
        self._wanted: list[int] = []

    def begin(self, header: Header) -> None:
        """Take the header, before any row."""
        self._header = header
        self._wanted = [number for number, name in enumerate(header.samples) if not self._sought or name in self._sought]

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
        validator = RecordValidator(self._limits, self._wanted, len(self._header.samples), imputed=self._header.imputed)
        try:
            records = validator.records([SelectedLine(None, chrom, text)])
        except InputError:
            return
        row = PanelGenotypes(records, validator.columns)
        shown = self.shown.setdefault(chrom, set())
        shown.update(sample for sample in range(row.samples) if sample not in shown and shows_reading(row, 0, sample))

    def of_samples(self, genotypes: PanelGenotypes, first: int = 0) -> "SearchedSamples":
        """Return what was found in the samples from ``first`` on, to be completed by the rows over the panel."""
        return SearchedSamples(self.shown, genotypes, first)


def searched_chromosomes(options: Options, limits: Limits) -> SearchedChromosomes | None:
    """Return what looks where samples were read, if absent sites may be taken as reference at all."""
    return SearchedChromosomes(limits, options.samples) if options.absent is AbsentOption.REFERENCE else None


class SearchedSamples:
    """The chromosomes on which rows show each sample (by its number among the chosen ones)."""

    def __init__(self, away: Mapping[str, Collection[int]], genotypes: PanelGenotypes, first: int = 0) -> None:
        self._away = away
        self._first = first
        self._genotypes = genotypes
        self._over: dict[str, list[int]] = {}
        for number, record in enumerate(genotypes.records):
            self._over.setdefault(record.chrom, []).append(number)

    def chromosomes(self, sample: int) -> frozenset[str]:
        """Return the chromosomes of one sample."""
        shown = {chrom for chrom, samples in self._away.items() if self._first + sample in samples}
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
