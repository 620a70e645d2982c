"""The fake server: scripts in, clients out."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import httpx
import orjson

from langgraph_runs._async.client import AsyncClient
from langgraph_runs._sansio.config import RetryPolicy
from langgraph_runs._sync.client import Client
from langgraph_runs.testing._answers import FakeRequest, json_answer
from langgraph_runs.testing._core import Core, Failure
from langgraph_runs.testing._script import Script
from langgraph_runs.testing._transport import FakeTransport

_URL: Final = "http://fake"


class FakeServer:
    """A LangGraph server for tests, in this process: no port, no network, no graph.

    It stands in for the network too, so a test with it shows nothing of the transport: no sockets, TLS or proxies.
    Assistants play scripts; the rest (threads, runs, statuses, replays, refusals) is as on the Python server.

        fake = FakeServer()
        fake.on_stream("agent", [("custom", {"step": "search"}), ("values", {"n": 2})])
        with fake.client() as client:
            assert client.runs.wait(None, "agent") == {"n": 2}

    Args:
        api_key: The key that each request must have; None for no key. `client` and `async_client` send it.
        keep_requests: How many of the latest requests `requests` keeps.
    """

    def __init__(self, *, api_key: str | None = None, keep_requests: int = 1000) -> None:
        self._core = Core(api_key, keep_requests)

    @property
    def requests(self) -> list[FakeRequest]:
        """The latest requests, oldest first."""
        return self._core.requests

    def on_stream(self, assistant_id: str, script: Script) -> None:
        """Say what each run of an assistant does: streamed, waited for, or in the background.

        The steps of a script, or a function that takes the `FakeRun` and returns or yields them:

        - An event: its name and data, `("custom", {"progress": 1})`, or one of the library's events. A run sends those
          whose `stream_mode` was asked for; the data of the last `values` event are its final values.
        - `Interrupt(value)`: the run waits for a human. A run with `command={"resume": ...}` goes on with the steps
          after it; in a generator, `answer = yield Interrupt(value)`. Several at once are a list.
        - An exception, such as `ValueError("boom")`: the run fails.
        - `Pause(seconds)`: a slow node; `Pause()` lasts until it is released or the run is cancelled.
        - `Cut()`: the connection breaks.

        Args:
            assistant_id: The graph's name. Assistants without a script are refused.
            script: The steps.
        """
        self._core.scripts[assistant_id] = script if callable(script) else [*script]

    def on_wait(self, assistant_id: str, values: Mapping[str, Any]) -> None:
        """Let each run of an assistant end at once with these values; the same as a script of one `values` event."""
        self.on_stream(assistant_id, [("values", dict(values))])

    def fail(
        self,
        failure: int | Exception,
        *,
        times: int = 1,
        on: str = "*",
        detail: str = "a failure of the test",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Let the next requests fail before the server does anything.

        Args:
            failure: A status, such as 503, or what httpx raises, such as `httpx.ConnectError("refused")`.
            times: How many requests.
            on: Which requests, as a pattern of method and path: `"POST */runs/wait"`. Default: any.
            detail: The response's message.
            headers: The response's headers, such as `retry-after`.
        """
        answer = (
            json_answer({"detail": detail}, status=failure, **headers or {}) if isinstance(failure, int) else failure
        )
        self._core.failures.append(Failure(answer, times, on))

    def add_thread(self, thread_id: str | None = None, *, values: Mapping[str, Any] | None = None) -> str:
        """Add a thread, as its own endpoint does, and return its id.

        Args:
            thread_id: Its id, a UUID. Default: a new one.
            values: Its state.
        """
        id = thread_id or str(uuid4())
        self._ask("/threads", {"thread_id": id})
        if values is not None:
            self._ask(f"/threads/{id}/state", {"values": dict(values)})
        return id

    def client(self, url: str | None = _URL, **options: Any) -> Client:
        """A client of this server. It takes the options of `Client`; by default its retries hardly wait."""
        return Client(url, http_client=self.http_client(), **self._options(options))

    def async_client(self, url: str | None = _URL, **options: Any) -> AsyncClient:
        """An asynchronous client of this server. It takes the options of `AsyncClient`; its retries hardly wait."""
        return AsyncClient(url, http_client=self.async_http_client(), **self._options(options))

    def http_client(self) -> httpx.Client:
        """An httpx client of this server, for `Client(http_client=...)` and for requests of your own."""
        return httpx.Client(transport=self.transport, base_url=_URL)

    def async_http_client(self) -> httpx.AsyncClient:
        """An asynchronous httpx client of this server, for `AsyncClient(http_client=...)`."""
        return httpx.AsyncClient(transport=self.transport, base_url=_URL)

    @property
    def transport(self) -> FakeTransport:
        """The transport of both httpx clients."""
        return FakeTransport(self._core)

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"api_key": self._core.api_key, "max_retries": RetryPolicy(initial=0.01), **options}

    def _ask(self, path: str, body: dict[str, Any]) -> None:
        answer = self._core.call(FakeRequest("POST", path, httpx.QueryParams(), httpx.Headers(), orjson.dumps(body)))
        if answer.status >= 400:  # noqa: PLR2004 - refused
            raise ValueError(answer.content)
