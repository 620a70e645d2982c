"""Connecting to a server, for each face in its own way, and what httpx calls the failures."""

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


def named(error: httpcore.TimeoutException | httpcore.NetworkError) -> httpx.TransportError:
    """A failure of the network under the name that httpx has for it."""
    kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
    return kind(str(error))


NETWORK_ERRORS: Final = (httpcore.TimeoutException, httpcore.NetworkError)
