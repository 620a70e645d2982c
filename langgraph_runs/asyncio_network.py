"""Connections by asyncio's own transports, as httpcore's network streams.

httpcore's for asyncio go through anyio, which sets a deadline of its own for every read and gives way to other tasks before each. For
streams of small events that is half of what a read costs.
"""

import asyncio
import select
import socket
import ssl
from collections import deque
from contextlib import suppress
from ipaddress import ip_address
from math import inf
from time import monotonic
from typing import Any, Final, Self, cast
from weakref import WeakKeyDictionary

import httpcore


def runs_here() -> bool:
    """Whether this code runs in a task of asyncio."""
    try:
        return asyncio.current_task() is not None
    except RuntimeError:
        return False


async def connect(host: str, port: int, timeout: float | None) -> httpcore.AsyncNetworkStream:
    """Connect, within so many seconds.

    Raises:
        httpcore.ConnectError: If it can't be done.
        httpcore.ConnectTimeout: If it takes longer.
    """
    loop = asyncio.get_running_loop()
    race: dict[str, Any] = {}
    # Where a name stands for several addresses, the next one gets its chance before the one before it has failed. uvloop
    # can't do that, and with a single address it only costs more.
    if isinstance(loop, asyncio.BaseEventLoop) and not _is_address(host):
        race["happy_eyeballs_delay"] = _HEAD_START
    with _ConnectErrors():
        async with asyncio.timeout(timeout):
            _, connection = await loop.create_connection(_Connection, host, port, **race)
    return connection


class _Connection(asyncio.BufferedProtocol, httpcore.AsyncNetworkStream):
    """One connection: what the event loop tells it, and what a task asks of it, one thing at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._writable = True
        self._reading = True
        self._ended = False
        self._failure: Exception | None = None
        self._into = _buffer(self._loop)
        self._waiter: asyncio.Future[bool] | None = None  # its result: whether it has waited too long
        self._deadline = inf
        # One timer for many reads: it looks at the deadline of the current one when it goes off, so that most reads
        # neither set one nor take one back.
        self._timer: asyncio.TimerHandle | None = None
        self._timer_due = inf

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - a chunk is never larger than our transport asks for
        while not self._chunks:
            if self._failure is not None:
                raise httpcore.ReadError(str(self._failure)) from self._failure
            if self._ended:
                return b""
            if await self._news(timeout):
                raise httpcore.ReadTimeout
        data = self._chunks.popleft()
        self._size -= len(data)
        if not self._reading and self._size < _HIGH_WATER:
            self._reading = True
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._failure is not None:
            raise httpcore.WriteError(str(self._failure)) from self._failure
        self._transport.write(buffer)
        if self._writable:
            return
        try:
            async with asyncio.timeout(timeout):
                while not (self._writable or self._ended):
                    await self._news(None)
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        if not self._writable:
            raise httpcore.WriteError(str(self._failure or ""))

    async def aclose(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if not self._loop.is_closed():
            self._transport.abort()
        # Of a loop that has ended, uvloop has closed it; of asyncio, the last reference will.
        elif left := self._transport.get_extra_info("socket"):
            with suppress(OSError):
                left.shutdown(socket.SHUT_RDWR)
        self.connection_lost(ConnectionError("the connection was closed"))
        await asyncio.sleep(0)  # the event loop closes the socket

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Self:
        try:
            with _ConnectErrors():
                async with asyncio.timeout(timeout):
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
            return self._loop is not asyncio.get_running_loop() or self._has_news()
        return self._transport.get_extra_info(_INFO.get(info, info))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(1)  # written is what the system has taken

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - ours has one size
        return self._into

    def buffer_updated(self, nbytes: int) -> None:
        self._chunks.append(bytes(self._into[:nbytes]))
        self._size += nbytes
        if self._size >= _HIGH_WATER and self._reading:
            self._reading = False
            self._transport.pause_reading()
        self._tell()

    def eof_received(self) -> None:
        self._ended = True
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._failure = self._failure or exc
        self._tell()

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self._tell()

    def _news(self, timeout: float | None) -> "asyncio.Future[bool]":
        """What to await until the event loop tells something; it gives whether that took longer than so many seconds."""
        if timeout is None:
            self._deadline = inf
        else:
            self._deadline = monotonic() + timeout
            if self._deadline < self._timer_due:
                self._set_timer()
        self._waiter = self._loop.create_future()
        return self._waiter

    def _tell(self, *, late: bool = False) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(late)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_due = self._deadline
        self._timer = self._loop.call_later(self._deadline - monotonic(), self._look)

    def _look(self) -> None:
        self._timer, self._timer_due = None, inf
        if self._waiter is None or self._waiter.done():
            return
        if self._deadline <= monotonic():
            self._tell(late=True)
        elif self._deadline < inf:
            self._set_timer()

    def _has_news(self) -> bool:
        """Whether something has come, also what the event loop has not seen yet."""
        if self._chunks or self._ended:
            return True
        number = self._transport.get_extra_info("socket").fileno()
        if not hasattr(select, "poll"):
            return bool(select.select([number], [], [], 0)[0])
        poll = select.poll()
        poll.register(number, select.POLLIN)
        return bool(poll.poll(0))


class _ConnectErrors:
    """Gives what connecting may fail with the names that httpcore has for it."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, TimeoutError):
            raise httpcore.ConnectTimeout(str(error)) from error
        if isinstance(error, OSError):  # also of TLS
            raise httpcore.ConnectError(str(error)) from error


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _buffer(loop: asyncio.AbstractEventLoop) -> memoryview:
    """Where an event loop reads into, for all of its connections: they copy from it at once.

    A buffer made for every read, as `asyncio.Protocol` has it, would cost more than the read.
    """
    if loop not in _buffers:
        _buffers[loop] = memoryview(bytearray(_BUFFER_SIZE))
    return _buffers[loop]


_buffers: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, memoryview]] = WeakKeyDictionary()
_BUFFER_SIZE: Final = 2**17
_INFO: Final = {"client_addr": "sockname", "server_addr": "peername"}
_HEAD_START: Final = 0.25
_HIGH_WATER: Final = 2**18
