"""The exit codes of every command, which docs/cli.md lists."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command ends with."""

    DONE = 0
    """done: every FILE has its reports, or the check found nothing"""
    FINDINGS = 1
    """a check found something, or the rules or the reference cannot be read"""
    USAGE = 2
    """wrong usage: an unknown option, value or setting, or a file that cannot be made where `--output` names it"""
    NOT_STARTED = 3
    """the service cannot start, as where its port is taken"""
    UNMET = 4
    """a report does not meet `--fail-on` or `--require`; all reports are written"""
    UNREADABLE = 65
    """an input cannot be read; the others have their reports"""
    UNWRITTEN = 74
    """the output cannot be written to its end, as on a full disk"""
    INTERRUPTED = 130
    """interrupted by Ctrl-C; no file is left half written"""
    READER_GONE = 141
    """what reads standard output has gone, as in `trdpgx ... \\| head`"""
