"""Sleeping, limiting and interrupting, each for threads and for asyncio and trio."""

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from threading import Lock
from threading import Semaphore as ThreadSemaphore
from typing import Any

import anyio
import anyio.lowlevel


def sleep(seconds: float) -> None:
    """Suspend the current thread."""
    time.sleep(seconds)


async def asleep(seconds: float) -> None:
    """Suspend the current task."""
    await anyio.sleep(seconds)


class Semaphore:
    """A semaphore with a timeout for threads; with None as its value it never blocks."""

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
    """A semaphore with a timeout for the tasks of one event loop; with None as its value it never blocks."""

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
    """Something that one thread reads from, and another may interrupt.

    Closing the socket would not wake its reader, and would let it read from whatever gets the same descriptor next. So the socket is shut
    down, and only until the reader has closed what it reads: after that the connection may carry another response.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._closed = False

    def close_once(self) -> bool:
        """Mark this as closed; return whether it was open."""
        with self._lock:
            was_open, self._closed = not self._closed, True
        return was_open

    @property
    def closed(self) -> bool:
        """Whether `close_once` was called."""
        return self._closed

    def interrupt(self, stream: Any, close: Callable[[], None]) -> None:  # noqa: ARG002 - the asynchronous twin closes
        """End the read that another thread waits in; that thread then closes."""
        with self._lock:
            if not self._closed:
                with suppress(OSError):  # the connection is lost already
                    # Not the method of a TLS socket, which would make its reader fail in other ways.
                    socket.socket.shutdown(stream.get_extra_info("socket"), socket.SHUT_RDWR)


class AsyncInterruptible:
    """Something that one task reads from, and another may interrupt."""

    def __init__(self) -> None:
        self.closed = False

    def close_once(self) -> bool:
        """Mark this as closed; return whether it was open."""
        was_open, self.closed = not self.closed, True
        return was_open

    async def interrupt(self, stream: Any, close: Callable[[], Awaitable[None]]) -> None:  # noqa: ARG002
        """End the read that another task waits in."""
        await close()


def owner() -> Any:
    """What a connection opened by this thread belongs to: the process."""
    return os.getpid(), None


def aowner() -> Any:
    """What a connection opened by this task belongs to: the process and the event loop."""
    try:
        return os.getpid(), asyncio.get_running_loop()
    except RuntimeError:
        return os.getpid(), anyio.lowlevel.current_token()


def in_this_process(owner: Any) -> bool:
    """Whether the owner's connections were opened by this process, not before a fork."""
    return bool(owner[0] == os.getpid())


def has_ended(owner: Any) -> bool:
    """Whether the owner is an event loop of asyncio that is closed."""
    return isinstance(owner[1], asyncio.AbstractEventLoop) and owner[1].is_closed()
