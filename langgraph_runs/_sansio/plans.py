"""Checked arguments of a call: how to send its requests, and how to open and reopen its stream."""

from collections.abc import Callable, Mapping

from attrs import define, frozen

from langgraph_runs._sansio.location import RunLocation
from langgraph_runs._sansio.requests import RequestKwargs
from langgraph_runs._sansio.responses import APIResponse
from langgraph_runs._sansio.resume import ResumeTracker
from langgraph_runs._sansio.timeouts import Timeouts
from langgraph_runs.types import OnReconnect, OnRunCreated, QueryParams
from langgraph_runs_api.models.run import Run


@frozen(eq=False, repr=False)
class Options:
    """The arguments that every method has, checked.

    Attributes:
        headers: Headers in addition to the client's.
        params: Query parameters in addition to the method's.
        steps: The timeout of each step of a request in seconds; None for no limit.
        deadline: When the whole call times out, on the monotonic clock; None for no limit.
    """

    headers: Mapping[str, str]
    params: QueryParams
    steps: Mapping[str, float | None]
    deadline: float | None

    def timeouts(self, idle_timeout: float | None = None) -> Timeouts:
        """The timeouts of one call."""
        return Timeouts(self.steps, idle_timeout=idle_timeout, deadline=self.deadline)


@define(eq=False, repr=False)
class StreamPlan:
    """How a stream is opened, and how it is joined again.

    Attributes:
        opening: The request that starts or joins it.
        repeatable: Whether the opening may be sent twice: a join may, a create may not.
        join: Builds the request that joins it again, from the run's location and the id of the last event.
        create: For a stateless resumable stream: the request that creates the run, which is then joined from its start.
        created: Parses the response to `create`.
        tracker: The bookkeeping of a resumable stream; None for one that can't be resumed.
        options: What the caller asked for.
        unwanted: Names of events to skip, before any `|`.
        idle_timeout: Seconds of silence that count as a lost connection. Default: derived from the heartbeats.
        on_run_created: Called once when the run is created.
        on_reconnect: Called before each reconnection: how many since the last event, where to go on, the cause.
    """

    opening: RequestKwargs | None
    repeatable: bool
    join: Callable[[RunLocation, str], RequestKwargs]
    options: Options
    create: RequestKwargs | None = None
    created: Callable[[APIResponse], Run] | None = None
    tracker: ResumeTracker | None = None
    unwanted: frozenset[str] = frozenset()
    idle_timeout: float | None = None
    on_run_created: OnRunCreated | None = None
    on_reconnect: OnReconnect | None = None
