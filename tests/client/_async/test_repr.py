"""A client and a stream show where they are, and neither key nor password nor header."""

import pytest
from rich.pretty import pretty_repr

from langgraph_runs import AsyncClient, NotFoundError, RunCreate, StreamDisconnectedError
from tests.client._async.calls import drained
from tests.support.network import Request
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse

pytestmark = pytest.mark.anyio

LOCATION = ("location", "/threads/t/runs/r/stream")
EVENTS = [sse("metadata", {"run_id": "r", "attempt": 1}), sse("custom", {"i": 0}), sse("custom|sub:1", {"i": 1})]


async def test_a_client_shows_its_server_and_no_secret() -> None:
    secrets = {"authorization": "Bearer secret-header", "x-own": "secret-own"}
    async with AsyncClient("http://me:secret-password@host:1/base", api_key="secret-key", headers=secrets) as client:
        assert repr(client) == "AsyncClient('http://host:1/base')"
        assert repr(client.runs) == "AsyncRunsClient('http://host:1/base')"
        assert "secret" not in repr(client.runs.stream(None, "agent"))


async def test_a_map_and_a_list_show_how_far_they_are_and_no_secret(replay: Replay) -> None:
    """Also in rich, which reads the fields of classes that don't say what to show."""

    def answer(request: Request) -> Response:
        return Response.json({} if request.method == "POST" else [run_json()] if "offset=0" in request.target else [])

    payloads: list[RunCreate] = [{"assistant_id": "secret-agent"}] * 3
    async with AsyncClient(replay(answer).url, api_key="secret-key") as client:
        async with client.runs.map(payloads, concurrency=2, headers={"x-own": "secret-own"}) as results:
            shown = [(repr(results), pretty_repr(results)) async for _ in results]
        runs = client.runs.iter("t", headers={"x-own": "secret-own"})
        shown += [(repr(runs), pretty_repr(runs)) async for _ in runs]
    assert shown[-2:] == [("AsyncRunMap(concurrency=2, under_way=0)",) * 2, ("AllItems(seen=1)",) * 2]
    assert "secret" not in str(shown)


async def test_a_stream_shows_its_run_its_state_and_the_last_event(replay: Replay) -> None:
    server = replay([Response.events(EVENTS, headers=(LOCATION,)), Response.json(run_json())])
    async with AsyncClient(server.url) as client, client.runs.stream("t", "agent", stream_mode="custom") as stream:
        assert repr(stream) == "AsyncRunStream('r', state='connected')"
        seen = [(event.event, repr(stream)) async for event in stream]
        assert seen == [
            (name, f"AsyncRunStream('r', state='connected', last_event='{name}')")
            for name in ("metadata", "custom", "custom|sub:1")
        ]
        assert repr(stream) == "AsyncRunStream('r', state='ended', last_event='custom|sub:1')"
    assert repr(stream) == "AsyncRunStream('r', state='ended', last_event='custom|sub:1')"


async def test_a_stream_that_is_not_open_says_so(replay: Replay) -> None:
    server = replay([Response.events(EVENTS, headers=(LOCATION,)), Response.json({"detail": "no such thread"}, 404)])
    async with AsyncClient(server.url) as client:
        stream = client.runs.stream("t", "agent", stream_mode="custom")
        assert repr(stream) == "AsyncRunStream(None, state='not connected')"
        async with stream:
            pass
        assert repr(stream) == "AsyncRunStream('r', state='closed')"
        refused = client.runs.stream("t", "agent")
        with pytest.raises(NotFoundError):
            await drained(refused)
        assert repr(refused) == "AsyncRunStream(None, state='failed')"


async def test_a_stream_that_was_cut_has_failed(replay: Replay) -> None:
    server = replay([Response.events(EVENTS, headers=(LOCATION,), fault="rst", fault_after=len(EVENTS[0]) + 3)])
    async with AsyncClient(server.url) as client:
        stream = client.runs.stream("t", "agent", stream_mode="custom")
        with pytest.raises(StreamDisconnectedError):
            await drained(stream)
        assert repr(stream) == "AsyncRunStream('r', state='failed', last_event='metadata')"
