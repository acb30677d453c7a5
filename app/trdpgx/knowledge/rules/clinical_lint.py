"""Names in the files of clinical facts that stand outside rows: drugs that are considered for everybody, and classes of drugs."""

from collections.abc import Iterator

from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.rules.names import unknown_name
from trdpgx.knowledge.rules.schema.drug_pairs import DrugPairFile
from trdpgx.knowledge.rules.schema.staging import HierarchyRow, StagingFile
from trdpgx.knowledge.rules.sources import RuleSources
from trdpgx.model.library import RuleLibrary

_PAIRS, _STAGING = "clinical/drug_pairs.yaml", "clinical/staging.yaml"


def clinical_name_findings(sources: RuleSources, library: RuleLibrary) -> Iterator[Finding]:
    """Yield a finding for each drug or class that is named and not known."""
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
