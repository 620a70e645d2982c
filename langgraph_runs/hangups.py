"""Ending a read that another task or thread waits in, for each face in its own way."""

import socket
from contextlib import suppress
from threading import Lock

import httpx


class HangUp:
    """Wakes the thread that waits for an answer's next bytes.

    Closing its socket would not wake it, and would leave it reading from whatever connection gets the same descriptor
    next. So the socket is only shut down, by whom it certainly belongs to: as long as a thread reads this answer.

    Every read of the answer happens inside of `with`.
    """

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self._lock = Lock()
        self._reading = self._done = False

    def __enter__(self) -> None:
        with self._lock:
            if self._done:
                raise httpx.StreamClosed
            self._reading = True

    def __exit__(self, *_: object) -> None:
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

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass

    async def now(self) -> None:
        """The answer is closed, and with it the read that is going on."""
        await self._response.aclose()
