# Derived from tests/client/_async/server_runs.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Runs on a real server, made and looked at by its tests."""

import contextlib
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
from packaging.version import Version

from langgraph_runs import (
    CheckpointsEvent,
    Client,
    CustomEvent,
    DebugEvent,
    EventsEvent,
    MessagesEvent,
    MessageTupleEvent,
    NotFoundError,
    Run,
    StreamMode,
    TasksEvent,
    UpdatesEvent,
    ValuesEvent,
)
from tests.client._sync.calls import drained
from tests.support.conformance import forgive

EVENTS: dict[StreamMode, set[tuple[str, type]]] = {
    "values": {("values", ValuesEvent)},
    "updates": {("updates", UpdatesEvent)},
    "messages": {("messages/metadata", MessagesEvent), ("messages/complete", MessagesEvent)},
    "messages-tuple": {("messages", MessageTupleEvent)},
    "events": {("events", EventsEvent)},
    "debug": {("debug", DebugEvent)},
    "tasks": {("tasks", TasksEvent)},
    "checkpoints": {("checkpoints", CheckpointsEvent)},
    "custom": {("custom", CustomEvent)},
}
ALL_MODES = list(EVENTS)

# Busy until it is cancelled. A later run on that thread inherits the state, and must not be as busy.
BUSY = {"tokens": 1, "sleep": 60}
IDLE = {"tokens": 0}


def new_id() -> str:
    return str(uuid.uuid4())


def later(client: Client, thread_id: str | None, **arguments: Any) -> Run:
    """A run that does not start during the tests."""
    return client.runs.create(thread_id, "agent", if_not_exists="create", after_seconds=3600, **arguments)


@contextlib.contextmanager
def running(client: Client, count: int) -> Iterator[list[Run]]:
    """So many runs that have started and are busy, each on a thread of its own; cancelled in the end."""
    runs = [
        client.runs.create(new_id(), "agent", input=BUSY, stream_resumable=True, if_not_exists="create")
        for _ in range(count)
    ]
    try:
        for run in runs:
            with client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1") as stream:
                next(stream)
        yield runs
    finally:
        for run in runs:
            with contextlib.suppress(NotFoundError):
                client.runs.cancel(run.thread_id, run.run_id)


def replay(
    client: Client, thread_id: str, run_id: str, last_event_id: str | None = "-1", **arguments: Any
) -> list[Any]:
    """The events of a resumable run, to its end.

    That comes as soon as they have come, while other ways take half a second if the run has ended already.
    """
    stream = client.runs.join_stream(thread_id, run_id, last_event_id=last_event_id, **arguments)
    with stream:
        return drained(stream)


def statuses(client: Client, *runs: Run) -> list[str]:
    return [(client.runs.get(run.thread_id, run.run_id)).status for run in runs]


def forgive_empty_answers(version: Version) -> None:
    """Before 0.5, who joins a run that was cancelled before it started gets nothing; before 0.16, who waits for a rollback may."""
    if version < Version("0.5"):
        forgive(r"^join_run: .*: 200: the body is not JSON \(.*empty")
    if version < Version("0.16"):
        forgive(r"^cancel_run: .*wait=1&action=rollback: 200: the body is not JSON \(.*empty")


def threads_with(api: httpx.Client, mark: str) -> set[str]:
    """The threads made for runs whose metadata has this mark."""
    return {thread["thread_id"] for thread in api.post("/threads/search", json={"metadata": {"mark": mark}}).json()}
