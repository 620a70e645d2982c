"""Connections on asyncio, which has a network of its own here: with the loop it brings and with uvloop."""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import httpx
import orjson
import pytest
import trustme
import uvloop

from langgraph_runs import APITimeoutError, AsyncClient, Client, CustomEvent
from langgraph_runs.testing import FakeRun, FakeServer, Pause
from tests.support.interrupting import Paused
from tests.support.network import Request
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse
from tests.support.tls import tls_server

Run: TypeAlias = Callable[[Coroutine[Any, Any, None]], None]
LOCATION = ("location", "/threads/t/runs/r/stream")
MB = 2**20


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a coroutine to its end in a new event loop."""
    factory = uvloop.new_event_loop if request.param == "uvloop" else asyncio.new_event_loop

    def in_a_new_loop(work: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(work)

    return in_a_new_loop


def test_calls_and_streams(run: Run, replay: Replay) -> None:
    events = [sse("custom", {"i": i}) for i in range(100)]
    server = replay(
        [Response.json(run_json()), Response.events(events, headers=(LOCATION,)), Response.json(run_json())]
    )

    async def work() -> None:
        async with AsyncClient(server.url.replace("127.0.0.1", "localhost")) as client:
            assert (await client.runs.create("t", "agent")).run_id == "r"
            async with client.runs.stream("t", "agent", stream_mode="custom") as stream:
                assert [event.data async for event in stream] == [{"i": i} for i in range(100)]
        assert server.accepted == 1

    run(work())
    server.wait_for(lambda: server.open == 0)


def test_the_sync_client_works_inside_a_running_loop(run: Run, replay: Replay) -> None:
    """As in a notebook, whose cells run in one."""
    events = [sse("custom", {"i": i}) for i in range(3)]
    server = replay(
        [Response.json(run_json()), Response.events(events, headers=(LOCATION,)), Response.json(run_json())]
    )

    async def cell() -> None:
        with Client(server.url) as client:
            assert client.runs.create("t", "agent").run_id == "r"
            stream = client.runs.stream("t", "agent", stream_mode="custom")
            for number, event in enumerate(stream):
                assert event.data == {"i": number}
                await asyncio.sleep(0)

    run(cell())


def test_tls(run: Run, authority: trustme.CA) -> None:
    async def work() -> None:
        context = httpx.create_ssl_context()
        authority.configure_trust(context)
        async with AsyncClient(url, verify=context, max_retries=0) as client:
            for _ in range(2):
                assert (await client.runs.get("t", "r")).run_id == "r"

    with tls_server(authority) as url:
        run(work())


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # a loop that ends with a connection open says so
def test_one_client_in_one_event_loop_after_the_other(run: Run, replay: Replay) -> None:
    server = replay(Response.json(run_json()))
    client = AsyncClient(server.url)

    async def work() -> None:
        assert (await client.runs.get("t", "r")).run_id == "r"

    run(work())
    run(work())
    run(client.aclose())
    assert server.accepted == 2
    server.wait_for(lambda: server.open == 0)


@pytest.mark.parametrize("factory", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_one_client_in_several_event_loops_at_once(factory: Callable[[], Any], replay: Replay) -> None:
    """In debug mode, where event loops find out who touches them from another thread."""

    def answer(request: Request) -> Response:
        streams = request.path.endswith("/stream")
        return Response.events(events, (LOCATION,)) if streams else Response.json(run_json())

    async def work() -> None:
        for _ in range(10):
            async with client.runs.stream("t", "agent", stream_mode="custom") as stream:
                assert [event.data async for event in stream] == [0, 1]
            async with client.runs.stream("t", "agent", stream_mode="custom") as stream:
                await anext(aiter(stream))
            runs = await asyncio.gather(*(client.runs.get("t", "r") for _ in range(3)))
            assert [run.run_id for run in runs] == ["r"] * 3
        done.wait(60)  # so that all loops have idle connections at the end
        await asyncio.to_thread(closed.wait, 10)

    def run(coroutine: Coroutine[Any, Any, None]) -> None:
        try:
            with asyncio.Runner(loop_factory=factory, debug=True) as runner:
                runner.run(coroutine)
        except BaseException as error:  # noqa: BLE001 - raised below
            errors.append(error)

    events = [sse("custom", i) for i in range(2)]
    server = replay(answer)
    client = AsyncClient(server.url, max_retries=0)
    errors: list[BaseException] = []
    done, closed = threading.Barrier(5), threading.Event()
    threads = [threading.Thread(target=run, args=[work()]) for _ in range(4)]
    for thread in threads:
        thread.start()
    done.wait(60)
    run(client.aclose())
    server.wait_for(lambda: server.open == 0)
    closed.set()
    for thread in threads:
        thread.join()
    assert errors == []


def test_no_more_is_read_than_is_asked_for(run: Run) -> None:
    event = sse("custom", "x" * MB)
    written = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        head = await reader.readuntil(b"\r\n\r\n")
        streams = b"/stream " in head
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\n\r\n" % (b"text/event-stream" if streams else b"application/json")
        )
        if not streams:
            writer.write(orjson.dumps(run_json(status="success")))
        for _ in range(64 * streams):
            writer.write(event)
            await writer.drain()
            written += 1
        writer.close()

    async def work() -> None:
        async with serving(answer) as url, AsyncClient(url) as client:
            stream = client.runs.join_stream("t", "r")
            first = await anext(aiter(stream))
            for _ in range(1000):  # all that is to come without being asked for
                await asyncio.sleep(0)
            assert written < 32
            assert isinstance(first, CustomEvent)
            assert len([event async for event in stream]) == 63

    run(work())


def test_a_server_that_does_not_read(run: Run) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    async def work() -> None:
        async with serving(answer) as url, AsyncClient(url, max_retries=0) as client:
            limits = httpx.Timeout(10, write=0.2)
            with pytest.raises(APITimeoutError, match="WriteTimeout"):
                await client.runs.create("t", "agent", input="x" * 64 * MB, timeout=limits)
            done.set()

    done = asyncio.Event()
    run(work())


def test_an_answer_to_a_large_request(run: Run) -> None:
    received = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal received
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        received = len(await reader.readexactly(length))
        body = orjson.dumps(run_json())
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()

    async def work() -> None:
        async with serving(answer) as url, AsyncClient(url) as client:
            assert (await client.runs.create("t", "agent", input="x" * 16 * MB)).run_id == "r"

    run(work())
    assert received > 16 * MB


def test_a_stream_that_another_task_closes(run: Run, replay: Replay) -> None:
    server = replay(
        Response.events([sse("custom", 1)], headers=(LOCATION,), fault="silent", fault_after=len(sse("custom", 1)))
    )

    async def work() -> None:
        async with AsyncClient(server.url) as client:
            stream = client.runs.stream("t", "agent", stream_mode="custom")
            first = asyncio.Event()

            async def read() -> int:
                count = 0
                async for _ in stream:
                    count += 1
                    first.set()
                return count

            reading = asyncio.create_task(read())
            await first.wait()
            await asyncio.sleep(0)  # the reader waits for what comes next
            await stream.aclose()
            assert await reading == 1

    run(work())


@asynccontextmanager
async def serving(answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]) -> AsyncIterator[str]:
    """A server in this event loop, and its URL."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def test_a_timeout_around_the_next_event_loses_nothing(run: Run, replay: Replay) -> None:
    async def work() -> None:
        paused = Paused()
        server = replay(paused)
        found: list[Any] = []
        async with AsyncClient(server.url) as client, client.runs.stream("t", "agent") as stream:
            while len(found) < 3:
                try:
                    found.append((await asyncio.wait_for(anext(stream), 0.05)).data)
                except TimeoutError:
                    paused.switches[len(found)].set()
                    if len(found) == 1:
                        paused.switches[3].set()
            assert [event async for event in stream] == []
        assert found == [0, 1, 2]

    run(work())


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Streams events, without a header about their length."""
    assert scope["path"] == "/runs/stream"
    while (await receive())["more_body"]:
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    for number in range(3):
        await send({"type": "http.response.body", "body": sse("custom", number), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def test_a_stream_of_an_application_in_the_same_process_ends_well(run: Run) -> None:
    async def work() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application)) as http_client:
            client = AsyncClient("http://server", http_client=http_client)
            assert [event.data async for event in client.runs.stream(None, "agent")] == [0, 1, 2]

    run(work())


@pytest.mark.parametrize("left", [False, True])
def test_a_map_whose_task_the_end_of_the_loop_cancels(
    left: bool, run: Run, fake_server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Together with the tasks of its runs. If it is left by its block, it still cancels the runs."""

    def agent(_: FakeRun) -> list[Pause]:
        started.release()
        return [Pause()]

    fake_server.on_stream("agent", agent)
    client, started = fake_server.async_client(), threading.Semaphore(0)

    async def follow() -> None:
        pairs = client.runs.map([{"assistant_id": "agent"}] * 3)
        if left:
            async with pairs:
                await anext(pairs)
        await anext(pairs)

    async def work() -> None:
        following = asyncio.create_task(follow())
        for _ in range(3):
            assert await asyncio.to_thread(started.acquire, timeout=30)
        assert not following.done()

    run(work())
    gc.collect()
    assert [request.path.endswith("/cancel") for request in fake_server.requests] == [False] * 3 + [True] * 3 * left
    assert not caplog.records
