"""The rows of the table: what is measured, for which readers, and the goals."""

from collections.abc import Callable
from functools import partial
from typing import Any

import attrs

from benchmarks import measures
from benchmarks.measures import DEPENDENCIES, Measure, Setting
from benchmarks.readers import HTTPX, HTTPX_SSE, ORJSON, OURS, SDK, SOCKET

_OPEN = {streams: f"{OURS}, {streams:,} streams" for streams in (100, 1_000, 4_000)}
_SDK_OPEN = f"{SDK}, 100 streams"


@attrs.frozen
class Goal:
    """A bound for our figure: as a ratio to another reader's in the same repetition, or by itself."""

    figure: str
    against: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    reader: str = OURS


@attrs.frozen
class Row:
    """One thing that is measured.

    Attributes:
        key: Its name on the command line.
        title: What is measured.
        figures: What each repetition yields, the main figure first, and whether more of it is better.
        readers: Whom it is measured for, in this order.
        measure: Called with a reader's name and the setting.
        goals: What we want to reach.
        repetitions: How many, interleaved: each reader once, then all again.
        fresh: Whether each repetition needs a new process, because it is about memory.
        peer: The reader that ratios are taken to; None for none.
    """

    key: str
    title: str
    figures: dict[str, bool]
    readers: tuple[str, ...]
    measure: Callable[[str, Setting], Measure]
    goals: tuple[Goal, ...]
    repetitions: int = 11
    fresh: bool = False
    peer: str | None = SDK


def _decoding(key: str, title: str, at_least: float, **what: Any) -> Row:
    figure = "events per CPU second"
    goals = (Goal(figure, SDK, at_least=at_least),)
    measure = partial(measures.decoding, **what)
    return Row(key, title, {figure: True}, (OURS, SDK, HTTPX_SSE, ORJSON), measure, goals)


def _streaming(key: str, title: str, measure: Callable[[str, Setting], Measure]) -> Row:
    figures = {"events per CPU second": True, "events/s": True}
    goals = (Goal("events per CPU second", SDK, at_least=5),)
    return Row(key, title, figures, (OURS, SDK, HTTPX_SSE, HTTPX, SOCKET), measure, goals)


def _calling(key: str, title: str, at_most: float, measure: Callable[[str, Setting], Measure]) -> Row:
    figures = {"CPU µs a call": False, "µs a call": False}
    return Row(key, title, figures, (OURS, SDK, HTTPX), measure, (Goal("CPU µs a call", SDK, at_most=at_most),))


def _delaying(key: str, title: str, measure: Callable[[str, Setting], Measure]) -> Row:
    figures = {"median µs": False, "p99 µs": False}
    goals = (Goal("median µs", HTTPX, at_most=1),)
    return Row(key, title, figures, (OURS, SDK, HTTPX_SSE, HTTPX), measure, goals, repetitions=5)


def _open_streams(reader: str, setting: Setting) -> Measure:
    name, _, streams = reader.partition(", ")
    number = int(streams.removesuffix(" streams").replace(",", ""))
    return measures.open_streams(name, setting, streams=number, count=10, interval=500)


ROWS = (
    _decoding("decode", "decode token events", 1.5, kind="token", count=20_000),
    _decoding("decode-ids", "decode token events with ids", 1.5, kind="token-ids", count=20_000),
    _decoding("decode-20k", "decode events of 20 KB", 1.2, kind="values", count=800, size=20_000),
    _decoding("decode-1m", "decode events of 1 MB", 1.2, kind="values", count=16, size=10**6),
    _streaming("stream-sync", "whole stream, sync", measures.whole_stream),
    _streaming("stream-async", "whole stream, async", measures.whole_stream_async),
    Row(
        "fan-in",
        "500 async streams of 200 events, one every 50 ms",
        {"CPU s": False, "resident MB": False},
        (OURS, SDK, HTTPX_SSE, HTTPX),
        measures.fan_in,
        (Goal("CPU s", SDK, at_most=0.3), Goal("resident MB", SDK, at_most=0.8)),
        repetitions=3,
        fresh=True,
    ),
    Row(
        "resumable",
        "20 resumable async streams with ids, an event every 20 ms",
        {"CPU µs an event": False},
        (OURS, SDK),
        partial(measures.open_streams, streams=20, count=200, interval=20, ids=True),
        (),
        repetitions=3,
    ),
    Row(
        "open-streams",
        "open async streams, an event every 500 ms on each",
        {"CPU µs an event": False},
        (*_OPEN.values(), _SDK_OPEN),
        _open_streams,
        (Goal("CPU µs an event", _OPEN[100], at_most=1.3, reader=_OPEN[4_000]),),
        repetitions=3,
        peer=_SDK_OPEN,
    ),
    _calling("get", "get, one after another", 0.8, partial(measures.calls, name="get")),
    _calling("create", "create, one after another", 0.8, partial(measures.calls, name="create")),
    _calling("get-50", "get, 50 at a time", 0.2, partial(measures.calls_at_once, name="get")),
    _calling("create-50", "create, 50 at a time", 0.2, partial(measures.calls_at_once, name="create")),
    _delaying("delay-sync", "added delay, an event every 20 ms, sync", measures.delay),
    _delaying("delay-async", "added delay, an event every 20 ms, async", measures.delay_async),
    Row(
        "memory-long",
        "stream of 1,000,000 events: growth after the first tenth",
        {"growth in MB": False},
        (OURS, SDK, HTTPX_SSE),
        measures.long_stream,
        # The allocator itself may take as much.
        (Goal("growth in MB", at_most=1),),
        repetitions=1,
        fresh=True,
        peer=None,
    ),
    Row(
        "memory-large",
        "one event of 100 MB",
        {"peak / event": False},
        (OURS, SDK, HTTPX_SSE),
        measures.large_event,
        (Goal("peak / event", at_most=3),),
        repetitions=3,
        fresh=True,
    ),
    Row(
        "import",
        "`from langgraph_runs import Client` against importing its dependencies and asyncio, in a bare environment",
        {"CPU ms": False},
        (OURS, DEPENDENCIES, SDK, HTTPX),
        measures.importing,
        (Goal("CPU ms", DEPENDENCIES, at_most=1.3),),
    ),
    Row(
        "install",
        "installed in a bare environment",
        {"packages": False, "MB": False},
        (OURS, SDK),
        measures.installing,
        (Goal("packages", at_most=15), Goal("MB", at_most=9)),
        repetitions=1,
    ),
)
