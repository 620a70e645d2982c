"""The rows of the table: what is measured, of whom, and what it must reach.

A row's work is a generator that runs in a process of its own for each reader. It gives a digest of what the reader read, by which the readers
are held against each other; then figures, each time it is asked again.
"""

import asyncio
import gc
import hashlib
import importlib.metadata
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import orjson
from packaging.requirements import Requirement

from benchmarks.memory import peak
from benchmarks.readers import (
    ASYNC,
    DECODERS,
    FAST,
    HTTPX,
    HTTPX_SSE,
    ORJSON,
    OURS,
    SDK,
    SOCKET,
    SYNC,
    Query,
)
from benchmarks.samples import events, payload

Figures = dict[str, float]
Work = Callable[[str, str, bool], Generator[Any, None, None]]

ROOT = Path(__file__).resolve().parent.parent
CLIENT = "langgraph-runs, Client"
_READ = 2**16
_MB = 2**20


@attrs.frozen
class Goal:
    """What a reader's figure must reach, as a ratio to another reader's in the same repetition, or by itself."""

    figure: str
    reader: str
    against: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    aim: float | None = None


@attrs.frozen
class Row:
    """One thing that is measured.

    Attributes:
        key: Its name on the command line.
        title: What is measured.
        figures: What each repetition gives, the main one first, and whether more of it is better.
        readers: Who is measured, in this order.
        work: Called with a reader's name, the server's URL, and whether this is only a quick try.
        goals: What must be reached.
        repetitions: How many, interleaved: each reader once, then all again.
        fresh: Whether each repetition needs a new process, because it is about memory.
        compared: Whether ratios of the figures say anything.
    """

    key: str
    title: str
    figures: dict[str, bool]
    readers: tuple[str, ...]
    work: Work
    goals: tuple[Goal, ...]
    repetitions: int = 15
    fresh: bool = False
    compared: bool = True


def _decode(
    reader: str, _url: str, quick: bool, *, kind: str, count: int, size: int = 0, event_a_read: bool = False
) -> Generator[Any, None, None]:
    wire = [*events(kind, max(2, count // 50) if quick else count, size)]
    decode, payloads = DECODERS[reader]
    if reader == ORJSON:
        reads = [payload(event) for event in wire]
    elif event_a_read:
        reads = wire
    else:
        body = b"".join(wire)
        reads = [body[start : start + _READ] for start in range(0, len(body), _READ)]
    yield _digest(payloads(decode(reads)))
    while True:
        with _measured() as spent:
            for _ in decode(reads):
                pass
        yield {"events/s": len(wire) / spent.cpu}


def _loopback_sync(reader: str, url: str, quick: bool) -> Generator[Any, None, None]:
    count = 400 if quick else 20_000
    query: Query = {"count": count}
    with closing(SYNC[reader](url)) as client:
        yield _digest(client.payloads(client.stream(query)))
        while True:
            with _measured() as spent:
                for _ in client.stream(query):
                    pass
            yield {"events/s": count / spent.wall, "events per CPU second": count / spent.cpu}


def _loopback_async(reader: str, url: str, quick: bool) -> Generator[Any, None, None]:
    count = 400 if quick else 20_000
    query: Query = {"count": count}
    with _running(reader, url) as (client, run):
        yield _digest(client.payloads(run(_all(client, query))))
        while True:
            with _measured() as spent:
                run(_iterate(client, query))
            yield {"events/s": count / spent.wall, "events per CPU second": count / spent.cpu}


def _fan_in(reader: str, url: str, quick: bool) -> Generator[Any, None, None]:
    streams, count = (5, 20) if quick else (500, 200)
    with _running(reader, url) as (client, run):
        yield _digest(client.payloads(run(_all(client, {"count": count}))))
        # At the pace of a model. Written as fast as the server can, event by event, they would cost each reader as much CPU as the
        # server takes time: the faster it is, the smaller its reads.
        query = {"count": count, "together": streams, "interval": 50}

        async def together() -> int:
            return sum(await asyncio.gather(*(_iterate(client, query) for _ in range(streams))))

        while True:
            with _measured() as spent:
                read = run(together())
            assert reader == HTTPX or read == streams * (count + 1)  # its bytes may come in more pieces
            yield {"CPU s": spent.cpu, "resident MB": peak() / _MB}


def _calls(reader: str, url: str, quick: bool, *, name: str) -> Generator[Any, None, None]:
    calls = 20 if quick else 400
    with closing(SYNC[reader](url)) as client:
        call = getattr(client, name)
        yield _digest([client.facts(call())])
        while True:
            with _measured() as spent:
                for _ in range(calls):
                    call()
            yield {"CPU µs a call": spent.cpu / calls * 1e6, "µs a call": spent.wall / calls * 1e6}


def _calls_together(reader: str, url: str, quick: bool, *, name: str) -> Generator[Any, None, None]:
    rounds, at_once = (2, 5) if quick else (10, 50)
    calls = rounds * at_once
    with _running(reader, url) as (client, run):
        call = getattr(client, name)

        async def one() -> Any:
            return await call()

        async def all_rounds() -> None:
            for _ in range(rounds):
                await asyncio.gather(*(call() for _ in range(at_once)))

        yield _digest([client.facts(run(one()))])
        run(all_rounds())  # makes the connections
        while True:
            with _measured() as spent:
                run(all_rounds())
            yield {"CPU µs a call": spent.cpu / calls * 1e6, "µs a call": spent.wall / calls * 1e6}


def _delay_sync(reader: str, url: str, quick: bool) -> Generator[Any, None, None]:
    with closing(SYNC[reader](url)) as client:
        yield _digest(client.payloads(client.stream({"count": 10})))
        while True:
            arrivals = [(time.perf_counter_ns(), item) for item in client.stream(_timed_query(quick))]
            yield _delays(client, arrivals)


def _delay_async(reader: str, url: str, quick: bool) -> Generator[Any, None, None]:
    with _running(reader, url) as (client, run):

        async def timed() -> list[tuple[int, Any]]:
            return [(time.perf_counter_ns(), item) async for item in client.stream(_timed_query(quick))]

        yield _digest(client.payloads(run(_all(client, {"count": 10}))))
        while True:
            yield _delays(client, run(timed()))


def _timed_query(quick: bool) -> Query:
    return {"count": 10 if quick else 100, "interval": 20}


def _delays(client: Any, arrivals: list[tuple[int, Any]]) -> Figures:
    # The first event is no token, and has no time in it.
    tokens = [*client.payloads(item for _, item in arrivals)][1:]
    times = [arrived for arrived, _ in arrivals][1:]
    delays = sorted((arrived - token[1]["sent"]) / 1000 for arrived, token in zip(times, tokens, strict=True))
    return {"median µs": statistics.median(delays), "p99 µs": delays[int(len(delays) * 0.99)]}


def _long_stream(reader: str, url: str, quick: bool) -> Generator[Any, None, None]:
    count = 2000 if quick else 1_000_000
    with closing(SYNC[reader](url)) as client:
        yield _digest(client.payloads(client.stream({"count": 100})))
        while True:
            read, early = 0, 0
            for _ in client.stream({"count": count}):
                read += 1
                if read == count // 10:
                    early = peak()
            assert read == count + 1
            yield {"growth in MB": (peak() - early) / _MB}


def _large_event(reader: str, url: str, quick: bool) -> Generator[Any, None, None]:
    size = 10**6 if quick else 10**8
    with closing(SYNC[reader](url)) as client:
        yield _digest(client.payloads(client.stream({"count": 2, "kind": "document", "size": 10**6})))
        while True:
            before = peak()
            stream = client.stream({"count": 1, "kind": "document", "size": size})
            received = sum(len(text) for data in client.payloads(stream) for text in data.get("documents", ()))
            assert received > size * 0.9
            yield {"peak / event": (peak() - before) / size}


_IMPORTS = {
    OURS: "import langgraph_runs",
    CLIENT: "from langgraph_runs import Client",
    SDK: "import langgraph_sdk",
    HTTPX_SSE: "import httpx_sse",
    HTTPX: "import httpx",
}


def _import(reader: str, _url: str, _quick: bool) -> Generator[Any, None, None]:
    # What this environment may have installed for other reasons, and httpx would load: none of the clients brings it.
    hidden = "import sys; sys.modules.update(click=None, rich=None, trio=None)"
    measured = (
        f"{hidden}; import time; start = time.process_time(); {_IMPORTS[reader]}; print(time.process_time() - start)"
    )
    script = f"{measured}; from benchmarks.memory import peak; print(peak())"
    with tempfile.TemporaryDirectory() as compiled:
        # Compiled modules are there, as they are of what is installed.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        run = partial(
            subprocess.run,
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**environment, "PYTHONPYCACHEPREFIX": compiled},
            check=True,
            capture_output=True,
            text=True,
        )
        run()
        yield ""
        while True:
            seconds, resident = run().stdout.split()
            yield {"CPU ms": float(seconds) * 1000, "resident MB": int(resident) / _MB}


def _installed(reader: str, _url: str, _quick: bool) -> Generator[Any, None, None]:
    if reader == SDK:
        found: dict[str, int] = {}
        _add_closure(SDK, found)
    else:
        # Not by the metadata of this project, which may be installed as a link to the tree, or not at all.
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        required = [*project["dependencies"]]
        if reader == FAST:
            required += project["optional-dependencies"]["fast"]
        own = [ROOT / "langgraph_runs", ROOT / "generated" / "langgraph_runs_api"]
        found = {OURS: sum(path.stat().st_size for folder in own for path in folder.rglob("*.py*") if _is_of_us(path))}
        _add_required(required, found, extra="")
    yield ""
    while True:
        yield {"packages": float(len(found)), "MB": sum(found.values()) / _MB}


def _is_of_us(path: Path) -> bool:
    """Whether this version of Python would have it, compiled modules included."""
    return path.is_file() and (path.suffix != ".pyc" or sys.implementation.cache_tag in path.name)


def _add_closure(name: str, found: dict[str, int], extras: Iterable[str] = ("",)) -> None:
    distribution = importlib.metadata.distribution(name)
    if name not in found:
        paths = [Path(str(file.locate())) for file in distribution.files or ()]
        found[name] = sum(path.stat().st_size for path in paths if path.is_file())
    for extra in extras:
        _add_required(distribution.requires or (), found, extra)


def _add_required(requirements: Iterable[str], found: dict[str, int], extra: str) -> None:
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            name = requirement.name.lower().replace("_", "-").replace(".", "-")
            if name not in found or requirement.extras:
                _add_closure(name, found, {"", *requirement.extras})


@attrs.define
class _Spent:
    cpu: float = 0.0
    wall: float = 0.0


@contextmanager
def _measured() -> Iterator[_Spent]:
    spent = _Spent()
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    yield spent
    spent.cpu, spent.wall = time.process_time() - cpu, time.perf_counter() - wall


@contextmanager
def _running(reader: str, url: str) -> Iterator[tuple[Any, Callable[[Coroutine[Any, Any, Any]], Any]]]:
    async def make() -> Any:
        return ASYNC[reader](url)

    with asyncio.Runner() as runner:
        client = runner.run(make())
        yield client, runner.run
        runner.run(client.aclose())


async def _iterate(client: Any, query: Query) -> int:
    count = 0
    async for _ in client.stream(query):
        count += 1
    return count


async def _all(client: Any, query: Query) -> list[Any]:
    return [item async for item in client.stream(query)]


def _digest(payloads: Iterable[Any]) -> str:
    seen = hashlib.sha256()
    count = 0
    for data in payloads:
        seen.update(orjson.dumps(data, option=orjson.OPT_SORT_KEYS))
        count += 1
    return f"{count} {seen.hexdigest()}"


def _decoding(key: str, title: str, goals: tuple[tuple[float, float | None], float | None], **what: Any) -> Row:
    (to_sdk, aim), to_orjson = goals
    wanted = [Goal("events/s", OURS, SDK, at_least=to_sdk, aim=aim)]
    if to_orjson is not None:
        wanted.append(Goal("events/s", OURS, ORJSON, at_least=to_orjson))
    work = partial(_decode, **what)
    return Row(key, title, {"events/s": True}, (OURS, SDK, HTTPX_SSE, ORJSON), work, tuple(wanted))


def _streaming(key: str, title: str, work: Work, fast: float) -> Row:
    figures = {"events/s": True, "events per CPU second": True}
    goals = (
        Goal("events/s", OURS, SDK, at_least=1.7, aim=2),
        Goal("events/s", OURS, HTTPX, at_least=0.8),
        Goal("events/s", FAST, SDK, at_least=fast, aim=10),
    )
    return Row(key, title, figures, (OURS, FAST, SDK, HTTPX_SSE, HTTPX, SOCKET), work, goals)


def _calling(key: str, title: str, work: Work) -> Row:
    figures = {"CPU µs a call": False, "µs a call": False}
    goals = (Goal("CPU µs a call", OURS, SDK, at_most=0.85), Goal("CPU µs a call", FAST, SDK, at_most=0.5))
    return Row(key, title, figures, (OURS, FAST, SDK, HTTPX), work, goals)


def _delaying(key: str, title: str, work: Work) -> Row:
    goals = tuple(Goal("median µs", reader, HTTPX, at_most=1) for reader in (OURS, FAST))
    figures = {"median µs": False, "p99 µs": False}
    return Row(key, title, figures, (OURS, FAST, SDK, HTTPX_SSE, HTTPX), work, goals, repetitions=5)


ROWS = (
    _decoding("decode", "decode token events, 64 KiB reads", ((2, 3), 0.5), kind="token", count=20_000),
    _decoding(
        "decode-single",
        "decode token events, one a read",
        ((2, None), None),
        kind="token",
        count=20_000,
        event_a_read=True,
    ),
    _decoding("decode-20k", "decode events of 20 KB", ((1.2, None), 0.6), kind="values", count=800, size=20_000),
    _decoding("decode-1m", "decode events of 1 MB", ((1, None), 0.6), kind="values", count=16, size=10**6),
    _streaming("stream-sync", "whole stream, sync", _loopback_sync, fast=3.5),
    _streaming("stream-async", "whole stream, async", _loopback_async, fast=5),
    Row(
        "fan-in",
        "500 async streams of 200 events, one every 50 ms",
        {"CPU s": False, "resident MB": False},
        (OURS, FAST, SDK, HTTPX_SSE, HTTPX),
        _fan_in,
        (
            Goal("CPU s", OURS, SDK, at_most=0.6),
            Goal("CPU s", FAST, SDK, at_most=0.3),
            Goal("resident MB", OURS, SDK, at_most=1),
            Goal("resident MB", FAST, SDK, at_most=1),
        ),
        repetitions=3,
        fresh=True,
    ),
    _calling("get", "get, one after another", partial(_calls, name="get")),
    _calling("create", "create, one after another", partial(_calls, name="create")),
    _calling("get-50", "get, 50 at a time", partial(_calls_together, name="get")),
    _calling("create-50", "create, 50 at a time", partial(_calls_together, name="create")),
    _delaying("delay-sync", "added delay, an event every 20 ms, sync", _delay_sync),
    _delaying("delay-async", "added delay, an event every 20 ms, async", _delay_async),
    Row(
        "memory-long",
        "stream of 1,000,000 events: growth after the first tenth",
        {"growth in MB": False},
        (OURS, FAST, SDK, HTTPX_SSE),
        _long_stream,
        # What the allocator may do on its own.
        (Goal("growth in MB", OURS, at_most=1), Goal("growth in MB", FAST, at_most=1)),
        repetitions=1,
        fresh=True,
        compared=False,
    ),
    Row(
        "memory-large",
        "one event of 100 MB",
        {"peak / event": False},
        (OURS, FAST, SDK, HTTPX_SSE),
        _large_event,
        (Goal("peak / event", OURS, at_most=3), Goal("peak / event", FAST, at_most=3)),
        repetitions=3,
        fresh=True,
    ),
    Row(
        "import",
        "import",
        {"CPU ms": False, "resident MB": False},
        (OURS, CLIENT, SDK, HTTPX_SSE, HTTPX),
        _import,
        (Goal("CPU ms", OURS, HTTPX, at_most=1.3),),
        repetitions=11,
    ),
    Row(
        "install",
        "installed",
        {"packages": False, "MB": False},
        (OURS, FAST, SDK),
        _installed,
        (Goal("packages", OURS, at_most=15), Goal("MB", OURS, at_most=25)),
        repetitions=1,
    ),
)
