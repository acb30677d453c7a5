"""Sentences of a report are data: Python asks for what the files have, the files have nothing that nobody asks for, and no sentence is
written into Python anew."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from trdpgx import texts

APP = Path(texts.__file__).parent.parent
FILES = Path(texts.__file__).parent / texts.LANGUAGE
TEXTS = texts.read_texts(FILES)
SECTIONS = {key.partition(".")[0] for key in TEXTS}
PACKAGES = ("reannotation", "report", "reasoning", "clinical", "calling")
"""What makes the sentences of a report."""
NOT_THE_REPORT = {
    "reasoning/explanation.py": "what `trdpgx rules explain` prints",
    "clinical/document.py": "faults of a context",
    "clinical/problems.py": "faults of a context",
    "clinical/resolve.py": "faults of a context; the defaults that it names are texts",
    "clinical/examples.py": "faults of the examples of rules",
    "clinical/conversion_examples.py": "answers that the examples of rules are compared with",
    "clinical/history_examples.py": "faults of the examples of rules",
    "report/fhir/coding.py": "names that code systems give their codes",
    "report/fhir/tasks.py": "names that code systems give their codes",
    "report/format_registry.py": "faults of a format from another package",
    "report/formats/": "what `--help` and OpenAPI have of a format",
    "report/selection.py": "faults of a filter; what a filter left out is a text",
    "report/tables/": "what the documentation has of a column",
    "report/vcf/header.py": "what the header of a VCF has of a field",
    "report/vcf/table.py": "what the documentation has of a column",
    "report/html/drug_lines.py": "elements",
    "report/html/links.py": "elements",
    "report/html/svg.py": "elements",
    "calling/outside_calls/adapters/": "words in the files of other tools, and faults of them",
    "calling/outside_calls/document.py": "faults of outside calls",
    "calling/outside_calls/files.py": "faults of outside calls",
    "calling/outside_calls/hla.py": "words in the files of other tools",
    "calling/outside_calls/no_calls.py": "words in the files of other tools",
    "calling/outside_calls/problems.py": "faults of outside calls",
    "reannotation/document.py": "faults of an earlier report",
    "reannotation/consistency.py": "faults of an earlier report",
    "reannotation/problems.py": "faults of an earlier report",
    "reannotation/signature.py": "faults of a signature",
}
"""Modules and folders of these packages whose sentences no reader of a report sees."""
VALUES = frozenset(
    {
        *("not known", "much lower", "much higher", "not recommended", "device or procedure", "unnamed tool", "dose cap"),
        *("Unknown function", "reference base", "phase set", "bcftools csq"),  # of fields, compared
        *(
            "genotype {}",
            "haplotype {} {}",
            "implication {} {}",
            "current {}",
            "rare {} {}>{} {}",
            "variant {} {}",
        ),  # seeds of FHIR ids
        *("{} sha256:{}", "{} rules", "{} reference", "trdpgx {} ({})", "{}...({} bases)"),  # versions, long alleles
        *("glyph hollow", "band band1"),  # classes of the style sheet
        '<div xmlns="http://www.w3.org/1999/xhtml"><pre>{}</pre></div>',
    }
)
"""Strings of these packages that are no sentences."""
WORDS = re.compile(r"[a-z]{2,}[,;:.]? [a-z(]{2,}|[a-z]{2,},? \{\}|\{\}[,;:.]? [a-z]{2,}")
"""Two words one after the other, the first in small letters, or a word beside a value, which stands as ``{}``."""
FILES_END = (".css", ".html", ".yaml")
KEY = re.compile(r"[a-z_]+\.[a-z0-9_]+")


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(APP.rglob("*.py")):
        yield path.relative_to(APP).as_posix(), ast.parse(path.read_text("utf-8"))


MODULES = dict(_modules())


def _constants(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each string that is no docstring and is not raised; ``{}`` stands for a value."""
    ignored: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr | ast.Raise) or (isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"phrase", "section"}):
            ignored.update(one for one in ast.walk(node) if isinstance(one, ast.Constant | ast.JoinedStr) or one in ignored)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and node not in ignored:
            ignored.update(node.values)
            yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in ignored:
            yield node.lineno, node.value


def _asked() -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Yield where a key is named, the key, and the placeholders that are filled there, where that is a call of ``phrase``."""
    for name, tree in MODULES.items():
        of_texts = any(isinstance(node, ast.ImportFrom) and node.module == "trdpgx.texts" for node in ast.walk(tree))
        if name != "texts/__init__.py" and not of_texts:
            continue
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "phrase"]
        filled = {one.args[0]: frozenset(word.arg or "" for word in one.keywords) for one in calls}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if KEY.fullmatch(text) and text.partition(".")[0] in SECTIONS and not text.endswith(FILES_END):
                yield f"{name}:{node.lineno}", text, filled.get(node)


def _asked_by_templates() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield the template, the key, and the placeholders that are filled, of each text that a template asks for."""
    for path in sorted(APP.rglob("*.j2")):
        for key, values in re.findall(r"""phrase\("([^"]+)"((?:[^()]|\([^()]*\))*)\)""", path.read_text("utf-8")):
            if not key.endswith("."):
                yield path.name, key, frozenset(re.findall(r", (\w+)=", values))


def _whole_sections() -> set[str]:
    calls = [node for tree in MODULES.values() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {ast.literal_eval(one.args[0]) for one in calls if getattr(one.func, "id", "") == "section"}
    built = (one.args[0].values[0] for one in calls if getattr(one.func, "id", "") == "phrase" and isinstance(one.args[0], ast.JoinedStr))
    by_templates = {name for path in APP.rglob("*.j2") for name in re.findall(r'phrase\("(\w+)\." ~', path.read_text("utf-8"))}
    return named | by_templates | {str(ast.literal_eval(first)).removesuffix(".") for first in built}


@pytest.mark.parametrize(("where", "key", "filled"), [*_asked(), *_asked_by_templates()])
def test_every_text_that_is_asked_for_is_there_with_these_placeholders(where: str, key: str, filled: frozenset[str] | None) -> None:
    assert key in TEXTS, where
    if filled is not None:
        assert filled == texts.placeholders(TEXTS[key]), where


def test_every_text_is_asked_for() -> None:
    asked = {key for _, key, _ in (*_asked(), *_asked_by_templates())}
    whole = _whole_sections()
    assert sorted(key for key in TEXTS if key not in asked and key.partition(".")[0] not in whole) == []
    assert whole <= SECTIONS


def test_a_template_repeats_no_sentence_of_the_texts() -> None:
    sentences = {text: key for key, text in TEXTS.items() if isinstance(text, str) and text.strip().count(" ") > 2 and "{" not in text}
    assert [f"{path.name}: {key}" for path in APP.rglob("*.j2") for text, key in sentences.items() if text in path.read_text("utf-8")] == []


def test_no_text_stands_twice_in_a_section() -> None:
    for name in SECTIONS - _whole_sections():
        own = [json.dumps(text) for key, text in TEXTS.items() if key.startswith(f"{name}.")]
        assert sorted(text for text in set(own) if own.count(text) > 1) == [], name


@pytest.mark.parametrize("package", PACKAGES)
def test_no_sentence_of_a_report_is_written_in_python(package: str) -> None:
    sentences = [
        f"{name}:{line} {text!r}"
        for name, tree in MODULES.items()
        if name.startswith(f"{package}/") and not name.startswith(tuple(NOT_THE_REPORT))
        for line, text in _constants(tree)
        if WORDS.search(text) and text not in VALUES
    ]
    assert sentences == []


def test_each_module_that_is_no_report_is_there() -> None:
    assert [start for start in NOT_THE_REPORT if not any(name.startswith(start) for name in MODULES)] == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('{"genes": {"seen": "one", "seen": "two"}}', "a key is written twice among seen"),
        ('{"genes": {"seen": "{gene.name}"}}', "genes.seen has a placeholder that is not a plain name"),
        ('{"genes": {"seen": "{}"}}', "genes.seen has a placeholder that is not a plain name"),
        ('{"genes": {"seen": "{share:.2f}"}}', "genes.seen has a placeholder that is not a plain name"),
        ('{"genes": {"seen": {"one": "a", "many": "b"}}}', "genes.seen is neither a text nor one with the forms"),
        ('{"genes": {"seen": 3}}', "genes.seen is neither a text nor one with the forms"),
    ],
)
def test_a_fault_in_a_file_is_an_error_that_names_the_key(tmp_path: Path, content: str, fault: str) -> None:
    (tmp_path / "genes.json").write_text(content)
    with pytest.raises(ValueError, match=re.escape(fault)):
        texts.read_texts(tmp_path)


def test_a_text_in_two_files_is_an_error(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text('{"genes": {"seen": "seen"}}')
    with pytest.raises(ValueError, match=re.escape("b.json: genes.seen stands in two files")):
        texts.read_texts(tmp_path)


def test_a_text_wants_each_of_its_placeholders() -> None:
    assert texts.phrase("lists.range", low=1, high=2) == "1 to 2"
    with pytest.raises(KeyError):
        texts.phrase("lists.range", low=1)
    with pytest.raises(KeyError):
        texts.phrase("lists.no_such_text")


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 failed adequate trial"), ("1", "1 failed adequate trial"), (0, "0 failed adequate trials")]
)
def test_one_and_several_have_forms_of_their_own(count: object, words: str) -> None:
    assert texts.phrase("reading.failed_trials", count=count) == words


def test_chances_are_written_as_a_reader_takes_them_in() -> None:
    assert [texts.percent(p) for p in (0, 0.0017, 0.045, 0.42, 0.999, 1)] == ["0.00 %", "0.17 %", "4.5 %", "42 %", "over 99 %", "over 99 %"]
