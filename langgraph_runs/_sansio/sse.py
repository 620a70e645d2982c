"""Bytes to server-sent events, by the rules of the WHATWG (HTML standard, section 9.2), without any I/O.

Two readers take turns. An event of the shape that LangGraph servers send (`event`, `data`, perhaps `id`, blank line)
and that lies whole in one chunk is taken in a few steps, each of them done in C: small ones by splitting a chunk at what
stands between two events that are alike, large ones by searches for the ends of their lines. A small one that a chunk's
end cuts inside of its data is put together first. All else is read line by line, by the letter of the standard: other
events cut by the end of a chunk, comments, other fields, line ends of all kinds, an event name seen for the first time.
The short way takes only what the long way would read just so, else it leaves the block to it.

What it costs: every byte is looked at a fixed number of times, however the chunks are cut. Chunks are kept as they
came; only a line that spans several is gathered, in a buffer that grows, and a large payload is a view of it. Besides
the chunks not yet looked at, memory is that of the event being read, and of its data again where that takes many lines.
"""

# Pyright loses its way in loops of loops; mypy does not.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false, reportUnknownMemberType=false

import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

__all__ = ["EventTooLongError", "SSEDecoder", "ServerSentEvents"]

ServerSentEvents: TypeAlias = tuple[str, Sequence[bytes | memoryview], str | None]
"""Events that differ in their data alone: their name (`message` where they have none), the data of each, and the last id that the server
gave so far.

Few or many are together as they came; tokens without ids mostly are many. The id is None before the first one, and empty after the server
has reset it.
"""


class EventTooLongError(Exception):
    """An event is longer than the decoder was told to take."""


class SSEDecoder:
    """Decodes one `text/event-stream` body: `feed` what was read, then take `events` until one is None.

    A block of lines that the end of the body cuts short never comes out.

    Args:
        max_event_bytes: How long an event may be: all its lines, also those that say nothing; an end of a line is one.

    Attributes:
        feed: Takes what was read. Nothing of it is decoded before it is asked for.
        events: The events, those that are alike together; None whenever it needs more bytes for the next one, and it goes on from there.
            Raises EventTooLongError once the event being read gets too long; the decoder is spent then.
    """

    __slots__ = ("_blocks", "events", "feed")

    def __init__(self, max_event_bytes: int = 256 * 2**20) -> None:
        self._blocks = _BlockReader(max_event_bytes)
        # Not methods of ours, which would cost a call more. The generator does not know this object, so there
        # is no cycle for the garbage collector.
        self.feed: Callable[[bytes], None] = self._blocks.chunks.append
        self.events: Iterator[ServerSentEvents | None] = _events(self._blocks)

    @property
    def pending(self) -> bool:
        """Whether something of an event has come that is not complete; when all `events` were taken."""
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
    """How events of a name look whose lines end in a certain way."""

    name: str
    prefix: bytes  # up to the data
    end: bytes
    blank: bytes  # the end of the last line, and the empty line
    id_mark: bytes  # from the end of the data to the id
    between: bytes  # from the end of an event to the data of the next one that is alike
    frame: int  # how long that is: all of an event but its data


def _events(blocks: "_BlockReader") -> Iterator[ServerSentEvents | None]:
    """Gives events, and None whenever it needs more bytes."""
    chunks, most = blocks.chunks, min(_MOST, blocks.max_event_bytes)
    shapes: dict[bytes, _Shape] = {}  # by their first lines
    shape: _Shape = _NAMELESS
    name, prefix, _, blank, id_mark, between, frame = shape
    found: tuple[_Shape, ServerSentEvents] | None
    id: str | None = None
    # How much is split at once: as long as a few of the last event that was read by its lines, so that many of those cost
    # no more. Nothing after a large one: splitting would take longer than reading its few lines.
    window = 0
    chunk = b""
    while len(chunk) < len(_BOM) and _BOM.startswith(chunk):
        while not chunks:
            yield None
        chunk += chunks.popleft()
    chunks.appendleft(chunk.removeprefix(_BOM))
    while True:
        while not chunks:
            yield None
        # Here a block begins.
        chunk = chunks.popleft()
        size = len(chunk)
        if size <= window:
            data = chunk.removeprefix(prefix).removesuffix(blank)
            # Both were there, and no line ends between them: it is one event.
            if size - len(data) == frame and _LF not in data and _CR not in data:
                yield name, (data,), id
                continue
        position = 0
        while position < len(chunk):
            if not chunk.startswith(prefix, position):
                shape = shapes.get(chunk[position : chunk.find(b"\n", position) + 1], shape)
                name, prefix, _, blank, id_mark, between, frame = shape
            if not window:
                event, position = _large_event(chunk, position, shape, blocks.max_event_bytes, id)
                if event is not None:
                    id = event[2]
                    window = _window(len(event[1][0]), window, most)
                    yield event
                    event = _NONE  # it may be large, and the next one far away
                    continue
            while window and position < len(chunk):
                start, stop = position, min(position + window, len(chunk))
                if chunk.startswith(prefix, position):
                    # A chunk mostly ends where an event does.
                    whole = stop == len(chunk) and chunk.endswith(blank)
                    alike = chunk[position + len(prefix) : stop - len(blank) if whole else stop].split(between)
                    position = stop if whole else stop - len(alike.pop()) - len(prefix)
                    if alike and _are_lines(alike):
                        yield name, alike, id
                        alike = []
                    others = iter(alike)
                    for data in others:
                        if _LF not in data and _CR not in data:
                            yield name, (data,), id
                            continue
                        before, mark, value = data.rpartition(id_mark)
                        if mark and _LF not in before and _CR not in before:
                            text = value.decode("utf-8", "replace")
                            if text.isprintable():
                                id = text
                                yield name, (before,), id
                                continue
                        # Something else lies between two events that are alike.
                        position -= sum(len(part) + len(between) for part in (data, *others))
                        window = _window(len(data), 0, most) or window
                        stop = min(position + window, len(chunk))
                some, gap = chunk[position:stop].split(blank), len(blank)
                position = stop - len(some.pop())
                others = iter(some)
                for block in others:
                    found = _other_event(block, shape, shapes, id)
                    if found is None:
                        position -= sum(len(part) + gap for part in (block, *others))
                        window = 0
                        break
                    shape, event = found
                    name, prefix, _, blank, id_mark, between, frame = shape
                    id = event[2]
                    yield event
                else:
                    if position == start and (stop == len(chunk) or window == most):
                        break
                    window = min(2 * window, most)
            if position == len(chunk):
                break
            if window and chunk.startswith(prefix, position):
                chunk, position = chunk[position:], 0
                data = chunk[len(prefix) :]
                # Of a small event that is cut inside of its data, the rest mostly comes with the next chunk.
                if len(data) < window and _LF not in data and _CR not in data:
                    blocks.held = chunk
                    while not chunks:
                        yield None
                    blocks.held = b""
                    end = chunks[0].find(blank)
                    if 0 <= end <= most - len(chunk):
                        found = _other_event(chunk + chunks[0][:end], shape, shapes, id)
                        if found is not None:
                            chunk, position = chunks.popleft(), end + len(blank)
                            event = found[1]
                            id = event[2]
                            yield event
                            continue
            blocks.id = id
            blocks.take(chunk, position)
            while not blocks.read_block():
                yield None
            id = blocks.id
            if blocks.data is not None:
                event = blocks.take_event()
                if event[0] != name or shape is _NAMELESS:
                    if len(shapes) >= _MAX_SHAPES:
                        shapes.clear()
                    shapes.update(_shapes(event[0]))
                window = _window(len(event[1][0]), window, most)
                yield event
                event = _NONE
            chunk, position = blocks.chunk, blocks.position


def _are_lines(parts: Iterable[bytes]) -> bool:
    """Whether no line ends within any of them."""
    for part in parts:  # noqa: SIM110 - a generator would cost each of them more
        if _LF in part or _CR in part:
            return False
    return True


def _window(size: int, least: int, most: int) -> int:
    """How much to split after an event of this size."""
    return 0 if size > _SMALL else min(max(least, _LEAST, _FEW * size), most)


def _large_event(
    chunk: bytes, position: int, shape: _Shape, most: int, id: str | None
) -> tuple[ServerSentEvents | None, int]:
    """Takes the event that begins here by the ends of its few lines, and tells where the next block begins.

    None, and the same place, when it is not whole, or of another shape.
    """
    if not chunk.startswith(shape.prefix, position):
        return None, position
    begin = position + len(shape.prefix)
    end = after = chunk.find(b"\n", begin) + 1 - len(shape.end)
    if end < begin or chunk.find(b"\r", begin, end) >= 0:
        return None, position
    if chunk.startswith(shape.id_mark, end):
        id_begin = end + len(shape.id_mark)
        after = chunk.find(b"\n", id_begin) + 1 - len(shape.end)
        id = chunk[id_begin : max(after, id_begin)].decode("utf-8", "replace")
    if not chunk.startswith(shape.blank, after) or after - position > most or not (id or "").isprintable():
        return None, position
    return (shape.name, (_slice(chunk, begin, end),), id), after + len(shape.blank)


def _other_event(
    block: bytes, shape: _Shape, shapes: Mapping[bytes, _Shape], id: str | None
) -> tuple[_Shape, ServerSentEvents] | None:
    """Takes a block that is one event of a shape seen before, with its id or with its data on many lines; None when it is anything else."""
    if not block.startswith(shape.prefix):
        shape = shapes.get(block[: block.find(b"\n") + 1], shape)
        if not block.startswith(shape.prefix):
            return None
    data = block[len(shape.prefix) :]
    before, mark, value = data.rpartition(shape.id_mark)
    if mark:
        data, id = before, value.decode("utf-8", "replace")
        if not id.isprintable():
            return None
    if _CR in data or _LF in data:
        # LangGraph.js spreads one event's JSON over many lines.
        more = shape.end + _DATA
        spread = len(data)
        data = data.replace(more, b"\n")
        # Every line's end must have been one that was replaced.
        if _CR in data or spread - len(data) != data.count(b"\n") * (len(more) - 1):
            return None
    return shape, (shape.name, (data,), id)


def _shapes(name: str) -> Iterator[tuple[bytes, _Shape]]:
    head = b"event: " + name.encode()
    if len(head) <= _MAX_HEAD_BYTES:
        for end in (b"\n", b"\r\n"):
            yield head + end, _shape(name, head + end, end)


def _shape(name: str, first_line: bytes, end: bytes) -> _Shape:
    prefix, blank = first_line + _DATA, end + end
    between = blank + prefix
    return _Shape(name, prefix, end, blank, end + b"id: ", between, len(between))


class _BlockReader:
    """Reads lines, by the letter of the standard, into what a block says.

    Attributes:
        chunks: What was not looked at yet.
        held: The beginning of an event that nobody has read yet.
        chunk: What is being read.
        position: How much of it has been read.
        data: The block's data so far; None while there is none.
        id: The last id so far.
    """

    __slots__ = (
        "_cr",
        "_lf",
        "_name",
        "_size",
        "_tail",
        "chunk",
        "chunks",
        "comments",
        "data",
        "held",
        "id",
        "max_event_bytes",
        "position",
        "retry",
        "skips_lf",
    )

    def __init__(self, max_event_bytes: int) -> None:
        self.max_event_bytes = max_event_bytes
        self.retry: int | None = None
        self.comments = 0
        self.chunks: deque[bytes] = deque()
        self.held = self.chunk = b""
        self.position: int = 0
        self.data: bytes | memoryview | bytearray | None = None
        self.id: str | None = None

        self.skips_lf = False  # the last chunk ended in a CR, which ended its line already
        self._lf = self._cr = -1  # the chunk's next line ends, once searched; _NOWHERE where there is none
        self._tail = bytearray()  # a line that earlier chunks have begun
        self._name = b""
        self._size = 0  # the block's lines so far: 0 between blocks

    @property
    def pending(self) -> bool:
        """Whether a block has begun."""
        return bool(self._size or self._tail or self.held)

    def take(self, chunk: bytes, position: int = 0) -> None:
        """Goes on in this chunk."""
        if self.skips_lf and chunk:
            self.skips_lf = False
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

    def take_event(self) -> ServerSentEvents:
        """Gives what the block that has ended says."""
        name, data = self._name, self.data
        self._name, self.data = b"", None
        if data is None:
            data = b""
        elif isinstance(data, bytearray):
            data = _slice(data, 0, len(data))
        return name.decode("utf-8", "replace") or "message", (data,), self.id

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
                self.skips_lf = self.position == len(chunk)
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


_DATA_LINES: Final = re.compile(rb"(?:data: .*+\n)++").match

_DATA: Final = b"data: "
_NAMELESS: Final = _shape("message", b"", b"\n")
_BOM: Final = b"\xef\xbb\xbf"
_CR: Final = 0x0D
_LF: Final = 0x0A
_NOWHERE: Final = sys.maxsize

_NONE: Final = ("", (), None)
_FEW: Final = 4
_LEAST: Final = 2 * 2**10
_MOST: Final = 64 * 2**10
_SMALL: Final = 4 * 2**10
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
