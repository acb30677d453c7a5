"""Fuzzing guided by coverage (``fuzz_targets``, atheris): a repeatable run of each target, and what earlier and longer runs found.

Where atheris has no wheel, the inputs that were found and the seeds still go through every target, and test_fuzz.py covers the rest.
"""

import base64
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

from trdpgx.intake.problems import EMPTY_INPUT
from trdpgx.model.problem import InputError

from .effort import SOAK, effort
from .fuzz_targets import ALL, cut, outcome, the_same
from .seeds import CASES, seeds

RUNS = 3_000
SECONDS = effort(0, 300)
ROOT = Path(__file__).parents[2]
FOUND = yaml.safe_load((CASES / "fuzz" / "found.yaml").read_text())


def still_open(case: dict[str, str]) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(strict=True, reason=case["open"])] if "open" in case else []


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"], marks=still_open(case)) for case in FOUND])
def test_what_was_found(case: dict[str, str]) -> None:
    ALL[case["target"]](base64.b64decode(case["bytes"]))


@pytest.mark.parametrize("target", ALL)
def test_seeds(target: str) -> None:
    found = seeds(target)
    for seed in found:
        ALL[target](seed)
    assert len(found) > 2


@pytest.fixture(scope="module")
def output() -> dict[str, str]:
    """What the fuzzer states of each target."""
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris has no wheel for this Python or platform")
    bound = ["--seconds", str(SECONDS)] if SOAK else ["--runs", str(RUNS)]
    command = [sys.executable, "-m", "tests.security.fuzz", *ALL, *bound]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    parts = re.split(r"^TARGET (\w+)\n", done.stdout.decode("utf-8", "replace"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("target", ALL)
def test_no_promise_is_broken(target: str, output: dict[str, str]) -> None:
    stated = output[target]
    assert "ERROR: libFuzzer" not in stated, stated[-4_000:]
    done = re.search(r"^Done (\d+) runs", stated, re.MULTILINE)
    assert done, stated[-4_000:]
    assert int(done[1]) >= RUNS
    added = re.search(r"^stat::new_units_added: +(\d+)", stated, re.MULTILINE)
    assert added, stated[-4_000:]
    assert int(added[1]) > 0, "nothing new was reached: is the program instrumented?"


def test_a_broken_promise_would_be_seen() -> None:
    def by_pieces(pieces: Iterable[bytes]) -> object:
        return len(list(pieces))

    def other(pieces: Iterable[bytes]) -> object:
        raise IndexError(*pieces)

    def refused(pieces: Iterable[bytes]) -> object:
        raise InputError(EMPTY_INPUT, b"".join(pieces).decode(), line=7)

    data = b"0123456789" * 20
    assert b"".join(cut(data)) == data
    assert outcome(refused, [data]) == ("/problems/empty_input", 7)
    assert the_same(refused, data) is None
    with pytest.raises(AssertionError, match="depends on the chunks"):
        the_same(by_pieces, data)
    with pytest.raises(IndexError):
        outcome(other, [data])
