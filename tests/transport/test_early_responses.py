"""A response that comes while the request is still being sent is the response, whatever happens to the connection."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from langgraph_runs._transport import AsyncHTTPTransport, HTTPTransport
from tests.support.network import LoopServer

TIMES = 30
BODY = b"x" * 10_000_000
TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 9\r\n\r\ntoo large"
# The sending of the body never ends if nobody reads it; then this is waited for by whoever can't read meanwhile.
TIMEOUT = httpx.Timeout(60, write=0.2)
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


def test_threads(server: Refusing) -> None:
    with httpx.Client(transport=HTTPTransport(), timeout=TIMEOUT) as client:
        for _ in times(server):
            response = client.post(f"http://127.0.0.1:{server.port}", content=BODY)
            assert (response.status_code, response.content) == (413, b"too large")


@pytest.mark.anyio
async def test_tasks(server: Refusing) -> None:
    async with httpx.AsyncClient(transport=AsyncHTTPTransport(), timeout=TIMEOUT) as client:
        for _ in times(server):
            response = await client.post(f"http://127.0.0.1:{server.port}", content=BODY)
            assert (response.status_code, response.content) == (413, b"too large")
