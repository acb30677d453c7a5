"""One gene's diplotypes before and after a method of conversion: scores multiplied, or phenotypes moved along a ladder.

Nothing is converted where no activity is left (Storelli 2019, DOI 10.1002/psp4.12411). A score that no diplotype has is read by the bands
of CPIC, which have no gaps.
"""

from collections.abc import Iterator, Mapping
from math import inf
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from trdpgx.clinical.enzyme_causes import EnzymeCause, strongest
from trdpgx.knowledge.reference.phenotype import ActivityScore
from trdpgx.knowledge.rules.schema.phenoconversion import MultiplierRow, PhenoconversionFile, ShiftRow
from trdpgx.model.activity import ActivityRange
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.gene_report import GeneReport

Bands: TypeAlias = Mapping[Phenotype, ActivityRange]
_LIKELY = {Phenotype.LIKELY_IM: Phenotype.IM, Phenotype.POSSIBLE_IM: Phenotype.IM}
_NOTHING_LEFT = frozenset({Phenotype.PM, Phenotype.LIKELY_PM})


class DiplotypeReading(Struct, frozen=True):
    """One diplotype of a call, or a phenotype without one: its activity scores where they are known, and the phenotypes (CPIC) they allow.

    ``phenotypes`` is empty where nothing was called; ``hidden`` is true where the diplotype has an allele that was not seen.
    """

    name: str
    phenotypes: tuple[Phenotype, ...]
    scores: ActivityRange | None = None
    hidden: bool = False

    @property
    def nothing_left(self) -> bool:
        """Whether no activity is left that could be inhibited or induced."""
        return bool(self.phenotypes) and _NOTHING_LEFT.issuperset(self.phenotypes)


class Outcome(Struct, frozen=True):
    """One gene after conversion by one method and the classes of one list."""

    key: str
    row: MultiplierRow | ShiftRow
    list_key: str | None
    readings: tuple[DiplotypeReading, ...]
    for_any_genotype: bool = False
    """Whether the method gives the same phenotype for every genotype, and so for every number of copies."""

    @property
    def phenotypes(self) -> tuple[Phenotype, ...]:
        """Every phenotype after conversion, once."""
        return every_phenotype(self.readings)

    @property
    def scores(self) -> tuple[float, float] | None:
        """The lowest and the highest score after conversion; ``None`` where one is not known or has no end."""
        scores = [reading.scores for reading in self.readings]
        if not isinstance(self.row, MultiplierRow) or None in scores:
            return None
        low = min(score.low[0] for score in scores if score is not None)
        high = max(score.high[0] for score in scores if score is not None)
        return None if high == inf else (low, high)


def every_phenotype(readings: tuple[DiplotypeReading, ...]) -> tuple[Phenotype, ...]:
    """Return every phenotype that the readings allow, once, in the order of the codes."""
    allowed = {phenotype for reading in readings for phenotype in reading.phenotypes}
    return tuple(phenotype for phenotype in Phenotype if phenotype in allowed)


def readings_of(gene: GeneReport, bands: Bands) -> tuple[DiplotypeReading, ...]:
    """Return each diplotype of a call and of what is hidden; one reading without a name where a phenotype alone, or nothing, is known."""
    readings = [
        DiplotypeReading(
            diplotype.name,
            _known(diplotype.phenotypes.get(Scheme.CPIC, diplotype.phenotype)),
            _score(diplotype.activity_score, lower_bound=diplotype.activity_score_is_lower_bound),
        )
        for diplotype in gene.diplotypes
    ]
    for hidden in gene.hidden_readings if readings else ():
        phenotypes = _known(hidden.phenotypes.get(Scheme.CPIC))
        readings += [DiplotypeReading(name, phenotypes, _score(hidden.activity_score), hidden=True) for name in hidden.diplotypes]
    if readings:
        return tuple(readings)
    stated = gene.phenotypes.get(Scheme.CPIC, gene.phenotype)
    if stated is None:
        return (DiplotypeReading("", ()),)
    scores = bands.get(stated.code)
    if gene.activity_score_range is not None:
        scores = ActivityRange(at_least=gene.activity_score_range[0], up_to=gene.activity_score_range[1])
    return (DiplotypeReading("", _known(stated.code), scores),)


def methods_of(gene: str, file: PhenoconversionFile) -> Iterator[tuple[str, MultiplierRow | ShiftRow]]:
    """Yield each method that has the gene, the main one first."""
    for key, multiplier in file.multipliers.items():
        if gene in multiplier.for_genes:
            yield key, multiplier
    for key, shift in file.shifts.items():
        if gene in shift.ladders:
            yield key, shift


def outcome_of(
    key: str,
    row: MultiplierRow | ShiftRow,
    gene: str,
    readings: tuple[DiplotypeReading, ...],
    causes: tuple[EnzymeCause, ...],
    *,
    bands: Bands,
    list_key: str | None = None,
) -> Outcome | None:
    """Return the readings after conversion by a method; ``None`` where it has no answer to an inhibitor and an inducer together."""
    chosen = list_key or row.classes_of
    inhibitor, inducer = strongest(causes, "inhibitor", chosen), strongest(causes, "inducer", chosen)
    if inhibitor and inducer:
        if row.both == "none":
            return None
        inducer = None
    if isinstance(row, MultiplierRow):
        factor = row.inhibitor.get(inhibitor, 1.0) if inhibitor else row.inducer.get(inducer, 1.0) if inducer else 1.0
        highest = row.highest.get(gene)
        converted = tuple(_multiplied(reading, factor, row.bands or bands, highest) for reading in readings)
        same = factor == 0
    else:
        ladder = row.ladders[gene]
        down = row.inhibitor.get(inhibitor, 0) if inhibitor else 0
        up = row.inducer.get(inducer, 0) if inducer else 0
        converted = tuple(_moved(reading, ladder, len(ladder) if down == "all" else down, up) for reading in readings)
        same = down == "all"
    return Outcome(key, row, list_key, converted, same)


def _multiplied(reading: DiplotypeReading, factor: float, bands: Bands, highest: float | None) -> DiplotypeReading:
    if factor == 1 or reading.nothing_left or (reading.scores is None and factor != 0):
        return reading
    scores = reading.scores
    if scores is not None and highest is not None and scores.high[0] == inf:
        scores = scores.split((ActivityRange(up_to=highest),))[0]
    scores = ActivityRange.exactly(0) if scores is None else scores.times(factor)
    return replace(reading, scores=scores, phenotypes=tuple(phenotype for phenotype, band in bands.items() if band.meets(scores)))


def _moved(reading: DiplotypeReading, ladder: tuple[Phenotype, ...], down: int, up: int) -> DiplotypeReading:
    """Move the phenotypes along the ladder, after which no score is known. One that is not on the ladder moves to its end only."""
    if reading.nothing_left or not (down or up):
        return reading
    if down >= len(ladder):
        return replace(reading, phenotypes=(ladder[-1],), scores=None)
    moved = []
    for phenotype in reading.phenotypes:
        step = _LIKELY.get(phenotype, phenotype)
        if step not in ladder or step in _NOTHING_LEFT:
            moved.append(phenotype)
        else:
            moved.append(ladder[max(0, min(len(ladder) - 1, ladder.index(step) + down - up))])
    phenotypes = tuple(dict.fromkeys(moved))
    return replace(reading, phenotypes=phenotypes, scores=reading.scores if phenotypes == reading.phenotypes else None)


def _known(phenotype: Phenotype | None) -> tuple[Phenotype, ...]:
    return () if phenotype is None or phenotype is Phenotype.NO_RESULT else (phenotype,)


def _score(score: float | None, *, lower_bound: bool = False) -> ActivityRange | None:
    return None if score is None else ActivityScore(score, lower_bound).range
