"""What a script is made of: the steps of a run that an assistant of the fake server plays."""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeAlias

import attrs

from langgraph_runs.events import Interrupt


class Pause:
    """A step at which a run stays `running`, as in a slow node.

    Args:
        seconds: How long, in real time. None: until `release` is called or the run is cancelled, so that a test needs
            no time at all.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self._released = threading.Event()

    def release(self) -> None:
        """Let all runs go on that are at this step or will come to it. Any thread may call it."""
        self._released.set()

    @property
    def released(self) -> bool:
        """Whether `release` was called."""
        return self._released.is_set()


class Cut:
    """A step at which the connection of whoever streams, waits or joins breaks, once; the run goes on."""


class EventLike(Protocol):
    """An event, such as the library's own."""

    event: str
    data: Any


Step: TypeAlias = "tuple[str, Any] | EventLike | Pause | Cut | Interrupt | Sequence[Interrupt] | BaseException"
"""An event (its name and data, or one of the library's), a pause, a cut, an interrupt (or several at once), or the
exception that fails the run."""
Script: TypeAlias = "Sequence[Step] | Callable[[FakeRun], Iterable[Step]]"
"""The steps of each run, or a function of the run that gives or yields them. What it raises fails the run."""


@attrs.define(eq=False)
class FakeRun:
    """A run, as a script sees it.

    Attributes:
        run_id: Its id.
        thread_id: Its thread, also of a stateless run.
        body: The request's body: `input`, `config`, `context`, `metadata` and more.
        values: The thread's values before this run.
    """

    run_id: str
    thread_id: str
    body: dict[str, Any]
    values: dict[str, Any]

    @property
    def input(self) -> Any:
        """The graph's input; None if there is none."""
        return self.body.get("input")
