"""Zstandard (RFC 8878), one frame or several, in bounded steps. ``verified`` is true if every frame had a checksum."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

from trdpgx.intake.decompress.budget import InputBudget
from trdpgx.intake.problems import CORRUPT, TRUNCATED
from trdpgx.model.problem import InputError

MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = (b"\x2a\x4d\x18", 0x50, 0x5F)
"""A frame to skip starts with any byte from 0x50 to 0x5F and these three (RFC 8878, section 3.1.2)."""
_CHECKSUM = 0x04
"""The bit of the frame header's descriptor, the fifth byte, that states that a checksum follows the data."""
_STEP_IN = 64 * 2**10
_STEP_OUT = 2**20
_OPTIONS: dict[int, int] = {DecompressionParameter.window_log_max: 23}
"""A frame may look back on 8 MiB, which is what RFC 8878 (section 3.1.1.1.2) asks of every decoder and what ``zstd -19`` needs."""
_FAULT = (
    "The zstd data cannot be decompressed: it is damaged, its checksum is wrong, or it looks back on more than 8 MiB "
    "(`zstd` without `--long` and `--ultra` does not)."
)


class ZstdDecoder:
    """Takes frames in chunks of any size (``trdpgx.intake.decompress.inflate.Decoder``)."""

    threads = 1
    eof_marker: bool | None = None

    def __init__(self, budget: InputBudget) -> None:
        self.verified: bool | None = True
        self._budget = budget
        self._start = b""
        self._frame: ZstdDecompressor | None = None

    def feed(self, data: bytes) -> Iterator[Callable[[], Sequence[bytes]]]:
        """Yield a task for each 64 KiB; its pieces have at most 1 MiB."""
        for start in range(0, len(data), _STEP_IN):
            yield partial(self._inflate, data[start : start + _STEP_IN])

    def _inflate(self, rest: bytes) -> list[bytes]:
        pieces = []
        while rest:
            if self._frame is None:
                rest, self._start = self._start + rest, b""
                if len(rest) <= len(MAGIC):
                    self._start = rest
                    break
                self._frame = self._open(rest)
            piece = self._step(self._frame, rest)
            self._budget.inflate(len(piece))
            pieces.append(piece)
            while not (self._frame.eof or self._frame.needs_input):
                piece = self._step(self._frame, b"")
                self._budget.inflate(len(piece))
                pieces.append(piece)
            rest = b""
            if self._frame.eof:
                rest, self._frame = self._frame.unused_data, None
        return pieces

    def _open(self, start: bytes) -> ZstdDecompressor:
        skippable = start[1:4] == _SKIPPABLE[0] and _SKIPPABLE[1] <= start[0] <= _SKIPPABLE[2]
        if not (start.startswith(MAGIC) or skippable):
            raise InputError(CORRUPT, "Data that is not zstd follows a zstd frame.")
        self._budget.open_member()
        self.verified = self.verified and (skippable or bool(start[len(MAGIC)] & _CHECKSUM))
        return ZstdDecompressor(options=_OPTIONS)

    def _step(self, frame: ZstdDecompressor, data: bytes) -> bytes:
        try:
            return frame.decompress(data, _STEP_OUT)
        except (ZstdError, ValueError):
            raise InputError(CORRUPT, _FAULT) from None

    def finish(self) -> Iterable[Callable[[], Sequence[bytes]]]:
        """Check that the last frame is complete."""
        if self._frame is not None or self._start:
            raise InputError(TRUNCATED, "The zstd data stops in the middle.")
        return ()
