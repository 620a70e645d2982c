"""Resumable streams of the real server, cut everywhere and in every way: each event is delivered once and in order.

`LANGGRAPH_RUNS_SOAK=10000` makes it go on until so many cuts were made (`make soak`);
`LANGGRAPH_RUNS_SOAK_CLIENT=httpx` gives the clients an HTTP client of httpx's own.
"""

import contextlib
import itertools
import os
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_args

import anyio
import attrs
import httpx
import orjson
import pytest

from langgraph_runs import AsyncClient, AsyncRunStream, Client, RetryPolicy, RunStream
from tests.support.network import How, Request
from tests.support.proxy import Cut, FaultProxy

SOAK = int(os.environ.get("LANGGRAPH_RUNS_SOAK", "0"))
BY_HTTPX = os.environ.get("LANGGRAPH_RUNS_SOAK_CLIENT") == "httpx"
SHARES = 6  # the tests of random cuts: two, on three faces
HOWS: tuple[How, ...] = get_args(How)
# Cuts can follow each other without an event between them, and must not use up the patience.
PATIENT = RetryPolicy(max_retries=50, initial=0.05, maximum=0.2)
IDLE = 0.5
# A run that was created is not created again, however long a busy machine takes to say so.
IDLE_LIVE = 2.0
# Seconds for the streams that are read at once; only what hangs takes as long.
BOUND = 240
# At most ten runs are running on the server at once.
AT_ONCE = 24

Sent = tuple[str, Any, str | None]
"""An event's name, data and id."""


@attrs.frozen
class Opened:
    """How a stream is opened, with a Client or an AsyncClient, and where its connections are cut."""

    open: Callable[[Any], Any]
    cuts: list[Cut]

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Says of an exception at which cuts it came."""
        try:
            yield
        except Exception as error:
            error.add_note(f"with {self.cuts}")
            raise


class Cuts:
    """The cuts of a proxy: each stream, identified by a header, has its own, one for each request for events."""

    def __init__(self) -> None:
        self._left: list[Iterator[Cut]] = []

    def of_a_stream(self, cuts: Iterable[Cut]) -> dict[str, str]:
        """Plans the cuts of a new stream, and gives the headers that its requests must have."""
        self._left.append(iter(cuts))
        return {"x-stream": str(len(self._left) - 1)}

    def __call__(self, request: Request) -> Cut | None:
        if not request.path.endswith("/stream"):
            return None
        return next(self._left[int(request.headers["x-stream"])], None)


@attrs.define
class Bench:
    """The proxy in front of the server, and what came of the streams through it."""

    cuts: Cuts
    proxy: FaultProxy
    direct: httpx.Client
    totals: Counter[str] = attrs.field(factory=Counter)
    failures: list[str] = attrs.field(factory=list)
    _replays: dict[tuple[str | None, str | None], list[Sent]] = attrs.field(factory=dict)

    def judge(self, got: list[Sent], wanted: list[Sent], cuts: list[Cut]) -> None:
        """Compares what was delivered with the server's own replay."""
        assert wanted
        if got != wanted:
            self.failures.append(f"with {cuts} came {got} instead of {wanted}")
        have, want = Counter(map(repr, got)), Counter(map(repr, wanted))
        lost, doubled = (want - have).total(), (have - want).total()
        self.totals.update(streams=1, lost=lost, doubled=doubled, disordered=not (lost or doubled) and got != wanted)

    def replay(self, thread_id: str | None, run_id: str | None) -> list[Sent]:
        """All events of a run that has ended, as the server tells them to somebody who joins it from its start."""
        if (thread_id, run_id) not in self._replays:
            url = f"/threads/{thread_id}/runs/{run_id}/stream"
            answer = self.direct.get(url, headers={"last-event-id": "-1"}).raise_for_status()
            blocks = answer.content.decode().split("\r\n\r\n")
            self._replays[thread_id, run_id] = [_event(block) for block in blocks if "data: " in block]
        return self._replays[thread_id, run_id]


def _event(block: str) -> Sent:
    fields = dict(line.split(": ", 1) for line in block.split("\r\n"))
    return fields["event"], orjson.loads(fields["data"]), fields.get("id")


@pytest.fixture(scope="module")
def bench(server_url: str) -> Iterator[Bench]:
    cuts = Cuts()
    with FaultProxy(server_url, cuts) as proxy, httpx.Client(base_url=server_url, timeout=60) as direct:
        yield Bench(cuts, proxy, direct)


@pytest.fixture
def clean(bench: Bench, record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Fails a test of whose streams one was not delivered exactly once. The figures are summed up after all tests."""
    before, cuts = bench.totals.copy(), bench.proxy.cuts
    yield
    record_property("delivery", {**(bench.totals - before), "cuts": bench.proxy.cuts - cuts})
    failures, bench.failures = bench.failures, []
    assert not failures, "\n".join(failures)


pytestmark = pytest.mark.usefixtures("clean")

Delivered = tuple[list[Sent], str | None, str | None, list[Cut]]
"""The events of a stream, its thread, its run, and its cuts."""


def run_sync(bench: Bench, streams: Iterable[Opened], idle: float = IDLE) -> None:
    """Reads streams to their ends, several at once, by a synchronous client; judges them."""
    url = bench.proxy.url
    with (
        httpx.Client() as own,
        Client(
            url, max_retries=PATIENT, idle_timeout=idle, timeout=BOUND, http_client=own if BY_HTTPX else None
        ) as client,
        ThreadPoolExecutor(AT_ONCE // 2) as threads,
    ):

        def read(opened: Opened) -> Delivered:
            with opened.explained():
                stream: RunStream[Any] = opened.open(client)
                return [(e.event, e.data, e.id) for e in stream], stream.thread_id, stream.run_id, opened.cuts

        for got, thread_id, run_id, cuts in threads.map(read, streams):
            bench.judge(got, bench.replay(thread_id, run_id), cuts)


async def run_async(bench: Bench, streams: Iterable[Opened], idle: float = IDLE) -> None:
    """The same by an asynchronous client."""
    url = bench.proxy.url
    ended: list[Delivered] = []
    limiter = anyio.CapacityLimiter(AT_ONCE)

    async def read(client: AsyncClient, opened: Opened) -> None:
        async with limiter:
            with opened.explained():
                stream: AsyncRunStream[Any] = opened.open(client)
                got = [(e.event, e.data, e.id) async for e in stream]
            ended.append((got, stream.thread_id, stream.run_id, opened.cuts))

    with anyio.fail_after(BOUND + SOAK):
        async with (
            httpx.AsyncClient() as own,
            AsyncClient(
                url, max_retries=PATIENT, idle_timeout=idle, timeout=BOUND, http_client=own if BY_HTTPX else None
            ) as client,
            anyio.create_task_group() as tasks,
        ):
            for opened in streams:
                tasks.start_soon(read, client, opened)
    for got, thread_id, run_id, cuts in ended:
        bench.judge(got, bench.replay(thread_id, run_id), cuts)


# --- a run that has ended, joined from its start ---


@attrs.frozen
class Ended:
    """A resumable run that has ended."""

    thread_id: str
    run_id: str
    wire: int

    def cut(self, bench: Bench, cuts: list[Cut]) -> Opened:
        """Joins it from its start, with these cuts on the way."""
        headers = bench.cuts.of_a_stream(cuts)
        options: Any = {"last_event_id": "-1", "headers": headers}
        return Opened(lambda client: client.runs.join_stream(self.thread_id, self.run_id, **options), cuts)


def ended(server_url: str, **options: Any) -> Ended:
    with Client(server_url) as client:
        run = client.runs.create(str(uuid.uuid4()), "agent", if_not_exists="create", stream_resumable=True, **options)
        client.runs.join(run.thread_id, run.run_id)
    url = f"{server_url}/threads/{run.thread_id}/runs/{run.run_id}/stream"
    with httpx.stream("GET", url, headers={"last-event-id": "-1"}) as answer:
        pieces = list(answer.iter_raw())
    # Each piece is a chunk: its size in hexadecimal and two line ends come on top.
    wire = sum(len(piece) + len(f"{len(piece):x}") + 4 for piece in pieces) + len("0\r\n\r\n")
    return Ended(run.thread_id, run.run_id, wire)


@pytest.fixture(scope="module")
def short(server_url: str) -> Ended:
    return ended(server_url, input={"tokens": 1, "burst": 2}, stream_mode="custom")


@pytest.fixture(scope="module")
def long(server_url: str) -> Ended:
    modes = ["values", "updates", "custom", "messages-tuple"]
    return ended(server_url, input={"tokens": 200, "burst": 30, "text": "one two three"}, stream_mode=modes)


def at_every_byte(bench: Bench, short: Ended, turn: int, step: int = 1) -> list[Opened]:
    body = range(turn % step, short.wire + 1, step)
    head = range(turn % step, 400, 8 * step)
    return [
        *(short.cut(bench, [Cut(at, HOWS[(at // step + turn) % 3])]) for at in body),
        *(short.cut(bench, [Cut(at, HOWS[(at // step // 8 + turn) % 3], of="answer")]) for at in head),
    ]


def test_at_every_byte_of_a_short_stream(bench: Bench, short: Ended) -> None:
    run_sync(bench, at_every_byte(bench, short, turn=0))


@pytest.mark.anyio
async def test_at_every_byte_of_a_short_stream_async(bench: Bench, short: Ended, anyio_backend: str) -> None:
    if anyio_backend == "asyncio":
        await run_async(bench, at_every_byte(bench, short, turn=1))
    else:
        await run_async(bench, at_every_byte(bench, short, turn=2, step=4))


def at_random(rng: random.Random, wire: int) -> list[Cut]:
    """Up to ten cuts; each somewhere in what may be left of a stream."""
    cuts = []
    for _ in range(rng.choice([1, 1, 2, 3, 5, 10])):
        cuts.append(Cut(rng.randrange(wire), rng.choice(HOWS), of=rng.choice(["body", "body", "body", "answer"])))
        wire = max(1000, int(wire * rng.random()))
    return cuts


def rounds(bench: Bench, name: str) -> Iterator[random.Random]:
    """One round of a test; in a soak, enough rounds for its share of the cuts. Each has its own seed."""
    before = bench.proxy.cuts
    for number in itertools.count():
        yield random.Random(f"{name} {number}")
        if bench.proxy.cuts - before >= SOAK / SHARES:
            return


def of_a_long_one(bench: Bench, long: Ended, rng: random.Random) -> list[Opened]:
    return [long.cut(bench, at_random(rng, long.wire)) for _ in range(30)]


def test_at_random_bytes_of_a_long_stream(bench: Bench, long: Ended) -> None:
    for rng in rounds(bench, "long"):
        run_sync(bench, of_a_long_one(bench, long, rng))


@pytest.mark.anyio
async def test_at_random_bytes_of_a_long_stream_async(bench: Bench, long: Ended, anyio_backend: str) -> None:
    for rng in rounds(bench, f"long {anyio_backend}"):
        await run_async(bench, of_a_long_one(bench, long, rng))


# --- runs that are going on ---

# Not `messages`: the server does not keep these events.
MODES = ["values", "updates", "custom", "messages-tuple", "debug", "tasks", "checkpoints", "events"]


def live(bench: Bench, rng: random.Random) -> Opened:
    """Starts a run and streams it, in one of the ways there are, with up to ten cuts while it is going on."""
    slow = rng.random() < 0.3
    input = {
        "tokens": rng.randrange(10, 60) if slow else rng.randrange(10, 300),
        "sleep": rng.choice([0.001, 0.01]) if slow else None,
        "burst": rng.choice([0, 0, 10, 50]),
        "size": rng.choice([0, 0, 1000, 200_000]),
        "text": rng.choice(["", "one two three"]),
    }
    modes = rng.sample(MODES, rng.randrange(1, 5))
    subgraphs = rng.random() < 0.5
    # Where the first cut must leave the head of the answer whole: without it nobody knows where the run is.
    first = Cut(rng.randrange(2000), rng.choice(HOWS))
    cuts = [first, *at_random(rng, rng.choice([500, 5000, 50_000]))][:10]
    thread_id = rng.choice([str(uuid.UUID(int=rng.getrandbits(128))), None])
    options: Any = {
        "input": input,
        "stream_mode": modes,
        "stream_subgraphs": subgraphs,
        "stream_resumable": True,
        "if_not_exists": None if thread_id is None else "create",
        "headers": bench.cuts.of_a_stream(cuts),
    }
    return Opened(lambda client: client.runs.stream(thread_id, "agent", **options), cuts)


def of_live_ones(bench: Bench, rng: random.Random) -> list[Opened]:
    return [live(bench, rng) for _ in range(25)]


def test_while_runs_are_going_on(bench: Bench) -> None:
    for rng in rounds(bench, "live"):
        run_sync(bench, of_live_ones(bench, rng), IDLE_LIVE)


@pytest.mark.anyio
async def test_while_runs_are_going_on_async(bench: Bench, anyio_backend: str) -> None:
    for rng in rounds(bench, f"live {anyio_backend}"):
        await run_async(bench, of_live_ones(bench, rng), IDLE_LIVE)
