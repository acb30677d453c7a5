"""Parses each distinct file of rules once per process: most tests change one file of a copy of all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trdpgx.knowledge.rules import sources
from trdpgx.knowledge.yaml_document import Document, read_document

_READ: dict[tuple[str, bytes], Document] = {}


def read_once(path: Path, file: str) -> Document:
    """Return the document of a file, cached by its content; no caller may change it."""
    key = (file, path.read_bytes())
    if key not in _READ:
        _READ[key] = read_document(path, file)
    return _READ[key]


@pytest.fixture(autouse=True, scope="session")
def _parsed_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "read_document", read_once)
        yield
