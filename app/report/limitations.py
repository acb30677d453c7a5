"""What this report cannot say, in plain words. A gap that is not named here would read as a finding."""

from collections.abc import Iterator, Sequence

from app.model.genome import SiteState
from app.model.options import AbsentOption, Options
from app.model.report import GeneReport, Note, VariantReport


def limitations(genes: Sequence[GeneReport], variants: Sequence[VariantReport], options: Options) -> tuple[Note, ...]:
    """Return every limitation that holds for these calls, the most far-reaching first."""
    return tuple(_notes(genes, variants, options))


def _notes(genes: Sequence[GeneReport], variants: Sequence[VariantReport], options: Options) -> Iterator[Note]:
    if options.absent is AbsentOption.REFERENCE:
        count = sum(gene.sites.assumed_reference for gene in genes) + sum(v.state == "assumed_reference" for v in variants)
        yield Note(
            code="absent_as_reference",
            text=f"The caller asked that positions missing from the file count as the reference base. {count} positions were filled in "
            "that way. They were not observed: if the file leaves positions out for another reason, these calls are wrong.",
        )
    uncalled = [gene.gene for gene in genes if gene.status == "no_call"]
    if uncalled:
        yield Note(
            code="genes_not_called",
            text=f"No diplotype could be called for {_listed(uncalled)}. Nothing is known about these genes from this file; that is not a "
            "finding about the person.",
        )
    ambiguous = [gene.gene for gene in genes if gene.status == "ambiguous"]
    if ambiguous:
        yield Note(
            code="genes_ambiguous",
            text=f"More than one diplotype agrees with the file for {_listed(ambiguous)}. All of them are listed.",
        )
    copies = [gene.gene for gene in genes if gene.copy_number.status == "not_assessed"]
    if copies:
        yield Note(
            code="copy_number_not_assessed",
            text=f"The copy number of {_listed(copies)} was not assessed. An ordinary small-variant file cannot show whole-gene deletions, "
            "duplications or hybrids, and each of them can change the phenotype. A call from a copy-number-aware tool can be sent along.",
        )
    unseen = sorted({v.gene for v in variants} - {v.gene for v in variants if v.genotype is not None})
    if unseen:
        yield Note(
            code="genes_not_covered",
            text=f"The file does not cover the reported variants of {_listed(unseen)}. Nothing is known about them, and nothing is "
            "concluded from their absence.",
        )
    not_assayable = [f"{v.gene} {v.id}" for v in variants if v.state == "not_assayable"]
    if not_assayable:
        yield Note(
            code="not_assayable",
            text=f"These variants cannot be read from a small-variant file, or have no agreed position: {_listed(not_assayable)}.",
        )
    no_call = sorted({v.gene for v in variants if v.state == SiteState.NO_CALL})
    if no_call:
        yield Note(
            code="variants_no_call",
            text=f"The file has records without a usable genotype for variants of {_listed(no_call)}.",
        )
    yield Note(
        code="rare_variants_not_assessed",
        text="Rare variants in ZNF248, PRKRA, PYHIN1, SLC7A8, STK19 and ZDHHC3 (the exome-study genes) are not assessed by this release.",
    )
    yield Note(
        code="untested_variants",
        text="Star alleles rest on the listed sites only. A named allele means that the variants which define the others were not found at "
        "the sites that were seen; variants that no definition lists were not looked for.",
    )
    yield Note(
        code="genes_are_one_factor",
        text="Age, liver and kidney function, other drugs, smoking, adherence and the illness itself change drug response as well, and "
        "none of them is in the file.",
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
