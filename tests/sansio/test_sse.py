"""The rules of event streams, one by one; then anything, cut anywhere, against a decoder too simple to be wrong."""

import collections
import itertools
import random
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from langgraph_runs._sansio import sse
from langgraph_runs._sansio.sse import EventTooLongError, SSEDecoder
from tests.support.cuts import pieces
from tests.support.recordings import Recording, load_recordings

Decoded = tuple[str, bytes, str | None]

STREAMS = [recording for recording in load_recordings() if "event-stream" in (recording.header("content-type") or "")]
LINE_ENDS = [b"\n", b"\r\n", b"\r"]


def feed(decoder: SSEDecoder, chunk: bytes) -> Iterator[Decoded]:
    for event, data, id in decoder.feed(chunk):
        yield event, bytes(data), id


def decode(chunks: Iterable[bytes], decoder: SSEDecoder | None = None) -> list[Decoded]:
    decoder = decoder or SSEDecoder()
    decoded: list[Decoded] = []
    for chunk in chunks:
        decoded += feed(decoder, chunk)
    return decoded


def each_byte(body: bytes) -> list[bytes]:
    return pieces(body, range(len(body)))


class Reference:
    """Reads the body byte by byte and line by line, as the standard words it."""

    def __init__(self, body: bytes) -> None:
        self.events: list[Decoded] = []
        self.longest = 0
        self.retry: int | None = None
        self.comments = 0
        self.id: str | None = None
        self.name, self.data = b"", list[bytes]()
        size = 0
        for line, complete in self.lines(body.removeprefix(b"\xef\xbb\xbf")):
            size += len(line) + (complete and bool(line))
            self.longest = max(self.longest, size)
            if not complete:
                break
            if line:
                self.field(line)
            else:
                size = 0
                self.dispatch()

    @staticmethod
    def lines(body: bytes) -> Iterator[tuple[bytes, bool]]:
        line = bytearray()
        previous = 0
        for byte in body:
            if byte == ord("\r") or (byte == ord("\n") and previous != ord("\r")):
                yield bytes(line), True
                line.clear()
            elif byte != ord("\n"):
                line.append(byte)
            previous = byte
        yield bytes(line), False

    def field(self, line: bytes) -> None:
        if line[0] == ord(":"):
            self.comments += 1
            return
        field, colon, value = line.partition(b":")
        if colon and value[:1] == b" ":
            value = value[1:]
        match field:
            case b"event":
                self.name = value
            case b"data":
                self.data.append(value)
            case b"id" if b"\0" not in value:
                self.id = value.decode(errors="replace")
            case b"retry" if value and all(byte in b"0123456789" for byte in value) and len(value) <= 15:
                self.retry = int(value)
            case _:
                pass

    def dispatch(self) -> None:
        if self.data:
            self.events.append((self.name.decode(errors="replace") or "message", b"\n".join(self.data), self.id))
        self.name, self.data = b"", []


RULES: dict[str, tuple[bytes, list[Decoded]]] = {
    "an event without a name is a message": (b"data: 1\n\n", [("message", b"1", None)]),
    "an empty name is none": (b"event:\ndata: 1\n\n", [("message", b"1", None)]),
    "fields in any order": (b"id: a\ndata: 1\nevent: x\n\n", [("x", b"1", "a")]),
    "the last name counts": (b"event: a\nevent: b\ndata: 1\n\n", [("b", b"1", None)]),
    "a name is for one event": (b"event: a\ndata: 1\n\ndata: 2\n\n", [("a", b"1", None), ("message", b"2", None)]),
    "a name without data is dropped": (b"event: a\n\ndata: 2\n\n", [("message", b"2", None)]),
    "data on many lines": (b"data: 1\ndata: 2\ndata:3\n\n", [("message", b"1\n2\n3", None)]),
    "data apart": (b"data: 1\nid: 7\ndata: 2\n\n", [("message", b"1\n2", "7")]),
    "empty data is data": (b"data:\n\n", [("message", b"", None)]),
    "data without a colon is empty data": (b"data\n\n", [("message", b"", None)]),
    "two empty lines of data": (b"data\ndata\n\n", [("message", b"\n", None)]),
    "one space after the colon goes": (b"data:  a \n\n", [("message", b" a ", None)]),
    "no other white space goes": (b"data:\ta\n\n", [("message", b"\ta", None)]),
    "a space before the colon makes another field": (b"data : 1\n\n", []),
    "names are case-sensitive": (b"Data: 1\nDATA: 2\n\n", []),
    "colons in values stay": (b"data: a: b:\n\n", [("message", b"a: b:", None)]),
    "unknown fields are passed over": (b"foo: 1\nfoo\ndata: 2\ndatum: 3\n\n", [("message", b"2", None)]),
    "comments are passed over": (b": hi\n:\ndata: 1\n:data: 2\n\n", [("message", b"1", None)]),
    "blank lines alone are nothing": (b"\n\n\r\n\r\rdata: 1\n\n\n\n", [("message", b"1", None)]),
    "an id stays": (b"id: 1\ndata: a\n\ndata: b\n\n", [("message", b"a", "1"), ("message", b"b", "1")]),
    "an empty id resets": (b"id: 1\ndata: a\n\nid:\ndata: b\n\n", [("message", b"a", "1"), ("message", b"b", "")]),
    "an id without a colon resets": (
        b"id: 1\ndata: a\n\nid\ndata: b\n\n",
        [("message", b"a", "1"), ("message", b"b", "")],
    ),
    "an id with a NUL is none": (b"id: 1\nid: 2\0\ndata: a\n\n", [("message", b"a", "1")]),
    "an id without data sticks": (b"id: 1\n\ndata: a\n\n", [("message", b"a", "1")]),
    "an id is any text": ("id: ä ☃\ndata: a\n\n".encode(), [("message", b"a", "ä ☃")]),
    "a block that is cut is none": (b"data: 1\n\ndata: 2\n", [("message", b"1", None)]),
    "a line that is cut is none": (
        b"data: 1\n\ndata: 2\n\ndata: 3",
        [("message", b"1", None), ("message", b"2", None)],
    ),
    "a byte order mark goes": (b"\xef\xbb\xbfdata: 1\n\n", [("message", b"1", None)]),
    "one byte order mark goes": (b"\xef\xbb\xbf\xef\xbb\xbfdata: 1\n\n", []),
    "a byte order mark further on stays": (b"\n\xef\xbb\xbfdata: 1\n\n", []),
    "half a byte order mark stays": (b"\xef\xbbdata: 1\n\ndata: 2\n\n", [("message", b"2", None)]),
    "names that are no UTF-8": (b"event: \xff\ndata: \xff\nid: \xe4\n\n", [("\ufffd", b"\xff", "\ufffd")]),
    "other controls end no line": (b"data: a\x0b\x0c\x1c\x85b\n\n", [("message", b"a\x0b\x0c\x1c\x85b", None)]),
    "a ticker": (
        b"data: YHOO\ndata: +2\ndata: 10\n\n",
        [("message", b"YHOO\n+2\n10", None)],
    ),
    "comment, event with id, event that resets it, event with a leading space": (
        b": a stream to try\n\ndata: the first\nid: 1\n\ndata:the second\nid\n\ndata:  the third\n\n",
        [("message", b"the first", "1"), ("message", b"the second", ""), ("message", b" the third", "")],
    ),
    "two events of nothing, and one that never ends": (
        b"data\n\ndata\ndata\n\ndata:",
        [("message", b"", None), ("message", b"\n", None)],
    ),
    "a space makes no difference": (b"data:same\n\ndata: same\n\n", [("message", b"same", None)] * 2),
}


@pytest.mark.parametrize(("body", "events"), RULES.values(), ids=RULES.keys())
@pytest.mark.parametrize("end", LINE_ENDS, ids=["lf", "crlf", "cr"])
def test_rules(body: bytes, events: list[Decoded], end: bytes) -> None:
    body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", end)
    assert decode([body]) == events
    assert decode(each_byte(body)) == events
    assert Reference(body).events == events


@pytest.mark.parametrize("seen", [b"", b"event: values\ndata: 1\n\n"], ids=["first", "later"])
def test_a_line_of_one_character_says_nothing(seen: bytes) -> None:
    for number in set(range(256)) - {0x0A, 0x0D, 0x3A}:
        line = bytes([number])
        body = seen + line + b"\n\n" + line + b"x\n\n"
        assert decode([seen, line + b"\n\n", line + b"x\n\n"]) == decode([body]) == Reference(body).events


@pytest.mark.parametrize("end", LINE_ENDS, ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("id", [b"id: 7", b"id: 7\0", b"id: a\x0bb", b"id:8", b"id: \xe4", b": 7", b"retry: 7"])
def test_an_event_reads_the_same_when_its_name_was_seen_before(end: bytes, id: bytes) -> None:
    block = end.join([b"event: values", b'data: {"n": 1}', id, b"", b""])
    first, second, third = decode([block, block, block + block[:-2]])
    assert first == second == third
    assert [first] == Reference(block).events


@pytest.mark.parametrize(
    "line", [b"data: a\rb", b"data: a\nb", b"data: a\n\rb", b"id: 1\r2", b"id: 1\n2", b"event: x", b"data: b"]
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_line_ends_of_another_kind_count_inside_of_known_events(line: bytes, end: bytes) -> None:
    known = end.join([b"event: values", b"data: 0", b"id: 0", b"", b""])
    body = known + end.join([b"event: values", b"data: a", line, b"", b""]) + known
    assert decode([known, body, body[: len(known) * 2]]) == Reference(known + body + body[: len(known) * 2]).events


@pytest.mark.parametrize("rest", [b"", b"x", b"x\n", b"\n", b"\nx", b"\n\n", b"\r\n", b"\r\nx\r\n", b"\nid: 8\n\n"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("id", [b"", b"id: 7"], ids=["without id", "with id"])
def test_known_events_may_go_on_or_break_off(id: bytes, end: bytes, rest: bytes) -> None:
    block = end.join([b"event: values", b"data: {", b"data: }", *([id] if id else []), b"", b""])
    for cut in range(len(block)):
        chunks = [block, block, block[:cut] + rest, block, block * 2 + rest, block]
        assert decode(chunks) == Reference(b"".join(chunks)).events


def test_an_id_is_kept_whichever_way_events_are_read() -> None:
    known = b"event: a\ndata: %d\nid: %d\n\n"
    bare = b"event: a\ndata: x\n\n"
    for separate in [False, True]:
        chunks = [known % (1, 1), known % (2, 2) + bare[:5], bare[5:], known % (3, 3), bare, b": hi\n\n" + bare]
        chunks += [b"id: 4\n\n", bare, bare[:9], bare[9:]]
        ids = [id for _, _, id in decode(chunks if separate else [chunks[0], b"".join(chunks[1:])])]
        assert ids == ["1", "2", "2", "3", "3", "3", "4", "4"]


def test_an_event_comes_with_its_last_byte() -> None:
    for body in [b"data: 1\n\n", b"data: 1\r\r", b"data: 1\n\r", b"data: 1\r\n\r"]:
        decoder = SSEDecoder()
        assert decode(each_byte(body[:-1]), decoder) == []
        assert decode([body[-1:]], decoder) == [("message", b"1", None)]
        assert decode([b"\n" if body.endswith(b"\r") else b""], decoder) == []
        assert decode([b"data: 2\n\n"], decoder) == [("message", b"2", None)]


def test_it_goes_on_with_what_it_has_been_fed() -> None:
    decoder = SSEDecoder()
    assert list(feed(decoder, b"")) == []
    assert list(feed(decoder, b"data: 1\n\ndata: 2\n\nda")) == [("message", b"1", None), ("message", b"2", None)]
    assert list(feed(decoder, b"")) == []
    assert list(feed(decoder, b"ta: 3\n\n")) == [("message", b"3", None)]
    assert list(feed(decoder, b"")) == []


@pytest.mark.parametrize(
    ("body", "retry"),
    [
        (b"retry: 1500\n\n", 1500),
        (b"retry:0\n", 0),
        (b"retry: 1\nretry: 2\n", 2),
        (b"retry: 1\nretry: 1.5\nretry: -1\nretry: +1\nretry:  1\nretry: 1 \nretry: 1e3\nretry\nretry:\n", 1),
        ("retry: ٣\n".encode(), None),
        (b"retry: " + b"9" * 5000 + b"\n", None),
        (b"retry: 1", None),
        (b"xretry: 1\n", None),
    ],
)
def test_retry_takes_digits_only(body: bytes, retry: int | None) -> None:
    decoder = SSEDecoder()
    assert decode([body], decoder) == []
    assert decoder.retry == retry


def test_comments_are_counted_as_they_come() -> None:
    decoder = SSEDecoder()
    counts: list[int] = []
    for chunk in [b": heartbeat\r\n\r\n", b":\n", b"data: 1\n:a\n:b\n\n", b": cut", b"\n"]:
        decode([chunk], decoder)
        counts.append(decoder.comments)
    assert counts == [1, 2, 4, 4, 5]


def test_pending_tells_a_cut_event_from_none() -> None:
    decoder = SSEDecoder()
    states: list[bool] = []
    for chunk in [b"\n", b"d", b"ata: 1\r", b"\n", b"\r", b"\n", b": heartbeat\n\n", b"event: a\n", b"data: 1\n\n"]:
        decode([chunk], decoder)
        states.append(decoder.pending)
    assert states == [False, True, True, True, False, False, False, True, False]


def test_a_comment_without_a_blank_line_after_it_is_no_event_that_was_cut() -> None:
    decoder = SSEDecoder()
    states: list[bool] = []
    for chunk in [b"data: 1\n\n:\n", b": cut", b"\r", b":\r\n:\n", b"event: a\n", b":\n", b"\n", b":\n"]:
        decode([chunk], decoder)
        states.append(decoder.pending)
    assert states == [False, True, False, False, True, True, False, False]


def test_large_data_is_a_view_that_stays_as_it_is() -> None:
    small, large = b"s" * 1000, b"l" * 100_000
    body = b"data: " + large + b"\r\nid: 1\r\n\r\n" + b"data: " + small + b"\r\n\r\n"
    decoder = SSEDecoder()
    found: list[bytes | memoryview] = []
    for chunk in pieces(body * 3, range(0, 3 * len(body), 1000)):
        found += [data for _, data, _ in decoder.feed(chunk)]
    assert [type(data) for data in found] == [memoryview, bytes] * 3
    assert [bytes(data) for data in found] == [large, small] * 3


@pytest.mark.parametrize(
    "line",
    [b"data: ", b": ", b"id: ", b"event: ", b"foo: ", b"retry: 1", b"", b"data: x\ndata: ", b"data: x\nid: "],
    ids=lambda line: repr(line.decode()),
)
def test_nothing_endless_is_taken(line: bytes) -> None:
    limit = 10_000
    for piece in [b"x", b"x" * 999, b"x" * 100_000]:
        decoder = SSEDecoder(limit)
        assert decode([b"data: 1\n\n" + line], decoder) == [("message", b"1", None)]
        with pytest.raises(EventTooLongError, match="longer than 10000 bytes"):
            decode(itertools.repeat(piece, 2 * limit), decoder)


@pytest.mark.parametrize("line", [b":\n", b"data\n", b"data: \n", b"data:x\r\n", b"id: 1\n", b"foo\r", b"event: a\n"])
def test_no_endless_block_is_taken(line: bytes) -> None:
    for times in [1, 100, 100_000]:
        with pytest.raises(EventTooLongError):
            decode(itertools.repeat(line * times, 10_000), SSEDecoder(10_000))


def test_an_event_may_be_as_long_as_allowed() -> None:
    block = b"event: a\ndata: 12345\nid: 1\n"
    for body in [block + b"\n", block.replace(b"\n", b"\r\n") + b"\r\n", block.replace(b"\n", b"\r") + b"\r"]:
        for chunks in [[body * 3], [body] * 3, each_byte(body * 3)]:
            assert decode(chunks, SSEDecoder(len(block))) == [("a", b"12345", "1")] * 3
            with pytest.raises(EventTooLongError):
                decode(chunks, SSEDecoder(len(block) - 1))


def test_events_before_a_long_one_come_out() -> None:
    decoder = SSEDecoder(100)
    events = feed(decoder, b"data: 1\n\n" * 50 + b"data: " + b"x" * 200 + b"\n\ndata: 2\n\n")
    for _ in range(50):
        assert next(events) == ("message", b"1", None)
    with pytest.raises(EventTooLongError):
        next(events)


@pytest.mark.parametrize("lines", [[b"1" * 90], [b"1"] * 20, [b"1" * 90, b"2"]], ids=["one", "many", "two"])
def test_a_long_event_is_not_taken_whichever_way_it_is_read(lines: list[bytes]) -> None:
    short = b"event: a\ndata: 1\nid: 1\n\n"
    long = b"event: a\n" + b"".join(b"data: " + line + b"\n" for line in lines) + b"id: 1\n\n"
    for chunks in [[short, short, long], [short, short * 2 + long], [short, short * 10 + long], [long]]:
        assert len(decode(chunks, SSEDecoder(len(long) - 1))) == b"".join(chunks).count(b"\n\n")
        decoder = SSEDecoder(len(long) - 2)
        with pytest.raises(EventTooLongError):
            decode(chunks, decoder)


@pytest.mark.parametrize(("line", "most"), [(b"data: ", 4), (b"id: ", 7), (b": ", 7)])
def test_tiny_reads_of_a_long_event_cost_no_more_than_the_event(line: bytes, most: int) -> None:
    # Work that grows with the square of the reads would not come to an end here, nor fit.
    size = 100_000
    decoder = SSEDecoder()
    assert list(feed(decoder, b"event: a\n" + line)) == []
    tracemalloc.start()
    try:
        for _ in range(size):
            assert list(feed(decoder, b"x")) == []
        events = list(feed(decoder, b"\n\n"))
        assert events == ([("a", b"x" * size, None)] if line.startswith(b"data") else [])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < most * size


def test_many_lines_in_one_chunk_cost_no_more_than_one_by_one() -> None:
    blocks = [b"data: 1\r\n\n", b"event: m\ndata\n\r\n", b"event: m\ndata: 1\ndata: 2\n\r\n"]
    for line in [b"data:x\n", b"data: x\r\n", b"data: x\r", b"foo\n", b":\r", b"\n", b"\r\n", *blocks]:
        body = line * (100_000 // len(line))
        decoder = SSEDecoder()
        for event, _, _ in feed(decoder, b"event: m\ndata: 1\n\n" + body + b"\n\n"):
            assert event in {"m", "message"}


class CountingBytes(bytes):
    """Counts the bytes that are searched or copied."""

    work = 0

    def find(self, what: Any, start: Any = 0, end: Any = None, /) -> int:
        found = super().find(what, start, end)
        self.work += (found if found >= 0 else len(self) if end is None else end) - start + 1
        return found

    def __getitem__(self, index: Any, /) -> Any:
        part = super().__getitem__(index)
        self.work += len(part) if isinstance(part, bytes) else 1
        return part


@pytest.mark.parametrize(
    "lines",
    [
        *([b"event: m", b"data: 1", *more] for more in ([b""], [b"id: 1", b""], [b"data: 2", b""], [b"id: 1"])),
        *([b"data: 1", b""], [b"event: a", b"event: m", b""], [b"foo"], [b"data:x"], [b"data: x"]),
        *([b":"], [b": hi", b""], [b""], [b"id: 1", b""], [b"event: m", b"data: 1", b"id: \0", b""]),
        *([b"data:1"], [b"data"], [b"retry: 1"], [b": hi", b"", b"event: m", b"data: 1", b""]),
        *([b"event: m", b"data: {", b"data: }", *more, b""] for more in ([b"id: 1"], [b"data:2"], [b"foo"])),
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    ("ends", "piece", "size"),
    [
        *((ends, 10**9, 10_000) for ends in [*LINE_ENDS, b"\n.\r", b"\r.\n", b"\n.\n.\r\n", b"\r\n.\n"]),
        *((ends, *pieces) for ends, pieces in itertools.product(LINE_ENDS, [(1, 300), (7, 1000), (1000, 5000)])),
    ],
    ids=repr,
)
def test_work_grows_with_the_input_and_not_with_its_square(
    lines: list[bytes], ends: bytes, piece: int, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counting:
        """Counts the bytes that a pattern looks at: what it takes, and a line or character more."""

        def __init__(self, match: Any, *, lines: bool) -> None:
            self._match, self._lines = match, lines

        def __call__(self, chunk: bytes, start: int, end: int = 10**9) -> Any:
            found = self._match(chunk, start, end)
            taken = found.end() if found else start
            more = bytes.find(chunk, b"\n", taken, end) if self._lines else taken
            patterns[0] += (more if more >= 0 else min(end, len(chunk))) - start + 1
            return found

    patterns = [0]
    monkeypatch.setattr(sse, "_SIMILAR_LINES", Counting(sse._SIMILAR_LINES, lines=True))
    monkeypatch.setattr(sse, "_BLANK_LINES", Counting(sse._BLANK_LINES, lines=False))
    different = itertools.cycle(ends.split(b"."))
    block = b"".join(line + next(different) for line in lines * 6)
    work: list[float] = []
    for length in [size, 4 * size]:
        patterns[0] = 0
        decoder = SSEDecoder()
        assert decode([b"event: m\ndata: 1\n\n"], decoder) == [("m", b"1", None)]
        body = block * (length // len(block)) + b"\n\n"
        chunks = [CountingBytes(body[start : start + piece]) for start in range(0, len(body), piece)]
        for chunk in chunks:
            collections.deque(decoder.feed(chunk), maxlen=0)
        work.append((sum(chunk.work for chunk in chunks) + patterns[0]) / len(body))
    assert work[0] < 16
    assert work[1] < 1.25 * work[0]


def test_ever_new_names_leave_nothing_behind() -> None:
    decoder = SSEDecoder()
    tracemalloc.start()
    try:
        for number in range(2000):
            name = f"values|{number}" + "x" * (1000 * (number % 2))
            block = f"event: {name}\ndata: {number}\n\n".encode()
            assert decode([block, block], decoder) == [(name, str(number).encode(), None)] * 2
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert kept < 500_000


BITS = [
    *(b"event: values", b"event: custom", b"event:", b"event", b"event: a|b:1"),
    *(b"data: {}", b"data: {", b"data: }", b"data:", b"data", b"data: ", b"data:\xff", b"data: \xe6\x97\xa5"),
    *(
        b"id: 1",
        b"id: 2-0",
        b"id:",
        b"id",
        b"id: \0",
        b"id: \xf0\x9f",
        b"retry: 5",
        b": hi",
        b":",
        b"foo: 1",
        b"x",
        b" ",
    ),
    *(b"\n", b"\n", b"\r\n", b"\r\n", b"\r", b"\n\n", b"\r\n\r\n", b"\xef\xbb\xbf"),
    *(end.join([b"event: values", b"data: {}", b"", b""]) for end in LINE_ENDS),
    *(end.join([b"event: values", b"data: {}", b"id: 7", b"", b""]) for end in LINE_ENDS),
    *(end.join([b"event: values", b"data: {", b"data: }", b"id: 7", b"", b""]) for end in LINE_ENDS),
    # After a large event, others are read as large ones are.
    *(end.join([b"event: values", b"data: " + b"x" * 5000, b"", b""]) for end in LINE_ENDS),
    *(end.join([b"event: values", b"data: " + b"x" * 5000, b"id: 8", b"", b""]) for end in LINE_ENDS),
]
BODIES = st.lists(st.sampled_from(BITS), max_size=40).map(b"".join) | st.binary(max_size=200)
CUTS = st.lists(st.integers(0, 500), max_size=20) | st.just(range(1000))
THOROUGH = settings(max_examples=300)


@THOROUGH
@given(body=BODIES, cuts=CUTS)
@example(body=b"data: 1\r\r\ndata: 2\n\n", cuts=[8, 9])
@example(body=b"event: values\ndata: {\ndata: }\n\r\nevent: values\ndata: {\ndata: }\n\n" * 3, cuts=[])
@example(
    body=b"event: values\r\ndata: 1\r\n\r\n" * 2
    + b"event: values\ndata: \r\n\r\n\n\n"
    + b"event: custom\r\ndata: {}\r\n\r\n" * 3,
    cuts=[],
)
def test_any_bytes_cut_anywhere_are_read_by_the_standard(body: bytes, cuts: Sequence[int]) -> None:
    reference = Reference(body)
    for chunks in ([body], pieces(body, cuts)):
        decoder = SSEDecoder()
        assert decode(chunks, decoder) == reference.events
        assert (decoder.retry, decoder.comments) == (reference.retry, reference.comments)


@THOROUGH
@given(body=BODIES, cuts=CUTS, limit=st.integers(0, 60))
def test_the_limit_holds_wherever_the_cuts_are(body: bytes, cuts: Sequence[int], limit: int) -> None:
    body = b"\n" + body
    too_long = Reference(body).longest > limit
    decoded: list[list[Decoded]] = []
    for chunks in ([body], pieces(body, cuts)):
        decoder = SSEDecoder(limit)
        decoded.append([])
        try:
            for chunk in chunks:
                for event in feed(decoder, chunk):
                    decoded[-1].append(event)
        except EventTooLongError:
            assert too_long
        else:
            assert not too_long
    assert decoded[0] == decoded[1]


LINE = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20)
EVENTS = st.lists(st.tuples(LINE, st.lists(LINE, min_size=1, max_size=4), st.none() | LINE), max_size=8)


@THOROUGH
@given(events=EVENTS, ends=st.randoms(use_true_random=False), cuts=CUTS, repeat=st.integers(1, 3))
def test_events_come_out_as_they_went_in(
    events: list[tuple[str, list[str], str | None]], ends: random.Random, cuts: Sequence[int], repeat: int
) -> None:
    body = b""
    expected: list[Decoded] = []
    last_id: str | None = None
    for name, lines, id in events * repeat:
        fields = [f"event: {name}", *(f"data: {line}" for line in lines), *([] if id is None else [f"id: {id}"]), ""]
        for field in fields:
            # An LF right after a CR would end the same line, not another.
            body += field.encode() + ends.choice(LINE_ENDS[1:] if not field and body.endswith(b"\r") else LINE_ENDS)
        if id is not None and "\0" not in id:
            last_id = id
        expected.append((name or "message", "\n".join(lines).encode(), last_id))
    assert decode([body]) == expected
    assert decode(pieces(body, cuts)) == expected


@pytest.mark.parametrize("recording", STREAMS, ids=lambda recording: recording.name)
def test_recordings(recording: Recording) -> None:
    expected = Reference(recording.body).events
    assert decode(recording.pieces) == expected
    assert decode([recording.body]) == expected
    assert decode(each_byte(recording.body)) == expected
    cuts = random.Random(recording.name)
    for size in [3, 30, 300]:
        places = range(0, len(recording.body), size)
        assert decode(pieces(recording.body, (cuts.randrange(len(recording.body) + 1) for _ in places))) == expected


def test_there_are_recordings_with_every_kind_of_line_end() -> None:
    bodies = [recording.body for recording in STREAMS]
    assert any(b"\r\n" in body for body in bodies)
    assert any(b"\r\n" not in body and b"}\ndata: " in body for body in bodies)
    assert any(b"\n\n: heartbeat\r\n\r\n" in body for body in bodies)
