"""The clients that are compared. All do the same work: a stream's events with their JSON parsed, a run fetched, a run created.

What a stream gives is iterated over by the row that measures it; the floors give bytes. `payloads` makes of what any of them gave the JSON in
it, outside of what is measured, so that all can be compared. Each process loads only the client that it measures.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import closing
from io import BytesIO
from time import time
from typing import Any, ClassVar, cast
from urllib.parse import urlencode, urlsplit

import orjson

from benchmarks.samples import ASSISTANT, RUN, THREAD, payload

OURS = "langgraph-runs"
FAST = "langgraph-runs[fast]"
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
# Of 500 streams, httpx's 100 connections would keep most waiting.
_LIMITS = {"max_connections": 1000, "max_keepalive_connections": 100}


def payloads_as_they_are(items: Iterable[Any]) -> Iterable[Any]:
    """The JSON that is all that a reader gives."""
    return items


def payloads_of_events(items: Iterable[Any]) -> Iterable[Any]:
    """The JSON in events, ours or those of langgraph-sdk."""
    return (event.data for event in items)


def payloads_of_body(items: Iterable[Any]) -> Iterable[Any]:
    """The JSON in a stream's body."""
    body = b"".join(items)
    return (orjson.loads(payload(event)) for event in body.split(b"\r\n\r\n") if event)


def payloads_of_answer(reads: Iterable[bytes]) -> Iterable[Any]:
    """The JSON in a stream's whole answer, head and framing included."""
    body = BytesIO(b"".join(reads).partition(b"\r\n\r\n")[2])
    chunks = []
    while length := int(body.readline(), 16):
        chunks.append(body.read(length))
        body.readline()
    return payloads_of_body(chunks)


class _RunsClient:
    """What ours and langgraph-sdk have in common, which is how they are called."""

    payloads = staticmethod(payloads_of_events)
    client: Any

    def stream(self, query: Query) -> Iterable[Any]:
        events: Iterable[Any] = self.client.runs.stream(
            THREAD, ASSISTANT, input=_INPUT, stream_mode="messages-tuple", params=query
        )
        return events

    def get(self) -> Any:
        return self.client.runs.get(THREAD, RUN)

    def create(self) -> Any:
        return self.client.runs.create(THREAD, ASSISTANT, input=_INPUT)

    def close(self) -> None:
        self.client.close()


class Ours(_RunsClient):
    options: ClassVar[dict[str, Any]] = {}

    def __init__(self, url: str) -> None:
        from langgraph_runs import Client

        self.client = Client(url, **self.options)

    def facts(self, run: Any) -> Sequence[str]:
        return run.run_id, run.thread_id, str(run.status), run.created_at.isoformat()


class OursFast(Ours):
    options: ClassVar[dict[str, Any]] = {"transport": "fast"}


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

        self.client = httpx.Client(base_url=url)

    def stream(self, query: Query) -> Iterator[Any]:
        from httpx_sse import connect_sse

        with connect_sse(self.client, "POST", _PATH, params=query, json=_BODY) as source:
            for event in source.iter_sse():
                yield orjson.loads(event.data)

    def close(self) -> None:
        self.client.close()


class Httpx:
    """The floor of what goes through httpx: a stream's chunks as they come, and nothing done with them; the JSON of other answers."""

    payloads = staticmethod(payloads_of_body)
    facts = staticmethod(_facts_of_json)

    def __init__(self, url: str) -> None:
        import httpx

        self.client = httpx.Client(base_url=url)

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
    """The floor of all: bytes as the system gives them, without a word of HTTP understood."""

    payloads = staticmethod(payloads_of_answer)

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

        self.client = AsyncClient(url, **self.options)

    async def aclose(self) -> None:
        await self.client.aclose()


class AsyncOursFast(AsyncOurs):
    options: ClassVar[dict[str, Any]] = {"transport": "fast"}


class AsyncLangGraphSDK(LangGraphSDK):
    def __init__(self, url: str) -> None:
        import httpx
        from langgraph_sdk.client import LangGraphClient

        # What `get_client` makes, but for the number of connections.
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

        self.client = httpx.AsyncClient(base_url=url, limits=httpx.Limits(**_LIMITS))

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

        self.client = httpx.AsyncClient(base_url=url, limits=httpx.Limits(**_LIMITS))

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
    payloads = staticmethod(payloads_of_answer)

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
    FAST: OursFast,
    SDK: LangGraphSDK,
    HTTPX_SSE: HttpxSSE,
    HTTPX: Httpx,
    SOCKET: Socket,
}
ASYNC: dict[str, Callable[[str], Any]] = {
    OURS: AsyncOurs,
    FAST: AsyncOursFast,
    SDK: AsyncLangGraphSDK,
    HTTPX_SSE: AsyncHttpxSSE,
    HTTPX: AsyncHttpx,
    SOCKET: AsyncSocket,
}


def decode_ours(reads: Iterable[bytes]) -> Iterator[Any]:
    """Typed events out of bytes, as the streams of langgraph-runs make them."""
    from langgraph_runs._sansio.sse import SSEDecoder
    from langgraph_runs.events import decode_event

    decoder = SSEDecoder()
    for read in reads:
        received = time()
        for event, data, id in decoder.feed(read):
            yield decode_event(event, data, id, received)


def decode_sdk(reads: Iterable[bytes]) -> Iterator[Any]:
    """Stream parts out of bytes, as the streams of langgraph-sdk make them."""
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
    """JSON out of bytes, as httpx-sse's events have it."""
    import httpx
    from httpx_sse import EventSource

    class Body(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return iter(reads)

    response = httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Body())
    for event in EventSource(response).iter_sse():
        yield orjson.loads(event.data)


def decode_orjson(reads: Iterable[bytes]) -> Iterator[Any]:
    """The floor of decoding: the JSON of payloads that somebody has split already."""
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
