"""The quotas that the settings ask for, and how they are written in headers (draft-ietf-httpapi-ratelimit-headers-10)."""

from math import ceil
from typing import Literal

from limits import RateLimitItemPerSecond
from msgspec import Struct

from trdpgx.http.problems.kinds import RATE_LIMITED
from trdpgx.model.access import AccessSettings
from trdpgx.model.errors import TrdpgxError
from trdpgx.model.problem import Problem, problem_of

_UNITS = {"requests": "requests", "bytes": "content-bytes", "uploads": "concurrent-requests"}


class Quota(Struct, frozen=True):
    """So many requests, bytes or uploads at once, of one key or from one address."""

    what: Literal["requests", "bytes", "uploads"]
    whose: Literal["key", "address"]
    amount: int
    seconds: int

    @property
    def name(self) -> str:
        """The name in headers, problems and metrics."""
        return self.what if self.whose == "key" else f"address-{self.what}"

    @property
    def policy(self) -> str:
        """The quota as an item of ``RateLimit-Policy``."""
        window = "" if self.what == "uploads" else f";w={self.seconds}"
        return f'"{self.name}";q={self.amount}{window};qu="{_UNITS[self.what]}"'

    @property
    def item(self) -> RateLimitItemPerSecond:
        """The quota as the counters know it."""
        return RateLimitItemPerSecond(self.amount, self.seconds, namespace=f"trdpgx/{self.name}")

    def remaining(self, left: int, seconds: float) -> str:
        """Return what is left, and until when, as an item of ``RateLimit``."""
        until = "" if self.what == "uploads" else f";t={ceil(max(0.0, seconds))}"
        return f'"{self.name}";r={max(0, left)}{until}'

    def problem(self) -> Problem:
        """Return the problem of a request that is over it."""
        of = "of one key" if self.whose == "key" else "from one address"
        over = "at the same time" if self.what == "uploads" else f"in {self.seconds} seconds"
        return problem_of(RATE_LIMITED, f"The quota `{self.name}` is {self.amount} {self.what} {of} {over}.")


class OverQuotaError(TrdpgxError):
    """A request is over a quota. ``seconds``: when it may be tried again."""

    def __init__(self, quota: Quota, seconds: float) -> None:
        super().__init__(quota.name)
        self.quota = quota
        self.seconds = max(1, ceil(seconds))


def quotas_of(settings: AccessSettings) -> tuple[Quota, ...]:
    """Return the quotas that are set."""
    seconds = settings.rate_seconds
    every = (
        Quota("requests", "key", settings.rate_requests, seconds),
        Quota("bytes", "key", settings.rate_bytes, seconds),
        Quota("uploads", "key", settings.rate_uploads, seconds),
        Quota("requests", "address", settings.rate_address_requests, seconds),
        Quota("bytes", "address", settings.rate_address_bytes, seconds),
        Quota("uploads", "address", settings.rate_address_uploads, seconds),
    )
    return tuple(quota for quota in every if quota.amount)
