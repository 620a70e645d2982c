"""The client: settings, a connection pool, and the runs."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Generic, Literal, Self

import httpx

from langgraph_runs._async.channel import channel
from langgraph_runs._async.http import AsyncHTTP
from langgraph_runs._async.runs import AsyncRunsClient
from langgraph_runs._sansio.config import NOT_GIVEN, MaybeKey, RetryPolicy, resolve, seconds
from langgraph_runs._sansio.conversion import Converters, converter
from langgraph_runs._sansio.failures import shown_url
from langgraph_runs.types import CustomT, StateT, Timeout, UpdateT


class AsyncClient(Generic[StateT, UpdateT, CustomT]):
    """A client of a LangGraph API server. Use it with `async with`, or call `aclose` when done.

    Args:
        url: The server's URL; left out: LANGGRAPH_API_URL, else `http://localhost:2024`.
        api_key: Sent as `x-api-key`; left out: LANGGRAPH_API_KEY, LANGSMITH_API_KEY or LANGCHAIN_API_KEY, in this order. None: no key.
        headers: Sent with every request.
        timeout: Seconds for each of connecting, reading, writing and getting a connection from the pool, or an `httpx.Timeout`.
            When left out: 10, 300, 60 and 30.
        max_retries: How many times to try again what may be tried again, or a `RetryPolicy`; 0 never.
        http_client: An `httpx.AsyncClient` of your own, for proxies, certificates, limits or another transport. It stays open when
            this client is closed.
        transport: "fast" for the one that comes with `langgraph-runs[fast]`, or an httpx transport of your own, which is closed with this
            client. "default" reads answers with h11, which httpx brings. Without an `http_client` only.
        idle_timeout: Seconds of silence after which a stream's or wait's connection counts as lost. When left out, three of the
            heartbeat intervals seen (between 6 and 30 s), or the read timeout while no heartbeat has come.
        state_type: What a graph's state becomes, in `ValuesEvent.data` and as what `wait` and `join` give: a class of attrs,
            dataclasses or pydantic, a list or dict of such, or any callable that takes the JSON, such as
            `TypeAdapter(State).validate_python`. When left out it stays JSON; `AsyncClient[State, Update, Custom]` then only
            tells the type checker. Where a run has stopped with nothing but `__interrupt__`, that stays JSON in any case.
        update_type: The same for what a node returns, in `UpdatesEvent.data`.
        custom_type: The same for `CustomEvent.data`.

    Attributes:
        runs: The server's runs.

    Raises:
        ValueError: Naming an argument or environment variable that can't be used.
        TypeError: Naming an argument of the wrong type.
        ImportError: If what the fast transport needs is not installed.
    """

    runs: AsyncRunsClient[StateT, UpdateT, CustomT]

    def __init__(
        self,
        url: str | httpx.URL | None = None,
        *,
        api_key: MaybeKey = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
        timeout: Timeout = None,
        max_retries: int | RetryPolicy = 4,
        http_client: httpx.AsyncClient | None = None,
        transport: Literal["default", "fast"] | httpx.AsyncBaseTransport = "default",
        idle_timeout: float | None = None,
        state_type: type[StateT] | Callable[[Any], StateT] | None = None,
        update_type: type[UpdateT] | Callable[[Any], UpdateT] | None = None,
        custom_type: type[CustomT] | Callable[[Any], CustomT] | None = None,
    ) -> None:
        settings = resolve(
            url,
            api_key=api_key,
            headers=headers,
            timeout=timeout,
            max_retries=max_retries,
            client_url=None if http_client is None else http_client.base_url,
        )
        if idle_timeout is not None:
            seconds("idle_timeout", idle_timeout)
        self._http = AsyncHTTP(settings, channel(settings.url, http_client, transport))
        converters = Converters(
            converter("state_type", state_type),
            converter("update_type", update_type),
            converter("custom_type", custom_type),
        )
        self.runs = AsyncRunsClient(self._http, converters, idle_timeout=idle_timeout)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({shown_url(self._http.settings.url)!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections, but not those of an `http_client` of your own."""
        await self._http.aclose()
