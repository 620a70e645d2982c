"""The runs and threads of a fake server, without I/O, clock or sleep: the time comes in with each call.

Nothing runs in the background. A run plays its script as far as it has come whenever somebody asks, and each step
happens at the time when it would have happened.
"""

import logging
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias, get_args
from uuid import uuid4

import attrs

from langgraph_runs.events import Interrupt
from langgraph_runs.testing._script import Cut, FakeRun, Pause, Script
from langgraph_runs_api.models import StreamMode
from langgraph_runs_api.values import from_json, is_object, to_json

JSON: TypeAlias = dict[str, Any]

_CANCELLED: Final = {
    "error": "UserInterrupt",
    "message": "interrupt requested via POST /threads/{thread_id}/runs/cancel",
}
_NODE: Final = "node"  # scripts have no nodes
_KEPT_STREAMS: Final = 100  # of runs that are gone


# Exceptions whose messages the server tells.
_TOLD: Final = {
    "AttributeError", "EmptyInputError", "GraphBubbleUp", "HTTPException", "InvalidUpdateError", "KeyError",
    "RecursionError", "RuntimeError", "TaskNotFound", "TimeoutError", "TypeError", "UserInterrupt", "ValueError"
}  # fmt: skip
_MODES: Final = get_args(StreamMode)
_LOGGER: Final = logging.getLogger(__name__)


def mode_of(name: str) -> str:
    """The stream mode that asks for events of this name; no event is named `messages-tuple`."""
    name = name.partition("|")[0]
    return {"messages": "messages-tuple", "messages-tuple": ""}.get(name, name.partition("/")[0])


@attrs.frozen
class Entry:
    """What the readers of a run's stream get: an event, or a cut if it has no name."""

    name: str
    data: bytes
    id: str
    kept: bool  # for a replay

    @property
    def mode(self) -> str:
        """The stream mode that asks for it."""
        return mode_of(self.name)


@attrs.define(eq=False)
class Thread:
    """A thread and its runs, oldest first."""

    thread_id: str
    created: float
    metadata: JSON
    runs: "dict[str, Run]" = attrs.field(factory=dict)  # pyright: ignore[reportUnknownVariableType]
    temporary: bool = False
    updated: float = 0.0
    config: JSON = attrs.field(factory=JSON)
    last_status: str = "idle"
    values: JSON = attrs.field(factory=JSON)
    shown_values: JSON | None = None  # those when the last run ended
    error: dict[str, str] | None = None
    interrupts: list[JSON] = attrs.field(factory=list[JSON])
    task_id: str = ""  # of the node that waits
    waiting: Iterator[Any] | None = None  # the rest of an interrupted run's script
    history: list[JSON] = attrs.field(factory=list[JSON])  # newest first
    _plays: bool = False

    @property
    def active(self) -> "list[Run]":
        """The runs that have not ended."""
        return [run for run in self.runs.values() if not run.ended]

    @property
    def status(self) -> str:
        """The status that the server tells."""
        return "busy" if self.active else self.last_status

    def advance(self, now: float) -> None:
        """Play the runs as far as they have come."""
        if self._plays:
            return  # a script asks the server that plays it
        self._plays = True
        try:
            while waiting := self.active:
                run = min(waiting, key=lambda run: (run.status != "running", run.ready))
                if not run.play(now):
                    return
        finally:
            self._plays = False

    def checkpoint(self, run_id: str | None, now: float, source: str) -> JSON:
        """Add the values to the history."""
        parent = self.history[0]["checkpoint"] if self.history else None
        id = str(uuid4())
        metadata: JSON = {"source": source, "step": len(self.history), "parents": {}, **self.metadata}
        metadata |= {"thread_id": self.thread_id} | ({"run_id": run_id} if run_id else {})
        state: JSON = {
            "values": self.values,
            "next": [],
            "tasks": [],
            "metadata": metadata,
            "created_at": iso(now),
            "checkpoint": {"checkpoint_id": id, "thread_id": self.thread_id, "checkpoint_ns": ""},
            "parent_checkpoint": parent,
            "interrupts": [],
            "checkpoint_id": id,
            "parent_checkpoint_id": parent and parent["checkpoint_id"],
        }
        self.history.insert(0, state)
        return state

    def interrupt(self, found: list[JSON]) -> None:
        """Note in the latest state that a node waits for a human."""
        self.task_id, self.interrupts = str(uuid4()), [{"id": one["id"], "value": one["value"]} for one in found]
        task = {"id": self.task_id, "name": _NODE, "path": ["__pregel_pull", _NODE], "interrupts": self.interrupts}
        nothing = {"error": None, "checkpoint": None, "state": None, "result": None}
        self.history[0] |= {"next": [_NODE], "tasks": [{**task, **nothing}], "interrupts": self.interrupts}


@attrs.define(eq=False)
class Run:
    """A run: what was asked, and how far it has come."""

    thread: Thread
    assistant_id: str
    body: JSON
    script: Script
    created: float
    metadata: JSON
    strategy: str
    run_id: str = attrs.field(factory=lambda: str(uuid4()))
    status: str = "pending"
    ended: bool = False
    log: list[Entry] = attrs.field(factory=list[Entry])
    cuts: set[int] = attrs.field(factory=set[int])  # positions in the log that still cut
    outcome: Any = None  # what waiting for it answers
    ready: float = 0.0  # when it starts, unless another run is in the way
    clock: float = 0.0  # how far it has come
    _steps: Iterator[Any] = attrs.field(factory=lambda: iter(()))
    _pause: Pause | None = None
    _answer: Any = None

    @property
    def modes(self) -> set[str]:
        """The stream modes that were asked for."""
        modes = self.body.get("stream_mode", "values")
        found = {modes} if isinstance(modes, str) else set(modes)
        return found - {"messages"} if "messages-tuple" in found else found

    @property
    def resumable(self) -> bool:
        """Whether its events are kept."""
        return bool(self.body.get("stream_resumable"))

    def play(self, now: float) -> bool:
        """Play the script up to now; True if the run has ended."""
        if self.ready > now:
            return False
        if self.status == "pending":
            self._start(now)
        while not self.ended:
            if self._pause is not None:
                end = now if self._pause.released else self.wake()
                if end is None or end > now:
                    return False
                self._pause, self.clock = None, end
            self._step()
        return True

    def wake(self) -> float | None:
        """When it goes on by itself; None if that is not known."""
        if self.status == "pending":
            return self.ready
        return None if self._pause is None or self._pause.seconds is None else self.clock + self._pause.seconds

    def stop(self, now: float) -> None:
        """Cancel it."""
        self.clock = max(now, self.clock)
        self.outcome = self.thread.values
        self._end("interrupted", thread="interrupted", error=_CANCELLED)

    def _start(self, now: float) -> None:
        self.status, self.clock = "running", min(max(self.ready, self.thread.updated), now)
        thread = self.thread
        command: JSON = self.body.get("command") or {}
        thread.error, self._steps = None, thread.waiting or iter(())
        resumed = "resume" in command and thread.waiting is not None
        thread.waiting, thread.interrupts = None, []
        self.emit("metadata", {"run_id": self.run_id, "attempt": 1}, asked=True)
        if resumed:
            self._answer = command["resume"]
            return
        run = FakeRun(self.run_id, thread.thread_id, deepcopy(self.body), deepcopy(thread.values))
        try:
            self._steps = iter(self.script(run) if callable(self.script) else self.script)
        except Exception as error:  # noqa: BLE001 - whatever a node raises fails the run
            self._fail(error)

    def _step(self) -> None:
        answer, self._answer = self._answer, None
        try:
            send = getattr(self._steps, "send", None)  # of a generator
            step: Any = next(self._steps) if send is None else send(answer)
            self._take(step)
        except StopIteration:
            self.outcome = self.thread.values
            self._end("success")
        except Exception as error:  # noqa: BLE001 - whatever a node raises fails the run
            self._fail(error)

    def _take(self, step: Any) -> None:
        match step:
            case Pause():
                self._pause = step
            case Cut():
                self.cuts.add(len(self.log))
                self.log.append(Entry("", b"", self._id(), kept=False))
            case BaseException():
                self._fail(step)
            case Interrupt():
                self._interrupt([step])
            case (str(name), data) if mode_of(name) in _MODES:
                self.emit(name, data)
            case [Interrupt(), *_]:
                self._interrupt(step)
            case _ if hasattr(step, "event"):
                self.emit(step.event, step.data)
            case _:
                raise TypeError(f"a script can't have the step {step!r}")

    def emit(self, name: str, data: Any, *, asked: bool = False) -> None:
        """Add an event to the stream, if its mode was asked for."""
        content = to_json(data)
        if name == "values" and is_object(values := from_json(content)) and "__interrupt__" not in values:
            self.thread.values = values
            self.thread.checkpoint(self.run_id, self.clock, "loop" if self.log[1:] else "input")
        kept = self.resumable and not name.startswith("messages/") and name != "error"
        entry = Entry(name, content, self._id(), kept)
        wanted = entry.mode in self.modes and ("|" not in name or self.body.get("stream_subgraphs"))
        if asked or wanted:
            self.log.append(entry)

    def _id(self) -> str:
        # As on the real server, ids are not unique: two events at a time share one.
        return f"{int(self.ready * 1000) + len(self.log) // 2}-0"

    def _interrupt(self, asked: Sequence[Interrupt]) -> None:
        found = [{"value": one.value, "id": one.id or uuid4().hex, "response_schema": None} for one in asked]
        values = {**self.thread.values, "__interrupt__": found}
        self.emit("updates", {"__interrupt__": found})
        self.emit("values", values)
        self.outcome = values
        self._end("success", thread="interrupted")
        self.thread.waiting = self._steps
        self.thread.interrupt(found)

    def _fail(self, error: BaseException) -> None:
        told = any(kind.__name__ in _TOLD for kind in type(error).__mro__)
        if not told:
            _LOGGER.warning("the server hides the message of %r", error, exc_info=error)
        shown = {"error": type(error).__name__, "message": str(error) if told else "An internal error occurred"}
        self.emit("error", shown, asked=True)
        self.outcome = {"__error__": shown}
        self._end("error", thread="error", error=shown)

    def _end(self, status: str, *, thread: str = "idle", error: dict[str, str] | None = None) -> None:
        self.status, self.ended = status, True
        self.thread.last_status, self.thread.error = thread, error
        self.thread.shown_values, self.thread.updated = self.thread.values, self.clock
        if not self.thread.history:
            self.thread.checkpoint(self.run_id, self.clock, "loop")


@attrs.define
class Store:
    """All threads, and what is left of runs that are gone."""

    threads: dict[str, Thread] = attrs.field(factory=dict[str, Thread])
    busy: dict[str, Thread] = attrs.field(factory=dict[str, Thread])  # those with runs that may not have ended
    streams: OrderedDict[str, Run] = attrs.field(factory=OrderedDict[str, Run])

    def add(self, run: Run) -> None:
        """Take a run."""
        run.thread.runs[run.run_id] = run
        self.busy[run.thread.thread_id] = run.thread

    def advance(self, now: float, only: Thread | None = None) -> None:
        """Play all runs, or those of a thread, as far as they have come, and forget stateless ones that have ended."""
        for thread in [*self.busy.values()] if only is None else [only]:
            thread.advance(now)
            if not thread.active:
                self.busy.pop(thread.thread_id, None)
                if thread.temporary:
                    self.drop(thread)

    def drop(self, thread: Thread) -> None:
        """Delete a thread, but for the events that can still be replayed."""
        self.threads.pop(thread.thread_id, None)
        self.busy.pop(thread.thread_id, None)
        for run in thread.runs.values():
            if run.resumable:
                self.streams[run.run_id] = run
        while len(self.streams) > _KEPT_STREAMS:
            self.streams.popitem(last=False)

    def run(self, thread_id: str, run_id: str) -> Run | None:
        """A run."""
        thread = self.threads.get(thread_id)
        return None if thread is None else thread.runs.get(run_id)


def iso(time: float) -> str:
    """A time as the server writes it."""
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="microseconds")
