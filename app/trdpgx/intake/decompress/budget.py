"""Counts of one input against the caps: bytes received, bytes inflated, their ratio, members, and time."""

import hashlib
import time

from trdpgx.intake.problems import COMPRESSION_RATIO, TOO_MANY_BYTES, TOO_MANY_INFLATED_BYTES, TOO_MANY_MEMBERS, TOO_SLOW
from trdpgx.model.limits import Limits
from trdpgx.model.problem import InputError

_RATIO_FROM = 16 * 2**20
_MEMBER = 2**10
"""Bytes that a member or frame has on average where there may be very many."""


class InputBudget:
    """The running totals of one input. ``received`` and ``inflated`` are in bytes."""

    def __init__(self, limits: Limits) -> None:
        self.received = 0
        self.inflated = 0
        self._members = 0
        self._limits = limits
        self._hash = hashlib.sha256()
        self._deadline = time.monotonic() + limits.max_seconds

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes digested so far, in hexadecimal."""
        return self._hash.hexdigest()

    def take(self, chunk: bytes) -> None:
        """Count a chunk as received. Raises ``InputError`` over the cap on bytes or on time."""
        self.received += len(chunk)
        if self.received > self._limits.max_bytes:
            raise InputError(TOO_MANY_BYTES, f"The cap is {self._limits.max_bytes} bytes.")
        self.check_time()

    def digest(self, chunk: bytes) -> None:
        """Take the next bytes into the digest, in the order in which they were received."""
        self._hash.update(chunk)

    def check_time(self) -> None:
        """Raise ``InputError`` if the input has taken longer than the cap."""
        if time.monotonic() > self._deadline:
            raise InputError(TOO_SLOW, f"The cap is {self._limits.max_seconds:g} seconds from the first byte.")

    def open_member(self) -> None:
        """Count a member of gzip or a frame of zstd. Raises ``InputError`` where there are too many small ones."""
        self._members += 1
        if self._members > self._limits.max_members and self._members * _MEMBER > self.received:
            raise InputError(TOO_MANY_MEMBERS, f"The cap is {self._limits.max_members} members of less than {_MEMBER} bytes on average.")

    def inflate(self, size: int) -> None:
        """Count ``size`` decompressed bytes. Raises ``InputError`` over the cap on bytes or on the ratio."""
        self.inflated += size
        if self.inflated > self._limits.max_inflated_bytes:
            raise InputError(TOO_MANY_INFLATED_BYTES, f"The cap is {self._limits.max_inflated_bytes} bytes.")
        if self.inflated > _RATIO_FROM and self.inflated > self._limits.max_ratio * self.received:
            raise InputError(COMPRESSION_RATIO, f"The cap is {self._limits.max_ratio} bytes for each byte received.")
