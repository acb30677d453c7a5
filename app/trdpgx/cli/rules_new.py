"""``trdpgx rules new``: drafts of citations, drugs, rules, guidelines, entries and clinical facts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from trdpgx.cli.console import displayed, note, stop
from trdpgx.cli.rule_folders import load_rules, reference_of
from trdpgx.cli.settings import load_settings
from trdpgx.knowledge.rules import scaffold
from trdpgx.knowledge.rules.editor_schemas import header_of
from trdpgx.knowledge.rules.scaffold_fact import fact as scaffold_fact
from trdpgx.knowledge.rules.scaffold_fact import fact_kinds
from trdpgx.knowledge.rules.sources import CITATIONS, DRUGS
from trdpgx.model.gene import Phenotype, Scheme
from trdpgx.model.rule import Reason

_into = click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write into this folder of rules instead of printing."
)


@click.group()
def new() -> None:
    """Print a draft of a rule, citation, drug or other file.

    `???` marks each value that you have to fill in. --into writes the draft into a folder of rules.
    """


@new.command("citation")
@click.argument("key")
@_into
def new_citation(key: str, into: Path | None) -> None:
    """Draft a citation with the key KEY, such as laje-2012."""
    _add(into, CITATIONS, "citations:", scaffold.citation(key))


@new.command("drug")
@click.argument("name")
@_into
def new_drug(name: str, into: Path | None) -> None:
    """Draft a drug or therapy."""
    _add(into, DRUGS, "drugs:", scaffold.drug(name))


@new.command("variant")
@click.argument("name")
@click.option("--drug", "drugs", multiple=True, required=True, help="Drug that the rules are about; may be repeated.")
@click.option("--study", required=True, help="Key of the citation of the study.")
@_into
def new_variant(name: str, drugs: tuple[str, ...], study: str, into: Path | None) -> None:
    """Draft the rules of a variant, for carriers and others.

    NAME is a variant of the reference; the rules are about carriers of its effect allele, and about everybody else.
    """
    reference = reference_of(load_settings())
    with _drafting():
        text = scaffold.variant(name, drugs, study, reference)
    gene = next(variant.gene for variant in reference.variants if variant.id == name)
    _create(into, f"pharmacodynamics/{gene.lower()}-{name.lower()}.yaml", text)
    _note_entries(drugs)


@new.command("research")
@click.argument("gene")
@click.option("--phenotype", type=click.Choice(["UM", "RM", "NM", "IM", "PM"]), required=True, help="Phenotype by CPIC's terms.")
@click.option("--drug", "drugs", multiple=True, required=True, help="Drug that the rule is about; may be repeated.")
@click.option("--study", required=True, help="Key of the citation of the study.")
@_into
def new_research(*, gene: str, phenotype: str, drugs: tuple[str, ...], study: str, into: Path | None) -> None:
    """Draft a rule of research on a phenotype of GENE."""
    with _drafting():
        text = scaffold.research(gene, Phenotype(phenotype), drugs, study, reference_of(load_settings()))
    _create(into, f"pharmacokinetics/{gene.lower()}-{phenotype.lower()}-{'-'.join(drugs[0].lower().split())}.yaml", text)
    _note_entries(drugs)


@contextmanager
def _drafting() -> Iterator[None]:
    """Print why a draft cannot be made, and exit."""
    try:
        yield
    except scaffold.ScaffoldError as error:
        stop(str(error))


def _note_entries(drugs: tuple[str, ...]) -> None:
    """Print the entries about the drugs, which a report leaves out where the new rule fires."""
    _, library = load_rules(load_settings())
    for entry in library.entries:
        if set(drugs).intersection(entry.drugs) and not (entry.genes or entry.variants):
            note(f"reports leave out {entry.id} where this rule fires: repeat in `text` what of it still holds ({entry.text})")


@new.command("guideline")
@click.argument("identity", metavar="ID")
@click.option("--gene", "genes", multiple=True, required=True, help="Gene of the table; may be repeated.")
@click.option("--drug", "drugs", multiple=True, required=True, help="Drug of the table; may be repeated.")
@click.option("--citation", "citation_key", required=True, help="Key of the guideline's citation.")
@click.option(
    "--scheme",
    type=click.Choice([scheme.value for scheme in Scheme]),
    default=Scheme.CPIC.value,
    help="Whose phenotype terms the table uses.",
)
@click.option("--by-score", is_flag=True, help="Use activity scores as conditions instead of phenotypes, where the gene has scores.")
@_into
def new_guideline(
    *, identity: str, genes: tuple[str, ...], drugs: tuple[str, ...], citation_key: str, scheme: str, by_score: bool, into: Path | None
) -> None:
    """Draft a guideline: a table with a row for each phenotype."""
    reference = reference_of(load_settings())
    with _drafting():
        text = scaffold.guideline(identity, drugs, genes, reference, citation_key=citation_key, scheme=Scheme(scheme), by_score=by_score)
    _create(into, f"guidelines/{identity}.yaml", text)


@new.command("entry")
@click.argument("identity", metavar="ID")
@click.option("--gene", "genes", multiple=True, help="Gene of the entry; may be repeated.")
@click.option("--drug", "drugs", multiple=True, help="Drug of the entry; may be repeated.")
@click.option("--reason", type=click.Choice([reason.value for reason in Reason]), required=True, help="Why there is no rule.")
@_into
def new_entry(*, identity: str, genes: tuple[str, ...], drugs: tuple[str, ...], reason: str, into: Path | None) -> None:
    """Draft an entry: an examined gene or drug without a rule."""
    if not genes and not drugs:
        raise click.UsageError("an entry is about a gene or a drug: give --gene or --drug")
    _create(into, f"entries/{identity}.yaml", scaffold.entry(identity, genes, drugs, Reason(reason)))


@new.command("fact")
@click.argument("kind", metavar="KIND", type=click.Choice(list(fact_kinds())))
@click.argument("key", metavar="ID")
@_into
def new_fact(kind: str, key: str, into: Path | None) -> None:
    """Draft a row of clinical facts.

    For example `enzyme_effects my-drug-cyp2d6`. A row with the ID of a bundled row replaces that row.
    """
    file, section, _ = fact_kinds()[kind]
    text = scaffold_fact(kind, key)
    path = None if into is None else into / file
    if path is None or not path.is_file() or f"\n{section}:\n" not in path.read_text("utf-8"):
        _add(into, file, f"{section}:", text, again=True)
        return
    before, top, after = path.read_text("utf-8").partition(f"\n{section}:\n")
    path.write_text(before + top + text + after, "utf-8")
    click.echo(f"added to {displayed(str(path))}")


def _add(into: Path | None, file: str, top: str, text: str, *, again: bool = False) -> None:
    """Print an item of a file, or append it; ``again`` writes the key of the list once more before it."""
    if into is None:
        click.echo(f"{top}\n{text}", nl=False)
        return
    path = into / file
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8") + (f"{top}\n" if again else "") if path.is_file() else f"{header_of(file)}\n{top}\n"
    path.write_text(before + text, "utf-8")
    click.echo(f"added to {displayed(str(path))}")


def _create(into: Path | None, file: str, text: str) -> None:
    """Print a whole file, or write it where there is none yet."""
    if into is None:
        click.echo(text, nl=False)
        return
    path = into / file
    if path.exists():
        stop(f"{displayed(str(path))} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{header_of(file)}\n{text}", "utf-8")
    click.echo(f"written: {displayed(str(path))}")
