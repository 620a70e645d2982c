"""A server that is unreachable while its runs go on: no event is lost. For killed servers see tests/integration."""

import threading
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

import anyio

from langgraph_runs import AsyncClient, Client, CustomEvent, RetryPolicy
from tests.support.proxy import FaultProxy

BOUND = 120  # seconds; it takes a tenth
TOKENS = 40
# None may end before all have begun.
RUN: dict[str, Any] = {"input": {"tokens": TOKENS, "sleep": 0.2}}
STREAM: dict[str, Any] = {**RUN, "stream_mode": "custom", "stream_resumable": True}
OPTIONS: dict[str, Any] = {
    "max_retries": RetryPolicy(max_retries=200, initial=0.05, maximum=0.2, total=60),
    "idle_timeout": 10,
}


class Job(threading.Thread):
    """A call that goes on while the server is away.

    Attributes:
        begun: Set when its run has begun.
        refused: Set when a stream found nobody listening.
        outcome: What the call gave or raised; a stream gives its events, its thread and its run.
    """

    def __init__(self, name: str, call: Callable[["Job"], Any]) -> None:
        super().__init__(name=name, daemon=True)
        self.begun = threading.Event()
        self.refused = threading.Event()
        self.outcome: Any = None
        self._call = call
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self._call(self)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.outcome = error

    def created(self, _: object) -> None:
        """For `on_run_created`."""
        self.begun.set()

    def reconnecting(self, _: int, __: str | None, cause: Exception) -> None:
        """For `on_reconnect`."""
        if "connecting failed" in str(cause):
            self.refused.set()


def streaming(url: str, thread_id: str | None) -> Callable[[Job], Any]:
    more: dict[str, Any] = {} if thread_id is None else {"if_not_exists": "create"}

    def call(job: Job) -> Any:
        with Client(url, **OPTIONS) as client:
            events = client.runs.stream(thread_id, "agent", **STREAM, **more, on_reconnect=job.reconnecting)
            got = []
            for event in events:
                job.begun.set()
                got.append(event)
            return got, events.thread_id, events.run_id

    return call


def waiting(url: str) -> Callable[[Job], Any]:
    def call(job: Job) -> Any:
        with Client(url, **OPTIONS) as client:
            return client.runs.wait(str(uuid4()), "agent", **RUN, if_not_exists="create", on_run_created=job.created)

    return call


def streaming_async(url: str) -> Callable[[Job], Coroutine[Any, Any, Any]]:
    async def call(job: Job) -> Any:
        async with AsyncClient(url, **OPTIONS) as client:
            events = client.runs.stream(
                str(uuid4()), "agent", **STREAM, if_not_exists="create", on_reconnect=job.reconnecting
            )
            got = []
            async for event in events:
                job.begun.set()
                got.append(event)
            return got, events.thread_id, events.run_id

    return call


def waiting_async(url: str) -> Callable[[Job], Coroutine[Any, Any, Any]]:
    async def call(job: Job) -> Any:
        async with AsyncClient(url, **OPTIONS) as client:
            return await client.runs.wait(
                str(uuid4()), "agent", **RUN, if_not_exists="create", on_run_created=job.created
            )

    return call


def on(backend: str, call: Callable[[Job], Coroutine[Any, Any, Any]]) -> Callable[[Job], Any]:
    return lambda job: anyio.run(call, job, backend=backend)


def test_streams_and_waits_go_on_when_the_server_is_back(server_url: str) -> None:
    with FaultProxy(server_url) as proxy:
        streams = [
            Job("stream", streaming(proxy.url, str(uuid4()))),
            Job("stateless stream", streaming(proxy.url, None)),
            *(Job(f"stream on {backend}", on(backend, streaming_async(proxy.url))) for backend in ("asyncio", "trio")),
        ]
        waits = [
            Job("wait", waiting(proxy.url)),
            *(Job(f"wait on {backend}", on(backend, waiting_async(proxy.url))) for backend in ("asyncio", "trio")),
        ]
        for job in streams + waits:
            assert job.begun.wait(BOUND), f"{job.name} does not begin: {job.outcome!r}"
    for job in streams:
        assert job.refused.wait(BOUND), f"{job.name} does not notice: {job.outcome!r}"
    with FaultProxy(server_url, port=proxy.port), Client(server_url) as direct:
        for job in streams + waits:
            job.join(BOUND)
            assert not job.is_alive(), f"{job.name} hangs"
            assert not isinstance(job.outcome, Exception), f"{job.name}: {job.outcome!r}"
        for job in streams:
            got, thread_id, run_id = job.outcome
            assert [event.data["i"] for event in got if isinstance(event, CustomEvent)] == list(range(TOKENS))
            assert got == list(direct.runs.join_stream(thread_id, run_id, last_event_id="-1"))
        for job in waits:
            assert job.outcome["n"] == 1
