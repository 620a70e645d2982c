"""Bytes to responses and requests to bytes: the same bytes mean the same, however they are cut."""

import h11
import httpx
import pytest

from langgraph_runs._transport.http11 import ProtocolError, ResponseParser, request_head

HOST = [(b"host", b"127.0.0.1:2024")]
TARGET = b"/threads/t/runs?limit=1"


def read(pieces: list[bytes], *, hangs_up: bool = False) -> tuple[ResponseParser, bytes | None]:
    """The response after these reads, and its body; None if it is not at its end."""
    response = ResponseParser()
    body = b""
    for piece in [*pieces, b""] if hangs_up else pieces:
        response.feed(piece)
        while data := response.take():
            body += data
    return response, body if response.take() is None else None


def cuts(data: bytes) -> list[list[bytes]]:
    """The data whole, cut in two at each place, and byte by byte."""
    return [[data], *([data[:i], data[i:]] for i in range(1, len(data))), [bytes([byte]) for byte in data]]


CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-One:  a b \r\n\r\n"
    b"5;x=1\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n"
)
SIZED = b"HTTP/1.1 200 Fine by me\r\ncontent-length: 6\r\nx-one: a b\r\n\r\nhello!"
EARLIER = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"


@pytest.mark.parametrize("data", [CHUNKED, SIZED, EARLIER + CHUNKED, EARLIER + SIZED])
def test_every_cut(data: bytes) -> None:
    for pieces in cuts(data):
        response, body = read(pieces)
        assert (response.status, response.http_version, body) == (200, b"HTTP/1.1", b"hello!")
        assert response.reason == (b"OK" if b"OK" in data else b"Fine by me")
        headers = httpx.Headers(response.headers)
        assert (headers["x-one"], "link" in headers, "trailer" in headers) == ("a b", False, False)
        assert response.reusable


@pytest.mark.parametrize("head", [b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"])
def test_no_body(head: bytes) -> None:
    response, body = read([head])
    assert (body, response.reusable) == (b"", True)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokmore",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno",
    ],
)
def test_a_connection_that_can_carry_no_other(head: bytes) -> None:
    response, body = read([head])
    assert (body, response.reusable) == (b"ok", False)


def test_a_body_that_ends_with_the_connection() -> None:
    for pieces in cuts(b"HTTP/1.1 200 OK\r\n\r\nhello"):
        assert read(pieces)[1] is None
        response, body = read(pieces, hangs_up=True)
        assert (body, response.reusable) == (b"hello", False)


@pytest.mark.parametrize("data", [CHUNKED, SIZED])
def test_a_body_that_the_connection_cuts(data: bytes) -> None:
    start = data.index(b"\r\n\r\n") + 4
    for end in range(start, len(data)):
        with pytest.raises(ProtocolError):
            read([data[:end]], hangs_up=True)


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\n", EARLIER])
def test_no_response(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        read([data] if data else [], hangs_up=True)


def test_what_came_before_nonsense_is_there() -> None:
    response = ResponseParser()
    response.feed(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n")
    assert response.take() == b"hello"
    with pytest.raises(ProtocolError):
        response.take()
    assert not response.reusable


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    ],
)
def test_nonsense(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        read([data], hangs_up=True)


def test_a_head_without_end() -> None:
    response = ResponseParser()
    response.feed(b"HTTP/1.1 200 OK\r\n")
    with pytest.raises(ProtocolError):
        for number in range(10_000):
            response.feed(b"x-%d: %s\r\n" % (number, b"y" * 100))


@pytest.mark.parametrize("piece", [b"0\r\n" + b"x: y\r\n" * 10, b"1;" + b"x" * 100, b"f" * 100])
def test_a_frame_without_end(piece: bytes) -> None:
    response = ResponseParser()
    response.feed(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + piece)
    for _ in range(10_000):
        response.feed(piece[3:])
    with pytest.raises(ProtocolError):
        response.take()


def test_a_head_that_comes_with_much_of_its_body() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n"
    response, body = read([head + b"x" * 1_000_000])
    assert (len(body or b""), response.reusable) == (1_000_000, True)


def test_a_request() -> None:
    head = request_head(b"POST", TARGET, [*HOST, (b"X-One", b"a b")])
    assert head == b"POST /threads/t/runs?limit=1 HTTP/1.1\r\nhost: 127.0.0.1:2024\r\nX-One: a b\r\n\r\n"


@pytest.mark.parametrize("value", [b"a\r\nx-two: b", b"a\nb", b"a\rb", b"a\0b"])
def test_no_header_becomes_two(value: bytes) -> None:
    with pytest.raises(ProtocolError):
        request_head(b"GET", TARGET, [*HOST, (b"x-one", value)])


@pytest.mark.parametrize(
    "name", [b"", b"x one", b"x-one ", b"x:one", b"x\r\none", b"x\tone", b"x\0", b"x(1)", "ä".encode(), b"\x7f", b'"x"']
)
def test_a_name_that_is_none_is_refused_as_httpx_refuses_it(name: bytes) -> None:
    with pytest.raises(ProtocolError, match="invalid name"):
        request_head(b"GET", TARGET, [*HOST, (name, b"1")])
    with pytest.raises(h11.LocalProtocolError):
        h11.Request(method="GET", target=TARGET, headers=[*HOST, (name, b"1")])


@pytest.mark.parametrize("target", [b"", b"/a b", b"/a\r\nx: y", b"/a\tb", b"/\0", "/ä".encode(), b"/\x7f"])
def test_a_target_that_is_none_is_refused_as_httpx_refuses_it(target: bytes) -> None:
    with pytest.raises(ProtocolError, match="target"):
        request_head(b"GET", target, HOST)
    with pytest.raises(h11.LocalProtocolError):
        h11.Request(method="GET", target=target, headers=HOST)


def test_every_name_that_httpx_sends_is_sent() -> None:
    for byte in range(256):
        names = [b"x" + bytes([byte]), bytes([byte])]
        for name in names:
            try:
                h11.Request(method="GET", target=TARGET, headers=[*HOST, (name, b"1")])
            except h11.LocalProtocolError:
                continue
            assert name + b": 1\r\n" in request_head(b"GET", TARGET, [*HOST, (name, b"1")])


@pytest.mark.parametrize(
    "headers",
    [
        b"transfer-encoding: gzip, chunked\r\n",
        b"transfer-encoding: chunked\t\r\n",
        b"transfer-encoding: chunked\r\n \r\n",
        b"transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
        b"x-one: a\0b\r\n",
    ],
)
def test_what_llhttp_would_misread_is_refused(headers: bytes) -> None:
    with pytest.raises(ProtocolError):
        read([b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n5\r\nhello\r\n0\r\n\r\n"])


@pytest.mark.parametrize(
    "headers",
    [
        b"transfer-encoding: Chunked\r\n",
        b"transfer-encoding: chunked\r\ncontent-length: 3\r\n",
        b"transfer-encoding: chunked\r\nx-one: a\r\n b\r\n",
        b"transfer-encoding: chunked\r\nx-one: a\x01b\r\n",
    ],
)
def test_what_real_servers_send_is_read(headers: bytes) -> None:
    for line_end in (b"\r\n", b"\n"):
        head = (b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n").replace(b"\r\n", line_end)
        response, body = read([head + b"5  \r\nhello\r\n0\r\n\r\n"])
        assert body == b"hello"
        assert response.reusable == (b"content-length" not in headers)
