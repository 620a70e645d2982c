"""The bodies that the fake server sends while a run goes on, without I/O or clock."""

import re
from collections.abc import Collection
from typing import Final

import orjson

from langgraph_runs.testing._runs import Entry, Run

_HEARTBEAT: Final = 5.0


class CutError(Exception):
    """The connection breaks here."""


class Reader:
    """What one connection gets of a run: its events, or in the end its values.

    Args:
        run: The run.
        now: The time.
        events: Whether it wants the events; else one JSON text comes when the run has ended.
        after: Send again the events that are kept and come after the one with this id. None: only those from now on.
        modes: Only events of these modes; empty for all that the run has.
        cancels: Whether losing the connection cancels the run.

    Attributes:
        run: The run.
    """

    def __init__(
        self,
        run: Run,
        now: float,
        *,
        events: bool,
        after: str | None = None,
        modes: Collection[str] = (),
        cancels: bool = False,
    ) -> None:
        self.run = run
        self._events = events
        self._modes = modes
        self._cancels = cancels
        self._position = len(run.log)
        self._heard = now
        self._done = self._cut = False
        self._replay = list[Entry]()
        if after is not None and (number := re.match(r"-?\d+", after)):
            late = (entry for entry in run.log if int(entry.id.partition("-")[0]) > int(number[0]))
            self._replay = [entry for entry in late if entry.kept]

    def poll(self, now: float) -> bytes | float | None:
        """The next bytes, the seconds until there may be some, or None at the end.

        Raises:
            CutError: If the connection breaks.
        """
        if self._cut:
            raise CutError
        if self._done:
            return None
        if self._replay:
            replay, self._replay = self._replay, []
            return b"".join(map(self._sent, replay))
        run = self.run
        while self._position < len(run.log):
            position, entry = self._position, run.log[self._position]
            self._position += 1
            if not entry.name:
                if position in run.cuts:
                    run.cuts.discard(position)
                    self._cut = True
                    if self._events:
                        return b"event: val"  # an event that is cut in its middle
                    raise CutError
            elif self._events and (sent := self._sent(entry)):
                self._heard = now
                return sent
        if run.ended:
            self._done = True
            return None if self._events else orjson.dumps(run.outcome, default=str)
        if now - self._heard >= _HEARTBEAT:
            self._heard = now
            return b": heartbeat\r\n\r\n" if self._events else b"\n"
        wake = run.wake()
        heartbeat = self._heard + _HEARTBEAT
        return max(0.0, (heartbeat if wake is None else min(wake, heartbeat)) - now)

    def close(self, now: float) -> None:
        """The connection is gone."""
        if self._cancels and not self.run.ended:
            self.run.stop(now)
        self._done = True

    def _sent(self, entry: Entry) -> bytes:
        if self._modes and entry.mode not in self._modes and entry.name != "error":
            return b""
        id = f"id: {entry.id}\r\n" if self.run.resumable else ""
        return b"event: %b\r\ndata: %b\r\n%b\r\n" % (entry.name.encode(), entry.data, id.encode())
