"""HTTP/1.1 without I/O: requests to bytes, and bytes to responses, parsed by llhttp (`httptools`).

llhttp is strict. Four lenient options are on because real servers need them, and because httpx's own parser (h11)
accepts the same: folded headers and control characters in values, bare line feeds, spaces after a chunk's size,
Content-Length together with chunked. llhttp misreads responses with NUL in a header, with a space before a colon, or
with a transfer encoding other than `chunked`; they are rejected here.
"""

import re
from collections.abc import Iterable
from typing import Final

import httptools


class ProtocolError(Exception):
    """An invalid response, or a request that can't be sent."""


def request_head(method: bytes, target: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The bytes of a request up to its body.

    Raises:
        ProtocolError: If a part contains what is not allowed there, and could inject a header.
    """
    lines = [b"%b %b HTTP/1.1\r\n" % (method, target)]
    if not _TARGET(target):
        raise ProtocolError("the request's target contains a character that is not allowed in a URL")
    for name, value in headers:
        if not _NAME(name) or not _VALUE(value):
            raise ProtocolError(f"the request's header {name!r} has an invalid name or value")
        lines.append(b"%b: %b\r\n" % (name, value))
    return b"".join(lines) + b"\r\n"


def closes(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the headers ask for the end of the connection."""
    return any(name.lower() == b"connection" and b"close" in value.lower() for name, value in headers)


class ResponseParser:
    """Parses one response. Not for HEAD and CONNECT: httptools can't tell llhttp that their responses have no body.

    Args:
        last: Whether the connection can't carry another request, whatever the response says.
    """

    def __init__(self, *, last: bool = False) -> None:
        self.started = False  # whether the head is complete: the next four
        self.status = 0
        self.reason = self.http_version = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.complete = False  # whether the body is, too
        self._last = last
        self._framed = self._keep_alive = False
        self._body: list[bytes] = []
        self._failure: ProtocolError | None = None
        self._overhead = 0  # bytes since the last of the body: heads, chunk extensions and trailers could be endless
        self.on_body = self._body.append
        self._parser = httptools.HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(
            lenient_headers=True,
            lenient_chunked_length=True,
            lenient_optional_cr_before_lf=True,
            lenient_spaces_after_chunk_size=True,
        )

    def feed(self, data: bytes) -> None:
        """Parse data from the connection; empty data means that the connection has ended.

        Raises:
            ProtocolError: If the head is invalid. `take` raises errors in the body, after the data before them.
        """
        try:
            if data:
                self._parse(data)
            else:
                self._end()
        except ProtocolError as error:
            if not self.started:
                raise
            self._failure = error

    def take(self) -> bytes | None:
        """The part of the body that arrived since the last call, possibly empty; None at the end.

        Raises:
            ProtocolError: If the body is invalid or incomplete.
        """
        if body := self._body:
            data = body[0] if len(body) == 1 else b"".join(body)
            body.clear()
            return data
        if self._failure is not None:
            raise self._failure
        return None if self.complete else b""

    @property
    def reusable(self) -> bool:
        """Whether the connection can carry another request."""
        return self.complete and self._keep_alive and self._failure is None

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise ProtocolError("the server switched to another protocol without being asked") from None
        except httptools.HttpParserError as error:
            self._keep_alive = False
            if not self.complete:  # data after a complete response only prevents reuse
                cause = error.__context__
                raise cause if isinstance(cause, ProtocolError) else ProtocolError(str(error)) from error
        self._overhead = 0 if self._body else self._overhead + len(data)
        if self._overhead > MAX_OVERHEAD and not self.complete:
            raise ProtocolError(f"more than {MAX_OVERHEAD} bytes without any of the response's body")

    def _end(self) -> None:
        if not self.started:
            raise ProtocolError("the server closed the connection without a response")
        self._keep_alive = False
        if self._framed and not self.complete:
            raise ProtocolError("the server closed the connection before the end of its response")
        self.complete = True

    # Called by httptools.

    def on_message_begin(self) -> None:
        if self.complete:
            raise ProtocolError("more than one response")
        self.reason = b""
        self.headers = []

    def on_status(self, reason: bytes) -> None:
        self.reason += reason
        if b"\0" in reason:
            raise ProtocolError("NUL in the reason phrase")

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.started:  # a trailer
            return
        self.headers.append((name, value.rstrip(b" \t")))
        if b"\0" in value or name.endswith(b" "):
            raise ProtocolError("NUL in a header, or a space before its colon")
        # Compared exactly: after a tab or a line fold, llhttp does not recognize `chunked`, and reads chunks as the
        # body.
        if name.lower() == b"transfer-encoding" and value.lower() != b"chunked":
            raise ProtocolError("a transfer encoding other than chunked")

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        if 100 <= self.status < 200:  # noqa: PLR2004 - informational: the final response follows
            return
        names = [name.lower() for name, _ in self.headers]
        sized, chunked = b"content-length" in names, names.count(b"transfer-encoding")
        if chunked > 1 or self.status < 100:  # noqa: PLR2004
            raise ProtocolError("more than one transfer encoding" if chunked > 1 else "a status below 100")
        self._framed = sized or chunked > 0
        self._keep_alive = self._parser.should_keep_alive() and not (self._last or (sized and chunked))
        self.http_version = b"HTTP/" + self._parser.get_http_version().encode()
        self.started = True

    def on_message_complete(self) -> None:
        self.complete = self.started


MAX_OVERHEAD: Final = 100 * 2**10
_TARGET: Final = re.compile(rb"[!-~]+").fullmatch
_NAME: Final = re.compile(rb"[\w!#$%&'*+.^`|~-]+", re.ASCII).fullmatch
_VALUE: Final = re.compile(rb"[^\r\n\0]*").fullmatch
