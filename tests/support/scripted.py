"""A server that keeps a run's events and replays them, as a function of requests, without a network."""

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
    """What happens to one connection.

    Attributes:
        at: It is cut after this many bytes of the body.
        part: It is cut after this many bytes of an event: the first event that is longer. Each connection but the first
            still sends one new event completely, or the client would give up.
        repeats: This many events are logged while it sends older ones, so that they are sent twice.
        clean: The cut looks like the end of the stream.
    """

    at: int | None = None
    part: int | None = None
    repeats: int = 0
    clean: bool = False


@attrs.frozen
class Answer:
    """The server's response. Iterating over `pieces` raises CutError where the connection is cut."""

    status: int
    headers: tuple[tuple[str, str], ...]
    pieces: Iterator[bytes]


class CutError(Exception):
    """The connection is lost here."""


@attrs.define
class KeptRun:
    """The run of a recorded stream, on a server like the recorded one.

    It sends the events after an id in the order of its log, whatever the scheme of the ids: first those logged before
    the request, then those logged since, which may be repeats.

    Attributes:
        sendings: What happens to the connections, in order; later connections are not cut.
        status: The run's status once all events are sent; before, it is `running`.
        sent: The number of events sent so far, completely or in part.
        cuts: Where connections were cut: the event's number in the log, and how many bytes of it were sent.
        creations: The number of runs created.
        asked: The ids after which events were requested.
        checks: The number of requests for the run's status.
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
        """The run of a recording, without heartbeats."""
        return cls(recording, *_logged(recording.body), iter(sendings))

    @property
    def thread_id(self) -> str | None:
        """The thread of the recorded request; None if it was stateless."""
        match = re.match("/threads/([^/]+)/", self.recording.target)
        return match[1] if match else None

    def answer(self, request: httpx.Request) -> Answer:
        """The response to a request."""
        self.creations += request.method == "POST"
        if request.url.path.endswith("/stream"):
            last_event_id = request.headers.get("last-event-id")
            if request.method == "GET":
                self.asked.append(last_event_id)
                return self._events(0 if last_event_id in (None, "-1") else self._after(last_event_id))
            return self._events(0)
        self.checks += request.method == "GET"
        if request.url.path.endswith("/join") and self._whole < len(self.log):
            raise httpx.ReadTimeout("the run goes on")
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
        # The request that starts the run gets no repeats.
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
