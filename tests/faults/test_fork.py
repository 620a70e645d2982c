"""A forked process starts without connections, and leaves those of its parent alone, whatever it does with the client."""

import asyncio
import gc
import multiprocessing
import os
import re
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from itertools import product
from typing import Any

import httpx
import pytest
import uvloop

from langgraph_runs import AsyncClient, Client, CustomEvent
from langgraph_runs._transport import HTTPTransport
from tests.support.network import Request
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

LOCATION = ("location", "/threads/t/runs/r/stream")
EVENTS = [sse("custom", i) for i in range(3)]
ENDLESS = 60


class Script:
    """Responds to `get` with the run that was asked for; a stream's second event waits for `go_on`."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def __call__(self, request: Request) -> Response:
        if request.path.endswith("/stream"):
            return Response.events(self._events(), (LOCATION,))
        match = re.search(r"/runs/([^/]+)", request.path)
        return Response.json(run_json(run_id=match[1] if match else "r"))

    async def _events(self) -> AsyncIterator[bytes]:
        yield EVENTS[0]
        while not self.go_on.is_set():  # noqa: ASYNC110 - another thread sets it
            await asyncio.sleep(0.001)
        for event in EVENTS[1:]:
            yield event


def in_child(work: Callable[[], object]) -> None:
    """Call a function in a forked process, which fails if that raises or does not end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(ENDLESS)
            work()
            gc.collect()
            code = 0
        except BaseException:  # noqa: BLE001 - the parent sees the exit code
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_processes_never_read_each_others_responses(replay: Replay) -> None:
    server = replay(Script())

    def ask(name: str) -> None:
        for number in range(20):
            assert client.runs.get("t", f"{name}-{number}").run_id == f"{name}-{number}"

    with Client(server.url, max_retries=0) as client:
        client.runs.get("t", "r")
        context = multiprocessing.get_context("fork")
        children = [context.Process(target=ask, args=(f"child-{number}",)) for number in range(3)]
        for child in children:
            child.start()
        ask("parent")
        for child in children:
            child.join(ENDLESS)
        assert [child.exitcode for child in children] == [0, 0, 0]
        assert server.accepted == 4


def test_what_goes_to_httpcore_is_sent_on_connections_of_its_own(replay: Replay) -> None:
    server = replay([Response(headers=(("content-length", "0"),))] * 3)
    with httpx.Client(transport=HTTPTransport()) as client:
        client.head(server.url)
        in_child(lambda: client.head(server.url))
        client.head(server.url)
    assert server.accepted == 2


def ask_and_close(client: Any) -> None:
    assert [client.runs.get("t", id).run_id for id in ("x", "y")] == ["x", "y"]
    client.close()


def read(stream: Any) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever kind, but no event of the parent
        next(stream)


WORK: dict[str, Callable[[Any, Any], object]] = {
    "leave": lambda _client, _stream: None,
    "close": lambda client, _: client.close(),
    "ask and close": lambda client, _: ask_and_close(client),
    "close stream": lambda _, stream: stream.close(),
    "read stream": lambda _, stream: read(stream),
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_a_parents_threads_go_on(work: Callable[[Any, Any], object], replay: Replay) -> None:
    script = Script()
    server = replay(script)
    with Client(server.url, max_retries=0) as client:
        with client.runs.stream("t", "agent", stream_mode="custom") as stream:
            events = iter(stream)
            assert next(events) == CustomEvent(0)
            client.runs.get("t", "r")
            assert server.accepted == 2
            in_child(lambda: work(client, stream))
            known = server.accepted
            script.go_on.set()
            assert [event.data for event in events] == [1, 2]
        assert client.runs.get("t", "z").run_id == "z"
        assert server.accepted == known
    server.wait_for(lambda: server.open == 0)


def test_a_stream_that_a_thread_reads_goes_on(replay: Replay) -> None:
    script = Script()
    server = replay(script)
    with Client(server.url, max_retries=0) as client:
        stream = client.runs.stream("t", "agent", stream_mode="custom")
        got: list[object] = []
        first = threading.Event()

        def read() -> None:
            for event in stream:
                got.append(event.data)
                first.set()

        thread = threading.Thread(target=read)
        thread.start()
        first.wait()
        in_child(stream.close)
        script.go_on.set()
        thread.join()
        assert got == [0, 1, 2]


@pytest.mark.parametrize(
    ("factory", "work"),
    [
        *product([asyncio.new_event_loop, uvloop.new_event_loop], ["leave", "collect", "close", "ask", "close stream"]),
        # Not uvloop: whoever closes a copy of it takes all connections out of the original.
        (asyncio.new_event_loop, "exit"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__module__.partition(".")[0],
)
def test_a_parents_event_loop_goes_on(work: str, factory: Callable[[], Any], replay: Replay) -> None:
    script = Script()
    server = replay(script)

    async def in_child(client: AsyncClient, stream: Any) -> None:
        if work == "ask":
            assert [(await client.runs.get("t", id)).run_id for id in ("x", "y")] == ["x", "y"]
        if work == "close stream":
            await stream.aclose()
        if work in {"close", "ask"}:
            await client.aclose()

    async def read(stream: Any, first: asyncio.Event) -> list[object]:
        async with stream:
            got: list[object] = []
            async for event in stream:
                got.append(event.data)
                first.set()
            return got

    async def parent() -> None:
        async with AsyncClient(server.url, max_retries=0) as client:
            stream, first = client.runs.stream("t", "agent", stream_mode="custom"), asyncio.Event()
            reading = asyncio.create_task(read(stream, first))
            await first.wait()
            await client.runs.get("t", "r")
            assert server.accepted == 2
            child = os.fork()
            if child == 0:
                child_of(client, stream)
            # Nothing cleverer: a child may break asyncio's way to wake the loop.
            while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):  # noqa: ASYNC110, ASYNC222
                await asyncio.sleep(0.001)
            assert os.waitstatus_to_exitcode(ended[1]) == 0
            known = server.accepted
            script.go_on.set()
            assert await reading == [0, 1, 2]
            assert (await client.runs.get("t", "z")).run_id == "z"
            assert server.accepted == known

    def child_of(client: AsyncClient, stream: Any) -> None:
        code = 1
        try:
            signal.alarm(ENDLESS)
            if work == "exit":
                code = 0
                raise SystemExit
            asyncio.run(in_child(client, stream))
            if work == "collect":
                client._http._client._transport._pool._shares.clear()  # type: ignore[attr-defined]
                gc.collect()
            code = 0
        except Exception:  # noqa: BLE001 - the parent sees the exit code
            sys.excepthook(*sys.exc_info())
        finally:
            if work != "exit":
                os._exit(code)

    process = os.getpid()
    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(parent())
    finally:
        if os.getpid() != process:
            gc.collect()
            os._exit(0)
    server.wait_for(lambda: server.open == 0)


def test_a_lock_that_another_thread_holds_stops_no_child(replay: Replay) -> None:
    script = Script()
    server = replay(script)

    def hold() -> None:
        with ExitStack() as stack:
            for lock in locks:
                stack.enter_context(lock)
            held.set()
            release.wait()

    def child() -> None:
        stream.close()
        assert client.runs.get("t", "x").run_id == "x"
        http_client.head(server.url)
        client.close()

    held, release = threading.Event(), threading.Event()
    client = Client(server.url, max_retries=0, limits=httpx.Limits(max_connections=2))
    with client, client.runs.stream("t", "agent", stream_mode="custom") as stream:
        next(iter(stream))
        http_client: Any = client._http._client
        [share] = http_client._transport._pool._shares.values()
        [body] = [item for item in gc.get_objects() if type(item).__name__ == "_ResponseBody" and item._share is share]
        locks = [
            http_client.cookies.jar._cookies_lock,
            share.semaphore._cond,
            share.httpcore_pool._optional_thread_lock,
            body._lock,
        ]
        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        try:
            in_child(child)
        finally:
            release.set()
            thread.join()
        script.go_on.set()
