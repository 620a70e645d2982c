# Derived from langgraph_runs/_async/stream.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""A streamed run: opening it, resuming it where it was cut, and never taking its end on trust."""

import re
from collections.abc import Callable, Generator, Iterator
from time import time
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

import orjson
from attrs import define, field

from langgraph_runs._sansio.checks import event_id
from langgraph_runs._sansio.conversion import Converters
from langgraph_runs._sansio.failures import (
    CHECK_URL,
    Sent,
    lost,
    out_of_time,
    response_error,
    run_failure,
    tells_cancellation,
)
from langgraph_runs._sansio.location import Address, address
from langgraph_runs._sansio.requests import RequestKwargs
from langgraph_runs._sansio.responses import Answer, one_run, values
from langgraph_runs._sansio.resume import ReplayGapError, ResumeTracker
from langgraph_runs._sansio.retries import Cut
from langgraph_runs._sansio.sse import EventTooLongError, SSEDecoder
from langgraph_runs._sansio.timeouts import Timeouts
from langgraph_runs._sync.http import EVENTS, HTTP, Body, Options
from langgraph_runs._transport.synchronization import sleep
from langgraph_runs.errors import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    LangGraphError,
    NotFoundError,
    StreamDisconnectedError,
)
from langgraph_runs.events import Event, MetadataEvent, UnknownEvent, decode_event
from langgraph_runs.types import OnReconnect, OnRunCreated
from langgraph_runs_api.api.runs import get_run, join_run
from langgraph_runs_api.models.run import Run

E_co = TypeVar("E_co", covariant=True)

# The ids of the Python server.
_MILLISECONDS = re.compile(r"\d+-\d+", re.ASCII)
_ACTIVE = ("pending", "running")
# How often to look again at a run that is still active though its stream has ended: the server writes the status and closes the
# stream at nearly the same moment.
_LOOKS = (0.05, 0.1, 0.2, 0.4, 0.8)


@define
class StreamPlan:
    """How a stream is opened, and how it is joined again.

    Attributes:
        opening: The request that starts or joins it.
        repeatable: Whether the opening may be sent twice: a join may, a create may not.
        join: Builds the request that joins it again, from the run's address and the id of the last event.
        create: For a stateless resumable stream: the request that creates the run, which is then joined from its start.
        created: Reads the answer to `create`.
        tracker: The bookkeeping of a resumable stream; None for one that can't be resumed.
        options: What the caller asked for.
        fleeting: Whether events of the mode `messages` were asked for, which the Python server does not keep for those who come back.
        unwanted: Names of events to pass over, before any `|`.
        idle_timeout: Seconds of silence after which the connection counts as lost; None works it out.
        on_run_created: Told once when the run is created.
        on_reconnect: Told of each reconnection: how many there were since the last event, the last event's id, the cause.
    """

    opening: RequestKwargs | None
    repeatable: bool
    join: Callable[[Address, str], RequestKwargs]
    options: Options
    create: RequestKwargs | None = None
    created: Callable[[Answer], Run] | None = None
    tracker: ResumeTracker | None = None
    fleeting: bool = False
    unwanted: frozenset[str] = frozenset()
    idle_timeout: float | None = None
    on_run_created: OnRunCreated | None = None
    on_reconnect: OnReconnect | None = None


class RunStream(Generic[E_co]):
    """The events of a run, as they come.

    Iterate over it, with or without `with`. It connects on entering or when the first event is asked for. Leaving it early closes the
    connection at once; without `with` that is when nothing refers to it any more.

    A stream that is resumable goes on after a lost connection, without losing or doubling an event. One that isn't raises
    StreamDisconnectedError instead of ending quietly.

    Raises while iterating:
        RunFailedError: If the run fails.
        NotFoundError: If there is no such run, thread or assistant.
        StreamDisconnectedError: If the connection was lost and can't be resumed.
        LangGraphError: Whatever else goes wrong.
    """

    def __init__(self, source: "EventSource", converters: Converters) -> None:
        self._source = source
        self._converters = converters
        self._events: Generator[Event, None] | None = None

    @property
    def run_id(self) -> str | None:
        """The run's id, once connected."""
        return self._source.address.run_id

    @property
    def thread_id(self) -> str | None:
        """The run's thread, once connected; None where the server does not tell."""
        return self._source.address.thread_id

    @property
    def last_event_id(self) -> str | None:
        """The id of the last event that was handed out, where it had one; for `join_stream(last_event_id=...)`."""
        return self._source.last_event_id

    def __enter__(self) -> Self:
        try:
            self._source.connect()
        except BaseException as error:
            self._source.failure = error if isinstance(error, LangGraphError) else None
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[E_co | MetadataEvent | UnknownEvent]:
        # The generator itself, so that a loop costs no extra call an event. It refers to the source, not to this object: when a loop is
        # left, the generator goes, and closes the connection.
        if self._converters.active:
            return self
        return cast("Iterator[E_co]", self._generator())

    def __next__(self) -> E_co | MetadataEvent | UnknownEvent:
        event = next(self._generator())
        if self._converters.active:
            # Out here, so that an event that does not convert does not end the generator.
            event = self._converters.event(event, self._source.request())
        return cast("E_co", event)

    def close(self) -> None:
        """Close the connection, also while another task or thread waits for an event: for that one the events end.

        The run goes on unless it was started with `on_disconnect="cancel"`.
        """
        self._source.closed = True
        if self._events is not None:
            try:
                self._events.close()
            except (RuntimeError, ValueError):
                self._source.hang_up()  # somebody waits for its next event: it closes the connection
                return
        self._source.close()

    def _generator(self) -> Generator[Event, None]:
        if self._source.failure is not None:
            raise self._source.failure  # who tries again must not take silence for an end
        if self._events is None:
            self._events = self._source.events()
        return self._events


@define
class EventSource:
    """The state of one stream, and the loop that reads it."""

    http: HTTP
    plan: StreamPlan
    address: Address = field(factory=Address)
    last_event_id: str | None = None
    closed: bool = False
    failure: LangGraphError | None = None
    _body: Body | None = None
    _request: Sent | None = None
    _patience: Timeouts | None = None
    _resumed: bool = False
    _stalled: int = 0

    def connect(self) -> None:
        """Open the stream, unless it is open.

        Raises:
            LangGraphError: What it failed with.
        """
        if self.failure is not None:
            raise self.failure
        if self._body is not None or self.closed:
            return
        plan = self.plan
        patience = self._new_patience()
        opening = plan.opening
        if plan.create is not None and plan.created is not None:
            run = plan.created(self.http.fetch(plan.create, plan.options, repeatable=False))
            self._created(Address(run.run_id, run.thread_id))
            opening = plan.join(self.address, "-1")
        if opening is None:
            raise AssertionError("a stream is opened by a request of its own or by joining a created run")
        repeatable = plan.repeatable or plan.create is not None
        body = self.http.open(opening, plan.options, patience, repeatable=repeatable, expected=EVENTS)
        self._read(body)
        found = address(body.response.headers, body.request.url)
        if self.address.run_id is None and found.run_id is not None:
            self._created(found)
        elif self.address.thread_id is None and found.thread_id is not None:
            self.address = found

    def events(self) -> Generator[Event, None]:
        """The events, across as many connections as it takes.

        Raises:
            LangGraphError: What it failed with.
        """
        tracker, unwanted = self.plan.tracker, self.plan.unwanted
        try:
            while True:
                self.connect()
                body, patience = self._body, self._patience
                if self.closed or body is None or patience is None:
                    return
                decoder = SSEDecoder(self.http.settings.max_bytes)
                feed = decoder.feed
                resumed = self._resumed
                comments = 0
                cause: LangGraphError | None = None
                event = ""
                data: bytes | memoryview = b""
                try:
                    for chunk in body:
                        received = time()
                        for event, data, event_id in feed(chunk):
                            if tracker is not None and not tracker.is_new(event, data, event_id):
                                if tracker.in_doubt:
                                    raise self._doubt()
                                continue
                            if unwanted and event.partition("|")[0] in unwanted:
                                continue
                            if event == "error":
                                failure = self._failure(data)
                                if tells_cancellation(failure):
                                    continue  # the run is asked at the end of its stream
                                raise failure
                            if resumed and event_id is None:
                                raise self._disconnected("the connection was lost, and its events have no ids")
                            self.last_event_id = event_id
                            self._stalled = 0
                            yield decode_event(event, data, event_id, received)
                        if decoder.comments != comments:
                            comments = decoder.comments
                            if patience.heartbeat():
                                self._stalled = 0
                    body.close()
                    if decoder.pending:
                        cause = lost(self.request(), "the answer ended inside an event")
                except APIConnectionError as error:
                    cause = error
                    body.close()
                except ReplayGapError as error:
                    raise self._disconnected(f"the server did not keep its events ({error})") from error
                except EventTooLongError as error:
                    raise response_error(body.request, str(error)) from error
                except orjson.JSONDecodeError as error:
                    problem = f"the event {event!r} is no JSON ({error})"
                    raise response_error(body.request, problem, data) from error
                self._body = None
                if self.closed:
                    return
                over = event == "end" or (cause is None and self._has_ended(body.response))
                # What was delivered before the cut must have come again; if not, the end is none.
                if over and (tracker is None or tracker.caught_up):
                    return
                self._resume(cause)
        except LangGraphError as error:
            self.failure = error
            raise
        finally:
            self.close()

    def request(self) -> Sent:
        """The request that the stream's events come from."""
        return cast("Sent", self._request)

    def close(self) -> None:
        """Close the connection, for good."""
        self.closed = True
        body, self._body = self._body, None
        if body is not None:
            body.close()

    def hang_up(self) -> None:
        """Close the connection, for good, while another task or thread is in `events`."""
        self.closed = True
        body = self._body
        if body is not None:
            body.interrupt()

    def _new_patience(self) -> Timeouts:
        options = self.plan.options
        self._patience = options.timeouts(self.plan.idle_timeout)
        return self._patience

    def _created(self, found: Address) -> None:
        self.address = found
        if self.plan.on_run_created is not None and found.run_id is not None:
            self.plan.on_run_created({"run_id": found.run_id, "thread_id": found.thread_id})

    def _read(self, body: Body) -> None:
        self._request = body.request
        self._body = body
        kind = body.response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "text/event-stream":
            problem = f"not an event stream but {kind or 'of no content type'}"
            raise response_error(body.request, problem, advice=CHECK_URL)

    def _doubt(self) -> APIConnectionError:
        """What stands for a cut that we make ourselves: only another connection tells whether an event is a repeat (see resume.py)."""
        return lost(self.request(), "asking again after a doubtful event")

    def _failure(self, data: bytes | memoryview) -> LangGraphError:
        try:
            payload: Any = orjson.loads(data) if data else "no reason given"
        except orjson.JSONDecodeError:
            payload = bytes(data).decode(errors="replace")
        failure = run_failure(payload, self.request(), run_id=self.address.run_id, thread_id=self.address.thread_id)
        if self._resumed and isinstance(failure, NotFoundError):
            disconnected = self._disconnected("the connection was lost, and the server does not know the run any more")
            disconnected.__cause__ = failure
            return disconnected
        return failure

    def _has_ended(self, response: Any) -> bool:
        """Whether the run is over, now that its stream has ended without saying so.

        Raises:
            RunFailedError: If the run failed and the stream did not tell.
            StreamDisconnectedError: If the server does not tell.
        """
        run_id, thread_id = self.address.run_id, self.address.thread_id
        if run_id is None or thread_id is None:
            # Nobody to ask: a stateless run's thread is unknown. A body that was ended by its framing was ended by the server.
            return "transfer-encoding" in response.headers or "content-length" in response.headers
        status: str | None = None
        try:
            for pause in (*_LOOKS, None):
                status = one_run(get_run.parse_response, self._fetch(get_run.get_kwargs(thread_id, run_id))).status
                if status not in _ACTIVE:
                    break
                if pause is None:
                    return False
                sleep(pause)
            if status in ("error", "timeout"):
                answer = self._fetch(join_run.get_kwargs(thread_id, run_id))
                values(join_run.parse_response, answer, run_id=run_id, thread_id=thread_id)
        except NotFoundError:
            pass  # deleted, or thrown away with its stateless thread
        except (APIConnectionError, APIStatusError, APIResponseError) as error:
            if cast("Timeouts", self._patience).expired:
                raise
            raise self._disconnected(f"it ended, and whether the run has ended is not known: {error}") from error
        return True

    def _fetch(self, request: RequestKwargs) -> Answer:
        plan = self.plan
        return self.http.fetch(request, plan.options, repeatable=True, idle_timeout=plan.idle_timeout)

    def _resume(self, cause: LangGraphError | None) -> None:
        """Open the stream again where it was cut.

        Raises:
            StreamDisconnectedError: If that can't be done.
        """
        plan, patience, policy = self.plan, cast("Timeouts", self._patience), self.http.settings.retry
        if patience.expired:
            raise out_of_time(self.request()) from cause
        tracker = plan.tracker
        if tracker is None:
            raise self._disconnected("the connection was lost, and the run was not started as resumable") from cause
        if plan.fleeting and (self.last_event_id is None or _MILLISECONDS.fullmatch(self.last_event_id)):
            raise self._disconnected(
                "the connection was lost, and the server does not keep the events of the mode messages; messages-tuple it does"
            ) from cause
        if not tracker.resumable or tracker.resume_from is None:
            raise self._disconnected("the connection was lost, and its events do not tell where to go on") from cause
        if self.address.run_id is None:
            raise self._disconnected(
                "the connection was lost, and the server did not tell where to join the run"
            ) from cause
        self._stalled += 1
        if self._stalled > policy.max_retries:
            raise self._disconnected(
                f"the connection was lost {self._stalled} times without an event between"
            ) from cause
        cut = cause or lost(self.request(), "the stream ended though the run goes on")
        try:
            request = plan.join(self.address, event_id("last_event_id", tracker.resume_from))
        except ValueError:
            raise self._disconnected("the connection was lost, and the last id can't be sent back") from cut
        in_doubt = tracker.in_doubt
        tracker.reconnected()
        self._resumed = True
        try:
            body = self.http.open(
                request,
                plan.options,
                patience,
                repeatable=True,
                expected=EVENTS,
                cut=Cut(cut, self._stalled, quiet=in_doubt),
                run_id=self.address.run_id,
                on_retry=self._tell,
            )
        except LangGraphError as error:
            if patience.expired:
                raise out_of_time(self.request()) from error
            raise self._disconnected(f"the connection was lost, and resuming failed: {error}") from error
        self._read(body)

    def _tell(self, attempt: int, failure: Exception) -> None:
        self._stalled = attempt
        if self.plan.on_reconnect is not None:
            self.plan.on_reconnect(attempt, self.last_event_id, failure)

    def _disconnected(self, why: str) -> StreamDisconnectedError:
        run_id, thread_id = self.address.run_id, self.address.thread_id
        return StreamDisconnectedError(
            f"stream of run {run_id or '(id unknown)'}: {why}; last event: {(self.last_event_id or 'none')[:80]}",
            run_id=run_id,
            thread_id=thread_id,
            last_event_id=self.last_event_id,
        )
