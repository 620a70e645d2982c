"""Our own transport: httpcore's sockets, a pool, and whatever reads the answers.

httpx's default transport takes a stream of tokens apart chunk by chunk, each through five generators, and its pool looks at all of its
connections whenever a request begins or ends. Here all that one read brings is taken apart at once, and the pool looks at the one
connection that it takes. The sockets, TLS and timeouts are those of httpx with threads and trio, and asyncio's own on asyncio (see
network.py); the exceptions are the same.

It speaks HTTP/1.1 and connects directly: what goes through a proxy goes through httpx's own transport.
"""

import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, Final, TypeAlias

import httpcore
import httpx

from langgraph_runs._sansio.config import LIMITS
from langgraph_runs.answers import Answer, H11Answer
from langgraph_runs.network import NETWORK_ERRORS, aconnect, named
from langgraph_runs.slots import AsyncSlots

_Limits: TypeAlias = Mapping[str, float | None]
Origin: TypeAlias = tuple[str, bytes, int]


def origin(url: httpx.URL) -> Origin:
    """Where a request for this URL goes: scheme, host and port."""
    return url.scheme, url.raw_host, url.port or _PORTS[url.scheme]


class AsyncDirectTransport(httpx.AsyncBaseTransport):
    """A transport that connects directly, and speaks HTTP/1.1.

    Args:
        verify: Whose certificates are believed: True for those that httpx believes (SSL_CERT_FILE and SSL_CERT_DIR count), False
            for any at all, or a context of your own.
        limits: How many requests may be under way at once, and how many connections are kept for more, for how long.
    """

    answer: type[Answer] = H11Answer

    def __init__(self, *, verify: ssl.SSLContext | bool = True, limits: httpx.Limits = LIMITS) -> None:
        self._tls = verify if isinstance(verify, ssl.SSLContext) else httpx.create_ssl_context(verify=verify)
        self._tls.set_alpn_protocols(["http/1.1"])
        self._limits = limits
        self._slots = AsyncSlots(limits.max_connections)
        self._idle: list[_AsyncConnection] = []
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the body of the answer is read while it is iterated over.

        Raises:
            httpx.TransportError: If it fails.
        """
        url = request.url
        if url.scheme not in _PORTS:
            raise httpx.UnsupportedProtocol(f"the URL's scheme is {url.scheme!r}, not http or https")
        answer = self.answer(request.method, url.raw_path, request.headers.raw, await request.aread())
        return await self.exchange(origin(url), answer, request.extensions)

    async def exchange(self, origin: Origin, answer: Answer, extensions: Mapping[str, Any]) -> httpx.Response:
        """The same, for a request in bytes.

        Args:
            origin: Where to send it.
            answer: The request, and what will read its answer.
            extensions: What httpx calls so; of those, `timeout` and `trace` count.

        Raises:
            httpx.TransportError: If it fails.
        """
        limits: _Limits = extensions.get("timeout", {})
        await self._slots.take(limits.get("pool"))
        try:
            connection = await self._kept(origin)
            if connection is None:
                connection = await self._connect(origin, limits.get("connect"), extensions.get("trace"))
            await connection.ask(answer, limits)
        except BaseException:
            self._slots.release()
            raise
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_AsyncAnswerStream(self, connection, answer, limits.get("read")),
            extensions={
                "http_version": answer.http_version,
                "reason_phrase": answer.reason,
                "network_stream": connection.stream,
            },
        )

    async def aclose(self) -> None:
        """Close the connections that are kept; the others are closed with their answers."""
        self._closed = True
        while self._idle:
            await self._idle.pop().aclose()

    async def done(self, connection: "_AsyncConnection", answer: Answer) -> None:
        """Nobody wants more of this answer: the connection is kept if it can carry another."""
        self._slots.release()
        most = self._limits.max_keepalive_connections
        if not answer.reusable or self._closed or (most is not None and len(self._idle) >= most):
            await connection.aclose()
            return
        connection.idle_since = monotonic()
        self._idle.append(connection)

    async def _kept(self, origin: Origin) -> "_AsyncConnection | None":
        """A connection that an earlier request has left; the last one first, so that what nobody needs gets old."""
        expiry = self._limits.keepalive_expiry
        with suppress(IndexError):  # another thread may take the last one
            while expiry is not None and self._idle[0].idle_since < monotonic() - expiry:
                await self._idle.pop(0).aclose()
            while True:
                connection = self._idle.pop()
                # All that can come while nothing was asked for is the connection's end.
                if connection.origin == origin and not connection.stream.get_extra_info("is_readable"):
                    return connection
                await connection.aclose()
        return None

    async def _connect(
        self, origin: Origin, timeout: float | None, trace: Callable[..., Any] | None
    ) -> "_AsyncConnection":
        scheme, raw_host, port = origin
        host = raw_host.decode("ascii")
        try:
            stream = await aconnect(host, port, timeout)
            if scheme == "https":
                stream = await stream.start_tls(self._tls, server_hostname=host, timeout=timeout)
        except NETWORK_ERRORS as error:
            raise named(error) from error
        if trace is not None:
            await trace("connection.connect_tcp.complete", {"return_value": stream})
        return _AsyncConnection(origin, stream)


class _AsyncConnection:
    """One connection, and on it one request after the other."""

    def __init__(self, origin: Origin, stream: httpcore.AsyncNetworkStream) -> None:
        self.origin = origin
        self.stream = stream
        self.idle_since = 0.0

    async def ask(self, answer: Answer, limits: _Limits) -> None:
        """Send a request, and read its answer's head."""
        try:
            with suppress(httpcore.WriteError):  # the server may have answered before it has read all
                await self.stream.write(answer.sent, timeout=limits.get("write"))
            while not answer.begun:
                answer.feed(await self.stream.read(_READ_SIZE, timeout=limits.get("read")))
        except BaseException as error:
            await self.aclose()
            if isinstance(error, NETWORK_ERRORS):
                raise named(error) from error
            raise

    async def aclose(self) -> None:
        await self.stream.aclose()


class _AsyncAnswerStream(httpx.AsyncByteStream):
    """The body of an answer while it comes."""

    def __init__(
        self, transport: AsyncDirectTransport, connection: _AsyncConnection, answer: Answer, timeout: float | None
    ) -> None:
        self._transport = transport
        self._connection = connection
        self._answer = answer
        self._timeout = timeout
        self._closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        answer = self._answer
        try:
            while (data := answer.take()) is not None:
                if data:
                    return data
                answer.feed(await self._connection.stream.read(_READ_SIZE, timeout=self._timeout))
        except BaseException as error:
            await self.aclose()
            if isinstance(error, NETWORK_ERRORS):
                raise named(error) from error
            raise
        raise StopAsyncIteration

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            await self._transport.done(self._connection, self._answer)


_PORTS: Final = {"http": 80, "https": 443}
_READ_SIZE: Final = 2**17
