"""The requests that the fake server gets, and what its responses are made of."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

import attrs
import httpx
import orjson

from langgraph_runs.testing._reader import Reader
from langgraph_runs.testing._runs import Run, Thread, iso

_ASSISTANTS: Final = UUID("6ba7b821-9dad-11d1-80b4-00c04fd430c8")  # the real server derives the assistants' ids from it


@attrs.frozen
class FakeRequest:
    """A request that the fake server got.

    Attributes:
        method: Such as `POST`.
        path: Without the query.
        params: The query.
        headers: The headers; their names in any case.
        content: The body.
    """

    method: str
    path: str
    params: httpx.QueryParams
    headers: httpx.Headers = attrs.field(repr=False)
    content: bytes = attrs.field(repr=False)

    @property
    def json(self) -> Any:
        """The body, parsed; None if there is none."""
        return orjson.loads(self.content) if self.content else None


@attrs.frozen
class Answer:
    """A response: its content, or what comes while a run goes on."""

    status: int
    headers: Mapping[str, str]
    content: bytes | Reader = b""


class RefusedError(Exception):
    """The server refuses a request."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.answer = json_answer({"detail": detail}, status=status)


def json_answer(value: Any, *, status: int = 200, **headers: str) -> Answer:
    """A response of JSON."""
    own = {"content-type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return Answer(status, own, orjson.dumps(value, default=str))


def event_stream(path: str, content: bytes | Reader) -> Answer:
    """A response of server-sent events about the run with this path."""
    headers = {
        "location": f"{path}/stream",
        "content-location": path,
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        "content-type": "text/event-stream; charset=utf-8",
    }
    return Answer(200, headers, content)


def final_values(path: str, values: Any) -> Answer:
    """A response of the final values of the run with this path; from a Reader they come once the run has ended."""
    headers = {"location": f"{path}/join", "content-location": path, "content-type": "application/json"}
    return Answer(200, headers, values if isinstance(values, Reader) else orjson.dumps(values, default=str))


@functools.cache
def assistant_id(graph: str) -> str:
    """The id of a graph's own assistant."""
    return str(uuid5(_ASSISTANTS, graph))


def run_json(run: Run) -> dict[str, Any]:
    """A run as the server tells it."""
    body, thread_id = run.body, run.thread.thread_id
    configurable = {"run_id": run.run_id, "thread_id": thread_id, "assistant_id": run.assistant_id}
    if "checkpoint_id" in body:
        configurable["checkpoint_id"] = body["checkpoint_id"]
    config = body.get("config", {})
    kwargs = {
        "input": body.get("input"),
        "command": body.get("command"),
        "config": {**config, "configurable": {**config.get("configurable", {}), **configurable}},
        "context": body.get("context", {}),
        "stream_mode": sorted(run.modes),
        "interrupt_before": body.get("interrupt_before"),
        "interrupt_after": body.get("interrupt_after"),
        "webhook": body.get("webhook"),
        "feedback_keys": body.get("feedback_keys"),
        "temporary": run.thread.temporary,
        "subgraphs": body.get("stream_subgraphs", False),
        "resumable": run.resumable,
        "checkpoint_during": True,
        "durability": body.get("durability", "async"),
    }
    return {
        "run_id": run.run_id,
        "thread_id": thread_id,
        "assistant_id": run.assistant_id,
        "metadata": run.metadata,
        "status": run.status,
        "kwargs": kwargs,
        "multitask_strategy": run.strategy,
        "created_at": iso(run.created),
        "updated_at": iso(run.clock or run.created),
        "langsmith_session_name": None,
    }


def thread_json(thread: Thread) -> dict[str, Any]:
    """A thread as the server tells it."""
    shown = {
        "thread_id": thread.thread_id,
        "created_at": iso(thread.created),
        "updated_at": iso(thread.updated),
        "state_updated_at": thread.history[0]["created_at"] if thread.history else iso(thread.created),
        "metadata": thread.metadata,
        "status": thread.status,
        "config": thread.config,
        "values": thread.shown_values,
    }
    if thread.shown_values is not None:
        waiting = {thread.task_id: thread.interrupts} if thread.interrupts else {}
        shown |= {"error": thread.error, "interrupts": waiting}
    return shown


def assistant_json(graph: str) -> dict[str, Any]:
    """A graph's own assistant as the server tells it."""
    return {
        "assistant_id": assistant_id(graph),
        "graph_id": graph,
        "config": {},
        "context": {},
        "metadata": {"created_by": "system"},
        "name": graph,
        "created_at": iso(0),
        "updated_at": iso(0),
        "version": 1,
        "description": None,
    }


def selected(fields: dict[str, Any], select: Sequence[str]) -> dict[str, Any]:
    """The fields that were asked for; all if none was."""
    return {name: fields[name] for name in select if name in fields} if select else fields
