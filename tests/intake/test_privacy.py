"""What is left of a genome when its report has been made, or when it could not be made: nothing."""

import gzip
import logging
import os
import tempfile
import traceback
from pathlib import Path

import pytest

from trdpgx.intake.read import Intake
from trdpgx.model.limits import Limits
from trdpgx.model.options import Options
from trdpgx.model.problem import InputError

from .conftest import Read
from .panel import PANELS, vcf

NAME = "CANARY_PERSON"
MARKS = (NAME, "31337", "5000")
SOUND = vcf("10 110 G A PASS . GT:DP 0/1:31337", "22 5000 T C undeclared . GT:XX 0/1:7", samples=NAME)
FAILURES = {
    "cut": gzip.compress(SOUND)[:-20],
    "damaged": gzip.compress(SOUND)[:60] + b"xxxx" + gzip.compress(SOUND)[64:],
    "an allele out of range": SOUND.replace(b"0/1:31337", b"0/9:31337"),
    "a genotype that is none": SOUND.replace(b"0/1:31337", b"A/G:31337"),
    "too many columns": SOUND.replace(b"0/1:31337", b"0/1:31337\t0/1"),
    "not UTF-8": SOUND.replace(NAME.encode(), NAME.encode() + b"\xff"),
    "the same name twice": vcf(samples=f"{NAME} {NAME}"),
    "a REF that is none": SOUND.replace(b"\tT\tC\t", b"\tT\xff\tC\t"),
    "another assembly": SOUND.replace(b"133797422", b"135534747").replace(b"50818468", b"51304566"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_no_message_has_anything_of_the_input(name: str, read: Read) -> None:
    with pytest.raises(InputError) as raised:
        read(FAILURES[name], sample=None)
    error = raised.value
    texts = [str(error), repr(error), error.problem.model_dump_json()]
    texts += ["".join(traceback.TracebackException.from_exception(error).format_exception_only())]
    assert not [mark for mark in MARKS for text in texts if mark in text]


def test_nothing_is_logged_printed_or_written(
    read: Read, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with caplog.at_level(logging.DEBUG):
        list(read(SOUND).samples)
        for data in FAILURES.values():
            with pytest.raises(InputError):
                read(data)
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_descriptors_and_memory_stay_flat(limits: Limits, read: Read) -> None:
    def once(number: int) -> None:
        intake = Intake(Options(), PANELS, limits)
        intake.feed(SOUND[: 200 + number])
        intake.close()
        list(read(SOUND).samples)
        with pytest.raises(InputError):
            read(FAILURES["cut"])

    for number in range(20):
        once(number)
    before, memory = len(os.listdir("/proc/self/fd")), resident()
    for number in range(150):
        once(number)
    assert len(os.listdir("/proc/self/fd")) == before
    assert resident() - memory < 8 * 2**20


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_an_input_that_was_let_go_takes_no_more(limits: Limits) -> None:
    intake = Intake(Options(), PANELS, limits)
    intake.feed(SOUND)
    intake.close()
    with pytest.raises(RuntimeError):
        intake.finish()
