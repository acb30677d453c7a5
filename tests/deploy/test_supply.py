"""What the program is made of: its parts and their licences, and a wheel that is the same wherever it is built."""

import json
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from validation.supply import UV, licenses, sbom

ROOT = Path(__file__).parents[2]
COPYLEFT = ("GPL", "AGPL", "SSPL", "Commons Clause")


def test_every_part_states_a_licence_that_an_operator_may_use(tmp_path: Path) -> None:
    sbom(tmp_path)
    parts = {part["name"] for part in json.loads((tmp_path / "sbom.cdx.json").read_text("utf-8"))["components"]}
    rows = [line.split("\t") for line in (tmp_path / "licenses.tsv").read_text("utf-8").splitlines()[1:]]
    assert {name for name, _, _ in rows} <= parts
    assert {"fastapi", "cyvcf2", "polars", "pydantic", "uvicorn"} <= {name for name, _, _ in rows}
    assert not [row for row in rows if row[2] in {"", "not stated"}]
    assert not [row for row in licenses() if any(word in row[2].replace("LGPL", "") for word in COPYLEFT)]


@pytest.mark.slow
def test_the_wheel_is_the_same_from_two_folders(tmp_path: Path) -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    wheels = []
    for name in ("one", "another-folder"):
        folder = tmp_path / name
        for path in filter(None, tracked):
            if path.split("/")[0] in {"app", "rules", "reference", "examples"} or "/" not in path:
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, target)
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
        subprocess.run([UV, "build", "--wheel", "--quiet", "--out-dir", tmp_path / f"{name}-out"], cwd=folder, env=environment, check=True)
        (wheel,) = (tmp_path / f"{name}-out").glob("*.whl")
        wheels.append((wheel.name, sha256(wheel.read_bytes()).hexdigest()))
    assert wheels[0] == wheels[1]
