"""The fake server: scripts in, clients out."""

import math
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final
from uuid import uuid4

import anyio
import attrs
import httpx
import orjson

from langgraph_runs._async.client import AsyncClient
from langgraph_runs._sansio.config import RetryPolicy
from langgraph_runs._sync.client import Client
from langgraph_runs.testing._answers import Answer, FakeRequest, json_answer
from langgraph_runs.testing._endpoints import Call
from langgraph_runs.testing._reader import CutError, Reader
from langgraph_runs.testing._runs import Store
from langgraph_runs.testing._script import Script

_URL: Final = "http://fake"
_NAP: Final = 0.01  # seconds until a reader looks again whether somebody has cancelled or released its run


class FakeServer:
    """A LangGraph server for tests, in this process: no port, no network, no graph.

    It stands in for the network too, so a test with it shows nothing of the transport: no sockets, TLS or proxies.
    Assistants play scripts; the rest (threads, runs, statuses, replays, refusals) is as on the Python server.

        fake = FakeServer()
        fake.on_stream("agent", [("values", {"n": 1}), ("custom", {"step": "search"}), ("values", {"n": 2})])
        with fake.client() as client:
            assert client.runs.wait(None, "agent") == {"n": 2}

    Args:
        api_key: The key that each request must have; None for no key. `client` and `async_client` send it.
        keep_requests: How many of the latest requests `requests` keeps.

    Attributes:
        requests: The latest requests, oldest first.
    """

    def __init__(self, *, api_key: str | None = None, keep_requests: int = 1000) -> None:
        self.requests: deque[FakeRequest] = deque(maxlen=keep_requests)
        self._api_key = api_key
        self._scripts: dict[str, Script] = {}
        self._store = Store()
        self._failures: list[_Failure] = []
        self._lock = threading.RLock()

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
        self._scripts[assistant_id] = script

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
        self._failures.append(_Failure(answer, times, on))

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

    def client(self, **options: Any) -> Client:
        """A client of this server. It takes the options of `Client`; by default its retries hardly wait."""
        return Client(_URL, http_client=self.http_client(), **self._options(options))

    def async_client(self, **options: Any) -> AsyncClient:
        """An asynchronous client of this server. It takes the options of `AsyncClient`; its retries hardly wait."""
        return AsyncClient(_URL, http_client=self.async_http_client(), **self._options(options))

    def http_client(self) -> httpx.Client:
        """An httpx client of this server, for `Client(http_client=...)` and for requests of your own."""
        return httpx.Client(transport=self.transport, base_url=_URL)

    def async_http_client(self) -> httpx.AsyncClient:
        """An asynchronous httpx client of this server, for `AsyncClient(http_client=...)`."""
        return httpx.AsyncClient(transport=self.transport, base_url=_URL)

    @property
    def transport(self) -> "FakeTransport":
        """The transport of both httpx clients."""
        return FakeTransport(self)

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"api_key": self._api_key, "max_retries": RetryPolicy(initial=0.01), **options}

    def _ask(self, path: str, body: dict[str, Any]) -> None:
        request = FakeRequest("POST", path, httpx.QueryParams(), httpx.Headers(), orjson.dumps(body))
        with self._lock:
            answer = Call(self._store, self._scripts, request, time.time()).answer()
        if answer.status >= 400:  # noqa: PLR2004 - refused
            raise ValueError(answer.content)

    def answer(self, request: httpx.Request) -> Answer:
        """Answer a request whose body was read."""
        seen = FakeRequest(
            request.method, request.url.path, request.url.params, httpx.Headers(request.headers), request.content
        )
        with self._lock:
            self.requests.append(seen)
            for failure in self._failures:
                if failure.times and fnmatchcase(f"{seen.method} {seen.path}", failure.on):
                    failure.times -= 1
                    if isinstance(failure.answer, Exception):
                        raise failure.answer
                    return failure.answer
            if self._api_key is not None and seen.headers.get("x-api-key") != self._api_key:
                return json_answer({"detail": "Invalid API key"}, status=401)
            return Call(self._store, self._scripts, seen, time.time()).answer()

    def poll(self, reader: Reader) -> bytes | float | None:
        """What a reader gets now; see `Reader.poll`."""
        with self._lock:
            now = time.time()
            self._store.advance(now)
            return reader.poll(now)

    def left(self, reader: Reader) -> None:
        """A reader's connection is gone."""
        with self._lock:
            reader.close(time.time())
            self._store.advance(time.time())


@attrs.define
class _Failure:
    answer: Answer | Exception
    times: int
    on: str


class FakeTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Takes requests of both kinds of httpx clients to a fake server."""

    def __init__(self, server: FakeServer) -> None:
        self._server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        request.read()
        return self._response(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        await request.aread()
        return self._response(request)

    def _response(self, request: httpx.Request) -> httpx.Response:
        answer = self._server.answer(request)
        content = answer.content
        stream = _Body(self._server, content, request) if isinstance(content, Reader) else httpx.ByteStream(content)
        # As after a real connection, the library then reads a response that it has closed to its end, for trio.
        extensions = {"network_stream": None}
        return httpx.Response(answer.status, headers=dict(answer.headers), stream=stream, extensions=extensions)


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes while a run goes on. It raises what a connection would raise."""

    def __init__(self, server: FakeServer, reader: Reader, request: httpx.Request) -> None:
        self._server = server
        self._reader = reader
        self._request = request
        self._closed = False
        self._deadline: float | None = None

    def __iter__(self) -> Iterator[bytes]:
        while (found := self._next()) is not None:
            if isinstance(found, bytes):
                yield found
            else:
                time.sleep(found)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (found := self._next()) is not None:
            if isinstance(found, bytes):
                yield found
            else:
                await anyio.sleep(found)

    def _next(self) -> bytes | float | None:
        if self._closed:
            raise httpx.ReadError("the connection was closed", request=self._request)
        try:
            found = self._server.poll(self._reader)
        except CutError:
            self.close()
            raise httpx.ReadError("the fake server cut the connection", request=self._request) from None
        if not isinstance(found, float):
            self._deadline = None
            return found
        now = time.monotonic()
        if self._deadline is None:  # as of a socket's read; the library's limit may be another for each
            limit = self._request.extensions.get("timeout", {}).get("read")
            self._deadline = math.inf if limit is None else now + limit
        if now >= self._deadline:
            self.close()
            raise httpx.ReadTimeout("the fake server was silent for too long", request=self._request)
        return min(found, self._deadline - now, _NAP)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._server.left(self._reader)

    async def aclose(self) -> None:
        self.close()
