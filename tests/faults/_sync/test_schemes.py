# Derived from tests/faults/_async/test_schemes.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Every recorded stream that can be resumed, cut at every byte, on servers that number events as the recorded ones do."""

import itertools
import random
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
import pytest
from tests.faults._sync.wire import Wire

from langgraph_runs import Client, LangGraphError, RetryPolicy, RunFailedError, StreamDisconnectedError
from langgraph_runs._sync import stream
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


def outcome(stream: Iterator[Any]) -> Outcome:
    events: list[tuple[str, Any, str | None]] = []
    try:
        for event in stream:
            events.append((event.event, event.data, event.id))
    except LangGraphError as error:
        return events, type(error)
    return events, None


class Bench:
    """A client whose requests go to whichever scripted server is in place."""

    def __init__(self, http_client: httpx.Client, wire: Wire) -> None:
        patient = RetryPolicy(max_retries=8, initial=1e-6)
        self.client = Client("http://server", http_client=http_client, max_retries=patient)
        self.wire = wire

    def streamed(self, server: KeptRun, *, resumable: bool = True) -> Outcome:
        """What comes of a run's stream."""
        self.wire.server = server
        return outcome(self.client.runs.stream(server.thread_id, "agent", stream_resumable=resumable))

    def joined(self, server: KeptRun, last_event_id: str) -> Outcome:
        """What comes of joining it."""
        self.wire.server = server
        return outcome(self.client.runs.join_stream("t", "r", last_event_id=last_event_id))


@pytest.fixture(scope="module")
def bench(anyio_backend: str) -> Iterator[Bench]:
    wire = Wire(KeptRun.of(STREAMS[0]))
    with httpx.Client(transport=wire) as http_client:
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
def test_cut_at_every_byte_of_every_event(recording: Recording, bench: Bench) -> None:
    expected = bench.streamed(KeptRun.of(recording))
    cuts: set[tuple[int, int]] = set()
    for part in parts(KeptRun.of(recording)):
        server = KeptRun.of(recording, itertools.repeat(Sending(part=part), 200))
        assert bench.streamed(server) == expected
        assert server.creations == 1
        cuts |= server.cuts
    if len(recording.body) < LARGE:
        assert cuts == {(n, at) for n, block in enumerate(server.log) for at in range(len(block))}


@named(NUMBERED)
def test_cut_while_live_events_are_sent_again(recording: Recording, bench: Bench) -> None:
    expected = bench.streamed(KeptRun.of(recording))
    rng = random.Random(recording.name)
    for part in list(parts(KeptRun.of(recording)))[::5]:
        sendings = [Sending(part=part, repeats=rng.randrange(4)) for _ in range(200)]
        assert bench.streamed(KeptRun.of(recording, sendings)) == expected
