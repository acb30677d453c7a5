"""Counters of requests and bytes: in this process, or in a Redis that several containers share.

A counter has the name of a quota and the id of a key or an address, and expires after two windows. While Redis does not answer, this
process counts for itself: the service neither stops nor works without quotas.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from trdpgx.http.rates.quota import Quota
from trdpgx.model.errors import TrdpgxError

if TYPE_CHECKING:
    from redis.asyncio import BlockingConnectionPool

_PATIENCE_SECONDS = 0.5
_AGAIN_SECONDS = 5.0
_MOST_CONNECTIONS = 8
"""Connections to Redis: each uses a descriptor that a client could have."""

Answer = TypeVar("Answer")
_log = logging.getLogger("trdpgx.access")


class StoreError(TrdpgxError):
    """The store cannot be used. The message states why, and what to do."""


class Store:
    """Counts in Redis where there is one, else here. ``failed`` is called each time that Redis does not answer."""

    def __init__(self, redis_url: str | None, failed: Callable[[], None]) -> None:
        """Raise ``StoreError`` where the library is missing or the address is none. Nothing is connected yet."""
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._connections = None if redis_url is None else _connections(redis_url)
        self._shared = None if redis_url is None else SlidingWindowCounterRateLimiter(_redis(redis_url, self._connections))
        self._failed = failed
        self._not_before = float("-inf")

    async def close(self) -> None:
        """Close the connections."""
        if self._connections is not None:
            await self._connections.disconnect()

    async def take(self, quota: Quota, who: str, cost: int = 1) -> bool:
        """Count something, if the quota allows; return whether it does."""
        return await self._ask(lambda limiter: limiter.hit(quota.item, who, cost=cost))

    async def left(self, quota: Quota, who: str) -> tuple[int, float]:
        """Return what is left, and in how many seconds it will be more."""
        until, left = await self._ask(lambda limiter: limiter.get_window_stats(quota.item, who))
        return left, max(0.0, until - time.time())

    async def _ask(self, question: Callable[[SlidingWindowCounterRateLimiter], Awaitable[Answer]]) -> Answer:
        if self._shared is not None and time.monotonic() >= self._not_before:
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    try:
                        return await question(self._shared)
                    except Exception:
                        # The connection may be to a Redis that has been restarted meanwhile.
                        return await question(self._shared)
            except Exception as error:
                self._not_before = time.monotonic() + _AGAIN_SECONDS
                self._failed()
                _log.error("Redis does not answer (%s), so that this process counts for itself", type(error).__name__)
        return await question(self._own)


def _connections(url: str) -> "BlockingConnectionPool":
    try:
        from redis.asyncio import BlockingConnectionPool  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise StoreError(f"TRDPGX_REDIS_URL needs the library of Redis: pip install 'trdpgx[redis]' ({error})") from None
    try:
        return BlockingConnectionPool.from_url(
            url, max_connections=_MOST_CONNECTIONS, timeout=_PATIENCE_SECONDS, socket_timeout=_PATIENCE_SECONDS
        )
    except ValueError:
        raise StoreError("TRDPGX_REDIS_URL is not the URL of a Redis: write redis://HOST:6379/0") from None


def _redis(url: str, connections: "BlockingConnectionPool | None") -> RedisStorage:
    options: dict[str, Any] = {"connection_pool": connections}
    return RedisStorage(f"async+{url}", implementation="redispy", key_prefix="trdpgx", **options)
