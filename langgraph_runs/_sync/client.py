# Derived from langgraph_runs/_async/client.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""The client class, and the HTTP client that it uses by default."""

import ssl
from collections.abc import Callable, Mapping
from typing import Any, Generic, Self

import httpx

from langgraph_runs._sansio.config import (
    NOT_GIVEN,
    MaybeKey,
    OfServer,
    RetryPolicy,
    proxy_for,
    resolve,
    transport_options,
)
from langgraph_runs._sansio.conversion import Converters, converter
from langgraph_runs._sansio.failures import http_libraries
from langgraph_runs._sync.assistants import AssistantsClient
from langgraph_runs._sync.http import HTTP, WHOLE
from langgraph_runs._sync.runs import RunsClient
from langgraph_runs._sync.threads import ThreadsClient
from langgraph_runs._transport import HTTPTransport
from langgraph_runs._transport.network import DEFAULT_LIMITS
from langgraph_runs.types import CustomT, HTTPClient, StateT, Timeout, UpdateT


class Client(OfServer, Generic[StateT, UpdateT, CustomT]):
    """A client of a LangGraph API server. Use it with `with`, or call `close` when done.

    Args:
        url: The server's URL. Default: LANGGRAPH_API_URL, or `http://localhost:2024`.
        api_key: Sent as `x-api-key`; None for no key. Default: LANGGRAPH_API_KEY, LANGSMITH_API_KEY or
            LANGCHAIN_API_KEY, in this order.
        headers: Headers of every request.
        timeout: Seconds for each step of a request: connecting, reading, writing, getting a connection from the pool;
            or an `httpx.Timeout`. Default: 10, 300, 60 and 30.
        max_retries: Maximum number of retries where it is safe to retry, or a `RetryPolicy`; 0 disables retries.
        http_client: Your own `httpx.Client` or `httpx2.Client`, used with all its settings. It stays open
            when this client is closed.
        limits: The maximum number of concurrent requests (default: none), and how many idle connections are kept for
            how long.
        verify: Which certificates are trusted, as in httpx: True for the usual ones, False for any, or an
            `ssl.SSLContext`.
        idle_timeout: Seconds of silence after which the connection of a stream or wait counts as lost. Default: the
            read timeout; once the server's heartbeats are regular, three times their interval (at least 6 s), unless
            they are slower than 10 s.
        state_type: The type of the graph's state, which `ValuesEvent.data`, `ThreadState.values`, `wait` and `join`
            then have: a class of attrs, dataclasses or pydantic, a NamedTuple, a list or dict of these, or any
            callable that takes the JSON, such as `TypeAdapter(State).validate_python`. Default: plain JSON, and
            `Client[State, Update, Custom]` informs only the type checker. `wait` and `join` of a run that waits
            for a human then raise RunInterruptedError, and an event with only the key `__interrupt__` stays JSON.
        update_type: The same for what a node returns, in `UpdatesEvent.data`.
        custom_type: The same for `CustomEvent.data`.

    Attributes:
        runs: The methods for runs.
        threads: The methods for threads.
        assistants: The methods for assistants.

    Raises:
        ValueError: Naming an argument or environment variable that can't be used.
        TypeError: Naming an argument of the wrong type.
    """

    runs: RunsClient[StateT, UpdateT, CustomT]
    threads: ThreadsClient[StateT]
    assistants: AssistantsClient

    def __init__(
        self,
        url: str | httpx.URL | None = None,
        *,
        api_key: MaybeKey = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
        timeout: Timeout = None,
        max_retries: int | RetryPolicy = 4,
        http_client: HTTPClient | None = None,
        limits: httpx.Limits | None = None,
        verify: ssl.SSLContext | str | bool | None = None,
        idle_timeout: float | None = None,
        state_type: type[StateT] | Callable[[Any], StateT] | None = None,
        update_type: type[UpdateT] | Callable[[Any], UpdateT] | None = None,
        custom_type: type[CustomT] | Callable[[Any], CustomT] | None = None,
    ) -> None:
        if http_client is not None:
            _check_http_client(http_client, limits=limits, verify=verify)
        settings = resolve(
            url,
            api_key=api_key,
            headers=headers,
            timeout=timeout,
            max_retries=max_retries,
            http_client=http_client,
            idle_timeout=idle_timeout,
        )
        defaults = {**settings.headers, **WHOLE} if http_client is None else {}
        client = _http_client(settings.url, defaults, limits, verify) if http_client is None else http_client
        self._http = HTTP(settings, client, defaults=defaults, owned=http_client is None)
        converters = Converters(
            converter("state_type", state_type),
            converter("update_type", update_type),
            converter("custom_type", custom_type),
        )
        self.runs = RunsClient(self._http, converters)
        self.threads = ThreadsClient(self._http, converters)
        self.assistants = AssistantsClient(self._http)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections, except those of your own `http_client`. Every later call raises a RuntimeError."""
        self._http.close()


def _check_http_client(http_client: Any, **beside: object) -> None:
    if not isinstance(http_client, tuple(library.Client for library in http_libraries())):
        kind = f"{type(http_client).__module__.partition('.')[0]}.{type(http_client).__name__}"
        raise TypeError(f"http_client: must be an httpx.Client or httpx2.Client, not {kind}")
    for name, value in beside.items():
        if value is not None:
            raise ValueError(f"{name}: can't be combined with http_client; set it there")


def _http_client(
    url: str, headers: Mapping[str, str], limits: httpx.Limits | None, verify: ssl.SSLContext | str | bool | None
) -> httpx.Client:
    """The default client: httpx's, with our transport unless the environment sets a proxy for this server."""
    options = transport_options(url, DEFAULT_LIMITS if limits is None else limits, verify)
    proxy = proxy_for(url)
    transport = HTTPTransport(**options) if proxy is None else httpx.HTTPTransport(**options, proxy=proxy)
    return httpx.Client(headers=headers, transport=transport)
