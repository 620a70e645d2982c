# Derived from tests/client/_async/test_handover.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""A run that is followed from one process to the next, on a real server: nothing is lost, and nothing comes twice."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from packaging.version import Version

from langgraph_runs import Client, Event, MetadataEvent, Run, StreamDisconnectedError, StreamMode
from langgraph_runs._sansio.sse import SSEDecoder
from tests.client._sync.calls import drained
from tests.client._sync.server_runs import later, new_id, replay
from tests.support.network import How, Request
from tests.support.proxy import Cut, FaultProxy
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse

pytestmark = [
    pytest.mark.anyio,
    # Trio warns of the generators of httpx, which stay suspended where an answer is closed before its end.
    pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning"),
]

MODES: list[StreamMode] = ["values", "custom", "messages-tuple"]
HOWS: list[How] = ["fin", "rst"]
# Without pauses, many of the events share an id.
INPUT = {"tokens": 15, "burst": 10, "text": "one two three"}


def started(client: Client, **changes: Any) -> Run:
    arguments: dict[str, Any] = {"input": INPUT, "stream_mode": MODES, "stream_resumable": True, **changes}
    return client.runs.create(new_id(), "agent", if_not_exists="create", **arguments)


def test_a_replay_goes_on_after_every_event(client: Client) -> None:
    run = started(client)
    stream = client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")
    places = [(event, stream.last_event_id) for event in stream]
    every = [event for event, _ in places]
    for number, (_, place) in enumerate(places, 1):
        assert place is not None
        assert place.isascii()
        assert place.isprintable()
        stream = client.runs.join_stream(run.thread_id, run.run_id, last_event_id=place)
        again = [(event, stream.last_event_id) for event in stream]
        assert [event for event, _ in again] == every[number:]
        # What this one hands out is as good.
        for later_number, (_, later_place) in list(enumerate(again, number + 1))[:: len(every) // 3]:
            assert replay(client, run.thread_id, run.run_id, later_place) == every[later_number:]


@pytest.mark.parametrize("modes", [None, MODES])
def test_a_run_goes_on_from_process_to_process(client: Client, modes: list[StreamMode] | None) -> None:
    """Also if a join names the modes, for which the Python server leaves out the metadata."""
    thread_id, rng = new_id(), random.Random(1)
    stream: Any = client.runs.stream(
        thread_id,
        "agent",
        input={"tokens": 10, "sleep": 0.01, "burst": 20, "text": "one two three"},
        stream_mode=MODES,
        stream_resumable=True,
        if_not_exists="create",
    )
    events: list[Event] = []
    places = 0
    run_id = None
    while True:
        with stream:
            run_id = run_id or stream.run_id
            left = 1 if len(events) < 3 else rng.randrange(4)
            for event in stream:
                events.append(event)
                if left == 0:
                    break
                left -= 1
            else:
                break
            place = stream.last_event_id
        places += 1
        stream = client.runs.join_stream(thread_id, run_id, stream_mode=modes, last_event_id=place)
    assert places > 10
    assert events == replay(client, thread_id, run_id)


def test_the_first_event_may_be_all_that_was_seen(client: Client) -> None:
    thread_id = new_id()
    arguments: Any = {"input": INPUT, "stream_mode": MODES, "stream_resumable": True, "if_not_exists": "create"}
    with client.runs.stream(thread_id, "agent", **arguments) as stream:
        assert isinstance(next(stream), MetadataEvent)
        run_id, place = str(stream.run_id), stream.last_event_id
    client.runs.join(thread_id, run_id)
    every = replay(client, thread_id, run_id)
    assert replay(client, thread_id, run_id, place) == every[1:]
    assert replay(client, thread_id, run_id, place, stream_mode=MODES) == every[1:]


def told_by_another_process(url: str, seed: str, run: Run, place: str) -> Any:
    """Each event that comes after that place, and where that process would go on after it."""
    script = """
import json, sys
from langgraph_runs import Client
url, thread_id, run_id, place = json.loads(sys.argv[1])
with Client(url) as client:
    stream = client.runs.join_stream(thread_id, run_id, last_event_id=place)
    print(json.dumps([((event.event, event.data), stream.last_event_id) for event in stream]))
"""
    arguments = json.dumps([url, run.thread_id, run.run_id, place])
    done = subprocess.run(
        [sys.executable, "-c", script, arguments],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_another_process_goes_on_whatever_its_hash_seed(client: Client, server_url: str) -> None:
    run = started(client)
    client.runs.join(run.thread_id, run.run_id)
    stream = client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")
    places: list[Any] = [[[event.event, event.data], stream.last_event_id] for event in stream]
    for number, seed in ((1, "1"), (len(places) // 3, "2"), (len(places) // 2, "3")):
        # The other one hands out the same strings, character for character.
        assert told_by_another_process(server_url, seed, run, places[number - 1][1]) == places[number:]


def test_a_stream_joined_late_goes_on(client: Client) -> None:
    run = started(client, input={"tokens": 30, "sleep": 0.02})
    with client.runs.join_stream(run.thread_id, run.run_id) as stream:
        seen = [next(stream) for _ in range(4)]
        place = stream.last_event_id
    rest = replay(client, run.thread_id, run.run_id, place)
    every = replay(client, run.thread_id, run.run_id)
    assert [*seen, *rest] == every[-len(seen) - len(rest) :]


def test_other_modes_are_refused(client: Client) -> None:
    run = started(client)
    stream = client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")
    found: list[tuple[str | None, ...]] = []
    every = drained(stream)
    with client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1") as stream:
        for number in range(1, len(every) + 1):
            next(stream)
            after: Any = client.runs.join_stream(
                run.thread_id, run.run_id, stream_mode="values", last_event_id=stream.last_event_id
            )
            try:
                assert drained(after) == [event for event in every[number:] if event.event == "values"]
            except StreamDisconnectedError as error:
                found.append((after.last_event_id, error.last_event_id, stream.last_event_id))
    assert len(found) > 10
    assert all(len({*places}) == 1 for places in found)  # one may try again, with the right modes


# --- nothing to replay ---


@pytest.mark.parametrize("modes", [None, MODES])
def test_events_that_were_not_kept_cannot_be_replayed(
    client: Client, modes: list[StreamMode] | None, version: Version
) -> None:
    run = started(client, stream_resumable=False)
    client.runs.join(run.thread_id, run.run_id)
    for place in ("-1", "1795323641855-0") if version >= Version("0.6") else ():
        with pytest.raises(StreamDisconnectedError, match="stream_resumable"):
            replay(client, run.thread_id, run.run_id, place, stream_mode=modes)
    assert replay(client, run.thread_id, run.run_id, None) == []


def test_nor_while_the_run_is_going_on(client: Client, version: Version) -> None:
    run = started(client, stream_resumable=False, input={"tokens": 5, "sleep": 0.2})
    if version >= Version("0.6"):  # before, events that are not kept have ids too
        with pytest.raises(StreamDisconnectedError, match="no ids"):
            replay(client, run.thread_id, run.run_id)
    client.runs.join(run.thread_id, run.run_id)


def test_a_run_that_never_began_has_nothing_to_replay(client: Client) -> None:
    run = later(client, new_id(), stream_resumable=True)
    client.runs.cancel(run.thread_id, run.run_id)
    assert replay(client, run.thread_id, run.run_id) == []


def test_modes_of_which_nothing_came_have_nothing_to_replay(client: Client) -> None:
    run = started(client)
    assert replay(client, run.thread_id, run.run_id, stream_mode="debug") == []


# --- a relay ---


def relayed(url: str, thread_id: str, run_id: str, last_event_id: str) -> Iterator[bytes]:
    """A service's answer to a browser: the events of a run, each with the id to go on after it."""
    with Client(url) as client:
        stream = client.runs.join_stream(thread_id, run_id, last_event_id=last_event_id)
        for event in stream:
            data = json.dumps([event.event, event.data])
            yield f"id: {stream.last_event_id}\ndata: {data}\n\n".encode()
        yield b"event: done\ndata:\n\n"


def browsed(url: str) -> list[Any]:
    """What an EventSource makes of it: it reconnects with the last id that it has seen, whatever it is."""
    seen: list[Any] = []
    last_event_id, done = "", False
    with httpx.Client() as browser:
        while not done:
            decoder = SSEDecoder()
            try:
                with browser.stream("GET", url, headers={"last-event-id": last_event_id or "-1"}) as answer:
                    for chunk in answer.iter_bytes():
                        for name, data, id in decoder.feed(chunk):
                            done = done or name == "done"
                            last_event_id = id or last_event_id
                            seen += [] if name == "done" else [json.loads(bytes(data))]
            except httpx.TransportError:
                continue
    return seen


def seen_through_a_relay(url: str, thread_id: str, run_id: str, replay: Replay) -> list[Any]:
    relay = replay(lambda asked: Response.events(relayed(url, thread_id, run_id, asked.headers["last-event-id"])))
    rng = random.Random(1)
    with FaultProxy(relay.url, [Cut(rng.randrange(600), rng.choice(HOWS)) for _ in range(12)]) as proxy:
        seen = browsed(proxy.url)
    assert proxy.cuts > 5
    return seen


def test_a_browser_behind_a_relay_gets_each_event_once_though_all_share_their_ids(replay: Replay) -> None:
    log = [(f"{1795323641000 + i // 6}-0", sse("custom", i, f"{1795323641000 + i // 6}-0")) for i in range(60)]

    def answer(request: Request) -> Response:
        if not request.path.endswith("/stream"):
            return Response.json(run_json(status="success"))
        return Response.events([event for id, event in log if id > request.headers["last-event-id"]])

    assert seen_through_a_relay(replay(answer).url, "t", "r", replay) == [["custom", i] for i in range(60)]


@pytest.mark.parametrize("sleep", [None, 0.01])
def test_a_browser_behind_a_relay_gets_each_event_once(
    client: Client, server_url: str, replay: Replay, sleep: float | None
) -> None:
    run = started(client, input={**INPUT, "sleep": sleep})
    seen = seen_through_a_relay(server_url, run.thread_id, run.run_id, replay)
    stream = client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")
    assert seen == [[event.event, event.data] for event in stream]
