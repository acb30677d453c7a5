"""What a request may call drugs and conditions, from ``drugs.yaml`` and ``clinical/conditions.yaml``."""

from collections.abc import Iterable, Mapping

from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.knowledge.rules.schema.drugs import NamedEntry
from trdpgx.model.patient_names import PatientNames, name_index
from trdpgx.model.rule import Drug


def patient_names(
    drugs: Mapping[str, Drug], comedication: Mapping[str, NamedEntry], qualifiers: Iterable[str], conditions: ConditionFile
) -> PatientNames:
    """Return the names of one rulebook. Where a code or a synonym belongs to two drugs, the first of them has it: lint finds the second."""
    everything: dict[str, Drug | NamedEntry] = {**comedication, **drugs}
    return PatientNames(
        drugs=name_index({name: _others(drug) for name, drug in everything.items()}, qualifiers),
        classes={name: drug.drug_class for name, drug in everything.items()},
        components={name: drug.components for name, drug in everything.items() if drug.components},
        conditions=name_index(
            {name: (row.label, *row.synonyms, *row.icd10, *row.snomed) for name, row in conditions.rows.items()},
        ),
    )


def _others(drug: Drug | NamedEntry) -> tuple[str, ...]:
    codes = (drug.rxnorm, f"rxnorm {drug.rxnorm}", f"rxcui {drug.rxnorm}") if drug.rxnorm else ()
    return (*drug.brands, *drug.synonyms, *codes, *drug.atc)
