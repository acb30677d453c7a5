"""``trdpgx rules``: the curator's commands. Scaffold, check, test, show, explain and compare rules, without a line of Python."""

import sys
from pathlib import Path

import click
import orjson

from trdpgx.cli.clinical_rules import example_lines, rows_about, rows_of, show_row
from trdpgx.cli.console import FINDINGS, UNREADABLE, load_outside, load_settings, print_findings, print_problem, print_unopened, stop
from trdpgx.cli.rule_text import show_difference, show_entry, show_explanation, show_rule
from trdpgx.cli.service import open_service
from trdpgx.clinical.examples import example_findings
from trdpgx.knowledge.finding import Finding, RulesError
from trdpgx.knowledge.folder import FolderError
from trdpgx.knowledge.load import load_named_reference
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.manifest import RELEASE_FILE, ReleaseError, releasing
from trdpgx.knowledge.rules import scaffold
from trdpgx.knowledge.rules.difference import compare
from trdpgx.knowledge.rules.editor_schemas import SHAPES, editor_schema, file_name, header_of
from trdpgx.knowledge.rules.examples import ExampleError, fires
from trdpgx.knowledge.rules.library import CITATIONS, DRUGS, REVIEW, VOCABULARY, load_rulebook, read_sources
from trdpgx.knowledge.rules.lint import check_rules
from trdpgx.knowledge.rules.phrases import example_text
from trdpgx.knowledge.rules.review import coverage as coverage_of
from trdpgx.model.gene import Scheme
from trdpgx.model.library import ReferenceLibrary, RuleLibrary
from trdpgx.model.options import ASSEMBLY_NAMES, AbsentOption, Options
from trdpgx.model.problem import InputError
from trdpgx.model.rule import Reason
from trdpgx.model.settings import Settings
from trdpgx.reasoning.explanation import explain as explained

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_layer = click.option("--rules", "layer", type=_FOLDER, metavar="DIR", help="A folder of rules to layer over the bundled ones.")
_into = click.option("--into", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write into this folder of rules.")


@click.group()
def rules() -> None:
    """Look at the rules, and write them."""


@rules.command()
@click.argument("directory", required=False, type=_FOLDER)
def check(directory: Path | None) -> None:
    """Report what is wrong in a folder of rules, with file and line.

    A folder without citations, drugs or a vocabulary of its own is checked as a layer over the bundled rules. Without DIRECTORY, the rules
    that reports use are checked.
    """
    print_findings(_findings(_chosen(directory)), "rules")


@rules.command()
@click.argument("directory", required=False, type=_FOLDER)
@click.option("--name", required=True, help="Name of the release, such as 2026.4.")
def release(directory: Path | None, name: str) -> None:
    """Write the digests of a folder of rules to release.yaml, under the name of a release.

    What `rules check` finds a fault in is not released.
    Without DIRECTORY, the rules that reports use are released: those that TRDPGX_RULES names, or the bundled ones.
    """
    chosen = _chosen(directory)
    try:
        with releasing(chosen, name) as made:
            findings = _findings(chosen)
            if findings:
                print_findings(findings, "rules")
    except (OSError, ReleaseError) as error:
        stop(f"the rules cannot be released:\n{error}")
    click.echo(f"{chosen / RELEASE_FILE}: release {made.release}, digest {made.digest}")


@rules.command()
@click.argument("names", nargs=-1, metavar="[RULE]...")
@_layer
def test(names: tuple[str, ...], layer: Path | None) -> None:
    """Run the examples and counter-examples of rules: all of them, or those of each RULE."""
    reference, library = _loaded(load_settings(layer))
    by_id = {rule.id: rule for rule in library.rules}
    clinical = rows_of(library)
    failed = ran = 0
    for name in names or (*by_id, *clinical):
        if name in clinical:
            for as_expected, line in example_lines(library, name):
                ran += 1
                failed += not as_expected
                if names or not as_expected:
                    click.echo(line)
            continue
        if name not in by_id:
            stop(f"no rule is called {name}")
        rule = by_id[name]
        for expected, examples in ((True, rule.examples), (False, rule.counter_examples)):
            for example in examples:
                ran += 1
                try:
                    as_expected = fires(rule, example, reference) is expected
                    reason = "fires" if not expected else "does not fire"
                except ExampleError as error:
                    as_expected, reason = False, str(error)
                failed += not as_expected
                if names or not as_expected:
                    result = "ok    " if as_expected else "FAILED"
                    wanted = "fires for" if expected else "stays silent for"
                    click.echo(f"{result} {name} {wanted} {example_text(example)}" + ("" if as_expected else f": {reason}"))
    click.echo(f"rules: {ran} examples, {failed} failed")
    if failed:
        sys.exit(FINDINGS)


@rules.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@_layer
def show(names: tuple[str, ...], layer: Path | None) -> None:
    """Show rules and entries as a person reads them. NAME is an id, a gene, a variant or a drug."""
    _, library = _loaded(load_settings(layer))
    pages: list[str] = []
    for name in names:
        wanted = name.casefold()
        texts = [
            show_rule(rule, library)
            for rule in library.rules
            if wanted in {word.casefold() for word in (rule.id, *rule.genes, *rule.drugs, *(getattr(c, "variant", "") for c in rule.when))}
        ]
        texts += [
            show_entry(entry)
            for entry in library.entries
            if wanted in {word.casefold() for word in (entry.id, *entry.genes, *entry.drugs, *entry.variants)}
        ]
        texts += [show_row(library, key) for key in rows_about(library, name)]
        if not texts:
            stop(f"no rule, gene, variant or drug is called {name}")
        pages += texts
    click.echo("\n\n".join(pages))


@rules.command()
@click.argument("name", metavar="RULE")
@click.argument("file", metavar="FILE")
@click.option("--sample", metavar="NAME", help="Explain this sample only.")
@click.option("--assembly", type=click.Choice(ASSEMBLY_NAMES, case_sensitive=False), default=ASSEMBLY_NAMES[0])
@click.option("--absent", type=click.Choice([option.value for option in AbsentOption]), default=AbsentOption.MISSING.value)
@click.option("--outside-calls", type=click.Path(path_type=Path), metavar="FILE", help="Calls that another tool made.")
@_layer
def explain(
    *, name: str, file: str, sample: str | None, assembly: str, absent: str, outside_calls: Path | None, layer: Path | None
) -> None:
    """Explain why RULE fires or does not for FILE, condition by condition."""
    options = Options.model_validate({"sample": sample, "assembly": assembly, "absent": absent})
    outside = () if outside_calls is None else load_outside(outside_calls)
    with open_service(load_settings(layer)) as service:
        rule = next((one for one in service.knowledge.rulebook.rules if one.id == name), None)
        if rule is None:
            stop(f"no rule is called {name}")
        try:
            result = service.read(Path(file), options)
            for report in service.reports(result, options, outside):
                activity = service.knowledge.rulebook.activity
                explanation = explained(rule, report.genes, report.variants, report.rare_variants, activity=activity)
                click.echo(f"{report.input.sample}  {show_explanation(explanation)}")
        except InputError as error:
            print_problem(file, error.problem)
            sys.exit(UNREADABLE)
        except OSError as error:
            print_unopened(file, error)
            sys.exit(UNREADABLE)


@rules.command()
@click.argument("old", type=_FOLDER)
@click.argument("new", required=False, type=_FOLDER)
def diff(old: Path, new: Path | None) -> None:
    """Show what reports would change with the rules in NEW instead of those in OLD.

    Each is a whole folder of rules, or a layer over the bundled ones. Without NEW, the rules that reports use are compared.
    """
    settings = load_settings()
    reference = _reference(settings)
    before = _library(old, reference, settings.evidence_policy)
    chosen = new or settings.rules
    after = _library(chosen, reference, settings.evidence_policy) if chosen else load_rulebook(None, reference)
    click.echo(f"{before.release} -> {after.release}")
    click.echo(show_difference(compare(before, after, reference)))


@rules.command()
@click.option("--write", is_flag=True, help="Write the document to docs/coverage.md of the checkout.")
def coverage(*, write: bool) -> None:
    """Show which rule or entry carries each statement of the review that the project starts from."""
    settings = load_settings()
    library = load_rulebook(None, _reference(settings))
    review = read_sources(rules_directory()).review
    if review is None:
        stop(f"the bundled rules have no {REVIEW}")
    text = coverage_of(review, library)
    if not write:
        click.echo(text, nl=False)
        return
    path = rules_directory().parent / "docs" / "coverage.md"
    path.write_text(text, "utf-8")
    click.echo(f"written: {path}")


@rules.command()
@click.argument("name", type=click.Choice(list(SHAPES)), required=False)
@click.option("--write", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write all of them into this folder.")
def schema(name: str | None, write: Path | None) -> None:
    """Print the JSON Schema of a kind of file, for editors, or write all of them."""
    if write is not None:
        write.mkdir(parents=True, exist_ok=True)
        for shape in SHAPES:
            (write / file_name(shape)).write_bytes(_json(shape))
        click.echo(f"written: {', '.join(file_name(shape) for shape in SHAPES)}")
        return
    if name is None:
        raise click.UsageError(f"name one: {', '.join(SHAPES)}; or --write DIR")
    click.echo(_json(name), nl=False)


@rules.group()
def new() -> None:
    """Print a new piece of the rules, or write it with --into; `???` stands where something is to be written."""


@new.command("citation")
@click.argument("key")
@_into
def new_citation(key: str, into: Path | None) -> None:
    """Begin a citation, such as laje-2012."""
    _add(into, CITATIONS, "citations:", scaffold.citation(key))


@new.command("drug")
@click.argument("name")
@_into
def new_drug(name: str, into: Path | None) -> None:
    """Begin a drug or therapy."""
    _add(into, DRUGS, "drugs:", scaffold.drug(name))


@new.command("variant")
@click.argument("name")
@click.option("--drug", "drugs", multiple=True, required=True, help="Drug that the rules are about; may be repeated.")
@click.option("--study", required=True, help="Key of the citation of the study.")
@_into
def new_variant(name: str, drugs: tuple[str, ...], study: str, into: Path | None) -> None:
    """Begin the rules of a variant of the reference: for carriers of its effect allele, and for the others."""
    reference = _reference(load_settings())
    try:
        text = scaffold.variant(name, drugs, study, reference)
    except scaffold.ScaffoldError as error:
        stop(str(error))
    gene = next(variant.gene for variant in reference.variants if variant.id == name)
    _create(into, f"pharmacodynamics/{gene.lower()}-{name.lower()}.yaml", text)


@new.command("guideline")
@click.argument("identity", metavar="ID")
@click.option("--gene", "genes", multiple=True, required=True, help="Gene of the table; may be repeated.")
@click.option("--drug", "drugs", multiple=True, required=True, help="Drug of the table; may be repeated.")
@click.option("--citation", "citation_key", required=True, help="Key of the guideline's citation.")
@click.option("--scheme", type=click.Choice([scheme.value for scheme in Scheme]), default=Scheme.CPIC.value, help="Whose phenotypes.")
@click.option("--by-score", is_flag=True, help="Ask for activity scores rather than phenotypes, where the gene has them.")
@_into
def new_guideline(
    *, identity: str, genes: tuple[str, ...], drugs: tuple[str, ...], citation_key: str, scheme: str, by_score: bool, into: Path | None
) -> None:
    """Begin a guideline: a table with a row for each phenotype and an example of each."""
    reference = _reference(load_settings())
    try:
        text = scaffold.guideline(identity, drugs, genes, reference, citation_key=citation_key, scheme=Scheme(scheme), by_score=by_score)
    except scaffold.ScaffoldError as error:
        stop(str(error))
    _create(into, f"guidelines/{identity}.yaml", text)


@new.command("entry")
@click.argument("identity", metavar="ID")
@click.option("--gene", "genes", multiple=True, help="Gene that it is about; may be repeated.")
@click.option("--drug", "drugs", multiple=True, help="Drug that it is about; may be repeated.")
@click.option("--reason", type=click.Choice([reason.value for reason in Reason]), required=True, help="Why there is no rule.")
@_into
def new_entry(*, identity: str, genes: tuple[str, ...], drugs: tuple[str, ...], reason: str, into: Path | None) -> None:
    """Begin an entry: something that was looked at and has no rule."""
    if not genes and not drugs:
        raise click.UsageError("an entry is about a gene or a drug: give --gene or --drug")
    _create(into, f"entries/{identity}.yaml", scaffold.entry(identity, genes, drugs, Reason(reason)))


def _chosen(directory: Path | None) -> Path:
    """Return the folder of rules that a command is about."""
    return directory or load_settings().rules or rules_directory()


def _findings(chosen: Path) -> list[Finding]:
    """Check a folder of rules, whole or a layer over the bundled ones."""
    settings = load_settings()
    whole = chosen == rules_directory() or (chosen != settings.rules and _is_whole(chosen))
    reference = _reference(settings)
    try:
        findings = check_rules(chosen, reference, None if whole else rules_directory())
        if findings:
            return findings
        layers = () if whole else (chosen,)
        return sorted(example_findings(load_rulebook(chosen if whole else None, reference, layers)))
    except (OSError, FolderError) as error:
        stop(f"the rules cannot be read:\n{error}")


def _reference(settings: Settings) -> ReferenceLibrary:
    """Read the reference; where it cannot be read, print why and exit."""
    try:
        return load_named_reference(settings.reference)
    except (OSError, ValueError) as error:
        stop(f"the reference cannot be read:\n{error}")


def _loaded(settings: Settings) -> tuple[ReferenceLibrary, RuleLibrary]:
    reference = _reference(settings)
    try:
        layers = (settings.rules,) if settings.rules else ()
        return reference, load_rulebook(None, reference, layers, settings.evidence_policy)
    except (OSError, RulesError, FolderError) as error:
        stop(f"the rules cannot be read:\n{error}")


def _library(directory: Path, reference: ReferenceLibrary, policy: str) -> RuleLibrary:
    try:
        if _is_whole(directory):
            return load_rulebook(directory, reference, policy=policy)
        return load_rulebook(None, reference, (directory,), policy)
    except (OSError, RulesError, FolderError) as error:
        stop(f"the rules cannot be read:\n{error}")


def _is_whole(directory: Path) -> bool:
    return all((directory / name).is_file() for name in (CITATIONS, DRUGS, VOCABULARY))


def _json(name: str) -> bytes:
    return orjson.dumps(editor_schema(name), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _add(into: Path | None, file: str, top: str, text: str) -> None:
    """Print a piece of a file that holds many, or append it."""
    if into is None:
        click.echo(f"{top}\n{text}", nl=False)
        return
    path = into / file
    into.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8") if path.is_file() else f"{header_of(file)}\n{top}\n"
    path.write_text(before + text, "utf-8")
    click.echo(f"added to {path}")


def _create(into: Path | None, file: str, text: str) -> None:
    """Print a whole file, or write it where there is none yet."""
    if into is None:
        click.echo(text, nl=False)
        return
    path = into / file
    if path.exists():
        stop(f"{path} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{header_of(file)}\n{text}", "utf-8")
    click.echo(f"written: {path}")
