"""The genes of the text: what was called, what that means, what it rests on, and what a reader has to know about it."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from trdpgx.knowledge.rules.outside_genes import single_allele_test
from trdpgx.model.gene_report import GeneReport, HiddenAllele
from trdpgx.model.note import Note
from trdpgx.reasoning.certainty import disputes_of_reported, nothing_seen, open_text
from trdpgx.reasoning.summary.other_result_words import IF_OTHER_RESULT
from trdpgx.report import wording
from trdpgx.report.text.wrapped import wrapped
from trdpgx.texts import both, either, in_words, percent, phrase

_INDENT = " " * 11
_ELSEWHERE = frozenset({"reference_by_default", "sites_unseen", "copy_number_not_assessed", IF_OTHER_RESULT})
"""Caveats that a short text has elsewhere: once for all genes, with the unseen sites, among what was not seen or what stands out."""
_NAMED = 6
"""So many diplotypes are named in a short text."""


def gene_lines(genes: Sequence[GeneReport], considered: Collection[str], *, full: bool, summarised: bool = False) -> Iterator[str]:
    """Yield the genes in their order; in a short text those that were not called stand together by reason, unless one is contradicted.

    ``considered`` are the genes that considerations are about: a short text marks a gene that is called and not among them.
    Where they were not called for one reason, that nothing of them was seen, a summary (``summarised``) has their names with it.
    """
    yield from ("", phrase("text_headings.genes" if full else "text_headings.genes_of_file"))
    uncalled: dict[str, list[str]] = {}
    for gene in genes:
        if gene.status == "no_call" and not full and not gene.research_diplotypes and not _is_contradicted(gene):
            uncalled.setdefault(gene.no_call_reason or "", []).append(gene.gene)
        else:
            yield from _gene(gene, considered, full=full)
    if not full and any(note.code == "reference_by_default" for gene in genes for note in gene.caveats):
        yield from wrapped(phrase("text_genes.by_default"), "  ")
    named = summarised and all(map(nothing_seen, (gene for gene in genes if gene.status == "no_call")))
    for reason, names in () if named else uncalled.items():
        yield from wrapped(phrase("text_genes.genes_not_called", genes=", ".join(names), reason=reason), "  ")


def _gene(gene: GeneReport, considered: Collection[str], *, full: bool) -> Iterator[str]:
    if gene.status == "no_call":
        yield from wrapped(phrase("text_genes.gene_not_called", gene=f"{gene.gene:8}", reason=gene.no_call_reason), "  ")
        if gene.research_diplotypes:
            names = [diplotype.name for diplotype in gene.research_diplotypes]
            yield from wrapped(phrase("text_genes.research_only", diplotypes=_several(names, full=full)), _INDENT)
    else:
        yield from _called(gene, considered, full=full)
    if gene.phenoconverted and not full and gene.phenoconverted.status == "converted":
        yield from wrapped(phrase("text_genes.converted"), _INDENT)
    elif gene.phenoconverted and full:
        yield from wrapped(phrase("text_genes.under_current_drugs", text=gene.phenoconverted.text), _INDENT)
    caveats = [note for note in gene.caveats if full or note.code not in _ELSEWHERE]
    if not full:
        caveats = [*_changed_by_copies(gene), *caveats]
    yield from _notes(sorted(caveats, key=lambda note: "conflict" not in note.code))
    yield from _notes(gene.unknown_alleles)
    if full:
        yield from _details(gene)


def _called(gene: GeneReport, considered: Collection[str], *, full: bool) -> Iterator[str]:
    names = [diplotype.name for diplotype in gene.diplotypes]
    # tests of single alleles exclude none of each other: all of them hold
    shown = ", ".join(names) if all(map(single_allele_test, names)) else _several(names, full=full)
    source = f"{wording.caller_words(gene.source)}{phrase('text_genes.assumed_not_observed') if gene.assumed else ''}"
    stated = "" if gene.source == "vcf" and not gene.assumed and not full else f", {source}"
    sites = gene.sites
    called_sites, total = sites.called + sites.covered_reference, sites.total
    whole = not full and called_sites == total
    sites_seen = phrase("text_genes.all_positions_seen" if whole else "text_genes.positions_seen", called=called_sites, total=total)
    seen = f"; {sites_seen}" if total else ""
    assumed = phrase("text_genes.assumed", assumed_reference=sites.assumed_reference) if sites.assumed_reference else ""
    copies = in_words(gene.copy_number.status) + ("" if gene.copy_number.value is None else f", {gene.copy_number.value}")
    brief = "" if full else _brief_basis(gene)
    basis = phrase("text_genes.by_basis", basis=_basis(gene)) if gene.phenotypes and not brief else ""
    counted = full or gene.copy_number.status != "not_applicable"
    rests_on = f"{seen}{assumed}{phrase('text_genes.copies', copies=copies) if counted else ''}{basis}"
    if not full and gene.gene not in considered:
        rests_on += phrase("text_genes.not_considered")
    called = f"{shown or phrase('text_genes.phenotype_only')}  {_meaning(gene)}{brief}{stated}{rests_on}"
    yield from wrapped(called, f"  {gene.gene:8} ")
    yield from _open(gene, full=full)
    if gene.likely and len(gene.diplotypes) > 1:
        yield from wrapped(gene.likely.text, _INDENT)


def _brief_basis(gene: GeneReport) -> str:
    """Return the activity score or the functions that a phenotype rests on, where schemes and diplotypes agree on them; else nothing."""
    scores = {diplotype.activity_score for diplotype in gene.diplotypes}
    functions = {diplotype.functions for diplotype in gene.diplotypes}
    if not gene.phenotype or len({phenotype.code for phenotype in gene.phenotypes.values()}) != 1 or len(scores) != 1:
        return ""
    (score,) = scores
    if score is not None:
        return phrase("text_genes.rests_on", basis=phrase("text_genes.activity_score", score=score))
    if len(functions) != 1 or not all(functions):
        return ""
    (both_functions,) = functions
    if len(both_functions) == 2 and len(set(both_functions)) == 1:
        return phrase("text_genes.rests_on", basis=phrase("text_genes.twice", function=both_functions[0]))
    return phrase("text_genes.rests_on", basis=" + ".join(both_functions))


def _basis(gene: GeneReport) -> str:
    """Return what the phenotype rests on, once where the schemes agree, and else which of them makes which phenotype."""
    differ = len({phenotype.code for phenotype in gene.phenotypes.values()}) > 1
    by_basis: dict[str, list[str]] = {}
    for scheme, phenotype in gene.phenotypes.items():
        basis = phenotype.basis.removeprefix(f"{scheme.value} ") + (f" ({phenotype.term})" if differ else "")
        by_basis.setdefault(basis, []).append(scheme.value)
    return "; ".join(f"{both(schemes)} {basis}" for basis, schemes in by_basis.items())


def _meaning(gene: GeneReport) -> str:
    if gene.phenotype:
        return gene.phenotype.term
    if gene.phenotype_open:
        return phrase("text_genes.phenotype_open")
    return (
        phrase("text_genes.one_of") + ", ".join(phenotype.term for phenotype in gene.phenotype_range)
        if gene.phenotype_range
        else phrase("text_genes.no_phenotype")
    )


def _open(gene: GeneReport, *, full: bool) -> Iterator[str]:
    """Yield what was not seen: what is likely and what is possible of an open phenotype, or in one line what a stated one rests on."""
    if gene.phenotype_open:
        possible = ", ".join(phenotype.term for phenotype in gene.phenotype_range)
        yield from wrapped(f"! {open_text(gene)}{phrase('text_genes.possible', possible=possible) if possible else ''}.", _INDENT)
    if gene.phenotype_open and full:
        yield from wrapped(phrase("text_genes.could_be_hidden", named=", ".join(map(_hidden, gene.hidden))), _INDENT)
        if gene.settled_by:
            yield from wrapped(phrase("text_genes.would_settle", settled_by=", ".join(gene.settled_by)), _INDENT)
    if gene.unseen_note:
        yield from wrapped(gene.unseen_note, _INDENT)
    if gene.if_assumption_wrong:
        yield from wrapped(phrase("text_genes.if_assumption_wrong", text=gene.if_assumption_wrong.text), _INDENT)


def _hidden(hidden: HiddenAllele) -> str:
    often = "" if hidden.frequency is None else phrase("text_genes.chromosomes", frequency=percent(hidden.frequency))
    makes = phrase("text_genes.makes", term=hidden.makes.term) if hidden.makes else phrase("text_genes.makes_not_known")
    return f"{hidden.allele} ({makes}{often})"


def _details(gene: GeneReport) -> Iterator[str]:
    """Yield what a short text leaves to the JSON: what the copy number rests on, and every site that was not used."""
    if gene.status != "no_call":
        yield from wrapped(phrase("text_genes.copy_number_evidence", evidence=gene.copy_number.evidence), _INDENT)
    for note in gene.copy_number.structural_possibilities:
        yield from wrapped(note.text, f"{_INDENT}- ")
    if gene.unseen_sites and gene.status != "no_call":
        yield from wrapped(wording.unseen_sites(gene), _INDENT)


def _changed_by_copies(gene: GeneReport) -> Iterator[Note]:
    """Yield what one copy less or more would do, where it would change the activity score."""
    scores = [diplotype.activity_score for diplotype in gene.diplotypes if diplotype.activity_score is not None]
    if scores and (opened := gene.copy_number.activity_score_range):
        codes = {"unseen_deletion": opened[0] < min(scores), "unseen_duplication": opened[1] > max(scores)}
        yield from (note for note in gene.copy_number.structural_possibilities if codes.get(note.code))


def _notes(notes: Iterable[Note]) -> Iterator[str]:
    for note in notes:
        yield from wrapped(note.text, f"{_INDENT}{'! ' if 'conflict' in note.code else '- '}")


def _is_contradicted(gene: GeneReport) -> bool:
    """Return whether something contradicts what was seen of a gene, or another tool's result on it was not read."""
    return any("conflict" in note.code for note in gene.caveats) or bool(disputes_of_reported(gene))


def _several(names: Sequence[str], *, full: bool) -> str:
    shown = names if full else names[:_NAMED]
    return either(shown) + (phrase("text_genes.or_more", count=len(names) - len(shown)) if len(names) > len(shown) else "")
