# Derived from langgraph_runs/_async/source.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""What a stream reads its events from: it opens the stream, resumes it, and never takes its end on trust."""

from collections.abc import Callable, Generator, Iterator
from time import monotonic, time
from typing import Any, Final, cast

import orjson
from attrs import define, field

from langgraph_runs._sansio.checks import event_id
from langgraph_runs._sansio.failures import (
    SentRequest,
    connection_lost,
    deadline_error,
    json_or_text,
    reports_cancellation,
    response_error,
    run_failure,
)
from langgraph_runs._sansio.location import RunLocation, locate, located
from langgraph_runs._sansio.plans import StreamPlan
from langgraph_runs._sansio.responses import (
    ENDED_WELL,
    FAILED,
    APIResponse,
    ended_by_server,
    is_event_stream,
    one,
    values,
)
from langgraph_runs._sansio.resume import ReplayGapError, ResumeTracker
from langgraph_runs._sansio.retries import Cut
from langgraph_runs._sansio.sse import EventTooLongError, SSEDecoder
from langgraph_runs._sansio.timeouts import Timeouts
from langgraph_runs._sync.http import EVENTS, HTTP, Body
from langgraph_runs.errors import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    LangGraphError,
    NotFoundError,
    RunFailedError,
    StreamDisconnectedError,
)
from langgraph_runs.events import Event, MetadataEvent, decode_event
from langgraph_runs_api.api.runs import get_run, join_run
from langgraph_runs_api.models.run import Run


@define(eq=False, repr=False)
class EventSource:
    """The state of one stream, and the loop that reads it."""

    http: HTTP
    plan: StreamPlan
    location: RunLocation = field(init=False)
    event_id: str | None = None
    closed: bool = False
    ended: bool = False
    last_event: str = ""  # of this connection
    failure: LangGraphError | None = None
    _timeouts: Timeouts = field(init=False)
    # The current connection, also after its end: its body and the decoder.
    body: Body | None = None
    _empty: bool = False  # whether its status says that there are no events
    _decoder: SSEDecoder = field(factory=SSEDecoder)
    _resumed: bool = False
    _stalled: int = 0  # connections in a row that brought nothing
    _starting: bool = False  # whether a request was sent that starts a run, and there is no response yet
    _in_hand: bool = False  # whether a chunk was read, or is just being read, and not all its events were asked for

    def __attrs_post_init__(self) -> None:
        self.location, self._timeouts = self.plan.location, self.plan.options.timeouts()

    def connect(self) -> None:
        """Open the stream, unless it is open."""
        self.check()
        if self.body is not None or self.closed:
            return
        if self._starting:
            raise self._disconnected("the request that starts it was interrupted; the run may have been created")
        plan = self.plan
        repeatable = plan.repeatable or (plan.created is not None and self.location.run_id is not None)
        self._starting = not repeatable
        opening = plan.opening
        if plan.created is not None:
            if not repeatable:
                run = one(plan.created, self.http.fetch(opening, plan.options, repeatable=False))
                self._starting, repeatable = False, True
                self._found(RunLocation(run.run_id, run.thread_id))
            opening = plan.join(self.location, "-1")
        body = self.http.open(opening, plan.options, self._timeouts, repeatable=repeatable, expected=EVENTS)
        self._starting = False
        self._opened(body)
        self._found(locate(body.response.headers))

    def events(self, iterator: Callable[[], Any], *, started: bool = False) -> Generator[Event, None]:
        """The events, across as many connections as it takes.

        Args:
            iterator: Gives the iterator that this generator belongs to, if there still is one. It is restarted when an
                exception ends this generator.
            started: Whether the connection is open. Then something precedes the events: only a generator that was
                asked for something closes the connection when it is finalized.
        """
        goes_on = False
        try:
            if started:
                yield cast("Event", None)
            self.check()
            while (chunk := self._next_chunk()) is not None:
                for event in self._decode(chunk):
                    yield event
        except GeneratorExit:
            raise
        except BaseException as error:
            if isinstance(error, LangGraphError):
                self.failure = error
            else:
                self.interrupted()
            if (events := iterator()) is not None:
                can_go_on = self.failure is None and not self.closed
                events.restart(started=can_go_on and self.body is not None)
                goes_on = can_go_on  # only now: another exception may interrupt the restart
                del events  # the traceback refers to this frame
            raise
        finally:
            if not goes_on:
                self.close()

    def check(self) -> None:
        """Raise why no event can be asked for: the stream has failed, or it or the client is closed."""
        if self.failure is not None:
            raise self.failure
        if not self.ended:
            if self.closed:
                raise RuntimeError("the stream is closed; open another one")
            self.http.check_open()

    def interrupted(self) -> None:
        """An exception that is not of this library interrupted the iteration: find out whether it can go on."""
        if self._in_hand and not (self.body is not None and self.body.reading):
            failure = self._disconnected("an exception interrupted it between two events, and one may be lost")
            # After this id nothing is lost, but events may come twice.
            failure.last_event_id = None if self.plan.tracker is None else self.plan.tracker.resume_from
            self.failure = self.failure or failure

    @property
    def last_event_id(self) -> str | None:
        """See `RunStream`. What can't be resumed has only the last event's id."""
        if self.plan.tracker is None:
            return self.event_id
        return self.plan.tracker.handover if self.body is not None or self.plan.repeatable else None

    def request(self) -> SentRequest:
        """The request whose response the events come from."""
        return cast("Body", self.body).request

    def close(self) -> None:
        """Close the connection, for good."""
        self.closed, self._in_hand = True, False
        if self.body is not None:
            self.body.close()

    def interrupt(self) -> None:
        """Close the connection, for good, while another task or thread is in `events`."""
        self.closed = True
        if self.body is not None:
            self.body.interrupt()

    def _found(self, found: RunLocation) -> None:
        known = self.location
        self.location = known.completed(found)
        if known.run_id is None and found.run_id is not None and self.plan.on_run_created is not None:
            self.plan.on_run_created({"run_id": found.run_id, "thread_id": self.location.thread_id})

    def _opened(self, body: Body) -> None:
        self.body = body
        retry, self._decoder = self._decoder.retry, SSEDecoder(self.http.settings.max_bytes)
        self._decoder.retry = retry  # holds until the server says otherwise
        self.last_event = ""
        self._empty = not is_event_stream(body.request, body.response.status_code, body.response.headers)

    def _next_chunk(self) -> bytes | None:
        """Wait for the next chunk of the stream, reconnecting as often as it takes; None at its end."""
        tracker = self.plan.tracker
        while True:
            self._in_hand = False
            if self.body is None or self.http.closed:
                self.connect()
            body = self.body
            if self.closed or body is None:
                return None
            cause: LangGraphError | None = None
            if tracker is not None and tracker.in_doubt:
                body.close()
                cause = connection_lost(self.request(), "asking again after a doubtful event")
            else:
                self._in_hand = True
                try:
                    return next(body)
                except StopIteration:
                    if self._decoder.pending:
                        cause = connection_lost(self.request(), "the response ended inside an event")
                except APIConnectionError as error:
                    cause = error
            self._in_hand = False
            if self.closed:
                return None
            over = self._empty or self.last_event == "end" or (cause is None and self._has_ended(body.response))
            if over:
                if self._empty and tracker is not None and not tracker.caught_up:
                    raise self._disconnected("the connection was lost, and the server has no more events (status 204)")
                if self._empty or tracker is None or (gap := self._gap(tracker)) is None:
                    self.ended = True
                    return None
                most = min(_MORE_REPLAYS, self.http.settings.retry.max_retries)
                if self._stalled >= most or self.last_event == "end":
                    raise self._disconnected(f"the run is over, and {gap}") from cause
                cause = connection_lost(self.request(), gap)
            self._resume(cause)

    def _decode(self, chunk: bytes) -> Iterator[Event]:
        """The events of a chunk that are to be delivered; none after one that is in doubt."""
        received = time()
        tracker, unwanted, resumed = self.plan.tracker, self.plan.unwanted, self._resumed
        unknown = self.location.run_id is None
        name = ""
        data: bytes | memoryview = b""
        try:
            for name, data, id in self._decoder.feed(chunk):
                self.last_event = name
                if tracker is not None and not tracker.is_new(name, data, id):
                    if tracker.in_doubt:
                        break
                    continue
                if unwanted and name.partition("|")[0] in unwanted:
                    continue
                if name == "error" and self._tells_cancellation(data):
                    continue  # the run's status decides at the end of its stream
                if resumed and id is None:
                    raise self._disconnected("the connection was lost, and its events have no ids")
                self.event_id = id
                self._stalled = 0
                event = decode_event(name, data, id, received)
                if unknown and isinstance(event, MetadataEvent):
                    self._found(located(event.data))
                yield event
        except ReplayGapError as error:
            raise self._disconnected(f"the server did not keep its events ({error})") from error
        except EventTooLongError as error:
            raise response_error(self.request(), str(error)) from error
        except orjson.JSONDecodeError as error:
            raise response_error(self.request(), f"the event {name!r} is no JSON ({error})", data) from error
        if self._decoder.comments:
            self._decoder.comments = 0
            if self._timeouts.heartbeat():
                self._stalled = 0

    def _tells_cancellation(self, data: bytes | memoryview) -> bool:
        """Whether an error event only says that the run was cancelled; anything else that it says is raised."""
        payload = json_or_text(data) if data else "no reason given"
        failure = run_failure(payload, self.request(), self.location)
        if self._resumed and isinstance(failure, NotFoundError):
            raise self._disconnected("the connection was lost, and the server no longer knows the run") from failure
        if not reports_cancellation(failure):
            raise failure
        return True

    def _has_ended(self, response: Any) -> bool:
        """Whether the run is over, now that its stream has ended without saying so; a failure is raised."""
        ended = ended_by_server(response.headers, response.extensions)
        if None in self.location:
            return ended  # without a thread the run can't be asked
        status = ""
        try:
            status = (self._run()).status
            if status not in ENDED_WELL:
                joined = self._joined(goes_on=status not in FAILED, ended=ended)
                if joined is None:
                    return False
                values(join_run.parse_response, joined, self.location, exists=status in FAILED)
        except RunFailedError as error:
            if status in FAILED or not reports_cancellation(error):
                raise
        except NotFoundError:
            return True  # deleted, or thrown away with its stateless thread
        except (APIConnectionError, APIStatusError, APIResponseError) as error:
            if isinstance(error, APIStatusError) and error.status_code in _NOT_ALLOWED:
                return ended
            if self._timeouts.expired:
                raise
            raise self._disconnected(f"it ended, and whether the run has ended is not known: {error}") from error
        return True

    def _gap(self, tracker: ResumeTracker) -> str | None:
        """What the replay of a run that is over lacks; None if it is complete."""
        try:
            return tracker.gap(self._run() if tracker.empty and None not in self.location else None)
        except LangGraphError as error:
            return None if isinstance(error, NotFoundError) else tracker.gap(None)
        except ReplayGapError as error:
            raise self._disconnected(f"the server did not keep its events ({error})") from error

    def _joined(self, *, goes_on: bool, ended: bool) -> APIResponse | None:
        """Join a run; None if it goes on for too long.

        A server may write the status a little later than it closes the stream. Where no other connection can tell
        whether there are more events, the end is taken for one only if the server ended the response itself.
        """
        options = self.plan.options
        if goes_on:
            seconds = self._timeouts.get("read") if ended and self._obstacle() is not None else _SETTLING
            ends = [options.deadline, None if seconds is None else monotonic() + seconds]
            options = options._replace(deadline=min((end for end in ends if end is not None), default=None))
        try:
            return self.http.fetch(join_run.get_kwargs(*self.location.path), options, repeatable=True)
        except APITimeoutError:
            if goes_on and not self._timeouts.expired:
                return None
            raise

    def _run(self) -> Run:
        request = get_run.get_kwargs(*self.location.path)
        return one(get_run.parse_response, self.http.fetch(request, self.plan.options, repeatable=True))

    def _resume(self, cause: LangGraphError | None) -> None:
        """Open the stream again where it was cut, or raise a StreamDisconnectedError."""
        plan, tracker, timeouts = self.plan, self.plan.tracker, self._timeouts
        if timeouts.expired:
            raise deadline_error(self.request()) from cause
        before, stalled = self._stalled, self._stalled + 1
        obstacle = self._obstacle()
        if obstacle is not None or tracker is None or tracker.resume_from is None:
            why = "" if cause is None else f" ({cause})"
            raise self._disconnected(f"the connection was lost, and {obstacle}{why}") from cause
        cause = cause or connection_lost(self.request(), "the stream ended though the run goes on")
        asked = (self._decoder.retry or 0) / 1000
        cut = Cut(cause, stalled, quiet=tracker.in_doubt, asked=asked, run_id=self.location.run_id)
        request = plan.join(self.location, tracker.resume_from)
        tracker.reconnected()
        self._resumed = True
        try:
            body = self.http.open(
                request, plan.options, timeouts, repeatable=True, expected=EVENTS, cut=cut, on_retry=self._tell
            )
        except LangGraphError as error:
            if timeouts.expired:
                raise deadline_error(self.request()) from error
            raise self._disconnected(f"the connection was lost, and resuming failed: {error}") from error
        except BaseException:
            self._stalled = before  # an attempt that was interrupted has not failed
            raise
        self._stalled = max(self._stalled, stalled)
        self._opened(body)

    def _obstacle(self) -> str | None:
        """Why the stream can't be resumed; None if it can."""
        tracker, most = self.plan.tracker, self.http.settings.retry.max_retries
        if tracker is None:
            return "the run was not started as resumable"
        if tracker.obstacle is not None:
            return tracker.obstacle
        if self.location.run_id is None:
            return "the server did not tell where to join the run"
        if self._stalled >= most:
            return f"that was the case {self._stalled + 1} times in a row"
        try:
            event_id("last_event_id", tracker.resume_from or "")
        except ValueError:
            return "the last event's id can't be sent back"
        return None

    def _tell(self, attempt: int, failure: Exception) -> None:
        self._stalled = attempt
        if self.plan.on_reconnect is not None:
            self.plan.on_reconnect(attempt, self.last_event_id, failure)

    def _disconnected(self, why: str) -> StreamDisconnectedError:
        run_id, thread_id = self.location
        return StreamDisconnectedError(
            f"stream of run {run_id or '(id unknown)'}: {why}; last_event_id: {(self.last_event_id or 'none')[:80]}",
            run_id=run_id,
            thread_id=thread_id,
            last_event_id=self.last_event_id,
        )


_NOT_ALLOWED: Final = (401, 403, 405)  # to ask for the run, by a key that may only create some
_SETTLING: Final = 2.0  # seconds
# How often to ask again for a replay that lacks something: a cut may look like an end.
_MORE_REPLAYS: Final = 2
