"""Connecting to a server, for each face in its own way, and what httpx calls the failures."""

from types import TracebackType
from typing import Final, cast

import httpcore
import httpx


def connect(host: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
    """Connect, within so many seconds.

    Raises:
        httpcore.ConnectError: If it can't be done.
        httpcore.ConnectTimeout: If it takes longer.
    """
    return httpcore.SyncBackend().connect_tcp(host, port, timeout=timeout)


async def aconnect(host: str, port: int, timeout: float | None) -> httpcore.AsyncNetworkStream:
    """Connect, within so many seconds, on asyncio or trio.

    Raises:
        httpcore.ConnectError: If it can't be done.
        httpcore.ConnectTimeout: If it takes longer.
    """
    from langgraph_runs import asyncio_network  # noqa: PLC0415 - who is synchronous need not load it

    if asyncio_network.runs_here():
        return await asyncio_network.connect(host, port, timeout)
    backend = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
    return await backend.connect_tcp(host, port, timeout=timeout)


class _NamedByHttpx:
    """Gives the network's failures, which httpcore raises, the names that httpx has for them."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, httpcore.TimeoutException | httpcore.NetworkError):
            named: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
            raise named(str(error)) from error


NAMED_BY_HTTPX: Final = _NamedByHttpx()
