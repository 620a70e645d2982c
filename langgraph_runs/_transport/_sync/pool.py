# Derived from langgraph_runs/_transport/_async/pool.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""A connection pool that replaces httpcore's inside httpx's own transports.

It accepts httpcore's requests, returns httpcore's responses and raises httpcore's exceptions. Requests that it does not
support (HEAD, CONNECT, Upgrade, chunked bodies) go to a pool of httpcore.
"""

import ssl
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, Final, Self, TypeAlias, cast

import httpcore
import httpx

from langgraph_runs._transport.http11 import ProtocolError, ResponseParser, closes, request_head
from langgraph_runs._transport.network import connect
from langgraph_runs._transport.synchronization import Interruptible, Semaphore, has_ended, owner

_Origin: TypeAlias = tuple[bytes, bytes, int]
_Timeouts: TypeAlias = Mapping[str, float | None]


class Pool:
    """A pool with the interface that `httpx.HTTPTransport` expects.

    Args:
        tls: The TLS settings of https.
        limits: The maximum number of concurrent requests, and how many idle connections are kept for how long.
    """

    def __init__(self, tls: ssl.SSLContext, limits: httpx.Limits) -> None:
        self._tls = tls
        self._limits = limits
        self._shares: dict[Any, _Share] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request and read the head of its response. `extensions["timeout"]` has the timeout of each step.

        `timeout["read"]` is looked up before each read, so it may change while the response arrives.

        `body` in the response's extensions has `interrupt`, which ends a read of the body in another task or thread,
        and tells how an interrupted read left it: `waiting` and `complete`.
        """
        share = self._shares.get(owner()) or self._new_share()
        if not _is_supported(request):
            return share.httpcore_pool.handle_request(request)
        origin = request.url.scheme, request.url.host, request.url.port or _PORTS[request.url.scheme]
        timeouts: _Timeouts = _extensions(request).get("timeout", {})
        if not share.semaphore.acquire(timeout=timeouts.get("pool")):
            raise httpcore.PoolTimeout("all connections are in use")
        connection = None
        try:
            content = b"".join([part for part in request.stream])  # type: ignore[union-attr]
            head = request_head(request.method, request.url.target, request.headers)
            connection = share.idle_connection(origin) or self._connect(origin, request, timeouts)
            written = connection.write(head + content, timeouts.get("write"))
            parser = ResponseParser(last=not written or closes(request.headers))
            while not parser.started:
                parser.feed(connection.stream.read(_READ_SIZE, timeout=timeouts.get("read")))
        except BaseException as error:
            share.semaphore.release()
            if connection is not None:
                connection.stream.close()
            if isinstance(error, ProtocolError):
                kind = httpcore.LocalProtocolError if connection is None else httpcore.RemoteProtocolError
                raise kind(str(error)) from error
            raise
        body = _ResponseBody(share, connection, parser, timeouts)
        return httpcore.Response(
            parser.status,
            headers=parser.headers,
            content=body,
            extensions={
                "http_version": parser.http_version,
                "reason_phrase": parser.reason,
                "network_stream": connection.stream,
                "body": body,
            },
        )

    def close(self) -> None:
        """Close the idle connections. The others are closed with their responses."""
        for share in [*self._shares.values()]:
            share.close()
        if own := self._shares.get(owner()):
            own.httpcore_pool.close()

    def _new_share(self) -> "_Share":
        """A new share for this process and event loop."""
        for key in [*self._shares]:
            if has_ended(key) and (share := self._shares.pop(key, None)):
                share.close()  # after a fork, this closes nothing that the parent process uses
        return self._shares.setdefault(owner(), _Share(self._tls, self._limits))

    def _connect(self, origin: _Origin, request: httpcore.Request, timeouts: _Timeouts) -> "_Connection":
        scheme, raw_host, port = origin
        host = raw_host.decode("ascii")
        stream = connect(host, port, timeouts.get("connect"))
        if scheme == b"https":
            name = _extensions(request).get("sni_hostname") or host
            stream = stream.start_tls(self._tls, server_hostname=name, timeout=timeouts.get("connect"))
        return _Connection(origin, stream)


class _Connection:
    def __init__(self, origin: _Origin, stream: httpcore.NetworkStream) -> None:
        self.origin = origin
        self.stream = stream
        self.idle_since = 0.0

    def write(self, data: bytes, timeout: float | None) -> bool:
        """Send a request. Return False if the server has not read all of it, but may have responded."""
        try:
            self.stream.write(data, timeout=timeout)
        except httpcore.WriteError:
            return False
        except httpcore.WriteTimeout:
            if not self.stream.get_extra_info("is_readable"):
                raise
            return False
        return True


class _Share:
    """The part of a pool that belongs to one process and event loop: a limit and the idle connections."""

    def __init__(self, tls: ssl.SSLContext, limits: httpx.Limits) -> None:
        # For requests that this pool does not support.
        self.httpcore_pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
        )
        self.semaphore = Semaphore(sys.maxsize if limits.max_connections is None else limits.max_connections)
        self._most_idle = limits.max_keepalive_connections
        self._expiry = limits.keepalive_expiry
        self._idle: list[_Connection] = []  # the longest idle one first

    def idle_connection(self, origin: _Origin) -> _Connection | None:
        """The most recently used connection, so that the others can expire; None if there is none."""
        with suppress(IndexError):  # none is left; another thread may have taken the last one
            while self._expiry is not None and self._idle[0].idle_since < monotonic() - self._expiry:
                self._idle.pop(0).stream.close()
        for connection in self._idle[::-1]:
            if connection.origin != origin:
                continue
            try:
                self._idle.remove(connection)
            except ValueError:  # another thread or task has taken it
                continue
            # An idle connection is readable only if the server has closed it.
            if not connection.stream.get_extra_info("is_readable"):
                return connection
            connection.stream.close()
        return None

    def release(self, connection: _Connection, *, reusable: bool) -> None:
        """Keep a connection if it can be reused, otherwise close it."""
        self.semaphore.release()
        if reusable and self._expiry != 0:
            connection.idle_since = monotonic()
            self._idle.append(connection)
            if self._most_idle is None or len(self._idle) <= self._most_idle:
                return
            try:
                connection = self._idle.pop(0)
            except IndexError:  # another thread has taken the last one
                return
        connection.stream.close()

    def close(self) -> None:
        """Close the idle connections, and keep none in the future."""
        self._most_idle = 0
        with suppress(IndexError):
            while True:
                self._idle.pop().stream.close()


class _ResponseBody(Interruptible):
    """A response's body while it arrives.

    It may be iterated over again after an exception that interrupted a read while `waiting`: nothing is lost then.
    """

    def __init__(self, share: _Share, connection: _Connection, parser: ResponseParser, timeouts: _Timeouts) -> None:
        super().__init__(connection.stream)
        self._share = share
        self._connection = connection
        self._parser = parser
        self._timeouts = timeouts

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._is_closed:
            raise httpcore.ReadError("the response is closed")
        parser = self._parser
        try:
            while (data := parser.take()) is not None:
                if data:
                    return data
                received = self._read(_READ_SIZE, self._timeouts.get("read"))
                self.waiting = False
                parser.feed(received)
        except ProtocolError as error:
            raise httpcore.RemoteProtocolError(str(error)) from error
        raise StopIteration

    @property
    def complete(self) -> bool:
        """Whether all of the body has arrived."""
        return self._parser.complete

    def close(self) -> None:
        if self._close_once():
            self._share.release(self._connection, reusable=self._parser.reusable)


def _extensions(request: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", request.extensions)  # httpcore's annotation is not complete


def _is_supported(request: httpcore.Request) -> bool:
    return (
        request.method in _METHODS
        and request.url.scheme in _PORTS
        and "trace" not in _extensions(request)
        and _UNSUPPORTED_HEADERS.isdisjoint(name.lower() for name, _ in request.headers)
        # Mocking libraries such as respx replace this method.
        and httpcore.ConnectionPool.handle_request is _HANDLE_REQUEST
    )


_HANDLE_REQUEST: Final = httpcore.ConnectionPool.handle_request
_METHODS: Final = frozenset({b"GET", b"POST", b"PUT", b"PATCH", b"DELETE"})
_UNSUPPORTED_HEADERS: Final = frozenset({b"transfer-encoding", b"upgrade", b"expect"})
_PORTS: Final = {b"http": 80, b"https": 443}
_READ_SIZE: Final = 2**17
