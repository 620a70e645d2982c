"""The fast transport: libcurl in place of httpcore and h11, for both faces. `Client(transport="fast")`; it comes with `langgraph-runs[fast]`.

h11 takes an answer apart in Python, chunk by chunk, which for a stream of tokens costs more than all the rest. libcurl does it in C, and hands
over what has arrived in one piece. Nothing waits for more: an event's bytes are handed on as soon as they are there.

To httpx these are transports like any other: with its exceptions, its timeouts (a read timeout is silence, never a total), its limits,
and what it asks of the environment (proxies, SSL_CERT_FILE, SSL_CERT_DIR). What is different: they speak HTTP/1.1 alone, the body of a
request is bytes, and the asynchronous one needs asyncio with an event loop that watches sockets (on Windows, its selector event loop).
"""

import asyncio
import os
import selectors
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import BoundedSemaphore
from time import monotonic
from typing import Any, Final, TypeAlias
from urllib.request import getproxies

import certifi
import httpx
from attrs import frozen

try:
    pycurl: Any = import_module("pycurl")  # what stubs there are do not know all of it
except ImportError as error:
    raise ImportError("the fast transport needs pycurl: pip install 'langgraph-runs[fast]'") from error

__all__ = ["AsyncFastTransport", "FastTransport"]

_Timeouts: TypeAlias = dict[str, float | None]


class FastTransport(httpx.BaseTransport):
    """A transport for `httpx.Client(transport=...)`.

    Args:
        verify: Whose certificates are believed: True for those that httpx believes, a path for a file or folder of one's own
            authorities, False for any at all.
        limits: How many connections there may be, and how long they are kept.
        proxy: The URL of a proxy; None for the environment's.
        trust_env: Whether to ask the environment for proxies and certificates.
    """

    def __init__(
        self,
        *,
        verify: bool | str | os.PathLike[str] = True,
        limits: httpx.Limits | None = None,
        proxy: str | None = None,
        trust_env: bool = True,
    ) -> None:
        self._setup = _setup(verify, limits, proxy, trust_env=trust_env)
        self._free = BoundedSemaphore(self._setup.most)
        self._kept: list[_Connection] = []
        self._closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the body of the answer is read while it is iterated over."""
        timeouts: _Timeouts = request.extensions.get("timeout", {})
        if not self._free.acquire(timeout=timeouts.get("pool")):
            raise httpx.PoolTimeout("all connections are in use", request=request)
        try:
            while (connection := self._kept_connection()) is not None:
                with suppress(_LostBeforeError):
                    return self._send(connection, request, timeouts)
            return self._send(_Connection(self._setup), request, timeouts)
        except BaseException:
            self._free.release()
            raise

    def close(self) -> None:
        """Close all connections that are not in use; the others are closed with their answers."""
        self._closed = True
        while self._kept:
            self._kept.pop().close()

    def _send(self, connection: "_Connection", request: httpx.Request, timeouts: _Timeouts) -> httpx.Response:
        try:
            exchange = connection.begin(request, timeouts.get("connect"))
            while (head := exchange.head()) is None:
                connection.wait(exchange.limit(timeouts))
        except BaseException:
            connection.close()
            raise
        return _response(head, _Body(connection, exchange, timeouts.get("read"), self._give_back))

    def _kept_connection(self) -> "_Connection | None":
        now = monotonic()
        with suppress(IndexError):  # another thread may have taken the last one
            while self._kept:
                connection = self._kept.pop()
                if now < connection.expires:
                    return connection
                connection.close()
        return None

    def _give_back(self, connection: "_Connection", *, usable: bool) -> None:
        if usable and not self._closed and len(self._kept) < self._setup.kept:
            connection.expires = monotonic() + self._setup.expiry
            self._kept.append(connection)
        else:
            connection.close()
        self._free.release()


class AsyncFastTransport(httpx.AsyncBaseTransport):
    """A transport for `httpx.AsyncClient(transport=...)` on asyncio.

    Args:
        verify: Whose certificates are believed: True for those that httpx believes, a path for a file or folder of one's own
            authorities, False for any at all.
        limits: How many connections there may be, and how long they are kept.
        proxy: The URL of a proxy; None for the environment's.
        trust_env: Whether to ask the environment for proxies and certificates.
    """

    def __init__(
        self,
        *,
        verify: bool | str | os.PathLike[str] = True,
        limits: httpx.Limits | None = None,
        proxy: str | None = None,
        trust_env: bool = True,
    ) -> None:
        self._setup = _setup(verify, limits, proxy, trust_env=trust_env)
        self._free = asyncio.Semaphore(self._setup.most)
        self._multi: Any = None
        self._kept: dict[int, int] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the body of the answer is read while it is iterated over.

        Raises:
            RuntimeError: If this is not asyncio.
        """
        timeouts: _Timeouts = request.extensions.get("timeout", {})
        await self._acquire(request, timeouts.get("pool"))
        try:
            try:
                return await self._send(request, timeouts, fresh=False)
            except _LostBeforeError:
                return await self._send(request, timeouts, fresh=True)
        except BaseException:
            self._free.release()
            raise

    async def aclose(self) -> None:
        """Close all connections."""
        multi, self._multi = self._multi, None
        if multi is not None:
            await multi.aclose()

    async def _acquire(self, request: httpx.Request, timeout: float | None) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError("the fast transport needs asyncio; on trio use the default one") from None
        try:
            async with asyncio.timeout(timeout):
                await self._free.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("all connections are in use", request=request) from None

    async def _send(self, request: httpx.Request, timeouts: _Timeouts, *, fresh: bool) -> httpx.Response:
        if self._multi is None:
            self._multi = pycurl.AsyncCurlMulti()
            self._multi.setopt(pycurl.M_MAXCONNECTS, self._setup.kept)
        exchange = _Exchange(self._setup.handle(), request, self._kept)
        exchange.begin(self._setup, timeouts.get("connect"))
        exchange.curl.setopt(pycurl.FRESH_CONNECT, int(fresh))
        transfer = _Transfer(self._multi, exchange)
        try:
            while (head := exchange.head()) is None:
                await transfer.wait(exchange.limit(timeouts))
        except BaseException:
            transfer.close()
            raise
        return _response(head, _AsyncBody(transfer, exchange, timeouts.get("read"), self._free.release))


# -- what both do


@frozen
class _Setup:
    """What is the same for all requests."""

    verify: bool
    authorities: tuple[tuple[int, str], ...]
    proxies: dict[str, str]
    most: int
    kept: int
    expiry: float

    def handle(self) -> Any:
        """A handle for requests, one after the other."""
        curl = pycurl.Curl()
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.PATH_AS_IS, 1)
        curl.setopt(pycurl.MAXAGE_CONN, max(1, int(self.expiry)))
        curl.setopt(pycurl.NOPROXY, self.proxies.get("no", ""))
        if not self.verify:
            curl.setopt(pycurl.SSL_VERIFYPEER, 0)
            curl.setopt(pycurl.SSL_VERIFYHOST, 0)
        for option, path in self.authorities:
            curl.setopt(option, path)
        return curl

    def proxy(self, scheme: str) -> str:
        """The proxy for URLs of this scheme; empty for none."""
        return self.proxies.get(scheme) or self.proxies.get("all", "")


def _setup(
    verify: bool | str | os.PathLike[str], limits: httpx.Limits | None, proxy: str | None, *, trust_env: bool
) -> _Setup:
    if not isinstance(verify, bool | str | os.PathLike):
        raise TypeError(f"verify: must be True, False or the path of certificates, not {type(verify).__name__}")
    limits = limits or httpx.Limits(max_connections=100, max_keepalive_connections=20)
    environment = getproxies() if trust_env else {}
    return _Setup(
        verify=verify is not False,
        authorities=_authorities(verify, trust_env=trust_env),
        proxies=environment if proxy is None else {"all": proxy},
        most=_UNLIMITED if limits.max_connections is None else limits.max_connections,
        kept=_UNLIMITED if limits.max_keepalive_connections is None else limits.max_keepalive_connections,
        expiry=_FOR_EVER if limits.keepalive_expiry is None else limits.keepalive_expiry,
    )


def _authorities(verify: bool | str | os.PathLike[str], *, trust_env: bool) -> tuple[tuple[int, str], ...]:
    if isinstance(verify, bool):
        if trust_env and (path := os.environ.get("SSL_CERT_FILE")):
            return ((pycurl.CAINFO, path),)
        if trust_env and (path := os.environ.get("SSL_CERT_DIR")):
            return ((pycurl.CAPATH, path),)
        return ((pycurl.CAINFO, certifi.where()),)
    return ((pycurl.CAPATH if Path(verify).is_dir() else pycurl.CAINFO, os.fspath(verify)),)


@frozen
class _Head:
    """An answer without its body."""

    version: bytes
    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]


class _Exchange:
    """One request and its answer, as libcurl tells of them."""

    def __init__(self, curl: Any, request: httpx.Request, kept: dict[int, int]) -> None:
        self.lines: list[bytes] = []
        self.pieces: list[bytes] = []
        self.done = False
        self.socket: int = pycurl.SOCKET_BAD
        self.curl = curl
        self._request = request
        self._kept = kept
        self._connected = self._lost_before = False
        self._sent = 0
        self._error: httpx.TransportError | None = None

    def begin(self, setup: _Setup, connect_timeout: float | None) -> None:
        """Tell libcurl what to send."""
        curl, request, content = self.curl, self._request, self._request.content
        curl.setopt(pycurl.URL, str(request.url.copy_with(userinfo=b"") if request.url.userinfo else request.url))
        curl.setopt(pycurl.PROXY, setup.proxy(request.url.scheme))
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, 0 if connect_timeout is None else max(1, int(connect_timeout * 1000)))
        headers = [
            name + (b": " + value if value else b";")
            for name, value in request.headers.raw
            if name.lower() not in _OF_LIBCURL
        ]
        headers.append(b"expect:")
        if request.method == "HEAD":
            curl.setopt(pycurl.NOBODY, 1)
        elif content or request.method in _WITH_BODY:
            curl.setopt(pycurl.POSTFIELDS, content)
            if "content-type" not in request.headers:
                headers.append(b"content-type:")
        else:
            curl.setopt(pycurl.HTTPGET, 1)
        curl.setopt(pycurl.CUSTOMREQUEST, request.method)
        curl.setopt(pycurl.HTTPHEADER, headers)

    def head(self) -> _Head | None:
        """The answer's head, once it is whole.

        Raises:
            httpx.TransportError: If it does not come.
        """
        lines = self.lines
        if not lines or lines[-1] not in _BLANK:
            if self._error is not None:
                raise self._error
            if self.done:
                raise httpx.RemoteProtocolError("the answer has no head", request=self._request)
            return None
        version, status, *reason = lines[0].split(None, 2)
        headers = [(name, value.strip()) for name, colon, value in (x.partition(b":") for x in lines[1:]) if colon]
        lines.clear()
        if status.startswith(b"1"):
            return None
        return _Head(version, int(status), b"".join(reason).strip(), headers)

    def take(self) -> bytes:
        """What has come of the body."""
        pieces = self.pieces
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        return data

    def end(self) -> bytes:
        """Nothing, which is how a body ends.

        Raises:
            httpx.TransportError: If it is not whole.
        """
        if self._error is not None:
            raise self._error
        return b""

    def limit(self, timeouts: _Timeouts) -> float | None:
        """Seconds of silence to bear before the head is there; while it connects, libcurl minds the time itself."""
        if not self._connected:
            return None
        if self.socket == pycurl.SOCKET_BAD:
            self.socket = self.curl.getinfo(pycurl.ACTIVESOCKET)
        return timeouts.get("write" if self._sending() else "read")

    def late(self) -> None:
        """Nothing came for as long as was to be borne.

        Raises:
            httpx.TimeoutException: Unless some of the request was sent meanwhile.
        """
        if not self._sending():
            raise httpx.ReadTimeout("the server sends nothing", request=self._request)
        sent, self._sent = self._sent, self.curl.getinfo(pycurl.SIZE_UPLOAD_T)
        if sent == self._sent:
            raise httpx.WriteTimeout("the server takes nothing", request=self._request)

    def finish(self, code: int, message: str) -> None:
        """It is over, as libcurl's code says."""
        self.done = True
        if code == pycurl.E_OK:
            self._kept[self.curl.getinfo(pycurl.LOCAL_PORT)] = self.socket
            return
        if self._lost_before:
            kind: type[httpx.TransportError] = _LostBeforeError
        elif code == pycurl.E_OPERATION_TIMEDOUT:
            kind = httpx.ConnectTimeout
        elif not self._connected:
            kind = httpx.ConnectError
        elif code == pycurl.E_ABORTED_BY_CALLBACK:
            kind, message = httpx.RemoteProtocolError, "the server closed the connection without an answer"
        else:
            kind = _KINDS.get(code, httpx.ReadError)
        self._error = kind(message, request=self._request)

    def abandon(self) -> None:
        """It is closed while somebody may wait for more."""
        self.done = True
        self._error = httpx.ReadError("the connection was closed", request=self._request)

    def _sending(self) -> bool:
        content = self._request.content
        return bool(content) and self.curl.getinfo(pycurl.SIZE_UPLOAD_T) < len(content)

    def on_connected(self, _address: str, _own_address: str, _port: int, own_port: int) -> int:
        """The request is about to be sent."""
        if self._connected:
            # A kept connection broke, and libcurl would send the request once more. The server may have got it all the same: whether it
            # may be sent twice is decided elsewhere.
            return int(pycurl.PREREQFUNC_ABORT)
        # libcurl takes a kept connection that was used within the last second for a living one. If the server has closed it, then nothing is
        # sent there and another one is made.
        kept = self._kept.pop(own_port, None)
        self._lost_before = kept is not None and _readable(kept)
        if self._lost_before:
            return int(pycurl.PREREQFUNC_ABORT)
        self._connected = True
        self.lines.clear()  # a proxy's answer to CONNECT
        return int(pycurl.PREREQFUNC_OK)


class _LostBeforeError(httpx.ConnectError):
    """A kept connection turned out to be closed before the request was sent."""


def _readable(descriptor: int) -> bool:
    with suppress(ValueError, OSError), _Selector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(0))
    return False


def _response(head: _Head, body: "_Body | _AsyncBody") -> httpx.Response:
    return httpx.Response(
        head.status,
        headers=head.headers,
        stream=body,
        extensions={"http_version": head.version, "reason_phrase": head.reason, "network_stream": body},
    )


# -- one connection, driven by the thread that reads from it


class _Connection:
    """A connection that carries one request after the other."""

    def __init__(self, setup: _Setup) -> None:
        self.expires = 0.0
        self._setup = setup
        self._kept: dict[int, int] = {}
        self._curl = setup.handle()
        self._selector = _Selector()
        self._due: float | None = None
        self._exchange: _Exchange | None = None
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._on_socket)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._on_timer)

    def begin(self, request: httpx.Request, connect_timeout: float | None) -> _Exchange:
        exchange = _Exchange(self._curl, request, self._kept)
        exchange.begin(self._setup, connect_timeout)
        self._curl.setopt(pycurl.PREREQFUNCTION, exchange.on_connected)
        self._curl.setopt(pycurl.HEADERFUNCTION, exchange.lines.append)
        self._curl.setopt(pycurl.WRITEFUNCTION, exchange.pieces.append)
        self._multi.add_handle(self._curl)
        self._exchange = exchange
        return exchange

    def wait(self, limit: float | None) -> None:
        """Wait for the network once, and do what is to be done then.

        Raises:
            httpx.TimeoutException: If nothing comes within `limit` seconds.
        """
        exchange = self._exchange
        if exchange is None:
            raise httpx.StreamClosed
        give_up = None if limit is None else monotonic() + limit
        while not exchange.done:
            now = monotonic()
            if self._due is not None and self._due <= now:
                self._due = None
                self._act(exchange, pycurl.SOCKET_TIMEOUT, 0)
                if exchange.pieces or exchange.lines:
                    return
                continue
            ends = [end for end in (self._due, give_up) if end is not None]
            ready = self._selector.select(min(ends) - now if ends else None)
            for key, events in ready:
                self._act(exchange, key.fd, events)
            if ready:
                return
            if give_up is not None and monotonic() >= give_up:
                exchange.late()
                return

    def close(self) -> None:
        """Close it, at once."""
        if self._exchange is not None and not self._exchange.done:
            self._multi.remove_handle(self._curl)
            self._exchange.abandon()
        self._curl.close()
        self._multi.close()
        self._selector.close()

    def _act(self, exchange: _Exchange, descriptor: int, events: int) -> None:
        self._multi.socket_action(descriptor, events)
        _, good, bad = self._multi.info_read()
        if good or bad:
            self._multi.remove_handle(self._curl)
            exchange.finish(*(bad[0][1:] if bad else (pycurl.E_OK, "")))

    def _on_socket(self, what: int, descriptor: int, *_: object) -> None:
        with suppress(KeyError):
            self._selector.unregister(descriptor)
        if what not in (pycurl.POLL_NONE, pycurl.POLL_REMOVE):
            self._selector.register(
                descriptor, what
            )  # libcurl's numbers for reading and writing are those of selectors

    def _on_timer(self, milliseconds: int) -> None:
        self._due = None if milliseconds < 0 else monotonic() + milliseconds / 1000


class _Body(httpx.SyncByteStream):
    """The body of an answer. It is the answer's `network_stream` too, but what it reads is the body alone."""

    def __init__(
        self,
        connection: _Connection,
        exchange: _Exchange,
        timeout: float | None,
        give_back: Callable[..., None],
    ) -> None:
        self._connection = connection
        self._exchange = exchange
        self._timeout = timeout
        self._give_back = give_back
        self._closed = False
        self._socket: socket.socket | None = None

    def __iter__(self) -> Iterator[bytes]:
        # As an attribute, because it may have been replaced by one with another idea of the timeout.
        while data := self.read(0, timeout=self._timeout):
            yield data

    def read(self, _max_bytes: int, timeout: float | None = None) -> bytes:
        exchange = self._exchange
        while not exchange.pieces:
            if self._closed:
                raise httpx.StreamClosed
            if exchange.done:
                return exchange.end()
            self._connection.wait(timeout)
        return exchange.take()

    def get_extra_info(self, name: str) -> Any:
        if name != "socket" or self._closed or self._exchange.done:
            return None
        if self._socket is None:
            self._socket = socket.socket(fileno=os.dup(self._exchange.socket))
        return self._socket

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._socket is not None:
            self._socket.close()
        self._give_back(self._connection, usable=self._exchange.done)


# -- one connection of many, driven by the event loop


class _Transfer:
    """A request that libcurl works on, on a connection of its choice."""

    def __init__(self, multi: Any, exchange: _Exchange) -> None:
        self._multi = multi
        self._exchange = exchange
        self._curl = exchange.curl
        self._size = 0
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._curl.setopt(pycurl.PREREQFUNCTION, self._on_connected)
        self._curl.setopt(pycurl.HEADERFUNCTION, self._on_header)
        self._curl.setopt(pycurl.WRITEFUNCTION, self._on_data)
        multi.add_handle(self._curl).add_done_callback(self._on_done)

    async def wait(self, limit: float | None) -> None:
        """Wait until there is something new.

        Raises:
            httpx.TimeoutException: If nothing comes within `limit` seconds.
        """
        exchange = self._exchange
        if exchange.done:
            return
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(limit):
                await self._waiter
        except TimeoutError:
            exchange.late()
        finally:
            self._waiter = None

    def resume(self) -> None:
        """Go on with what was held back because nobody took what had come before."""
        self._size = 0
        if self._paused:
            self._paused = False
            self._curl.pause(pycurl.PAUSE_CONT)

    def close(self) -> None:
        """Close the connection unless the answer is at its end."""
        if not self._exchange.done:
            self._exchange.abandon()
            with suppress(RuntimeError):  # the client is closed, and all of its connections
                self._multi.remove_handle(self._curl)
            self._wake()
        self._curl.close()

    def _on_connected(self, *addresses: Any) -> int:
        verdict = self._exchange.on_connected(*addresses)
        self._wake()
        return verdict

    def _on_header(self, line: bytes) -> None:
        self._exchange.lines.append(line)
        if line in _BLANK:
            self._wake()

    def _on_data(self, data: bytes) -> int | None:
        if self._size >= _ENOUGH:
            self._paused = True
            return int(pycurl.WRITEFUNC_PAUSE)
        self._size += len(data)
        self._exchange.pieces.append(data)
        self._wake()
        return None

    def _on_done(self, future: asyncio.Future[Any]) -> None:
        exchange = self._exchange
        if exchange.done:
            return
        if future.cancelled():
            exchange.abandon()
        elif (error := future.exception()) is None:
            exchange.finish(pycurl.E_OK, "")
        else:
            exchange.finish(*error.args)
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class _AsyncBody(httpx.AsyncByteStream):
    """The body of an answer. It is the answer's `network_stream` too, but what it reads is the body alone."""

    def __init__(
        self, transfer: _Transfer, exchange: _Exchange, timeout: float | None, release: Callable[[], None]
    ) -> None:
        self._transfer = transfer
        self._exchange = exchange
        self._timeout = timeout
        self._release = release
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        # As an attribute, because it may have been replaced by one with another idea of the timeout.
        while data := await self.read(0, timeout=self._timeout):
            yield data

    async def read(self, _max_bytes: int, timeout: float | None = None) -> bytes:
        exchange = self._exchange
        while not exchange.pieces:
            if exchange.done:
                return exchange.end()
            await self._transfer.wait(timeout)
        data = exchange.take()
        self._transfer.resume()
        return data

    def get_extra_info(self, _name: str) -> Any:
        return None

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            self._transfer.close()
            self._release()


_UNLIMITED: Final = 2**31 - 1
_FOR_EVER: Final = 2**31 - 1
# How much of a body may wait for whoever reads it.
_ENOUGH: Final = 2**16
_BLANK: Final = (b"\r\n", b"\n")
_OF_LIBCURL: Final = (b"content-length", b"transfer-encoding")
_WITH_BODY: Final = ("POST", "PUT", "PATCH")
_KINDS: Final[dict[int, type[httpx.TransportError]]] = {
    pycurl.E_SEND_ERROR: httpx.WriteError,
    pycurl.E_RECV_ERROR: httpx.ReadError,
    pycurl.E_PARTIAL_FILE: httpx.RemoteProtocolError,
    pycurl.E_GOT_NOTHING: httpx.RemoteProtocolError,
}
_Selector: Final = getattr(selectors, "PollSelector", selectors.SelectSelector)
