"""Places for so many at a time, for each face in its own way."""

from threading import Semaphore

import anyio
import httpx


class Slots:
    """So many threads at a time.

    Args:
        count: How many; None for any number.
    """

    def __init__(self, count: int | None) -> None:
        self._free = None if count is None else Semaphore(count)

    def take(self, timeout: float | None) -> None:
        """Wait for a free place, at most so many seconds; None for as long as it takes.

        Raises:
            httpx.PoolTimeout: If there was none.
        """
        if self._free is not None and not self._free.acquire(timeout=timeout):
            raise httpx.PoolTimeout("all connections are in use")

    def release(self) -> None:
        """Give it back."""
        if self._free is not None:
            self._free.release()


class AsyncSlots:
    """So many tasks at a time, on asyncio or trio.

    Args:
        count: How many; None for any number.
    """

    def __init__(self, count: int | None) -> None:
        self._count = count
        self._semaphore: anyio.Semaphore | None = None

    async def take(self, timeout: float | None) -> None:
        """Wait for a free place, at most so many seconds; None for as long as it takes.

        Raises:
            httpx.PoolTimeout: If there was none.
        """
        if self._count is None:
            return
        if self._semaphore is None:  # it needs a running event loop
            self._semaphore = anyio.Semaphore(self._count)
        if self._semaphore.value:  # without the price of a deadline
            self._semaphore.acquire_nowait()
            return
        try:
            with anyio.fail_after(timeout):
                await self._semaphore.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("all connections are in use") from None

    def release(self) -> None:
        """Give it back."""
        if self._semaphore is not None:
            self._semaphore.release()
