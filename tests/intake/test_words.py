"""The quick look for words and the quick reading of numbers against the plain ways, also from many threads at once."""

import random
import re
import threading

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.intake.digits import LONGEST, numbers_before, numbers_from
from app.intake.words import Words

LOOKED_FOR = (b"END=", b"SVLEN=", b"<")

fields = st.lists(
    st.tuples(st.sampled_from([b"", b"x", b"\xff;", b"chr1\t"]), st.binary(min_size=1, max_size=11) | st.from_regex(rb"\A[0-9]{1,11}\Z")),
    min_size=1,
    max_size=12,
)


def test_words_in_large_and_small_buffers() -> None:
    chance = random.Random(1)
    words = Words(*LOOKED_FOR)
    for size in (10, 1_000, 70_000, 300_000):
        for _ in range(20):
            buffer = bytearray(chance.randbytes(size).translate(bytes.maketrans(b"<=", b"..")))
            for word in chance.sample(LOOKED_FOR, chance.randrange(4)):
                at = chance.choice((0, size - len(word), chance.randrange(max(1, size - len(word)))))
                buffer[at : at + len(word)] = word
            assert words.present(bytes(buffer)) == {word for word in LOOKED_FOR if word in buffer}


def test_many_threads_with_words_of_their_own() -> None:
    wrong: list[int] = []

    def look(number: int) -> None:
        words = Words(*LOOKED_FOR)
        for turn in range(60):
            word = LOOKED_FOR[(number + turn) % 3]
            if words.present(b"." * 200_000 + word + b"." * 100) != {word}:
                wrong.append(number)

    threads = [threading.Thread(target=look, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


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
