"""What a report with a clinical context, or without a genome, cannot state."""

from collections.abc import Iterator, Sequence

from trdpgx.model.clinical_report import TreatmentHistory
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.input import InputFacts, InputFormat
from trdpgx.model.note import Note
from trdpgx.report.limitations import GROUP_FINDINGS
from trdpgx.texts import phrase

OF_A_FILE = frozenset(
    {
        "genes_not_covered",
        "not_assayable",
        "variants_no_call",
        "rare_variants_cover_unknown",
        "rare_variants_not_covered",
        "rare_variants_partly_covered",
        "rare_variants_without_sequence",
        GROUP_FINDINGS,
        "untested_variants",
    }
)
"""Limitations of a file, which mean nothing where none was sent: `no_genome` stands for all of them."""


def without_genome(facts: InputFacts) -> Iterator[Note]:
    """Yield what follows from a request without a genome; where a limitation speaks of "the file", there was none."""
    if facts.format is InputFormat.NONE:
        yield Note(code="no_genome", text=phrase("clinical_limitations.no_genome"))


def clinical_limitations(history: TreatmentHistory, genes: Sequence[GeneReport]) -> Iterator[Note]:
    """Yield what the patient's side of a report cannot state, the most far-reaching first."""
    yield Note(code="no_dosing_tool", text=phrase("clinical_limitations.no_dosing_tool"))
    yield Note(code="context_as_stated", text=phrase("clinical_limitations.context_as_stated"))
    yield Note(code="lists_incomplete", text=phrase("clinical_limitations.lists_incomplete"))
    if any(gene.phenoconverted is not None for gene in genes):
        yield Note(code="conversion_is_a_convention", text=phrase("clinical_limitations.conversion_is_a_convention"))
    if history.trials:
        yield Note(code="staging_methods_differ", text=phrase("clinical_limitations.staging_methods_differ"))
