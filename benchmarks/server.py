"""A server of canned responses. It costs so little that the client is what is measured.

The query of a stream says what to send: `count` events of a `kind` and `size` (see samples.py), as fast as the client
reads; or one every `interval` milliseconds, with the time when it was sent, and with an id if there is `ids`. Streams
with `together` wait until that many are open, and with `spread` their events are spread evenly over the interval. Each
event is one HTTP chunk, as with real servers.

It prints its port, and ends with its standard input.
"""

import asyncio
import resource
import sys
import time
from collections.abc import AsyncIterator, Iterator
from functools import cache
from urllib.parse import parse_qsl

from benchmarks.samples import METADATA, RUN, THREAD, events, run, token

OPEN_FILES = 5000
_HIGH_WATER = 2**20
_BLOCK_EVENTS = 500
_ADDRESS = f"/threads/{THREAD}/runs/{RUN}"
_STREAM_HEAD = (
    "HTTP/1.1 200 OK\r\nserver: uvicorn\r\n"
    f"location: {_ADDRESS}/stream\r\ncontent-location: {_ADDRESS}\r\n"
    "cache-control: no-store\r\nx-accel-buffering: no\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    "vary: Origin\r\ntransfer-encoding: chunked\r\n\r\n"
).encode()


async def main() -> None:
    allow_open_files(OPEN_FILES)
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


class Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._received = b""
        self._writable = asyncio.Event()
        self._writable.set()
        self._streaming: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(_HIGH_WATER)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, rest = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        lines = head.decode("latin-1").split("\r\n")
        length = 0
        for line in lines[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                length = int(value)
        if len(rest) < length:
            return
        self._received = rest[length:]
        method, target, _ = lines[0].split(" ")
        path, _, query = target.partition("?")
        if path.endswith("/runs/stream"):
            self._streaming = asyncio.create_task(self._stream(dict(parse_qsl(query))))
        else:
            self._transport.write(_run_response(method))

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def connection_lost(self, _: Exception | None) -> None:
        if self._streaming is not None:
            self._streaming.cancel()

    async def _stream(self, query: dict[str, str]) -> None:
        self._transport.write(_STREAM_HEAD + _chunk(METADATA))
        together, interval = int(query.get("together", 0)), int(query.get("interval", 0)) / 1000
        place = await _meeting(together).wait() if together else 0
        kind, count, size = query.get("kind", "token"), int(query["count"]), int(query.get("size", 0))
        if interval:
            start = time.monotonic() + (interval * place / together if "spread" in query else 0)
            async for block in _timed(count, start, interval, ids="ids" in query):
                self._transport.write(block)
        else:
            for block in _blocks(kind, count, size):
                self._transport.write(block)
                await self._writable.wait()
        self._transport.write(b"0\r\n\r\n")


async def _timed(count: int, start: float, interval: float, *, ids: bool) -> AsyncIterator[bytes]:
    for number in range(count):
        await asyncio.sleep(start + (number + 1) * interval - time.monotonic())
        yield _chunk(token(number, time.perf_counter_ns(), ids=ids))


def _blocks(kind: str, count: int, size: int) -> Iterator[bytes]:
    chunks = _chunks(kind, min(count, _BLOCK_EVENTS), size)
    whole = b"".join(chunks)
    for _ in range(count // len(chunks)):
        yield whole
    yield b"".join(chunks[: count % len(chunks)])


@cache
def _chunks(kind: str, count: int, size: int) -> tuple[bytes, ...]:
    return tuple(_chunk(event) for event in events(kind, count, size))


@cache
def _meeting(together: int) -> asyncio.Barrier:
    return asyncio.Barrier(together)


@cache
def _run_response(method: str) -> bytes:
    body = run("success" if method == "GET" else "pending")
    return (
        b"HTTP/1.1 200 OK\r\nserver: uvicorn\r\ncontent-location: %b\r\ncontent-length: %d\r\n"
        b"content-type: application/json\r\nvary: Origin\r\n\r\n%b" % (_ADDRESS.encode(), len(body), body)
    )


def allow_open_files(number: int) -> bool:
    """Let this process have so many files open; False if the system does not allow it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft in range(number):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))
        except ValueError:
            return False
    return True


def _chunk(event: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(event), event)


if __name__ == "__main__":
    asyncio.run(main())
