"""Writes down in tests/unit/costs.json what an event of a stream costs: calls and instructions of our own code.

They are counted, not timed: the figures are the same on every machine and under every load. Calls are the same on every version of Python too;
instructions are not, so they are compared only on the version that wrote them down.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from time import time
from types import FrameType
from typing import Any

import httpx
import orjson
from attrs import define

import langgraph_runs
import langgraph_runs_api
from langgraph_runs import AsyncClient, Client
from langgraph_runs.answers import Answer, H11Answer
from langgraph_runs.events import decode_event
from langgraph_runs.llhttp import LlhttpAnswer
from langgraph_runs.sse import SSEDecoder

NOTED = Path(__file__).resolve().parent.parent / "tests" / "unit" / "costs.json"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

Costs = dict[str, dict[str, float]]
"""By the way that the event takes, and by what is counted."""

_GROWTH = 1.2

_FOLDERS = (*langgraph_runs.__path__, *langgraph_runs_api.__path__)
_TOKEN = orjson.dumps(
    [
        {"content": "tok", "type": "AIMessageChunk", "id": "lc_run--1", "tool_calls": [], "usage_metadata": None},
        {"run_id": "r", "thread_id": "t", "langgraph_node": "talk", "langgraph_step": 1},
    ]
)
_EVENT = b"event: messages\r\ndata: %b\r\n\r\n" % _TOKEN
_READ = 2**16
# The difference of two counts is what the events cost, without what a stream costs.
_FEW, _MANY = 400, 1600


def main() -> None:
    """Write the costs down; tests/unit/test_cost.py compares."""
    NOTED.write_text(json.dumps({"python": VERSION, "costs": measured()}, indent=2) + "\n", encoding="utf-8")


def differences(costs: Costs) -> list[str]:
    """What has become dearer or cheaper by a fifth or more since it was written down."""
    noted = json.loads(NOTED.read_text(encoding="utf-8"))
    found = []
    for way, figures in costs.items():
        for what, present in figures.items():
            before = noted["costs"][way][what]
            if present == before or (what == "instructions" and noted["python"] != VERSION):
                continue
            if present >= before * _GROWTH:
                found.append(f"{way}: an event costs {present} {what}, which was {before}: make it cheaper")
            elif present * _GROWTH <= before:
                found.append(
                    f"{way}: an event costs {present} {what}, which was {before}: keep that, by `make snapshot`"
                )
    return found


def measured() -> Costs:
    """What an event costs on each way."""
    return {name: _per_event(way) for name, way in _WAYS.items()}


def _per_event(way: Callable[[int], None]) -> dict[str, float]:
    way(_FEW)  # fills what remembers names and shapes
    few, many = _counted(way, _FEW), _counted(way, _MANY)
    return {
        "calls": round((many.calls - few.calls) / (_MANY - _FEW), 2),
        "instructions": round((many.instructions - few.instructions) / (_MANY - _FEW), 2),
    }


@define
class _Counts:
    instructions: int = 0
    calls: int = 0


def _counted(way: Callable[[int], None], events: int) -> _Counts:
    counts = _Counts()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(_FOLDERS):
            return None
        frame.f_trace_lines = False
        frame.f_trace_opcodes = True
        counts.instructions += event == "opcode"
        return trace

    def profile(frame: FrameType, event: str, _: Any) -> None:
        if event in ("call", "c_call") and frame.f_code.co_filename.startswith(_FOLDERS):
            counts.calls += 1

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        way(events)
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return counts


def _decode(reads: Iterator[bytes]) -> None:
    decoder = SSEDecoder()
    for read in reads:
        received = time()
        decoder.feed(read)
        for item in decoder.events:
            if item is None:
                break
            event, payloads, id = item
            for data in payloads:
                decode_event(event, data, id, received)


def _decode_large_reads(events: int) -> None:
    body = _EVENT * events
    _decode(body[start : start + _READ] for start in range(0, len(body), _READ))


def _decode_single_events(events: int) -> None:
    _decode(_EVENT for _ in range(events))


def _read_answer(events: int, kind: type[Answer]) -> None:
    answer = kind("GET", b"/", [(b"host", b"server")], b"")
    chunk = b"%x\r\n%b\r\n" % (len(_EVENT), _EVENT)
    body = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunk * events
    for start in range(0, len(body), _READ):
        answer.feed(body[start : start + _READ])
        answer.take()


def _stream_sync(events: int) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=_HEADERS, content=(_EVENT for _ in range(events)))

    with httpx.Client(transport=httpx.MockTransport(answer)) as http_client:
        for _ in Client("http://server", http_client=http_client).runs.stream(
            None, "agent", stream_mode="messages-tuple"
        ):
            pass


def _stream_async(events: int) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(events):
            yield _EVENT

    async def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=_HEADERS, content=chunks())

    async def read() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http_client:
            client = AsyncClient("http://server", http_client=http_client)
            async for _ in client.runs.stream(None, "agent", stream_mode="messages-tuple"):
                pass

    asyncio.run(read())


_HEADERS = {"content-type": "text/event-stream"}
_WAYS: dict[str, Callable[[int], None]] = {
    "decoding, 64 KiB reads": _decode_large_reads,
    "decoding, one event a read": _decode_single_events,
    "HTTP read by h11, 64 KiB reads": partial(_read_answer, kind=H11Answer),
    "HTTP read by llhttp, 64 KiB reads": partial(_read_answer, kind=LlhttpAnswer),
    "streaming, sync": _stream_sync,
    "streaming, async": _stream_async,
}


if __name__ == "__main__":
    main()
