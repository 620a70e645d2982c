"""`runs.map`: many stateless runs, some at a time."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import httpx
import pytest

from langgraph_runs import AsyncClient, RunCreate, RunFailedError, RunInterruptedError
from langgraph_runs._transport.synchronization import AsyncEvent, AsyncWorkers, asleep
from tests.client._async.server_runs import new_id
from tests.support.interrupting import CancelledRuns
from tests.support.replay import Replay

pytestmark = [
    pytest.mark.anyio,
    # Trio warns of the generators of httpx, which stay suspended where a response is closed before its end.
    pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning"),
]


@attrs.frozen
class Numbered:
    """The part of the graph's state that tests look at."""

    n: int


def payload(**state: Any) -> RunCreate:
    return {"assistant_id": "agent", "input": state}


async def test_each_payload_comes_with_what_wait_gives_or_raises(client: AsyncClient) -> None:
    bad: Any = {"assistant_id": "agent", "inptu": {}}
    payloads = [payload(n=1), payload(fail=True), payload(ask=True, n=5), bad, payload(n=2), payload(n=3)]
    results = {}
    async with client.runs.map(iter(payloads), concurrency=2) as pairs:
        async for given, result in pairs:
            results[payloads.index(given)] = result
    assert [results[number]["n"] for number in (0, 4, 5)] == [2, 3, 4]  # type: ignore[index]
    assert isinstance(results[1], RunFailedError)
    assert isinstance(interrupted := results[2], RunInterruptedError)
    assert interrupted.interrupts[0].value == {"q": "go on?"}
    assert isinstance(results[3], TypeError)
    assert "input" in str(results[3])
    assert len(results) == len(payloads)


async def test_results_are_converted(server_url: str) -> None:
    async with AsyncClient(server_url, state_type=Numbered) as client:
        results = [result async for _, result in client.runs.map([payload(n=1), payload(n=1)])]
    assert results == [Numbered(2), Numbered(2)]


async def test_only_so_many_are_under_way_and_payloads_are_read_as_they_start(client: AsyncClient) -> None:
    started: list[int] = []

    def endless() -> Iterator[RunCreate]:
        while True:
            started.append(1)
            yield payload(n=len(started))

    async with client.runs.map(endless(), concurrency=3) as pairs:
        for ended in range(1, 6):
            await anext(pairs)
            assert len(started) <= ended + 2


async def test_leaving_it_cancels_what_is_under_way(client: AsyncClient, api: httpx.Client) -> None:
    key = new_id()
    slow: RunCreate = {
        **payload(tokens=1, sleep=600),
        "metadata": {"key": key},
        "on_completion": "keep",
    }
    async with client.runs.map([payload(n=1), slow, slow]) as pairs:
        await anext(pairs)
        await until(lambda: len(threads(api, key, "busy")) == 2)
    await until(lambda: not threads(api, key, "busy"))
    assert len(threads(api, key)) == 2
    with pytest.raises(RuntimeError, match="closed"):
        await anext(pairs)


async def test_a_loop_that_is_left_cancels_too(client: AsyncClient, api: httpx.Client) -> None:
    key = new_id()
    slow: RunCreate = {**payload(tokens=1, sleep=600), "metadata": {"key": key}, "on_completion": "keep"}
    async for _ in client.runs.map([payload(n=1), slow]):
        await until(lambda: len(threads(api, key, "busy")) == 1)
        break
    gc.collect()
    await until(lambda: len(threads(api, key)) == 1 and not threads(api, key, "busy"))


async def test_all_are_cancelled_at_once_with_the_headers_and_parameters_of_the_call(replay: Replay) -> None:
    server = replay(CancelledRuns(3))
    async with AsyncClient(server.url) as client:
        call: Any = {"headers": {"x-tenant": "a"}, "params": {"key": "b"}}
        async with client.runs.map([payload()] * 4, **call) as pairs:
            await anext(pairs)
    asked = [request for request in server.requests if request.path.endswith("/cancel")]
    assert {request.path for request in asked} == {f"/threads/t{n}/runs/r{n}/cancel" for n in (1, 2, 3)}
    assert {(request.headers["x-tenant"], request.target.partition("?")[2]) for request in asked} == {("a", "key=b")}


async def test_whatever_prevents_a_cancellation_is_a_warning(replay: Replay, caplog: pytest.LogCaptureFixture) -> None:
    runs = CancelledRuns(1)

    async def refuse(request: httpx.Request) -> None:
        if request.url.path.endswith("/cancel"):
            runs.end()
            raise LookupError("no more requests")

    server = replay(runs)
    async with (
        httpx.AsyncClient(event_hooks={"request": [refuse]}) as http_client,
        AsyncClient(server.url, http_client=http_client).runs.map([payload()] * 2) as pairs,
    ):
        await anext(pairs)
    assert "run r1: could not be cancelled: no more requests" in caplog.text


async def test_a_loop_that_waits_is_told_when_another_closes_it(replay: Replay) -> None:
    server = replay(CancelledRuns(1))
    async with AsyncClient(server.url) as client:
        pairs = client.runs.map([payload()] * 2)
        await anext(pairs)
        told = AsyncEvent()

        async def loop() -> None:
            with pytest.raises(RuntimeError, match="the map is closed"):
                await anext(pairs)
            told.set()

        AsyncWorkers().start(loop)
        await asleep(0.1)  # it probably waits by then
        await pairs.aclose()
        assert await told.wait(10)


async def test_two_loops_share_the_results(replay: Replay) -> None:
    server = replay(CancelledRuns(2))
    async with AsyncClient(server.url) as client:
        pairs = client.runs.map([payload()] * 3)
        await anext(pairs)
        found: list[Any] = []
        ended: list[AsyncEvent] = []

        async def loop() -> None:
            found.extend([result async for _, result in pairs])

        async def cancel(number: int) -> None:
            await client.runs.cancel(f"t{number}", f"r{number}")

        def start(function: Callable[..., Any], *arguments: int) -> None:
            event = AsyncEvent()
            ended.append(event)

            async def call() -> None:
                await function(*arguments)
                event.set()

            workers.start(call)

        workers = AsyncWorkers()
        start(loop)
        start(loop)
        await until(lambda: len(server.requests) == 3)
        await asleep(0.1)  # both probably wait by then
        start(cancel, 1)
        start(cancel, 2)
        for event in ended:
            assert await event.wait(10)
    assert len(found) == 2


async def test_an_exception_of_the_payloads_loses_nothing(client: AsyncClient) -> None:
    class Flaky:
        """Raises once between two payloads."""

        def __init__(self) -> None:
            self._steps: Iterator[Any] = iter([{"n": 1}, ZeroDivisionError(), {"n": 2}])

        def __iter__(self) -> "Flaky":
            return self

        def __next__(self) -> RunCreate:
            step = next(self._steps)
            if isinstance(step, Exception):
                raise step
            return payload(**step)

    async with client.runs.map(Flaky()) as pairs:
        with pytest.raises(ZeroDivisionError):
            await anext(pairs)
        results = [result async for _, result in pairs]
    assert sorted(result["n"] for result in results) == [2, 3]  # type: ignore[index]


async def test_a_closed_client_and_bad_arguments(server_url: str) -> None:
    client = AsyncClient(server_url)
    with pytest.raises(ValueError, match="concurrency"):
        client.runs.map([], concurrency=0)
    for limit in ("timeout", "idle_timeout"):
        with pytest.raises(ValueError, match=f"^{limit}: must be a positive number"):
            client.runs.map([payload()], **{limit: 0})  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        client.runs.map(None)  # type: ignore[arg-type]
    pairs = client.runs.map([payload()])
    await client.aclose()
    with pytest.raises(RuntimeError, match="the client is closed"):
        await anext(pairs)


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        await asleep(0.05)
    pytest.fail("it did not happen within 30 s")


def threads(api: httpx.Client, key: str, status: str | None = None) -> list[Any]:
    """The threads of runs with this key in their metadata, in this status."""
    body = {"metadata": {"key": key}, **({"status": status} if status else {})}
    found: list[Any] = api.post("/threads/search", json=body).raise_for_status().json()
    return found
