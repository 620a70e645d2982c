"""Bytes to server-sent events, by the rules of the WHATWG (HTML standard, section 9.2), without any I/O.

Two readers take turns. An event of the shape that LangGraph servers send (`event`, `data`, perhaps `id`, blank line)
and that lies whole in one chunk is taken in a few steps, each of them done in C. All else is read line by line, by the
letter of the standard: events cut by the end of a chunk, comments, other fields, line ends of all kinds, an event name
seen for the first time. The short way takes only what the long way would read just so, else it leaves the block to it.

What it costs: every byte is looked at a fixed number of times, however the chunks are cut. Chunks are kept as they
came; only a line that spans several is gathered, in a buffer that grows, and a large payload is a view of it. Besides
the chunks not yet looked at, memory is that of the event being read, and of its data again where that takes many lines.
"""

import re
import sys
from collections import deque
from collections.abc import Callable, Iterator
from io import SEEK_CUR, BytesIO
from typing import Final, NamedTuple, TypeAlias

__all__ = ["EventTooLongError", "SSEDecoder", "ServerSentEvent"]

ServerSentEvent: TypeAlias = tuple[str, bytes | memoryview, str | None]
"""An event's name (`message` where it has none), its data, and the last id that the server gave so far.

The id is None before the first one, and empty after the server has reset it.
"""


class EventTooLongError(Exception):
    """An event is longer than the decoder was told to take."""


class SSEDecoder:
    """Decodes one `text/event-stream` body: `feed` what was read, then take events by `next_event` until it gives None.

    A block of lines that the end of the body cuts short never comes out.

    Args:
        max_event_bytes: How long an event may be: all its lines, also those that say nothing; an end of a line is one.

    Attributes:
        next_event: Takes the next event; None when it needs more bytes for that. Raises EventTooLongError once the
            event being read gets too long; the decoder is spent then.
    """

    __slots__ = ("_blocks", "next_event")

    def __init__(self, max_event_bytes: int = 256 * 2**20) -> None:
        self._blocks = _BlockReader(max_event_bytes)
        # A generator's own method: a method of ours would cost a call more per event. It does not know this object, so
        # there is no cycle for the garbage collector.
        self.next_event: Callable[[], ServerSentEvent | None] = _events(self._blocks).__next__

    def feed(self, chunk: bytes) -> None:
        """Takes what was read. Nothing of it is decoded before it is asked for."""
        if chunk:
            self._blocks.chunks.append(chunk)

    @property
    def pending(self) -> bool:
        """Whether something of an event has come that is not complete; when all was taken that `next_event` gives."""
        return self._blocks.pending

    @property
    def retry(self) -> int | None:
        """The milliseconds that the server last asked to wait before connecting again; None when it never did."""
        return self._blocks.retry

    @property
    def comments(self) -> int:
        """How many comment lines came so far; servers send them as heartbeats."""
        return self._blocks.comments


class _Shape(NamedTuple):
    """How events of a name begin whose lines end in a certain way."""

    name: str
    prefix: bytes
    length: int  # of the prefix
    end: bytes


def _events(blocks: "_BlockReader") -> Iterator[ServerSentEvent | None]:
    """Gives events, and None whenever it needs more bytes."""
    chunks, longest = blocks.chunks, blocks.max_event_bytes
    shapes: dict[bytes, _Shape] = {}  # by their first lines
    shape = _UNKNOWN
    name, prefix, length, end = shape
    small = 0  # until a shape is known
    id: str | None = None
    while True:
        while not chunks:
            yield None
        # Here a block begins.
        chunk, position = chunks.popleft(), 0
        if len(chunk) < small:
            event = _plain_event(chunk, shape, id)
            if event is not None:
                id = event[2]
                yield event
                continue
        while position < len(chunk):
            if len(chunk) <= longest:  # and so is any event in it
                reader = BytesIO(chunk)
                reader.seek(position)
                read, readline = reader.read, reader.readline
                while True:
                    start = read(length)
                    if start != prefix:
                        reader.seek(-len(start), SEEK_CUR)
                        head = readline()
                        other = shapes.get(head)
                        start = head if other is None else head + read(len(_DATA))
                        if other is None or start != other.prefix:
                            position = reader.tell() - len(start)
                            break
                        shape, small = other, min(_SMALL, longest + 1)
                        name, prefix, length, end = shape
                    line = readline()
                    data = line.removesuffix(end)
                    id_line = readline()
                    value = id_line.removeprefix(b"id: ")
                    if value is id_line:
                        text, blank, id_line = id, id_line, b""
                    else:
                        text, blank = value.removesuffix(end).decode("utf-8", "replace"), readline()
                    # A CR alone ends a line too, and an id with a NUL is none.
                    if blank == end and data is not line and _CR not in data and (text is None or text.isprintable()):
                        id = text
                        yield name, data, text
                        continue
                    position = reader.tell() - length - len(line) - len(id_line) - len(blank)
                    if not blank.startswith(_DATA):
                        break
                    # LangGraph.js spreads one event's JSON over many lines.
                    stop = chunk.find(end + end, position, position + _SMALL) + 2 * len(end)
                    event = _plain_event(chunk[position:stop], shape, id)
                    if event is None:
                        break
                    id = event[2]
                    yield event
                    reader.seek(stop)
                if position == len(chunk):
                    break
            blocks.id = id
            blocks.take(chunk, position)
            while not blocks.read_block():
                yield None
            id = blocks.id
            if blocks.data is not None:
                event = blocks.take_event()
                if len(shapes) >= _MAX_SHAPES:
                    shapes.clear()
                shapes.update(_shapes(event[0]))
                yield event
                event = None  # it may be large, and the next one far away
            chunk, position = blocks.chunk, blocks.position


def _plain_event(block: bytes, shape: _Shape, id: str | None) -> ServerSentEvent | None:
    """Takes a block that is one event of this shape, its data on one or many lines; None when it is anything else."""
    name, prefix, _, end = shape
    parts = block.rsplit(end, _LAST_ENDS)
    if len(parts) <= _LAST_ENDS or parts[2] or parts[3]:
        return None
    lines, id_line = parts[0], parts[1]
    value = id_line.removeprefix(b"id: ")
    if value is id_line:
        lines = block[: -2 * len(end)]
    else:
        id = value.decode("utf-8", "replace")
    data = lines.removeprefix(prefix)
    if data is lines or not (id is None or id.isprintable()):
        return None
    if _CR in data or _LF in data:
        spread = len(data)
        data = data.replace(end + _DATA, b"\n")
        # Every line's end must have been one that was replaced.
        if _CR in data or spread - len(data) != data.count(b"\n") * (len(end + _DATA) - 1):
            return None
    return name, data, id


def _shapes(name: str) -> Iterator[tuple[bytes, _Shape]]:
    head = b"event: " + name.encode()
    if len(head) <= _MAX_HEAD_BYTES:
        for end in (b"\n", b"\r\n"):
            prefix = head + end + _DATA
            yield head + end, _Shape(name, prefix, len(prefix), end)


class _BlockReader:
    """Reads lines, by the letter of the standard, into what a block says.

    Attributes:
        chunks: What was not looked at yet.
        chunk: What is being read.
        position: How much of it has been read.
        data: The block's data so far; None while there is none.
        id: The last id so far.
    """

    __slots__ = (
        "_at_start",
        "_cr",
        "_lf",
        "_name",
        "_size",
        "_skip_lf",
        "_tail",
        "chunk",
        "chunks",
        "comments",
        "data",
        "id",
        "max_event_bytes",
        "position",
        "retry",
    )

    def __init__(self, max_event_bytes: int) -> None:
        self.max_event_bytes = max_event_bytes
        self.retry: int | None = None
        self.comments = 0
        self.chunks: deque[bytes] = deque()
        self.chunk = b""
        self.position: int = 0
        self.data: bytes | memoryview | bytearray | None = None
        self.id: str | None = None

        self._at_start: bytes | None = b""  # the body's first bytes while they may become a byte order mark
        self._skip_lf = False  # the last chunk ended in a CR, which ended its line already
        self._lf = self._cr = -1  # the chunk's next line ends, once searched; _NOWHERE where there is none
        self._tail = bytearray()  # a line that earlier chunks have begun
        self._name = b""
        self._size = 0  # the block's lines so far: 0 between blocks

    @property
    def pending(self) -> bool:
        """Whether a block has begun."""
        return bool(self._size or self._tail)

    def take(self, chunk: bytes, position: int = 0) -> None:
        """Goes on in this chunk."""
        if self._at_start is not None:
            chunk = self._at_start + chunk
            if len(chunk) < len(_BOM) and _BOM.startswith(chunk):
                self._at_start, chunk = chunk, b""
            else:
                self._at_start, chunk = None, chunk.removeprefix(_BOM)
        if self._skip_lf and chunk:
            self._skip_lf = False
            if position == 0 and chunk.startswith(b"\n"):
                position = 1
        self.chunk = chunk
        self.position = position
        self._lf = self._cr = -1

    def read_block(self) -> bool:
        """Reads lines until a block ends (True) or the chunks do (False)."""
        while self._size + len(self._tail) <= self.max_event_bytes:
            if self.position == len(self.chunk):
                if not self.chunks:
                    return False
                self.take(self.chunks.popleft())
            elif self.data is None or not self._read_data_lines():
                line = self._next_line()
                if line is None:
                    continue
                if not line:
                    self._size = 0
                    if self.data is None:
                        self._name = b""
                    return True
                self._size += len(line) + 1
                self._read_field(line)
        raise EventTooLongError(f"An event is longer than {self.max_event_bytes} bytes.")

    def take_event(self) -> ServerSentEvent:
        """Gives what the block that has ended says."""
        name, data = self._name, self.data
        self._name, self.data = b"", None
        if data is None:
            data = b""
        elif isinstance(data, bytearray):
            data = _slice(data, 0, len(data))
        return name.decode("utf-8", "replace") or "message", data, self.id

    def _next_line(self) -> bytes | memoryview | None:
        """Takes the next line without its end; None when the chunk ends inside of it."""
        chunk, start = self.chunk, self.position
        # Each search begins where the last one of its kind ended, so that no byte is searched twice for the same.
        if self._lf < start:
            self._lf = _find(chunk, b"\n", start)
        if self._cr < start:
            self._cr = _find(chunk, b"\r", start)
        end = min(self._lf, self._cr, len(chunk))
        part = _slice(chunk, start, end)
        if end == len(chunk):
            self._tail += part
            self.position = end
            return None
        self.position = end + 1
        if end == self._cr:
            if self._lf == end + 1:
                self.position += 1
            else:
                self._skip_lf = self.position == len(chunk)
        if not self._tail:
            return part
        line, self._tail = self._tail, bytearray()
        line += part
        return _slice(line, 0, len(line))

    def _read_data_lines(self) -> bool:
        """Reads all `data` lines that follow at once, where that is plain; False when there are none."""
        # A chunk that was not searched yet may begin in the middle of a line.
        if self._cr != _NOWHERE:
            return False
        match = _DATA_LINES(self.chunk, self.position)
        if match is None:
            return False
        lines = match.group()
        self.position = match.end()
        self._size += len(lines)
        self._add_data(lines[6:-1].replace(b"\ndata: ", b"\n"))
        return True

    def _read_field(self, line: bytes | memoryview) -> None:
        if line[:5] == b"data:":
            self._add_data(line[6:] if line[5:6] == b" " else line[5:])
            return
        field, _, value = bytes(line).partition(b":")
        value = value.removeprefix(b" ")
        if not field:
            self.comments += 1
        elif field == b"event":
            self._name = value
        elif field == b"data":
            self._add_data(value)
        elif field == b"id":
            if b"\0" not in value:
                self.id = value.decode("utf-8", "replace")
        elif field == b"retry" and value.isdigit() and len(value) <= _MAX_RETRY_DIGITS:
            self.retry = int(value)

    def _add_data(self, value: bytes | memoryview) -> None:
        if self.data is None:
            self.data = value
            return
        if not isinstance(self.data, bytearray):
            self.data = bytearray(self.data)
        self.data += b"\n"
        self.data += value


_UNKNOWN: Final = _Shape("", b"?", 0, b"?")  # so that nothing is like it
_DATA_LINES: Final = re.compile(rb"(?:data: .*+\n)++").match

_DATA: Final = b"data: "
_BOM: Final = b"\xef\xbb\xbf"
_CR: Final = 0x0D
_LF: Final = 0x0A
_NOWHERE: Final = sys.maxsize

_LAST_ENDS: Final = 3  # those of the id's line, of the blank line, and of the line before
_SMALL: Final = 4 * 2**10  # such a chunk is an event more often than not
_LARGE: Final = 16 * 2**10  # where a view gets cheaper than a copy
_MAX_SHAPES: Final = 512
_MAX_HEAD_BYTES: Final = 512
_MAX_RETRY_DIGITS: Final = 15


def _slice(buffer: bytes | bytearray, start: int, end: int) -> bytes | memoryview:
    """A copy of what is small, a view of what is large; a buffer that was viewed must not change any more."""
    if end - start < _LARGE:
        return bytes(buffer[start:end])
    return memoryview(buffer)[start:end]


def _find(buffer: bytes, what: bytes, start: int) -> int:
    found = buffer.find(what, start)
    return _NOWHERE if found < 0 else found
