"""Letting every httpx client of a test run go over the fast transport."""

from typing import Any

import httpx

from langgraph_runs.fast import AsyncFastTransport, FastTransport


def use_fast_transport() -> None:
    """From now on, a client that is not given a transport gets the fast one; its proxies and certificates are not looked at."""

    def fast(_: httpx.Client, *, limits: httpx.Limits, transport: httpx.BaseTransport | None, **__: Any) -> Any:
        return transport or FastTransport(limits=limits)

    def async_fast(
        _: httpx.AsyncClient, *, limits: httpx.Limits, transport: httpx.AsyncBaseTransport | None, **__: Any
    ) -> Any:
        return transport or AsyncFastTransport(limits=limits)

    httpx.Client._init_transport = fast  # type: ignore[method-assign] # httpx has no place to say so
    httpx.AsyncClient._init_transport = async_fast  # type: ignore[method-assign] # nor here
