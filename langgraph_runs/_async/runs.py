"""The runs of a server, method by method: arguments to a generated request, sent, and its answer to a result.

What a stream yields follows from its modes: `stream` and `join_stream` have an overload for each mode and for the pairs that people use, one line
each; all that does not change the type is in their `Unpack`ed options.
"""

# Lists of different modes overlap in the empty list alone, which is refused at run time.
# mypy: disable-error-code="overload-overlap"
# pyright: reportOverlappingOverload=false

import builtins
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Generic, Literal, TypeAlias, TypeVar, Unpack, cast, overload

from attrs import evolve, frozen

from langgraph_runs._async.http import AsyncHTTP, Options
from langgraph_runs._async.stream import AsyncEventSource, AsyncRunStream, StreamPlan
from langgraph_runs._async.wait import AsyncWait
from langgraph_runs._sansio.config import seconds
from langgraph_runs._sansio.conversion import Converters
from langgraph_runs._sansio.filters import RunFilter
from langgraph_runs._sansio.location import Address
from langgraph_runs._sansio.requests import (
    RequestKwargs,
    batch,
    count,
    event_id,
    given,
    join_stream_mode,
    path_id,
    runs_cancel,
    stateful,
    stateless,
    texts,
)
from langgraph_runs._sansio.responses import Answer, done, listed, one_run, run_list
from langgraph_runs._sansio.resume import ResumeTracker
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
    unwanted,
)
from langgraph_runs.types import (
    BulkCancelStatus,
    CancelAction,
    Checkpoint,
    Command,
    Config,
    CustomT,
    DisconnectMode,
    Durability,
    Id,
    IfNotExists,
    JoinStreamOptions,
    LangSmithTracing,
    MultitaskStrategy,
    Nodes,
    OnCompletion,
    OnReconnect,
    OnRunCreated,
    QueryParams,
    RunCreate,
    RunSelectField,
    RunStatus,
    StateT,
    StreamMode,
    StreamOptions,
    Time,
    Timeout,
    UpdateT,
)
from langgraph_runs_api.api.runs import (
    cancel_run,
    cancel_runs,
    create_run,
    create_run_batch,
    create_stateless_run,
    delete_run,
    get_run,
    join_run,
    join_run_stream,
    join_stateless_run_stream,
    list_runs,
    stream_run,
    stream_stateless_run,
    wait_run,
    wait_stateless_run,
)
from langgraph_runs_api.models.partial_run import PartialRun
from langgraph_runs_api.models.run import Run

SomeRun = TypeVar("SomeRun", Run, PartialRun)
T = TypeVar("T")
OneOf: TypeAlias = T | Sequence[T]
"""A mode, or a list of nothing but it."""
_PAGE = 100
_STALE = 10


class AsyncRunsClient(Generic[StateT, UpdateT, CustomT]):
    """The runs of a LangGraph API server; `AsyncClient.runs`.

    Every method takes, besides its own arguments:

    - `headers`: sent besides the client's, and instead of those of the same name.
    - `params`: query parameters sent besides the method's.
    - `timeout`: seconds that the whole call may take, or an `httpx.Timeout` with bounds on each of its steps. None: the client's.

    Every method raises a `LangGraphError` when something goes wrong, and a `ValueError` or `TypeError` that names the argument when
    one can't be used; nothing is sent then.
    """

    def __init__(self, http: AsyncHTTP, converters: Converters, *, idle_timeout: float | None = None) -> None:
        self._http = http
        self._converters = converters
        self._idle_timeout = idle_timeout

    # fmt: off
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: OneOf[Literal["values"]] = "values", **options: Unpack[StreamOptions]) -> AsyncRunStream[ValuesEvent[StateT]]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: OneOf[Literal["updates"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[UpdatesEvent[UpdateT]]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: OneOf[Literal["messages"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[MessagesEvent]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: OneOf[Literal["messages-tuple"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[MessageTupleEvent]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: OneOf[Literal["events"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[EventsEvent]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: OneOf[Literal["debug"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[DebugEvent]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: OneOf[Literal["tasks"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[TasksEvent]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: OneOf[Literal["checkpoints"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[CheckpointsEvent]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: OneOf[Literal["custom"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[CustomEvent[CustomT]]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: Sequence[Literal["values", "updates"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[ValuesEvent[StateT] | UpdatesEvent[UpdateT]]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: Sequence[Literal["values", "custom"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[ValuesEvent[StateT] | CustomEvent[CustomT]]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: Sequence[Literal["values", "messages-tuple"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[ValuesEvent[StateT] | MessageTupleEvent]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: Sequence[Literal["updates", "custom"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[UpdatesEvent[UpdateT] | CustomEvent[CustomT]]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: Sequence[Literal["updates", "messages-tuple"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[UpdatesEvent[UpdateT] | MessageTupleEvent]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: Sequence[Literal["messages-tuple", "custom"]], **options: Unpack[StreamOptions]) -> AsyncRunStream[MessageTupleEvent | CustomEvent[CustomT]]: ...
    @overload
    def stream(self, thread_id: Id | None, assistant_id: Id, *, stream_mode: str | Sequence[str], **options: Unpack[StreamOptions]) -> AsyncRunStream[Event[StateT, UpdateT, CustomT]]: ...
    # fmt: on

    def stream(
        self,
        thread_id: Id | None,
        assistant_id: Id,
        *,
        input: Any = None,
        command: Command | None = None,
        stream_mode: str | Sequence[str] = "values",
        stream_subgraphs: bool = False,
        stream_resumable: bool = False,
        metadata: Mapping[str, Any] | None = None,
        config: Config | None = None,
        context: Mapping[str, Any] | None = None,
        checkpoint: Checkpoint | None = None,
        checkpoint_id: str | None = None,
        interrupt_before: Nodes | None = None,
        interrupt_after: Nodes | None = None,
        feedback_keys: Sequence[str] | None = None,
        on_disconnect: DisconnectMode | None = None,
        on_completion: OnCompletion | None = None,
        webhook: str | None = None,
        multitask_strategy: MultitaskStrategy | None = None,
        if_not_exists: IfNotExists | None = None,
        after_seconds: float | None = None,
        durability: Durability | None = None,
        langsmith_tracing: LangSmithTracing | None = None,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        on_run_created: OnRunCreated | None = None,
        on_reconnect: OnReconnect | None = None,
        extra_body: Mapping[str, Any] | None = None,
        timeout: Timeout = None,
        idle_timeout: float | None = None,
    ) -> AsyncRunStream[Any]:
        """Start a run and stream what it does.

        Calls `POST /threads/{thread_id}/runs/stream`, or `POST /runs/stream` without a thread. A stateless stream that is
        to be resumable calls `POST /runs` and `GET /threads/{thread_id}/runs/{run_id}/stream`, because no other address of
        it can be resumed on every server. Nothing is sent before the stream is entered or iterated over.

        Args:
            thread_id: The thread to run on; None for a stateless run.
            assistant_id: An assistant's id, or a graph's name.
            input: What the graph gets; whatever can be JSON, also dataclasses, attrs classes and pydantic models.
            command: Goes on from an interrupt or steers the graph, instead of `input`.
            stream_mode: What to stream; one mode or several. The stream's type is exact for one mode and for two out of values, updates,
                messages-tuple and custom; for others it is the union of all events. A mode that this client does not
                know is passed on, and gives UnknownEvents.
            stream_subgraphs: Whether to stream what subgraphs emit too.
            stream_resumable: Whether the server keeps the events, so that a lost connection is resumed without losing any.
            metadata: Kept with the run.
            config: Tags, recursion limit and what the graph makes configurable.
            context: Static context for the graph.
            checkpoint: The checkpoint to start from; needs a thread.
            checkpoint_id: The id of the checkpoint to start from; needs a thread.
            interrupt_before: Nodes to stop before.
            interrupt_after: Nodes to stop after.
            feedback_keys: LangSmith feedback keys to get URLs for, in a `feedback` event.
            on_disconnect: What becomes of the run when the connection is lost; servers go on with it when left out.
            on_completion: Whether to keep a stateless run's thread.
            webhook: A URL to call when the run has ended.
            multitask_strategy: What to do if the thread is busy; `enqueue` when left out on the Python server, `reject` on JS.
            if_not_exists: What to do if the thread does not exist; an error (404) when left out.
            after_seconds: Seconds to wait before the run starts.
            durability: When checkpoints are written.
            langsmith_tracing: Where LangSmith traces go.
            headers: See the class.
            params: See the class.
            on_run_created: Called once with the run's id and thread when the server has created it.
            on_reconnect: Called before each reconnection with its number since the last event, the last event's id and the cause.
            extra_body: Fields of the body that the server knows and this client does not.
            timeout: See the class; seconds bound the whole stream.
            idle_timeout: Seconds of silence after which the connection counts as lost. When left out, three of the heartbeat
                intervals seen (between 6 and 30 s), or the read timeout while no heartbeat has come.

        Returns:
            The stream; see `AsyncRunStream` for what it raises.
        """
        arguments = {
            "input": input,
            "command": command,
            "stream_mode": stream_mode,
            "stream_subgraphs": stream_subgraphs,
            "stream_resumable": stream_resumable,
            "metadata": metadata,
            "config": config,
            "context": context,
            "checkpoint": checkpoint,
            "checkpoint_id": checkpoint_id,
            "interrupt_before": interrupt_before,
            "interrupt_after": interrupt_after,
            "feedback_keys": feedback_keys,
            "on_disconnect": on_disconnect,
            "on_completion": on_completion,
            "webhook": webhook,
            "multitask_strategy": multitask_strategy,
            "if_not_exists": if_not_exists,
            "after_seconds": after_seconds,
            "durability": durability,
            "langsmith_tracing": langsmith_tracing,
        }
        cancel = on_disconnect == "cancel"
        plan = StreamPlan(
            opening=None,
            repeatable=False,
            join=_Rejoin(cancel_on_disconnect=cancel),
            options=self._http.options(headers, params, timeout),
            tracker=ResumeTracker() if stream_resumable else None,
            idle_timeout=self._idle(idle_timeout),
            on_run_created=on_run_created,
            on_reconnect=on_reconnect,
        )
        if thread_id is not None:
            plan.opening = stream_run.get_kwargs(
                path_id("thread_id", thread_id), body=stateful(assistant_id, arguments, extra_body)
            )
            plan.fleeting = _has_messages(stream_mode)
        else:
            body = stateless(assistant_id, arguments, extra_body)
            plan.fleeting = _has_messages(stream_mode)
            # Joined after its creation, a stream of `messages` would lack what came before: the Python server does not keep it.
            if stream_resumable and not plan.fleeting:
                plan.create = create_stateless_run.get_kwargs(body=body)
                plan.created = _created_stateless
                plan.tracker = ResumeTracker("-1")
            else:
                plan.opening = stream_stateless_run.get_kwargs(body=body)
        return AsyncRunStream(AsyncEventSource(self._http, plan), self._converters)

    async def create(
        self,
        thread_id: Id | None,
        assistant_id: Id,
        *,
        input: Any = None,
        command: Command | None = None,
        stream_mode: StreamMode | Sequence[StreamMode] = "values",
        stream_subgraphs: bool = False,
        stream_resumable: bool = False,
        metadata: Mapping[str, Any] | None = None,
        config: Config | None = None,
        context: Mapping[str, Any] | None = None,
        checkpoint: Checkpoint | None = None,
        checkpoint_id: str | None = None,
        interrupt_before: Nodes | None = None,
        interrupt_after: Nodes | None = None,
        on_completion: OnCompletion | None = None,
        webhook: str | None = None,
        multitask_strategy: MultitaskStrategy | None = None,
        if_not_exists: IfNotExists | None = None,
        after_seconds: float | None = None,
        durability: Durability | None = None,
        langsmith_tracing: LangSmithTracing | None = None,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        on_run_created: OnRunCreated | None = None,
        extra_body: Mapping[str, Any] | None = None,
        timeout: Timeout = None,
    ) -> Run:
        """Start a run in the background.

        Calls `POST /threads/{thread_id}/runs`, or `POST /runs` without a thread. It is sent again only when it certainly did not
        reach the server, or the server said that it was not taken: a run is never created twice.

        Args:
            thread_id: The thread to run on; None for a stateless run.
            assistant_id: An assistant's id, or a graph's name.
            input: What the graph gets; whatever can be JSON, also dataclasses, attrs classes and pydantic models.
            command: Goes on from an interrupt or steers the graph, instead of `input`.
            stream_mode: What a stream joined later can have.
            stream_subgraphs: Whether it can have what subgraphs emit too.
            stream_resumable: Whether the server keeps the events, so that a stream joined later can have them from the start.
            metadata: Kept with the run.
            config: Tags, recursion limit and what the graph makes configurable.
            context: Static context for the graph.
            checkpoint: The checkpoint to start from; needs a thread.
            checkpoint_id: The id of the checkpoint to start from; needs a thread.
            interrupt_before: Nodes to stop before.
            interrupt_after: Nodes to stop after.
            on_completion: Whether to keep a stateless run's thread.
            webhook: A URL to call when the run has ended.
            multitask_strategy: What to do if the thread is busy; `enqueue` when left out on the Python server, `reject` on JS.
            if_not_exists: What to do if the thread does not exist; an error (404) when left out.
            after_seconds: Seconds to wait before the run starts.
            durability: When checkpoints are written.
            langsmith_tracing: Where LangSmith traces go.
            headers: See the class.
            params: See the class.
            on_run_created: Called once with the run's id and thread when the server has created it.
            extra_body: Fields of the body that the server knows and this client does not.
            timeout: See the class.

        Returns:
            The run, usually pending.

        Raises:
            NotFoundError: If there is no such thread (or assistant, on JS and Aegra).
            ConflictError: If the thread is busy and the strategy is `reject`; UnprocessableEntityError on JS.
            UnprocessableEntityError: If the server refuses an argument.
            LangGraphError: Whatever else goes wrong.
        """
        arguments = {
            "input": input,
            "command": command,
            "stream_mode": stream_mode,
            "stream_subgraphs": stream_subgraphs,
            "stream_resumable": stream_resumable,
            "metadata": metadata,
            "config": config,
            "context": context,
            "checkpoint": checkpoint,
            "checkpoint_id": checkpoint_id,
            "interrupt_before": interrupt_before,
            "interrupt_after": interrupt_after,
            "on_completion": on_completion,
            "webhook": webhook,
            "multitask_strategy": multitask_strategy,
            "if_not_exists": if_not_exists,
            "after_seconds": after_seconds,
            "durability": durability,
            "langsmith_tracing": langsmith_tracing,
        }
        options = self._http.options(headers, params, timeout)
        if thread_id is None:
            request = create_stateless_run.get_kwargs(body=stateless(assistant_id, arguments, extra_body))
            parse = create_stateless_run.parse_response
        else:
            body = stateful(assistant_id, arguments, extra_body)
            request = create_run.get_kwargs(path_id("thread_id", thread_id), body=body)
            parse = create_run.parse_response
        run = one_run(parse, await self._http.fetch(request, options, repeatable=False))
        if on_run_created is not None:
            on_run_created({"run_id": run.run_id, "thread_id": run.thread_id})
        return run

    async def create_batch(
        self,
        payloads: Sequence[RunCreate],
        *,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        timeout: Timeout = None,
    ) -> builtins.list[Run]:
        """Start several stateless runs in the background.

        Calls `POST /runs/batch`, which Aegra does not have (NotFoundError). Sent again only as `create` is.

        Args:
            payloads: For each run the arguments of `create`, with `assistant_id` and without `thread_id`.
            headers: See the class.
            params: See the class.
            timeout: See the class.

        Returns:
            The runs, in the order of `payloads`.

        Raises:
            UnprocessableEntityError: If the server refuses one of them. None is created if one is malformed; but if one names an
                assistant or webhook that the server refuses, the Python server in memory has created the others.
            LangGraphError: Whatever else goes wrong.
        """
        options = self._http.options(headers, params, timeout)
        request = create_run_batch.get_kwargs(body=batch(payloads))
        answer = await self._http.fetch(request, options, repeatable=False)
        return run_list(create_run_batch.parse_response, answer)

    async def wait(
        self,
        thread_id: Id | None,
        assistant_id: Id,
        *,
        input: Any = None,
        command: Command | None = None,
        metadata: Mapping[str, Any] | None = None,
        config: Config | None = None,
        context: Mapping[str, Any] | None = None,
        checkpoint: Checkpoint | None = None,
        checkpoint_id: str | None = None,
        interrupt_before: Nodes | None = None,
        interrupt_after: Nodes | None = None,
        webhook: str | None = None,
        on_disconnect: DisconnectMode | None = None,
        on_completion: OnCompletion | None = None,
        multitask_strategy: MultitaskStrategy | None = None,
        if_not_exists: IfNotExists | None = None,
        after_seconds: float | None = None,
        durability: Durability | None = None,
        langsmith_tracing: LangSmithTracing | None = None,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        on_run_created: OnRunCreated | None = None,
        extra_body: Mapping[str, Any] | None = None,
        timeout: Timeout = None,
        idle_timeout: float | None = None,
    ) -> StateT:
        """Start a run and wait for its final values.

        Calls `POST /threads/{thread_id}/runs/wait`, or `POST /runs/wait` without a thread. A lost connection is made up for by
        joining the run again (`GET /threads/{thread_id}/runs/{run_id}/join`), never by another run.

        Args:
            thread_id: The thread to run on; None for a stateless run.
            assistant_id: An assistant's id, or a graph's name.
            input: What the graph gets; whatever can be JSON, also dataclasses, attrs classes and pydantic models.
            command: Goes on from an interrupt or steers the graph, instead of `input`.
            metadata: Kept with the run.
            config: Tags, recursion limit and what the graph makes configurable.
            context: Static context for the graph.
            checkpoint: The checkpoint to start from; needs a thread.
            checkpoint_id: The id of the checkpoint to start from; needs a thread.
            interrupt_before: Nodes to stop before.
            interrupt_after: Nodes to stop after.
            webhook: A URL to call when the run has ended.
            on_disconnect: What becomes of the run when the connection is lost, also at the `timeout`.
            on_completion: Whether to keep a stateless run's thread.
            multitask_strategy: What to do if the thread is busy; `enqueue` when left out on the Python server, `reject` on JS.
            if_not_exists: What to do if the thread does not exist; an error (404) when left out.
            after_seconds: Seconds to wait before the run starts.
            durability: When checkpoints are written.
            langsmith_tracing: Where LangSmith traces go.
            headers: See the class.
            params: See the class.
            on_run_created: Called once with the run's id and thread when the server has created it.
            extra_body: Fields of the body that the server knows and this client does not.
            timeout: See the class; seconds bound the whole wait.
            idle_timeout: Seconds of silence after which the connection counts as lost; see `stream`.

        Returns:
            The final values; with `__interrupt__` in them if the run waits for a human.

        Raises:
            RunFailedError: If the run fails.
            WaitTimeoutError: If it is not done within `timeout`.
            StreamDisconnectedError: If the connection was lost and the run can't be joined.
            NotFoundError: If there is no such thread (or assistant, on JS and Aegra).
            ConflictError: If the thread is busy and the strategy is `reject`; UnprocessableEntityError on JS.
            UnprocessableEntityError: If the server refuses an argument.
            LangGraphError: Whatever else goes wrong.
        """
        arguments = {
            "input": input,
            "command": command,
            "metadata": metadata,
            "config": config,
            "context": context,
            "checkpoint": checkpoint,
            "checkpoint_id": checkpoint_id,
            "interrupt_before": interrupt_before,
            "interrupt_after": interrupt_after,
            "webhook": webhook,
            "on_disconnect": on_disconnect,
            "on_completion": on_completion,
            "multitask_strategy": multitask_strategy,
            "if_not_exists": if_not_exists,
            "after_seconds": after_seconds,
            "durability": durability,
            "langsmith_tracing": langsmith_tracing,
        }
        options = self._http.options(headers, params, timeout)
        if thread_id is None:
            request = wait_stateless_run.get_kwargs(body=stateless(assistant_id, arguments, extra_body))
            parse = wait_stateless_run.parse_response
        else:
            body = stateful(assistant_id, arguments, extra_body)
            request = wait_run.get_kwargs(path_id("thread_id", thread_id), body=body)
            parse = wait_run.parse_response
        values: StateT = await AsyncWait(
            self._http,
            request,
            parse,
            repeatable=False,
            options=options,
            idle_timeout=self._idle(idle_timeout),
            cancel_on_disconnect=on_disconnect == "cancel",
            on_run_created=on_run_created,
            converters=self._converters,
        ).values()
        return values

    @overload
    async def list(
        self,
        thread_id: Id,
        *,
        limit: int = 10,
        offset: int = 0,
        status: RunStatus | None = None,
        select: None = None,
        metadata: Mapping[str, Any] | None = None,
        created_after: Time | None = None,
        created_before: Time | None = None,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        timeout: Timeout = None,
    ) -> builtins.list[Run]: ...

    @overload
    async def list(
        self,
        thread_id: Id,
        *,
        limit: int = 10,
        offset: int = 0,
        status: RunStatus | None = None,
        select: Sequence[RunSelectField],
        metadata: Mapping[str, Any] | None = None,
        created_after: Time | None = None,
        created_before: Time | None = None,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        timeout: Timeout = None,
    ) -> builtins.list[PartialRun]: ...

    async def list(
        self,
        thread_id: Id,
        *,
        limit: int = 10,
        offset: int = 0,
        status: RunStatus | None = None,
        select: Sequence[RunSelectField] | None = None,
        metadata: Mapping[str, Any] | None = None,
        created_after: Time | None = None,
        created_before: Time | None = None,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        timeout: Timeout = None,
    ) -> builtins.list[Run] | builtins.list[PartialRun]:
        """List the runs of a thread, in the server's order: newest first, on JS oldest first.

        Calls `GET /threads/{thread_id}/runs`, as often as it takes: no server filters by metadata or time, so with these
        filters it goes through the list until `limit` matching runs are found.

        Args:
            thread_id: The thread.
            limit: How many runs to give at most.
            offset: How many (matching) runs to pass over.
            status: Only runs in this status.
            select: Only these fields; the others read as None, or as an empty dict. JS and Aegra send all of them.
            metadata: Only runs whose metadata has all of these keys with equal values.
            created_after: Only runs created after this time.
            created_before: Only runs created before this time.
            headers: See the class.
            params: See the class.
            timeout: See the class.

        Returns:
            The runs; partial ones with `select`.

        Raises:
            NotFoundError: If there is no such thread.
            LangGraphError: Whatever else goes wrong.
        """
        wanted = RunFilter.of(metadata, created_after, created_before)
        count("limit", limit, least=1)
        count("offset", offset, least=0)
        options = self._http.options(headers, params, timeout)
        fields = None if select is None else cast("builtins.list[RunSelectField]", texts("select", select))
        query = _ListQuery(path_id("thread_id", thread_id), status, fields, options)
        if select is None:
            return await self._list(query, wanted, limit, offset, Run)
        return await self._list(query, wanted, limit, offset, PartialRun)

    async def iter(
        self,
        thread_id: Id,
        *,
        status: RunStatus | None = None,
        metadata: Mapping[str, Any] | None = None,
        created_after: Time | None = None,
        created_before: Time | None = None,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        timeout: Timeout = None,
    ) -> AsyncIterator[Run]:
        """Go through all runs of a thread, page by page as they are asked for, each once also when others are added meanwhile.

        Calls `GET /threads/{thread_id}/runs`.

        Args:
            thread_id: The thread.
            status: Only runs in this status.
            metadata: Only runs whose metadata has all of these keys with equal values.
            created_after: Only runs created after this time.
            created_before: Only runs created before this time.
            headers: See the class.
            params: See the class.
            timeout: See the class; it bounds the whole iteration.

        Yields:
            The runs, in the server's order.

        Raises:
            LangGraphError: If a page can't be had.
        """
        wanted = RunFilter.of(metadata, created_after, created_before)
        options = self._http.options(headers, params, timeout)
        query = _ListQuery(path_id("thread_id", thread_id), status, None, options)
        async with aclosing(self._pages(query, Run)) as runs:
            async for run in runs:
                if wanted.matches(run):
                    yield run

    async def get(
        self,
        thread_id: Id,
        run_id: Id,
        *,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        timeout: Timeout = None,
    ) -> Run:
        """Get a run.

        Calls `GET /threads/{thread_id}/runs/{run_id}`.

        Args:
            thread_id: Its thread.
            run_id: The run.
            headers: See the class.
            params: See the class.
            timeout: See the class.

        Returns:
            The run.

        Raises:
            NotFoundError: If there is no such run.
            LangGraphError: Whatever else goes wrong.
        """
        request = get_run.get_kwargs(path_id("thread_id", thread_id), path_id("run_id", run_id))
        options = self._http.options(headers, params, timeout)
        return one_run(get_run.parse_response, await self._http.fetch(request, options, repeatable=True))

    async def cancel(
        self,
        thread_id: Id,
        run_id: Id,
        *,
        wait: bool = False,
        action: CancelAction = "interrupt",
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        timeout: Timeout = None,
    ) -> None:
        """Cancel a run.

        Calls `POST /threads/{thread_id}/runs/{run_id}/cancel`.

        Args:
            thread_id: Its thread.
            run_id: The run.
            wait: Whether to wait until it has stopped.
            action: `interrupt` stops it; `rollback` also deletes it and what it did to the thread.
            headers: See the class.
            params: See the class.
            timeout: See the class.

        Raises:
            NotFoundError: If there is no such run, or (on the Python server) it has ended already.
            LangGraphError: Whatever else goes wrong.
        """
        request = cancel_run.get_kwargs(
            path_id("thread_id", thread_id), path_id("run_id", run_id), wait=int(wait), action=action
        )
        options = self._http.options(headers, params, timeout)
        done(cancel_run.parse_response, await self._http.fetch(request, options, repeatable=False))

    async def cancel_many(
        self,
        *,
        thread_id: Id | None = None,
        run_ids: Sequence[Id] | None = None,
        status: BulkCancelStatus | None = None,
        action: CancelAction = "interrupt",
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        extra_body: Mapping[str, Any] | None = None,
        timeout: Timeout = None,
    ) -> None:
        """Cancel several runs: some of a thread, or all in a status.

        Calls `POST /runs/cancel`, which JS does not have (NotFoundError).

        Args:
            thread_id: The thread of `run_ids`.
            run_ids: The runs.
            status: Instead of these two: all runs in this status, on any thread.
            action: `interrupt` stops them; `rollback` also deletes them and what they did to their threads.
            headers: See the class.
            params: See the class.
            extra_body: Fields of the body that the server knows and this client does not.
            timeout: See the class.

        Raises:
            NotFoundError: If nothing matched (Aegra does not tell).
            LangGraphError: Whatever else goes wrong.
        """
        request = cancel_runs.get_kwargs(body=runs_cancel(thread_id, run_ids, status, extra_body), action=action)
        options = self._http.options(headers, params, timeout)
        done(cancel_runs.parse_response, await self._http.fetch(request, options, repeatable=False))

    async def join(
        self,
        thread_id: Id,
        run_id: Id,
        *,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        timeout: Timeout = None,
        idle_timeout: float | None = None,
    ) -> StateT:
        """Wait for a run to end, and get its final values.

        Calls `GET /threads/{thread_id}/runs/{run_id}/join`.

        Args:
            thread_id: Its thread.
            run_id: The run.
            headers: See the class.
            params: See the class.
            timeout: See the class; seconds bound the whole wait.
            idle_timeout: Seconds of silence after which the connection counts as lost; see `stream`.

        Returns:
            The final values; with `__interrupt__` in them if the run waits for a human.

        Raises:
            RunFailedError: If the run failed.
            WaitTimeoutError: If it is not done within `timeout`.
            NotFoundError: If there is no such run.
            LangGraphError: Whatever else goes wrong.
        """
        place = Address(path_id("run_id", run_id), path_id("thread_id", thread_id))
        values: StateT = await AsyncWait(
            self._http,
            join_run.get_kwargs(path_id("thread_id", thread_id), path_id("run_id", run_id)),
            join_run.parse_response,
            repeatable=True,
            options=self._http.options(headers, params, timeout),
            idle_timeout=self._idle(idle_timeout),
            address=place,
            converters=self._converters,
        ).values()
        return values

    # fmt: off
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: OneOf[Literal["values"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[ValuesEvent[StateT]]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: OneOf[Literal["updates"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[UpdatesEvent[UpdateT]]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: OneOf[Literal["messages"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[MessagesEvent]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: OneOf[Literal["messages-tuple"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[MessageTupleEvent]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: OneOf[Literal["events"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[EventsEvent]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: OneOf[Literal["debug"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[DebugEvent]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: OneOf[Literal["tasks"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[TasksEvent]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: OneOf[Literal["checkpoints"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[CheckpointsEvent]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: OneOf[Literal["custom"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[CustomEvent[CustomT]]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: Sequence[Literal["values", "updates"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[ValuesEvent[StateT] | UpdatesEvent[UpdateT]]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: Sequence[Literal["values", "custom"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[ValuesEvent[StateT] | CustomEvent[CustomT]]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: Sequence[Literal["values", "messages-tuple"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[ValuesEvent[StateT] | MessageTupleEvent]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: Sequence[Literal["updates", "custom"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[UpdatesEvent[UpdateT] | CustomEvent[CustomT]]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: Sequence[Literal["updates", "messages-tuple"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[UpdatesEvent[UpdateT] | MessageTupleEvent]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: Sequence[Literal["messages-tuple", "custom"]], **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[MessageTupleEvent | CustomEvent[CustomT]]: ...
    @overload
    def join_stream(self, thread_id: Id | None, run_id: Id, *, stream_mode: str | Sequence[str] | None = None, **options: Unpack[JoinStreamOptions]) -> AsyncRunStream[Event[StateT, UpdateT, CustomT]]: ...
    # fmt: on

    def join_stream(
        self,
        thread_id: Id | None,
        run_id: Id,
        *,
        cancel_on_disconnect: bool = False,
        stream_mode: str | Sequence[str] | None = None,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        last_event_id: str | None = None,
        on_reconnect: OnReconnect | None = None,
        timeout: Timeout = None,
        idle_timeout: float | None = None,
    ) -> AsyncRunStream[Any]:
        """Stream what a run does from now on, or again from an event on.

        Calls `GET /threads/{thread_id}/runs/{run_id}/stream`, or `GET /runs/{run_id}/stream` without a thread (which only
        JS has). Nothing is sent before the stream is entered or iterated over.

        Args:
            thread_id: Its thread; None where it is not known.
            run_id: The run.
            cancel_on_disconnect: Whether the server cancels the run when the connection is lost.
            stream_mode: What to stream, out of what the run was started with; all of it when left out. The Python server before 0.11 leaves
                out what subgraphs emit when modes are named.
            headers: See the class.
            params: See the class.
            last_event_id: Start after this event, `-1` for all from the start; the run must have been started with
                `stream_resumable`. The stream is resumed when its connection is lost.
            on_reconnect: Called before each reconnection with its number since the last event, the last event's id and the cause.
            timeout: See the class; seconds bound the whole stream.
            idle_timeout: Seconds of silence after which the connection counts as lost; see `stream`.

        Returns:
            The stream; see `AsyncRunStream` for what it raises. A run that has ended already gives no events, but with `last_event_id`.
        """
        place = Address(path_id("run_id", run_id), None if thread_id is None else path_id("thread_id", thread_id))
        join = _Rejoin(cancel_on_disconnect=cancel_on_disconnect, stream_mode=stream_mode)
        plan = StreamPlan(
            opening=join(place, None if last_event_id is None else event_id("last_event_id", last_event_id)),
            repeatable=True,
            join=join,
            options=self._http.options(headers, params, timeout),
            tracker=None if last_event_id is None else ResumeTracker(last_event_id),
            unwanted=unwanted(stream_mode),
            idle_timeout=self._idle(idle_timeout),
            on_reconnect=on_reconnect,
        )
        return AsyncRunStream(AsyncEventSource(self._http, plan, place), self._converters)

    async def delete(
        self,
        thread_id: Id,
        run_id: Id,
        *,
        headers: Mapping[str, str] | None = None,
        params: QueryParams | None = None,
        timeout: Timeout = None,
    ) -> None:
        """Delete a run.

        Calls `DELETE /threads/{thread_id}/runs/{run_id}`. The Python server deletes a running run too; Aegra refuses (ConflictError)
        unless `params={"force": 1}`.

        Args:
            thread_id: Its thread.
            run_id: The run.
            headers: See the class.
            params: See the class.
            timeout: See the class.

        Raises:
            NotFoundError: If there is no such run.
            LangGraphError: Whatever else goes wrong.
        """
        request = delete_run.get_kwargs(path_id("thread_id", thread_id), path_id("run_id", run_id))
        options = self._http.options(headers, params, timeout)
        done(delete_run.parse_response, await self._http.fetch(request, options, repeatable=False))

    async def _list(
        self, query: "_ListQuery", wanted: RunFilter, limit: int, offset: int, kind: type[SomeRun]
    ) -> builtins.list[SomeRun]:
        if not wanted.active:
            return await self._page(query, limit, offset, kind)
        found: builtins.list[SomeRun] = []
        async with aclosing(self._pages(evolve(query, select=wanted.fields(query.select)), kind)) as runs:
            async for run in runs:
                if wanted.matches(run):
                    found.append(run)
                    if len(found) == offset + limit:
                        break
        return found[offset:]

    async def _page(self, query: "_ListQuery", limit: int, offset: int, kind: type[SomeRun]) -> builtins.list[SomeRun]:
        request = list_runs.get_kwargs(
            query.thread_id, limit=limit, offset=offset, status=given(query.status), select=given(query.select)
        )
        answer = await self._http.fetch(request, query.options, repeatable=True)
        return listed(list_runs.parse_response, answer, kind)

    async def _pages(self, query: "_ListQuery", kind: type[SomeRun]) -> AsyncGenerator[SomeRun, None]:
        """All runs of the list, each once: runs added at its front meanwhile push others onto the next page."""
        seen: set[str | None] = set()
        offset = longest = stale = 0
        while page := await self._page(query, _PAGE, offset, kind):
            known = len(seen)
            for run in page:
                if run.run_id not in seen:
                    seen.add(run.run_id)
                    yield run
            longest = max(longest, len(page))
            stale = stale + 1 if len(seen) == known else 0
            # As long as runs are added, they push known ones onto a last page; and a server that knows no offset gives its first for ever.
            if stale and (len(page) < longest or stale == _STALE):
                return
            offset += len(page)

    def _idle(self, idle_timeout: float | None) -> float | None:
        return self._idle_timeout if idle_timeout is None else seconds("idle_timeout", idle_timeout)


@frozen
class _ListQuery:
    """What to list, but for which page of it."""

    thread_id: str
    status: RunStatus | None
    select: builtins.list[RunSelectField] | None
    options: Options


@frozen
class _Rejoin:
    """Builds the request that joins a run's stream, at whichever address of it is known.

    Raises:
        TypeError: If stream_mode is neither a string nor a list of strings.
        ValueError: If stream_mode is empty.
    """

    cancel_on_disconnect: bool = False
    stream_mode: str | Sequence[str] | None = None

    def __call__(self, place: Address, last_event_id: str | None) -> RequestKwargs:
        stream_mode = join_stream_mode(self.stream_mode)
        cancel = given(1 if self.cancel_on_disconnect else None)
        run_id = str(place.run_id)
        if place.thread_id is None:
            return join_stateless_run_stream.get_kwargs(
                run_id, stream_mode=stream_mode, cancel_on_disconnect=cancel, last_event_id=given(last_event_id)
            )
        return join_run_stream.get_kwargs(
            place.thread_id,
            run_id,
            stream_mode=stream_mode,
            cancel_on_disconnect=cancel,
            last_event_id=given(last_event_id),
        )


def _has_messages(stream_mode: str | Sequence[str] | None) -> bool:
    return "messages" in ([stream_mode] if isinstance(stream_mode, str) else stream_mode or ())


def _created_stateless(answer: Answer) -> Run:
    return one_run(create_stateless_run.parse_response, answer)
