"""Opens connections as httpcore's network streams, for threads, asyncio and trio."""

from typing import Final, cast

import httpcore
import httpx

from langgraph_runs._transport import asyncio_stream

DEFAULT_LIMITS: Final = httpx.Limits(max_keepalive_connections=100)


def connect(host: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
    """Connect within `timeout` seconds.

    Raises:
        httpcore.ConnectError: If it fails.
        httpcore.ConnectTimeout: If it takes longer.
    """
    return httpcore.SyncBackend().connect_tcp(host, port, timeout=timeout)


async def aconnect(host: str, port: int, timeout: float | None) -> httpcore.AsyncNetworkStream:
    """Connect within `timeout` seconds, on asyncio or trio.

    Raises:
        httpcore.ConnectError: If it fails.
        httpcore.ConnectTimeout: If it takes longer.
    """
    if asyncio_stream.is_available():
        return await asyncio_stream.connect(host, port, timeout)
    backend = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
    return await backend.connect_tcp(host, port, timeout=timeout)
