# Derived from langgraph_runs/_async/runs.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""The runs of a server, method by method. Each stream mode, and each pair of modes that people use, has an overload."""

# Sequences of different modes overlap in the empty one alone, which is refused at run time.
# mypy: disable-error-code="overload-overlap"
# pyright: reportOverlappingOverload=false

import builtins
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Generic, Literal, TypeAlias, Unpack, overload

from langgraph_runs._sansio.checks import checked, mapping, path_id, thread_path_id
from langgraph_runs._sansio.config import OfServer
from langgraph_runs._sansio.conversion import Converters
from langgraph_runs._sansio.filters import RunFilter
from langgraph_runs._sansio.location import RunLocation
from langgraph_runs._sansio.plans import Options, StreamPlan, given_thread, join_plan, start_request, stream_plan
from langgraph_runs._sansio.requests import batch, each, runs_cancel
from langgraph_runs._sansio.responses import check_done, one, page
from langgraph_runs._sansio.signatures import documented
from langgraph_runs._sync.http import HTTP
from langgraph_runs._sync.map import RunMap
from langgraph_runs._sync.pages import AllItems
from langgraph_runs._sync.source import EventSource
from langgraph_runs._sync.stream import RunStream
from langgraph_runs._sync.wait import Wait
from langgraph_runs.events import (
    CheckpointsEvent,
    CustomEvent,
    DebugEvent,
    Event,
    EventsEvent,
    MessagesEvent,
    MessageTupleEvent,
    TasksEvent,
    UpdatesEvent,
    ValuesEvent,
)
from langgraph_runs.options import (
    CallOptions,
    CancelManyOptions,
    CancelOptions,
    ConnectionOptions,
    CreateOptions,
    IterOptions,
    JoinStreamArguments,
    JoinStreamOptions,
    ListArguments,
    ListOptions,
    MapOptions,
    RunCreate,
    StreamArguments,
    StreamOptions,
    WaitOptions,
)
from langgraph_runs.types import CustomT, Id, StateT, ThreadId, UpdateT
from langgraph_runs_api.api.runs import (
    cancel_run,
    cancel_runs,
    create_run,
    create_run_batch,
    create_stateless_run,
    delete_run,
    get_run,
    list_runs,
    wait_run,
    wait_stateless_run,
)
from langgraph_runs_api.models import PartialRun, Run, RunSelectField, StreamMode

# A mode, or a list of nothing but it; two modes; any.
_Values: TypeAlias = Literal["values"] | Sequence[Literal["values"]]
_Updates: TypeAlias = Literal["updates"] | Sequence[Literal["updates"]]
_Messages: TypeAlias = Literal["messages"] | Sequence[Literal["messages"]]
_Tuples: TypeAlias = Literal["messages-tuple"] | Sequence[Literal["messages-tuple"]]
_Events: TypeAlias = Literal["events"] | Sequence[Literal["events"]]
_Debug: TypeAlias = Literal["debug"] | Sequence[Literal["debug"]]
_Tasks: TypeAlias = Literal["tasks"] | Sequence[Literal["tasks"]]
_Checkpoints: TypeAlias = Literal["checkpoints"] | Sequence[Literal["checkpoints"]]
_Custom: TypeAlias = Literal["custom"] | Sequence[Literal["custom"]]
_ValuesUpdates: TypeAlias = Sequence[Literal["values", "updates"]]
_ValuesCustom: TypeAlias = Sequence[Literal["values", "custom"]]
_ValuesTuples: TypeAlias = Sequence[Literal["values", "messages-tuple"]]
_UpdatesCustom: TypeAlias = Sequence[Literal["updates", "custom"]]
_UpdatesTuples: TypeAlias = Sequence[Literal["updates", "messages-tuple"]]
_TuplesCustom: TypeAlias = Sequence[Literal["messages-tuple", "custom"]]
_AnyModes: TypeAlias = StreamMode | Sequence[StreamMode]
_Options: TypeAlias = StreamOptions
_JoinOptions: TypeAlias = JoinStreamOptions


class RunsClient(OfServer, Generic[StateT, UpdateT, CustomT]):
    """The runs of a LangGraph API server; `Client.runs`.

    Every method raises a `LangGraphError` when something goes wrong, and a `ValueError` or `TypeError` that names the
    argument when an argument can't be used; nothing is sent then. An argument that is None counts as left out. A field
    or a value that only a newer server knows goes through `extra_body`, or through `params` for query parameters.
    """

    def __init__(self, http: HTTP, converters: Converters) -> None:
        self._http = http
        self._converters = converters

    @overload
    def stream(
        self,
        thread_id: ThreadId | None,
        assistant_id: Id,
        *,
        stream_mode: _Values = "values",
        **options: Unpack[_Options],
    ) -> RunStream[ValuesEvent[StateT]]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _Updates, **options: Unpack[_Options]
    ) -> RunStream[UpdatesEvent[UpdateT]]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _Messages, **options: Unpack[_Options]
    ) -> RunStream[MessagesEvent]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _Tuples, **options: Unpack[_Options]
    ) -> RunStream[MessageTupleEvent]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _Events, **options: Unpack[_Options]
    ) -> RunStream[EventsEvent]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _Debug, **options: Unpack[_Options]
    ) -> RunStream[DebugEvent]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _Tasks, **options: Unpack[_Options]
    ) -> RunStream[TasksEvent]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _Checkpoints, **options: Unpack[_Options]
    ) -> RunStream[CheckpointsEvent]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _Custom, **options: Unpack[_Options]
    ) -> RunStream[CustomEvent[CustomT]]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _ValuesUpdates, **options: Unpack[_Options]
    ) -> RunStream[ValuesEvent[StateT] | UpdatesEvent[UpdateT]]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _ValuesCustom, **options: Unpack[_Options]
    ) -> RunStream[ValuesEvent[StateT] | CustomEvent[CustomT]]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _ValuesTuples, **options: Unpack[_Options]
    ) -> RunStream[ValuesEvent[StateT] | MessageTupleEvent]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _UpdatesCustom, **options: Unpack[_Options]
    ) -> RunStream[UpdatesEvent[UpdateT] | CustomEvent[CustomT]]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _UpdatesTuples, **options: Unpack[_Options]
    ) -> RunStream[UpdatesEvent[UpdateT] | MessageTupleEvent]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _TuplesCustom, **options: Unpack[_Options]
    ) -> RunStream[MessageTupleEvent | CustomEvent[CustomT]]: ...
    @overload
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, *, stream_mode: _AnyModes, **options: Unpack[_Options]
    ) -> RunStream[Event[StateT, UpdateT, CustomT]]: ...
    @documented
    def stream(
        self, thread_id: ThreadId | None, assistant_id: Id, **options: Unpack[StreamArguments]
    ) -> RunStream[Any]:
        """Start a run and stream its events.

        Calls `POST /threads/{thread_id}/runs/stream`, or `POST /runs/stream` without a thread. A resumable
        stateless stream calls `POST /runs` and `GET /threads/{thread_id}/runs/{run_id}/stream`, because no other
        address of it can be resumed on every server. Nothing is sent before the stream is entered or iterated over.

        Args:
            thread_id: The thread to run on; None for a stateless run.
            assistant_id: An assistant's id, or a graph's name.

        Returns:
            The stream; see `RunStream` for what it raises.
        """
        call, given = self._http.call("stream", StreamArguments, options)
        return self._stream(stream_plan(thread_id, assistant_id, given, call))

    @documented
    def create(self, thread_id: ThreadId | None, assistant_id: Id, **options: Unpack[CreateOptions]) -> Run:
        """Start a run in the background.

        Calls `POST /threads/{thread_id}/runs`, or `POST /runs` without a thread. The request is sent again only when
        it certainly did not reach the server, or the server said that it was not taken: a run is never created twice.

        Args:
            thread_id: The thread to run on; None for a stateless run.
            assistant_id: An assistant's id, or a graph's name.

        Returns:
            The run, usually pending.

        Raises:
            NotFoundError: If there is no such thread (or assistant, on LangGraph.js and Aegra).
            ConflictError: If the thread is busy and the strategy is `reject`; UnprocessableEntityError on LangGraph.js.
            UnprocessableEntityError: If the server refuses an argument.
        """
        call, given = self._http.call("create", CreateOptions, options)
        on_run_created = given.pop("on_run_created", None)
        request, parse = start_request(create_run, create_stateless_run, CreateOptions, thread_id, assistant_id, given)
        run = one(parse, self._http.fetch(request, call, repeatable=False))
        if on_run_created is not None:
            on_run_created({"run_id": run.run_id, "thread_id": run.thread_id})
        return run

    @documented
    def create_batch(self, payloads: Sequence[RunCreate], **options: Unpack[CallOptions]) -> builtins.list[Run]:
        """Start several stateless runs in the background.

        Calls `POST /runs/batch`, which Aegra does not have (NotFoundError). Sent again only as `create` is.

        Args:
            payloads: For each run the arguments of a stateless `create`, `assistant_id` among them.

        Returns:
            The runs, in the order of `payloads`.

        Raises:
            UnprocessableEntityError: If the server refuses one of them. None is created if one is malformed; but if
                one names an assistant or webhook that the server refuses, the Python server in memory has created the
                others.
        """
        call, _ = self._http.call("create_batch", CallOptions, options)
        response = self._http.fetch(batch(payloads), call, repeatable=False)
        return page(create_run_batch.parse_response, response, Run)

    @documented
    def wait(self, thread_id: ThreadId | None, assistant_id: Id, **options: Unpack[WaitOptions]) -> StateT:
        """Start a run and wait for its final values.

        Calls `POST /threads/{thread_id}/runs/wait`, or `POST /runs/wait` without a thread. When the connection is
        lost, the run is joined again (`GET /threads/{thread_id}/runs/{run_id}/join`); no other run is started.

        Args:
            thread_id: The thread to run on; None for a stateless run.
            assistant_id: An assistant's id, or a graph's name.

        Returns:
            The final values; with `__interrupt__` in them if the run waits for a human. A stop by `interrupt_before` or
            `interrupt_after` can't be seen in them.

        Raises:
            RunInterruptedError: If the run waits for a human and the client has a `state_type`.
            RunFailedError: If the run fails.
            WaitTimeoutError: If it is not done within `timeout`.
            StreamDisconnectedError: If the connection was lost and the run can't be joined.
            APIStatusError: As `create` does.
        """
        call, given = self._http.call("wait", WaitOptions, options)
        values: StateT = self._waiting(WaitOptions, thread_id, assistant_id, given, call).values()
        return values

    @documented
    def map(self, payloads: Iterable[RunCreate], **options: Unpack[MapOptions]) -> RunMap[StateT]:
        """Start many stateless runs, some at a time, and yield their results as they end.

        Calls `POST /runs/wait` for each, as `wait` does, and at most once. Leaving it early cancels the runs under way.

        Args:
            payloads: For each run the arguments of a stateless `create`, `assistant_id` among them. Any iterable,
                also an endless one: it is read only as runs can start.

        Returns:
            Pairs of a payload and its run's final values, or the exception that `wait` would raise; see `RunMap`.
        """
        call, given = self._http.call("map", MapOptions, options)

        def start(payload: RunCreate) -> Wait:
            run = checked("map", RunCreate, mapping("payload", payload))
            return self._waiting(RunCreate, None, run.pop("assistant_id"), run, call.started())

        return RunMap(self._http, each(payloads), given["concurrency"], start)

    @overload
    def list(
        self, thread_id: ThreadId, *, select: None = None, **options: Unpack[ListOptions]
    ) -> builtins.list[Run]: ...
    @overload
    def list(
        self, thread_id: ThreadId, *, select: Sequence[RunSelectField], **options: Unpack[ListOptions]
    ) -> builtins.list[PartialRun]: ...
    @documented
    def list(
        self, thread_id: ThreadId, **options: Unpack[ListArguments]
    ) -> builtins.list[Run] | builtins.list[PartialRun]:
        """List the runs of a thread, in the server's order: newest first, on LangGraph.js oldest first.

        Calls `GET /threads/{thread_id}/runs`. No server filters by metadata or time: with these filters it calls for
        page after page until it has found `limit` matching runs.

        Args:
            thread_id: The thread.

        Returns:
            The runs; partial ones with `select`.

        Raises:
            NotFoundError: If there is no such thread.
        """
        call, given = self._http.call("list", ListArguments, options)
        wanted = RunFilter.take(given)
        thread = thread_path_id("thread_id", thread_id)
        if not wanted.active:
            return self._page(call, thread, given)
        if "select" in given:
            given["select"] = wanted.fields(given["select"])
        found: builtins.list[Any] = []
        for run in AllItems(partial(self._page, call, thread, given), "run_id", wanted.matches):
            found.append(run)
            if len(found) == given["offset"] + given["limit"]:
                break
        return found[given["offset"] :]

    @documented
    def iter(self, thread_id: ThreadId, **options: Unpack[IterOptions]) -> Iterator[Run]:
        """Iterate over all runs of a thread, each once, also when others are added meanwhile.

        Calls `GET /threads/{thread_id}/runs`, for one page after another as they are needed. `timeout` bounds the
        whole iteration.

        Args:
            thread_id: The thread.

        Returns:
            The runs, in the server's order. After an exception, the iteration goes on with the next run.
        """
        call, given = self._http.call("iter", IterOptions, options)
        wanted = RunFilter.take(given)
        thread = thread_path_id("thread_id", thread_id)
        return AllItems(partial(self._page, call, thread, given), "run_id", wanted.matches)

    @documented
    def get(self, thread_id: ThreadId, run_id: Id, **options: Unpack[CallOptions]) -> Run:
        """Get a run.

        Calls `GET /threads/{thread_id}/runs/{run_id}`.

        Args:
            thread_id: Its thread.
            run_id: The run.

        Raises:
            NotFoundError: If there is no such run.
        """
        call, _ = self._http.call("get", CallOptions, options)
        request = get_run.get_kwargs(thread_path_id("thread_id", thread_id), path_id("run_id", run_id))
        return one(get_run.parse_response, self._http.fetch(request, call, repeatable=True))

    @documented
    def cancel(self, thread_id: ThreadId, run_id: Id, **options: Unpack[CancelOptions]) -> None:
        """Cancel a run.

        Calls `POST /threads/{thread_id}/runs/{run_id}/cancel`.

        Args:
            thread_id: Its thread.
            run_id: The run.

        Raises:
            NotFoundError: If there is no such run, or (on the Python server) it has ended already.
        """
        call, given = self._http.call("cancel", CancelOptions, options)
        wait = int(given.pop("wait"))
        request = cancel_run.get_kwargs(
            thread_path_id("thread_id", thread_id), path_id("run_id", run_id), wait=wait, **given
        )
        check_done(cancel_run.parse_response, self._http.fetch(request, call, repeatable=False))

    @documented
    def cancel_many(self, **options: Unpack[CancelManyOptions]) -> None:
        """Cancel several runs: some of a thread, or all in a status.

        Calls `POST /runs/cancel`, which LangGraph.js does not have (NotFoundError).

        Raises:
            NotFoundError: If no run matched (Aegra does not tell).
        """
        call, given = self._http.call("cancel_many", CancelManyOptions, options)
        action = given.pop("action")
        request = cancel_runs.get_kwargs(body=runs_cancel(given), action=action)
        check_done(cancel_runs.parse_response, self._http.fetch(request, call, repeatable=False))

    @documented
    def join(self, thread_id: ThreadId, run_id: Id, **options: Unpack[ConnectionOptions]) -> StateT:
        """Wait for a run to end, and get its final values.

        Calls `GET /threads/{thread_id}/runs/{run_id}/join`.

        Args:
            thread_id: Its thread.
            run_id: The run.

        Returns:
            The final values, like those of `wait`, whose errors it raises too.

        Raises:
            NotFoundError: If there is no such run.
        """
        call, _ = self._http.call("join", ConnectionOptions, options)
        location = RunLocation(path_id("run_id", run_id), thread_path_id("thread_id", thread_id))
        values: StateT = Wait(self._http, self._converters, call, location=location).values()
        return values

    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _Values, **options: Unpack[_JoinOptions]
    ) -> RunStream[ValuesEvent[StateT]]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _Updates, **options: Unpack[_JoinOptions]
    ) -> RunStream[UpdatesEvent[UpdateT]]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _Messages, **options: Unpack[_JoinOptions]
    ) -> RunStream[MessagesEvent]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _Tuples, **options: Unpack[_JoinOptions]
    ) -> RunStream[MessageTupleEvent]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _Events, **options: Unpack[_JoinOptions]
    ) -> RunStream[EventsEvent]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _Debug, **options: Unpack[_JoinOptions]
    ) -> RunStream[DebugEvent]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _Tasks, **options: Unpack[_JoinOptions]
    ) -> RunStream[TasksEvent]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _Checkpoints, **options: Unpack[_JoinOptions]
    ) -> RunStream[CheckpointsEvent]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _Custom, **options: Unpack[_JoinOptions]
    ) -> RunStream[CustomEvent[CustomT]]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _ValuesUpdates, **options: Unpack[_JoinOptions]
    ) -> RunStream[ValuesEvent[StateT] | UpdatesEvent[UpdateT]]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _ValuesCustom, **options: Unpack[_JoinOptions]
    ) -> RunStream[ValuesEvent[StateT] | CustomEvent[CustomT]]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _ValuesTuples, **options: Unpack[_JoinOptions]
    ) -> RunStream[ValuesEvent[StateT] | MessageTupleEvent]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _UpdatesCustom, **options: Unpack[_JoinOptions]
    ) -> RunStream[UpdatesEvent[UpdateT] | CustomEvent[CustomT]]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _UpdatesTuples, **options: Unpack[_JoinOptions]
    ) -> RunStream[UpdatesEvent[UpdateT] | MessageTupleEvent]: ...
    @overload
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, *, stream_mode: _TuplesCustom, **options: Unpack[_JoinOptions]
    ) -> RunStream[MessageTupleEvent | CustomEvent[CustomT]]: ...
    @overload
    def join_stream(
        self,
        thread_id: ThreadId | None,
        run_id: Id,
        *,
        stream_mode: _AnyModes | None = None,
        **options: Unpack[_JoinOptions],
    ) -> RunStream[Event[StateT, UpdateT, CustomT]]: ...
    @documented
    def join_stream(
        self, thread_id: ThreadId | None, run_id: Id, **options: Unpack[JoinStreamArguments]
    ) -> RunStream[Any]:
        """Stream the events of a run from now on, or again from an event on.

        Calls `GET /threads/{thread_id}/runs/{run_id}/stream`, or `GET /runs/{run_id}/stream` without a thread (only
        LangGraph.js has it). Nothing is sent before the stream is entered or iterated over.

        Args:
            thread_id: Its thread; None where it is not known.
            run_id: The run.

        Returns:
            The stream; see `RunStream` for what it raises. A run that has ended already gives events only with
            `last_event_id`.
        """
        call, given = self._http.call("join_stream", JoinStreamArguments, options)
        return self._stream(join_plan(thread_id, run_id, given, call))

    @documented
    def delete(self, thread_id: ThreadId, run_id: Id, **options: Unpack[CallOptions]) -> None:
        """Delete a run.

        Calls `DELETE /threads/{thread_id}/runs/{run_id}`. The Python server deletes a running run too; Aegra refuses
        (ConflictError) unless `params={"force": 1}`.

        Args:
            thread_id: Its thread.
            run_id: The run.

        Raises:
            NotFoundError: If there is no such run; not if it may have been deleted by a try whose response was lost.
        """
        call, _ = self._http.call("delete", CallOptions, options)
        request = delete_run.get_kwargs(thread_path_id("thread_id", thread_id), path_id("run_id", run_id))
        self._http.delete(request, call, delete_run.parse_response)

    def _page(self, call: Options, thread_id: str, given: dict[str, Any], **place: Any) -> builtins.list[Any]:
        request = list_runs.get_kwargs(thread_id, **given | place)
        kind = PartialRun if "select" in given else Run
        return page(list_runs.parse_response, self._http.fetch(request, call, repeatable=True), kind)

    def _stream(self, plan: StreamPlan) -> RunStream[Any]:
        return RunStream(EventSource(self._http, plan), self._converters)

    def _waiting(
        self, kind: type, thread_id: ThreadId | None, assistant_id: Id, given: dict[str, Any], call: Options
    ) -> Wait:
        on_run_created = given.pop("on_run_created", None)
        settings = {**given, **given.get("extra_body", {})}
        request, parse = start_request(wait_run, wait_stateless_run, kind, thread_id, assistant_id, given)
        return Wait(
            self._http,
            self._converters,
            call,
            request,
            parse,
            RunLocation(thread_id=given_thread(thread_id)),
            cancel_on_disconnect=settings.get("on_disconnect") == "cancel",
            on_run_created=on_run_created,
        )
