"""An upload is read and worked on at the same time: while one chunk is in a thread, the next is taken from the socket."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable


async def read_ahead(chunks: AsyncGenerator[bytes], work: Callable[[bytes], Awaitable[object]]) -> None:
    """Have each chunk worked on, in order and one at a time, until there are no more. At most one waits meanwhile.

    What reading or the work raises is raised at once, once the other has stopped.
    """
    reading = asyncio.ensure_future(anext(chunks, None))
    working: asyncio.Future[object] | None = None
    try:
        while True:
            await asyncio.wait([task for task in (reading, working) if task and not task.done()], return_when=asyncio.FIRST_COMPLETED)
            if working is not None and working.done():
                working.result()
                working = None
            if reading.done() and working is None:
                chunk = reading.result()
                if chunk is None:
                    return
                working = asyncio.ensure_future(work(chunk))
                reading = asyncio.ensure_future(anext(chunks, None))
    finally:
        reading.cancel()
        await asyncio.gather(*(task for task in (reading, working) if task), return_exceptions=True)
        await chunks.aclose()
