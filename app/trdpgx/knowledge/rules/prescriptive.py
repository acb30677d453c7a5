"""Texts that prescribe: a text of the rules states what a source reports or considers, gives no order and calls nothing normal."""

import re
from collections.abc import Iterable, Iterator

from trdpgx.knowledge.finding import Finding
from trdpgx.knowledge.yaml_document import Document

_PRESCRIPTIVE = re.compile(r"\b(must(?:\s+not)?|stop|start|is\s+normal|are\s+normal)\b", re.IGNORECASE)
_NOT_OURS = frozenset(
    {"verified", "unverified", "examples", "counter_examples", "citation", "url", "source", "synonyms", "brands", "figure"}
)
"""Keys below which nothing is a sentence of the report: where a value was read, titles of others, what a test compares, a field's name."""
_FILES_OF_OTHERS = frozenset({"citations.yaml", "review.yaml"})
"""Titles of publications and statements of a review."""


def prescriptions(documents: Iterable[Document]) -> Iterator[Finding]:
    """Yield a finding for each text with a prescriptive word."""
    for document in documents:
        if document.file.rpartition("/")[2] in _FILES_OF_OTHERS:
            continue
        for key_path, text in document.texts():
            match = None if _NOT_OURS.intersection(key_path) else _PRESCRIPTIVE.search(text)
            if match:
                message = f"'{match[0]}' prescribes; state what a source reports or considers"
                yield Finding(document.file, document.line(key_path), message)
