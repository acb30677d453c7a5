"""``trdpgx genes``: the alleles and variants of a gene that can be called, their sites on each assembly, and their functions."""

from collections.abc import Iterator

import click
import orjson

from trdpgx.cli.console import stop
from trdpgx.cli.options import text_or_json_option
from trdpgx.cli.settings import load_settings
from trdpgx.knowledge.load import load_knowledge
from trdpgx.model.genome import Assembly
from trdpgx.model.library import Knowledge
from trdpgx.model.printable import escaped
from trdpgx.report.text.wrapped import wrapped
from trdpgx.service.presenters import gene as gene_view
from trdpgx.service.presenters import genes as genes_view
from trdpgx.service.schemas import AlleleAnswer, GeneAnswer, SiteAnswer


@click.group()
def genes() -> None:
    """List the genes of the panel, or show one of them."""


@genes.command("list")
def list_genes() -> None:
    """List the genes: with named alleles, and with single variants."""
    for one in genes_view(_knowledge()).genes:
        what = f"{one.alleles} alleles, {one.sites} sites" if one.kind == "named_alleles" else f"{len(one.variants)} variants"
        click.echo(f"{one.gene:10} {what}; {one.rules} rules")


@genes.command("show")
@click.argument("gene")
@text_or_json_option
def show_gene(gene: str, form: str) -> None:
    """Show the alleles, variants and sites of GENE.

    Lists its sites on both assemblies, and its alleles with their functions and the sites that define them. The JSON is that of
    GET /v1/genes/GENE.
    """
    answer = gene_view(_knowledge(), gene)
    if answer is None:
        stop(f"the panel has no gene {escaped(gene)} (`trdpgx genes list` lists its genes)")
    if form == "json":
        click.echo(orjson.dumps(answer.model_dump(mode="json"), option=orjson.OPT_INDENT_2))
    else:
        click.echo("\n".join(_lines(answer)))


def _knowledge() -> Knowledge:
    settings = load_settings()
    try:
        return load_knowledge(settings.reference, settings.rules)
    except (OSError, ValueError) as error:
        stop(f"the rules or the reference cannot be read:\n{error}")


def _lines(gene: GeneAnswer) -> Iterator[str]:
    yield f"{gene.gene}   {len(gene.rules)} rules"
    if gene.alleles:
        yield from _alleles(gene)
    if gene.variants:
        yield from ("", "variants, reported as genotypes")
    for variant in gene.variants:
        named = " ".join(name for name in (variant.hgvs_c, variant.hgvs_p) if name)
        effect = f"effect allele {variant.effect_allele}" if variant.effect_allele else "no effect allele"
        seen = "" if variant.assayable else "; not in small-variant files"
        yield f"  {variant.id:14} {effect}{seen}  {named}".rstrip()
    if gene.sites:
        yield from ("", f"{'site':22} {'GRCh38':34} GRCh37")
    for identifier in dict.fromkeys(site.id for site in gene.sites):
        sites = {site.assembly: site for site in gene.sites if site.id == identifier}
        yield f"{_label(sites[Assembly.GRCH38]):22} {_position(sites[Assembly.GRCH38]):34} {_position(sites[Assembly.GRCH37])}"


def _alleles(gene: GeneAnswer) -> Iterator[str]:
    reference = next(allele for allele in gene.alleles if allele.is_reference)
    made = ", ".join(f"{' or '.join(alleles)} on {assembly}" for assembly, alleles in gene.assembly_alleles.items())
    yield f"the table's reference allele is {reference.name}; a file without variants is, with --absent reference: {made}"
    schemes = [f"{table.scheme} ({'activity score' if table.bands else 'pairs of functions'})" for table in gene.phenotypes]
    yield f"phenotypes: {', '.join(schemes) or 'none, as CPIC assigns no function to these alleles'}"
    if gene.copy_number_matters:
        yield "deletions, duplications and hybrids are common; they come as structural records or outside calls, not as small variants"
    labels = {site.id: _label(site) for site in gene.sites}
    yield from ("", f"{'allele':10} {'function':20} {'activity':8} called from")
    for allele in gene.alleles:
        if allele.callable:
            yield from _allele(allele, labels)
    structural = [allele.name for allele in gene.alleles if not allele.callable]
    if structural:
        yield from wrapped(", ".join(structural), "never from small variants: ")


def _allele(allele: AlleleAnswer, labels: dict[str, str]) -> Iterator[str]:
    activity = "" if allele.activity is None else f"{allele.activity:g}"
    sites = ", ".join(f"{labels[site]} {allele.bases[site]}" for site in allele.defined_by) or "what is left where no other allele is seen"
    alike = f" (the same bases as {', '.join(allele.same_bases)})" if allele.same_bases else ""
    yield from wrapped(f"{sites}{alike}", f"{allele.name:10} {allele.function:20} {activity:8} ")


def _label(site: SiteAnswer) -> str:
    return site.rsid or site.id


def _position(site: SiteAnswer) -> str:
    return f"chr{site.chrom}:{site.pos} {site.ref}>{','.join(site.alts)}"
