"""The client: settings, an HTTP client, and the runs."""

import ssl
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Generic, Self

import httpx

from langgraph_runs._async.http import AsyncHTTP
from langgraph_runs._async.runs import AsyncRunsClient
from langgraph_runs._sansio.config import NOT_GIVEN, MaybeKey, RetryPolicy, proxy_for, resolve, seconds
from langgraph_runs._sansio.conversion import Converters, converter
from langgraph_runs._sansio.failures import http_libraries, shown_url
from langgraph_runs._transport import AsyncHTTPTransport
from langgraph_runs.types import AsyncHTTPClient, CustomT, StateT, Timeout, UpdateT


class AsyncClient(Generic[StateT, UpdateT, CustomT]):
    """A client of a LangGraph API server. Use it with `async with`, or call `aclose` when done.

    Args:
        url: The server's URL; left out: LANGGRAPH_API_URL, else `http://localhost:2024`.
        api_key: Sent as `x-api-key`; left out: LANGGRAPH_API_KEY, LANGSMITH_API_KEY or LANGCHAIN_API_KEY, in this order. None: no key.
        headers: Sent with every request.
        timeout: Seconds for each of connecting, reading, writing and getting a connection from the pool, or an `httpx.Timeout`.
            When left out: 10, 300, 60 and 30.
        max_retries: How many times to try again what may be tried again, or a `RetryPolicy`; 0 never.
        http_client: An `httpx.AsyncClient` or `httpx2.AsyncClient` of your own, with all that it is set up to do. It stays open when this
            client is closed.
        limits: How many requests may be in progress at once (default: any number), and how many idle connections are kept, for how long.
        verify: Which certificates are trusted, as in httpx: True, False for any, or an `ssl.SSLContext`.
        idle_timeout: Seconds of silence after which a stream's or wait's connection counts as lost. When left out, three of the
            heartbeat intervals seen (between 6 and 30 s), or the read timeout before the first heartbeat.
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
        http_client: AsyncHTTPClient | None = None,
        limits: httpx.Limits | None = None,
        verify: ssl.SSLContext | str | bool | None = None,
        idle_timeout: float | None = None,
        state_type: type[StateT] | Callable[[Any], StateT] | None = None,
        update_type: type[UpdateT] | Callable[[Any], UpdateT] | None = None,
        custom_type: type[CustomT] | Callable[[Any], CustomT] | None = None,
    ) -> None:
        if http_client is not None:
            _check_http_client(http_client, limits, verify)
        settings = resolve(
            url,
            api_key=api_key,
            headers=headers,
            timeout=timeout,
            max_retries=max_retries,
            http_client=http_client,
        )
        if idle_timeout is not None:
            seconds("idle_timeout", idle_timeout)
        client = _http_client(settings.url, limits, verify) if http_client is None else http_client
        self._http = AsyncHTTP(settings, client, owned=http_client is None)
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


def _check_http_client(
    http_client: Any, limits: httpx.Limits | None, verify: ssl.SSLContext | str | bool | None
) -> None:
    if not isinstance(http_client, tuple(library.AsyncClient for library in http_libraries())):
        kind = f"{type(http_client).__module__.partition('.')[0]}.{type(http_client).__name__}"
        raise TypeError(f"http_client: must be an httpx.AsyncClient or httpx2.AsyncClient, not {kind}")
    for name, value in (("limits", limits), ("verify", verify)):
        if value is not None:
            raise ValueError(f"{name}: an http_client has its own; set it there")


def _http_client(
    url: str, limits: httpx.Limits | None, verify: ssl.SSLContext | str | bool | None
) -> httpx.AsyncClient:
    """The default client: httpx's, with our transport unless the environment names a proxy for this server."""
    if verify is None:
        # Loading the certificates takes longer than a request; without TLS, none are needed.
        verify = True if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    options: dict[str, Any] = {"verify": verify, "limits": limits or httpx.Limits(max_keepalive_connections=100)}
    proxy = proxy_for(url)
    return httpx.AsyncClient(
        transport=AsyncHTTPTransport(**options) if proxy is None else httpx.AsyncHTTPTransport(**options, proxy=proxy)
    )
