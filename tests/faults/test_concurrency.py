"""One client, and many threads or tasks that use it at once."""

import asyncio
import re
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anyio
import anyio.lowlevel
import httpx
import pytest

from langgraph_runs import APITimeoutError, AsyncClient, Client, CustomEvent, HTTPTransport
from tests.support.interrupting import CancelledRuns
from tests.support.network import Request
from tests.support.replay import Replay, ReplayServer, Response
from tests.support.samples import run_json, sse

THREADS = 32
TASKS = 1_000
ROUNDS = 3
EVENTS = 5
# No figure of what it should take: only so that a deadlock is a failure and not a test that never ends.
ENDLESS = 120


class Ledger:
    """Answers by the thread's id in the path, and counts.

    Attributes:
        asked: How often each thread was asked for what.
        most: How many connections were open at most.
    """

    server: ReplayServer

    def __init__(self) -> None:
        self.asked: dict[tuple[str, str], int] = {}
        self.most = 0

    def __call__(self, request: Request) -> Response:
        match = re.fullmatch("/threads/([^/]+)/runs/?(.*)", request.path)
        assert match
        thread_id, rest = match[1], match[2]
        what = rest.removeprefix(f"run-of-{thread_id}").strip("/") or "get"
        self.asked[thread_id, what] = self.asked.get((thread_id, what), 0) + 1
        self.most = max(self.most, self.server.open)
        match what:
            case "stream":
                place = f"/threads/{thread_id}/runs/run-of-{thread_id}/stream"
                return Response.events(streamed(thread_id), (("location", place),))
            case "wait":
                return Response(body=waited(thread_id))
            case "get":
                return Response.json(run_json(thread_id=thread_id, run_id=f"run-of-{thread_id}"))
            case "cancel":
                return Response(202)
            case _:
                raise LookupError(request.target)


async def streamed(thread_id: str) -> AsyncIterator[bytes]:
    for number in range(EVENTS):
        yield sse("custom", [thread_id, number])
        # So that the answers come mixed.
        await asyncio.sleep(0)


async def waited(thread_id: str) -> AsyncIterator[bytes]:
    for piece in (b"\n", b"\n", b'{"thread":', f'"{thread_id}"'.encode(), b"}"):
        yield piece
        await asyncio.sleep(0)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def server(replay: Replay, ledger: Ledger) -> ReplayServer:
    ledger.server = replay(ledger)
    return ledger.server


def test_one_client_shared_by_threads(server: ReplayServer, ledger: Ledger) -> None:
    def use(number: int) -> None:
        for turn in range(ROUNDS):
            jobs = [stream, wait, get, cancel, leave]
            for job in jobs[number % 5 :] + jobs[: number % 5]:
                job(f"{number}-{turn}")

    def stream(thread_id: str) -> None:
        with client.runs.stream(thread_id, "agent", stream_mode="custom") as events:
            got = [event.data for event in events if isinstance(event, CustomEvent)]
            assert got == [[thread_id, n] for n in range(EVENTS)]
            assert (events.run_id, events.thread_id) == (f"run-of-{thread_id}", thread_id)

    def wait(thread_id: str) -> None:
        assert client.runs.wait(thread_id, "agent") == {"thread": thread_id}

    def get(thread_id: str) -> None:
        run = client.runs.get(thread_id, f"run-of-{thread_id}")
        assert (run.run_id, run.thread_id) == (f"run-of-{thread_id}", thread_id)

    def cancel(thread_id: str) -> None:
        client.runs.cancel(thread_id, f"run-of-{thread_id}")

    def leave(thread_id: str) -> None:
        with client.runs.stream(f"left-{thread_id}", "agent", stream_mode="custom") as events:
            assert next(iter(events)).data == [f"left-{thread_id}", 0]

    with Client(server.url) as client:
        in_threads(THREADS, use)
    server.wait_for(lambda: server.open == 0)
    assert ledger.most <= THREADS
    assert ledger.asked == expected(f"{number}-{turn}" for number in range(THREADS) for turn in range(ROUNDS))


@pytest.mark.anyio
async def test_one_client_shared_by_tasks(server: ReplayServer, ledger: Ledger) -> None:
    async def stream(thread_id: str) -> None:
        async with client.runs.stream(thread_id, "agent", stream_mode="custom") as events:
            got = [event.data async for event in events if isinstance(event, CustomEvent)]
            assert got == [[thread_id, n] for n in range(EVENTS)]
            assert (events.run_id, events.thread_id) == (f"run-of-{thread_id}", thread_id)

    async def wait(thread_id: str) -> None:
        assert await client.runs.wait(thread_id, "agent") == {"thread": thread_id}

    async def get(thread_id: str) -> None:
        run = await client.runs.get(thread_id, f"run-of-{thread_id}")
        assert (run.run_id, run.thread_id) == (f"run-of-{thread_id}", thread_id)

    async def cancel(thread_id: str) -> None:
        await client.runs.cancel(thread_id, f"run-of-{thread_id}")

    async def leave(thread_id: str) -> None:
        async with client.runs.stream(f"left-{thread_id}", "agent", stream_mode="custom") as events:
            assert (await anext(aiter(events))).data == [f"left-{thread_id}", 0]

    jobs = (stream, wait, get, cancel, leave)
    with anyio.fail_after(ENDLESS):
        async with AsyncClient(server.url) as client:
            await in_tasks(TASKS, lambda number: jobs[number % len(jobs)](str(number)))
    server.wait_for(lambda: server.open == 0)
    assert THREADS < ledger.most <= TASKS
    assert sum(ledger.asked.values()) == TASKS + TASKS // len(jobs)
    assert set(ledger.asked.values()) == {1}


def test_threads_are_told_of_a_pool_that_is_used_up(server: ReplayServer) -> None:
    def use(number: int) -> None:
        with pytest.raises(APITimeoutError, match=r"all connections were busy.*pool") as refused:
            client.runs.get(str(number), f"run-of-{number}")
        assert isinstance(refused.value.__cause__, httpx.PoolTimeout)
        assert not refused.value.sent

    with (
        httpx.Client(limits=httpx.Limits(max_connections=2)) as http_client,
        Client(server.url, http_client=http_client, timeout=httpx.Timeout(ENDLESS, pool=0.1), max_retries=0) as client,
    ):
        with client.runs.stream("a", "agent"), client.runs.stream("b", "agent"):
            in_threads(THREADS, use)
            assert server.accepted == 2
        assert client.runs.get("c", "run-of-c").thread_id == "c"


@pytest.mark.anyio
async def test_tasks_are_told_of_a_pool_that_is_used_up(server: ReplayServer) -> None:
    async def use(number: int) -> None:
        with pytest.raises(APITimeoutError, match=r"all connections were busy.*pool") as refused:
            await client.runs.get(str(number), f"run-of-{number}")
        assert isinstance(refused.value.__cause__, httpx.PoolTimeout)
        assert not refused.value.sent

    limits, timeout = httpx.Limits(max_connections=2), httpx.Timeout(ENDLESS, pool=0.1)
    with anyio.fail_after(ENDLESS):
        async with (
            httpx.AsyncClient(limits=limits) as http_client,
            AsyncClient(server.url, http_client=http_client, timeout=timeout, max_retries=0) as client,
        ):
            async with client.runs.stream("a", "agent"), client.runs.stream("b", "agent"):
                await in_tasks(100, use)
                assert server.accepted == 2
            assert (await client.runs.get("c", "run-of-c")).thread_id == "c"


def test_a_signal_handler_may_close_a_response_that_is_being_closed(server: ReplayServer) -> None:
    def handle() -> None:
        with body._lock:  # the thread holds it when the signal comes
            body.interrupt()

    with (
        httpx.Client(transport=HTTPTransport()) as http_client,
        http_client.stream("GET", f"{server.url}/threads/t/runs/stream") as response,
    ):
        body = response.extensions["body"]
        thread = threading.Thread(target=handle, daemon=True)
        thread.start()
        thread.join(ENDLESS)
        assert not thread.is_alive()


@pytest.mark.anyio
async def test_tasks_share_one_list(replay: Replay) -> None:
    async def take(_: int) -> None:
        async for run in runs:
            found.append(run.run_id)
            await anyio.lowlevel.checkpoint()  # the others' turn

    def page(request: Request) -> Response:
        offset, limit = (int(parse_qs(urlsplit(request.target).query)[name][0]) for name in ("offset", "limit"))
        return Response.json([run_json(run_id=str(number)) for number in range(offset, min(offset + limit, 250))])

    found: list[str] = []
    async with AsyncClient(replay(page).url) as client:
        runs = client.runs.iter("t")
        await in_tasks(3, take)
    assert sorted(found, key=int) == [str(number) for number in range(250)]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit memory in other ways")
def test_a_map_that_gets_no_more_threads_ends(replay: Replay) -> None:
    """The payloads without a thread come with the reason."""
    script = """
import resource, sys, threading
from langgraph_runs import Client

with Client(sys.argv[1]) as client, client.runs.map([{"assistant_id": "agent"}] * 8) as results:
    with open("/proc/self/statm") as sizes:
        used = int(sizes.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 2**30, used + 2**30))
    threading.stack_size(2**28)  # so there are at most four
    found = [next(results)]
    client.runs.cancel("t1", "r1")
    found += results
    print(len(found), *sorted({type(result).__name__ for _, result in found}))
"""
    command = [sys.executable, "-c", script, replay(CancelledRuns(1)).url]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=ENDLESS)
    assert done.stdout == "8 RuntimeError dict\n"


def expected(thread_ids: Iterator[str]) -> dict[tuple[str, str], int]:
    """What is asked for each thread: after a stream without an end event, also how the run ended."""
    asked: dict[tuple[str, str], int] = {}
    for thread_id in thread_ids:
        asked |= {(thread_id, "stream"): 1, (thread_id, "wait"): 1, (thread_id, "get"): 2, (thread_id, "cancel"): 1}
        asked[f"left-{thread_id}", "stream"] = 1
    return asked


def in_threads(count: int, use: Callable[[int], None]) -> None:
    """Calls a function in so many threads at once, with their numbers."""
    errors: list[BaseException] = []
    together = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            together.wait(ENDLESS)
            use(number)
        except BaseException as error:  # noqa: BLE001 - raised below
            errors.append(error)

    # As daemons, so that those of a deadlock don't keep the tests from ending.
    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(ENDLESS)
    assert not any(thread.is_alive() for thread in threads), "a deadlock"
    if errors:
        raise BaseExceptionGroup("in the threads", errors)


async def in_tasks(count: int, use: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    """Calls a function in so many tasks at once, with their numbers."""
    async with anyio.create_task_group() as tasks:
        for number in range(count):
            tasks.start_soon(use, number)
