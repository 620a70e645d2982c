"""Checked arguments of a call: how to send its requests, and how to open and reopen its stream."""

from collections.abc import Callable, Mapping
from functools import partial
from time import monotonic
from typing import Any, NamedTuple, Protocol, TypeVar

from langgraph_runs._sansio.checks import event_id, path_id, take, thread_path_id
from langgraph_runs._sansio.location import RunLocation
from langgraph_runs._sansio.requests import RequestKwargs, has_mode, join_request, request_body
from langgraph_runs._sansio.responses import Parse
from langgraph_runs._sansio.resume import ResumeTracker
from langgraph_runs._sansio.timeouts import Timeouts
from langgraph_runs.events import unwanted
from langgraph_runs.options import StreamArguments
from langgraph_runs.types import Id, OnReconnect, OnRunCreated, QueryParams, ThreadId
from langgraph_runs_api.api.runs import create_run, create_stateless_run, stream_run, stream_stateless_run
from langgraph_runs_api.models.run import Run
from langgraph_runs_api.models.run_create_stateful import RunCreateStateful
from langgraph_runs_api.models.run_create_stateless import RunCreateStateless

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Options(NamedTuple):
    """The arguments that every method has, checked."""

    headers: Mapping[str, str]  # in addition to the client's
    params: QueryParams  # in addition to the method's
    steps: Mapping[str, float | None]  # the timeout of each step of a request in seconds; None for no limit
    idle_timeout: float | None = None  # seconds of silence that count as a lost connection; None: by the heartbeats
    seconds: float | None = None  # how long the whole call may take; None for no limit
    deadline: float | None = None  # when it times out, on the monotonic clock

    def started(self) -> "Options":
        """The same for a call that starts now."""
        return self._replace(deadline=None if self.seconds is None else monotonic() + self.seconds)

    def timeouts(self) -> Timeouts:
        """The timeouts of one call."""
        return Timeouts(self.steps, idle_timeout=self.idle_timeout, deadline=self.deadline)


class StreamPlan(NamedTuple):
    """How a stream is opened, and how it is joined again."""

    opening: RequestKwargs  # the request that starts or joins it
    repeatable: bool  # whether the opening may be sent twice: a join may, a create may not
    join: Callable[[RunLocation, str], RequestKwargs]  # the request that joins it again, after the event with this id
    options: Options  # what the caller asked for
    location: RunLocation  # the ids that are known
    # For a stateless resumable stream, which `opening` only creates and which is then joined from its start: what
    # parses the response.
    created: Parse[Run] | None = None
    tracker: ResumeTracker | None = None  # the bookkeeping of a resumable stream; None for one that can't be resumed
    unwanted: frozenset[str] = frozenset()  # names of events to skip, before any `|`
    on_run_created: OnRunCreated | None = None
    on_reconnect: OnReconnect | None = None


class _Operation(Protocol[T_co]):
    """A generated module."""

    @property
    def get_kwargs(self) -> Callable[..., RequestKwargs]: ...
    @property
    def parse_response(self) -> Callable[[int, bytes], T_co | None]: ...


def start_request(
    on_thread: _Operation[T],
    stateless: _Operation[T],
    kind: type,
    thread_id: ThreadId | None,
    assistant_id: Id,
    given: Mapping[str, Any],
) -> tuple[RequestKwargs, Parse[T]]:
    """The request of one of these operations that starts a run, and the parser of its response.

    Its options are the checked ones in `given`, which the typed dict `kind` declares.
    """
    fields = {"assistant_id": path_id("assistant_id", assistant_id)}
    if thread_id is None:
        body = request_body(RunCreateStateless, kind, given, **fields)
        return stateless.get_kwargs(body=body), stateless.parse_response
    request = on_thread.get_kwargs(given_thread(thread_id), body=request_body(RunCreateStateful, kind, given, **fields))
    return request, on_thread.parse_response


def stream_plan(thread_id: ThreadId | None, assistant_id: Id, given: dict[str, Any], options: Options) -> StreamPlan:
    """How to start a run and stream its events."""
    settings = {**given, **given.get("extra_body", {})}
    resumable = settings["stream_resumable"] is True
    fleeting = has_mode("messages", settings["stream_mode"])
    tracker = ResumeTracker(fleeting=fleeting) if resumable else None
    on_run_created, on_reconnect = take(given, "on_run_created", "on_reconnect")
    run, created = (StreamArguments, thread_id, assistant_id, given), None
    # Joined after its creation, a stream of `messages` would lack what the Python server does not keep of it.
    if thread_id is None and resumable and not fleeting:
        opening, created = start_request(create_run, create_stateless_run, *run)
        tracker = ResumeTracker("-1")
    else:
        opening, _ = start_request(stream_run, stream_stateless_run, *run)
    return StreamPlan(
        opening=opening,
        repeatable=False,
        join=partial(join_request, {"cancel_on_disconnect": settings.get("on_disconnect") == "cancel"}),
        options=options,
        location=RunLocation(thread_id=given_thread(thread_id)),
        created=created,
        tracker=tracker,
        on_run_created=on_run_created,
        on_reconnect=on_reconnect,
    )


def join_plan(thread_id: ThreadId | None, run_id: Id, given: dict[str, Any], options: Options) -> StreamPlan:
    """How to join the stream of a run."""
    location = RunLocation(path_id("run_id", run_id), given_thread(thread_id))
    on_reconnect, after = take(given, "on_reconnect", "last_event_id")
    modes = given.get("stream_mode")
    tracker = ResumeTracker(
        None if after is None else event_id("last_event_id", after),
        live=after is None,
        fleeting=has_mode("messages", modes),
        chosen=modes is not None,
    )
    join = partial(join_request, given)
    return StreamPlan(
        opening=join(location, None if after is None else event_id("last_event_id", tracker.resume_from or "")),
        repeatable=True,
        join=join,
        options=options,
        location=location,
        tracker=tracker,
        unwanted=unwanted(modes),
        on_reconnect=on_reconnect,
    )


def given_thread(thread_id: ThreadId | None) -> str | None:
    """The thread's id; None for a stateless run."""
    return None if thread_id is None else thread_path_id("thread_id", thread_id)
