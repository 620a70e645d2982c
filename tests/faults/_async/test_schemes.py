"""Every recorded resumable stream, cut at every byte, on servers with the recorded schemes of ids."""

import itertools
import random
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpx
import pytest

from langgraph_runs import AsyncClient, LangGraphError, RetryPolicy, RunFailedError, StreamDisconnectedError
from langgraph_runs._async import source
from tests.faults._async.wire import AsyncWire
from tests.support.recordings import Recording, load_recordings
from tests.support.samples import is_stream
from tests.support.scripted import KeptRun, Sending

pytestmark = pytest.mark.anyio

STREAMS = [r for r in load_recordings() if is_stream(r) and r.method == "POST"]
NUMBERED = [r for r in STREAMS if b"\nid: " in r.body]
# Every byte of all of them would take minutes. Of the larger ones of these, each face takes every other byte.
WHOLE = [r for r in NUMBERED if r.scenario == "stream_resumable" or len(r.body) < 1000]
LARGE = 5000
TURN = len(AsyncWire.__name__) % 2


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """On trio, what has no network leaves warnings of unfinished generators; the network's tests run there."""
    return "asyncio"


def named(recordings: Iterable[Recording]) -> pytest.MarkDecorator:
    """For a test of each of these."""
    return pytest.mark.parametrize("recording", recordings, ids=lambda recording: recording.name)


Outcome = tuple[list[tuple[str, Any, str | None]], type[LangGraphError] | None]
"""The events that were delivered, and the exception that ended them."""


async def outcome(stream: AsyncIterator[Any]) -> Outcome:
    events: list[tuple[str, Any, str | None]] = []
    try:
        async for event in stream:
            delivered = (event.event, event.data, event.id)
            events.append(delivered)
    except LangGraphError as error:
        return events, type(error)
    return events, None


class Bench:
    """A client whose requests go to whichever scripted server is in place."""

    def __init__(self, http_client: httpx.AsyncClient, wire: AsyncWire) -> None:
        patient = RetryPolicy(max_retries=8, initial=1e-6)
        self.client = AsyncClient("http://server", http_client=http_client, max_retries=patient)
        self.wire = wire

    async def streamed(self, server: KeptRun, *, resumable: bool = True) -> Outcome:
        """What comes of a run's stream."""
        self.wire.server = server
        return await outcome(self.client.runs.stream(server.thread_id, "agent", stream_resumable=resumable))

    async def joined(self, server: KeptRun, last_event_id: str) -> Outcome:
        """What comes of joining it."""
        self.wire.server = server
        return await outcome(self.client.runs.join_stream("t", "r", last_event_id=last_event_id))


@pytest.fixture(scope="module")
async def bench() -> AsyncIterator[Bench]:
    wire = AsyncWire(KeptRun.of(STREAMS[0]))
    async with httpx.AsyncClient(transport=wire) as http_client:
        yield Bench(http_client, wire)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for no run whose stream has ended though it goes on."""
    monkeypatch.setattr(source, "_SETTLING", 1e-6)


@named(WHOLE)
async def test_cut_at_every_byte_of_every_event(recording: Recording, bench: Bench) -> None:
    uncut = KeptRun.of(recording)
    expected = await bench.streamed(uncut)
    cuts: set[tuple[int, int]] = set()
    step = 1 if len(recording.body) < LARGE else 2
    for part in range(TURN % step, max(map(len, uncut.log)), step):
        server = KeptRun.of(recording, itertools.repeat(Sending(part=part), 200))
        assert await bench.streamed(server) == expected
        assert server.creations == 1
        cuts |= server.cuts
    # A client that was told of an error does not listen any more.
    assert cuts == {
        (number, at) for number in range(uncut.sent) for at in range(TURN % step, len(uncut.log[number]), step)
    }


@named(NUMBERED)
async def test_cut_while_live_events_come_twice(recording: Recording, bench: Bench) -> None:
    uncut = KeptRun.of(recording)
    expected = await bench.streamed(uncut)
    rng = random.Random(recording.name)
    longest = max(map(len, uncut.log))
    for _ in range(12):
        sendings = [Sending(part=rng.randrange(longest), repeats=rng.randrange(4)) for _ in range(200)]
        assert await bench.streamed(KeptRun.of(recording, sendings)) == expected


def boundaries(server: KeptRun) -> list[int]:
    """Where its events begin; of many, some."""
    begins = list(itertools.accumulate(map(len, server.log[: server.sent - 1]), initial=0))
    return begins if len(begins) < 40 else random.Random(server.recording.name).sample(begins, 15)


@named(NUMBERED)
async def test_cut_once_at_an_events_boundary_also_if_it_looks_like_an_end(recording: Recording, bench: Bench) -> None:
    uncut = KeptRun.of(recording)
    expected = await bench.streamed(uncut)
    for begin, by, clean in itertools.product(boundaries(uncut), (-1, 0, 1), (True, False)):
        server = KeptRun.of(recording, [Sending(at=max(0, begin + by), clean=clean)])
        assert await bench.streamed(server) == expected
        assert len(server.asked) == 1 + (uncut.thread_id is None)


@named(NUMBERED)
async def test_joined_after_each_id_and_cut(recording: Recording, bench: Bench) -> None:
    uncut = KeptRun.of(recording)
    events, error = await bench.streamed(uncut)
    rng = random.Random(recording.name)
    for last_event_id in ["-1", *{str(id): None for _, _, id in events[:: len(events) // 5 + 1]}]:
        after = max((n for n, event in enumerate(events, 1) if event[2] == last_event_id), default=0)
        server = KeptRun.of(recording, [Sending(part=rng.randrange(200)) for _ in range(200)])
        assert await bench.joined(server, last_event_id) == (events[after:], error)
        assert server.creations == 0


@named(NUMBERED)
async def test_handed_over_after_each_event(recording: Recording, bench: Bench) -> None:
    expected, failure = await bench.streamed(KeptRun.of(recording))
    server = bench.wire.server = KeptRun.of(recording)
    stream: Any = bench.client.runs.stream(server.thread_id, "agent", stream_resumable=True)
    events: list[tuple[str, Any, str | None]] = []
    error: type[LangGraphError] | None = None
    while (number := len(events)) < 1000:
        try:
            async for event in stream:
                delivered = (event.event, event.data, event.id)
                events.append(delivered)
                break
        except LangGraphError as raised:
            error = type(raised)
        await stream.aclose()
        if len(events) == number:
            break
        stream = bench.client.runs.join_stream("t", "r", last_event_id=stream.last_event_id)
    assert (events, error) == (expected, failure)
    assert server.creations == 1


@named(STREAMS)
async def test_not_resumable_and_cut_anywhere(recording: Recording, bench: Bench) -> None:
    uncut = KeptRun.of(recording)
    events, error = await bench.streamed(uncut, resumable=False)
    assert error in (None, RunFailedError)
    said = b"event: end" in uncut.log[-1] or error is not None
    assert uncut.checks == (not said and uncut.thread_id is not None)
    for begin, by, clean in itertools.product(boundaries(uncut), (0, 1, 20), (True, False)):
        if clean and by == 0 and uncut.thread_id is None:
            continue  # Nobody can be asked how it ended.
        server = KeptRun.of(recording, [Sending(at=begin + by, clean=clean)])
        got, error = await bench.streamed(server, resumable=False)
        assert (got, error) == (events[: len(got)], StreamDisconnectedError)
        assert len(got) == server.sent - bool(by)
        assert (server.creations, server.asked) == (1, [])
