"""What `import trdpgx` offers: the names, what they cost, and that the wheel works in an environment of its own."""

import inspect
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import trdpgx
from trdpgx import AbsentOption, AssemblyOption, InputError, Options, ReferenceDataError, RulesError, TrdpgxError, annotate
from trdpgx import loaded as loading
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.knowledge.rules.rulebook import load_rulebook

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "synthetic.vcf"
NAMES = [
    "AbsentOption",
    "AssemblyOption",
    "ClinicalContext",
    "InputError",
    "Limits",
    "Options",
    "Problem",
    "ReferenceDataError",
    "Report",
    "RulesError",
    "Service",
    "Settings",
    "TrdpgxError",
    "annotate",
]
NOTHING_CHANGES = """
import gc, logging, os
before = dict(os.environ), gc.get_threshold(), gc.get_freeze_count()
import trdpgx, trdpgx.cli.main
from trdpgx.http.application import create_app
create_app()
levels = [logging.getLogger(name).level for name in ("uvicorn.access", "python_multipart", "asyncio")]
assert (dict(os.environ), gc.get_threshold(), gc.get_freeze_count()) == before
assert levels == [logging.NOTSET] * 3, levels
"""
READ_AS_BUILT = """
from trdpgx.knowledge.reference.parsed import parsed_reference
from trdpgx.knowledge.rules.expanded import read_expanded
reference = parsed_reference()
print(reference is not None and read_expanded(reference, "trdpgx-evidence-3") is not None)
"""
BESIDE = """
import app, json
from trdpgx import Options, annotate
import trdpgx
(report,) = annotate(EXAMPLE, options=Options(absent="reference"))
print(json.dumps([app.NAME, trdpgx.__file__, report.input.assembly, len(report.genes)]))
"""


def test_the_public_names_are_these() -> None:
    assert sorted(trdpgx.__all__) == NAMES
    assert all(getattr(trdpgx, name).__name__ == name for name in NAMES)
    with pytest.raises(AttributeError, match="has no attribute 'anotate'"):
        trdpgx.anotate  # noqa: B018


def test_annotate_takes_these_arguments() -> None:
    assert list(inspect.signature(annotate).parameters) == [
        "source",
        "options",
        "outside_calls",
        "targets",
        "context",
        "input_name",
        "service",
    ]
    assert {"assembly", "absent", "sample", "all_candidates", "combinations", "ancestry"} <= Options.model_fields.keys()


def test_every_error_has_one_base(tmp_path: Path) -> None:
    assert all(issubclass(error, TrdpgxError) for error in (InputError, RulesError, ReferenceDataError))
    assert all(issubclass(error, ValueError) for error in (RulesError, ReferenceDataError))
    with pytest.raises(TrdpgxError):
        load_rulebook(tmp_path, load_reference())
    with pytest.raises(TrdpgxError):
        load_reference(tmp_path)
    empty = tmp_path / "empty.vcf"
    empty.touch()
    with pytest.raises(TrdpgxError):
        annotate(empty)


def test_repeated_calls_read_the_knowledge_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[object] = []
    load = loading.load
    monkeypatch.setattr(loading, "load", lambda settings: loaded.append(settings) or load(settings))
    loading.load_once.cache_clear()
    options = Options(assembly=AssemblyOption.GRCH38, absent=AbsentOption.REFERENCE)
    first, second = annotate(EXAMPLE, options=options), annotate(str(EXAMPLE), options=options)
    assert len(loaded) == 1
    assert first[0].genes == second[0].genes
    assert first[0].report_id != second[0].report_id
    monkeypatch.setenv("TRDPGX_OPEN_FROM_CHANCE", "0.5")
    annotate(EXAMPLE)
    assert len(loaded) == 2


def test_nothing_global_is_changed_by_an_import_or_an_application() -> None:
    subprocess.run([sys.executable, "-c", NOTHING_CHANGES], check=True)


@pytest.mark.slow
def test_the_wheel_works_beside_a_project_with_a_package_named_app(tmp_path: Path) -> None:
    uv = next((str(path) for path in (ROOT / ".tools/bin/uv", shutil.which("uv")) if path and Path(path).is_file()), None)
    if uv is None:
        pytest.skip("uv is not installed: the wheel is not built")

    def run(*command: str | Path, cwd: Path = tmp_path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)

    built = run(uv, "build", "--wheel", "--out-dir", tmp_path / "dist", ROOT)
    if built.returncode:
        pytest.skip(f"the wheel cannot be built, for want of an index or of hatchling: {built.stderr[-500:]}")
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    run(uv, "venv", "--python", sys.executable, tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    installed = run(uv, "pip", "install", "--python", python, wheel)
    if installed.returncode:
        pytest.skip(f"the dependencies cannot be installed: {installed.stderr[-500:]}")
    project = tmp_path / "project"
    (project / "app").mkdir(parents=True)
    (project / "app" / "__init__.py").write_text('NAME = "of the project"\n', "utf-8")
    (project / "main.py").write_text(BESIDE.replace("EXAMPLE", repr(str(EXAMPLE))), "utf-8")
    answer = run(python, "main.py", cwd=project)
    assert answer.returncode == 0, answer.stderr
    name, file, assembly, genes = json.loads(answer.stdout)
    assert (name, assembly) == ("of the project", "GRCh38")
    assert Path(file).is_relative_to(tmp_path / "venv")
    assert genes > 5
    assert run(python, "-c", READ_AS_BUILT, cwd=project).stdout == "True\n"
    version = run(tmp_path / "venv" / "bin" / "trdpgx", "--version", cwd=project)
    assert version.stdout.startswith("trdpgx, version ")
    assert run(python, "-m", "trdpgx", "rules", "check", cwd=project).stdout == "rules: nothing found\n"
