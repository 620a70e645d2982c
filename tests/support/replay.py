"""A server that answers what a test tells it to, to the byte, and breaks its answers where it is told to."""

import asyncio
import http
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Mapping
from typing import Any

import attrs
import orjson

from tests.support.network import How, LoopServer, Request, read_request, write
from tests.support.recordings import Recording

Pieces = Iterable[bytes] | AsyncIterable[bytes]

SILENCE = 0.5
"""A timeout for servers that fall silent. Where one is to respond first, it does so sooner, on a busy machine too."""


@attrs.frozen
class Response:
    """An answer, and how it breaks.

    Attributes:
        headers: Sent as they are. Without a length among them, a body of `bytes` gets a content-length, one of pieces
            becomes chunked.
        body: Each piece is one HTTP chunk, if the headers say `transfer-encoding: chunked`, and one send in any case.
            Pieces can come from a generator, also an asynchronous and an endless one.
        raw: What goes over the wire in place of everything above. Afterwards the connection is closed.
        fault: How the connection breaks, if it does. `silent` goes on when the server is told to `release`.
        fault_after: So many bytes of the body (not counting what chunked encoding adds), or of `raw`, are sent before.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Pieces = b""
    reason: str | None = None
    raw: bytes | Pieces | None = None
    fault: How | None = None
    fault_after: int = 0

    @classmethod
    def recorded(cls, recording: Recording, **changes: Any) -> "Response":
        """The answer of a recording, with the headers and chunk boundaries that it had."""
        answer = cls(recording.status, recording.headers, recording.pieces, recording.reason)
        return attrs.evolve(answer, **changes)

    @classmethod
    def json(cls, value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = (), **fault: Any) -> "Response":
        """An answer in JSON."""
        return cls(status, (("content-type", "application/json"), *headers), orjson.dumps(value), **fault)

    @classmethod
    def events(cls, pieces: Pieces, headers: tuple[tuple[str, str], ...] = (), **fault: Any) -> "Response":
        """An event stream, one HTTP chunk a piece."""
        return cls(200, (("content-type", "text/event-stream"), *headers), pieces, **fault)

    @classmethod
    def none(cls, how: How = "fin") -> "Response":
        """No answer: the connection breaks when the request has been read."""
        return cls(raw=b"", fault=how)


async def trickle(piece: bytes, *, start: bytes = b"") -> AsyncIterator[bytes]:
    """A body that never ends and never rests for long."""
    if start:
        yield start
    while True:
        yield piece
        await asyncio.sleep(0.01)


async def late(pieces: Iterable[bytes], seconds: float = 5.5) -> AsyncIterator[bytes]:
    """A body whose pieces come so many seconds after one another; by default more than httpx waits by default."""
    for number, piece in enumerate(pieces):
        await asyncio.sleep(seconds if number else 0)
        yield piece


async def paced(*pieces: bytes | float) -> AsyncIterator[bytes]:
    """A body with these pieces, and so many seconds between them."""
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            await asyncio.sleep(piece)


Script = Response | Iterable[Response] | Callable[[Request], Response]


def by_path(answers: Mapping[str, Response]) -> Script:
    """A script of answers to `"GET /path"` and the like, whatever the query."""
    return lambda request: answers[f"{request.method} {request.path}"]


class ReplayServer(LoopServer):
    """Answers requests by a script, and keeps them.

    Args:
        script: One answer for all requests; or answers in the order of requests; or a function that gives the answer to
            a request. A request without an answer is an error of the test, and raised at its end.
        on_connect: How the connection of a number (from 0 on) breaks before its request is read, if it does.

    Attributes:
        requests: All that were read, in order.
    """

    def __init__(self, script: Script, *, on_connect: Callable[[int], How | None] = lambda _: None) -> None:
        super().__init__()
        self.requests: list[Request] = []
        self._answer = _as_function(script)
        self._on_connect = on_connect

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection, one after another."""
        if how := self._on_connect(self.accepted - 1):
            # Before the first byte, a client could be told already while it connects, or only while it sends.
            await reader.read(1)
            await self.break_off(writer, how)
        while True:
            request = await read_request(reader)
            with self.changing():
                self.requests.append(request)
            response = self._answer(request)
            if not await self._send(response, writer) or request.headers.get("connection", "").lower() == "close":
                return

    async def _send(self, response: Response, writer: asyncio.StreamWriter) -> bool:
        """Sends an answer, and tells whether the connection may be used again."""
        if response.raw is not None:
            await self._send_pieces(response, response.raw, writer, chunked=False)
            return False
        headers = _with_length(response)
        reason = response.reason if response.reason is not None else http.HTTPStatus(response.status).phrase
        lines = [f"HTTP/1.1 {response.status} {reason}", *(f"{name}: {value}" for name, value in headers), "", ""]
        await write(writer, "\r\n".join(lines).encode("latin-1"))
        lower = {(name.lower(), value.lower()) for name, value in headers}
        await self._send_pieces(response, response.body, writer, chunked=("transfer-encoding", "chunked") in lower)
        return ("connection", "close") not in lower

    async def _send_pieces(
        self, response: Response, pieces: bytes | Pieces, writer: asyncio.StreamWriter, *, chunked: bool
    ) -> None:
        left = response.fault_after
        fault = response.fault
        if fault and not left:
            await self.break_off(writer, fault)
            fault = None
        async for piece in _each(pieces):
            before, after = (b"%x\r\n" % len(piece), b"\r\n") if chunked else (b"", b"")
            rest = piece
            if fault and len(piece) >= left:
                await write(writer, before + piece[:left])
                await self.break_off(writer, fault)
                fault = None
                before, rest = b"", piece[left:]
            left -= len(piece)
            await write(writer, before + rest + after)
        if chunked:
            await write(writer, b"0\r\n\r\n")


Replay = Callable[[Script], ReplayServer]
"""What the fixture `replay` gives: starts a server with a script."""


def _as_function(script: Script) -> Callable[[Request], Response]:
    if isinstance(script, Response):
        return lambda _: script
    if callable(script):
        return script
    in_order = iter(script)

    def following(request: Request) -> Response:
        for response in in_order:
            return response
        raise LookupError(f"no answer left for {request.method} {request.target}")

    return following


def _with_length(response: Response) -> tuple[tuple[str, str], ...]:
    has_no_body = response.status in {http.HTTPStatus.NO_CONTENT, http.HTTPStatus.NOT_MODIFIED}
    if has_no_body or {"content-length", "transfer-encoding"} & {name.lower() for name, _ in response.headers}:
        return response.headers
    if isinstance(response.body, bytes):
        return (*response.headers, ("content-length", str(len(response.body))))
    return (*response.headers, ("transfer-encoding", "chunked"))


async def _each(pieces: bytes | Pieces) -> AsyncIterator[bytes]:
    if isinstance(pieces, AsyncIterable):
        async for piece in pieces:
            yield piece
    else:
        for piece in (pieces,) if isinstance(pieces, bytes) else pieces:
            # In chunked encoding an empty chunk would be the end.
            if piece:
                yield piece
