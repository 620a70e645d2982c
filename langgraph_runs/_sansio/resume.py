"""Which events of a resumable stream were delivered, where to resume after a cut, and which replayed events to drop.

Pure bookkeeping: no I/O, no clock. It rests on what servers do when they are asked for what comes after an event id:

- They keep the stream's events in a log. First they *replay* what lies after that id, in the log's order, even while
  the log grows. Then they send what is *live*: what was logged since they took the request.
- So what was logged between the request and the end of the replay comes twice: in the replay, and again as one
  *repeat*, a contiguous piece of the log that ends at the newest event delivered. It can start anywhere among the
  events first delivered on this connection, but not before them: those were in the log before the request.
- Ids follow the log's order, but several events may share one (the Python server's in-memory ids are milliseconds).
  So an id is certainly complete once another came after it, and the place to resume from is the last id before the
  newest.

So this holds for an event on a resumed connection:

1. It has the newest id, and was delivered before but not yet seen again: it is the replay of that event, and dropped.
2. It was never seen on this connection: it is new. Even if its id sorts before the newest (a clock was set back),
   because losing an event is worse than delivering one twice. Only what sorts before all that is remembered is taken
   for a repeat by its id alone.
3. It was seen on this connection, and its id is older than the newest: the repeat has begun. It runs through all events
   of the newest id once more, and whatever comes after that is new.
4. It was seen on this connection, and has the newest id: it is either the repeat, or a new event that equals one of the
   same millisecond. Nothing in the stream can tell. So `is_new` says no, `in_doubt` becomes true, and the stream has to
   reconnect. That settles it, because everything received by then is in the replay, once, and can't come as a repeat.
   The only assumption is that a reconnection takes longer than the millisecond of the newest event.

Another process goes on in the same way. `handover` is the place to resume from and, where events of a newer id were
delivered, `+<how many>.<how many metadata events>.<digest of the former>`, which is all that a reconnection needs to
know: these events come first in the replay, and are dropped if they are the same. If they are not (the replay has other
modes, or the log was lost), nothing is delivered. Metadata events may be missing: the Python server leaves them out
where a join names its modes.

On a connection that was never resumed, an event costs no hash, and no copy if it is `bytes`. Memory is bounded: the
events of the newest id (4,096 at most) and the fingerprints of a resumed connection's last 4,096 or fewer.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import TypeAlias

from langgraph_runs_api.models.run import Run

# The ids of the Python server: milliseconds and a counter.
_PYTHON_ID = re.compile(r"\d+-\d+", re.ASCII)

# What `handover` adds to an id. Whatever else a user's string holds is the server's.
_HANDOVER = re.compile(r"(.*)\+(\d{1,4})\.(\d{1,4})\.([0-9a-f]{16})", re.ASCII | re.DOTALL)
_NO_DIGEST = "0" * 16

# An event of the newest id, or its digest: while there are few and small ones they are kept as they are, since most are
# never looked at again.
_Member: TypeAlias = bytes | tuple[str, bytes]


class ReplayGapError(Exception):
    """The server did not send again what it must have kept, so it may have lost what came after that as well.

    The event that showed it does not count as delivered.
    """


class ResumeTracker:
    """Decides what a stream delivers, across all its connections. Every complete event goes through `is_new`.

    Args:
        last_event_id: Where a join starts: a `handover`, an id that the user has seen, or "-1" for the run's start.
            None for the stream that created its run.
        live: Whether the stream joined a run at an unknown place, without any `Last-Event-ID`. It can be resumed once
            two different ids were received; before, a resume from the start would bring events from before it joined.
        fleeting: Whether events of the mode `messages` were asked for, which the Python server does not keep for a
            replay.
        chosen: Whether only events of some modes were asked for, so that there may be none.
    """

    def __init__(
        self, last_event_id: str | None = None, *, live: bool = False, fleeting: bool = False, chosen: bool = False
    ) -> None:
        self._live = live
        self._fleeting = fleeting
        self._chosen = chosen
        # What the user gave: the place, and the numbers and the digest in a `handover`.
        self._given = self._start = last_event_id
        self._owed = (0, 0, "")
        if match := _HANDOVER.fullmatch(last_event_id or ""):
            self._start, self._owed = match[1], (int(match[2]), int(match[3]), match[4])
        # The newest id, what was delivered of it (in order), and the id before it.
        self._newest: str | None = None
        self._members: list[_Member] = []
        self._complete: str | None = None
        # What stands in the way of resuming: too many events of the newest id, events without id, a clock set back.
        self._crowded = self._unnumbered = self._behind = False
        # The current connection, if it was opened with a Last-Event-ID and its repeat has not passed.
        self._replay: _Replay | None = None
        if last_event_id is not None:
            self.reconnected()

    @property
    def resume_from(self) -> str | None:
        """What to send as `Last-Event-ID`: the last id that is certainly complete, or where the stream started.

        None if nothing is known, at the beginning of a `live` stream.
        """
        if self._complete is not None:
            return self._complete
        if self._start is not None:
            return self._start
        return None if self._live else "-1"

    @property
    def handover(self) -> str | None:
        """What another tracker needs as its `last_event_id` to go on after what was delivered; None if nothing will do.

        If there is an obstacle, it is a string that no replay satisfies: an error, rather than events lost or doubled.
        """
        if self._newest is None:
            return self._given or (None if self._unnumbered else self.resume_from)
        start = self.resume_from
        if start is None:
            start = self._newest
            if not _PYTHON_ID.fullmatch(start):
                return start  # other ids are not shared
        count = len(self._members)
        if self.obstacle is not None:
            return f"{start}+{count}.0.{_NO_DIGEST}"
        digests = self._digests([member for member in self._members if member[0] != "metadata"])
        return f"{start}+{len(digests)}.{count - len(digests)}.{_total(digests)}"

    @property
    def obstacle(self) -> str | None:
        """Why a connection from `resume_from` would not bring exactly what is missing; None if it would."""
        if self._fleeting and (self._newest is None or _PYTHON_ID.fullmatch(self._newest)):
            return "the server does not keep the events of the mode messages (those of messages-tuple it keeps)"
        if self._crowded:
            return "more events share one id than can be told apart"
        if self._behind:
            return "the server's clock was set back, and it finds what is missing by the order of ids"
        if self._complete is None and self._unnumbered:
            return "its events have no ids"
        if self._complete is None and self._live:
            return "the run was joined without last_event_id, too recently to know where to go on"
        return None

    @property
    def in_doubt(self) -> bool:
        """Whether the event that was just refused is either a repeat or new, and only another connection can tell.

        The stream has to reconnect from `resume_from` as after a cut; until then everything is refused. It may go on
        reading for a little: what has passed through `is_new` by then can't be in doubt again.
        """
        return self._replay is not None and self._replay.in_doubt

    @property
    def caught_up(self) -> bool:
        """Whether this connection has replayed all that had to come again.

        A stream that ends well without it was cut, or the server has lost the log.
        """
        return self._replay is None or not (self._replay.awaited or self._replay.owed)

    @property
    def empty(self) -> bool:
        """Whether a replay was asked for, and nothing has come yet."""
        return self._replay is not None and self._newest is None

    def gap(self, run: Run | None) -> str | None:
        """What is missing if this connection ends well and the run is over; None if nothing is.

        The run is of use only if the replay is `empty`.

        Raises:
            ReplayGapError: If there is no use in asking again.
        """
        if run is not None and run.kwargs.get("resumable") is False:
            raise ReplayGapError("it was not started with stream_resumable")
        if not self.caught_up:
            return "the server did not send again what was delivered before"
        # Every run has events, unless it was cancelled before it began.
        if self.empty and self.resume_from == "-1" and not self._chosen and not (run and run.status == "interrupted"):
            return "the server has none of its events"
        return None

    def reconnected(self) -> None:
        """A connection was opened with `resume_from` as its `Last-Event-ID`."""
        last = None if self._replay is None else self._replay.horizon
        owed = self._owed if self._newest is None else (0, 0, "")
        self._replay = _Replay(self._digests(self._members), self._newest if last is None else last, owed)

    def is_new(self, event: str, data: bytes | memoryview, id: str | None) -> bool:
        """Take the name, the data and the last event id of the connection's next complete event.

        Returns:
            True if it has to be delivered; False if it was delivered before, or if that is `in_doubt`.

        Raises:
            ReplayGapError: The server did not replay what it must have kept.
        """
        if not self._fleeting and event.startswith("messages/"):
            self._fleeting = True
        if self._replay is not None and not self._is_new_after_resume(self._replay, event, data, id):
            return False
        if id is None:
            self._unnumbered = True
        elif id == self._newest or self._begin(id):
            if len(self._members) < _KEPT_WHOLE and len(data) <= _KEPT_WHOLE_BYTES:
                self._members.append((event, data if type(data) is bytes else bytes(data)))
            elif len(self._members) < _MAX_MEMBERS:
                self._members.append(_digest(id, event, data))
            else:
                self._crowded = True
        return True

    def _is_new_after_resume(self, replay: "_Replay", event: str, data: bytes | memoryview, id: str | None) -> bool:
        if replay.in_doubt:
            replay.extend_horizon(id)
            return False
        if id is None:
            # An error, or an end if nothing else has to come, is about the run, and no part of its log.
            if self._newest is None and event != "error" and not (event == "end" and self.caught_up):
                raise ReplayGapError("what it sends has no ids")
            return True
        if (replay.owed or replay.owed_metadata) and self._was_handed_over(replay, event, data, id):
            return False
        fingerprint = hash((id, event, len(data), _ends(data)))
        digest = _digest(id, event, data) if replay.awaited or replay.repeat else b""
        if replay.awaited:
            if replay.is_awaited(digest, id, self._newest):
                return False
        elif self._is_repeat(replay, fingerprint, digest, id):
            return False
        if id != self._newest:
            replay.moves_on(self._newest, id)
            if self._begin(id) and replay.repeat is not None:
                self._replay = None  # there is one repeat on a connection, and it has passed
        replay.add(fingerprint, self._newest)
        return True

    def _is_repeat(self, replay: "_Replay", fingerprint: int, digest: bytes, id: str) -> bool:
        seen = replay.has_seen(fingerprint)
        if id != self._newest:
            if not seen and not replay.has_forgotten(id):
                return False
            if self._crowded:
                replay.doubt(self._newest)
            elif replay.repeat is None:
                replay.repeat = self._digests(self._members)
            return True
        if replay.repeat is not None:
            if digest not in replay.repeat:
                return False
            replay.repeat.remove(digest)
            return True
        if not seen or replay.horizon is not None:
            return False
        replay.doubt(self._newest)
        return True

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

    def _was_handed_over(self, replay: "_Replay", event: str, data: bytes | memoryview, id: str) -> bool:
        last = self.resume_from or ""
        if id == last or _sorts_before(id, last):
            return True  # a server that replays more than it was asked for sends older events first
        if replay.owed_metadata and event == "metadata" and replay.horizon in (None, id):
            replay.owed_metadata -= 1
            replay.returned.append((event, bytes(data)))
        elif replay.owed:
            replay.owed -= 1
            replay.returned.append(_digest(id, event, data))
        else:
            replay.owed_metadata = 0
            return False
        replay.horizon = id if replay.horizon is None else replay.horizon
        digests = [member for member in replay.returned if isinstance(member, bytes)]
        if id != replay.horizon or (not replay.owed and _total(digests) != replay.total):
            raise ReplayGapError(
                "what it sent was not what was delivered before last_event_id was handed out; "
                "use the same stream_mode, or only what stands before the '+', to get the events after it again"
            )
        if not replay.owed:
            self._newest, self._members = id, [*replay.returned]
        return True

    def _digests(self, members: Iterable[_Member]) -> list[bytes]:
        return [m if isinstance(m, bytes) else _digest(self._newest or "", *m) for m in members]


class _Replay:
    """What may come again on a connection that was opened with a `Last-Event-ID`.

    Args:
        awaited: The events of the newest id, delivered before, that are still to be replayed.
        horizon: The newest id received on earlier connections: up to it, nothing can come as a repeat. None once the
            connection has come past it.
        owed: After a `handover`, instead of `awaited`: how many events are still to be replayed, how many metadata
            events at most, and the digest of the former.
    """

    def __init__(self, awaited: list[bytes], horizon: str | None, owed: tuple[int, int, str]) -> None:
        self.awaited = awaited
        self.horizon = horizon
        self.owed, self.owed_metadata, self.total = owed
        self.returned: list[_Member] = []  # those of both that were replayed
        self.repeat: list[bytes] | None = None  # what is left of the repeat that has begun; None before it
        self.in_doubt = False  # whether only another connection can tell what the last event is
        # What this connection delivered, in two generations: when the younger is full, the older is forgotten.
        self._seen: set[int] = set()
        self._seen_before: set[int] = set()
        self._seen_before_until: str | None = None
        self._forgotten_until: str | None = None

    def is_awaited(self, digest: bytes, id: str, newest: str | None) -> bool:
        if id == newest:
            if digest not in self.awaited:
                return False
            self.awaited.remove(digest)
            return True
        # A server that replays more than it was asked for sends older events before those that are awaited.
        if newest is not None and _sorts_before(id, newest):
            return True
        raise ReplayGapError(f"it sent {id[:80]!r} without sending {(newest or '')[:80]!r} again")

    def has_seen(self, fingerprint: int) -> bool:
        return fingerprint in self._seen or fingerprint in self._seen_before

    def has_forgotten(self, id: str) -> bool:
        until = self._forgotten_until
        return until is not None and (id == until or _sorts_before(id, until))

    def add(self, fingerprint: int, newest: str | None) -> None:
        """Remember an event that was delivered."""
        self._seen.add(fingerprint)
        if len(self._seen) < _GENERATION:
            return
        self._forgotten_until = self._seen_before_until
        self._seen_before, self._seen_before_until = self._seen, newest
        self._seen = set()
        # A repeat that starts at a forgotten event is known by its id alone. If ids have no order, a new connection has
        # to forget for us.
        until = self._forgotten_until
        if until is not None and until != newest and not _sorts_before(until, newest or ""):
            self.doubt(newest)

    def doubt(self, newest: str | None) -> None:
        self.in_doubt = True
        self.horizon = newest

    def extend_horizon(self, id: str | None) -> None:
        """Take the id of an event that came while in doubt."""
        if id is not None and not (self.horizon is not None and _sorts_before(id, self.horizon)):
            self.horizon = id

    def moves_on(self, newest: str | None, id: str) -> None:
        """Take the id of the first event after those of the newest id."""
        if self.horizon is not None and (newest == self.horizon or _sorts_before(self.horizon, id)):
            self.horizon = None


_KEPT_WHOLE = 64
_KEPT_WHOLE_BYTES = 64 * 2**10
_MAX_MEMBERS = 4096
_GENERATION = 2048
_END = 4096


def _digest(id: str, event: str, data: bytes | memoryview) -> bytes:
    """As a fingerprint, but the same in every process."""
    return blake2b(f"{id}\n{event}\n{len(data)}\n".encode() + _ends(data), digest_size=8).digest()


def _ends(data: bytes | memoryview) -> bytes:
    # Two large events that differ in the middle alone are taken for equal. That only ever leads to a doubt, which is
    # settled by a reconnection: cheaper than reading all of every large event.
    return bytes(data) if len(data) <= 2 * _END else bytes(data[:_END]) + bytes(data[-_END:])


def _total(digests: Iterable[bytes]) -> str:
    # Sorted, because only which events they are counts.
    return blake2b(b"".join(sorted(digests)), digest_size=8).hexdigest()


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
