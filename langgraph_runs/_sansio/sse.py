"""Decodes server-sent events (WHATWG HTML standard, section 9.2) from bytes, without any I/O.

An event that lies whole in one chunk and has the shape that LangGraph servers send (`event`, `data`, perhaps `id`) is
cut out of it at the ends of its lines. Everything else is read line by line, as the standard words it: events that span
chunks, other fields, unusual line ends, and the first event of each name. The short way takes only what the line reader
would read the same. Every byte is looked at a fixed number of times, however the stream is cut into chunks, and memory
is a small multiple of the event being read.
"""

import re
from collections.abc import Generator, Iterator
from typing import Final, TypeAlias

ServerSentEvent: TypeAlias = tuple[str, bytes | memoryview, str | None]
"""Name (`message` by default), data, and the last event id so far: None before the first, empty after a reset."""


class EventTooLongError(Exception):
    """An event is longer than the decoder's limit."""


class SSEDecoder:
    """Decodes one `text/event-stream` body. An event that the end of the body cuts short never comes out.

    Args:
        max_event_bytes: How long an event may be, counting all its lines, comments too, each with one byte for its end.
    """

    def __init__(self, max_event_bytes: int = 256 * 2**20) -> None:
        self.last_event_id: str | None = None
        self.retry: int | None = None  # the reconnection time that the server last asked for, in milliseconds
        self.comments = 0  # lines since the caller set this to 0; servers send them as heartbeats
        self._max_event_bytes = max_event_bytes
        self._started = False  # whether the first line was read, which may begin with a byte order mark
        self._ended_in_cr = False  # if so, an LF at the start of the next chunk ends no line of its own
        self._lf = self._cr = -1  # where the next ones are in the chunk, once searched; its length if there are none
        self._line = bytearray()  # a line that has begun
        self._size = 0  # the event's complete lines
        self._name = ""
        self._data = bytearray()  # its lines so far, each with an LF
        self._shapes: dict[bytes, _Shape] = {}  # by an event's first line
        self._shape = _shape("message", b"\n")  # of the last event

    @property
    def pending(self) -> bool:
        """Whether an event has begun that is not complete; a comment is none."""
        return bool(self._name or self._data or self._line)

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Take a chunk and yield the events that it completes; exhaust it before the next chunk.

        Raises:
            EventTooLongError: If an event exceeds the limit.
        """
        if not chunk:
            return
        position, self._ended_in_cr = int(self._ended_in_cr and chunk.startswith(b"\n")), chunk.endswith(b"\r")
        self._lf = self._cr = -1
        if self._line:
            end, position = self._find_line_end(chunk, 0)
            self._line += memoryview(chunk)[:end]
            if end < len(chunk):
                line, self._line = self._line, bytearray()
                self._read_line(line)
            self._check_size()
        while position < len(chunk):
            if self._started and not self._size and len(chunk) <= self._max_event_bytes:
                position = yield from self._whole_events(chunk, position)
            position = self._read_lines(chunk, position)
            if self._data and not self._size:
                yield self._event()

    def _whole_events(self, chunk: bytes, position: int) -> Generator[ServerSentEvent, None, int]:
        """Yield events of known shapes, and return where the first block begins that is anything else."""
        (name, prefix, prefix_size, end_size, blank, id_mark), id = self._shape, self.last_event_id
        while position < len(chunk):
            begin = position + prefix_size  # slices are compared because `startswith` with a position takes longer
            if chunk[position:begin] != prefix:
                self._find_line_end(chunk, position)
                shape = self._shapes.get(chunk[position : min(self._lf + 1, self._cr + 2, position + _MAX_FIRST_LINE)])
                if shape is None or shape is self._shape:
                    return position
                name, prefix, prefix_size, end_size, blank, id_mark = self._shape = shape
                continue
            end = chunk.find(b"\n", begin) + 1 - end_size
            if end < begin or _CR in (data := chunk[begin:end]):
                return position
            stop = end + 2 * end_size
            if chunk[end:stop] != blank:
                if end_size == 1 and chunk.startswith(b"\ndata: ", end):  # LangGraph.js indents its JSON
                    self._find_line_end(chunk, position)
                    if match := _SIMILAR_LINES(chunk, end + 1, self._cr):
                        end = match.end() - 1
                        data = chunk[begin:end].replace(b"\ndata: ", b"\n")
                begin = end + len(id_mark)
                if chunk[end:begin] == id_mark:
                    end = chunk.find(b"\n", begin) + 1 - end_size
                    id = chunk[begin:end].decode("utf-8", "replace")
                stop = end + 2 * end_size
                # A NUL in the id makes it none, and a CR ends its line.
                if chunk[end:stop] != blank or not (id is None or id.isprintable()):
                    return position
                self.last_event_id = id
            position = stop
            yield name, data, id
        return position

    def _read_lines(self, chunk: bytes, position: int) -> int:
        """Read lines until an event or the chunk ends, and return where the next line begins."""
        while position < len(chunk):
            end, after = self._find_line_end(chunk, position)
            similar = self._data or (self._started and chunk.startswith(b":", position))
            if similar and (match := _SIMILAR_LINES(chunk, position, self._cr)):
                after, lines = match.end(), match[0]
                self._size += len(lines)
                if lines.startswith(b":"):
                    self.comments += lines.count(b"\n")
                else:
                    self._data += lines[6:].replace(b"\ndata: ", b"\n")
            elif end == len(chunk):
                self._line += memoryview(chunk)[position:]
            elif position < end:
                self._read_line(chunk[position:end])
            else:
                self._size, self._name, self._started = 0, self._name if self._data else "", True
                return more.end() if (more := _BLANK_LINES(chunk, after)) else after
            position = after
            self._check_size()
        return position

    def _find_line_end(self, chunk: bytes, position: int) -> tuple[int, int]:
        """Where the line ends, or the chunk inside it, and where the next one begins."""
        # A search begins where the last one of its kind ended, so that no byte is searched twice.
        if self._lf < position:
            self._lf = chunk.find(b"\n", position) % (len(chunk) + 1)
        if self._cr < position:
            self._cr = chunk.find(b"\r", position) % (len(chunk) + 1)
        end = min(self._lf, self._cr)
        return end, end + (2 if chunk.startswith(b"\r\n", end) else 1)

    def _check_size(self) -> None:
        if self._size + len(self._line) > self._max_event_bytes:
            raise EventTooLongError(f"An event is longer than {self._max_event_bytes} bytes.")

    def _read_line(self, line: bytes | bytearray) -> None:
        self._started, line = True, line if self._started else line.removeprefix(_BOM)
        self._size += len(line) + bool(line)
        if line.startswith(b"data: ") and isinstance(line, bytearray) and not self._data:
            line += b"\n"
            del line[:6]  # takes no copy
            self._data = line
            return
        field, _, value = bytes(line).partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data += value + b"\n"
        elif field == b"event":
            self._name = value.decode("utf-8", "replace")
        elif field == b"id" and b"\0" not in value:
            self.last_event_id = value.decode("utf-8", "replace")
        elif field == b"retry" and value.isdigit() and len(value) <= _MAX_RETRY_DIGITS:
            self.retry = int(value)
        elif line and not field:
            self.comments += 1

    def _event(self) -> ServerSentEvent:
        """What the lines of the event that has ended say."""
        name, data = self._name or "message", memoryview(self._data)[:-1]
        self._name, self._data = "", bytearray()
        first_line = f"event: {name}\n".encode()
        if first_line not in self._shapes and len(first_line) < _MAX_FIRST_LINE:
            if len(self._shapes) >= _MAX_SHAPES:
                self._shapes.clear()
            self._shapes |= {first_line[:-1] + end: _shape(name, end) for end in (b"\n", b"\r\n")}
        return name, bytes(data) if len(data) < _LARGE else data, self.last_event_id


# Of events with the same name and line ends: the name, what precedes the data, the length of a line end, the last
# line's end with the blank line, and what stands between data and id.
_Shape: TypeAlias = tuple[str, bytes, int, int, bytes, bytes]


def _shape(name: str, end: bytes) -> _Shape:
    prefix = f"event: {name}".encode() + end + b"data: "
    return name, prefix, len(prefix), len(end), end + end, end + b"id: "


_SIMILAR_LINES: Final = re.compile(rb"(?:data: .*+\n)++|(?::.*+\n)++").match
_BLANK_LINES: Final = re.compile(rb"[\r\n]++").match
_BOM: Final = b"\xef\xbb\xbf"
_CR: Final = 0x0D
_LARGE: Final = 16 * 2**10  # where a view gets cheaper than a copy
_MAX_RETRY_DIGITS: Final = 15
_MAX_SHAPES: Final = 512
_MAX_FIRST_LINE: Final = 512
