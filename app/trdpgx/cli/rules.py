"""``trdpgx rules``: draft, check, test, show, explain and compare rules."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import orjson

from trdpgx.cli.clinical_rules import example_lines, explain_row, rows_about, rows_of, show_row
from trdpgx.cli.console import displayed, load_outside, print_findings, reading, stop
from trdpgx.cli.context import ContextFile
from trdpgx.cli.exit_codes import ExitCode
from trdpgx.cli.options import absent_option, assembly_option, rules_option
from trdpgx.cli.rule_folders import chosen_folder, findings_of, load_folder, load_rules, reference_of
from trdpgx.cli.rule_text import show_difference, show_entry, show_explanation, show_rule
from trdpgx.cli.rules_compare import compare_with_source, stale
from trdpgx.cli.rules_new import new
from trdpgx.cli.service import open_service
from trdpgx.cli.settings import load_settings
from trdpgx.knowledge.location import rules_directory
from trdpgx.knowledge.manifest import RELEASE_FILE, ReleaseError, check_next, releasing
from trdpgx.knowledge.rules.difference import compare
from trdpgx.knowledge.rules.editor_schemas import SHAPES, editor_schema, file_name
from trdpgx.knowledge.rules.examples import ExampleError, fires
from trdpgx.knowledge.rules.expanded import write_expanded
from trdpgx.knowledge.rules.names import unknown_name
from trdpgx.knowledge.rules.parsed import write_parsed
from trdpgx.knowledge.rules.phrases import example_text
from trdpgx.knowledge.rules.review import coverage as coverage_of
from trdpgx.knowledge.rules.rulebook import load_rulebook
from trdpgx.knowledge.rules.sources import REVIEW, read_sources
from trdpgx.model.library import ReferenceLibrary
from trdpgx.model.options import Options
from trdpgx.model.rule import Rule
from trdpgx.reasoning.explanation import explain as explained

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def rules() -> None:
    """Check, test, show, compare and write rules."""


@rules.command()
@click.argument("directory", required=False, type=_FOLDER)
def check(directory: Path | None) -> None:
    """Report what is wrong in a folder of rules, with file and line.

    A folder without citations, drugs or a vocabulary of its own is checked as a layer over the bundled rules. Without DIRECTORY, the rules
    that reports use are checked.
    """
    print_findings(findings_of(chosen_folder(directory)), "rules")


@rules.command()
@click.argument("directory", required=False, type=_FOLDER)
@click.option("--name", required=True, help="Name of the release, such as 2026.4.")
def release(directory: Path | None, name: str) -> None:
    """Write the digests of a folder of rules to its release.yaml.

    A folder in which `rules check` finds a fault is not released. Without DIRECTORY, the rules that reports use are released: those that
    TRDPGX_RULES names, or the bundled ones, whose name is the present one or the next of its series.
    """
    chosen = chosen_folder(directory)
    try:
        if chosen.resolve() == rules_directory().resolve():
            check_next(chosen, name)
        with releasing(chosen, name) as made:
            findings = findings_of(chosen)
            if findings:
                print_findings(findings, "rules")
        if chosen.resolve() == rules_directory().resolve():
            write_parsed(chosen)
            write_expanded(chosen)
    except (OSError, ReleaseError) as error:
        stop(f"the rules cannot be released:\n{error}")
    click.echo(f"{displayed(str(chosen / RELEASE_FILE))}: release {made.release}, digest {made.digest}")


@rules.command()
@click.argument("names", nargs=-1, metavar="[RULE]...")
@rules_option
def test(names: tuple[str, ...], layer: Path | None) -> None:
    """Run the examples of all rules, or of each RULE."""
    reference, library = load_rules(load_settings(layer))
    by_id = {rule.id: rule for rule in library.rules}
    clinical = rows_of(library)
    failed = ran = 0
    for name in names or (*by_id, *clinical):
        if name not in by_id and name not in clinical:
            stop(unknown_name("rule", name, [*by_id, *clinical]))
        for as_expected, line in example_lines(library, name) if name in clinical else _example_lines(by_id[name], reference):
            ran += 1
            failed += not as_expected
            if names or not as_expected:
                click.echo(line)
    click.echo(f"rules: {ran} examples, {failed} failed")
    if failed:
        sys.exit(ExitCode.FINDINGS)


def _example_lines(rule: Rule, reference: ReferenceLibrary) -> Iterator[tuple[bool, str]]:
    """Run the examples of a rule, and yield for each whether it gives what it expects, and a line that shows it."""
    for expected, examples in ((True, rule.examples), (False, rule.counter_examples)):
        for example in examples:
            try:
                as_expected = fires(rule, example, reference) is expected
                reason = "fires" if not expected else "does not fire"
            except ExampleError as error:
                as_expected, reason = False, str(error)
            wanted = "fires for" if expected else "stays silent for"
            shown = f"{rule.id} {wanted} {example_text(example)}"
            yield as_expected, f"ok     {shown}" if as_expected else f"FAILED {shown}: {reason}"


@rules.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@rules_option
def show(names: tuple[str, ...], layer: Path | None) -> None:
    """Show rules and entries as text. NAME is an id, a gene, a variant or a drug."""
    _, library = load_rules(load_settings(layer))
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
            ids = [*(rule.id for rule in library.rules), *(entry.id for entry in library.entries)]
            stop(unknown_name("rule, gene, variant or drug", name, [*ids, *library.drugs, *rows_of(library)]))
        pages += texts
    click.echo("\n\n".join(pages))


@rules.command()
@click.argument("name", metavar="RULE")
@click.argument("file", metavar="[FILE]", required=False)
@click.option(
    "--context", type=click.Path(path_type=Path), metavar="FILE", help="JSON file of a clinical context, to explain a clinical fact."
)
@click.option("--sample", metavar="NAME", help="Explain this sample only.")
@assembly_option
@absent_option
@click.option("--outside-calls", type=click.Path(path_type=Path), metavar="FILE", help="Calls that another tool made.")
@rules_option
def explain(
    *,
    name: str,
    file: str | None,
    context: Path | None,
    sample: str | None,
    assembly: str,
    absent: str,
    outside_calls: Path | None,
    layer: Path | None,
) -> None:
    """Explain why RULE fires or does not, condition by condition.

    RULE is a rule, explained for each sample of FILE; with --context it may be the id of a clinical fact instead.
    """
    if file is None and context is None:
        raise click.UsageError("give a FILE for a rule, or --context for a clinical fact")
    options = Options.model_validate({"sample": sample, "assembly": assembly, "absent": absent})
    outside = () if outside_calls is None else load_outside(outside_calls)
    with open_service(load_settings(layer)) as service:
        rule = next((one for one in service.knowledge.rulebook.rules if one.id == name), None)
        if context is not None and name in rows_of(service.knowledge.rulebook):
            click.echo(explain_row(service.knowledge.rulebook, name, ContextFile(context).patient(service)))
            return
        if rule is None:
            rulebook = service.knowledge.rulebook
            ids = [*(one.id for one in rulebook.rules), *rows_of(rulebook)]
            stop(unknown_name("rule or clinical fact" if context else "rule", name, ids))
        if file is None:
            raise click.UsageError("a rule is explained for a FILE: name one")
        with reading(file):
            result = service.read(Path(file), options)
            for report in service.reports(result, options, outside):
                activity = service.knowledge.rulebook.activity
                explanation = explained(rule, report.genes, report.variants, report.rare_variants, activity=activity)
                click.echo(f"{report.input.sample}  {show_explanation(explanation)}")


@rules.command()
@click.argument("old", type=_FOLDER)
@click.argument("new", required=False, type=_FOLDER)
def diff(old: Path, new: Path | None) -> None:
    """Show which reports change with the rules in NEW.

    Each is a whole folder of rules, or a layer over the bundled ones. Without NEW, the rules that reports use are compared.
    """
    settings = load_settings()
    reference = reference_of(settings)
    before = load_folder(old, reference, settings.evidence_policy)
    after = load_folder(new or settings.rules, reference, settings.evidence_policy)
    click.echo(f"{before.release} -> {after.release}")
    click.echo(show_difference(compare(before, after, reference)))


@rules.command()
@click.option("--write", is_flag=True, help="Write the list to docs/coverage.md of this checkout instead of printing it.")
def coverage(*, write: bool) -> None:
    """Show which rule carries each statement of the review."""
    settings = load_settings()
    library = load_rulebook(None, reference_of(settings))
    review = read_sources(rules_directory()).review
    if review is None:
        stop(f"the bundled rules have no {REVIEW}")
    text = coverage_of(review, library)
    if not write:
        click.echo(text, nl=False)
        return
    path = rules_directory().parent / "docs" / "coverage.md"
    path.write_text(text, "utf-8")
    click.echo(f"written: {displayed(str(path))}")


@rules.command()
@click.argument("name", type=click.Choice(list(SHAPES)), required=False)
@click.option("--write", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write all of them into this folder.")
def schema(name: str | None, write: Path | None) -> None:
    """Print the JSON Schema of a kind of rules file, for an editor."""
    if write is not None:
        write.mkdir(parents=True, exist_ok=True)
        for shape in SHAPES:
            (write / file_name(shape)).write_bytes(_json(shape))
        click.echo(f"written: {', '.join(file_name(shape) for shape in SHAPES)}")
        return
    if name is None:
        raise click.UsageError(f"name one: {', '.join(SHAPES)}; or --write DIR")
    click.echo(_json(name), nl=False)


rules.add_command(new)
rules.add_command(compare_with_source)
rules.add_command(stale)


def _json(name: str) -> bytes:
    return orjson.dumps(editor_schema(name), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
