"""HTTP/1.1 as clients speak it: uvicorn's protocol, with what it lacks.

- A request that offers to change the protocol (``Upgrade: h2c`` of ``curl --http2`` and of Java's client) is read as what it is, as
  RFC 9110 (section 7.8) allows; the parser would stop after its head and lose its body (github.com/Kludex/uvicorn/issues/2722).
- A client that has sent its whole request and shut its sending side still gets its answer. One that has gone altogether looks the
  same at first; an interim response (RFC 9110, section 15.2), which clients pass over, makes its system tell the difference.
- A client that does not read its answer loses it.
- A head that is too large, or does not end in time, is refused before it costs memory.
- A client that sends many requests without waiting for answers gets those to the first, and then the end of the connection.
- There are no more connections than ``trdpgx.http.connections`` allows, so that those which are there can be answered.
- Of a request that has been answered nothing is kept while the connection waits for the next.
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
UNREAD_SECONDS = 60.0
"""Seconds for which an answer may wait for its reader to take some of it."""
MOST_AHEAD = 16
"""Requests that may wait on one connection while another is answered. A segment has space for thousands, each of which costs memory."""
_PROBE_SECONDS = 2.0
"""The same where it can only be to ask how the service is."""
_QUIET_SECONDS = 1.0
"""Seconds without a whole head after which a connection may be given up for another."""
_SLOW_SECONDS = 3.0
"""Seconds after which that holds for a body that comes too slowly, or an answer that is not read."""
_FAREWELL_SECONDS = 1.0
"""Seconds in which what still comes of a refused request is thrown away."""
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_PROBES = (0.2, 0.5, 5.0)
"""Seconds from one interim response to the next."""
_OFFER = frozenset({b"upgrade", b"http2-settings"})
_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 37\r\n"
    b"connection: close\r\n\r\nThe head of the request is too large."
)


class _TooFarAheadError(Exception):
    """More requests have come than may wait: the rest of what was sent is not looked at."""


class Protocol(HttpToolsProtocol):
    """One connection. ``bounds`` are the connections of this process, ``least_rate`` the bytes a second that a body has to come with."""

    bounds: ClassVar[Connections]
    least_rate = 64_000

    _in_head = True
    _heads = 0
    _head_bytes = 0
    _offered = False
    is_refused = False
    _patience: TimerHandle | None = None
    _unread: TimerHandle | None = None
    _within = True
    _since = 0.0
    _window_bytes = 0
    _was_full = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # asyncio allows any transport, a stream has this
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._since = time.monotonic()
        self._within = self.bounds.enter(self, self.client[0] if self.client else "")
        self._wait_for_head(HEAD_SECONDS if self._within else _PROBE_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self.bounds.leave(self)
        self._stop_waiting()
        self._stop_flushing()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override] # uvicorn has None here, asyncio either
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
        self._since = time.monotonic()
        self._flush()

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        self._begin_window()
        self._stop_flushing()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that was kept for another request, though its last answer was not read."""
        super().timeout_keep_alive_handler()
        self._flush()

    def waits_since(self, now: float) -> float | None:
        """Return since when it waits for its client, and may be given up; none where it does not, or not for long."""
        cycle, waited = self.cycle, now - self._since
        resting = cycle is None or cycle.response_complete
        if self.is_refused or waited < (_QUIET_SECONDS if resting else _SLOW_SECONDS):
            return None
        return self._since if resting or self.flow.write_paused or self._comes_slowly(waited) else None

    def _comes_slowly(self, waited: float) -> bool:
        """Whether the body of the present request comes at less than the least rate, and not because it is not taken."""
        if not self.cycle.more_body or self.flow.read_paused:
            return False
        if self._was_full:
            self._begin_window()
            return False
        return self._window_bytes < self.least_rate * waited

    def give_up(self) -> None:
        """Close the connection for another; a request that has no answer yet gets one."""
        cycle, self.is_refused = self.cycle, True
        if self.transport.get_write_buffer_size():
            self.transport.abort()
            return
        if cycle is not None and not cycle.response_started:
            self.transport.write(self.bounds.too_slow)
        self.transport.close()

    def refuse(self, answer: bytes) -> None:
        """Answer a connection that is beyond the bounds, and close it a little later: had it more to send, the answer would be lost."""
        self.is_refused = True
        self.transport.write(answer)
        self.transport.write_eof()
        self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)

    def displace(self, answer: bytes) -> None:
        """Close a connection that is beyond the bounds at once."""
        if not self.is_refused:
            self.is_refused = True
            self.transport.write(answer)
        self.transport.close()

    def _begin_window(self) -> None:
        """Count from now on what comes of a body."""
        self._since, self._window_bytes, self._was_full = time.monotonic(), 0, False

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
        while data and not self.is_refused:
            left = MAX_HEAD_BYTES - self._head_bytes if self._in_head else len(data)
            piece, data = data[:left], data[left:]
            head = self._heads if self._in_head else None
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade as offer:
                data = piece[offer.args[0] :] + data
                if self._offered:
                    data = self._without_offer() + data
            except httptools.HttpParserError as error:
                self.is_refused = True
                if isinstance(error.__context__, _TooFarAheadError):
                    self.cycle.keep_alive = False
                else:
                    self.send_400_response("Invalid HTTP request received.")
            else:
                self._head_bytes = self._head_bytes + len(piece) if head == self._heads else 0
                if self._head_bytes >= MAX_HEAD_BYTES:
                    self._refuse()

    def on_message_begin(self) -> None:
        """Take note of a head."""
        if len(self.pipeline) >= MOST_AHEAD:
            raise _TooFarAheadError
        super().on_message_begin()
        self._in_head, self._offered = True, False
        self._since = time.monotonic()
        if self._patience is None:
            self._wait_for_head(HEAD_SECONDS)

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
        if self.is_refused:
            return
        self._offered = self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"
        if self._offered:
            return
        if self._within or self.bounds.is_probe(self.parser.get_method(), self.url, self.headers):
            super().on_headers_complete()
            self._begin_window()
            if not self._within:
                self.cycle.keep_alive = False
                self.bounds.leave(self)
        else:
            self.bounds.refuse(self)

    def on_message_complete(self) -> None:
        """Note that the body has ended."""
        self._in_head = True
        if not self._offered and not self.is_refused:
            super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Take some of the body."""
        if self.is_refused:
            return
        super().on_body(body)
        self._window_bytes += len(body)
        self._was_full = self._was_full or self.flow.read_paused
        waited = time.monotonic() - self._since
        if waited >= _SLOW_SECONDS and self._window_bytes >= self.least_rate * waited:
            self._begin_window()

    def on_response_complete(self) -> None:
        """Let go of the address and the headers, which may name a sample."""
        super().on_response_complete()
        self._since = time.monotonic()
        done = self.cycle
        if self.transport.is_closing():
            self._flush()
        if done.response_complete and self.scope is done.scope:
            self.url, self.headers = b"", []
            self.scope = done.scope = {"type": "http"}  # type: ignore[typeddict-item] # nothing of the request is kept

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

    def _wait_for_head(self, seconds: float) -> None:
        self._patience = self.loop.call_later(seconds, self._end_waiting)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _end_waiting(self) -> None:
        self._patience = None
        self.transport.close()
        self._flush()

    def _flush(self) -> None:
        """Wait for the reader of what has been written: a transport that closes would do so for ever."""
        if self._unread is None:
            self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def _stop_flushing(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _refuse(self) -> None:
        """Answer that the head is too large, and close. An answer that is on its way to the same client is cut."""
        if not self.is_refused:
            self.is_refused = True
            self.transport.write(_REFUSAL)
            self.transport.close()
