"""Requests over a plain socket: the time from the last byte of an upload to its answer, and the number of requests a second."""

import socket
import threading
import time
from pathlib import Path

from performance.service import Running

GIGABIT = 125_000_000
_PIECE = 2**18


def upload(server: Running, data: bytes, *, rate: float = GIGABIT, address: str = "/v1/reports") -> tuple[float, float]:
    """Send a body at ``rate`` bytes a second at most; return the seconds of sending, and from its last byte to the end of the answer."""
    with connection(server) as link:
        link.sendall(head(address, len(data)))
        began = time.perf_counter()
        for start in range(0, len(data), _PIECE):
            link.sendall(data[start : start + _PIECE])
            ahead = began + (start + _PIECE) / rate - time.perf_counter()
            if ahead > 0.001:
                time.sleep(ahead)
        sent = time.perf_counter()
        answer = b""
        while piece := link.recv(2**20):
            answer += piece
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer[:200].decode())
        return sent - began, time.perf_counter() - sent


def throughput(server: Running, data: bytes, *, clients: int, seconds: float) -> float:
    """Return the answered requests a second of several clients, with one connection for each request."""
    done = [0] * clients
    stop = time.perf_counter() + seconds

    def ask(number: int) -> None:
        while time.perf_counter() < stop:
            upload(server, data, rate=float("inf"))
            done[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def connection(server: Running) -> socket.socket:
    """Return a new connection to the server."""
    address = server.client.base_url
    return socket.create_connection((address.host, address.port or 80), timeout=120)


def head(address: str, length: int) -> bytes:
    """Return the head of a request that ends its connection."""
    return f"POST {address} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n".encode()


def memory(server: Running, field: str) -> int:
    """Return a figure of the server process in bytes: ``VmRSS`` now, ``VmHWM`` at its highest."""
    lines = Path(f"/proc/{server.pid}/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1]) * 1024
