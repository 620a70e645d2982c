"""Every recorded stream that can be resumed, cut at every byte, on servers that number events as the recorded ones do."""

import itertools
import random
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpx
import pytest

from langgraph_runs._async import stream
from langgraph_runs import AsyncClient, LangGraphError, RetryPolicy, RunFailedError, StreamDisconnectedError
from tests.faults._async.wire import AsyncWire
from tests.support.recordings import Recording, load_recordings
from tests.support.samples import is_stream
from tests.support.scripted import KeptRun, Sending

pytestmark = pytest.mark.anyio

STREAMS = [r for r in load_recordings() if is_stream(r) and r.method == "POST"]
NUMBERED = [r for r in STREAMS if b"\nid: " in r.body]
# A cut at every byte of the largest ones would take minutes.
LARGE = 10_000


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
            events.append((event.event, event.data, event.id))
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
async def bench(anyio_backend: str) -> AsyncIterator[Bench]:
    wire = AsyncWire(KeptRun.of(STREAMS[0]))
    async with httpx.AsyncClient(transport=wire) as http_client:
        yield Bench(http_client, wire)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asks but once more for the status of a run whose stream has ended."""
    monkeypatch.setattr(stream, "_LOOKS", (1e-6,))


def parts(server: KeptRun) -> range:
    """How far into its events to cut a stream: every byte of the longest, unless there are too many."""
    longest = max(len(block) for block in server.log)
    return range(0, longest, 1 if len(server.recording.body) < LARGE else 61)


@named(NUMBERED)
async def test_cut_at_every_byte_of_every_event(recording: Recording, bench: Bench) -> None:
    expected = await bench.streamed(KeptRun.of(recording))
    cuts: set[tuple[int, int]] = set()
    for part in parts(KeptRun.of(recording)):
        server = KeptRun.of(recording, itertools.repeat(Sending(part=part), 200))
        assert await bench.streamed(server) == expected
        assert server.creations == 1
        cuts |= server.cuts
    if len(recording.body) < LARGE:
        assert cuts == {(n, at) for n, block in enumerate(server.log) for at in range(len(block))}


@named(NUMBERED)
async def test_cut_while_live_events_are_sent_again(recording: Recording, bench: Bench) -> None:
    expected = await bench.streamed(KeptRun.of(recording))
    rng = random.Random(recording.name)
    for part in list(parts(KeptRun.of(recording)))[::5]:
        sendings = [Sending(part=part, repeats=rng.randrange(4)) for _ in range(200)]
        assert await bench.streamed(KeptRun.of(recording, sendings)) == expected
