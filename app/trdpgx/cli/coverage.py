"""``trdpgx coverage``: which alleles and variants a file can show, and which it cannot, whatever the genotypes are."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import orjson

from trdpgx.calling.coverage import sample_coverage
from trdpgx.calling.looked_at import looked_at
from trdpgx.calling.star_alleles.memo import Memo
from trdpgx.cli.console import STDIN, reading
from trdpgx.cli.options import absent_option, assembly_option, text_or_json_option
from trdpgx.cli.service import open_service
from trdpgx.cli.settings import load_settings
from trdpgx.model.coverage import GeneCoverage, SampleCoverage
from trdpgx.model.options import Options
from trdpgx.report.text.wrapped import wrapped

_NAMED = 8
"""Samples, alleles or sites that are named at most; the others are counted."""


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--sample", metavar="NAME", help="Examine this sample only.")
@assembly_option
@absent_option
@click.option("--all", "whole", is_flag=True, help="Name every allele and site.")
@text_or_json_option
def coverage(*, file: str, sample: str | None, assembly: str, absent: str, whole: bool, form: str) -> None:
    """Show which alleles and variants FILE can show.

    No genotype is shown. Samples with the same coverage are listed together; JSON output has one object for each sample, one a line.
    """
    chosen = Options.model_validate({"sample": sample, "assembly": assembly, "absent": absent})
    with open_service(load_settings()) as service, reading(file):
        result = service.read(sys.stdin.buffer if file == STDIN else Path(file), chosen)
        memo, reference, assembly = Memo(), service.knowledge.reference, result.facts.assembly
        coverages = (sample_coverage(reference, assembly, one, chosen, memo, looked=looked_at(one.searched)) for one in result.samples)
        if form == "json":
            for one in coverages:
                click.echo(orjson.dumps(one.model_dump(mode="json")))
        else:
            click.echo("\n".join(_lines(list(_grouped(coverages)), None if whole else _NAMED)))


def _grouped(coverages: Iterator[SampleCoverage]) -> Iterator[tuple[list[str], SampleCoverage]]:
    """Yield each distinct coverage with the names of the samples that have it."""
    groups: dict[str, tuple[list[str], SampleCoverage]] = {}
    for one in coverages:
        key = one.copy_with(sample="").model_dump_json()
        groups.setdefault(key, ([], one))[0].append(one.sample)
    yield from groups.values()


def _lines(groups: Sequence[tuple[list[str], SampleCoverage]], most: int | None) -> Iterator[str]:
    for names, one in groups:
        yield f"{one.assembly}, {'sample' if len(names) == 1 else f'{len(names)} samples:'} {_several(names, _NAMED)}"
        for gene in one.genes:
            yield from _gene(gene, most)
        seen = [variant.id for variant in one.variants if variant.seen]
        yield from wrapped(_several(seen, most) or "none", "  variants seen: ")
        unseen = [f"{variant.id} ({variant.reason})" for variant in one.variants if not variant.seen]
        yield from wrapped(_several(unseen, most) or "none", "  variants not seen: ")


def _gene(gene: GeneCoverage, most: int | None) -> Iterator[str]:
    assumed = f", {gene.assumed} of them assumed" if gene.assumed else ""
    yield f"  {gene.gene:9} {gene.seen} of {gene.sites} sites seen{assumed}"
    lead = " " * 12
    if not gene.seen:
        yield f"{lead}nothing can be called"
        return
    if not gene.hidden:
        yield f"{lead}every allele that small variants define can be called"
    else:
        yield from wrapped(_several(gene.shown, most) or "none", f"{lead}can be called: ")
    looks: dict[tuple[str, ...], list[str]] = {}
    for hidden in gene.hidden:
        looks.setdefault(hidden.looks_like, []).append(hidden.allele)
    for others, alleles in looks.items():
        yield from wrapped(_several(alleles, most), f"{lead}would look like {' or '.join(others[:4])}: ")
    if gene.structural:
        yield from wrapped(_several(gene.structural, most), f"{lead}never in small variants: ")
    unseen = [f"{site.rsid or site.site}{'' if site.reason is None else f' ({site.reason})'}" for site in gene.unseen_sites]
    if unseen:
        yield from wrapped(_several(unseen, most), f"{lead}not seen: ")


def _several(names: Sequence[str], most: int | None) -> str:
    left = len(names) - most if most is not None else 0
    return ", ".join(names[:most]) + (f" and {left} more" if left > 0 else "")
