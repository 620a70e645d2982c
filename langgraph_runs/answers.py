"""What goes over a connection for one request: its bytes, and the answer out of the bytes that come. HTTP/1.1, no I/O."""

import re
from abc import ABC, abstractmethod
from typing import Final, TypeAlias

import h11
import httpx

Headers: TypeAlias = list[tuple[bytes, bytes]]


class Answer(ABC):
    """One answer while it comes.

    Args:
        method: Of the request, such as GET.
        target: The path and query that are asked for.
        headers: The request's headers. Those that say how long its content is are made anew.
        content: The request's content, whole.

    Attributes:
        sent: The bytes of the request.
        begun: Whether the answer's head is there, and with it `status`, `reason`, `http_version` and `headers`.

    Raises:
        httpx.LocalProtocolError: If it can't be sent, such as a header with a line's end in it.
    """

    def __init__(self, method: str, target: bytes, headers: Headers, content: bytes) -> None:
        self.begun = False
        self.status = 0
        self.reason = self.http_version = b""
        self.headers: Headers = []
        self._complete = self._can_follow = False
        self._pieces: list[bytes | bytearray] = []
        self._failure: httpx.RemoteProtocolError | None = None
        kept = [header for header in headers if header[0].lower() not in FRAMING]
        if content or method in _WITH_CONTENT:
            kept.append((b"Content-Length", b"%d" % len(content)))
        self.sent = self._ask(method, target, kept, content)

    def feed(self, data: bytes) -> None:
        """Take what was read; nothing for the connection's end.

        Raises:
            httpx.RemoteProtocolError: If it is no head of an answer.
        """
        try:
            self._read(data)
        except httpx.RemoteProtocolError as error:
            if not self.begun:
                raise
            self._failure = error  # after what came before it

    def take(self) -> bytes | None:
        """What has come of the body since, empty if nothing has; None at its end.

        Raises:
            httpx.RemoteProtocolError: If it has no proper end.
        """
        pieces = self._pieces
        if pieces:
            data = b"".join(pieces)
            pieces.clear()
            return data
        if self._failure is not None:
            raise self._failure
        return None if self._complete else b""

    @property
    def reusable(self) -> bool:
        """Whether another request may follow on the same connection."""
        return self._complete and self._can_follow and self._failure is None

    @abstractmethod
    def _ask(self, method: str, target: bytes, headers: Headers, content: bytes) -> bytes:
        """The bytes of the request."""

    @abstractmethod
    def _read(self, data: bytes) -> None:
        """Find out what these bytes say.

        Raises:
            httpx.RemoteProtocolError: If it is not HTTP.
        """


class H11Answer(Answer):
    """An answer as h11 reads it, which httpx brings.

    A chunk costs h11 two dozen calls in Python, and a stream of tokens is nothing but chunks. So those that came whole, and have only
    a size, are taken out before h11 sees them. It reads all else, and finds a chunk begin wherever it expects one.
    """

    def _ask(self, method: str, target: bytes, headers: Headers, content: bytes) -> bytes:
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_SIZE)
        self._hung_up = False
        # How much is left of the chunk that h11 is in the middle of; None where only h11 knows.
        self._left: int | None = None
        self._size_line = b""  # as much as has come of it
        try:
            head = self._h11.send(h11.Request(method=method, target=target, headers=headers))
            body = self._h11.send(h11.Data(data=content)) if content else b""
            self._h11.send(h11.EndOfMessage())
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error
        return (head or b"") + (body or b"")

    def _read(self, data: bytes) -> None:
        if not data:
            if not self.begun:
                raise httpx.RemoteProtocolError(NO_ANSWER)
            self._hung_up = True
            self._tell(data)
        while data and not self.begun:
            head, blank, data = data.partition(_BLANK_LINE)
            self._tell(head + blank)
        if data and self._left is not None and not self._complete:
            data = self._take_chunks(self._size_line + data, self._left)
        if data and self._complete:
            self._can_follow = False  # nobody asked for more
        elif data:
            self._tell(data)

    def _take_chunks(self, data: bytes, position: int) -> bytes:
        """Take the plain chunks that are whole.

        Args:
            data: What was read.
            position: Where in it, or after it, the chunk ends that h11 is in the middle of.

        Returns:
            What is left to be read by h11.
        """
        self._size_line = b""
        if position >= len(data):
            self._left = position - len(data)
            return data
        if position:
            self._tell(data[:position])
        add = self._pieces.append
        while size := _SIZE_LINE(data, position):
            begin = size.end()
            end = begin + int(size[1], 16)
            if not data.startswith(b"\r\n", end):
                missing = end + 2 - len(data)
                self._left = missing if missing > 0 else None
                return data[position:]
            add(data[begin:end])
            position = end + 2
        rest = data[position:]
        if _PART_OF_SIZE_LINE(rest):
            self._left, self._size_line = 0, rest
            return b""
        self._left = None
        return rest

    def _tell(self, data: bytes) -> None:
        """Let h11 read this, and ask it what has come; nothing is the connection's end."""
        next_event = self._h11.next_event
        try:
            self._h11.receive_data(data)
            while not self._complete:
                event = next_event()
                if isinstance(event, h11.Data):
                    self._pieces.append(event.data)
                elif event is h11.NEED_DATA:
                    return
                elif isinstance(event, h11.EndOfMessage):
                    self._complete = True
                    done = self._h11.their_state is h11.DONE and not self._h11.trailing_data[0]
                    self._can_follow = done and not self._hung_up
                elif isinstance(event, h11.Response):
                    self.begun = True
                    self.status, self.reason = event.status_code, event.reason
                    self.http_version = b"HTTP/" + event.http_version
                    self.headers = event.headers.raw_items()
                    # The only transfer encoding that h11 takes is chunked.
                    chunked = any(name.lower() == b"transfer-encoding" for name, _ in self.headers)
                    if chunked and not self._h11.trailing_data[0]:
                        self._left = 0
                elif event is h11.PAUSED:
                    raise httpx.RemoteProtocolError(OTHER_PROTOCOL)
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error


FRAMING: Final = (b"content-length", b"transfer-encoding")
_WITH_CONTENT: Final = ("POST", "PUT", "PATCH")
_BLANK_LINE: Final = b"\r\n\r\n"
_SIZE: Final = rb"([1-9A-Fa-f][0-9A-Fa-f]{0,6})"
_SIZE_LINE: Final = re.compile(_SIZE + rb"\r\n").match
_PART_OF_SIZE_LINE: Final = re.compile(rb"(?:" + _SIZE + rb"\r?)?").fullmatch
MAX_HEAD_SIZE: Final = 100 * 2**10
NO_ANSWER: Final = "the server hung up without an answer"
OTHER_PROTOCOL: Final = "the server wants to speak another protocol"
