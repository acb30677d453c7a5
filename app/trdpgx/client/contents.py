"""Contents that a client sends: files that are opened once, read in pieces, and read again where the service was busy."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import IO

Content = str | Path | bytes | IO[bytes]
"""What is sent: the path of a file, bytes, or a file opened for reading bytes."""
Progress = Callable[[int, int | None], None]
"""Called with the bytes of the genome, or of the reports, that were sent, and with all of them where that is known."""

_PIECE = 64 * 1024


class SentFile:
    """A file that reports how much of it was read. httpx determines its length by ``seek`` and ``tell``."""

    def __init__(self, file: IO[bytes], progress: Progress | None) -> None:
        self._file = file
        self._progress = progress
        self._sent = 0
        self._total = length(file)

    def __iter__(self) -> Iterator[bytes]:
        """Yield what is left of the file, in pieces."""
        while piece := self.read():
            yield piece

    def read(self, size: int = _PIECE) -> bytes:
        """Return the next bytes, and report the progress."""
        piece = self._file.read(size)
        self._sent += len(piece)
        if self._progress is not None and piece:
            self._progress(self._sent, self._total)
        return piece

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a position of the file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the position in the file."""
        return self._file.tell()


def length(file: IO[bytes]) -> int | None:
    """Return how many bytes are left of a file, or ``None`` where that is not known."""
    if not file.seekable():
        return None
    here = file.tell()
    end = file.seek(0, 2)
    file.seek(here)
    return end - here


def opened(content: Content, stack: ExitStack) -> IO[bytes]:
    """Return content as a file, which ``stack`` closes where it was opened here. Raises ``OSError``."""
    if isinstance(content, bytes):
        return BytesIO(content)
    if isinstance(content, str | Path):
        return stack.enter_context(Path(content).open("rb"))
    return content
