"""Compressed bodies: read to their last member, and lost where they end inside of one, whatever HTTP says."""

import gzip
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from langgraph_runs import APIConnectionError, AsyncClient, CustomEvent, StreamDisconnectedError
from langgraph_runs._sansio.config import RetryPolicy
from tests.client._async.calls import drained
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse

pytestmark = pytest.mark.anyio

RUN = run_json()
GZIP = ("content-encoding", "gzip")
LOCATION = ("location", "/threads/t/runs/r/stream")
EVENTS = [sse("custom", {"i": i}, id=str(i)) for i in range(3)]
NONE = RetryPolicy(max_retries=0)
SOON = RetryPolicy(max_retries=2, initial=1e-6)
JOINED = {"n": "x" * 1000}

CALLS: dict[str, tuple[Callable[[AsyncClient], Any], object]] = {
    "get": (lambda client: client.runs.get("t", "r"), RUN),
    "list": (lambda client: client.runs.list("t"), [RUN]),
    "wait": (lambda client: client.runs.wait("t", "agent"), JOINED),
    "join": (lambda client: client.runs.join("t", "r"), JOINED),
}


def members(body: bytes) -> bytes:
    """The body, each byte compressed on its own."""
    return b"".join(gzip.compress(bytes([byte])) for byte in body)


@pytest.mark.parametrize(("call", "value"), CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "none", "identity", ""])
async def test_a_body_is_read_whole(
    call: Callable[[AsyncClient], Any], value: object, encoding: str, replay: Replay
) -> None:
    body = orjson.dumps(value)
    body = members(body) if "gzip" in encoding.lower() else body
    server = replay(Response(200, (("content-encoding", encoding),), body))
    async with AsyncClient(server.url, max_retries=NONE) as client:
        result = await call(client)
    match value:
        case {"run_id": id}:
            assert result.run_id == id
        case [{"run_id": id}]:
            assert [run.run_id for run in result] == [id]
        case _:
            assert result == value


@pytest.mark.parametrize(("call", "value"), CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("end", [-1, -9, 15, 5])
async def test_a_body_that_ends_inside_a_member_is_lost(
    call: Callable[[AsyncClient], Any], value: object, end: int, replay: Replay
) -> None:
    body = orjson.dumps(value)
    for whole in (gzip.compress(body), gzip.compress(body[:5]) + gzip.compress(body[5:])):
        server = replay(Response(200, (GZIP,), whole[:end]))
        async with AsyncClient(server.url, max_retries=NONE) as client:
            with pytest.raises((APIConnectionError, StreamDisconnectedError), match="ends early"):
                await call(client)


async def test_a_body_that_ends_inside_a_member_is_asked_for_again(replay: Replay) -> None:
    body = gzip.compress(orjson.dumps(RUN))
    server = replay([Response(200, (GZIP,), body[:-1]), Response(200, (GZIP,), body)])
    async with AsyncClient(server.url, max_retries=SOON) as client:
        assert (await client.runs.get("t", "r")).run_id == "r"


async def test_a_compressed_stream_is_resumed_where_it_ends_inside_a_member(replay: Replay) -> None:
    headers = (GZIP, LOCATION)
    server = replay(
        [
            Response.events([gzip.compress(EVENTS[0]), gzip.compress(EVENTS[1])[:-4]], headers),
            Response.events([gzip.compress(event) for event in EVENTS[1:]], headers),
            Response.json(RUN),
        ]
    )
    async with AsyncClient(server.url, max_retries=SOON) as client:
        stream = client.runs.stream("t", "agent", stream_mode="custom", stream_resumable=True)
        assert [event.data for event in await drained(stream) if isinstance(event, CustomEvent)] == [
            {"i": 0},
            {"i": 1},
            {"i": 2},
        ]


@pytest.mark.parametrize("given", ["client", "http_client"])
async def test_streams_ask_for_events_uncompressed_and_uncached(given: str, replay: Replay) -> None:
    wanted = {"accept": "text/event-stream", "accept-encoding": "identity", "cache-control": "no-store"}
    headers = {"Accept": "text/html", "Accept-Encoding": "br", "Cache-Control": "max-age=60"}
    server = replay(lambda _: Response.events(EVENTS, (LOCATION,)))
    async with httpx.AsyncClient(headers=headers) as http_client:
        client = (
            AsyncClient(server.url, headers=headers)
            if given == "client"
            else AsyncClient(server.url, http_client=http_client)
        )
        async with client:
            async with client.runs.stream("t", "agent") as stream:
                await anext(aiter(stream))
            async with client.runs.join_stream("t", "r") as stream:
                await anext(aiter(stream))
            async with client.runs.stream("t", "agent", headers={"Cache-Control": "no-cache"}) as stream:
                await anext(aiter(stream))
    asked = [{name: request.headers[name] for name in wanted} for request in server.requests]
    assert asked == [wanted, wanted, wanted | {"cache-control": "no-cache"}]
