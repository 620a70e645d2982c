# Derived from tests/client/_async/test_repr.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""A client and a stream show where they are, and neither key nor password nor header."""

import pytest
from rich.pretty import pretty_repr

from langgraph_runs import Client, NotFoundError, RunCreate, StreamDisconnectedError
from tests.client._sync.calls import drained
from tests.support.network import Request
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse

pytestmark = pytest.mark.anyio

LOCATION = ("location", "/threads/t/runs/r/stream")
EVENTS = [sse("metadata", {"run_id": "r", "attempt": 1}), sse("custom", {"i": 0}), sse("custom|sub:1", {"i": 1})]


def test_a_client_shows_its_server_and_no_secret() -> None:
    secrets = {"authorization": "Bearer secret-header", "x-own": "secret-own"}
    with Client("http://me:secret-password@host:1/base", api_key="secret-key", headers=secrets) as client:
        assert repr(client) == "Client('http://host:1/base')"
        assert repr(client.runs) == "RunsClient('http://host:1/base')"
        assert "secret" not in repr(client.runs.stream(None, "agent"))


def test_a_map_and_a_list_show_how_far_they_are_and_no_secret(replay: Replay) -> None:
    """Also in rich, which reads the fields of classes that don't say what to show."""

    def answer(request: Request) -> Response:
        return Response.json({} if request.method == "POST" else [run_json()] if "offset=0" in request.target else [])

    payloads: list[RunCreate] = [{"assistant_id": "secret-agent"}] * 3
    with Client(replay(answer).url, api_key="secret-key") as client:
        with client.runs.map(payloads, concurrency=2, headers={"x-own": "secret-own"}) as results:
            shown = [(repr(results), pretty_repr(results)) for _ in results]
        runs = client.runs.iter("t", headers={"x-own": "secret-own"})
        shown += [(repr(runs), pretty_repr(runs)) for _ in runs]
    assert shown[-2:] == [("RunMap(concurrency=2, under_way=0)",) * 2, ("AllItems(seen=1)",) * 2]
    assert "secret" not in str(shown)


def test_a_stream_shows_its_run_its_state_and_the_last_event(replay: Replay) -> None:
    server = replay([Response.events(EVENTS, headers=(LOCATION,)), Response.json(run_json())])
    with Client(server.url) as client, client.runs.stream("t", "agent", stream_mode="custom") as stream:
        assert repr(stream) == "RunStream('r', state='connected')"
        seen = [(event.event, repr(stream)) for event in stream]
        assert seen == [
            (name, f"RunStream('r', state='connected', last_event='{name}')")
            for name in ("metadata", "custom", "custom|sub:1")
        ]
        assert repr(stream) == "RunStream('r', state='ended', last_event='custom|sub:1')"
    assert repr(stream) == "RunStream('r', state='ended', last_event='custom|sub:1')"


def test_a_stream_that_is_not_open_says_so(replay: Replay) -> None:
    server = replay([Response.events(EVENTS, headers=(LOCATION,)), Response.json({"detail": "no such thread"}, 404)])
    with Client(server.url) as client:
        stream = client.runs.stream("t", "agent", stream_mode="custom")
        assert repr(stream) == "RunStream(None, state='not connected')"
        with stream:
            pass
        assert repr(stream) == "RunStream('r', state='closed')"
        refused = client.runs.stream("t", "agent")
        with pytest.raises(NotFoundError):
            drained(refused)
        assert repr(refused) == "RunStream(None, state='failed')"


def test_a_stream_that_was_cut_has_failed(replay: Replay) -> None:
    server = replay([Response.events(EVENTS, headers=(LOCATION,), fault="rst", fault_after=len(EVENTS[0]) + 3)])
    with Client(server.url) as client:
        stream = client.runs.stream("t", "agent", stream_mode="custom")
        with pytest.raises(StreamDisconnectedError):
            drained(stream)
        assert repr(stream) == "RunStream('r', state='failed', last_event='metadata')"
