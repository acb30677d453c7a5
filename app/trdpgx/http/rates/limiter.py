"""Quotas of requests, of bytes, and of uploads at the same time, for each key and each address."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from trdpgx.http.rates.quota import OverQuotaError, Quota, quotas_of
from trdpgx.http.rates.store import Store
from trdpgx.model.access import AccessSettings

_PIECE = 1024 * 1024
"""Bytes of an upload of unknown length that are counted at once."""


class RateLimiter:
    """The quotas that the settings state, and the uploads that run now."""

    def __init__(self, settings: AccessSettings, store: Store) -> None:
        self._quotas = quotas_of(settings)
        self._store = store
        self._uploads: Counter[tuple[str, str]] = Counter()

    @property
    def policy(self) -> str:
        """The header ``RateLimit-Policy``; empty where there is no quota."""
        return ", ".join(quota.policy for quota in self._quotas)

    def of(self, whose: str, who: str) -> "Allowance":
        """Return the quotas of one key or one address."""
        return Allowance([quota for quota in self._quotas if quota.whose == whose], who, self._store, self._uploads)


class Allowance:
    """The quotas of one key or one address."""

    def __init__(self, quotas: Sequence[Quota], who: str, store: Store, uploads: Counter[tuple[str, str]]) -> None:
        self._quotas = {quota.what: quota for quota in quotas}
        self._who = who
        self._store = store
        self._uploads = uploads
        self._uncounted = 0

    async def take_request(self) -> None:
        """Count a request. Raises ``OverQuotaError``."""
        quota = self._quotas.get("requests")
        if quota is not None and not await self._store.take(quota, self._who):
            _, seconds = await self._store.left(quota, self._who)
            raise OverQuotaError(quota, seconds + quota.seconds / quota.amount)

    async def take_bytes(self, size: int, *, last: bool = True) -> None:
        """Count bytes; small pieces are gathered until the ``last``. Raises ``OverQuotaError``."""
        quota = self._quotas.get("bytes")
        self._uncounted += size
        if quota is None or not self._uncounted or (self._uncounted < _PIECE and not last):
            return
        cost, self._uncounted = self._uncounted, 0
        if not await self._store.take(quota, self._who, cost):
            raise OverQuotaError(quota, quota.seconds)

    def byte_quota(self) -> Quota | None:
        """Return the quota of bytes, which no single upload can be over."""
        return self._quotas.get("bytes")

    @contextmanager
    def upload(self) -> Iterator[None]:
        """Count one of the uploads at the same time until the end of the block. Raises ``OverQuotaError``."""
        quota = self._quotas.get("uploads")
        if quota is None:
            yield
            return
        key = (quota.name, self._who)
        if self._uploads[key] >= quota.amount:
            raise OverQuotaError(quota, 1)
        self._uploads[key] += 1
        try:
            yield
        finally:
            self._uploads[key] -= 1
            if not self._uploads[key]:
                del self._uploads[key]

    async def remaining(self) -> list[str]:
        """Return what is left of each quota, as items of the header ``RateLimit``."""
        items = []
        for what, quota in self._quotas.items():
            if what == "uploads":
                items.append(quota.remaining(quota.amount - self._uploads[quota.name, self._who], 0))
            else:
                items.append(quota.remaining(*await self._store.left(quota, self._who)))
        return items
