"""The readers of answers: the same bytes say the same to both, however they are cut."""

import httpx
import pytest

from langgraph_runs.answers import Answer, H11Answer
from langgraph_runs.llhttp import LlhttpAnswer

READERS = [H11Answer, LlhttpAnswer]
HOST = [(b"host", b"127.0.0.1:2024")]
TARGET = b"/threads/t/runs?limit=1"

pytestmark = pytest.mark.parametrize("reader", READERS)


def read(reader: type[Answer], pieces: list[bytes], *, hangs_up: bool = False) -> tuple[Answer, bytes | None]:
    """The answer after these reads, and its body; None if it is not at its end."""
    answer = reader("GET", TARGET, HOST, b"")
    body = b""
    for piece in [*pieces, b""] if hangs_up else pieces:
        answer.feed(piece)
        while data := answer.take():
            body += data
    return answer, body if answer.take() is None else None


def cuts(data: bytes) -> list[list[bytes]]:
    """The data whole, cut in two at each place, and byte by byte."""
    return [[data], *([data[:i], data[i:]] for i in range(1, len(data))), [bytes([byte]) for byte in data]]


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-One:  a b \r\n\r\n5;x=1\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n"
SIZED = b"HTTP/1.1 200 Fine by me\r\ncontent-length: 6\r\nx-one: a b\r\n\r\nhello!"
EARLIER = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"


@pytest.mark.parametrize("data", [CHUNKED, SIZED, EARLIER + CHUNKED, EARLIER + SIZED])
def test_every_cut(reader: type[Answer], data: bytes) -> None:
    for pieces in cuts(data):
        answer, body = read(reader, pieces)
        assert (answer.status, answer.http_version, body) == (200, b"HTTP/1.1", b"hello!")
        assert answer.reason == (b"OK" if b"OK" in data else b"Fine by me")
        headers = httpx.Headers(answer.headers)
        assert (headers["x-one"], "link" in headers, "trailer" in headers) == ("a b", False, False)
        assert answer.reusable


@pytest.mark.parametrize("head", [b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"])
def test_no_body(reader: type[Answer], head: bytes) -> None:
    answer, body = read(reader, [head])
    assert (body, answer.reusable) == (b"", True)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokmore",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno",
    ],
)
def test_a_connection_that_can_carry_no_other(reader: type[Answer], head: bytes) -> None:
    answer, body = read(reader, [head])
    assert (body, answer.reusable) == (b"ok", False)


def test_a_body_that_ends_with_the_connection(reader: type[Answer]) -> None:
    for pieces in cuts(b"HTTP/1.1 200 OK\r\n\r\nhello"):
        assert read(reader, pieces)[1] is None
        answer, body = read(reader, pieces, hangs_up=True)
        assert (body, answer.reusable) == (b"hello", False)


@pytest.mark.parametrize("data", [CHUNKED, SIZED])
def test_a_body_that_the_connection_cuts(reader: type[Answer], data: bytes) -> None:
    start = data.index(b"\r\n\r\n") + 4
    for end in range(start, len(data)):
        with pytest.raises(httpx.RemoteProtocolError):
            read(reader, [data[:end]], hangs_up=True)


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\n", EARLIER])
def test_no_answer(reader: type[Answer], data: bytes) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        read(reader, [data] if data else [], hangs_up=True)


def test_what_came_before_nonsense_is_there(reader: type[Answer]) -> None:
    answer = reader("GET", TARGET, HOST, b"")
    answer.feed(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n")
    assert answer.take() == b"hello"
    with pytest.raises(httpx.RemoteProtocolError):
        answer.take()
    assert not answer.reusable


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
def test_nonsense(reader: type[Answer], data: bytes) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        read(reader, [data], hangs_up=True)


def test_a_head_without_end(reader: type[Answer]) -> None:
    answer = reader("GET", TARGET, HOST, b"")
    answer.feed(b"HTTP/1.1 200 OK\r\n")
    with pytest.raises(httpx.RemoteProtocolError):
        for number in range(10_000):
            answer.feed(b"x-%d: %s\r\n" % (number, b"y" * 100))


@pytest.mark.parametrize("piece", [b"0\r\n" + b"x: y\r\n" * 10, b"1;" + b"x" * 100, b"f" * 100])
def test_a_frame_without_end(reader: type[Answer], piece: bytes) -> None:
    answer = reader("GET", TARGET, HOST, b"")
    answer.feed(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + piece)
    for _ in range(10_000):
        answer.feed(piece[3:])
    with pytest.raises(httpx.RemoteProtocolError):
        answer.take()


def test_a_head_that_comes_with_much_of_its_body(reader: type[Answer]) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n"
    answer, body = read(reader, [head + b"x" * 1_000_000])
    assert (len(body or b""), answer.reusable) == (1_000_000, True)


def test_what_is_sent(reader: type[Answer]) -> None:
    head, _, content = reader("POST", TARGET, [*HOST, (b"x-one", b"a b")], b"{}").sent.partition(b"\r\n\r\n")
    first, *headers = head.split(b"\r\n")
    assert (first, content) == (b"POST /threads/t/runs?limit=1 HTTP/1.1", b"{}")
    assert sorted(line.lower() for line in headers) == [b"content-length: 2", b"host: 127.0.0.1:2024", b"x-one: a b"]


@pytest.mark.parametrize(
    ("method", "content", "length"),
    [("POST", b"{}", [b"content-length: 2"]), ("POST", b"", [b"content-length: 0"]), ("GET", b"", [])],
)
@pytest.mark.parametrize("told", [(b"Transfer-Encoding", b"chunked"), (b"content-length", b"5")])
def test_how_long_the_content_is_is_told_as_it_is(
    reader: type[Answer], method: str, content: bytes, length: list[bytes], told: tuple[bytes, bytes]
) -> None:
    head, _, sent = reader(method, TARGET, [*HOST, told], content).sent.partition(b"\r\n\r\n")
    assert sent == content
    assert sorted(head.lower().split(b"\r\n")[1:]) == [*length, b"host: 127.0.0.1:2024"]


@pytest.mark.parametrize("value", [b"a\r\nx-two: b", b"a\nb", b"a\rb", b"a\0b"])
def test_no_header_becomes_two(reader: type[Answer], value: bytes) -> None:
    with pytest.raises(httpx.LocalProtocolError):
        reader("GET", TARGET, [*HOST, (b"x-one", value)], b"")
