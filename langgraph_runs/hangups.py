"""Ending a read that another task or thread waits in, for each face in its own way."""

import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from threading import Lock

import httpx


class HangUp:
    """Wakes the thread that waits for an answer's next bytes.

    Closing its socket would not wake it, and would leave it reading from whatever connection gets the same descriptor
    next. So the socket is only shut down, by whom it certainly belongs to: as long as a thread reads this answer.
    """

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._lock = Lock()
        self._reading = self._done = False

    def read(self, read: Callable[..., bytes], max_bytes: int, timeout: float | None) -> bytes:
        """Read; every read of the answer goes through here.

        Raises:
            httpx.StreamClosed: If nobody may read any more.
        """
        with self._lock:
            if self._done:
                raise httpx.StreamClosed
            self._reading = True
        try:
            return read(max_bytes, timeout=timeout)
        finally:
            with self._lock:
                self._reading = False

    def now(self) -> None:
        """The read that is going on ends, and no other begins; the reader closes the answer."""
        with self._lock:
            self._done = True
            stream = self._response.extensions.get("network_stream")
            connection = stream and self._reading and stream.get_extra_info("socket")
            if connection:
                with suppress(OSError):  # it is lost already
                    # Not the method of a TLS socket, which would make its reader fail in other ways.
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)


class AsyncHangUp:
    """Wakes the task that waits for an answer's next bytes."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    def read(self, read: Callable[..., Awaitable[bytes]], max_bytes: int, timeout: float | None) -> Awaitable[bytes]:
        """Read; closing the answer ends it."""
        return read(max_bytes, timeout=timeout)

    async def now(self) -> None:
        """The answer is closed, and with it the read that is going on."""
        await self._response.aclose()
