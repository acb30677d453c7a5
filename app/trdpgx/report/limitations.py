"""The limitations of the report, in plain words. A gap that is not named here would read as a finding."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import SiteState
from trdpgx.model.naming import listed
from trdpgx.model.note import Note
from trdpgx.model.options import AbsentOption, Options
from trdpgx.model.variant_report import RareGeneReport, VariantReport
from trdpgx.reasoning.untested import untested_alleles

_NONE: Mapping[str, Sequence[tuple[str, str]]] = MappingProxyType({})


def limitations(
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    rare_variant_genes: Sequence[RareGeneReport],
    options: Options,
    outside_alleles: Mapping[str, Sequence[tuple[str, str]]] = _NONE,
) -> tuple[Note, ...]:
    """Return every limitation that holds for these calls, the most far-reaching first.

    ``outside_alleles`` holds, for each drug, the gene and name of every allele that its rules ask for and that no file shows (HLA).
    """
    return tuple(_notes(genes, variants, rare_variant_genes, options, outside_alleles))


def _notes(
    genes: Sequence[GeneReport],
    variants: Sequence[VariantReport],
    rare_variant_genes: Sequence[RareGeneReport],
    options: Options,
    outside_alleles: Mapping[str, Sequence[tuple[str, str]]],
) -> Iterator[Note]:
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
            text=f"No diplotype could be called for {listed(uncalled)}. Nothing is known about these genes from this file; that is not a "
            "finding about the person.",
        )
    ambiguous = [gene.gene for gene in genes if gene.status == "ambiguous"]
    if ambiguous:
        yield Note(
            code="genes_ambiguous",
            text=f"More than one diplotype agrees with the file for {listed(ambiguous)}. All of them are listed.",
        )
    copies = [gene.gene for gene in genes if gene.copy_number.status == "not_assessed"]
    if copies:
        yield Note(
            code="copy_number_not_assessed",
            text=f"The copy number of {listed(copies)} was not assessed. An ordinary small-variant file cannot show whole-gene deletions, "
            "duplications or hybrids, and each of them can change the phenotype. A call from a copy-number-aware tool can be sent along.",
        )
    yield from _outside(genes, outside_alleles)
    unseen = sorted({v.gene for v in variants} - {v.gene for v in variants if v.genotype is not None})
    if unseen:
        yield Note(
            code="genes_not_covered",
            text=f"The file does not cover the reported variants of {listed(unseen)}. Nothing is known about them, and nothing is "
            "concluded from their absence.",
        )
    unreadable = sum(v.state == "not_assayable" for v in variants)
    if unreadable:
        yield Note(
            code="not_assayable",
            text=f"{unreadable} variant{'' if unreadable == 1 else 's'} that studies name cannot be read from such a file, or have "
            "no agreed position. What nothing follows of is listed with the reason.",
        )
    no_call = sorted({v.gene for v in variants if v.state == SiteState.NO_CALL})
    if no_call:
        yield Note(
            code="variants_no_call",
            text=f"The file has records without a usable genotype for variants of {listed(no_call)}.",
        )
    yield from _rare(rare_variant_genes)
    yield Note(
        code="untested_variants",
        text="Star alleles rest on the listed sites only. A named allele means that the variants which define the others were not found at "
        "the sites that were seen; variants that no definition lists were not looked for.",
    )
    yield Note(
        code="genes_are_one_factor",
        text="No genome shows whether the diagnosis is right, what psychosocial burden a person carries, or whether a drug was taken as "
        "prescribed (adherence). Each of these can be the reason why a treatment fails; so can age, liver and kidney function, other "
        "drugs, smoking and the course of the illness. None of them is in the file. An expected level, high or low, is that of a group: "
        "whether it is so in this person, a measured level shows.",
    )


def _outside(genes: Sequence[GeneReport], asked: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[Note]:
    """Return which alleles that rules ask about were not tested, and which drugs are not cleared for that reason."""
    unknown = {drug: untested_alleles(alleles, genes) for drug, alleles in asked.items()}
    missing = sorted({allele for alleles in unknown.values() for allele in alleles})
    if not missing:
        return
    concerned = dict.fromkeys(gene for gene, _ in missing)
    if not any(gene.diplotypes for gene in genes if gene.gene in concerned) and len(concerned) == len(_genes(asked)):
        verb = "was" if len(concerned) == 1 else "were"
        lead = f"{listed(list(concerned))} {verb} not tested, and the alleles cannot be read from a file of small variants."
    else:
        named = [f"{gene}{allele}" for gene, allele in missing]
        lead = f"HLA was not tested for every allele that guidelines ask for. Not tested: {listed(named)}."
    drugs: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for drug, alleles in unknown.items():
        if alleles:
            drugs.setdefault(alleles, []).append(drug)
    tied = [f"{listed(names)} with {listed([f'{gene}{allele}' for gene, allele in alleles])}" for alleles, names in drugs.items()]
    open_drugs = listed(sorted(drug for names in drugs.values() for drug in names), "or")
    yield Note(
        code="hla_not_tested",
        text=f"{lead} Guidelines tie severe reactions of the skin and of other organs to such alleles ({'; '.join(tied)}). So nothing in "
        f"this report clears {open_drugs}; that a drug has no entry here does not clear it either. The result of a test can be sent along.",
    )


def _genes(asked: Mapping[str, Sequence[tuple[str, str]]]) -> set[str]:
    return {gene for alleles in asked.values() for gene, _ in alleles}


def _rare(genes: Sequence[RareGeneReport]) -> Iterator[Note]:
    """Return what was not seen of the genes whose rare variants are looked for, and what such a variant means for one person."""
    silent = [gene.gene for gene in genes if gene.covered is None]
    if silent:
        yield Note(
            code="rare_variants_cover_unknown",
            text=f"The file lists variants only, so it is not known how much of {listed(silent)} was read. That no rare variant is listed "
            "there does not mean that there is none.",
        )
    partial = [
        f"{gene.gene} ({gene.covered} of {gene.total} bases)" for gene in genes if gene.covered is not None and gene.covered < gene.total
    ]
    if partial:
        yield Note(
            code="rare_variants_partly_covered",
            text=f"The file does not show the whole coding sequence of {listed(partial)}.",
        )
    protein = [gene.gene for gene in genes if gene.sequence == "protein"]
    if protein:
        yield Note(
            code="rare_variants_without_sequence",
            text=f"Of {listed(protein)} only the protein is known here, so what a variant does there is named only where that is enough. "
            "Who runs this service can add the sequence.",
        )
    if genes:
        yield Note(
            code="rare_variants_are_group_findings",
            text="The exome study compared groups of people and was not replicated. One rare variant in one person does not establish "
            "resistance to treatment, and none does not exclude it.",
        )
