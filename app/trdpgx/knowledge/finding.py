"""A fault in ``rules/`` or ``reference/``, with its file and line."""

from collections.abc import Sequence

from msgspec import Struct

from trdpgx.model.errors import TrdpgxError
from trdpgx.model.printable import escaped


class Finding(Struct, frozen=True, order=True):
    """One fault. ``file`` is relative to the rules directory, ``line`` is 1-based."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """Return it as compilers print it: ``file:line: message``."""
        return escaped(f"{self.file}:{self.line}: {self.message}")


class RulesError(TrdpgxError, ValueError):
    """The rules cannot be used. ``findings`` hold where and why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Keep the findings, in the order of the files."""
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(str(finding) for finding in self.findings))
