"""What goes over a connection for one request: its bytes, and the answer out of the bytes that come. HTTP/1.1, no I/O."""

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
    """An answer as h11 reads it, which httpx brings."""

    def take(self) -> bytes | None:  # noqa: D102 - as above
        if self._behind and not self._pieces:
            try:
                self._go_on(at_once=True)
            except httpx.RemoteProtocolError as error:
                self._failure = error
        return super().take()

    def _ask(self, method: str, target: bytes, headers: Headers, content: bytes) -> bytes:
        self._behind = self._hung_up = False
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_SIZE)
        try:
            head = self._h11.send(h11.Request(method=method, target=target, headers=headers))
            body = self._h11.send(h11.Data(data=content)) if content else b""
            self._h11.send(h11.EndOfMessage())
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error
        return (head or b"") + (body or b"")

    def _read(self, data: bytes) -> None:
        if not data and not self.begun:
            raise httpx.RemoteProtocolError(NO_ANSWER)
        self._hung_up = not data
        try:
            self._h11.receive_data(data)
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error
        # For a token that comes alone, h11's own price is most of its delay: what the rest of its read says can wait.
        self._go_on(at_once=len(data) < _SMALL)

    def _go_on(self, *, at_once: bool) -> None:
        """Ask h11 what has come.

        Args:
            at_once: Whether to stop at the first piece of the body.
        """
        next_event, add, data = self._h11.next_event, self._pieces.append, h11.Data
        self._behind = False
        try:
            while not self._complete:
                event = next_event()
                if isinstance(event, data):
                    add(event.data)
                    if at_once:
                        self._behind = True
                        return
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
                elif event is h11.PAUSED:
                    raise httpx.RemoteProtocolError(OTHER_PROTOCOL)
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error


FRAMING: Final = (b"content-length", b"transfer-encoding")
_WITH_CONTENT: Final = ("POST", "PUT", "PATCH")
_SMALL: Final = 4 * 2**10
MAX_HEAD_SIZE: Final = 100 * 2**10
NO_ANSWER: Final = "the server hung up without an answer"
OTHER_PROTOCOL: Final = "the server wants to speak another protocol"
