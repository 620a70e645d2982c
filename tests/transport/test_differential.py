"""Compared with httpx's own transport: if both accept a response, the results are equal, however it is split."""

import random
import ssl
from collections.abc import Iterator
from typing import Any

import httpcore
import httpx
import pytest

from langgraph_runs._transport import HTTPTransport, synchronization
from langgraph_runs._transport._sync import pool

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # not used, but loading certificates takes long
Outcome = tuple[int, list[tuple[bytes, bytes]], bytes] | str


class Pieces(httpcore.NetworkStream):
    """A connection that brings these pieces, one a read, and then its end."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        assert timeout == 5
        if not self._pieces:
            return b""
        first, self._pieces[0] = self._pieces[0][:max_bytes], self._pieces[0][max_bytes:]
        if not self._pieces[0]:
            del self._pieces[0]
        return first

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        pass

    def close(self) -> None:
        self._pieces = []

    def get_extra_info(self, info: str) -> Any:
        return bool(self._pieces) if info == "is_readable" else None


class Backend(httpcore.NetworkBackend):
    """Connects to such a connection."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces

    def connect_tcp(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        return Pieces([*self.pieces])


def outcome(transport: httpx.HTTPTransport) -> Outcome:
    """What a client with this transport gets."""
    with httpx.Client(transport=transport) as client:
        try:
            with client.stream("GET", "http://server/") as response:
                body = b"".join(response.iter_raw())
        except httpx.RemoteProtocolError:
            return "refused"
        # h11 writes names and the value `chunked` in lower case, and a folded value with single spaces.
        headers = [(name.lower(), b" ".join(value.split())) for name, value in response.headers.raw]
        headers = [(name, value.lower() if name == b"transfer-encoding" else value) for name, value in headers]
        return response.status_code, headers, body


def both(pieces: list[bytes], monkeypatch: pytest.MonkeyPatch) -> tuple[Outcome, Outcome]:
    """What our transport and httpx's own make of the same reads."""
    monkeypatch.setattr(synchronization, "readability", lambda _: lambda _: True)  # there is no socket to wait for
    theirs = httpx.HTTPTransport(verify=TLS)
    monkeypatch.setattr(theirs._pool, "_network_backend", Backend(pieces))
    monkeypatch.setattr(pool, "connect", lambda *_: Pieces([*pieces]))
    return outcome(HTTPTransport(verify=TLS)), outcome(theirs)


def test_valid_responses(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(1)
    for _ in range(400):
        data = response(rng)
        ours, theirs = both(split(rng, data), monkeypatch)
        assert ours == theirs != "refused", data


def test_mutated_responses(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(2)
    accepted = 0
    for _ in range(3000):
        data = mutated(rng, response(rng))
        ours, theirs = both(split(rng, data), monkeypatch)
        if "refused" not in (ours, theirs):
            accepted += 1
            assert ours == theirs, data
    assert accepted > 500


def response(rng: random.Random) -> bytes:
    """A valid response, with what servers and proxies do to one."""
    body = rng.randbytes(rng.choice([0, 1, 5, 100, 70_000]))
    status = rng.choice([b"200 OK", b"202 Accepted", b"404 Not Found", b"500 ", b"299 Fine  by me"])
    headers = [
        b"content-type: text/event-stream",
        b"X-Empty:",
        b"x-spaces:   a  b  ",
        b"set-cookie: a=b",
        b"set-cookie: c=d",
    ]
    headers = rng.sample(headers, rng.randrange(len(headers)))
    framing = rng.choice(["sized", "chunked", "unframed"])
    if framing == "sized":
        headers.append(b"Content-Length: %d" % len(body))
    elif framing == "chunked":
        headers.append(rng.choice([b"Transfer-Encoding: chunked", b"transfer-encoding: Chunked"]))
        body = b"".join(chunks(rng, body))
    rng.shuffle(headers)
    early = rng.choice([b"", b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"])
    return early + b"\r\n".join([b"HTTP/1.1 " + status, *headers, b"", body])


def chunks(rng: random.Random, body: bytes) -> Iterator[bytes]:
    """The body in chunked encoding."""
    while body:
        size = rng.randint(1, len(body))
        yield rng.choice([b"%x\r\n", b"%X\r\n", b"00%x\r\n", b"%x  \r\n"]) % size + body[:size] + b"\r\n"
        body = body[size:]
    yield rng.choice([b"0\r\n\r\n", b"0\r\ntrailer: x\r\n\r\n"])


def mutated(rng: random.Random, data: bytes) -> bytes:
    """The response with some bytes changed, taken out or doubled, mostly in its head."""
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4])):
        place = rng.randrange(min(len(changed), rng.choice([40, 200, 100_000])))
        match rng.randrange(4):
            case 0:
                changed[place] = rng.choice(b"\r\n\0\t :;,0159afx\xff\x01")
            case 1:
                del changed[place : place + rng.choice([1, 2, 10])]
            case 2:
                changed[place:place] = changed[place : place + rng.choice([1, 2, 30])]
            case _:
                changed[place:place] = rng.choice([b"\r\n", b"\n", b" ", b"\t", b"\r\n ", b"content-length: 3\r\n"])
    return bytes(changed) or b"x"


def split(rng: random.Random, data: bytes) -> list[bytes]:
    """The bytes in reads of random sizes."""
    most = rng.choice([1, 10, 1000, 200_000]) if len(data) < 1000 else rng.choice([1000, 200_000])
    pieces = []
    while data:
        size = rng.randint(1, most)
        pieces.append(data[:size])
        data = data[size:]
    return pieces
