"""Checked arguments of a call: how to send its requests, and how to open and reopen its stream."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from langgraph_runs._sansio.location import RunLocation
from langgraph_runs._sansio.requests import RequestKwargs
from langgraph_runs._sansio.responses import APIResponse
from langgraph_runs._sansio.resume import ResumeTracker
from langgraph_runs._sansio.timeouts import Timeouts
from langgraph_runs.types import OnReconnect, OnRunCreated, QueryParams
from langgraph_runs_api.models.run import Run


class Options(NamedTuple):
    """The arguments that every method has, checked."""

    headers: Mapping[str, str]  # in addition to the client's
    params: QueryParams  # in addition to the method's
    steps: Mapping[str, float | None]  # the timeout of each step of a request in seconds; None for no limit
    deadline: float | None  # when the whole call times out, on the monotonic clock; None for no limit
    seconds: float | None = None  # how long it may take in all

    def timeouts(self, idle_timeout: float | None = None) -> Timeouts:
        """The timeouts of one call."""
        return Timeouts(self.steps, idle_timeout=idle_timeout, deadline=self.deadline)


class StreamPlan(NamedTuple):
    """How a stream is opened, and how it is joined again."""

    opening: RequestKwargs | None  # the request that starts or joins it
    repeatable: bool  # whether the opening may be sent twice: a join may, a create may not
    join: Callable[[RunLocation, str], RequestKwargs]  # the request that joins it again, after the event with this id
    options: Options  # what the caller asked for
    # For a stateless resumable stream: the request that creates the run, which is then joined from its start, and what
    # parses the response.
    create: RequestKwargs | None = None
    created: Callable[[APIResponse], Run] | None = None
    tracker: ResumeTracker | None = None  # the bookkeeping of a resumable stream; None for one that can't be resumed
    unwanted: frozenset[str] = frozenset()  # names of events to skip, before any `|`
    idle_timeout: float | None = None  # seconds of silence that count as a lost connection; None: by the heartbeats
    on_run_created: OnRunCreated | None = None
    on_reconnect: OnReconnect | None = None
