"""Demands of a pipeline on reports (``--fail-on``, ``--require``), and the messages about those that are not met."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import click

from trdpgx.cli.console import displayed, note, sample_shown
from trdpgx.knowledge.rules.outside_genes import OUTSIDE_GENES
from trdpgx.model.gene_report import GeneReport
from trdpgx.model.genome import NoCallReason
from trdpgx.model.library import Knowledge
from trdpgx.model.naming import known_names
from trdpgx.model.printable import escaped
from trdpgx.model.report import Report
from trdpgx.reasoning.certainty import disputes_of
from trdpgx.texts import phrase

_WITHOUT_SITES = (phrase("uncalled.nothing_seen", rest=""), phrase("precedence.by_tools_only"))
"""Reasons that name no site of the person's genome."""
_SHOWN = 20
"""Unmet demands that are printed at most; the others are counted."""


def _not_called(gene: GeneReport) -> str | None:
    """Return that a gene was not called, and why; no site or allele outside a terminal, as others may keep standard error."""
    if gene.status != "no_call":
        return None
    why = gene.no_call_reason or ""
    if not sys.stderr.isatty():
        why = next((plain for plain in _WITHOUT_SITES if why.startswith(plain)), "The report states why.")
    return f"was not called. {why}"


def _assumed(gene: GeneReport) -> str | None:
    return f"rests on {gene.sites.assumed_reference} sites assumed to be the reference" if gene.assumed else None


def _open(gene: GeneReport) -> str | None:
    return "has an open phenotype, as sites or copies that matter were not seen" if gene.phenotype_open else None


def _conflict(gene: GeneReport) -> str | None:
    texts = disputes_of(gene)
    contradicted = sum(site.reason is NoCallReason.CONFLICT for site in gene.unseen_sites)
    if contradicted:
        texts = (*texts, f"records contradict each other at {contradicted} of its sites")
    return "; ".join(("has a conflict", *texts)) if texts else None


_ABOUT_GENES: Mapping[str, Callable[[GeneReport], str | None]] = {
    "no-call": _not_called,
    "assumed": _assumed,
    "conflict": _conflict,
    "open": _open,
}
CONDITIONS = ("no-call", "warning", "assumed", "conflict", "open")
"""What ``--fail-on`` takes."""


class Demands:
    """The demands of one command. ``watch`` examines reports; ``unmet`` has a text for each demand that is not met."""

    def __init__(self, fail_on: Sequence[str], required: Sequence[str]) -> None:
        """Take some of ``CONDITIONS``, and the genes that have to be called; conditions about genes examine these genes only."""
        self._conditions = frozenset(fail_on) | ({"no-call"} if required else frozenset())
        self._required = tuple(dict.fromkeys(required))
        self.unmet: list[str] = []

    def check_names(self, knowledge: Knowledge) -> None:
        """Replace the names of the required genes by ours. Raises ``click.UsageError`` for a gene that no report has."""
        genes = {name.casefold(): name for name in (*knowledge.reference.genes, *OUTSIDE_GENES)}
        for name in self._required:
            if name.casefold() not in genes:
                raise click.UsageError(f"--require: no gene {escaped(name)} is called. {known_names(name, genes.values())}")
        self._required = tuple(genes[name.casefold()] for name in self._required)

    def watch(self, file: str, reports: Iterable[Report]) -> Iterator[Report]:
        """Yield the reports of one file, each after it was examined."""
        for number, report in enumerate(reports, 1):
            name = f"{displayed(file)}: {sample_shown(report.input.sample, number)}" if file else "no genome"
            self.unmet += (f"{name}: {text}" for text in self._unmet_by(report))
            yield report

    def print_unmet(self) -> None:
        """Print the unmet demands on standard error."""
        for text in self.unmet[:_SHOWN]:
            note(f"trdpgx: {text}")
        if len(self.unmet) > _SHOWN:
            note(f"trdpgx: and {len(self.unmet) - _SHOWN} more demands that are not met")

    def _unmet_by(self, report: Report) -> Iterator[str]:
        genes = {gene.gene: gene for gene in report.genes}
        for name in self._required:
            if name not in genes:
                yield f"{name} is not in the report [no-call]"
        for gene in genes.values():
            if self._required and gene.gene not in self._required:
                continue
            for condition, unmet in _ABOUT_GENES.items():
                text = unmet(gene) if condition in self._conditions else None
                if text:
                    yield f"{gene.gene} {text} [{condition}]"
        if "warning" in self._conditions:
            yield from (f"{warning.text} [warning: {warning.code}]" for warning in report.input.warnings)


def split_names(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of an option that may be repeated and takes commas. Raises ``click.BadParameter`` for a value without a name."""
    names = [[name.strip() for name in value.split(",") if name.strip()] for value in values]
    if not all(names):
        raise click.BadParameter("it names nothing", ctx=context, param=parameter)
    return tuple(name for listed in names for name in listed)


class Conditions(click.Choice[str]):
    """Conditions of ``--fail-on``, one or several joined by commas."""

    def __init__(self) -> None:
        super().__init__(CONDITIONS)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the conditions joined by commas, as they were given."""
        return ",".join(super(Conditions, self).convert(one.strip(), param, ctx) for one in str(value).split(","))
