"""Reading and working at the same time: every chunk once and in order, no error lost, and nothing left running."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from trdpgx.http.upload.read_ahead import read_ahead


class FaultError(Exception):
    pass


async def source(count: int, closed: list[str], *, fault_at: int | None = None, stall_at: int | None = None) -> AsyncGenerator[bytes]:
    try:
        for number in range(count):
            if number == fault_at:
                raise FaultError("reading")
            if number == stall_at:
                await asyncio.sleep(3_600)
            await asyncio.sleep(0)
            yield b"%d" % number
    finally:
        closed.append("source")


def taken(
    count: int, *, fault_at: int | None = None, stall_at: int | None = None, bad: bytes | None = None
) -> tuple[list[bytes], list[str]]:
    done: list[bytes] = []
    closed: list[str] = []
    at_work = 0

    async def work(chunk: bytes) -> None:
        nonlocal at_work
        at_work += 1
        assert at_work == 1
        await asyncio.sleep(0.001)
        at_work -= 1
        if chunk == bad:
            raise FaultError("working")
        done.append(chunk)

    async def run() -> None:
        await read_ahead(source(count, closed, fault_at=fault_at, stall_at=stall_at), work)

    try:
        asyncio.run(asyncio.wait_for(run(), 30))
    except FaultError as fault:
        closed.append(str(fault))
    assert at_work == 0
    return done, closed


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_every_chunk_once_and_in_order(count: int) -> None:
    assert taken(count) == ([b"%d" % number for number in range(count)], ["source"])


def test_a_fault_in_reading_lets_the_work_under_way_end() -> None:
    assert taken(5, fault_at=3) == ([b"0", b"1", b"2"], ["source", "reading"])


def test_a_fault_in_the_work_is_reported_although_the_sender_pauses() -> None:
    assert taken(5, stall_at=3, bad=b"2") == ([b"0", b"1"], ["source", "working"])


def test_reading_goes_on_beside_the_work() -> None:
    read: list[int] = []

    async def numbers() -> AsyncGenerator[bytes]:
        for number in range(3):
            read.append(number)
            yield b"%d" % number

    ahead: list[int] = []

    async def work(_: bytes) -> None:
        await asyncio.sleep(0.01)
        ahead.append(len(read))

    asyncio.run(read_ahead(numbers(), work))
    assert ahead == [2, 3, 3]
