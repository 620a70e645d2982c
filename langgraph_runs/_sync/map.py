# Derived from langgraph_runs/_async/map.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Many stateless runs, some at a time."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic
from typing import Any, Final, Generic, Self

from attrs import define, field

from langgraph_runs._sansio.conversion import demand_ended
from langgraph_runs._sync.http import HTTP
from langgraph_runs._sync.wait import Wait
from langgraph_runs._transport.synchronization import Event, Workers, sleep
from langgraph_runs.options import RunCreate
from langgraph_runs.types import StateT
from langgraph_runs_api.display import Shown

_LEAVING: Final = 5.0


@define(eq=False, repr=False)
class _UnderWay:
    """The runs under way, and those that have ended since. Their tasks know this object, and not the `RunMap`."""

    workers: Workers = field(factory=Workers)
    waits: set[Wait] = field(factory=set[Wait])
    stopped: set[Wait] = field(factory=set[Wait])  # those of them whose task the end of the loop cancelled
    ended: deque[tuple[RunCreate, Any]] = field(factory=deque[tuple[RunCreate, Any]])
    changed: Event = field(factory=Event)
    left: Event = field(factory=Event)

    def run(self, payload: RunCreate, wait: Wait) -> None:
        """Run one to its end."""
        try:
            result: Any = wait.values()
            demand_ended(result, wait.location)
        except Exception as error:  # noqa: BLE001 - it is the result
            result = error
        except BaseException:
            self.stopped.add(wait)
            raise
        self.ended.append((payload, result))
        self.waits.discard(wait)
        self.changed.set()

    def leave(self) -> None:
        """Cancel the runs under way all at once, each as soon as its ids are known, and wait until they have ended."""
        asked: set[Wait] = set()
        answered: set[Wait] = set()

        def cancel(wait: Wait, timeout: float) -> None:
            wait.cancel(timeout)
            answered.add(wait)

        deadline = monotonic() + _LEAVING
        while self.waits | (asked - answered) and (remaining := deadline - monotonic()) > 0:
            stopped = {*self.stopped}
            for wait in self.waits - asked:
                if None not in wait.location:
                    asked.add(wait)
                    self.workers.start(cancel, wait, remaining)
            self.waits -= stopped
            sleep(min(remaining, 0.05))
        self.left.set()
        self.workers.stop()


@define(eq=False, repr=False)
class RunMap(Shown, Generic[StateT]):
    """The results of many stateless runs, in the order in which the runs end: a synchronous iterator of pairs.

    The first of a pair is the payload, as it was given; the second is what `wait` would return for it, or the
    exception that it would raise. A run that waits for a human gives a RunInterruptedError, also without a
    `state_type`: a stateless run can't be resumed.

    Leaving it, at the end of its `with` block or by `close`, cancels the runs under way. A loop that is left
    without either does so as soon as this object is no longer referenced.

    Raises while iterating:
        RuntimeError: If it, or the client, is closed.
        BaseException: What the iterable of payloads raises. The runs under way go on, and so may the iteration.
    """

    _http: HTTP
    _payloads: Iterator[RunCreate]
    _concurrency: int
    _wait: Callable[[RunCreate], Wait]
    _under_way: _UnderWay | None = field(default=None, init=False)
    _closed: bool = field(default=False, init=False)

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        yield "concurrency", self._concurrency
        yield "under_way", len(self._under_way.waits) if self._under_way else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> tuple[RunCreate, StateT | Exception]:
        under_way = self._under_way = self._under_way or _UnderWay()
        while True:
            if under_way.changed.is_set():
                under_way.changed = Event()
            changed = under_way.changed  # before looking, so that no run ends unseen
            if self._closed:
                raise RuntimeError("the map is closed; call map() again")
            while len(under_way.waits) + len(under_way.ended) < self._concurrency and self._start_next(under_way):
                pass
            idle = not under_way.waits
            if under_way.ended:
                return under_way.ended.popleft()
            if idle:
                raise StopIteration
            changed.wait()

    def close(self) -> None:
        """Start no more runs, and cancel those under way. This takes at most about 5 seconds."""
        self._closed = True
        under_way = self._under_way
        if under_way is not None and under_way.waits:
            under_way.changed.set()  # for a loop that waits in another task or thread
            under_way.workers.start(under_way.leave)
            under_way.left.wait(_LEAVING + 1)

    def __del__(self) -> None:
        under_way = self._under_way
        if under_way is not None and under_way.waits - under_way.stopped:
            with suppress(RuntimeError):  # the event loop has ended
                under_way.workers.start(under_way.leave)

    def _start_next(self, under_way: _UnderWay) -> bool:
        """Start the next run; return whether there was one."""
        self._http.check_open()
        for payload in self._payloads:
            try:
                wait = self._wait(payload)
            except (TypeError, ValueError) as error:
                under_way.ended.append((payload, error))
                return True
            under_way.waits.add(wait)
            try:
                under_way.workers.start(under_way.run, payload, wait)
            except RuntimeError as error:  # there can be no more threads
                under_way.waits.discard(wait)
                under_way.ended.append((payload, error))
            return True
        return False
