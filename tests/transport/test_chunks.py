"""Chunks that are taken out before h11 sees them: it makes no difference to what an answer says."""

from collections.abc import Sequence

import h11
import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from langgraph_runs.answers import MAX_HEAD_SIZE, H11Answer
from tests.support.cuts import pieces

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HEADS = [
    HEAD,
    b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD,
    b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n\r\n",
    LINE_FEEDS := b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n",
]
FRAMES = [
    *(b"%x\r\n%b\r\n" % (size, b"abcdefghijklmnopq"[:size]) for size in (1, 5, 16)),
    b"A\r\n0123456789\r\n",
    b"400\r\n" + b"y" * 1024 + b"\r\n",
    b"4\r\n\r\n\r\n\r\n",  # the data may look like framing
    b"5\r\n1\r\nab\r\n",
    FRAME_WITHIN := b"b\r\nx\r\n\r\n1\r\na\r\n\r\n",
    b"000005\r\nhello\r\n",
    b"5;x=1\r\nhello\r\n",
    b"5 \r\nhello\r\n",
    b"5\r\nhello",
    b"5\r\nhello\n\n",
    b"5\r\nhello\r",
    b"5\nhello\n",
    b"0x5\r\nhello\r\n",
    b"+5\r\nhello\r\n",
    b"-1\r\n",
    b"\r\n",
    b"fffffff\r\n",
    b"ffffffffffffffff\r\n",
    b"x",
    b"0\r\nTrailer: x\r\n\r\n",
]
END = b"0\r\n\r\n"
PLAIN = FRAMES[:8]
CUTS = st.lists(st.integers(0, 3000), max_size=30) | st.just(range(3000))


def by_h11(reads: list[bytes]) -> tuple[bytes, str, bool]:
    """What h11 alone makes of it: the body, how it goes on, and whether another answer may follow."""
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_SIZE)
    connection.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    connection.send(h11.EndOfMessage())
    body = b""
    try:
        for read in reads:
            connection.receive_data(read)
            while (event := connection.next_event()) is not h11.NEED_DATA:
                if isinstance(event, h11.Data):
                    body += event.data
                elif isinstance(event, h11.EndOfMessage):
                    more = connection.trailing_data[0]
                    return body, "ends", connection.their_state is h11.DONE and read != b"" and not more
    except h11.RemoteProtocolError:
        return body, "fails", False
    return body, "goes on", False


def by_us(reads: list[bytes]) -> tuple[bytes, str, bool]:
    answer = H11Answer("GET", b"/", [(b"host", b"x")], b"")
    body = b""
    try:
        for read in reads:
            answer.feed(read)
            while data := answer.take():
                body += data
            if answer.take() is None:
                return body, "ends", answer.reusable
    except httpx.RemoteProtocolError:
        return body, "fails", answer.reusable
    return body, "goes on", answer.reusable


def compare(answer: bytes, cuts: Sequence[int], *, hangs_up: bool) -> None:
    reads = [piece for piece in pieces(answer, cuts) if piece]
    if hangs_up:
        reads.append(b"")
    assert by_us(reads) == by_h11(reads)


@settings(max_examples=300, deadline=None)
@given(frames=st.lists(st.sampled_from(PLAIN), max_size=20), end=st.sampled_from([b"", END]), cuts=CUTS, hangs_up=...)
def test_plain_chunks(frames: list[bytes], end: bytes, cuts: Sequence[int], hangs_up: bool) -> None:
    compare(HEAD + b"".join(frames) + end, cuts, hangs_up=hangs_up)


@settings(max_examples=1000, deadline=None)
@given(
    head=st.sampled_from(HEADS),
    frames=st.lists(st.sampled_from(FRAMES + PLAIN + [END]), max_size=12),
    cuts=CUTS,
    hangs_up=...,
)
@example(head=LINE_FEEDS, frames=[FRAME_WITHIN, END], cuts=[], hangs_up=False)
@example(head=HEAD, frames=[FRAME_WITHIN, END], cuts=[len(HEAD) + 4, len(HEAD) + 8], hangs_up=False)
def test_any_frames(head: bytes, frames: list[bytes], cuts: Sequence[int], hangs_up: bool) -> None:
    compare(head + b"".join(frames), cuts, hangs_up=hangs_up)
