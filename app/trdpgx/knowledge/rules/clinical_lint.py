"""Whether the files of clinical facts fit the drugs and genes that they name, and each other."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.reference.phenotype import has_activity_scores
from trdpgx.knowledge.rules.names import unknown_name
from trdpgx.knowledge.rules.schema.drug_pairs import DrugPairFile
from trdpgx.knowledge.rules.schema.enzyme_effects import EnzymeEffectFile
from trdpgx.knowledge.rules.schema.exposure import ByPhenotype, ExposureFile, ExposureRow
from trdpgx.knowledge.rules.schema.phenoconversion import MultiplierRow, PhenoconversionFile, ShiftRow
from trdpgx.knowledge.rules.schema.staging import HierarchyRow, StagingFile
from trdpgx.knowledge.rules.sources import RuleSources
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.library import ReferenceLibrary, RuleLibrary

_PAIRS, _STAGING = "clinical/drug_pairs.yaml", "clinical/staging.yaml"
_LESS = (Phenotype.UM, Phenotype.RM, Phenotype.NM, Phenotype.IM, Phenotype.PM)
"""Phenotypes from the most activity to the least: the order of a ladder."""


def clinical_name_findings(sources: RuleSources, library: RuleLibrary) -> Iterator[Finding]:
    """Yield a finding for each unknown name outside rows: a drug that is considered for everybody, a class of drugs."""
    if _PAIRS in sources.documents:
        document = sources.documents[_PAIRS]
        for index, name in enumerate(library.clinical.of(DrugPairFile).also_considered):
            if name not in library.drugs:
                yield Finding(document.file, document.line(("also_considered", index)), unknown_name("drug", name, library.drugs))
    if _STAGING in sources.documents:
        document = sources.documents[_STAGING]
        staging = library.clinical.of(StagingFile)
        classes = {drug.drug_class for drug in library.drugs.values()}
        asked = {step.also for row in staging.rows.values() if isinstance(row, HierarchyRow) for step in row.steps if step.also}
        for name, counted in staging.classes.items():
            for name_of_class, allowed in ((name, frozenset(classes)), (counted, frozenset(classes | asked))):
                if name_of_class not in allowed:
                    yield Finding(document.file, document.line(("classes", name)), unknown_name("class of drugs", name_of_class, allowed))


def enzyme_findings(library: RuleLibrary, reference: ReferenceLibrary) -> Iterator[Finding]:
    """Yield what is wrong with ``phenoconversion.yaml``, ``clinical/enzyme_effects.yaml`` and ``clinical/exposure.yaml``."""
    effects, methods = library.clinical.of(EnzymeEffectFile), library.clinical.of(PhenoconversionFile)
    exposure = library.clinical.of(ExposureFile)
    faults = [
        *_effect_faults(effects, reference),
        *((key, fault) for key, row in methods.multipliers.items() for fault in _multiplier_faults(row, effects, reference)),
        *((key, fault) for key, row in methods.shifts.items() for fault in _shift_faults(row, effects, reference)),
        *((key, fault) for key, row in exposure.rows.items() for fault in _exposure_faults(row, reference)),
        *((key, fault) for key, row in exposure.active_sums.items() for fault in _unknown_genes(row.enzymes, reference)),
        *((key, fault) for key, row in exposure.substrates.items() for fault in _unknown_genes((row.enzyme,), reference)),
        *((key, fault) for key, row in methods.autoinhibition.items() for fault in _unknown_genes((row.enzyme,), reference)),
        *((key, fault) for key, row in methods.asked_for.items() for fault in _unknown_genes((row.enzyme,), reference)),
    ]
    yield from (Finding(*library.clinical.positions[key], f"'{key}': {fault}") for key, fault in faults)


def _unknown_genes(genes: Sequence[str], reference: ReferenceLibrary) -> Iterator[str]:
    yield from (f"'{gene}' is no gene of the reference" for gene in genes if gene not in reference.genes)


def _effect_faults(file: EnzymeEffectFile, reference: ReferenceLibrary) -> Iterator[tuple[str, str]]:
    first: dict[tuple[str, str, str], str] = {}
    for key, row in file.rows.items():
        yield from ((key, fault) for fault in _unknown_genes((row.enzyme,), reference))
        earlier = first.setdefault((row.enzyme, row.drug, row.effect), key)
        if earlier != key:
            yield key, f"'{earlier}' has this effect of {row.drug} on {row.enzyme} already"
        yield from ((key, f"no list is called '{name}'") for name in row.classes if name not in file.lists)


def _multiplier_faults(row: MultiplierRow, effects: EnzymeEffectFile, reference: ReferenceLibrary) -> Iterator[str]:
    yield from _list_fault(row, effects)
    for gene in row.for_genes:
        if gene not in reference.genes or not has_activity_scores(reference.genes[gene]):
            yield f"{gene} has no activity scores that could be multiplied"
    bands = sorted(row.bands.values(), key=lambda band: band.low)
    if bands and (bands[0].low != (0, 0) or any((low.high[0], low.high[1] + 1) != high.low for low, high in pairwise(bands))):
        yield "its bands do not follow on each other from 0"


def _shift_faults(row: ShiftRow, effects: EnzymeEffectFile, reference: ReferenceLibrary) -> Iterator[str]:
    yield from _list_fault(row, effects)
    for gene, ladder in row.ladders.items():
        possible = _possible(gene, reference)
        yield from (f"{gene} cannot be '{phenotype}' by CPIC" for phenotype in ladder if phenotype not in possible)
        if list(ladder) != [phenotype for phenotype in _LESS if phenotype in ladder]:
            yield f"the ladder of {gene} does not go from the most activity to the least"


def _list_fault(row: MultiplierRow | ShiftRow, effects: EnzymeEffectFile) -> Iterator[str]:
    if row.classes_of is not None and row.classes_of not in effects.lists:
        yield f"no list of clinical/enzyme_effects.yaml is called '{row.classes_of}'"


def _exposure_faults(row: ExposureRow, reference: ReferenceLibrary) -> Iterator[str]:
    if row.phenotype is not None:
        yield from _phenotype_faults(row.phenotype, reference)
    if row.comedication is not None and row.comedication.enzyme is not None:
        yield from _unknown_genes((row.comedication.enzyme,), reference)
    if row.interval is not None:
        low, high = row.interval
        if low > high or (row.ratio is not None and not low <= row.ratio <= high):
            yield "the ratio is not inside its interval"


def _phenotype_faults(asked: ByPhenotype, reference: ReferenceLibrary) -> Iterator[str]:
    if asked.gene not in reference.genes:
        yield from _unknown_genes((asked.gene,), reference)
        return
    possible = _possible(asked.gene, reference)
    yield from (f"{asked.gene} cannot be '{phenotype}' by CPIC" for phenotype in asked.phenotypes if phenotype not in possible)
    functions = {allele.function for allele in reference.genes[asked.gene].alleles}
    yield from (f"no allele of {asked.gene} has the function '{name}'" for name in asked.functions if name not in functions)


def _possible(gene: str, reference: ReferenceLibrary) -> frozenset[Phenotype]:
    table = reference.genes[gene].phenotypes.get(Scheme.CPIC) if gene in reference.genes else None
    return table.phenotypes if table else frozenset()
