"""Which events of a resumable stream were delivered, where to resume after a cut, and which replayed events to drop.

Pure bookkeeping: no I/O, no clock. It rests on what servers do when they are asked for what comes after an event id:

- They keep the stream's events in a log. First they *replay* what lies after that id, in the log's order, even while
  the log grows. Then they send what is *live*: what was logged since they took the request.
- What was logged between taking the request and the replay's end comes twice, therefore: in the replay, and again as
  one *repeat*, a contiguous piece of the log that ends at the newest event delivered. It can start anywhere among the
  events first delivered on this connection, and nowhere before them: what the client had seen by then was in the log
  already.
- Ids follow the log's order, but several events may share one (the Python server's in-memory ids are milliseconds).
  So an id is certainly complete once another came after it, and the place to resume from is the last id before the
  newest.

From this follows, for an event on a resumed connection:

1. Of the newest id, and not yet seen again: the replay of what was delivered, dropped.
2. Never seen on this connection: new. Even when its id sorts before the newest (a clock was set back), because losing
   an event is worse than doubling one. Only what sorts before all that is remembered is taken for a repeat by its id
   alone.
3. Seen on this connection, with an id older than the newest: the repeat has begun. It runs through all events of the
   newest id once more, and whatever comes after that is new.
4. Seen on this connection, with the newest id: the repeat, or a new event that is equal to one of the same
   millisecond? Nothing in the stream can tell. So `is_new` says no, `in_doubt` becomes true, and the stream has to
   reconnect. There it is settled, because everything received by then is in the replay, once, and can't come as a
   repeat. The one thing taken for granted is that a reconnection takes longer than the millisecond of the newest
   event.

Costs: on a connection that was never resumed a small event costs a few attribute operations, no hash, and no copy if
it is `bytes`. On a resumed one an event costs one hash of at most 8 KiB and one set look-up, until the repeat has
passed. Memory is bounded: the events of the newest id (4,096 at most) and the fingerprints of the connection's last
4,096 or fewer.
"""

import re
from typing import TypeAlias

import attrs

_PYTHON_ID = re.compile(r"\d+-\d+")  # milliseconds and a counter

# An event of the newest id, or its fingerprint: while there are few and small ones they are kept as they are, since
# most are never looked at again.
_Member: TypeAlias = int | tuple[str, bytes]


class ReplayGapError(Exception):
    """The server did not send again what it must have kept, so that it may have lost what came after that as well.

    The event that showed it was not taken for delivered.
    """


@attrs.define(eq=False)
class ResumeTracker:
    """Decides for one stream, over all of its connections, what to deliver. Every complete event goes through `is_new`.

    Args:
        last_event_id: What the first connection was opened with as `Last-Event-ID`: an id that the user has seen, or
            "-1" for a join that replays the run from its start. None for the stream that created its run.
        live: The stream joined a run at an unknown place, without any `Last-Event-ID`. It can be resumed once two
            different ids were received; before, a resume from the start would bring events from before it joined.

    Attributes:
        in_doubt: The event that was just refused is either a repeat or new, and only another connection can tell. The
            stream has to reconnect from `resume_from` as after a cut; until then everything is refused. It may go on
            for a little with what it has received or soon receives: what has passed through `is_new` by then can't be
            in doubt again.
    """

    _start: str | None = attrs.field(default=None, alias="last_event_id")
    live: bool = attrs.field(default=False, kw_only=True)
    in_doubt: bool = attrs.field(default=False, init=False)

    # The newest id, what was delivered of it (in order), and the id before it.
    _newest: str | None = attrs.field(default=None, init=False)
    _members: list[_Member] = attrs.field(factory=list[_Member], init=False)
    _complete: str | None = attrs.field(default=None, init=False)
    # What stands in the way of resuming: too many events of the newest id, events without id, a clock set back.
    _crowded: bool = attrs.field(default=False, init=False)
    _unnumbered: bool = attrs.field(default=False, init=False)
    _behind: bool = attrs.field(default=False, init=False)
    _unkept: bool = attrs.field(default=False, init=False)

    # The rest is about the current connection, and only used when it was opened with a Last-Event-ID.
    _checking: bool = attrs.field(default=False, init=False)
    _awaited: list[int] = attrs.field(factory=list[int], init=False)  # delivered before, to be replayed
    _repeat: list[int] | None = attrs.field(default=None, init=False)  # what is left of the repeat that has begun
    # Up to the horizon, the newest id received on earlier connections, nothing can come as a repeat.
    _horizon: str | None = attrs.field(default=None, init=False)
    _within_horizon: bool = attrs.field(default=False, init=False)
    # What this connection delivered, in two generations: when the younger is full, the older is forgotten.
    _seen: set[int] = attrs.field(factory=set[int], init=False)
    _seen_before: set[int] = attrs.field(factory=set[int], init=False)
    _seen_before_until: str | None = attrs.field(default=None, init=False)
    _forgotten_until: str | None = attrs.field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        if self._start is not None:
            if self.live:
                raise ValueError("live: a stream that starts after last_event_id does not start at an unknown place")
            self.reconnected()

    @property
    def resume_from(self) -> str | None:
        """What to send as `Last-Event-ID`: the last id that is certainly complete, or where the stream started.

        It is also what a user needs to go on by hand: nothing is lost after it, some events may come twice. None where
        nothing is known, at the beginning of a `live` stream.
        """
        if self._complete is not None:
            return self._complete
        if self._start is not None:
            return self._start
        return None if self.live else "-1"

    @property
    def resumable(self) -> bool:
        """Whether a connection from `resume_from` would bring exactly what is missing.

        False when the server sends no ids, when one id is shared by more events than are remembered, when the newest
        event's id sorts before an earlier one's (servers find what is missing by the order of ids), for a
        `live` stream that is too young, and when events came that the Python server does not keep: it replays
        those that are named like a mode, and none of `messages/partial` and the like.
        """
        if self._crowded or self._behind or self._unkept:
            return False
        return self._complete is not None or not (self._unnumbered or self.live)

    @property
    def caught_up(self) -> bool:
        """Whether this connection has replayed all that had to come again.

        A stream that ends well without it was cut, or the server has lost the log.
        """
        return not self._awaited

    def reconnected(self) -> None:
        """A connection was opened with `resume_from` as its `Last-Event-ID`."""
        if not (self.in_doubt or self._within_horizon):
            self._horizon = self._newest
        self.in_doubt = False
        self._within_horizon = self._horizon is not None
        self._watch(self._fingerprints())

    def is_new(self, event: str, data: bytes | memoryview, id: str | None) -> bool:
        """Takes the next complete event of the connection.

        Args:
            event: Its name.
            data: Its data as received. A memoryview may change after the call.
            id: The last event id at that point; None when the connection had none yet.

        Returns:
            True when it has to be delivered; False when it was delivered before, or when that is `in_doubt`.

        Raises:
            ReplayGapError: The server did not replay what it must have kept.
        """
        if event.startswith("messages/") and id is not None and _PYTHON_ID.fullmatch(id):
            self._unkept = True
        if self._checking:
            return self._is_new_after_resume(event, data, id)
        if id is None:
            self._unnumbered = True
        elif id == self._newest or self._begin(id):
            if len(self._members) < _KEPT_WHOLE and len(data) <= _KEPT_WHOLE_BYTES:
                self._members.append((event, data if type(data) is bytes else bytes(data)))
            else:
                self._add_member(_fingerprint(id, event, data))
        return True

    def _is_new_after_resume(self, event: str, data: bytes | memoryview, id: str | None) -> bool:
        if self.in_doubt:
            if id is not None and not (self._horizon is not None and _sorts_before(id, self._horizon)):
                self._horizon = id
            return False
        if id is None:
            self._unnumbered = True
            return True
        fingerprint = _fingerprint(id, event, data)
        if self._awaited:
            if self._is_awaited(fingerprint, id):
                return False
        elif self._is_repeat(fingerprint, id):
            return False
        if id != self._newest:
            if self._within_horizon and self._horizon is not None:
                self._within_horizon = self._newest != self._horizon and not _sorts_before(self._horizon, id)
            if self._begin(id) and self._repeat is not None:
                self._stop_watching()
        if id == self._newest:
            self._add_member(fingerprint)
        self._saw(fingerprint)
        return True

    def _is_awaited(self, fingerprint: int, id: str) -> bool:
        if id == self._newest:
            if fingerprint not in self._awaited:
                return False
            self._awaited.remove(fingerprint)
            return True
        # Before it has come to what is awaited, a server that replays more than it was asked for sends what is older.
        if self._newest is not None and _sorts_before(id, self._newest):
            return True
        raise ReplayGapError(f"the server sent {id[:80]!r} without sending {(self._newest or '')[:80]!r} again")

    def _is_repeat(self, fingerprint: int, id: str) -> bool:
        seen = fingerprint in self._seen or fingerprint in self._seen_before
        if id != self._newest:
            if not seen and not self._is_forgotten(id):
                return False
            if self._crowded:
                self._doubt()
            elif self._repeat is None:
                self._repeat = self._fingerprints()
            return True
        if self._repeat is not None:
            if fingerprint not in self._repeat:
                return False
            self._repeat.remove(fingerprint)
            return True
        if not seen or self._within_horizon:
            return False
        self._doubt()
        return True

    def _is_forgotten(self, id: str) -> bool:
        until = self._forgotten_until
        return until is not None and (id == until or _sorts_before(id, until))

    def _begin(self, id: str) -> bool:
        if self._newest is not None:
            if _sorts_before(id, self._newest):
                self._behind = True
                return False
            self._complete = self._newest
        self._newest = id
        self._members.clear()
        self._crowded = self._behind = False
        return True

    def _add_member(self, fingerprint: int) -> None:
        if len(self._members) < _MAX_MEMBERS:
            self._members.append(fingerprint)
        else:
            self._crowded = True

    def _fingerprints(self) -> list[int]:
        return [m if isinstance(m, int) else _fingerprint(self._newest or "", *m) for m in self._members]

    def _saw(self, fingerprint: int) -> None:
        self._seen.add(fingerprint)
        if len(self._seen) < _GENERATION:
            return
        self._forgotten_until = self._seen_before_until
        self._seen_before, self._seen_before_until = self._seen, self._newest
        self._seen = set()
        # A repeat that starts at a forgotten event is known by its id alone. Where ids have no order, a new
        # connection has to forget for us.
        until = self._forgotten_until
        if until is not None and until != self._newest and not _sorts_before(until, self._newest or ""):
            self._doubt()

    def _doubt(self) -> None:
        self.in_doubt = True
        self._horizon = self._newest

    def _watch(self, awaited: list[int]) -> None:
        self._checking = True
        self._awaited = awaited
        self._repeat = None
        self._seen, self._seen_before = set(), set()
        self._seen_before_until = self._forgotten_until = None

    def _stop_watching(self) -> None:
        # There is one repeat on a connection, and it has passed.
        self._watch([])
        self._checking = self._within_horizon = False


_KEPT_WHOLE = 64
_KEPT_WHOLE_BYTES = 64 * 2**10
_MAX_MEMBERS = 4096
_GENERATION = 2048
_END = 4096


def _fingerprint(id: str, event: str, data: bytes | memoryview) -> int:
    # Two large events that differ in the middle alone are taken for equal. That only ever leads to a doubt, which is
    # settled by a reconnection: cheaper than reading all of every large event.
    size = len(data)
    if size > 2 * _END:
        data = bytes(data[:_END]) + bytes(data[-_END:])
    return hash((id, event, size, bytes(data)))


# All schemes known are numbers that grow: `3`, `1795323641855-0`, `<run id>_event_3`.
_NUMBERED = re.compile(r"(.*?)(\d+)(?:-(\d+))?", re.ASCII | re.DOTALL)
_LONGEST_NUMBERED = 128


def _sorts_before(id: str, other: str) -> bool:
    """Whether the ids are of one scheme that has an order, and the first is the older one."""
    if len(id) == len(other) and id >= other:
        return False
    a, b = _order(id), _order(other)
    return a is not None and b is not None and a[0] == b[0] and a[1:] < b[1:]


def _order(id: str) -> tuple[str, int, int] | None:
    match = _NUMBERED.fullmatch(id) if len(id) <= _LONGEST_NUMBERED else None
    return (match[1], int(match[2]), int(match[3] or 0)) if match else None
