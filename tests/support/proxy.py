"""A proxy in front of a server that breaks connections at chosen bytes."""

import asyncio
import contextlib
import re
import urllib.parse
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Literal

import attrs

from tests.support.network import MAX_HEAD_BYTES, How, LoopServer, Request, read_request, write


@attrs.frozen
class Cut:
    """Where and how a connection breaks.

    Attributes:
        at: So many bytes pass before. A number that is never reached cuts nothing.
        how: How the client sees it.
        of: What the bytes are counted of. `request`: the request, on its way to the server, which sees its connection
            closed. `answer`: the answer on its way back, from its status line on; 0 cuts when the server has begun to
            answer. `body`: the same from the first byte of the answer's body, as it is on the wire.
    """

    at: int = 0
    how: How = "fin"
    of: Literal["request", "answer", "body"] = "body"


Plan = Callable[[Request], Cut | None] | Iterable[Cut | None]


class FaultProxy(LoopServer):
    """Passes requests on to a server, and breaks their connections as planned.

    Each connection carries one request (the proxy adds `connection: close`), so that cuts can be planned by request.
    The rest passes unchanged, also the way in which the server breaks a connection. What a proxy cannot show is a
    server that refuses connections: the client sees one that closes without an answer.

    Args:
        upstream: The server's base URL.
        plan: Gives the cut of a request, None for none; or cuts in the order of requests, none when they are used up.
        port: The port, in place of a free one: for a proxy that takes the place of another.

    Attributes:
        requests: All that were read, in order.
        cuts: How many connections were cut.
    """

    def __init__(self, upstream: str, plan: Plan = (), *, port: int = 0) -> None:
        super().__init__(port)
        self.requests: list[Request] = []
        self.cuts = 0
        self._upstream = urllib.parse.urlsplit(upstream)
        self._plan = plan if callable(plan) else iter(plan)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Passes one request and its answer on."""
        request = await read_request(reader)
        with self.changing():
            self.requests.append(request)
        cut = self._plan(request) if callable(self._plan) else next(self._plan, None)
        wire = _closing(request.head) + request.body
        if cut and cut.of == "request" and cut.at <= len(wire):
            if cut.at:
                async with self._connected() as (_, server):
                    await write(server, wire[: cut.at])
            await self._break_off(writer, cut)
        async with self._connected() as (answer, server):
            await write(server, wire)
            try:
                await self._pass_answer(answer, writer, cut, self.watcher(request))
            except ConnectionResetError:
                await self.break_off(writer, "rst")

    def watcher(self, _request: Request) -> Callable[[bytes], None]:
        """What is told of each piece of a request's answer before it is passed on, and of its end by no bytes."""
        return lambda _: None

    async def _pass_answer(
        self,
        answer: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        cut: Cut | None,
        watch: Callable[[bytes], None],
    ) -> None:
        try:
            data = await answer.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as broken:
            data = broken.partial
        left = None if cut is None or cut.of == "request" else cut.at + (len(data) if cut.of == "body" else 0)
        while data:
            watch(data)
            if cut and left is not None and len(data) >= left:
                await write(writer, data[:left])
                await self._break_off(writer, cut)
                data, left = data[left:], None
            await write(writer, data)
            if left is not None:
                left -= len(data)
            data = await answer.read(2**16)
        watch(b"")

    async def _break_off(self, writer: asyncio.StreamWriter, cut: Cut) -> None:
        with self.changing():
            self.cuts += 1
        await self.break_off(writer, cut.how)

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(
            self._upstream.hostname, self._upstream.port, limit=MAX_HEAD_BYTES
        )
        writer.transport.set_write_buffer_limits(high=0)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()


def _closing(head: bytes) -> bytes:
    kept = re.sub(rb"\r\nconnection:[^\r]*", b"", head, flags=re.IGNORECASE)
    return kept.removesuffix(b"\r\n") + b"connection: close\r\n\r\n"
