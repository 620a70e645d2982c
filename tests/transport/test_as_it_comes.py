"""HTTP/1.1 as servers send it: read as httpx's own transport reads it, or refused for a reason that stands here."""

import asyncio
import random

import httpx
import pytest

from langgraph_runs._transport import HTTPTransport
from tests.support.network import LoopServer, read_request, write
from tests.transport.test_differential import both, split

OK = b"HTTP/1.1 200 OK\r\n"
SIZED = b"content-length: 5\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n"
CHUNKS = b"\r\n5\r\nhello\r\n0\r\n\r\n"
HELLO = OK + SIZED + b"\r\nhello"


def chunks(size: bytes, *, after: bytes = b"0\r\n\r\n") -> bytes:
    return OK + CHUNKED + b"\r\n" + size + b"\r\nhello\r\n" + after


AS_HTTPX = {
    "a folded value": OK + b"x-a: b\r\n  c\r\n" + SIZED + b"\r\nhello",
    "a folded length": OK + b"content-length:\r\n 5\r\n\r\nhello",
    "a length of two lines": OK + b"content-length: 5\r\n 0\r\n\r\nhello",
    "a folded encoding": OK + b"transfer-encoding:\r\n\tchunked\r\n" + CHUNKS,
    "spaces after a chunk's size": chunks(b"5  "),
    "a tab after a chunk's size": chunks(b"5\t"),
    "zeros before a chunk's size": chunks(b"0000000000000005"),
    "an extension": chunks(b'5;a=b;c="d e"', after=b"0;x\r\n\r\n"),
    "an extension between spaces": chunks(b"5 ; a = b"),
    "a space before a chunk's size": chunks(b" 5"),
    "a chunk's size with a prefix": chunks(b"0x5"),
    "a chunk's size with a sign": chunks(b"-5"),
    "no chunk's size": chunks(b""),
    "a chunk's size of 64 bits": chunks(b"ffffffffffffffff"),
    "a chunk's size of 68 bits": chunks(b"fffffffffffffffff"),
    "a chunk that is longer than its size": chunks(b"4"),
    "a chunk that is shorter than its size": chunks(b"7"),
    "trailers": chunks(b"5", after=b"0\r\ncontent-length: 9\r\nx: y\r\n\r\n"),
    "trailers without a colon": chunks(b"5", after=b"0\r\nx\r\n\r\n"),
    "no end after the last chunk": chunks(b"5", after=b"0\r\n"),
    "two lengths": OK + SIZED + b"content-length: 6\r\n\r\nhello",
    "two lengths in one header": OK + b"content-length: 5, 6\r\n\r\nhello",
    "a length with a zero before it": OK + b"content-length: 05\r\n\r\nhello",
    "a length with a sign": OK + b"content-length: +5\r\n\r\nhello",
    "an empty length": OK + b"content-length:\r\n\r\nhello",
    "a length of 65 bits": OK + b"content-length: 18446744073709551616\r\n\r\nhello",
    "a length between tabs": OK + b"content-length:\t5\t\r\n\r\nhello",
    "a length beside chunks": OK + b"content-length: 3\r\n" + CHUNKED + CHUNKS,
    "a length after chunks": OK + CHUNKED + b"content-length: 3\r\n" + CHUNKS,
    "two lengths beside chunks": OK + CHUNKED + SIZED + b"content-length: 6\r\n" + CHUNKS,
    "Chunked": OK + b"Transfer-Encoding: Chunked\r\n" + CHUNKS,
    "a tab before chunked": OK + b"transfer-encoding:\tchunked\r\n" + CHUNKS,
    "chunked twice": OK + CHUNKED + CHUNKED + CHUNKS,
    "chunked, chunked": OK + b"transfer-encoding: chunked, chunked\r\n" + CHUNKS,
    "gzip, chunked": OK + b"transfer-encoding: gzip, chunked\r\n" + CHUNKS,
    "gzip": OK + b"transfer-encoding: gzip\r\n\r\nhello",
    "identity": OK + b"transfer-encoding: identity\r\n" + SIZED + b"\r\nhello",
    "no transfer encoding": OK + b"transfer-encoding:\r\n\r\nhello",
    "a space after transfer-encoding": OK + b"transfer-encoding : chunked\r\n" + CHUNKS,
    "a space after content-length": OK + b"content-length : 5\r\n\r\nhello",
    "chunks of HTTP/1.0": b"HTTP/1.0 200 OK\r\n" + CHUNKED + CHUNKS,
    "NUL in the reason": b"HTTP/1.1 200 O\0K\r\n" + SIZED + b"\r\nhello",
    "a control character in the reason": b"HTTP/1.1 200 O\x01K\r\n" + SIZED + b"\r\nhello",
    "a carriage return in the reason": b"HTTP/1.1 200 O\rK\r\n" + SIZED + b"\r\nhello",
    "other letters in the reason": b"HTTP/1.1 200 \xc3\xa4\xff\r\n" + SIZED + b"\r\nhello",
    "no reason": b"HTTP/1.1 200\r\n" + SIZED + b"\r\nhello",
    "a status of two digits": b"HTTP/1.1 20 OK\r\n" + SIZED + b"\r\nhello",
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n" + SIZED + b"\r\nhello",
    "status 99": b"HTTP/1.1 099 OK\r\n" + SIZED + b"\r\nhello",
    "status 999": b"HTTP/1.1 999 OK\r\n" + SIZED + b"\r\nhello",
    "100": b"HTTP/1.1 100 Continue\r\n\r\n" + HELLO,
    "100 with a length": b"HTTP/1.1 100 Continue\r\ncontent-length: 3\r\n\r\n" + HELLO,
    "100 with chunks": b"HTTP/1.1 100 Continue\r\n" + CHUNKED + b"\r\n" + HELLO,
    "102, 103 and 199": b"".join(b"HTTP/1.1 %d X\r\nlink: x\r\n\r\n" % status for status in (102, 103, 199)) + HELLO,
    "100 and no more": b"HTTP/1.1 100 Continue\r\n\r\n",
    "101": b"HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello",
    "101 without its headers": b"HTTP/1.1 101 X\r\n\r\n" + HELLO,
    "an upgrade that is offered": OK + b"connection: upgrade\r\nupgrade: h2c\r\n" + SIZED + b"\r\nhello",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n" + SIZED + b"\r\nhello",
    "HTTP/1.0 without a length": b"HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n\r\nhello",
    "no framing": OK + b"\r\nhello",
    "another protocol": b"ICY 200 OK\r\n" + SIZED + b"\r\nhello",
    "204": b"HTTP/1.1 204 X\r\n\r\n",
    "204 with a body": b"HTTP/1.1 204 X\r\n" + SIZED + b"\r\nhello",
    "204 with chunks": b"HTTP/1.1 204 X\r\n" + CHUNKED + CHUNKS,
    "304 with a length": b"HTTP/1.1 304 X\r\n" + SIZED + b"\r\n",
    "304 with a body": b"HTTP/1.1 304 X\r\n" + SIZED + b"\r\nhello",
    "bare line feeds": HELLO.replace(b"\r", b""),
    "bare carriage returns": HELLO.replace(b"\n", b""),
    "a carriage return in a value": OK + b"x: a\rb\r\n" + SIZED + b"\r\nhello",
    "a control character in a value": OK + b"x: a\x01\x7fb\r\n" + SIZED + b"\r\nhello",
    "NUL in a value": OK + b"x: a\0b\r\n" + SIZED + b"\r\nhello",
    "other letters in a value": OK + b"x: \xc3\xa4\xff\r\n" + SIZED + b"\r\nhello",
    "other letters in a name": OK + b"\xc3\xa4: x\r\n" + SIZED + b"\r\nhello",
    "a space in a name": OK + b"a b: x\r\n" + SIZED + b"\r\nhello",
    "a space after a name": OK + b"a : x\r\n" + SIZED + b"\r\nhello",
    "no name": OK + b": x\r\n" + SIZED + b"\r\nhello",
    "no colon": OK + b"x\r\n" + SIZED + b"\r\nhello",
    "a space before it": b" " + HELLO,
    "HTML alone": b"<html>hello</html>",
    "nothing": b"",
    "half a head": HELLO[:25],
    "half a body": HELLO[:-2],
    "another response after it": HELLO + HELLO,
    "nonsense after it": HELLO + b"\r\nnonsense\r\n",
}
REFUSED = {
    "llhttp takes no space before an extension's name": chunks(b"5; a=b"),
    "llhttp takes no extension without a name": chunks(b"5;"),
    "a length that is given twice may be an attack, even if both are equal": OK + SIZED + SIZED + b"\r\nhello",
    "as two equal lengths": OK + b"content-length: 5, 5\r\n\r\nhello",
    "a length must end on its line": OK + b"content-length: 5\r\n \r\n\r\nhello",
    "llhttp reads chunks as the body after a tab": OK + b"transfer-encoding: chunked\t\r\n" + CHUNKS,
    "it does so after a fold, which then looks like a space": OK + b"transfer-encoding: chunked\r\n \r\n" + CHUNKS,
    "so a space is refused too": OK + b"transfer-encoding: chunked \r\n" + CHUNKS,
    "nothing may follow an announced end": b"HTTP/1.1 100 Continue\r\nconnection: close\r\n\r\n" + HELLO,
    "HTTP/1.0 has no informational responses": b"HTTP/1.0 100 Continue\r\n\r\n" + HELLO,
    "there is no such version": b"HTTP/1.2 200 OK\r\n" + SIZED + b"\r\nhello",
}
READ = {
    "empty lines may come first (RFC 9112, 2.2)": b"\r\n\r\n" + HELLO,
    "a space in front of the first header means nothing": OK + b" x: y\r\n" + SIZED + b"\r\nhello",
    "spaces may come before an extension (RFC 9112, 7.1.1)": chunks(b"5 ;a=b"),
    "trailers are dropped": chunks(b"5", after=b"0\r\ntransfer-encoding: gzip\r\nx: a\0b\r\n\r\n"),
    "a line feed alone may end a chunk, as it may end a header": OK + CHUNKED + b"\r\n5\r\nhello\n0\r\n\r\n",
    "RTSP has responses of the same form": HELLO.replace(b"HTTP/1.1", b"RTSP/1.0"),
}


@pytest.mark.parametrize("data", AS_HTTPX.values(), ids=AS_HTTPX)
def test_it_is_read_as_httpx_reads_it(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for pieces in splits(data):
        ours, theirs = both(pieces, monkeypatch)
        assert ours == theirs
        assert ours == "refused" or ours[2] in {b"hello", b""}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_it_is_refused_though_httpx_reads_it(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for pieces in splits(data):
        ours, theirs = both(pieces, monkeypatch)
        assert (ours, theirs[2]) == ("refused", b"hello")


@pytest.mark.parametrize("data", READ.values(), ids=READ)
def test_it_is_read_though_httpx_refuses_it(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for pieces in splits(data):
        ours, theirs = both(pieces, monkeypatch)
        assert (ours[2], theirs) == (b"hello", "refused")


def splits(data: bytes) -> list[list[bytes]]:
    rng = random.Random(1)
    return [[data] if data else [], *(split(rng, data) for _ in range(10)), [bytes([byte]) for byte in data]]


KEPT = {
    **{name: AS_HTTPX[name] for name in ("a folded value", "an extension", "trailers", "Chunked")},
    **{name: AS_HTTPX[name] for name in ("102, 103 and 199", "204", "304 with a length")},
    "HTTP/1.0 that is kept": b"HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n" + SIZED + b"\r\nhello",
}
SPOILT = {
    **{name: AS_HTTPX[name] for name in ("a length beside chunks", "204 with a body", "304 with a body", "HTTP/1.0")},
    **{name: AS_HTTPX[name] for name in ("another response after it", "nonsense after it")},
    "an announced end": OK + b"connection: close\r\n" + SIZED + b"\r\nhello",
    "an announced end in a list": OK + b"Connection: x,\tClose\r\n" + SIZED + b"\r\nhello",
    "an announced end before a tab": OK + b"connection: close\t\r\n" + SIZED + b"\r\nhello",
    "an announced end before a fold": OK + b"connection: close\r\n \r\n" + SIZED + b"\r\nhello",
}


@pytest.mark.parametrize(
    ("data", "asked", "connections"),
    [
        *((data, "keep-alive", 1) for data in KEPT.values()),
        *((data, "keep-alive", 2) for data in SPOILT.values()),
        *((KEPT["an extension"], asked, 2) for asked in ("close", "x, Close")),
    ],
    ids=[*KEPT, *SPOILT, "asked to close", "asked to close in a list"],
)
def test_a_connection_is_kept_unless_it_is_spoilt(data: bytes, asked: str, connections: int) -> None:
    with FirstAndRest(data) as server, httpx.Client(transport=HTTPTransport()) as client:
        url = f"http://127.0.0.1:{server.port}"
        assert client.get(url, headers={"connection": asked}).content in {b"hello", b""}
        assert client.get(url).content == b"the rest"
        assert server.accepted == connections


class FirstAndRest(LoopServer):
    """Responds to the first request with these bytes, and properly to all others; it closes no connection."""

    def __init__(self, first: bytes) -> None:
        super().__init__()
        self.first = first

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            data, self.first = self.first, b""
            await write(writer, data or b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nthe rest")
