"""Who stops listening frees the connection at once: by closing, leaving, cancelling, an interrupt, or forgetting."""

import asyncio
import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
import tracemalloc
import types
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator

import anyio
import anyio.lowlevel
import httpx
import pytest

from langgraph_runs import AsyncClient, Client, CustomEvent
from tests.support.interrupting import InterruptionError, Paused, interrupted
from tests.support.network import Request
from tests.support.replay import Replay, ReplayServer, Response

LOCATION = (("content-location", f"/threads/{uuid.uuid4()}/runs/{uuid.uuid4()}"),)
BOUND = 30  # seconds; nothing here takes one


async def first_event_then_silence() -> AsyncIterator[bytes]:
    yield b'event: custom\ndata: {"i": 0}\n\n'
    await asyncio.Event().wait()


def endless(_: Request) -> Response:
    return Response.events(first_event_then_silence(), LOCATION)


def gone(server: ReplayServer) -> None:
    server.wait_for(lambda: server.accepted > 0 and server.open == 0)


@contextlib.contextmanager
def trio_may_warn() -> Iterator[None]:
    """Trio warns of an asynchronous generator that is left to the garbage collector, before it closes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield


class TestAsync:
    pytestmark = pytest.mark.anyio

    async def test_leaving_a_with_block(self, replay: Replay) -> None:
        server = replay(endless)
        async with AsyncClient(server.url) as client:
            async with client.runs.stream("t", "agent", stream_mode="custom") as stream:
                async for _ in stream:
                    break
            await anyio.to_thread.run_sync(gone, server)

    async def test_cancelling_the_task_that_waits(self, replay: Replay) -> None:
        server = replay(endless)
        async with AsyncClient(server.url) as client:
            with trio_may_warn(), anyio.fail_after(BOUND), anyio.CancelScope() as scope:
                async for _ in client.runs.stream("t", "agent", stream_mode="custom"):
                    # Not now, but when the loop waits for the next event.
                    scope.deadline = anyio.current_time() + 0.05
            assert scope.cancelled_caught
            await anyio.to_thread.run_sync(gone, server)

    async def test_cancelling_a_wait(self, replay: Replay) -> None:
        server = replay(endless)
        async with AsyncClient(server.url) as client:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(client.runs.wait, "t", "agent")
                await anyio.to_thread.run_sync(server.wait_for, lambda: bool(server.requests))
                tasks.cancel_scope.cancel()
            await anyio.to_thread.run_sync(gone, server)

    async def test_closing_from_another_task(self, replay: Replay) -> None:
        server = replay(endless)
        async with AsyncClient(server.url) as client, anyio.create_task_group() as tasks:
            stream = client.runs.stream("t", "agent", stream_mode="custom")
            waiting = anyio.Event()
            events: list[object] = []

            async def listen() -> None:
                async for event in stream:
                    events.append(event)
                    waiting.set()

            tasks.start_soon(listen)
            with anyio.fail_after(BOUND):
                await waiting.wait()
                await anyio.lowlevel.checkpoint()
                await stream.aclose()
            await anyio.to_thread.run_sync(gone, server)
        # The one who listened saw the events end.
        assert len(events) == 1

    async def test_forgetting_the_stream(self, replay: Replay) -> None:
        server = replay(endless)
        async with AsyncClient(server.url) as client:
            with trio_may_warn():
                async for _ in client.runs.stream("t", "agent", stream_mode="custom"):
                    break
                gc.collect()
                await anyio.lowlevel.checkpoint()
            await anyio.to_thread.run_sync(gone, server)

    async def test_a_stream_that_is_closed_says_so(self, replay: Replay) -> None:
        server = replay(endless)
        async with AsyncClient(server.url) as client:
            stream = client.runs.stream("t", "agent", stream_mode="custom")
            await anext(stream)
            await stream.aclose()
            await stream.aclose()
            with pytest.raises(RuntimeError, match="the stream is closed"):
                await anext(stream)
            with pytest.raises(RuntimeError, match="the stream is closed"):
                aiter(stream)


def test_leaving_a_loop_without_with(replay: Replay) -> None:
    server = replay(endless)
    with Client(server.url) as client:
        for _ in client.runs.stream("t", "agent", stream_mode="custom"):
            break
        gone(server)


def test_leaving_by_an_exception(replay: Replay) -> None:
    server = replay(endless)
    with Client(server.url) as client:

        def give_up() -> None:
            with client.runs.stream("t", "agent", stream_mode="custom") as stream:
                for _ in stream:
                    raise LookupError

        with pytest.raises(LookupError):
            give_up()
        gone(server)


def test_closing_from_another_thread(replay: Replay) -> None:
    server = replay(endless)
    with Client(server.url) as client:
        stream = client.runs.stream("t", "agent", stream_mode="custom")
        assert isinstance(next(stream), CustomEvent)
        rest: list[object] = []
        events = iter(stream)
        listener = threading.Thread(target=lambda: rest.extend(events))
        listener.start()
        stream.close()
        listener.join(BOUND)
        assert not listener.is_alive()
        assert rest == []
        gone(server)


INTERRUPTED = """
import sys
from langgraph_runs import Client
try:
    with Client(sys.argv[1]) as client:
        for event in client.runs.stream("t", "agent", stream_mode="custom"):
            print(event.data, flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_ctrl_c(replay: Replay) -> None:
    server = replay(endless)
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, server.url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "{'i': 0}\n"
        program.send_signal(signal.SIGINT)
        said, _ = program.communicate(timeout=BOUND)
    assert said == "interrupted\n"
    assert program.returncode == 0
    gone(server)


LEFT_OPEN = """
import sys
from langgraph_runs import Client

stream = Client(sys.argv[1]).runs.stream("t", "agent", stream_mode="custom")
print(next(stream).data)
stream.own = stream  # so that only the garbage collector closes it, when sys.modules is empty
"""


def test_a_stream_that_is_open_when_the_interpreter_ends_says_nothing(replay: Replay) -> None:
    server = replay(endless)
    program = subprocess.run(
        [sys.executable, "-c", LEFT_OPEN, server.url],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert (program.returncode, program.stdout, program.stderr) == (0, "{'i': 0}\n", "")
    gone(server)


@pytest.mark.parametrize("place", ["restart", "use", "interrupted"])
def test_an_interrupt_while_the_stream_recovers_from_one_is_no_quiet_end(place: str, replay: Replay) -> None:
    def interrupt(frame: types.FrameType, *_: object) -> None:
        if frame.f_code.co_name == place and frame.f_code.co_filename.endswith(("source.py", "stream.py")):
            sys.settrace(None)
            raise InterruptionError

    server = replay(Paused())
    with Client(server.url) as client:
        stream = client.runs.stream("t", "agent", stream_resumable=True)
        sys.settrace(interrupt)
        try:
            interrupted(stream, server)
        finally:
            sys.settrace(None)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="the stream is closed"):
                next(stream)


async def abandon(client: AsyncClient, number: int) -> None:
    """One of a thousand: left, forgotten, cancelled or closed."""
    stream = client.runs.stream("t", "agent", stream_mode="custom")
    match number % 4:
        case 0:
            async with stream:
                await anext(stream)
        case 1:
            async for _ in stream:
                break
        case 2:
            with anyio.move_on_after(0.01):
                async for _ in stream:
                    pass
        case _:
            await anext(stream)
            await stream.aclose()


def count_threads() -> int:
    """How many there are, without those that trio and anyio keep for `to_thread`, which the test itself uses."""
    return sum(not thread.name.startswith(("Trio thread", "AnyIO worker")) for thread in threading.enumerate())


@pytest.mark.anyio
async def test_a_thousand_streams_leave_nothing_behind(replay: Replay) -> None:
    server = replay(endless)

    async def round_of(count: int) -> None:
        limited = httpx.AsyncClient(limits=httpx.Limits(max_connections=50))
        async with limited, AsyncClient(server.url, http_client=limited) as c:
            for start in range(0, count, 50):
                async with anyio.create_task_group() as tasks:
                    for number in range(start, start + 50):
                        tasks.start_soon(abandon, c, number)
            gc.collect()
            await anyio.to_thread.run_sync(gone, server)

    with trio_may_warn():
        await round_of(100)
    threads = count_threads()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        with trio_may_warn():
            await round_of(1000)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert server.open == 0
    assert count_threads() <= threads
    # What the scripted server keeps of each request is counted too.
    assert after - before < 5_000_000
    # Trio may still be closing a generator, in a task whose name says "abandoned".
    assert not [task for task in anyio.get_running_tasks() if (task.name or "").endswith(".abandon")]


def test_a_thousand_streams_of_a_thread_leave_nothing_behind(replay: Replay) -> None:
    server = replay(endless)
    threads = count_threads()
    with Client(server.url) as client:
        for number in range(1000):
            stream = client.runs.stream("t", "agent", stream_mode="custom")
            if number % 2:
                next(stream)
                stream.close()
            else:
                for _ in stream:
                    break
            del stream
        gone(server)
    assert count_threads() <= threads
    assert server.accepted == 1000
