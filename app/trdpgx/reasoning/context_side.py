"""The parts of a report that come from a clinical context.

Imported only for a request with a context; a worker imports it before it is confined.
"""

from collections.abc import Sequence

from trdpgx.clinical.enzyme_pairs import enzyme_pairs
from trdpgx.clinical.exposure import exposures
from trdpgx.clinical.interactions import by_importance, interactions, with_qtc_limit
from trdpgx.clinical.phenoconversion import with_conversions
from trdpgx.clinical.treatment_history import treatment_history
from trdpgx.clinical.understood import taken, understood
from trdpgx.model.consideration import Consideration
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.library import Knowledge
from trdpgx.model.patient import Patient
from trdpgx.model.variant_report import VariantReport
from trdpgx.reasoning.converted import consider_converted
from trdpgx.reasoning.patient_side import PatientSide
from trdpgx.reasoning.prepared import PreparedRules
from trdpgx.reasoning.summary.current import CAP


def context_side(
    rules: PreparedRules,
    knowledge: Knowledge,
    patient: Patient,
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    *,
    considerations: tuple[Consideration, ...],
) -> PatientSide:
    """Return what is stated of a person with a context; ``considerations`` are those by genotype."""
    rulebook = knowledge.rulebook
    added, both_ways = consider_converted(rules, knowledge, patient, genes, variants, by_genotype=considerations)
    considerations += added
    converted = with_conversions(genes, patient, rulebook)
    considered = list(dict.fromkeys(drug for consideration in considerations for drug in consideration.drugs))
    beside = interactions(patient, considered, rulebook)
    prolonging = [drug for one in beside if one.kind == "qt" and not one.severity.startswith(CAP) for drug in one.drugs]
    current = taken(patient)
    qt_taken = [drug for drug in current if drug in prolonging]
    by_genotype = [drug for one in considerations if "qt_risk" in one.implication.codes for drug in one.drugs]
    others = [drug for drug in (*prolonging, *with_qtc_limit(rulebook)) if drug not in current]
    qt_drugs = tuple(dict.fromkeys((*by_genotype, *others)))
    return PatientSide(
        genes=converted,
        considerations=considerations,
        exposure=exposures(patient, converted, considered, rulebook),
        history=treatment_history(patient, converted, rulebook).copy_with(
            as_of=patient.as_of, current_drugs=current, understood=understood(patient, qt_drugs, qt_taken)
        ),
        interactions=by_importance((*beside, *enzyme_pairs(patient, converted, rulebook)), patient),
        both_ways=both_ways,
    )
