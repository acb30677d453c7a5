"""A BED file of targets: what is read of it, and what is refused with its line."""

import pytest

from trdpgx.intake.evidence.assay_targets import read_targets
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError
from trdpgx.model.region import Interval


@pytest.mark.parametrize(
    ("text", "intervals"),
    [
        (b"chr6\t10\t20\n", [Interval("6", 11, 20)]),
        (b"6 10 20 name 0 +", [Interval("6", 11, 20)]),
        (b"#c\ntrack name=x\nbrowser position chr1\n\nchrX\t0\t1\r\n", [Interval("X", 1, 1)]),
        (b"chrUn_1\t1\t2\nchr1\t5\t5\nchr1\t5\t6\n", [Interval("1", 6, 6)]),
    ],
)
def test_regions_become_intervals_from_one(text: bytes, intervals: list[Interval]) -> None:
    assert list(read_targets(text, Limits())) == intervals


@pytest.mark.parametrize(
    ("text", "line"),
    [(b"chr1\t1\n", 1), (b"chr1\t1\t2\nchr1\t-5\t9\n", 2), (b"chr1\t9\t5\n", 1), (b"chr1\t1\t99999999999\n", 1), (b"", None)],
)
def test_what_is_no_region_is_refused_with_its_line(text: bytes, line: int | None) -> None:
    with pytest.raises(InputError) as refused:
        read_targets(text, Limits())
    assert (refused.value.problem.type, refused.value.problem.line) == ("/problems/bad_targets", line)


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(InputError, match="targets_too_large"):
        read_targets(b"chr1\t1\t2\n" * 9, Limits(max_targets_bytes=20))
