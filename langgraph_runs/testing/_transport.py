"""The transport that takes the place of the network, for httpx's clients of both kinds."""

import math
import time
from collections.abc import AsyncIterator, Iterator
from typing import Final

import anyio
import httpx

from langgraph_runs.testing._core import Core
from langgraph_runs.testing._reader import CutError, Reader

_NAP: Final = 0.01  # seconds until a reader looks again whether somebody has cancelled or released its run


class FakeTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Takes requests of both kinds of httpx clients to a fake server."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        request.read()
        return self._response(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        await request.aread()
        return self._response(request)

    def _response(self, request: httpx.Request) -> httpx.Response:
        answer = self._core.answer(request)
        content = answer.content
        stream = _Body(self._core, content, request) if isinstance(content, Reader) else httpx.ByteStream(content)
        # As after a real connection, the library then reads a response that it has closed to its end, for trio.
        extensions = {"network_stream": None}
        return httpx.Response(answer.status, headers=dict(answer.headers), stream=stream, extensions=extensions)


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes while a run goes on. It raises what a connection would raise."""

    def __init__(self, core: Core, reader: Reader, request: httpx.Request) -> None:
        self._core = core
        self._reader = reader
        self._request = request
        self._closed = False
        self._deadline: float | None = None

    def __iter__(self) -> Iterator[bytes]:
        while (found := self._next()) is not None:
            if isinstance(found, bytes):
                yield found
            else:
                time.sleep(found)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (found := self._next()) is not None:
            if isinstance(found, bytes):
                yield found
            else:
                await anyio.sleep(found)

    def _next(self) -> bytes | float | None:
        if self._closed:
            raise httpx.ReadError("the connection was closed", request=self._request)
        try:
            found = self._core.poll(self._reader)
        except CutError:
            self.close()
            raise httpx.ReadError("the fake server cut the connection", request=self._request) from None
        if not isinstance(found, float):
            self._deadline = None
            return found
        now = time.monotonic()
        deadline = self._deadline
        if deadline is None:  # a read begins; the library's limit may be another for each
            limit: float | None = self._request.extensions.get("timeout", {}).get("read")
            deadline = self._deadline = math.inf if limit is None else now + limit
        if now >= deadline:
            self.close()
            raise httpx.ReadTimeout("the fake server was silent for too long", request=self._request)
        return min(found, deadline - now, _NAP)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._core.left(self._reader)

    async def aclose(self) -> None:
        self.close()
