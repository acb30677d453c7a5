"""One YAML file of ``rules/`` as plain values, with the line of each value.

Only scalars, lists and mappings are read, through PyYAML's safe C loader. A key that is written twice, an anchor, a tag or a type
that the rules do not use (such as a bare date) is an error with its line.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import yaml
from msgspec import Struct

from trdpgx.knowledge.finding import Finding

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
KeyPath: TypeAlias = tuple[str | int, ...]
_STEP = "\n"
"""Between the keys and indices of a path; no key that is plain text has a line break in it."""

PLACEHOLDER = "???"
"""Text of a scaffold that a curator has still to replace; `trdpgx rules check` reports it."""

DEEPEST = 40
"""Levels of lists and mappings in a file; the bundled rules have 10."""
_SAFE = 2_000
"""So many levels are no risk to the parser in C, nor to anything after it."""
_LONGEST_SHOWN = 40
_TAG = "tag:yaml.org,2002:"
_SCALARS = frozenset({"str", "int", "float", "bool", "null"})


class Document(Struct, frozen=True):
    """A file read. ``lines`` gives the 1-based line of each value by its path: keys and list indices from the top, a line break between."""

    file: str
    value: Value
    lines: Mapping[str, int]
    findings: tuple[Finding, ...]

    def line(self, path: KeyPath) -> int:
        """Return the line of a value, or of the nearest value that holds it."""
        steps = [str(step) for step in path]
        while steps and _STEP.join(steps) not in self.lines:
            steps.pop()
        return self.lines.get(_STEP.join(steps), 1)

    def texts(self) -> Iterator[tuple[KeyPath, str]]:
        """Yield each text that is a value, with the path to it."""
        yield from _texts(self.value, ())


def _texts(value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(child, (*path, key))


def read_document(path: Path, file: str) -> Document:
    """Read one file; what is wrong with it is in ``findings``."""
    try:
        text = path.read_text("utf-8")
        if is_too_deep(text):
            return Document(file, None, {}, (Finding(file, 1, f"lists and mappings are nested more than {DEEPEST} deep"),))
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        return Document(file, None, {}, (Finding(file, line, f"not valid YAML: {error.problem}"),))
    except (yaml.YAMLError, UnicodeDecodeError):
        return Document(file, None, {}, (Finding(file, 1, "not valid YAML in UTF-8"),))
    if root is None:
        return Document(file, None, {}, (Finding(file, 1, "the file is empty"),))
    reader = _Reader(file)
    value = reader.read(root, "", 0)
    return Document(file, value, reader.lines, tuple(reader.findings))


def is_too_deep(text: str) -> bool:
    """Return whether lists and mappings are nested deeper than ``DEEPEST``. Raises ``yaml.YAMLError``.

    The parser goes down by calling itself, in C, and would end the process. Each level needs a bracket, or a column of a line; where there
    are few of both, nothing has to be counted.
    """
    if text.count("[") + text.count("{") + max(map(len, text.splitlines()), default=0) < _SAFE:
        return False
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return True
    return False


class _Reader:
    """Walks the nodes once, noting lines and faults."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[str, int] = {}
        self.findings: list[Finding] = []
        self._seen: set[int] = set()
        self._scalars = yaml.constructor.SafeConstructor()

    def read(self, node: yaml.Node, path: str, depth: int) -> Value:
        line = node.start_mark.line + 1
        self.lines[path] = line
        if depth > DEEPEST:
            self._fault(line, f"lists and mappings are nested more than {DEEPEST} deep")
            return None
        if id(node) in self._seen:
            self._fault(line, "anchors and aliases are not used in the rules")
            return None
        self._seen.add(id(node))
        kind = node.tag.removeprefix(_TAG)
        if isinstance(node, yaml.MappingNode) and kind == "map":
            return self._mapping(node, path and path + _STEP, depth + 1)
        if isinstance(node, yaml.SequenceNode) and kind == "seq":
            lead = path and path + _STEP
            return [self.read(child, f"{lead}{index}", depth + 1) for index, child in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and kind in _SCALARS:
            return self._scalar(node, kind, line)
        self._fault(line, f"a value of type '{kind}' is not used in the rules; put it in quotes")
        return None

    def _mapping(self, node: yaml.MappingNode, lead: str, depth: int) -> Value:
        mapping: dict[str, Value] = {}
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if not isinstance(key, str) or key_node.tag not in {_TAG + "str", _TAG + "int", _TAG + "float"}:
                self._fault(line, "a key must be plain text; put it in quotes")
            elif key in mapping:
                self._fault(line, f"'{key}' is written twice")
            else:
                mapping[key] = self.read(child, lead + key, depth)
                self.lines[lead + key] = line
        return mapping

    def _scalar(self, node: yaml.ScalarNode, kind: str, line: int) -> Value:
        if kind == "str":
            return str(node.value)
        try:
            value: Value = self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError):
            self._fault(line, f"'{node.value[:_LONGEST_SHOWN]}' cannot be read; put it in quotes")
            return None
        return value

    def _fault(self, line: int, message: str) -> None:
        finding = Finding(self.file, line, message)
        if finding not in self.findings:
            self.findings.append(finding)
