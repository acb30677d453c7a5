"""What a request may call drugs and conditions, from ``drugs.yaml`` and ``clinical/conditions.yaml``."""

from collections.abc import Iterable, Iterator, Mapping

from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.rules.names import unknown_name
from trdpgx.knowledge.rules.schema.conditions import ConditionFile
from trdpgx.knowledge.rules.schema.top_files import NamedEntry
from trdpgx.knowledge.yaml_document import Document
from trdpgx.model.patient_names import PatientNames, name_index, name_key
from trdpgx.model.rule import Drug


def patient_names(
    drugs: Mapping[str, Drug], comedication: Mapping[str, NamedEntry], qualifiers: Iterable[str], conditions: ConditionFile
) -> PatientNames:
    """Return the names of one rulebook."""
    everything: dict[str, Drug | NamedEntry] = {**comedication, **drugs}
    return PatientNames(
        drugs=name_index({name: _others(drug) for name, drug in everything.items()}, qualifiers),
        classes={name: drug.drug_class for name, drug in everything.items()},
        components={name: drug.components for name, drug in everything.items() if drug.components},
        conditions=name_index(
            {name: (row.label, *row.synonyms, *row.icd10, *row.snomed) for name, row in conditions.rows.items()},
        ),
    )


def name_findings(document: Document | None, drugs: Mapping[str, Drug], comedication: Mapping[str, NamedEntry]) -> Iterator[Finding]:
    """Yield what is wrong with the names of one ``drugs.yaml``: a name of two drugs, and a component that nothing defines."""
    everything: dict[str, Drug | NamedEntry] = {**drugs, **comedication}
    owners = {name_key(name): name for name in everything}
    for name, drug in everything.items():
        line = document.line(("comedication" if name in comedication else "drugs", name)) if document else 1
        faults = [f"'{name}' is a drug of reports already"] if name in drugs and name in comedication else []
        faults += [unknown_name("drug", component, everything) for component in drug.components if component not in everything]
        for other in _others(drug):
            owner = owners.setdefault(name_key(other), name)
            faults += [f"'{other}' belongs to '{owner}' too"] if owner != name else []
        if document is not None:
            yield from (Finding(document.file, line, fault) for fault in faults)


def _others(drug: Drug | NamedEntry) -> tuple[str, ...]:
    codes = (drug.rxnorm, f"rxnorm {drug.rxnorm}", f"rxcui {drug.rxnorm}") if drug.rxnorm else ()
    return (*drug.brands, *drug.synonyms, *codes, *drug.atc)
