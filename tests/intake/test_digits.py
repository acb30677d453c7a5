"""The quick reading of numbers against the plain way."""

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from trdpgx.intake.scan.digits import LONGEST, numbers_before, numbers_from

fields = st.lists(
    st.tuples(st.sampled_from([b"", b"x", b"\xff;", b"chr1\t"]), st.binary(min_size=1, max_size=11) | st.from_regex(rb"\A[0-9]{1,11}\Z")),
    min_size=1,
    max_size=12,
)


@settings(max_examples=400, deadline=None)
@given(fields)
def test_numbers(parts: list[tuple[bytes, bytes]]) -> None:
    buffer, starts, ends = b"", [], []
    for before, text in parts:
        starts.append(len(buffer) + len(before))
        buffer += before + text + b"\t"
        ends.append(len(buffer) - 1)
    texts = [text for _, text in parts]
    found = numbers_before(buffer, np.array(ends), np.array(ends) - np.array(starts))
    sound = len(buffer) >= 8 and all(text.isdigit() and len(text) <= LONGEST for text in texts)
    assert (None if found is None else found.tolist()) == ([int(text) for text in texts] if sound else None)
    leading = [int(re.match(rb"[0-9]{0,10}", buffer[start:]).group() or 0) for start in starts]  # type: ignore[union-attr]
    assert numbers_from(buffer, np.array(starts)).tolist() == leading
