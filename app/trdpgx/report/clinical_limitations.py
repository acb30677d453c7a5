"""What a report with a clinical context, or without a genome, cannot state."""

from collections.abc import Iterator, Sequence

from trdpgx.model.clinical_report import TreatmentHistory
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.input import InputFacts, InputFormat
from trdpgx.model.note import Note

OF_A_FILE = frozenset(
    {
        "genes_not_covered",
        "not_assayable",
        "variants_no_call",
        "rare_variants_cover_unknown",
        "rare_variants_partly_covered",
        "rare_variants_without_sequence",
        "rare_variants_are_group_findings",
        "untested_variants",
    }
)
"""Limitations of a file, which mean nothing where none was sent: `no_genome` stands for all of them."""


def without_genome(facts: InputFacts) -> Iterator[Note]:
    """Yield what follows from a request without a genome; where a limitation speaks of "the file", there was none."""
    if facts.format is InputFormat.NONE:
        yield Note(
            code="no_genome",
            text="No genome was sent: not one gene, position or rare variant was looked at. A gene has a result only where an outside call "
            "gives it, and rests on that call alone. Nothing else in this report is a finding about the genome.",
        )


def clinical_limitations(history: TreatmentHistory, genes: Sequence[GeneReport]) -> Iterator[Note]:
    """Yield what the patient's side of a report cannot state, the most far-reaching first."""
    yield Note(
        code="no_dosing_tool",
        text="This is no dosing tool. No level, dose or outcome is predicted: a ratio of exposure was observed in groups, and a person of "
        "such a group may lie far from it. A level that was measured tells more.",
    )
    yield Note(
        code="context_as_stated",
        text="Current drugs, smoking and past trials are as they were stated, and nothing of it was checked. What was not stated is not "
        "known, and defaults are listed where they were used.",
    )
    yield Note(
        code="lists_incomplete",
        text="This is no general interaction checker. It knows the drugs of its own list and the enzyme effects, pairs and cautions that "
        "its rules name; that a drug or a pair is not mentioned does not mean that it is safe. What is not verified is marked.",
    )
    if any(gene.phenoconverted is not None for gene in genes):
        yield Note(
            code="conversion_is_a_convention",
            text="Conversion of a phenotype under current drugs is a convention, and methods differ. No guideline defines it for every "
            "enzyme; dose and duration of the inhibitor, and how much of an enzyme is left, differ between people.",
        )
    if history.trials:
        yield Note(
            code="staging_methods_differ",
            text="Staging methods differ in what counts as a trial, a class and a failure, and some were not read in the original. "
            "They stand side by side; none is preferred, and no genotype, level or conversion changes a stage.",
        )
