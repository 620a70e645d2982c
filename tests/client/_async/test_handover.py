"""A run that is followed from one process to the next, on a real server: nothing is lost, and nothing comes twice."""

import json
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from packaging.version import Version

from langgraph_runs import AsyncClient, Event, MetadataEvent, Run, StreamDisconnectedError, StreamMode
from langgraph_runs._sansio.sse import SSEDecoder
from tests.client._async.calls import drained
from tests.client._async.server_runs import later, new_id, replay
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


async def started(client: AsyncClient, **changes: Any) -> Run:
    arguments: dict[str, Any] = {"input": INPUT, "stream_mode": MODES, "stream_resumable": True, **changes}
    return await client.runs.create(new_id(), "agent", if_not_exists="create", **arguments)


async def test_a_replay_goes_on_after_every_event(client: AsyncClient) -> None:
    run = await started(client)
    stream = client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")
    places = [(event, stream.last_event_id) async for event in stream]
    every = [event for event, _ in places]
    for number, (_, place) in enumerate(places, 1):
        assert place is not None
        assert place.isascii()
        assert place.isprintable()
        stream = client.runs.join_stream(run.thread_id, run.run_id, last_event_id=place)
        again = [(event, stream.last_event_id) async for event in stream]
        assert [event for event, _ in again] == every[number:]
        # What this one hands out is as good.
        for later_number, (_, later_place) in list(enumerate(again, number + 1))[:: len(every) // 3]:
            assert await replay(client, run.thread_id, run.run_id, later_place) == every[later_number:]


@pytest.mark.parametrize("modes", [None, MODES])
async def test_a_run_goes_on_from_process_to_process(client: AsyncClient, modes: list[StreamMode] | None) -> None:
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
        async with stream:
            run_id = run_id or stream.run_id
            left = 1 if len(events) < 3 else rng.randrange(4)
            async for event in stream:
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
    assert events == await replay(client, thread_id, run_id)


async def test_the_first_event_may_be_all_that_was_seen(client: AsyncClient) -> None:
    thread_id = new_id()
    arguments: Any = {"input": INPUT, "stream_mode": MODES, "stream_resumable": True, "if_not_exists": "create"}
    async with client.runs.stream(thread_id, "agent", **arguments) as stream:
        assert isinstance(await anext(stream), MetadataEvent)
        run_id, place = str(stream.run_id), stream.last_event_id
    await client.runs.join(thread_id, run_id)
    every = await replay(client, thread_id, run_id)
    assert await replay(client, thread_id, run_id, place) == every[1:]
    assert await replay(client, thread_id, run_id, place, stream_mode=MODES) == every[1:]


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


async def test_another_process_goes_on_whatever_its_hash_seed(client: AsyncClient, server_url: str) -> None:
    run = await started(client)
    await client.runs.join(run.thread_id, run.run_id)
    stream = client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")
    places: list[Any] = [[[event.event, event.data], stream.last_event_id] async for event in stream]
    for number, seed in ((1, "1"), (len(places) // 3, "2"), (len(places) // 2, "3")):
        # The other one hands out the same strings, character for character.
        assert told_by_another_process(server_url, seed, run, places[number - 1][1]) == places[number:]


async def test_a_stream_joined_late_goes_on(client: AsyncClient) -> None:
    run = await started(client, input={"tokens": 30, "sleep": 0.02})
    async with client.runs.join_stream(run.thread_id, run.run_id) as stream:
        seen = [await anext(stream) for _ in range(4)]
        place = stream.last_event_id
    rest = await replay(client, run.thread_id, run.run_id, place)
    every = await replay(client, run.thread_id, run.run_id)
    assert [*seen, *rest] == every[-len(seen) - len(rest) :]


async def test_other_modes_are_refused(client: AsyncClient) -> None:
    run = await started(client)
    stream = client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")
    found: list[tuple[str | None, ...]] = []
    every = await drained(stream)
    async with client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1") as stream:
        for number in range(1, len(every) + 1):
            await anext(stream)
            after: Any = client.runs.join_stream(
                run.thread_id, run.run_id, stream_mode="values", last_event_id=stream.last_event_id
            )
            try:
                assert await drained(after) == [event for event in every[number:] if event.event == "values"]
            except StreamDisconnectedError as error:
                found.append((after.last_event_id, error.last_event_id, stream.last_event_id))
    assert len(found) > 10
    assert all(len({*places}) == 1 for places in found)  # one may try again, with the right modes


# --- nothing to replay ---


@pytest.mark.parametrize("modes", [None, MODES])
async def test_events_that_were_not_kept_cannot_be_replayed(
    client: AsyncClient, modes: list[StreamMode] | None, version: Version
) -> None:
    run = await started(client, stream_resumable=False)
    await client.runs.join(run.thread_id, run.run_id)
    for place in ("-1", "1795323641855-0") if version >= Version("0.6") else ():
        with pytest.raises(StreamDisconnectedError, match="stream_resumable"):
            await replay(client, run.thread_id, run.run_id, place, stream_mode=modes)
    assert await replay(client, run.thread_id, run.run_id, None) == []


async def test_nor_while_the_run_is_going_on(client: AsyncClient, version: Version) -> None:
    run = await started(client, stream_resumable=False, input={"tokens": 5, "sleep": 0.2})
    if version >= Version("0.6"):  # before, events that are not kept have ids too
        with pytest.raises(StreamDisconnectedError, match="no ids"):
            await replay(client, run.thread_id, run.run_id)
    await client.runs.join(run.thread_id, run.run_id)


async def test_a_run_that_never_began_has_nothing_to_replay(client: AsyncClient) -> None:
    run = await later(client, new_id(), stream_resumable=True)
    await client.runs.cancel(run.thread_id, run.run_id)
    assert await replay(client, run.thread_id, run.run_id) == []


async def test_modes_of_which_nothing_came_have_nothing_to_replay(client: AsyncClient) -> None:
    run = await started(client)
    assert await replay(client, run.thread_id, run.run_id, stream_mode="debug") == []


# --- a relay ---


async def relayed(url: str, thread_id: str, run_id: str, last_event_id: str) -> AsyncIterator[bytes]:
    """A service's answer to a browser: the events of a run, each with the id to go on after it."""
    async with AsyncClient(url) as client:
        stream = client.runs.join_stream(thread_id, run_id, last_event_id=last_event_id)
        async for event in stream:
            data = json.dumps([event.event, event.data])
            yield f"id: {stream.last_event_id}\ndata: {data}\n\n".encode()
        yield b"event: done\ndata:\n\n"


async def browsed(url: str) -> list[Any]:
    """What an EventSource makes of it: it reconnects with the last id that it has seen, whatever it is."""
    seen: list[Any] = []
    last_event_id, done = "", False
    async with httpx.AsyncClient() as browser:
        while not done:
            decoder = SSEDecoder()
            try:
                async with browser.stream("GET", url, headers={"last-event-id": last_event_id or "-1"}) as answer:
                    async for chunk in answer.aiter_bytes():
                        for name, data, id in decoder.feed(chunk):
                            done = done or name == "done"
                            last_event_id = id or last_event_id
                            seen += [] if name == "done" else [json.loads(bytes(data))]
            except httpx.TransportError:
                continue
    return seen


async def seen_through_a_relay(url: str, thread_id: str, run_id: str, replay: Replay) -> list[Any]:
    relay = replay(lambda asked: Response.events(relayed(url, thread_id, run_id, asked.headers["last-event-id"])))
    rng = random.Random(1)
    with FaultProxy(relay.url, [Cut(rng.randrange(600), rng.choice(HOWS)) for _ in range(12)]) as proxy:
        seen = await browsed(proxy.url)
    assert proxy.cuts > 5
    return seen


async def test_a_browser_behind_a_relay_gets_each_event_once_though_all_share_their_ids(replay: Replay) -> None:
    log = [(f"{1795323641000 + i // 6}-0", sse("custom", i, f"{1795323641000 + i // 6}-0")) for i in range(60)]

    def answer(request: Request) -> Response:
        if not request.path.endswith("/stream"):
            return Response.json(run_json(status="success"))
        return Response.events([event for id, event in log if id > request.headers["last-event-id"]])

    assert await seen_through_a_relay(replay(answer).url, "t", "r", replay) == [["custom", i] for i in range(60)]


@pytest.mark.parametrize("sleep", [None, 0.01])
async def test_a_browser_behind_a_relay_gets_each_event_once(
    client: AsyncClient, server_url: str, replay: Replay, sleep: float | None
) -> None:
    run = await started(client, input={**INPUT, "sleep": sleep})
    seen = await seen_through_a_relay(server_url, run.thread_id, run.run_id, replay)
    stream = client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")
    assert seen == [[event.event, event.data] async for event in stream]
