"""A streamed run: opening it, resuming it where it was cut, and never taking its end on trust."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from time import time
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar, cast

import orjson
from attrs import define, field

from langgraph_runs._async.http import EVENTS, AsyncBody, AsyncHTTP
from langgraph_runs._sansio.checks import event_id
from langgraph_runs._sansio.conversion import Converters
from langgraph_runs._sansio.failures import (
    CHECK_URL,
    SentRequest,
    connection_lost,
    deadline_error,
    reports_cancellation,
    response_error,
    run_failure,
)
from langgraph_runs._sansio.location import RunLocation, locate
from langgraph_runs._sansio.plans import StreamPlan
from langgraph_runs._sansio.requests import RequestKwargs
from langgraph_runs._sansio.responses import APIResponse, one_run, values
from langgraph_runs._sansio.resume import ReplayGapError, ResumeTracker
from langgraph_runs._sansio.retries import Cut
from langgraph_runs._sansio.sse import EventTooLongError, SSEDecoder
from langgraph_runs._sansio.timeouts import Timeouts
from langgraph_runs._transport.synchronization import asleep
from langgraph_runs.errors import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    LangGraphError,
    NotFoundError,
    StreamDisconnectedError,
)
from langgraph_runs.events import Event, MetadataEvent, UnknownEvent, decode_event
from langgraph_runs_api.api.runs import get_run, join_run

E_co = TypeVar("E_co", covariant=True)


class AsyncRunStream(Generic[E_co]):
    """The events of a run, as they come.

    Iterate over it, with or without `async with`. It connects on entering, or when the first event is requested.
    Leaving the block closes the connection; without `async with`, it closes when nothing refers to it any more.

    A resumable stream goes on after a lost connection, without losing or repeating an event. Any other raises
    StreamDisconnectedError instead of ending quietly.

    Raises while iterating:
        RunFailedError: If the run fails.
        NotFoundError: If there is no such run, thread or assistant.
        StreamDisconnectedError: If the connection was lost and can't be resumed.
        LangGraphError: Whatever else goes wrong.
    """

    def __init__(self, source: "AsyncEventSource", converters: Converters) -> None:
        self._source = source
        self._converters = converters
        self._events: AsyncGenerator[Event, None] | None = None

    @property
    def run_id(self) -> str | None:
        """The run's id, once connected."""
        return self._source.location.run_id

    @property
    def thread_id(self) -> str | None:
        """The run's thread, once connected; None where the server does not tell."""
        return self._source.location.thread_id

    @property
    def last_event_id(self) -> str | None:
        """Where to go on, in any process: `join_stream(last_event_id=...)` then gives exactly what comes after.

        It is not the last event's id, which others may share, but an older one and, after `+`, a digest of what came
        since; it fits into a header.
        """
        return self._source.last_event_id

    async def __aenter__(self) -> Self:
        try:
            await self._source.connect()
        except BaseException as error:
            self._source.failure = error if isinstance(error, LangGraphError) else None
            await self.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __aiter__(self) -> AsyncIterator[E_co | MetadataEvent | UnknownEvent]:
        # The generator itself saves a loop one call per event. It refers to the source, not to this object: when a loop
        # is left, the generator is finalized, and closes the connection.
        if self._converters.active:
            return self
        return cast("AsyncIterator[E_co]", self._generator())

    async def __anext__(self) -> E_co | MetadataEvent | UnknownEvent:
        event = await anext(self._generator())
        if self._converters.active:
            # Out here, so that an event that does not convert does not end the generator.
            event = self._converters.event(event, self._source.request())
        return cast("E_co", event)

    async def aclose(self) -> None:
        """Close the connection. Another task or thread that waits for an event meets the end of the stream.

        The run goes on unless it was started with `on_disconnect="cancel"`.
        """
        self._source.closed = True
        if self._events is not None:
            try:
                await self._events.aclose()
            except (RuntimeError, ValueError):
                await self._source.interrupt()  # another task or thread is in the generator, which then closes
                return
        await self._source.close()

    def _generator(self) -> AsyncGenerator[Event, None]:
        if self._source.failure is not None:
            raise self._source.failure  # iterating again must not look like the end of the stream
        if self._events is None:
            self._events = self._source.events()
        return self._events


@define(eq=False, repr=False)
class AsyncEventSource:
    """The state of one stream, and the loop that reads it."""

    http: AsyncHTTP
    plan: StreamPlan
    location: RunLocation = field(factory=RunLocation)
    event_id: str | None = None
    closed: bool = False
    failure: LangGraphError | None = None
    _timeouts: Timeouts | None = None
    _request: SentRequest | None = None
    # The current connection: its body, the decoder, the comments that were counted and the last event's name.
    _body: AsyncBody | None = None
    _decoder: SSEDecoder = field(factory=SSEDecoder)
    _comments: int = 0
    _last_event: str = ""
    _resumed: bool = False
    _stalled: int = 0  # connections in a row that brought nothing

    async def connect(self) -> None:
        """Open the stream, unless it is open.

        Raises:
            LangGraphError: Why it failed.
        """
        if self.failure is not None:
            raise self.failure
        if self._body is not None or self.closed:
            return
        plan = self.plan
        timeouts = self._timeouts = plan.options.timeouts(plan.idle_timeout)
        opening = plan.opening
        if plan.create is not None and plan.created is not None:
            run = plan.created(await self.http.fetch(plan.create, plan.options, repeatable=False))
            self._created(RunLocation(run.run_id, run.thread_id))
            opening = plan.join(self.location, "-1")
        if opening is None:
            raise AssertionError("a stream is opened by a request of its own or by joining a created run")
        repeatable = plan.repeatable or plan.create is not None
        body = await self.http.open(opening, plan.options, timeouts, repeatable=repeatable, expected=EVENTS)
        self._opened(body)
        found = locate(body.response.headers, body.request.url)
        if self.location.run_id is None and found.run_id is not None:
            self._created(found)
        elif self.location.thread_id is None and found.thread_id is not None:
            self.location = found

    async def events(self) -> AsyncGenerator[Event, None]:
        """The events, across as many connections as it takes.

        Raises:
            LangGraphError: Why the stream failed.
        """
        try:
            while (chunk := await self._next_chunk()) is not None:
                for event in self._decode(chunk):
                    yield event
        except LangGraphError as error:
            self.failure = error
            raise
        finally:
            await self.close()

    @property
    def last_event_id(self) -> str | None:
        """See `AsyncRunStream`. What can't be resumed has only the last event's id."""
        if self.plan.tracker is None:
            return self.event_id
        return self.plan.tracker.handover if self._request is not None or self.plan.repeatable else None

    def request(self) -> SentRequest:
        """The request whose response the events come from."""
        return cast("SentRequest", self._request)

    async def close(self) -> None:
        """Close the connection, for good."""
        self.closed = True
        body, self._body = self._body, None
        if body is not None:
            await body.aclose()

    async def interrupt(self) -> None:
        """Close the connection, for good, while another task or thread is in `events`."""
        self.closed = True
        body = self._body
        if body is not None:
            await body.interrupt()

    def _created(self, found: RunLocation) -> None:
        self.location = found
        if self.plan.on_run_created is not None and found.run_id is not None:
            self.plan.on_run_created({"run_id": found.run_id, "thread_id": found.thread_id})

    def _opened(self, body: AsyncBody) -> None:
        self._request, self._body = body.request, body
        self._decoder = SSEDecoder(self.http.settings.max_bytes)
        self._comments, self._last_event = 0, ""
        kind = body.response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "text/event-stream":
            problem = f"not an event stream but {kind or 'of no content type'}"
            raise response_error(body.request, problem, advice=CHECK_URL)

    async def _next_chunk(self) -> bytes | None:
        """Wait for the next chunk of the stream, reconnecting as often as it takes; None at its end."""
        tracker = self.plan.tracker
        while True:
            if self._body is None:
                await self.connect()
            body = self._body
            if self.closed or body is None:
                return None
            cause: LangGraphError | None = None
            if tracker is not None and tracker.in_doubt:
                await body.aclose()
                cause = connection_lost(self.request(), "asking again after a doubtful event")
            else:
                try:
                    return await anext(body)
                except StopAsyncIteration:
                    if self._decoder.pending:
                        cause = connection_lost(self.request(), "the response ended inside an event")
                except APIConnectionError as error:
                    cause = error
            self._body = None
            if self.closed:
                return None
            if self._last_event == "end" or (cause is None and await self._has_ended(body.response)):
                if tracker is None or (gap := await self._gap(tracker)) is None:
                    return None
                most = min(_MORE_REPLAYS, self.http.settings.retry.max_retries)
                if self._stalled >= most or self._last_event == "end":
                    raise self._disconnected(f"the run is over, and {gap}") from cause
                cause = connection_lost(self.request(), gap)
            await self._resume(cause)

    def _decode(self, chunk: bytes) -> Iterator[Event]:
        """The events of a chunk that are to be delivered; none after one that is in doubt."""
        received = time()
        tracker, unwanted, resumed = self.plan.tracker, self.plan.unwanted, self._resumed
        name = ""
        data: bytes | memoryview = b""
        try:
            for name, data, id in self._decoder.feed(chunk):
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
                yield decode_event(name, data, id, received)
        except ReplayGapError as error:
            raise self._disconnected(f"the server did not keep its events ({error})") from error
        except EventTooLongError as error:
            raise response_error(self.request(), str(error)) from error
        except orjson.JSONDecodeError as error:
            raise response_error(self.request(), f"the event {name!r} is no JSON ({error})", data) from error
        if name:
            self._last_event = name
        if self._decoder.comments != self._comments:
            self._comments = self._decoder.comments
            if self._timeouts is not None and self._timeouts.heartbeat():
                self._stalled = 0

    def _tells_cancellation(self, data: bytes | memoryview) -> bool:
        """Whether an error event only says that the run was cancelled.

        Raises:
            LangGraphError: What it says otherwise.
        """
        try:
            payload: Any = orjson.loads(data) if data else "no reason given"
        except orjson.JSONDecodeError:
            payload = bytes(data).decode(errors="replace")
        failure = run_failure(payload, self.request(), run_id=self.location.run_id, thread_id=self.location.thread_id)
        if self._resumed and isinstance(failure, NotFoundError):
            raise self._disconnected("the connection was lost, and the server no longer knows the run") from failure
        if not reports_cancellation(failure):
            raise failure
        return True

    async def _has_ended(self, response: Any) -> bool:
        """Whether the run is over, now that its stream has ended without saying so.

        Raises:
            RunFailedError: If the run failed and the stream did not say so.
            StreamDisconnectedError: If the server can't be asked.
        """
        run_id, thread_id = self.location.run_id, self.location.thread_id
        if run_id is None or thread_id is None:
            # Without a thread the run can't be asked. But a body whose framing tells its end was ended by the server.
            return "transfer-encoding" in response.headers or "content-length" in response.headers
        try:
            status = await self._status(thread_id, run_id)
            if status in ("error", "timeout"):
                response = await self._fetch(join_run.get_kwargs(thread_id, run_id))
                values(join_run.parse_response, response, run_id=run_id, thread_id=thread_id)
        except NotFoundError:
            return True  # deleted, or thrown away with its stateless thread
        except (APIConnectionError, APIStatusError, APIResponseError) as error:
            if cast("Timeouts", self._timeouts).expired:
                raise
            raise self._disconnected(f"it ended, and whether the run has ended is not known: {error}") from error
        return status not in _ACTIVE

    async def _gap(self, tracker: ResumeTracker) -> str | None:
        """What the replay of a run that is over lacks; None if it is complete.

        Raises:
            StreamDisconnectedError: If the server never kept the run's events.
        """
        run_id, thread_id, run = self.location.run_id, self.location.thread_id, None
        try:
            if tracker.empty and run_id is not None and thread_id is not None:
                run = one_run(get_run.parse_response, await self._fetch(get_run.get_kwargs(thread_id, run_id)))
            return tracker.gap(run)
        except LangGraphError as error:
            return None if isinstance(error, NotFoundError) else tracker.gap(None)
        except ReplayGapError as error:
            raise self._disconnected(f"the server did not keep its events ({error})") from error

    async def _status(self, thread_id: str, run_id: str) -> str:
        """The run's status, once it is no longer active or was looked at for long enough."""
        request = get_run.get_kwargs(thread_id, run_id)
        status = one_run(get_run.parse_response, await self._fetch(request)).status
        for pause in _PAUSES:
            if status not in _ACTIVE:
                break
            await asleep(pause)
            status = one_run(get_run.parse_response, await self._fetch(request)).status
        return status

    async def _fetch(self, request: RequestKwargs) -> APIResponse:
        plan = self.plan
        return await self.http.fetch(request, plan.options, repeatable=True, idle_timeout=plan.idle_timeout)

    async def _resume(self, cause: LangGraphError | None) -> None:
        """Open the stream again where it was cut.

        Raises:
            StreamDisconnectedError: If that is not possible.
        """
        plan, tracker, timeouts = self.plan, self.plan.tracker, cast("Timeouts", self._timeouts)
        if timeouts.expired:
            raise deadline_error(self.request()) from cause
        self._stalled += 1
        obstacle = self._obstacle()
        if obstacle is not None or tracker is None or tracker.resume_from is None:
            raise self._disconnected(f"the connection was lost, and {obstacle}") from cause
        cause = cause or connection_lost(self.request(), "the stream ended though the run goes on")
        cut = Cut(cause, self._stalled, quiet=tracker.in_doubt)
        request = plan.join(self.location, tracker.resume_from)
        tracker.reconnected()
        self._resumed = True
        try:
            body = await self.http.open(
                request,
                plan.options,
                timeouts,
                repeatable=True,
                expected=EVENTS,
                cut=cut,
                run_id=self.location.run_id,
                on_retry=self._tell,
            )
        except LangGraphError as error:
            if timeouts.expired:
                raise deadline_error(self.request()) from error
            raise self._disconnected(f"the connection was lost, and resuming failed: {error}") from error
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
        if self._stalled > most:
            return f"that was the case {self._stalled} times in a row"
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
        run_id, thread_id = self.location.run_id, self.location.thread_id
        return StreamDisconnectedError(
            f"stream of run {run_id or '(id unknown)'}: {why}; last_event_id: {(self.last_event_id or 'none')[:80]}",
            run_id=run_id,
            thread_id=thread_id,
            last_event_id=self.last_event_id,
        )


_ACTIVE: Final = ("pending", "running")
# How often to ask again for a replay that lacks something: a cut may look like an end.
_MORE_REPLAYS: Final = 2
# Pauses before looking again at a run that is still active though its stream has ended: the server writes the status
# and closes the stream at nearly the same moment.
_PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
