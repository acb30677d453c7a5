"""The command line. A command is imported when it runs or shows its help, so that none waits for the imports of another."""

import errno
import os
import sys
from importlib import import_module
from typing import Any

import click

from trdpgx.cli.exit_codes import ExitCode
from trdpgx.model.errors import ExtensionError
from trdpgx.service.memory import lasting

_NOT_WRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""A full or broken disk."""
_COMMANDS = {
    "annotate": ("trdpgx.cli.annotate", "Make the report of each sample of each FILE."),
    "associate": ("trdpgx.cli.associate", "Test variants, phenotypes and scores against an outcome."),
    "cohort": ("trdpgx.cli.cohort", "Write the results of all samples of all FILEs as tables."),
    "coverage": ("trdpgx.cli.coverage", "Show which alleles and variants FILE can show."),
    "diff": ("trdpgx.cli.diff", "Show what is different between two reports, and why."),
    "frequencies": ("trdpgx.cli.frequencies", "Write how common alleles and phenotypes are in a cohort."),
    "genes": ("trdpgx.cli.genes", "List the genes of the panel, or show one of them."),
    "keys": ("trdpgx.cli.keys", "Make, list and revoke keys for the HTTP service."),
    "reannotate": ("trdpgx.cli.reannotate", "Make today's report from an earlier one, without the genome."),
    "reference": ("trdpgx.cli.reference", "Verify, extend and release the reference data."),
    "rules": ("trdpgx.cli.rules", "Check, test, show, compare and write rules."),
    "schema": ("trdpgx.cli.schema", "Print the JSON Schema of a report or of a context."),
    "serve": ("trdpgx.cli.serve", "Run the HTTP service."),
    "signature": ("trdpgx.cli.signature", "Sign reports, and check signatures (docs/reannotation.md)."),
}
"""Each command's module, and its line in the help."""


class Commands(click.Group):
    """The commands, by name."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program, and exit without Python's teardown, which takes a sixth of a short command's time.

        Files are closed and output is flushed before. ``serve``, and a program under a profiler, exit as usual.
        """
        try:
            return super().__call__(*args, **kwargs)
        except SystemExit as end:
            if sys.argv[1:2] != ["serve"] and sys.getprofile() is None and sys.gettrace() is None and isinstance(end.code, int):
                os._exit(_flushed(end.code))
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the names."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        """Import a command."""
        if cmd_name not in _COMMANDS:
            return None
        # BLAS would start a thread for each core, which takes longer than the import of numpy; no array here is large enough for them,
        # and a process with threads could not be forked (trdpgx.cli.serve).
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # The allocator of polars would keep freed memory, up to the size of the largest table.
        os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0")
        # There are none, and looking for them reads the metadata of every installed package.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        with lasting():
            command: click.Command = getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; Ctrl-C ends it with the exit code that shells use, 128 and the number of the signal."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("trdpgx: interrupted", err=True)
            raise click.exceptions.Exit(ExitCode.INTERRUPTED) from None
        except BrokenPipeError:
            raise click.exceptions.Exit(ExitCode.READER_GONE) from None
        except ExtensionError as error:
            click.echo(f"trdpgx: {error}", err=True)
            raise click.exceptions.Exit(ExitCode.FINDINGS) from None
        except OSError as error:
            if error.errno not in _NOT_WRITTEN:
                raise
            click.echo(f"trdpgx: the output cannot be written: {error.strerror}", err=True)
            raise click.exceptions.Exit(ExitCode.UNWRITTEN) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's signature)
        """Write the list of the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


def _flushed(code: int) -> int:
    """Flush the output, and return the exit code; another one where the reader has gone or the output cannot be written."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        return ExitCode.READER_GONE
    except OSError:
        return ExitCode.UNWRITTEN
    return code


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="trdpgx", prog_name="trdpgx")
def main() -> None:
    """Report what a genome means for treatment with antidepressants, from a VCF."""
