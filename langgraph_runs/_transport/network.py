"""Opens connections as httpcore's network streams, for threads, asyncio and trio."""

import asyncio
from typing import Final, cast

import httpcore
import httpx

from langgraph_runs._transport import asyncio_stream

# uvicorn and Node.js close a connection that was idle for 5 s. A request that is on its way then is lost, and whoever
# starts a run can't know whether it was: so an idle connection is given up earlier.
DEFAULT_LIMITS: Final = httpx.Limits(max_keepalive_connections=100, keepalive_expiry=4.0)


def connect(host: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
    """Connect within `timeout` seconds. Errors are a ConnectError or a ConnectTimeout of httpcore."""
    return httpcore.SyncBackend().connect_tcp(host, port, timeout=timeout)


async def aconnect(host: str, port: int, timeout: float | None) -> httpcore.AsyncNetworkStream:
    """The same on asyncio or trio."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    if task is not None:
        return await asyncio_stream.connect(host, port, timeout)
    backend = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
    return await backend.connect_tcp(host, port, timeout=timeout)
