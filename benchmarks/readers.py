"""The clients that are compared. All do the same work: events with their JSON parsed, a run fetched, a run created.

A measurement iterates over `stream`; the floors yield bytes instead of events. `payloads` extracts the JSON from what a
reader yielded, outside the measurement, to check that all readers read the same. Each process imports only the client
that it measures.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import closing
from io import BytesIO
from time import time
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import orjson

from benchmarks.samples import ASSISTANT, RUN, THREAD, payload

OURS = "langgraph-runs"
SDK = "langgraph-sdk"
HTTPX_SSE = "httpx-sse"
HTTPX = "httpx"
SOCKET = "socket"
ORJSON = "orjson"

Query = dict[str, Any]

_INPUT = {"topic": "tea"}
_BODY = {"assistant_id": ASSISTANT, "input": _INPUT, "stream_mode": ["messages-tuple"]}
_RUN_BODY = {"assistant_id": ASSISTANT, "input": _INPUT}
_RUNS_PATH = f"/threads/{THREAD}/runs"
_RUN_PATH = f"{_RUNS_PATH}/{RUN}"
_PATH = f"{_RUNS_PATH}/stream"
_READ = 2**16
_LAST_CHUNK = b"\r\n0\r\n\r\n"
# httpx's defaults are 5 s and 100 connections: too little for 500 streams on a busy machine.
_TIMEOUT = 60
_LIMITS = {"max_connections": 1000, "max_keepalive_connections": 100}


def payloads_as_they_are(items: Iterable[Any]) -> Iterable[Any]:
    """For readers that yield JSON."""
    return items


def payloads_of_events(items: Iterable[Any]) -> Iterable[Any]:
    """For events of ours or of langgraph-sdk."""
    return (event.data for event in items)


def payloads_of_body(items: Iterable[Any]) -> Iterable[Any]:
    """For the chunks of a stream's body."""
    body = b"".join(items)
    return (orjson.loads(payload(event)) for event in body.split(b"\r\n\r\n") if event)


def payloads_of_response(reads: Iterable[bytes]) -> Iterable[Any]:
    """For the bytes of a whole response, head and chunk sizes included."""
    body = BytesIO(b"".join(reads).partition(b"\r\n\r\n")[2])
    chunks = []
    while length := int(body.readline(), 16):
        chunks.append(body.read(length))
        body.readline()
    return payloads_of_body(chunks)


class _RunsClient:
    """How both ours and langgraph-sdk are called."""

    payloads = staticmethod(payloads_of_events)
    client: Any

    def stream(self, query: Query) -> Iterable[Any]:
        events: Iterable[Any] = self.client.runs.stream(
            THREAD,
            ASSISTANT,
            input=_INPUT,
            stream_mode="messages-tuple",
            stream_resumable="ids" in query,
            params=query,
        )
        return events

    def get(self) -> Any:
        return self.client.runs.get(THREAD, RUN)

    def create(self) -> Any:
        return self.client.runs.create(THREAD, ASSISTANT, input=_INPUT)

    def close(self) -> None:
        self.client.close()


class Ours(_RunsClient):
    def __init__(self, url: str) -> None:
        from langgraph_runs import Client

        self.client = Client(url)

    def facts(self, run: Any) -> Sequence[str]:
        return run.run_id, run.thread_id, str(run.status), run.created_at.isoformat()


def _facts_of_json(run: Any) -> Sequence[str]:
    return run["run_id"], run["thread_id"], run["status"], run["created_at"]


class LangGraphSDK(_RunsClient):
    facts = staticmethod(_facts_of_json)

    def __init__(self, url: str) -> None:
        from langgraph_sdk import get_sync_client

        self.client = get_sync_client(url=url)


class HttpxSSE:
    payloads = staticmethod(payloads_as_they_are)

    def __init__(self, url: str) -> None:
        import httpx

        self.client = httpx.Client(base_url=url, timeout=_TIMEOUT)

    def stream(self, query: Query) -> Iterator[Any]:
        from httpx_sse import connect_sse

        with connect_sse(self.client, "POST", _PATH, params=query, json=_BODY) as source:
            for event in source.iter_sse():
                yield orjson.loads(event.data)

    def close(self) -> None:
        self.client.close()


class Httpx:
    """The floor for clients that use httpx: a stream's chunks unread, and the JSON of other responses."""

    payloads = staticmethod(payloads_of_body)
    facts = staticmethod(_facts_of_json)

    def __init__(self, url: str) -> None:
        import httpx

        self.client = httpx.Client(base_url=url, timeout=_TIMEOUT)

    def stream(self, query: Query) -> Iterator[bytes]:
        with self.client.stream("POST", _PATH, params=query, json=_BODY) as response:
            yield from response.iter_raw()

    def get(self) -> Any:
        return orjson.loads(self.client.get(_RUN_PATH).content)

    def create(self) -> Any:
        return orjson.loads(self.client.post(_RUNS_PATH, json=_RUN_BODY).content)

    def close(self) -> None:
        self.client.close()


class Socket:
    """The floor for every client: the bytes from the socket, not parsed."""

    payloads = staticmethod(payloads_of_response)

    def __init__(self, url: str) -> None:
        self._host, self._port = _address(url)

    def stream(self, query: Query) -> Iterator[bytes]:
        with closing(socket.create_connection((self._host, self._port))) as connection:
            connection.sendall(_request(query))
            tail = b""
            while tail != _LAST_CHUNK:
                read = connection.recv(_READ)
                tail = (tail + read[-len(_LAST_CHUNK) :])[-len(_LAST_CHUNK) :]
                yield read

    def close(self) -> None:
        pass


class AsyncOurs(Ours):
    def __init__(self, url: str) -> None:
        from langgraph_runs import AsyncClient

        self.client = AsyncClient(url)

    async def aclose(self) -> None:
        await self.client.aclose()


class AsyncLangGraphSDK(LangGraphSDK):
    def __init__(self, url: str) -> None:
        import httpx
        from langgraph_sdk.client import LangGraphClient

        # As in `get_client`, except for the number of connections.
        self._httpx = httpx.AsyncClient(
            base_url=url,
            transport=httpx.AsyncHTTPTransport(retries=5, limits=httpx.Limits(**_LIMITS)),
            timeout=httpx.Timeout(connect=5, read=300, write=300, pool=5),
        )
        self.client = LangGraphClient(self._httpx)

    async def aclose(self) -> None:
        await self._httpx.aclose()


class AsyncHttpxSSE:
    payloads = staticmethod(payloads_as_they_are)

    def __init__(self, url: str) -> None:
        import httpx

        self.client = httpx.AsyncClient(base_url=url, timeout=_TIMEOUT, limits=httpx.Limits(**_LIMITS))

    async def stream(self, query: Query) -> AsyncIterator[Any]:
        from httpx_sse import aconnect_sse

        async with aconnect_sse(self.client, "POST", _PATH, params=query, json=_BODY) as source:
            async for event in source.aiter_sse():
                yield orjson.loads(event.data)

    async def aclose(self) -> None:
        await self.client.aclose()


class AsyncHttpx:
    payloads = staticmethod(payloads_of_body)
    facts = staticmethod(_facts_of_json)

    def __init__(self, url: str) -> None:
        import httpx

        self.client = httpx.AsyncClient(base_url=url, timeout=_TIMEOUT, limits=httpx.Limits(**_LIMITS))

    async def stream(self, query: Query) -> AsyncIterator[bytes]:
        async with self.client.stream("POST", _PATH, params=query, json=_BODY) as response:
            async for chunk in response.aiter_raw():
                yield chunk

    async def get(self) -> Any:
        return orjson.loads((await self.client.get(_RUN_PATH)).content)

    async def create(self) -> Any:
        return orjson.loads((await self.client.post(_RUNS_PATH, json=_RUN_BODY)).content)

    async def aclose(self) -> None:
        await self.client.aclose()


class AsyncSocket:
    payloads = staticmethod(payloads_of_response)

    def __init__(self, url: str) -> None:
        self._host, self._port = _address(url)

    async def stream(self, query: Query) -> AsyncIterator[bytes]:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=_READ)
        writer.write(_request(query))
        tail = b""
        while tail != _LAST_CHUNK:
            read = await reader.read(_READ)
            tail = (tail + read[-len(_LAST_CHUNK) :])[-len(_LAST_CHUNK) :]
            yield read
        writer.close()
        await writer.wait_closed()

    async def aclose(self) -> None:
        pass


SYNC: dict[str, Callable[[str], Any]] = {
    OURS: Ours,
    SDK: LangGraphSDK,
    HTTPX_SSE: HttpxSSE,
    HTTPX: Httpx,
    SOCKET: Socket,
}
ASYNC: dict[str, Callable[[str], Any]] = {
    OURS: AsyncOurs,
    SDK: AsyncLangGraphSDK,
    HTTPX_SSE: AsyncHttpxSSE,
    HTTPX: AsyncHttpx,
    SOCKET: AsyncSocket,
}


def decode_ours(reads: Iterable[bytes]) -> Iterator[Any]:
    """Bytes to typed events, as in the streams of langgraph-runs."""
    from langgraph_runs._sansio.sse import SSEDecoder
    from langgraph_runs.events import decode_event

    decoder = SSEDecoder()
    for read in reads:
        received = time()
        for event, data, id in decoder.feed(read):
            yield decode_event(event, data, id, received)


def decode_sdk(reads: Iterable[bytes]) -> Iterator[Any]:
    """Bytes to stream parts, as in the streams of langgraph-sdk."""
    from langgraph_sdk.sse import SSEDecoder, iter_lines_raw

    class Response:
        def iter_bytes(self) -> Iterator[bytes]:
            return iter(reads)

    response: Any = Response()
    decoder = SSEDecoder()
    for line in iter_lines_raw(response):
        part = decoder.decode(cast("bytes", line).rstrip(b"\n"))
        if part is not None and (part.event or decoder.has_data):
            yield part


def decode_httpx_sse(reads: Iterable[bytes]) -> Iterator[Any]:
    """Bytes to the JSON of httpx-sse's events."""
    import httpx
    from httpx_sse import EventSource

    class Body(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return iter(reads)

    response = httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Body())
    for event in EventSource(response).iter_sse():
        yield orjson.loads(event.data)


def decode_orjson(reads: Iterable[bytes]) -> Iterator[Any]:
    """The floor of decoding: the JSON of payloads that are already split."""
    return map(orjson.loads, reads)


DECODERS: dict[str, tuple[Callable[[Iterable[bytes]], Iterator[Any]], Callable[[Iterable[Any]], Iterable[Any]]]] = {
    OURS: (decode_ours, payloads_of_events),
    SDK: (decode_sdk, payloads_of_events),
    HTTPX_SSE: (decode_httpx_sse, payloads_as_they_are),
    ORJSON: (decode_orjson, payloads_as_they_are),
}


def _request(query: Query) -> bytes:
    body = orjson.dumps(_BODY)
    head = f"POST {_PATH}?{urlencode(query)} HTTP/1.1\r\nhost: bench\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port
