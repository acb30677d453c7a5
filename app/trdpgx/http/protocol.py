"""HTTP/1.1 as clients speak it: uvicorn's protocol, with what it lacks.

- A request that offers to change the protocol (``Upgrade: h2c`` of ``curl --http2`` and of Java's client) is read as what it is, as
  RFC 9110 (section 7.8) allows; the parser would stop after its head and lose its body (github.com/Kludex/uvicorn/issues/2722).
- A client that has sent its whole request and shut its sending side still gets its answer. One that has gone altogether looks the
  same at first; an interim response (RFC 9110, section 15.2), which clients pass over, makes its system tell the difference.
- A client that does not read its answer loses it.
- A head that is too large, or does not end in time, is refused before it costs memory.
- More connections than there are descriptors for are refused, so that those which are there can be answered.
- Of a request that has been answered nothing is kept while the connection waits for the next.
"""

from asyncio import TimerHandle, Transport

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 * 1024
"""Bytes of request line and headers. nginx, for comparison, takes 32 KiB."""
MAX_HEADERS = 100
HEAD_SECONDS = 20.0
"""Seconds from the first byte of a connection or of a request to the end of its head."""
UNREAD_SECONDS = 60.0
"""Seconds for which an answer may wait for its reader to take some of it."""
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_PROBES = (0.2, 0.5, 5.0)
"""Seconds from one interim response to the next."""
_OFFER = frozenset({b"upgrade", b"http2-settings"})
_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 37\r\n"
    b"connection: close\r\n\r\nThe head of the request is too large."
)


_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 31\r\nretry-after: 5\r\n"
    b"connection: close\r\n\r\nThere are too many connections."
)


class Protocol(HttpToolsProtocol):
    """One connection. ``most_connections`` is how many there may be in this process."""

    most_connections = 2**20

    _in_head = True
    _heads = 0
    _head_bytes = 0
    _offered = False
    _refused = False
    _patience: TimerHandle | None = None
    _unread: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()
        if len(self.connections) > self.most_connections:
            self._refused = True
            self.transport.write(_FULL)
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        if self._unread is not None:
            self._unread.cancel()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the connection open for the answer where the request is complete; else the sender has gone."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete or cycle.more_body:
            return False
        cycle.keep_alive = False
        self._probe(0)
        return True

    def pause_writing(self) -> None:
        """Wait for the reader, not for ever."""
        super().pause_writing()
        self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()

    def _probe(self, number: int) -> None:
        """Send an interim response until the answer begins: where nobody is there to read it, the connection breaks."""
        cycle = self.cycle
        if cycle is None or cycle.response_started or cycle.disconnected or cycle.scope.get("http_version") != "1.1":
            return
        self.transport.write(_CONTINUE)
        self.loop.call_later(_PROBES[min(number, len(_PROBES) - 1)], self._probe, number + 1)

    def data_received(self, data: bytes) -> None:
        """Feed the parser; while it reads a head, no more than a head may have."""
        self._unset_keepalive_if_required()
        while data and not self._refused:
            left = MAX_HEAD_BYTES - self._head_bytes if self._in_head else len(data)
            piece, data = data[:left], data[left:]
            head = self._heads if self._in_head else None
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade as offer:
                data = piece[offer.args[0] :] + data
                if self._offered:
                    data = self._without_offer() + data
            except httptools.HttpParserError:
                self._refused = True
                self.send_400_response("Invalid HTTP request received.")
            else:
                self._head_bytes = self._head_bytes + len(piece) if head == self._heads else 0
                if self._head_bytes >= MAX_HEAD_BYTES:
                    self._refuse()

    def on_message_begin(self) -> None:
        """Take note of a head."""
        super().on_message_begin()
        self._in_head, self._offered = True, False
        if self._patience is None:
            self._wait_for_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one header, if there are not too many."""
        if len(self.headers) >= MAX_HEADERS:
            self._refuse()
        else:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin with the request, unless it offers another protocol: then it is read anew without the offer."""
        self._in_head = False
        self._heads += 1
        self._head_bytes = 0
        self._stop_waiting()
        if self._refused:
            return
        self._offered = self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"
        if not self._offered:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the body has ended."""
        self._in_head = True
        if not self._offered and not self._refused:
            super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Take some of the body."""
        if not self._refused:
            super().on_body(body)

    def on_response_complete(self) -> None:
        """Let go of the address and the headers, which may name a sample."""
        super().on_response_complete()
        done = self.cycle
        if done.response_complete and self.scope is done.scope:
            self.url, self.headers = b"", []
            self.scope = done.scope = {"type": "http"}  # type: ignore[typeddict-item]

    def _without_offer(self) -> bytes:
        """Return the head again, without what offers another protocol, for a new parser."""
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())]
        for name, value in self.headers:
            if name == b"connection":
                kept = [token for token in value.split(b",") if token.strip().lower() not in _OFFER]
                lines += [b"connection: " + b",".join(kept)] if kept else []
            elif name not in _OFFER:
                lines.append(name + b": " + value)
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return b"\r\n".join((*lines, b"", b""))

    def _wait_for_head(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        self.transport.close()

    def _refuse(self) -> None:
        """Answer that the head is too large, and close. An answer that is on its way to the same client is cut."""
        if not self._refused:
            self._refused = True
            self.transport.write(_REFUSAL)
            self.transport.close()
