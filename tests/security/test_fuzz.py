"""Anything at all is fed to intake: it is read or refused with a problem of ours, whatever the bytes and however they are cut."""

import gzip
import io
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trdpgx.intake.read import Intake
from trdpgx.knowledge.reference.library import load_reference
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError
from trdpgx.service.example import GENOME

from .effort import effort

EXAMPLES = effort(120, 20_000)
LIMITS = Limits(max_bytes=2**22, max_inflated_bytes=2**26)
PANELS = load_reference().panels
SEEDS = [GENOME, gzip.compress(GENOME)]

Edit = tuple[int, int, bytes]
edits = st.lists(
    st.tuples(
        st.integers(0, 2_000),
        st.integers(0, 40),
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from([b"\t", b"\n", b"\r\n", b"\0", b"END=99999999999", b"<*>", b"\x1f\x8b", b"0/0", b"|", b"chr10", b"\xff" * 8]),
        ),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def seeds() -> list[bytes]:
    """The example as text, gzip, BGZF and both kinds of BCF."""
    found = list(SEEDS)
    for command in (["bgzip", "-c"], ["bcftools", "view", "-Ou", "-"], ["bcftools", "view", "-Ob", "-"]):
        try:
            found.append(subprocess.run(command, input=GENOME, capture_output=True, check=True).stdout)
        except FileNotFoundError:
            continue
    return found


def changed(data: bytes, changes: list[Edit]) -> bytes:
    for position, lost, added in changes:
        at = position % (len(data) + 1)
        data = data[:at] + added + data[at + lost :]
    return data


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 9), changes=edits, size=st.integers(1, 3_000))
def test_damaged_examples(number: int, changes: list[Edit], size: int, seeds: list[bytes]) -> None:
    read_or_refuse(changed(seeds[number % len(seeds)], changes), size)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), packed=st.booleans(), size=st.integers(1, 500))
def test_anything(data: bytes, packed: bool, size: int) -> None:
    read_or_refuse(gzip.compress(data) if packed else data, size)


def read_or_refuse(data: bytes, size: int) -> None:
    intake = Intake(Options(), PANELS, LIMITS)
    stream = io.BytesIO(data)
    refusal = ""
    try:
        while chunk := stream.read(size):
            intake.feed(chunk)
        assert list(intake.finish().samples)
    except InputError as error:
        refusal = error.problem.type
    finally:
        intake.close()
    assert refusal != "/problems/parser_failed"
