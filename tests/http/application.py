"""The application called in this process, without a socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from trdpgx.http.application import create_app
from trdpgx.model.access import AccessSettings
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings


class Client:
    """Sends requests to an application and waits for the answers."""

    def __init__(self, app: FastAPI, client: httpx.AsyncClient, portal: BlockingPortal) -> None:
        self.app = app
        self._client = client
        self.portal = portal

    def request(self, method: str, address: str, **more: Any) -> httpx.Response:
        return self.portal.call(partial(self._client.request, method, address, **more))

    def get(self, address: str, **more: Any) -> httpx.Response:
        return self.request("GET", address, **more)

    def post(self, address: str, **more: Any) -> httpx.Response:
        return self.request("POST", address, **more)


@contextmanager
def open_client(settings: Settings | None = None, limits: Limits | None = None, access: AccessSettings | None = None) -> Iterator[Client]:
    app = create_app(settings, limits, access)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(app.router.lifespan_context(app)):
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://trdpgx.test")
        with portal.wrap_async_context_manager(client):
            yield Client(app, client, portal)
