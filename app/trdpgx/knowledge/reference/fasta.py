"""FASTA of our own folder: small files, read whole."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class FastaRecord(NamedTuple):
    """One sequence: the first word of its header, the rest of the header, and the sequence in upper case."""

    name: str
    description: str
    sequence: str


def read_fasta(path: Path) -> Iterator[FastaRecord]:
    """Yield the records of a small FASTA file. Raises ``ValueError`` where a line stands before the first header."""
    header: str | None = None
    lines: list[str] = []
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), start=1):
        if line.startswith(">"):
            if header is not None:
                yield _record(header, lines)
            header, lines = line[1:], []
        elif header is None:
            raise ValueError(f"{path.name}:{number}: sequence before the first header")
        else:
            lines.append(line.strip())
    if header is not None:
        yield _record(header, lines)


def by_name(path: Path) -> dict[str, FastaRecord]:
    """Return the records of a small FASTA file by name. Raises ``ValueError``."""
    return {record.name: record for record in read_fasta(path)}


def write_fasta(path: Path, records: Iterator[FastaRecord]) -> None:
    """Write records with 60 letters a line."""
    with path.open("w", encoding="ascii") as file:
        for name, description, sequence in records:
            file.write(f">{name} {description}\n")
            file.writelines(f"{sequence[start : start + 60]}\n" for start in range(0, len(sequence), 60))


def _record(header: str, lines: list[str]) -> FastaRecord:
    """Split a header into its first word and the rest."""
    name, _, description = header.partition(" ")
    return FastaRecord(name, description, "".join(lines).upper())
