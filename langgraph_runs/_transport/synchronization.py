"""Primitives that differ between threads and event loops: sleeping, semaphores, interrupting a read."""

import asyncio
import os
import select
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from contextvars import copy_context
from typing import Any, Final, TypeAlias

import anyio
import httpcore

Event: TypeAlias = threading.Event
Semaphore: TypeAlias = threading.Semaphore
sleep, asleep = time.sleep, anyio.sleep


class AsyncSemaphore:
    """A `Semaphore` for the tasks of one event loop."""

    def __init__(self, value: int) -> None:
        self._semaphore = anyio.Semaphore(value)
        self.release = self._semaphore.release

    async def acquire(self, *, timeout: float | None) -> bool:
        """Wait at most `timeout` seconds; return whether the semaphore was acquired."""
        with suppress(anyio.WouldBlock):
            self._semaphore.acquire_nowait()
            return True
        with anyio.move_on_after(timeout) as scope:
            await self._semaphore.acquire()
        return not scope.cancelled_caught


class Interruptible:
    """A response that one thread reads and another may interrupt.

    Closing a socket does not wake a blocked reader, and its file descriptor may be reused while the reader still uses
    it. So `interrupt` shuts the socket down instead, unless the reader has closed the response: then the connection may
    already carry another one.

    In a forked process, the response of the parent counts as closed: whatever is done with it does not reach the
    connection, nor the lock, which another thread of the parent may hold.
    """

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._socket: socket.socket = stream.get_extra_info("socket")
        self._is_readable = readability(self._socket)
        self._process = os.getpid()
        self._lock = threading.RLock()  # a signal handler may close the response while this thread does so
        self._closed = False
        # Whether a read waits for the network. An exception that interrupts it then, such as one of a signal handler,
        # loses no data, and the next read goes on.
        self.waiting = False

    def _read(self, max_bytes: int, timeout: float | None) -> bytes:
        # Not only in the stream's `read`: an exception might come when the data was received and is not yet returned.
        self.waiting = True
        decrypted = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending()
        readable = decrypted or self._is_readable(timeout)
        self.waiting = False
        if not readable:
            raise httpcore.ReadTimeout
        return self._stream.read(max_bytes, timeout=timeout)

    def _close_once(self) -> bool:
        """Mark the response as closed. Return whether it was open."""
        if self._is_closed:
            return False
        with self._lock:
            was_open, self._closed = not self._closed, True
        return was_open

    @property
    def _is_closed(self) -> bool:
        return self._closed or self._process != os.getpid()

    def interrupt(self) -> None:
        """End the other thread's read; that thread then closes the response."""
        if self._is_closed:
            return
        with self._lock:
            if not self._closed:
                with suppress(OSError):  # the connection is lost already
                    # Not TLS's own `shutdown`, which would make the reader fail in other ways.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class AsyncInterruptible:
    """A response that one task reads and another may interrupt."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._is_closed = False
        # Whether a read waits for the network. A cancellation then loses no data, and the next read goes on.
        self.waiting = False

    def _read(self, max_bytes: int, timeout: float | None) -> Awaitable[bytes]:
        # The caller resets `waiting` afterwards.
        self.waiting = True
        return self._stream.read(max_bytes, timeout=timeout)

    def _close_once(self) -> bool:
        """Mark the response as closed. Return whether it was open."""
        was_open, self._is_closed = not self._is_closed, True
        return was_open

    async def interrupt(self) -> None:
        """End the other task's read; that task then closes the response."""
        if not self._is_closed:
            await self._stream.aclose()


def readability(connection: Any) -> Callable[[float | None], bool]:
    """A function that waits for data on this socket, or for its end, and returns whether there is any in time."""
    if not hasattr(select, "poll"):  # Windows
        return lambda timeout: bool(select.select([connection], [], [], timeout)[0])
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return lambda timeout: bool(poll.poll(None if timeout is None else min(1000 * timeout, _LONGEST_POLL)))


_LONGEST_POLL: Final = 2**31 - 1  # milliseconds


class Workers:
    """Calls functions in threads of their own. They keep no interpreter alive, and can't be stopped."""

    def start(self, function: Callable[..., object], *arguments: Any) -> None:
        """Call it in a new thread, in a copy of the current context."""
        threading.Thread(target=copy_context().run, args=(function, *arguments), daemon=True).start()

    def stop(self) -> None:
        """Nothing: a thread ends when its function does."""


class AsyncWorkers:
    """Runs functions in tasks of the current event loop that belong to no task group: they outlive who starts them."""

    def __init__(self) -> None:
        self._cancellations: dict[object, Callable[[], object]] = {}
        self._soon: Callable[..., object]
        try:
            self._loop = asyncio.get_running_loop()
            self._soon, self._start = self._loop.call_soon_threadsafe, self._start_asyncio
        except RuntimeError:
            import trio  # noqa: PLC0415 - it runs already

            self._trio = trio
            self._soon, self._start = trio.lowlevel.current_trio_token().run_sync_soon, self._start_trio

    def start(self, function: Callable[..., Coroutine[Any, Any, object]], *arguments: Any) -> None:
        """Run it in a new task. Any thread may call this."""
        self._soon(self._start, function, arguments)

    def stop(self) -> None:
        """Cancel the tasks."""
        for cancel in [*self._cancellations.values()]:
            cancel()

    def _start_asyncio(self, function: Callable[..., Coroutine[Any, Any, object]], arguments: Any) -> None:
        task = self._loop.create_task(function(*arguments))
        self._cancellations[task] = task.cancel
        task.add_done_callback(self._cancellations.pop)

    def _start_trio(self, function: Callable[..., Coroutine[Any, Any, object]], arguments: Any) -> None:
        scope = self._trio.CancelScope()

        async def run() -> None:
            with scope:
                await function(*arguments)
            del self._cancellations[scope]

        self._cancellations[scope] = scope.cancel
        self._trio.lowlevel.spawn_system_task(run)


class AsyncEvent:
    """An event that a task waits for."""

    def __init__(self) -> None:
        self._event = anyio.Event()
        self.set, self.is_set = self._event.set, self._event.is_set

    async def wait(self, timeout: float | None = None) -> bool:
        """Wait at most `timeout` seconds; return whether it is set. With a timeout, no cancellation ends the wait."""
        with anyio.move_on_after(timeout, shield=timeout is not None):
            await self._event.wait()
        return self._event.is_set()


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
