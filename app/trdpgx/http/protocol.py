"""HTTP/1.1: uvicorn's protocol, with what it lacks.

- A request that offers to change the protocol (``Upgrade: h2c`` of ``curl --http2`` and of Java's client) is read as HTTP/1.1, as
  RFC 9110 (section 7.8) allows; the parser would stop after its head and lose its body (github.com/Kludex/uvicorn/issues/2722).
- A client that has sent its whole request and shut its sending side still gets its answer. One that has disconnected looks the same at
  first; an interim response (RFC 9110, section 15.2), which clients ignore, makes the connection of the latter fail.
- A connection whose client does not read its answer is aborted.
- A head that is too large, or does not end in time, is refused before it costs memory.
- A client that sends many requests without waiting for answers gets those to the first, and then the end of the connection.
- There are no more connections than ``trdpgx.http.connections`` allows.
- Nothing of an answered request is kept while its connection waits for the next.
"""

import time
from asyncio import TimerHandle, Transport
from typing import ClassVar

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from trdpgx.http.connections import Connections

MAX_HEAD_BYTES = 64 * 1024
"""Bytes of request line and headers. nginx, for comparison, takes 32 KiB."""
MAX_HEADERS = 100
HEAD_SECONDS = 20.0
"""Seconds from the first byte of a connection or of a request to the end of its head."""
_PROBE_SECONDS = 2.0
"""The same for a connection beyond the bounds, which may only probe."""
UNREAD_SECONDS = 60.0
"""Seconds for which an answer may wait for its reader to take some of it."""
MOST_PIPELINED = 16
"""Requests that may wait on one connection while another is answered. One TCP segment holds thousands, each of which costs memory."""
_QUIET_SECONDS = 1.0
"""Seconds without a whole head after which a connection may be evicted."""
_SLOW_SECONDS = 3.0
"""Seconds after which that holds for a body that comes too slowly, or an answer that is not read."""
_DISCARD_SECONDS = 1.0
"""Seconds in which the rest of a refused request is discarded."""
_INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"
_INTERIM_SECONDS = (0.2, 0.5, 5.0)
"""Seconds from one interim response to the next."""
_UPGRADE_HEADERS = frozenset({b"upgrade", b"http2-settings"})
_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 37\r\n"
    b"connection: close\r\n\r\nThe head of the request is too large."
)


class _TooManyPipelinedError(Exception):
    """More requests have come than may wait: the rest of what was sent is not parsed."""


class Protocol(HttpToolsProtocol):
    """One connection. ``bounds`` are the connections of this process, ``least_rate`` the bytes a second that a body has to come with."""

    bounds: ClassVar[Connections]
    least_rate = 64_000

    _in_head = True
    _heads = 0
    _head_bytes = 0
    _upgrade_offered = False
    is_refused = False
    _head_timer: TimerHandle | None = None
    _unread_timer: TimerHandle | None = None
    _in_bounds = True
    _since = 0.0
    _window_bytes = 0
    _was_paused = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # asyncio allows any transport, a stream has this
        """Register the connection, and wait for the first head."""
        super().connection_made(transport)
        self._since = time.monotonic()
        self._in_bounds = self.bounds.add(self, self.client[0] if self.client else "")
        self._start_head_timer(HEAD_SECONDS if self._in_bounds else _PROBE_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection and its timers."""
        self.bounds.remove(self)
        self._stop_head_timer()
        self._stop_unread_timer()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override] # uvicorn has None here, asyncio either
        """Keep the connection open for the answer where the request is complete; otherwise the client has disconnected."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete or cycle.more_body:
            return False
        cycle.keep_alive = False
        self._send_interim(0)
        return True

    def pause_writing(self) -> None:
        """Abort the connection unless the client reads within ``UNREAD_SECONDS``."""
        super().pause_writing()
        self._since = time.monotonic()
        self._start_unread_timer()

    def resume_writing(self) -> None:
        """Stop that timer."""
        super().resume_writing()
        self._begin_window()
        self._stop_unread_timer()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that was kept for another request, though its last answer was not read."""
        super().timeout_keep_alive_handler()
        self._start_unread_timer()

    def waits_since(self, now: float) -> float | None:
        """Return since when it waits for its client and may be evicted; none where it does not, or not for long."""
        cycle, waited = self.cycle, now - self._since
        resting = cycle is None or cycle.response_complete
        if self.is_refused or waited < (_QUIET_SECONDS if resting else _SLOW_SECONDS):
            return None
        return self._since if resting or self.flow.write_paused or self._body_is_slow(waited) else None

    def _body_is_slow(self, waited: float) -> bool:
        """Whether the body of the present request comes at less than the least rate, and not because it is not taken."""
        if not self.cycle.more_body or self.flow.read_paused:
            return False
        if self._was_paused:
            self._begin_window()
            return False
        return self._window_bytes < self.least_rate * waited

    def evict(self) -> None:
        """Close the connection in favour of another; a request without an answer gets one."""
        cycle, self.is_refused = self.cycle, True
        if self.transport.get_write_buffer_size():
            self.transport.abort()
            return
        if cycle is not None and not cycle.response_started:
            self.transport.write(self.bounds.too_slow)
        self.transport.close()

    def refuse(self, answer: bytes) -> None:
        """Answer a connection beyond the bounds, and close it a little later: a client that still sends would lose the answer."""
        self.is_refused = True
        self.transport.write(answer)
        self.transport.write_eof()
        self.loop.call_later(_DISCARD_SECONDS, self.transport.abort)

    def drop(self, answer: bytes) -> None:
        """Answer a connection beyond the bounds, unless that is done, and close it at once."""
        if not self.is_refused:
            self.is_refused = True
            self.transport.write(answer)
        self.transport.close()

    def _begin_window(self) -> None:
        """Measure the rate of a body from now on."""
        self._since, self._window_bytes, self._was_paused = time.monotonic(), 0, False

    def _send_interim(self, number: int) -> None:
        """Send interim responses until the answer begins: the connection to a client that has disconnected fails."""
        cycle = self.cycle
        if cycle is None or cycle.response_started or cycle.disconnected or cycle.scope.get("http_version") != "1.1":
            return
        self.transport.write(_INTERIM)
        self.loop.call_later(_INTERIM_SECONDS[min(number, len(_INTERIM_SECONDS) - 1)], self._send_interim, number + 1)

    def data_received(self, data: bytes) -> None:
        """Feed the parser; while it reads a head, at most ``MAX_HEAD_BYTES``."""
        self._unset_keepalive_if_required()
        while data and not self.is_refused:
            left = MAX_HEAD_BYTES - self._head_bytes if self._in_head else len(data)
            piece, data = data[:left], data[left:]
            head = self._heads if self._in_head else None
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade as offer:
                data = piece[offer.args[0] :] + data
                if self._upgrade_offered:
                    data = self._without_upgrade() + data
            except httptools.HttpParserError as error:
                self.is_refused = True
                if isinstance(error.__context__, _TooManyPipelinedError):
                    self.cycle.keep_alive = False
                else:
                    self.send_400_response("Invalid HTTP request received.")
            else:
                self._head_bytes = self._head_bytes + len(piece) if head == self._heads else 0
                if self._head_bytes >= MAX_HEAD_BYTES:
                    self._refuse_large_head()

    def on_message_begin(self) -> None:
        """Begin a head, if not too many requests wait."""
        if len(self.pipeline) >= MOST_PIPELINED:
            raise _TooManyPipelinedError
        super().on_message_begin()
        self._in_head, self._upgrade_offered = True, False
        self._since = time.monotonic()
        if self._head_timer is None:
            self._start_head_timer(HEAD_SECONDS)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header, if there are not too many."""
        if len(self.headers) >= MAX_HEADERS:
            self._refuse_large_head()
        else:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin the request; one that offers another protocol is parsed again without the offer."""
        self._in_head = False
        self._heads += 1
        self._head_bytes = 0
        self._stop_head_timer()
        if self.is_refused:
            return
        self._upgrade_offered = self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"
        if self._upgrade_offered:
            return
        if self._in_bounds or self.bounds.is_probe(self.parser.get_method(), self.url, self.headers):
            super().on_headers_complete()
            self._begin_window()
            if not self._in_bounds:
                self.cycle.keep_alive = False
                self.bounds.remove(self)
        else:
            self.bounds.refuse(self)

    def on_message_complete(self) -> None:
        """Note that the body has ended."""
        self._in_head = True
        if not self._upgrade_offered and not self.is_refused:
            super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Add to the body, and to the measurement of its rate."""
        if self.is_refused:
            return
        super().on_body(body)
        self._window_bytes += len(body)
        self._was_paused = self._was_paused or self.flow.read_paused
        waited = time.monotonic() - self._since
        if waited >= _SLOW_SECONDS and self._window_bytes >= self.least_rate * waited:
            self._begin_window()

    def on_response_complete(self) -> None:
        """Discard the URL and the headers, which may name a sample."""
        super().on_response_complete()
        self._since = time.monotonic()
        done = self.cycle
        if self.transport.is_closing():
            self._start_unread_timer()
        if done.response_complete and self.scope is done.scope:
            self.url, self.headers = b"", []
            self.scope = done.scope = {"type": "http"}  # type: ignore[typeddict-item] # (an empty scope)

    def _without_upgrade(self) -> bytes:
        """Return the head without the offer of another protocol, and set a new parser for it."""
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())]
        for name, value in self.headers:
            if name == b"connection":
                kept = [token for token in value.split(b",") if token.strip().lower() not in _UPGRADE_HEADERS]
                lines += [b"connection: " + b",".join(kept)] if kept else []
            elif name not in _UPGRADE_HEADERS:
                lines.append(name + b": " + value)
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return b"\r\n".join((*lines, b"", b""))

    def _start_head_timer(self, seconds: float) -> None:
        self._head_timer = self.loop.call_later(seconds, self._close_late_head)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _close_late_head(self) -> None:
        self._head_timer = None
        self.transport.close()
        self._start_unread_timer()

    def _start_unread_timer(self) -> None:
        """Abort the connection after ``UNREAD_SECONDS``: a closing transport would wait for the client to read without end."""
        if self._unread_timer is None:
            self._unread_timer = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def _stop_unread_timer(self) -> None:
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None

    def _refuse_large_head(self) -> None:
        """Answer that the head is too large, and close; an answer that is being sent to the same client is cut."""
        if not self.is_refused:
            self.is_refused = True
            self.transport.write(_REFUSAL)
            self.transport.close()
