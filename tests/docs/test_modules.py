"""A module is one idea of at most 300 lines, and a class name means one thing in the whole package."""

import ast
from collections import defaultdict
from pathlib import Path

APP = Path(__file__).parents[2] / "app"
MOST_LINES = 300
TWICE = {
    "Alleles": "intake/genotypes/effects.py and intake/evidence/shown.py",
    "Panel": "the C struct of intake/scan/native.py has the layout of a panel",
}
"""Names that stand twice, each with the reason."""


def test_no_module_is_long() -> None:
    lengths = {path.relative_to(APP).as_posix(): len(path.read_text("utf-8").splitlines()) for path in APP.rglob("*.py")}
    assert {name for name, lines in lengths.items() if lines > MOST_LINES} == set(), "split it by idea"


def test_a_class_name_is_used_once() -> None:
    modules = defaultdict(set)
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                modules[node.name.lstrip("_")].add(path.relative_to(APP).as_posix())
    assert {name: paths for name, paths in modules.items() if len(paths) > 1 and name not in TWICE} == {}


def test_copies_of_models_are_checked() -> None:
    unchecked = [str(path) for path in APP.rglob("*.py") if "model_copy(update" in path.read_text("utf-8")]
    assert unchecked == [], "copy_with checks what it is given"
