"""Bytes to server-sent events, by the rules of the WHATWG (HTML standard, section 9.2), without any I/O.

Two readers share one place in the stream. A compiled pattern takes a whole event of the shape that LangGraph servers
send (`event`, `data`, perhaps `id`, blank line) in one step. Whatever it doesn't know is read line by line, by the letter
of the standard: an event cut by the end of a read, comments, other fields, mixed line ends, an event name seen for the
first time. Only what the line reader has read once (a name, a kind of line end) is left to the pattern from then on, so
both always agree.

What it costs: each byte is looked at two or three times by functions written in C, however the reads are cut. Reads are kept
as they came and events sliced from them; only a line that spans several reads is copied, into one buffer that grows.
Besides the reads not yet looked at, memory is at most that of the event being read, and of its own data once more.
"""

import re
import sys
from collections import deque
from typing import Final

__all__ = ["EventTooLongError", "SSEDecoder"]


class EventTooLongError(Exception):
    """An event is longer than the decoder was told to take."""


class SSEDecoder:
    """Decodes one `text/event-stream` body: `feed` what was read, then take events by `next_event` until it gives None.

    A block of lines that the body's end cuts short never comes out.

    Args:
        max_event_bytes: How long an event may be, all its lines counted, also those that carry nothing; a line end counts one.

    Attributes:
        retry: The milliseconds that the server last asked to wait before connecting again; None when it never did.
        comments: How many comment lines came so far; servers send them as heartbeats.
    """

    __slots__ = (
        "_at_start",
        "_buffer",
        "_chunks",
        "_cr",
        "_data",
        "_event",
        "_id",
        "_lf",
        "_match",
        "_max_event_bytes",
        "_names",
        "_position",
        "_shape",
        "_size",
        "_skip_lf",
        "_tail",
        "comments",
        "retry",
    )

    def __init__(self, max_event_bytes: int = 256 * 2**20) -> None:
        self.retry: int | None = None
        self.comments = 0
        self._max_event_bytes = max_event_bytes

        self._chunks: deque[bytes] = deque()  # not looked at yet
        self._buffer = b""  # the chunk being read
        self._position = 0  # what of it has been read
        self._lf = self._cr = -1  # its next line ends, once searched; _NOWHERE where there is none
        self._at_start: bytes | None = b""  # the body's first bytes while they may become a byte order mark
        self._skip_lf = False  # the last chunk ended in a CR, which ended its line already
        self._tail = bytearray()  # a line that earlier chunks have begun

        self._event = b""
        self._data: bytes | memoryview | bytearray | None = None
        self._id: str | None = None
        self._size = 0  # the lines of this block so far: 0 between blocks
        self._names: dict[bytes, str] = {}  # event names that the line reader has seen
        self._shape = _EVENT_LF
        self._match = _NEVER  # the shape between blocks, else never

    def feed(self, chunk: bytes) -> None:
        """Takes what was read; nothing is decoded before it is asked for."""
        if chunk:
            self._chunks.append(chunk)

    @property
    def pending(self) -> bool:
        """Whether something of an event has come that is not complete; when all was taken that `next_event` gives."""
        return bool(self._size or self._tail)

    def next_event(self) -> tuple[str, bytes | memoryview, str | None] | None:
        """Takes the next event: its name (`message` where it has none), its data, and the last id that the server gave so far.

        The id is None as long as none was given, and empty after the server has reset it. Data is valid UTF-8 only if the server sent
        such.

        Returns:
            The event, or None when it takes more bytes to complete one.

        Raises:
            EventTooLongError: The event being read is longer than allowed; the decoder does not get past it.
        """
        while True:
            match = self._match(self._buffer, self._position)
            if match is not None:
                name, data, id = match.groups()
                known = self._names.get(name)
                text = self._id if id is None else id.decode("utf-8", "replace")
                # What the pattern can't tell: a CR alone ends a line too, and an id with a NUL is none.
                if known is not None and _CR not in data and (text is None or text.isprintable()):
                    self._id = text
                    self._position = match.end()
                    return known, data if _LF not in data else data.replace(b"\ndata: ", b"\n"), text
            if not self._read_block():
                return None
            if self._data is not None:
                return self._take_event(self._data)

    def _read_block(self) -> bool:
        """Reads lines until a block ends or a chunk begins with one (True), or all bytes are read (False)."""
        self._match = _NEVER
        while self._size + len(self._tail) <= self._max_event_bytes:
            if self._position == len(self._buffer):
                if not self._chunks:
                    return False
                self._next_chunk()
                if not self._size and not self._tail:
                    # No event in a chunk is longer than the chunk, so the pattern need not count.
                    self._match = self._shape if len(self._buffer) <= self._max_event_bytes else _NEVER
                    return True
            elif self._data is None or self._tail or not self._read_data_lines():
                line = self._next_line()
                if line is None:
                    continue
                if not line:
                    self._end_block()
                    return True
                self._size += len(line) + 1
                self._read_field(line)
        raise EventTooLongError(f"An event is longer than {self._max_event_bytes} bytes.")

    def _end_block(self) -> None:
        self._size = 0
        if self._data is None:
            self._event = b""
        else:
            crlf = self._buffer[max(self._position - 2, 0) : self._position] == b"\r\n"
            self._shape = _EVENT_CRLF if crlf else _EVENT_LF
        if len(self._buffer) <= self._max_event_bytes:
            self._match = self._shape

    def _take_event(self, data: bytes | memoryview | bytearray) -> tuple[str, bytes | memoryview, str | None]:
        name, self._event, self._data = self._event, b"", None
        text = name.decode("utf-8", "replace") or "message"
        if len(name) <= _MAX_NAME_BYTES:
            if len(self._names) >= _MAX_NAMES:
                self._names.clear()
            self._names[name] = text
        return text, _slice(data, 0, len(data)) if isinstance(data, bytearray) else data, self._id

    def _next_chunk(self) -> None:
        chunk = self._chunks.popleft()
        if self._at_start is not None:
            chunk = self._at_start + chunk
            if len(chunk) < len(_BOM) and _BOM.startswith(chunk):
                self._at_start, chunk = chunk, b""
            else:
                self._at_start, chunk = None, chunk.removeprefix(_BOM)
        self._buffer = chunk
        self._position = 1 if self._skip_lf and chunk.startswith(b"\n") else 0
        self._skip_lf = False
        self._lf = self._cr = -1

    def _next_line(self) -> bytes | memoryview | None:
        """Takes the next line without its end; None when the chunk ends inside of it."""
        buffer, start = self._buffer, self._position
        length = len(buffer)
        # Each search begins where the last one of its kind ended, so that no byte is searched twice for the same.
        if self._lf < start:
            self._lf = _find(buffer, b"\n", start)
        if self._cr < start:
            self._cr = _find(buffer, b"\r", start)
        end = min(self._lf, self._cr, length)
        part = _slice(buffer, start, end)
        if end == length:
            self._tail += part
            self._position = end
            return None
        self._position = end + 1
        if end == self._cr:
            if self._lf == end + 1:
                self._position += 1
            else:
                self._skip_lf = self._position == length
        if not self._tail:
            return part
        line, self._tail = self._tail, bytearray()
        line += part
        return _slice(line, 0, len(line))

    def _read_data_lines(self) -> bool:
        """Reads all `data` lines that follow at once, where that is plain; False when there are none."""
        if self._cr != _NOWHERE:
            return False
        match = _DATA_LINES(self._buffer, self._position)
        if match is None:
            return False
        lines = match.group()
        self._position = match.end()
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
            self._event = value
        elif field == b"data":
            self._add_data(value)
        elif field == b"id":
            if b"\0" not in value:
                self._id = value.decode("utf-8", "replace")
        elif field == b"retry" and value.isdigit() and len(value) <= _MAX_RETRY_DIGITS:
            self.retry = int(value)

    def _add_data(self, value: bytes | memoryview) -> None:
        if self._data is None:
            self._data = value
            return
        if not isinstance(self._data, bytearray):
            self._data = bytearray(self._data)
        self._data += b"\n"
        self._data += value


# LangGraph.js spreads one event's JSON over many `data` lines, always with LF, so only that pattern takes them.
_EVENT_LF: Final = re.compile(rb"event: (.*)\ndata: (.*+(?:\ndata: .*+)*+)\n(?:id: (.*)\n)?\n").match
_EVENT_CRLF: Final = re.compile(rb"event: (.*)\r\ndata: (.*)\r\n(?:id: (.*)\r\n)?\r\n").match
_DATA_LINES: Final = re.compile(rb"(?:data: .*+\n)++").match
_NEVER: Final = re.compile(rb"(?!)").match

_NOWHERE: Final = sys.maxsize
_BOM: Final = b"\xef\xbb\xbf"
_CR: Final = 0x0D
_LF: Final = 0x0A
_MAX_NAMES: Final = 256
_MAX_NAME_BYTES: Final = 256
_MAX_RETRY_DIGITS: Final = 15
_LARGE: Final = 16 * 2**10


def _slice(buffer: bytes | bytearray, start: int, end: int) -> bytes | memoryview:
    """A copy of what is small, a view of what is large; a buffer that was viewed must not change any more."""
    if end - start < _LARGE:
        return bytes(buffer[start:end])
    return memoryview(buffer)[start:end]


def _find(buffer: bytes, what: bytes, start: int) -> int:
    found = buffer.find(what, start)
    return _NOWHERE if found < 0 else found
