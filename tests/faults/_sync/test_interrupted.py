# Derived from tests/faults/_async/test_interrupted.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""An exception from elsewhere, such as a timeout around the next event, ends no stream and no list."""

from typing import Any

import httpx
import pytest

from langgraph_runs import Client, NotFoundError, RetryPolicy, StreamDisconnectedError
from tests.client._sync.calls import drained
from tests.support.interrupting import EVENTS, PLACE, Paused, interrupted
from tests.support.replay import SILENCE, Replay, ReplayServer, Response
from tests.support.samples import run_json

pytestmark = pytest.mark.anyio

QUICK = RetryPolicy(max_retries=3, initial=1e-6)


def opened(client: Client, **options: Any) -> Any:
    return client.runs.stream("t", "agent", stream_mode="values", **options)


def all_events(events: Any, paused: Paused, server: ReplayServer) -> list[Any]:
    """The data of all events; each is asked for in vain before it is there, and one also inside it."""
    found = []
    for number in range(3):
        interrupted(events, server)
        paused.switches[number].set()
        if number == 1:
            interrupted(events, server)
            interrupted(events, server)
            paused.switches[3].set()
        found.append((next(events)).data)
    with pytest.raises(StopIteration):
        next(events)
    return found


@pytest.mark.parametrize("resumable", [False, True])
@pytest.mark.parametrize("how", ["next(stream)", "iterator", "converted"])
def test_a_stream_goes_on_where_it_was_interrupted(how: str, resumable: bool, replay: Replay) -> None:
    paused = Paused()
    server = replay(paused)
    client = Client(server.url, state_type=str if how == "converted" else None)
    with client, opened(client, stream_resumable=resumable) as stream:
        events = iter(stream) if how == "iterator" else stream
        assert all_events(events, paused, server) == (["0", "1", "2"] if how == "converted" else [0, 1, 2])
        assert [event for event in stream] == []
    assert [request.path.rpartition("/")[2] for request in server.requests] == ["stream", "r"]
    assert server.accepted == 1


def test_a_second_loop_goes_on_where_the_first_was_interrupted(replay: Replay) -> None:
    paused = Paused()
    server = replay(paused)
    found = []
    with Client(server.url) as client, opened(client) as stream:
        paused.switches[0].set()
        found.append((next(stream)).data)
        interrupted(stream, server)
        for switch in paused.switches:
            switch.set()
        found += [event.data for event in stream]
    assert found == [0, 1, 2]


def test_through_another_transport_a_resumable_stream_resumes(replay: Replay) -> None:
    paused = Paused()
    server = replay(paused)
    with httpx.Client() as http_client:
        client = Client(server.url, http_client=http_client, max_retries=QUICK)
        with opened(client, stream_resumable=True) as stream:
            assert all_events(stream, paused, server) == [0, 1, 2]
    assert paused.creations == 1
    assert server.accepted > 1


def test_through_another_transport_any_other_raises_from_then_on(replay: Replay) -> None:
    paused = Paused()
    server = replay(paused)
    with httpx.Client() as http_client:
        stream = opened(Client(server.url, http_client=http_client))
        paused.switches[0].set()
        assert (next(stream)).data == 0
        interrupted(stream, server)
        for _ in range(2):
            with pytest.raises(StreamDisconnectedError, match="not started as resumable") as caught:
                next(stream)
        assert caught.value.run_id == "r"
    assert len(server.requests) == 1


def test_silence_is_noticed_though_each_wait_for_it_is_interrupted(replay: Replay) -> None:
    server = replay(Paused())
    with Client(server.url, idle_timeout=SILENCE) as client, opened(client) as stream:
        with pytest.raises(StreamDisconnectedError):
            while True:
                interrupted(stream, server)


def test_a_run_that_may_have_been_created_is_not_created_again(replay: Replay) -> None:
    server = replay(Response.none("silent"))
    with Client(server.url) as client:
        stream = opened(client)
        interrupted(stream, server)
        for _ in range(2):
            with pytest.raises(StreamDisconnectedError, match="may have been created"):
                next(stream)
    assert len(server.requests) == 1


def test_a_join_that_was_interrupted_is_sent_again(replay: Replay) -> None:
    server = replay([Response.none("silent"), Response.events(EVENTS), Response.json(run_json())])
    with Client(server.url) as client:
        stream = client.runs.join_stream("t", "r")
        interrupted(stream, server)
        assert [event.data for event in stream] == [0, 1, 2]


def test_asking_whether_the_run_has_ended_is_done_again(replay: Replay) -> None:
    server = replay([Response.events(EVENTS, PLACE), Response.none("silent"), Response.json(run_json())])
    with Client(server.url) as client:
        stream = opened(client)
        assert [(next(stream)).data for _ in range(3)] == [0, 1, 2]
        interrupted(stream, server, 2)
        with pytest.raises(StopIteration):
            next(stream)
    assert [request.method for request in server.requests] == ["POST", "GET", "GET"]


def test_a_reconnection_that_was_interrupted_is_made_again(replay: Replay) -> None:
    cut = Response.events([*EVENTS[:2], b"."], PLACE, fault="fin", fault_after=len(EVENTS[0]) + len(EVENTS[1]))
    rest = Response.events(EVENTS[1:])
    server = replay([cut, Response.none("silent"), Response.none("silent"), rest, Response.json(run_json())])
    with Client(server.url, max_retries=1) as client:
        stream = opened(client, stream_resumable=True)
        assert [(next(stream)).data for _ in range(2)] == [0, 1]
        interrupted(stream, server, 2)
        interrupted(stream, server, 3)
        assert [event.data for event in stream] == [2]
    assert [request.headers.get("last-event-id") for request in server.requests[1:4]] == ["0", "0", "0"]


def test_a_callback_that_fails_is_called_once_and_loses_nothing(replay: Replay) -> None:
    calls = []

    def fail(run: Any) -> None:
        calls.append(run)
        raise LookupError

    server = replay([Response.events(EVENTS, PLACE), Response.json(run_json())])
    with Client(server.url) as client:
        stream = opened(client, on_run_created=fail)
        with pytest.raises(LookupError):
            next(stream)
        assert [event.data for event in stream] == [0, 1, 2]
    assert len(calls) == 1


def test_a_list_goes_on_where_it_was_interrupted(replay: Replay) -> None:
    first = [run_json(run_id=str(number)) for number in range(100)]
    last = [run_json(run_id="100")]
    silent = Response.none("silent")
    # A page begins with the last run of the one before.
    pages = [Response.json(page) for page in (first, [first[-1], *last], last)]
    server = replay([silent, pages[0], silent, pages[1], silent, pages[2]])
    with Client(server.url) as client:
        runs = client.runs.iter("t")
        interrupted(runs, server, 1)
        found = [(next(runs)).run_id for _ in range(100)]
        interrupted(runs, server, 3)
        found.append((next(runs)).run_id)
        interrupted(runs, server, 5)
        found += [run.run_id for run in runs]
    assert found == [str(number) for number in range(101)]


def test_a_list_goes_on_after_a_page_that_could_not_be_fetched(replay: Replay) -> None:
    server = replay([Response.json({}, 404), Response.json([run_json()]), Response.json([])])
    with Client(server.url) as client:
        runs = client.runs.iter("t")
        with pytest.raises(NotFoundError):
            next(runs)
        assert len(drained(runs)) == 1
