"""A response that comes while the request is still being sent is the response, whatever happens to the connection."""

import asyncio
import contextlib
import select
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any

import httpcore
import httpx
import pytest
import uvloop

from langgraph_runs._transport import AsyncHTTPTransport, HTTPTransport, asyncio_stream
from tests.support.network import LoopServer

TIMES = 30
BODY = b"x" * 10_000_000
TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 9\r\n\r\ntoo large"
HOW = ["reads on after a half-close", "reads on", "resets", "closes", "closes before it is asked", "does nothing more"]


class Refusing(LoopServer):
    """Responds with 413 when the head of a request has come, or at once."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.how != "closes before it is asked":
            await reader.readuntil(b"\r\n\r\n")
        writer.write(TOO_LARGE)
        match self.how:
            case "reads on after a half-close":
                writer.write_eof()
                while await reader.read(2**16):
                    pass
            case "reads on":
                await reader.readexactly(len(BODY))
                await self.serve(reader, writer)
            case "resets":
                await self.break_off(writer, "rst")
            case "does nothing more":
                writer.transport.pause_reading()  # type: ignore[attr-defined]
                await asyncio.Event().wait()
            case _:
                writer.close()


@pytest.fixture(params=["asyncio", "uvloop", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]] | str:
    return ("asyncio", {"use_uvloop": True}) if request.param == "uvloop" else str(request.param)


@pytest.fixture(params=HOW)
def server(request: pytest.FixtureRequest) -> Iterator[Refusing]:
    with Refusing(request.param) as server:
        yield server


def times(server: Refusing) -> range:
    return range(2 if server.how == "does nothing more" else TIMES)


def timeout(server: Refusing) -> httpx.Timeout:
    """Whoever can't read while he writes waits for this if nobody reads."""
    return httpx.Timeout(60, write=0.2 if server.how == "does nothing more" else 60)


def test_threads(server: Refusing) -> None:
    with httpx.Client(transport=HTTPTransport(), timeout=timeout(server)) as client:
        for _ in times(server):
            response = client.post(f"http://127.0.0.1:{server.port}", content=BODY)
            assert (response.status_code, response.content) == (413, b"too large")


@pytest.mark.anyio
async def test_tasks(server: Refusing) -> None:
    async with httpx.AsyncClient(transport=AsyncHTTPTransport(), timeout=timeout(server)) as client:
        for _ in times(server):
            response = await client.post(f"http://127.0.0.1:{server.port}", content=BODY)
            assert (response.status_code, response.content) == (413, b"too large")


@pytest.mark.skipif(not hasattr(select, "poll"), reason="the system can't tell of a reset before it is read")
@pytest.mark.parametrize("factory", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_what_arrived_before_a_reset_is_read_after_a_write_has_failed(factory: Callable[[], Any]) -> None:
    async def work() -> None:
        stream = await asyncio_stream.connect("127.0.0.1", listening.getsockname()[1], 10)
        peer, _ = listening.accept()
        with peer:
            peer.sendall(TOO_LARGE)
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        reset = select.poll()
        reset.register(stream.get_extra_info("socket").fileno(), select.POLLHUP)
        reset.poll()  # the event loop does not run meanwhile
        with contextlib.suppress(httpcore.WriteError):
            await stream.write(BODY, 10)
        assert await stream.read(2**16, 10) == TOO_LARGE
        with pytest.raises(httpcore.ReadError):
            await stream.read(2**16, 10)
        await stream.aclose()

    with socket.create_server(("127.0.0.1", 0)) as listening, asyncio.Runner(loop_factory=factory) as runner:
        runner.run(work())


@pytest.mark.parametrize("factory", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_a_stream_that_is_closed_while_it_is_read_has_not_ended(factory: Callable[[], Any]) -> None:
    async def work() -> None:
        stream = await asyncio_stream.connect("127.0.0.1", listening.getsockname()[1], 10)
        reading = asyncio.ensure_future(stream.read(2**16, 10))
        await asyncio.sleep(0)
        await stream.aclose()
        with pytest.raises(httpcore.ReadError, match="closed"):
            await reading
        with pytest.raises(httpcore.ReadError, match="closed"):
            await stream.read(2**16, 10)
        with pytest.raises(httpcore.WriteError, match="closed"):
            await stream.write(b"x", 10)

    with socket.create_server(("127.0.0.1", 0)) as listening, asyncio.Runner(loop_factory=factory) as runner:
        runner.run(work())
