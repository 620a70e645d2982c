"""What the rows measure.

A measure is a generator that runs in a process of its own for each reader. It first yields a digest of what the reader
read, to be compared with those of the other readers, and then the figures of a repetition each time it is resumed.
"""

import asyncio
import gc
import hashlib
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import attrs
import orjson

from benchmarks.readers import ASYNC, DECODERS, HTTPX, ORJSON, OURS, SDK, SYNC, Query
from benchmarks.samples import events, payload
from benchmarks.server import OPEN_FILES, allow_open_files

Figures = dict[str, float]
Measure = Generator[str | Figures, None, None]

ROOT = Path(__file__).resolve().parent.parent
DEPENDENCIES = "its dependencies and asyncio"
_READ = 2**16
_MB = 2**20


class UnavailableError(Exception):
    """This machine or environment lacks what a measure needs."""


@attrs.frozen
class Setting:
    """What a measure needs to know.

    Attributes:
        url: The canned server's.
        folder: For files that the measures of one run share.
        quick: Whether this only tries out that everything works.
    """

    url: str
    folder: str
    quick: bool


def decoding(reader: str, setting: Setting, *, kind: str, count: int, size: int = 0) -> Measure:
    """Events decoded from reads of 64 KiB in memory."""
    wire = [*events(kind, max(2, count // 50) if setting.quick else count, size)]
    decode, payloads = DECODERS[reader]
    body = b"".join(wire)
    reads = [body[start : start + _READ] for start in range(0, len(body), _READ)]
    if reader == ORJSON:
        reads = [payload(event) for event in wire]
    yield _digest(payloads(decode(reads)))
    while True:
        with _measured() as spent:
            for _ in decode(reads):
                pass
        yield {"events per CPU second": len(wire) / spent.cpu}


def whole_stream(reader: str, setting: Setting) -> Measure:
    """A stream as fast as it goes, sync."""
    query: Query = {"count": 400 if setting.quick else 20_000}
    with closing(SYNC[reader](setting.url)) as client:
        yield _digest(client.payloads(client.stream(query)))
        while True:
            with _measured() as spent:
                for _ in client.stream(query):
                    pass
            yield _speed(spent, query["count"])


def whole_stream_async(reader: str, setting: Setting) -> Measure:
    """The same, async."""
    query: Query = {"count": 400 if setting.quick else 20_000}
    with _running(reader, setting.url) as (client, run):
        yield _digest(client.payloads(run(_all(client, query))))
        while True:
            with _measured() as spent:
                run(_iterate(client, query))
            yield _speed(spent, query["count"])


def fan_in(reader: str, setting: Setting) -> Measure:
    """Many streams at once at a model's pace, connecting included."""
    streams, count = (5, 20) if setting.quick else (500, 200)
    query = {"count": count, "together": streams, "interval": 50}
    with _running(reader, setting.url) as (client, run):
        yield _digest(client.payloads(run(_all(client, {"count": count}))))

        async def together() -> int:
            return sum(await asyncio.gather(*(_iterate(client, query) for _ in range(streams))))

        while True:
            with _measured() as spent:
                read = run(together())
            assert reader == HTTPX or read == streams * (count + 1)  # httpx's chunks may be parts of events
            yield {"CPU s": spent.cpu, "resident MB": peak() / _MB}


def open_streams(
    reader: str, setting: Setting, *, streams: int, count: int, interval: int, ids: bool = False
) -> Measure:
    """CPU an event while many streams are open, without connecting and the first and last event of each stream."""
    if not allow_open_files(OPEN_FILES):
        raise UnavailableError(f"{OPEN_FILES} open files are not allowed here")
    if setting.quick:
        streams, count, interval = min(streams, 10), 10, 20
    options: Query = {"ids": 1, "kind": "token-ids"} if ids else {}
    query = {"count": count, "together": streams, "interval": interval, "spread": 1, **options}
    with _running(reader, setting.url) as (client, run):
        yield _digest(client.payloads(run(_all(client, {"count": 10, **options}))))
        while True:
            seconds: float = run(_cpu_an_event(client, streams, query))
            yield {"CPU µs an event": seconds * 1e6}


async def _cpu_an_event(client: Any, streams: int, query: Query) -> float:
    # Each stream begins with a metadata event. The server sends the others once all streams are open.
    first, last = 2 * streams, streams * int(query["count"])
    seen, start, end = 0, 0.0, 0.0

    async def follow() -> None:
        nonlocal seen, start, end
        async for _ in client.stream(query):
            seen += 1
            if seen == first:
                start = time.process_time()
            elif seen == last:
                end = time.process_time()

    async with asyncio.TaskGroup() as group:
        for number in range(streams):
            group.create_task(follow())
            if number % 100 == 0:
                await asyncio.sleep(0.1)  # not all connections at once
    assert seen == last + streams
    return (end - start) / (last - first)


def calls(reader: str, setting: Setting, *, name: str) -> Measure:
    """Short calls, one after another."""
    number = 20 if setting.quick else 400
    with closing(SYNC[reader](setting.url)) as client:
        call = getattr(client, name)
        yield _digest([client.facts(call())])
        while True:
            with _measured() as spent:
                for _ in range(number):
                    call()
            yield {"CPU µs a call": spent.cpu / number * 1e6, "µs a call": spent.wall / number * 1e6}


def calls_at_once(reader: str, setting: Setting, *, name: str) -> Measure:
    """Short calls, 50 at a time."""
    rounds, at_once = (2, 5) if setting.quick else (10, 50)
    number = rounds * at_once
    with _running(reader, setting.url) as (client, run):
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
            yield {"CPU µs a call": spent.cpu / number * 1e6, "µs a call": spent.wall / number * 1e6}


def delay(reader: str, setting: Setting) -> Measure:
    """How long after it was sent an event arrives, sync."""
    with closing(SYNC[reader](setting.url)) as client:
        yield _digest(client.payloads(client.stream({"count": 10})))
        while True:
            query = _timed_query(quick=setting.quick)
            yield _delays(client, [(time.perf_counter_ns(), item) for item in client.stream(query)])


def delay_async(reader: str, setting: Setting) -> Measure:
    """The same, async."""
    with _running(reader, setting.url) as (client, run):

        async def timed() -> list[tuple[int, Any]]:
            query = _timed_query(quick=setting.quick)
            return [(time.perf_counter_ns(), item) async for item in client.stream(query)]

        yield _digest(client.payloads(run(_all(client, {"count": 10}))))
        while True:
            yield _delays(client, run(timed()))


def _timed_query(*, quick: bool) -> Query:
    return {"count": 10 if quick else 100, "interval": 20}


def _delays(client: Any, arrivals: list[tuple[int, Any]]) -> Figures:
    # The first event is metadata, and has no time in it.
    tokens = [*client.payloads(item for _, item in arrivals)][1:]
    times = [arrived for arrived, _ in arrivals][1:]
    delays = sorted((arrived - token[1]["sent"]) / 1000 for arrived, token in zip(times, tokens, strict=True))
    return {"median µs": statistics.median(delays), "p99 µs": delays[int(len(delays) * 0.99)]}


def long_stream(reader: str, setting: Setting) -> Measure:
    """How much memory a long stream takes after its first tenth."""
    count = 2000 if setting.quick else 1_000_000
    with closing(SYNC[reader](setting.url)) as client:
        yield _digest(client.payloads(client.stream({"count": 100})))
        while True:
            read, early = 0, 0
            for _ in client.stream({"count": count}):
                read += 1
                if read == count // 10:
                    early = peak()
            assert read == count + 1
            yield {"growth in MB": (peak() - early) / _MB}


def large_event(reader: str, setting: Setting) -> Measure:
    """How much memory a large event takes, in multiples of its size."""
    size = 10**6 if setting.quick else 10**8
    with closing(SYNC[reader](setting.url)) as client:
        yield _digest(client.payloads(client.stream({"count": 2, "kind": "document", "size": 10**6})))
        while True:
            before = peak()
            stream = client.stream({"count": 1, "kind": "document", "size": size})
            received = sum(len(text) for data in client.payloads(stream) for text in data.get("documents", ()))
            assert received > size * 0.9
            yield {"peak / event": (peak() - before) / size}


_IMPORTS = {
    OURS: "from langgraph_runs import Client",
    DEPENDENCIES: "import asyncio, attrs, httpcore, httptools, httpx, orjson"
    + (", typing_extensions" if sys.version_info < (3, 13) else ""),
    SDK: "import langgraph_sdk",
    HTTPX: "import httpx",
}


def importing(reader: str, setting: Setting) -> Measure:
    """CPU of an import in a new process, in an environment with nothing but the package and what it requires."""
    python = _environment(SDK if reader == SDK else OURS, setting.folder)
    code = f"import time; start = time.process_time(); {_IMPORTS[reader]}; print(time.process_time() - start)"
    yield ""
    while True:
        done = subprocess.run([python, "-I", "-c", code], check=True, capture_output=True, text=True)
        yield {"CPU ms": float(done.stdout) * 1000}


def installing(reader: str, setting: Setting) -> Measure:
    """How many packages are installed, and how large they are, compiled modules included."""
    python = _environment(reader, setting.folder)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run([python, "-I", "-c", code], check=True, capture_output=True, text=True)
    site = Path(done.stdout.strip())
    yield ""
    while True:
        size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
        yield {"packages": len([*site.glob("*.dist-info")]), "MB": size / _MB}


def _environment(package: str, folder: str) -> Path:
    """The interpreter of a virtual environment with only this package and what it requires."""
    place = Path(folder) / package
    python = place / "bin" / "python"
    if not place.exists():
        requirement = str(ROOT) if package == OURS else f"{package}=={version(package)}"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
        pip = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        # pip's own messages must not get into the pipe that the figures go through.
        done = subprocess.run([*pip, requirement], check=False, capture_output=True, text=True)
        if done.returncode:
            raise UnavailableError(f"pip can't install {requirement}: {done.stderr.strip()}")
    return python


def peak() -> int:
    """The most memory that this process has had resident so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux, `getrusage` starts with the memory of the parent process.
        return int(status.read_text(encoding="utf-8").partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


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


def _speed(spent: _Spent, count: int) -> Figures:
    return {"events per CPU second": count / spent.cpu, "events/s": count / spent.wall}


def _digest(payloads: Iterable[Any]) -> str:
    seen = hashlib.sha256()
    count = 0
    for data in payloads:
        seen.update(orjson.dumps(data, option=orjson.OPT_SORT_KEYS))
        count += 1
    return f"{count} {seen.hexdigest()}"
