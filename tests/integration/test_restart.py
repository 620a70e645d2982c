"""The real server is killed while streams and waits are open, and started again, or not."""

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import pytest

from langgraph_runs import AsyncClient, Client, CustomEvent, LangGraphError, RetryPolicy
from tests.support.conformance import CheckedServer

# Long enough that no run ends before the kill, and short enough to wait for those that survive it.
TOKENS = 200
INPUT = {"tokens": TOKENS, "sleep": 0.05}
WHOLE = list(range(TOKENS))
RUN: dict[str, Any] = {"input": INPUT, "if_not_exists": "create"}
# Patient enough for the server's start; after that, silence of more than one missed heartbeat ends a connection.
OPTIONS: dict[str, Any] = {
    "idle_timeout": 8,
    "max_retries": RetryPolicy(max_retries=8, initial=0.5, maximum=4, total=60),
}
HASTY: dict[str, Any] = {"idle_timeout": 8, "max_retries": RetryPolicy(max_retries=2, initial=0.1)}
# All bounds together, and the time that a slow machine may take.
BOUND = 150


class Calls:
    """What is open while the server is killed.

    Attributes:
        progress: The events of each stream.
        results: What the calls ended with.
    """

    def __init__(self) -> None:
        self.progress: dict[str, list[int]] = {"resumable": [], "plain": []}
        self.results: dict[str, Any] = {}
        self._begun: set[str] = set()
        self._all_begun = threading.Event()

    def begun(self, name: str) -> None:
        self._begun.add(name)
        if len(self._begun) == 3:
            self._all_begun.set()

    def event(self, name: str, event: object) -> None:
        if isinstance(event, CustomEvent):
            self.progress[name].append(event.data["i"])
            self.begun(name)

    def wait_until_all_have_begun(self) -> None:
        assert self._all_begun.wait(BOUND)

    def check(self, *, again: bool) -> None:
        """All have ended: with everything, or with a typed error and everything up to it."""
        assert set(self.results) == {"resumable", "plain", "wait"}
        for name, result in self.results.items():
            assert result is None or isinstance(result, LangGraphError), result
            assert again or result is not None, f"{name} ended well without a server"
        for name, progress in self.progress.items():
            assert progress == WHOLE[: len(progress)]
            assert progress == WHOLE or self.results[name] is not None
        # Nobody keeps its events.
        assert isinstance(self.results["plain"], LangGraphError)


@pytest.fixture(scope="module")
def started() -> Iterator[CheckedServer]:
    with CheckedServer() as server:
        yield server


@pytest.fixture
def server(started: CheckedServer) -> CheckedServer:
    """A running server."""
    if started.pid is None:
        started.start()
    return started


def kill(server: CheckedServer, calls: Calls, *, again: bool) -> None:
    calls.wait_until_all_have_begun()
    server.kill()
    if again:
        server.start()


@pytest.mark.parametrize("again", [True, False], ids=["again", "for good"])
def test_calls_of_threads_end_when_the_server_is_killed(server: CheckedServer, again: bool) -> None:
    calls = Calls()

    def stream(name: str) -> None:
        resumable = name == "resumable"
        for event in client.runs.stream(uuid.uuid4(), "agent", stream_mode="custom", stream_resumable=resumable, **RUN):
            calls.event(name, event)

    def wait(name: str) -> None:
        client.runs.wait(uuid.uuid4(), "agent", on_run_created=lambda _: calls.begun(name), **RUN)

    def ended(name: str, call: Callable[[str], None]) -> None:
        try:
            call(name)
            calls.results[name] = None
        except BaseException as error:  # noqa: BLE001 - what it is, is checked
            calls.results[name] = error

    with Client(server.url, **(OPTIONS if again else HASTY)) as client:
        jobs = {"resumable": stream, "plain": stream, "wait": wait}
        # As daemons, so that those that hang don't keep the tests from ending.
        threads = [threading.Thread(target=ended, args=job, daemon=True) for job in jobs.items()]
        for thread in threads:
            thread.start()
        kill(server, calls, again=again)
        for thread in threads:
            thread.join(BOUND)
        calls.check(again=again)
        if again:
            assert client.runs.wait(uuid.uuid4(), "agent", input={}, if_not_exists="create")["n"] == 1


@pytest.mark.anyio
@pytest.mark.parametrize("again", [True, False], ids=["again", "for good"])
async def test_calls_of_tasks_end_when_the_server_is_killed(server: CheckedServer, again: bool) -> None:
    calls = Calls()

    async def stream(name: str) -> None:
        resumable = name == "resumable"
        async with client.runs.stream(
            uuid.uuid4(), "agent", stream_mode="custom", stream_resumable=resumable, **RUN
        ) as events:
            async for event in events:
                calls.event(name, event)

    async def wait(name: str) -> None:
        await client.runs.wait(uuid.uuid4(), "agent", on_run_created=lambda _: calls.begun(name), **RUN)

    async def ended(name: str, call: Callable[[str], Any]) -> None:
        try:
            calls.results[name] = await call(name)
        except Exception as error:  # noqa: BLE001 - what it is, is checked
            calls.results[name] = error

    with anyio.fail_after(BOUND):
        async with AsyncClient(server.url, **(OPTIONS if again else HASTY)) as client:
            async with anyio.create_task_group() as tasks:
                for job in {"resumable": stream, "plain": stream, "wait": wait}.items():
                    tasks.start_soon(ended, *job)
                await anyio.to_thread.run_sync(lambda: kill(server, calls, again=again))
            calls.check(again=again)
            if again:
                values = await client.runs.wait(uuid.uuid4(), "agent", input={}, if_not_exists="create")
                assert values["n"] == 1
