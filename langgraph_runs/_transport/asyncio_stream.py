"""A network stream for httpcore that uses asyncio's transports directly.

httpcore reads through anyio, which starts a timer and yields to other tasks for every read. For streams of small
events, that is half the cost of a read.
"""

import asyncio
import os
import socket
import ssl
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from math import inf
from time import monotonic
from typing import Any, Final, Self, cast
from weakref import WeakKeyDictionary

import httpcore

from langgraph_runs._transport.synchronization import readability


async def connect(host: str, port: int, timeout: float | None) -> httpcore.AsyncNetworkStream:
    """Connect within `timeout` seconds. Errors are a ConnectError or a ConnectTimeout of httpcore."""
    loop = asyncio.get_running_loop()
    options: dict[str, Any] = {}
    is_address = ":" in host or host.replace(".", "").isdigit()
    # Try a name's next address before the last one has failed. uvloop can't, and for a single address it only adds
    # cost.
    if isinstance(loop, asyncio.BaseEventLoop) and not is_address:
        options["happy_eyeballs_delay"] = 0.25
    async with _connecting(timeout):
        _, connection = await loop.create_connection(_Connection, host, port, **options)
    return connection


class _Connection(asyncio.BufferedProtocol, httpcore.AsyncNetworkStream):
    """A connection. asyncio calls its protocol methods, and one task at a time calls its stream methods."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._process = os.getpid()
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._writable = True
        self._reading = True
        self._ended = False
        self._failure: Exception | None = None
        self._into = _buffer(self._loop)
        self._waiter: asyncio.Future[bool] | None = None  # its result: whether the wait timed out
        self._deadline = inf
        # One timer serves many reads: when it fires, it checks the current deadline. So most reads set no timer.
        self._timer: asyncio.TimerHandle | None = None
        self._timer_due = inf

    # The pool's `max_bytes` is the buffer's size.
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        while not self._chunks:
            if self._ended:
                return b""
            if self._failure is not None:
                raise httpcore.ReadError(str(self._failure)) from self._failure
            if await self._change(timeout):
                raise httpcore.ReadTimeout
        data = self._chunks.popleft()
        self._size -= len(data)
        if not self._reading and self._size < _HIGH_WATER:
            self._reading = True
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._is_over():
            raise httpcore.WriteError(str(self._failure or ""))
        self._transport.write(buffer)
        if self._writable:
            return
        try:
            async with asyncio.timeout(timeout):
                # A server that responds before it has read everything may never read the rest.
                while not (self._writable or self._chunks or self._is_over()):
                    await self._change(None)
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        if not self._writable:
            raise httpcore.WriteError(str(self._failure or ""))

    def _is_over(self) -> bool:
        return self._ended or self._failure is not None

    async def aclose(self) -> None:
        if self._process != os.getpid():
            return  # closing would take the connection out of the selector, which the parent process shares
        if self._loop.is_closed():
            # uvloop closed the socket with the loop; asyncio closes it with the last reference.
            if orphan := self._transport.get_extra_info("socket"):
                with suppress(OSError):
                    orphan.shutdown(socket.SHUT_RDWR)
        elif self._loop is asyncio.get_running_loop():
            self._abort()
        else:  # the client is used in several event loops
            with suppress(RuntimeError):  # it was closed meanwhile
                self._loop.call_soon_threadsafe(self._abort)
        await asyncio.sleep(0)  # let the event loop close the socket

    def _abort(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._failure is None:  # asyncio fails to abort a connection that it closed after the last write
            self._failure = ConnectionError("the connection was closed")
            self._transport.abort()
        self._wake()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Self:
        try:
            async with _connecting(timeout):
                transport = await self._loop.start_tls(
                    self._transport, self, ssl_context, server_hostname=server_hostname
                )
        except BaseException:
            await self.aclose()
            raise
        self.connection_made(cast("asyncio.Transport", transport))
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self._is_readable()
        return self._transport.get_extra_info(_INFO.get(info, info))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(1)  # so that a write ends when the system has accepted the data

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - the buffer has one size
        return self._into

    def buffer_updated(self, nbytes: int) -> None:
        self._chunks.append(bytes(self._into[:nbytes]))
        self._size += nbytes
        if self._size >= _HIGH_WATER and self._reading:
            self._reading = False
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._failure is None:
            self._ended |= exc is None
            self._failure = exc or ConnectionError("the connection was closed")
            if isinstance(exc, OSError) and not self.get_extra_info("ssl_object"):
                self._take_the_rest()
        self._wake()

    def _take_the_rest(self) -> None:
        """Take what arrived before the connection was lost, which event loops drop when a write fails."""
        lost = self.get_extra_info("socket")
        with suppress(OSError), socket.fromfd(lost.fileno(), lost.family, lost.type) as copy:
            while data := copy.recv(_BUFFER_SIZE):
                self._chunks.append(data)

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self._wake()

    def _change(self, timeout: float | None) -> "asyncio.Future[bool]":
        """A future for the next change: its result is False, or True after `timeout` seconds without one."""
        if timeout is None:
            self._deadline = inf
        else:
            self._deadline = monotonic() + timeout
            if self._deadline < self._timer_due:
                self._set_timer()
        self._waiter = self._loop.create_future()
        return self._waiter

    def _wake(self, *, timed_out: bool = False) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(timed_out)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_due = self._deadline
        self._timer = self._loop.call_later(self._deadline - monotonic(), self._check_deadline)

    def _check_deadline(self) -> None:
        self._timer, self._timer_due = None, inf
        if self._waiter is None or self._waiter.done():
            return
        if self._deadline <= monotonic():
            self._wake(timed_out=True)
        elif self._deadline < inf:
            self._set_timer()

    def _is_readable(self) -> bool:
        """Whether data or the end of the connection has arrived, even if the event loop has not read it yet."""
        return bool(self._chunks) or self._is_over() or readability(self._transport.get_extra_info("socket"))(0)


@asynccontextmanager
async def _connecting(timeout: float | None) -> AsyncGenerator[None]:
    """Limit the time, and convert errors into httpcore's exceptions."""
    try:
        async with asyncio.timeout(timeout):
            yield
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(str(error)) from error
    except OSError as error:  # includes TLS errors
        raise httpcore.ConnectError(str(error)) from error


def _buffer(loop: asyncio.AbstractEventLoop) -> memoryview:
    """The buffer that all connections of an event loop read into. Each copies its data immediately.

    asyncio's plain protocols allocate a buffer for every read, which costs more than the read.
    """
    if loop not in _buffers:
        _buffers[loop] = memoryview(bytearray(_BUFFER_SIZE))
    return _buffers[loop]


_buffers: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, memoryview]] = WeakKeyDictionary()
_BUFFER_SIZE: Final = 2**17
_INFO: Final = {"client_addr": "sockname", "server_addr": "peername"}
_HIGH_WATER: Final = 2**18
