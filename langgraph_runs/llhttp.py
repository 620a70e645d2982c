"""Answers as llhttp reads them, the parser of Node.js: in C, and many times as fast as h11. httptools brings it to Python."""

from types import SimpleNamespace
from typing import Final

import httpx

from langgraph_runs.answers import FRAMING, MAX_HEAD_SIZE, NO_ANSWER, OTHER_PROTOCOL, Answer, Headers

try:
    import httptools
except ImportError as error:
    raise ImportError("the fast transport needs httptools: pip install 'langgraph-runs[fast]'") from error


class LlhttpAnswer(Answer):
    """An answer as llhttp tells of it, piece by piece."""

    def _ask(self, method: str, target: bytes, headers: Headers, content: bytes) -> bytes:
        lines = [b"%b %b HTTP/1.1" % (method.encode("ascii"), target)]
        lines += [b"%b: %b" % header for header in headers]
        head = b"\r\n".join(lines)
        if head.count(b"\n") >= len(lines) or head.count(b"\r") >= len(lines) or b"\0" in head:
            raise httpx.LocalProtocolError("a header holds a character that it can't carry")
        self._parser = httptools.HttpResponseParser(
            SimpleNamespace(
                on_message_begin=self._on_begin,
                on_status=self._on_reason,
                on_header=self._on_header,
                on_headers_complete=self._on_head,
                on_body=self._pieces.append,
                on_message_complete=self._on_end,
            )
        )
        self._fruitless = 0  # bytes since the last of the body; heads, chunk extensions and trailers may be endless
        self._framed = False
        return head + b"\r\n\r\n" + content

    def _read(self, data: bytes) -> None:
        if not data:
            self._hung_up()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise httpx.RemoteProtocolError(OTHER_PROTOCOL) from None
        except httptools.HttpParserError as error:
            self._can_follow = False
            if not self._complete:  # what follows an answer was not asked for
                raise httpx.RemoteProtocolError(str(error)) from error
        self._fruitless = 0 if self._pieces else self._fruitless + len(data)
        if self._fruitless > MAX_HEAD_SIZE and not self._complete:
            raise httpx.RemoteProtocolError(f"more than {MAX_HEAD_SIZE} bytes that are none of the answer's body")

    def _hung_up(self) -> None:
        if not self.begun:
            raise httpx.RemoteProtocolError(NO_ANSWER)
        self._can_follow = False
        if self._framed and not self._complete:
            raise httpx.RemoteProtocolError("the server hung up before the end of its answer")
        self._complete = True

    def _on_begin(self) -> None:
        if self._complete:
            raise ValueError("more than was asked for")
        self.reason = b""
        self.headers = []

    def _on_reason(self, reason: bytes) -> None:
        self.reason += reason

    def _on_header(self, name: bytes, value: bytes) -> None:
        if not self.begun:  # else it is a trailer
            self.headers.append((name, value.rstrip(b" \t")))

    def _on_head(self) -> None:
        self.status = self._parser.get_status_code()
        if self.status >= _FIRST_FINAL:
            self.begun = True
            self.http_version = b"HTTP/" + self._parser.get_http_version().encode()
            self._framed = any(name.lower() in FRAMING for name, _ in self.headers)
            self._can_follow = self._parser.should_keep_alive()

    def _on_end(self) -> None:
        self._complete = self.begun


_FIRST_FINAL: Final = 200
