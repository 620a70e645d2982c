"""A run that is cancelled just ends, also where an older server says that it failed or says nothing at all."""

from typing import Any

import pytest

from langgraph_runs import AsyncClient, MetadataEvent, RunFailedError, StreamDisconnectedError
from tests.client._async.calls import drained
from tests.support.replay import Replay, Response
from tests.support.samples import run_json

pytestmark = pytest.mark.anyio

PLACE = (("content-location", "/threads/t/runs/r"),)
METADATA = b'event: metadata\ndata: {"run_id": "r"}\n\n'
MISSING = Response.json({"__error__": {"error": "HTTPException", "message": "404: Run not found"}})
NOTHING = Response(200, (("content-type", "application/json"), ("transfer-encoding", "chunked"), *PLACE), [])


def told(name: str) -> dict[str, str]:
    """What older servers say of a run that is cancelled, or undone."""
    return {"error": name, "message": "An internal error occurred"}


def failed(name: str) -> Response:
    return Response.json({"__error__": told(name)}, 200, PLACE)


async def waited(client: AsyncClient, call: str) -> Any:
    return await (client.runs.join("t", "r") if call == "join" else client.runs.wait("t", "agent"))


BOTH = pytest.mark.parametrize("call", ["wait", "join"])


@BOTH
@pytest.mark.parametrize(
    ("name", "joined", "values"),
    [("UserInterrupt", Response.json({"n": 1}), {"n": 1}), ("UserRollback", MISSING, {})],
)
async def test_its_values_so_far_are_asked_for(
    call: str, name: str, joined: Response, values: Any, replay: Replay
) -> None:
    server = replay([failed(name), joined])
    async with AsyncClient(server.url) as client:
        assert await waited(client, call) == values
    assert server.requests[1].target == "/threads/t/runs/r/join"


@BOTH
async def test_a_graphs_own_exception_of_that_name_is_a_failure(call: str, replay: Replay) -> None:
    server = replay([failed("UserInterrupt"), failed("UserInterrupt")])
    async with AsyncClient(server.url) as client:
        with pytest.raises(RunFailedError, match="run r failed with UserInterrupt"):
            await waited(client, call)


@BOTH
async def test_nothing_at_all_means_no_values(call: str, replay: Replay) -> None:
    server = replay([NOTHING, NOTHING, Response.json(run_json(status="interrupted"))])
    async with AsyncClient(server.url, max_retries=1) as client:
        assert await waited(client, call) == {}
    assert [request.method for request in server.requests[1:]] == ["GET", "GET"]


@BOTH
@pytest.mark.parametrize("run", [Response.json(run_json(status="success")), Response.json({}, 404), NOTHING])
async def test_nothing_at_all_is_an_error_when_the_run_was_not_cancelled(
    call: str, run: Response, replay: Replay
) -> None:
    server = replay([NOTHING, NOTHING, run])
    async with AsyncClient(server.url, max_retries=1) as client:
        with pytest.raises(StreamDisconnectedError, match="the response ended before the values"):
            await waited(client, call)


async def test_a_cut_is_none_of_that(replay: Replay) -> None:
    server = replay(Response(200, NOTHING.headers, [b"\n", b"{}"], fault="fin", fault_after=1))
    async with AsyncClient(server.url, max_retries=1) as client:
        with pytest.raises(StreamDisconnectedError):
            await client.runs.join("t", "r")
    assert len(server.requests) == 2


@pytest.mark.parametrize("name", ["UserInterrupt", "UserRollback"])
@pytest.mark.parametrize("run", [Response.json(run_json(status="interrupted")), Response.json({}, 404)])
async def test_its_stream_ends(name: str, run: Response, replay: Replay) -> None:
    server = replay([stream(name), run])
    async with AsyncClient(server.url) as client:
        events = await drained(client.runs.stream("t", "agent"))
    assert [type(event) for event in events] == [MetadataEvent]


async def test_a_stream_ends_with_a_graphs_own_exception_of_that_name(replay: Replay) -> None:
    server = replay([stream("UserInterrupt"), Response.json(run_json(status="error")), failed("UserInterrupt")])
    async with AsyncClient(server.url) as client:
        with pytest.raises(RunFailedError, match="run r failed with UserInterrupt"):
            await drained(client.runs.stream("t", "agent"))


def stream(name: str) -> Response:
    error = f'event: error\ndata: {{"error": "{name}", "message": "An internal error occurred"}}\n\n'
    return Response.events([METADATA, error.encode()], PLACE)
