"""Primitives that differ between threads and event loops: sleeping, semaphores, interrupting a read."""

import asyncio
import os
import select
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from threading import Lock
from threading import Semaphore as ThreadSemaphore
from typing import Any

import anyio
import httpcore


def sleep(seconds: float) -> None:
    """Suspend the current thread."""
    time.sleep(seconds)


async def asleep(seconds: float) -> None:
    """Suspend the current task."""
    await anyio.sleep(seconds)


class Semaphore:
    """A semaphore with a timeout, for threads. With the value None it never blocks."""

    def __init__(self, value: int | None) -> None:
        self._semaphore = None if value is None else ThreadSemaphore(value)

    def acquire(self, timeout: float | None) -> bool:
        """Wait at most `timeout` seconds; return whether the semaphore was acquired."""
        return self._semaphore is None or self._semaphore.acquire(timeout=timeout)

    def release(self) -> None:
        """Let another thread acquire it."""
        if self._semaphore is not None:
            self._semaphore.release()


class AsyncSemaphore:
    """A semaphore with a timeout, for the tasks of one event loop. With the value None it never blocks."""

    def __init__(self, value: int | None) -> None:
        self._semaphore = None if value is None else anyio.Semaphore(value)

    async def acquire(self, timeout: float | None) -> bool:
        """Wait at most `timeout` seconds; return whether the semaphore was acquired."""
        if self._semaphore is None:
            return True
        with anyio.move_on_after(timeout) as scope:
            await self._semaphore.acquire()
        return not scope.cancelled_caught

    def release(self) -> None:
        """Let another task acquire it."""
        if self._semaphore is not None:
            self._semaphore.release()


class Interruptible:
    """The state of a response that one thread reads and another may interrupt.

    Closing a socket does not wake a blocked reader, and its file descriptor may be reused while the reader still uses
    it. So `interrupt` shuts the socket down instead, unless the reader has closed the response: then the connection may
    already carry another one.

    In a forked process, the response of the parent counts as closed: whatever is done with it does not reach the
    connection, nor the lock, which another thread of the parent may hold.

    Attributes:
        waiting: Whether a read waits for the network. An exception that interrupts it then, such as one of a signal
            handler, loses no data, and the next read goes on.
    """

    def __init__(self) -> None:
        self._process = os.getpid()
        self._lock = Lock()
        self._closed = False
        self._poll: Any = None
        self.waiting = False

    def read(self, stream: httpcore.NetworkStream, max_bytes: int, timeout: float | None) -> bytes:
        """Read from the connection."""
        # Not only in `stream.read`: an exception might come after the data was received and before it is returned.
        self.waiting = True
        readable = self._wait(stream.get_extra_info("socket"), timeout)
        self.waiting = False
        if not readable:
            raise httpcore.ReadTimeout
        return stream.read(max_bytes, timeout=timeout)

    def _wait(self, connection: socket.socket, timeout: float | None) -> bool:
        if isinstance(connection, ssl.SSLSocket) and connection.pending():
            return True
        if not hasattr(select, "poll"):  # Windows
            return bool(select.select([connection], [], [], timeout)[0])
        if self._poll is None:
            self._poll = select.poll()
            self._poll.register(connection, select.POLLIN)
        return bool(self._poll.poll(None if timeout is None else 1000 * timeout))

    def close_once(self) -> bool:
        """Mark the response as closed. Return whether it was open."""
        if self.closed:
            return False
        with self._lock:
            was_open, self._closed = not self._closed, True
        return was_open

    @property
    def closed(self) -> bool:
        """Whether `close_once` was called, or the process is another one."""
        return self._closed or self._process != os.getpid()

    def interrupt(self, stream: Any, close: Callable[[], None]) -> None:  # noqa: ARG002 - the asynchronous twin closes
        """End the other thread's read; that thread then closes the response."""
        if self.closed:
            return
        with self._lock:
            if not self._closed:
                with suppress(OSError):  # the connection is lost already
                    # Not TLS's own `shutdown`, which would make the reader fail in other ways.
                    socket.socket.shutdown(stream.get_extra_info("socket"), socket.SHUT_RDWR)


class AsyncInterruptible:
    """The state of a response that one task reads and another may interrupt.

    Attributes:
        closed: Whether `close_once` was called.
        waiting: Whether a read waits for the network. A cancellation then loses no data, and the next read goes on.
    """

    def __init__(self) -> None:
        self.closed = False
        self.waiting = False

    def read(self, stream: httpcore.AsyncNetworkStream, max_bytes: int, timeout: float | None) -> Awaitable[bytes]:
        """Read from the connection. The caller resets `waiting` afterwards."""
        self.waiting = True
        return stream.read(max_bytes, timeout=timeout)

    def close_once(self) -> bool:
        """Mark the response as closed. Return whether it was open."""
        was_open, self.closed = not self.closed, True
        return was_open

    async def interrupt(self, stream: Any, close: Callable[[], Awaitable[None]]) -> None:  # noqa: ARG002
        """End the other task's read."""
        await close()


def owner() -> Any:
    """The owner of connections opened by this thread: the process."""
    return os.getpid(), None


def aowner() -> Any:
    """The owner of connections opened by this task: the process and the event loop."""
    try:
        return os.getpid(), asyncio.get_running_loop()
    except RuntimeError:
        from anyio.lowlevel import current_token  # noqa: PLC0415 - only trio pays for it

        return os.getpid(), current_token()


def has_ended(owner: Any) -> bool:
    """Whether the owner is a process before a fork, or a closed event loop of asyncio."""
    process, loop = owner
    return process != os.getpid() or (isinstance(loop, asyncio.AbstractEventLoop) and loop.is_closed())
