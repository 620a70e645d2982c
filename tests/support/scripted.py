"""A server that keeps a run's events and sends them again, as a function of requests: nothing goes over a network."""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Self

import attrs
import httpx
import orjson

from tests.support.recordings import Recording
from tests.support.samples import run_json

_BLOCK = re.compile(rb".*?(?:\r\n\r\n|\n\n)", re.DOTALL)
_ID = re.compile(rb"^id: (.*?)\r?$", re.MULTILINE)


@attrs.frozen
class Sending:
    """How one connection goes.

    Attributes:
        at: It is cut after so many bytes of the body.
        part: It is cut after so many bytes of an event, the first one that is longer, of those that it could do without: each
            connection but the first sends one event whole that was not sent whole before, or the client would give up.
        repeats: So many events are logged while it sends the older ones, so that they come twice.
        clean: The cut looks like an end.
    """

    at: int | None = None
    part: int | None = None
    repeats: int = 0
    clean: bool = False


@attrs.frozen
class Answer:
    """What the server answers; a CutError comes out of the pieces where they are cut."""

    status: int
    headers: tuple[tuple[str, str], ...]
    pieces: Iterator[bytes]


class CutError(Exception):
    """The connection is lost here."""


@attrs.define
class KeptRun:
    """One run of a recorded stream, on a server that is like the recorded one.

    It sends the events after an id in the order of their log, whatever the scheme of their ids; first what was logged,
    then what was logged since it took the request, though that may have come already.

    Attributes:
        sendings: How the connections go, in their order; whole when they are used up.
        status: What it says of the run when all was sent; it is running before.
        sent: How many events of the log were sent by now, whole or in part.
        cuts: Where connections were cut: the event's number in the log, and the bytes of it that were sent.
        creations: How many runs were created.
        asked: The ids after which events were asked for.
        checks: How often the run's status was asked for.
    """

    recording: Recording
    log: tuple[bytes, ...]
    ids: tuple[str | None, ...]
    sendings: Iterator[Sending]
    status: str = "success"
    sent: int = 0
    cuts: set[tuple[int, int]] = attrs.field(factory=set)
    creations: int = 0
    asked: list[str | None] = attrs.field(factory=list)
    checks: int = 0
    _whole: int = 0

    @classmethod
    def of(cls, recording: Recording, sendings: Iterable[Sending] = ()) -> Self:
        """The run of a recording. Its heartbeats are left out."""
        return cls(recording, *_logged(recording.body), iter(sendings))

    @property
    def thread_id(self) -> str | None:
        """The thread of the recorded request; None if it was stateless."""
        match = re.match("/threads/([^/]+)/", self.recording.target)
        return match[1] if match else None

    def answer(self, request: httpx.Request) -> Answer:
        """Answers a request."""
        self.creations += request.method == "POST"
        if request.url.path.endswith("/stream"):
            last_event_id = request.headers.get("last-event-id")
            if request.method == "GET":
                self.asked.append(last_event_id)
                return self._events(0 if last_event_id in (None, "-1") else self._after(last_event_id))
            return self._events(0)
        self.checks += request.method == "GET"
        headers = (("content-type", "application/json"),)
        return Answer(
            200,
            headers,
            iter([orjson.dumps(run_json(status=self.status if self._whole == len(self.log) else "running"))]),
        )

    def _after(self, last_event_id: str) -> int:
        return len(self.ids) - self.ids[::-1].index(last_event_id)

    def _events(self, start: int) -> Answer:
        return Answer(200, self.recording.headers, self._pieces(start, next(self.sendings, Sending())))

    def _pieces(self, start: int, sending: Sending) -> Iterator[bytes]:
        log = self.log
        is_first = not (start or self.sent or self.cuts)
        self.sent = taken = max(start, self.sent)
        self._whole = max(start, self._whole)
        # Whoever starts a run is not sent anything twice.
        until = min(taken + (0 if is_first else sending.repeats), len(log))
        dispensable = max(until, self._whole + (not is_first))
        left = sending.at
        for number in (*range(start, until), *range(taken, until), *range(until, len(log))):
            block = log[number]
            if sending.part is not None and number >= dispensable and len(block) > sending.part:
                left = sending.part
            if left is not None and left < len(block):
                self.cuts.add((number, left))
                self.sent = max(self.sent, number + bool(left))
                if left:
                    yield block[:left]
                if sending.clean:
                    return
                raise CutError
            left = None if left is None else left - len(block)
            self.sent = self._whole = max(self.sent, number + 1)
            yield block


@functools.cache
def _logged(body: bytes) -> tuple[tuple[bytes, ...], tuple[str | None, ...]]:
    log = tuple(block for block in _BLOCK.findall(body) if b"data:" in block)
    return log, tuple(match[1].decode() if (match := _ID.search(block)) else None for block in log)
