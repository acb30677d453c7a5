"""Named alleles, their definitions and how their functions make a phenotype, from the CSV tables of ``reference/``."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations_with_replacement
from pathlib import Path

from pydantic import ValidationError

from trdpgx.knowledge.reference.allele_tables import read_hybrids
from trdpgx.knowledge.reference.table import CsvRow, ReferenceDataError, read_table
from trdpgx.model.activity import ActivityRange
from trdpgx.model.gene import ActivityBand, GeneDefinition, NamedAllele, Phenotype, PhenotypeTable, Scheme
from trdpgx.model.genome import PanelSite, Purpose
from trdpgx.model.nucleotides import IUPAC

FUNCTIONS = frozenset(
    {"Normal function", "Decreased function", "No function", "Increased function", "Uncertain function", "Unknown function"}
)
"""The words for the function of an allele, as CPIC writes them."""
_WITHOUT_VALUE = frozenset({"Uncertain function", "Unknown function"})
_ALLELE_COLUMNS = (
    *("gene", "allele", "is_reference", "callable", "copies", "function", "activity"),
    *("activity_is_lower_bound", "function_source"),
)
_DEFINITION_COLUMNS = ("gene", "allele", "site", "base")
_BOUNDS = ("over", "at_least", "up_to", "below")
_BAND_COLUMNS = ("gene", "scheme", "phenotype", *_BOUNDS, "source")
_PAIR_COLUMNS = ("gene", "scheme", "function_1", "function_2", "phenotype", "source")

_Spellings = dict[tuple[str, str], dict[str, str]]
_Tables = dict[str, dict[Scheme, PhenotypeTable]]


def read_pharmacogenes(directory: Path, genes: Mapping[str, CsvRow], sites: Mapping[str, PanelSite]) -> dict[str, GeneDefinition]:
    """Read every gene that has named alleles. ``sites`` are those of GRCh38, keyed by id. Raises ``ReferenceDataError``."""
    spellings = _read_definitions(directory, sites)
    tables = _read_tables(directory)
    hybrids = read_hybrids(directory, genes)
    by_gene: dict[str, list[tuple[CsvRow, NamedAllele]]] = {}
    for row in read_table(directory, "alleles.csv", _ALLELE_COLUMNS):
        gene = row.text("gene")
        if gene not in genes:
            raise row.fault("the gene is not in genes.csv")
        by_gene.setdefault(gene, []).append((row, _allele(row, spellings)))
    for gene, allele in spellings:
        raise ReferenceDataError("alleles.csv", 1, f"{gene} {allele} has definitions and is not listed")
    for gene in tables:
        if gene not in by_gene:
            raise ReferenceDataError("alleles.csv", 1, f"{gene} has a phenotype table and no alleles")
    return {gene: _definition(genes[gene], rows, sites, tables.get(gene, {}), hybrids.get(gene, {})) for gene, rows in by_gene.items()}


def _definition(
    gene: CsvRow,
    rows: Sequence[tuple[CsvRow, NamedAllele]],
    sites: Mapping[str, PanelSite],
    tables: Mapping[Scheme, PhenotypeTable],
    hybrids: Mapping[str, bool],
) -> GeneDefinition:
    """Return the definition of one gene, its alleles checked against its sites and its phenotype tables."""
    name = gene.text("gene")
    own = sorted((s for s in sites.values() if s.gene == name and s.purpose is Purpose.ALLELE), key=lambda site: site.pos)
    _check_alleles(rows, own)
    for table in tables.values():
        _check_table(rows, table)
    return GeneDefinition(
        gene=name,
        sites=tuple(site.id for site in own),
        alleles=tuple(allele for _, allele in rows),
        phenotypes=dict(tables),
        copy_number_matters=gene.flag("copy_number_matters"),
        has_cpic_function=gene.flag("has_cpic_function"),
        hybrids=frozenset(hybrids),
        hidden_hybrids=frozenset(allele for allele, hidden in hybrids.items() if hidden),
    )


def _allele(row: CsvRow, spellings: _Spellings) -> NamedAllele:
    """Return one named allele and take its bases out of ``spellings``."""
    allele = NamedAllele(
        name=row.text("allele"),
        bases=spellings.pop((row.text("gene"), row.text("allele")), {}),
        function=row.text("function"),
        activity=row.number("activity"),
        is_reference=row.flag("is_reference"),
        callable=row.flag("callable"),
        copies=row.integer("copies"),
        activity_is_lower_bound=row.flag("activity_is_lower_bound"),
    )
    if allele.function not in FUNCTIONS:
        raise row.fault(f"'function' is not one of: {', '.join(sorted(FUNCTIONS))}")
    if allele.callable and not allele.bases:
        raise row.fault("the allele is callable and no site defines it")
    if allele.bases and not allele.callable:
        raise row.fault("the allele is not callable and has definitions")
    if allele.activity is not None and allele.function in _WITHOUT_VALUE:
        raise row.fault("an allele of unknown or uncertain function has no activity value")
    return allele


def _check_alleles(rows: Sequence[tuple[CsvRow, NamedAllele]], sites: Sequence[PanelSite]) -> None:
    """Check the alleles of one gene against its sites: one reference allele, first and spelled out; all distinct."""
    first, reference = rows[0]
    if not reference.is_reference or set(reference.bases) != {site.id for site in sites}:
        raise first.fault("the first allele of a gene is its reference allele, which spells out every site of the gene")
    blanks = {site.id: site.ref if reference.bases[site.id] in IUPAC else reference.bases[site.id] for site in sites}
    names: set[str] = set()
    definitions: dict[tuple[str, ...], str] = {}
    for row, allele in rows:
        if allele.name in names:
            raise row.fault("the allele is listed twice")
        if allele.is_reference and allele is not reference:
            raise row.fault("a gene has one reference allele")
        names.add(allele.name)
        if allele.callable:
            twin = definitions.setdefault(tuple({**blanks, **allele.bases}.values()), allele.name)
            if twin != allele.name:
                raise row.fault(f"the allele has the same definition as {twin}")


def _check_table(rows: Sequence[tuple[CsvRow, NamedAllele]], table: PhenotypeTable) -> None:
    """Check that each allele of a gene with activity scores has one, or that each pair of functions has a phenotype."""
    if table.bands:
        for row, allele in rows:
            if allele.activity is None and allele.function not in _WITHOUT_VALUE:
                raise row.fault("the gene has activity scores and this allele has no value")
    else:
        words = {allele.function: row for row, allele in reversed(rows)}
        for pair in combinations_with_replacement(sorted(words), 2):
            if pair not in table.pairs:
                raise words[pair[1]].fault(f"{table.scheme} has no phenotype for '{pair[0]}' with '{pair[1]}' in function_pairs.csv")


def _read_definitions(directory: Path, sites: Mapping[str, PanelSite]) -> _Spellings:
    """Read ``definitions.csv``, keyed by gene and allele and then by site id."""
    spellings: _Spellings = {}
    for row in read_table(directory, "definitions.csv", _DEFINITION_COLUMNS):
        gene, identifier, base = row.text("gene"), row.text("site"), row.text("base")
        site = sites.get(identifier)
        if site is None or site.gene != gene or site.purpose is not Purpose.ALLELE:
            raise row.fault("the site is not an allele-defining site of this gene in sites.csv")
        alleles = {site.ref, *site.alts}
        if base not in alleles and not (base in IUPAC and set(IUPAC[base]) <= alleles):
            raise row.fault("the base is neither an allele of the site nor a letter for several of them")
        allele = spellings.setdefault((gene, row.text("allele")), {})
        if identifier in allele:
            raise row.fault("the allele has this site twice")
        allele[identifier] = base
    return spellings


def _read_tables(directory: Path) -> _Tables:
    """Read both phenotype tables, keyed by gene and scheme; a gene and scheme is in one of the two."""
    tables: _Tables = {}
    for (gene, scheme), rows in _band_rows(directory).items():
        tables.setdefault(gene, {})[scheme] = PhenotypeTable(scheme, _bands(rows), {}, rows[0].text("source"))
    for (gene, scheme), rows in _grouped(read_table(directory, "function_pairs.csv", _PAIR_COLUMNS)).items():
        if scheme in tables.get(gene, {}):
            raise rows[0].fault("the gene has activity bands by this scheme already")
        tables.setdefault(gene, {})[scheme] = PhenotypeTable(scheme, (), _pairs(rows), rows[0].text("source"))
    return tables


def activity_bands(directory: Path) -> dict[tuple[str, Scheme], tuple[ActivityBand, ...]]:
    """Return the bands of ``activity_bands.csv`` of a reference folder, by gene and scheme. Raises ``ReferenceDataError``."""
    return {key: _bands(rows) for key, rows in _band_rows(directory).items()}


def _band_rows(directory: Path) -> dict[tuple[str, Scheme], list[CsvRow]]:
    return _grouped(read_table(directory, "activity_bands.csv", _BAND_COLUMNS))


def _grouped(rows: Iterable[CsvRow]) -> dict[tuple[str, Scheme], list[CsvRow]]:
    """Group rows by gene and scheme, in the order of the table."""
    groups: dict[tuple[str, Scheme], list[CsvRow]] = {}
    for row in rows:
        groups.setdefault((row.text("gene"), row.word("scheme", Scheme)), []).append(row)
    return groups


def _bands(rows: Sequence[CsvRow]) -> tuple[ActivityBand, ...]:
    """Return the bands of one gene and scheme, which hold every score once: from 0 without a gap and without an end."""
    bands = tuple(_band(row) for row in rows)
    last: tuple[float, int] = (0, -1)
    for row, band in zip(rows, bands, strict=True):
        if band.scores.low != (last[0], last[1] + 1):
            raise row.fault("the band does not start where the one before ends, so a score is in no band or in two")
        last = band.scores.high
    if bands[-1].scores.up_to is not None or bands[-1].scores.below is not None:
        raise rows[-1].fault("the last band has an upper end, so a score above it is in no band")
    return bands


def _band(row: CsvRow) -> ActivityBand:
    """Return one band: from ``at_least`` or ``over``, to ``up_to`` or ``below``; without the last two it has no upper end."""
    try:
        scores = ActivityRange.model_validate({name: row.number(name) for name in _BOUNDS})
    except ValidationError as error:
        raise row.fault(error.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Value error, ")) from None
    return ActivityBand(row.word("phenotype", Phenotype), scores)


def _pairs(rows: Iterable[CsvRow]) -> dict[tuple[str, str], Phenotype]:
    """Return the phenotype of each sorted pair of functions."""
    pairs: dict[tuple[str, str], Phenotype] = {}
    for row in rows:
        pair = (row.text("function_1"), row.text("function_2"))
        if not set(pair) <= FUNCTIONS or pair[0] > pair[1]:
            raise row.fault("the functions are not two of the known words in alphabetical order")
        if pair in pairs:
            raise row.fault("the pair is listed twice")
        pairs[pair] = row.word("phenotype", Phenotype)
    return pairs
