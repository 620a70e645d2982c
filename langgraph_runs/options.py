"""The keyword arguments of the clients' methods: each is declared, documented and given its rules here, once.

A method takes the keys of one typed dict. `_sansio/checks.py` checks their values by these annotations,
`_sansio/requests.py` makes a request body of them, and the docstrings below their names become the `Args:` of the
methods. A new field of the body that starts a run is one more key of `RunFields`.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple, Required

from langgraph_runs.types import (
    AttrsClass,
    Checkpoint,
    Command,
    Config,
    Dataclass,
    Id,
    LangSmithTracing,
    Model,
    Nodes,
    OnReconnect,
    OnRunCreated,
    QueryParams,
    ThreadId,
    Time,
    Timeout,
)
from langgraph_runs_api.models import (
    AssistantSelectField,
    AssistantSortBy,
    BulkCancelStatus,
    CancelAction,
    DisconnectMode,
    Durability,
    IfNotExists,
    MultitaskStrategy,
    OnCompletion,
    OnConflictBehavior,
    RunSelectField,
    RunStatus,
    SortOrder,
    StreamMode,
    ThreadSelectField,
    ThreadSortBy,
    ThreadStatus,
)

# pydantic takes no TypedDict of `typing` before Python 3.12.
if sys.version_info >= (3, 13):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict


class Rule(NamedTuple):
    """What the type of an option can't say."""

    default: Any = None  # what the method uses when the option is left out
    minimum: int | None = None  # the smallest number that it may be; 1 for a list that can't be empty
    needs: str | None = None  # the kind of run without which it makes no sense
    field: str | None = None  # its name in the generated model, where that is another one


OFF = Rule(default=False)
NOT_EMPTY = Rule(minimum=1)
NEEDS_THREAD = Rule(needs="a thread")
NEEDS_STATELESS = Rule(needs="a stateless run")


class CallOptions(TypedDict, total=False):
    """Of every method."""

    headers: Mapping[str, str] | None
    """Headers sent besides the client's; one of the same name replaces the client's."""
    params: QueryParams | None
    """Query parameters sent besides the method's."""
    timeout: Timeout
    """Seconds that the whole call may take, or an `httpx.Timeout` with a limit for each step. None: the client's."""


class BodyOptions(CallOptions, total=False):
    """Of methods that send a body."""

    extra_body: Mapping[str, Any] | None
    """Fields and values of the body that only a newer server knows."""


class ConnectionOptions(CallOptions, total=False):
    """Of every method that keeps a connection open until the run ends."""

    idle_timeout: float | None
    """Seconds of silence after which the connection counts as lost. Default: the client's."""


class RunFields(TypedDict, total=False):
    """Fields of every body that starts a run."""

    input: Annotated[Any, Rule(field="input_")]
    """The graph's input: anything that can be JSON, also dataclasses, attrs classes and pydantic models."""
    command: Command | None
    """Resumes an interrupted run or steers the graph, instead of `input`."""
    metadata: Mapping[str, Any] | None
    """Stored with the run."""
    config: Config | Dataclass | AttrsClass | Model | None
    """Tags, the recursion limit and the values that the graph makes configurable; also an object with these fields."""
    context: Mapping[str, Any] | Dataclass | AttrsClass | Model | None
    """Static context for the graph: a mapping, a dataclass, an attrs class or a pydantic model."""
    interrupt_before: Nodes | None
    """Nodes to stop before."""
    interrupt_after: Nodes | None
    """Nodes to stop after."""
    on_completion: Annotated[OnCompletion | None, NEEDS_STATELESS]
    """Whether to keep a stateless run's thread."""
    webhook: str | None
    """A URL that the server calls when the run has ended."""
    multitask_strategy: MultitaskStrategy | None
    """What to do if the thread is busy. Default: `enqueue` on the Python server, `reject` on LangGraph.js."""
    if_not_exists: IfNotExists | None
    """What to do if the thread does not exist. Default: fail with a NotFoundError."""
    after_seconds: Annotated[float | None, Rule(minimum=0)]
    """Seconds to wait before the run starts."""
    durability: Durability | None
    """When checkpoints are written."""
    langsmith_tracing: Annotated[LangSmithTracing | None, Rule(field="langsmith_tracer")]
    """Where LangSmith traces go."""
    extra_body: Mapping[str, Any] | None
    """Fields and values of the body that only a newer server knows. They may replace a default, not an argument."""


class ConnectedFields(TypedDict, total=False):
    """Fields of a body that starts a run and keeps the connection open."""

    on_disconnect: DisconnectMode | None
    """What happens to the run when the connection is lost, also by `timeout`. Default: it continues."""


class EventFields(TypedDict, total=False):
    """Fields of a body that starts a run whose events can be streamed, now or later."""

    stream_subgraphs: Annotated[bool, OFF]
    """Whether to stream the events of subgraphs too."""
    stream_resumable: Annotated[bool, OFF]
    """Whether the server keeps the events, so that a stream can resume after a lost connection, or be joined from its
    start."""


class FeedbackFields(TypedDict, total=False):
    """Fields of a body that starts a run whose stream has an event of its own for feedback."""

    feedback_keys: Sequence[str] | None
    """LangSmith feedback keys; a `feedback` event brings a URL for each."""


class LaterFields(TypedDict, total=False):
    """Fields of a body that starts a run whose events can be streamed later."""

    stream_mode: Annotated[StreamMode | Sequence[StreamMode], Rule(default="values")]
    """The modes that a stream joined later can have."""


class RunCreate(RunFields, ConnectedFields, EventFields, FeedbackFields, LaterFields, total=False):
    """One run of a batch: the arguments of `create` that a stateless run can have."""

    assistant_id: Required[Id]
    """An assistant's id, or a graph's name."""


class RunOptions(RunFields, CallOptions, total=False):
    """Of every method that starts a run."""

    checkpoint: Annotated[Checkpoint | None, NEEDS_THREAD]
    """The checkpoint to start from; needs a thread."""
    checkpoint_id: Annotated[Id | None, NEEDS_THREAD]
    """The id of the checkpoint to start from; needs a thread."""
    on_run_created: OnRunCreated | None
    """Called once, with the run's id and thread, when the server has created it."""


class CreateOptions(RunOptions, EventFields, LaterFields, total=False):
    """Of `create`."""


class WaitOptions(RunOptions, ConnectedFields, ConnectionOptions, total=False):
    """Of `wait`."""


class MapOptions(ConnectionOptions, total=False):
    """Of `map`; `timeout` is that of each run."""

    concurrency: Annotated[int, Rule(default=16, minimum=1)]
    """How many runs may be under way at a time."""


class ReconnectingOptions(ConnectionOptions, total=False):
    """Of every method that gives a stream."""

    on_reconnect: OnReconnect | None
    """Called before each reconnection, with its number since the last event, the stream's `last_event_id` and the
    cause."""


class StreamOptions(RunOptions, ConnectedFields, EventFields, FeedbackFields, ReconnectingOptions, total=False):
    """Of `stream`, but for `stream_mode`, which decides the stream's type."""


class StreamArguments(StreamOptions, total=False):
    """Of `stream`."""

    stream_mode: Annotated[StreamMode | Sequence[StreamMode], Rule(default="values")]
    """What to stream: a mode, or several. The stream's type is exact for one mode and for two of values, updates,
    messages-tuple and custom; for others it is the union of all events. Events that this client does not know come as
    UnknownEvent."""


class JoinStreamOptions(ReconnectingOptions, total=False):
    """Of `join_stream`, but for `stream_mode`, which decides the stream's type."""

    cancel_on_disconnect: Annotated[bool, OFF]
    """Whether the server cancels the run when the connection is lost."""
    last_event_id: str | None
    """Go on where a stream was: its `last_event_id`; or `-1` for the first event. Nothing is lost or repeated then. An
    event's own `id` will do less well: the Python server sends what comes after all events that share it. The run must
    have been started with `stream_resumable`; StreamDisconnectedError if the server does not have its events, or sends
    others, as it does for another `stream_mode`."""


class JoinStreamArguments(JoinStreamOptions, total=False):
    """Of `join_stream`."""

    stream_mode: StreamMode | Sequence[StreamMode] | None
    """What to stream, out of the modes that the run was started with. Default: all of them. The Python server before
    0.11 leaves out the events of subgraphs when modes are named."""


class IterOptions(CallOptions, total=False):
    """Of `iter`."""

    status: RunStatus | None
    """Only runs in this status."""
    metadata: Mapping[str, Any] | None
    """Only runs whose metadata has all of these keys with equal values."""
    created_after: Time | None
    """Only runs created after this time."""
    created_before: Time | None
    """Only runs created before this time."""


class ListOptions(IterOptions, total=False):
    """Of `list`, but for `select`, which decides the type of its runs."""

    limit: Annotated[int, Rule(default=10, minimum=1)]
    """The most runs to return."""
    offset: Annotated[int, Rule(default=0, minimum=0)]
    """How many matching runs to skip."""


class ListArguments(ListOptions, total=False):
    """Of `list`."""

    select: Sequence[RunSelectField] | None
    """Only these fields; the others read as None or as an empty dict. LangGraph.js and Aegra send all fields anyway."""


class CancelOptions(CallOptions, total=False):
    """Of `cancel`."""

    wait: Annotated[bool, OFF]
    """Whether to wait until the run has stopped."""
    action: Annotated[CancelAction, Rule(default="interrupt")]
    """`interrupt` stops the run; `rollback` also deletes it and its changes to the thread."""


class CancelManyOptions(BodyOptions, total=False):
    """Of `cancel_many`."""

    thread_id: ThreadId | None
    """The thread of `run_ids`."""
    run_ids: Annotated[Sequence[Id] | None, NOT_EMPTY]
    """The runs."""
    status: BulkCancelStatus | None
    """Instead of `thread_id` and `run_ids`: all runs in this status, on any thread."""
    action: Annotated[CancelAction, Rule(default="interrupt")]
    """`interrupt` stops the runs; `rollback` also deletes them and their changes to the threads."""


class PageOptions(TypedDict, total=False):
    """Of methods that return one page of a search."""

    limit: Annotated[int, Rule(default=10, minimum=1)]
    """The most to return; the Python server allows 1000."""
    offset: Annotated[int, Rule(default=0, minimum=0)]
    """How many to skip."""


class TtlOptions(TypedDict, total=False):
    """Of methods that decide how long a thread is kept."""

    ttl: float | Mapping[str, Any] | None
    """Minutes after which the server deletes the thread, or a mapping of `ttl` and `strategy` (`delete`, or
    `keep_latest`, which keeps its latest state). LangGraph.js and Aegra ignore it."""


class ThreadCreateOptions(TtlOptions, BodyOptions, total=False):
    """Of `threads.create`."""

    metadata: Mapping[str, Any] | None
    """Stored with the thread."""
    thread_id: Id | None
    """The thread's id, a UUID. Default: the server chooses one."""
    if_exists: OnConflictBehavior | None
    """What to do if the thread exists: `raise` a ConflictError, or `do_nothing` and return it. Default: `raise`."""
    graph_id: str | None
    """The graph that the thread is for, stored in its metadata."""
    supersteps: Sequence[Mapping[str, Any]] | None
    """Changes of its state to make, as of another thread: each has `updates`, a list of mappings with `values`,
    `as_node` and `command`. Needs `graph_id`."""


class ThreadGetOptions(CallOptions, total=False):
    """Of `threads.get`."""

    include: Sequence[str] | None
    """More fields: `ttl`. Only the Python server knows them."""


class ThreadUpdateOptions(TtlOptions, BodyOptions, total=False):
    """Of `threads.update`."""

    metadata: Mapping[str, Any] | None
    """Added to the thread's metadata, key by key."""


class ThreadIterOptions(BodyOptions, total=False):
    """Of `threads.iter`."""

    metadata: Mapping[str, Any] | None
    """Only threads whose metadata has these values."""
    values: Mapping[str, Any] | None
    """Only threads whose state has these values. Aegra ignores it; the Python server in memory fails (500) where
    a thread has no state, unless `metadata` or `ids` leave that thread out."""
    ids: Annotated[Sequence[ThreadId] | None, NOT_EMPTY]
    """Only these threads; an empty list is refused, since servers take it for all threads. Aegra ignores it."""
    status: ThreadStatus | None
    """Only threads in this status."""
    sort_by: ThreadSortBy | None
    """By which field to sort. Default: `updated_at`; of `iter`, `created_at`, since that does not change meanwhile."""
    sort_order: SortOrder | None
    """In which order. Default: `desc`, the newest or greatest first."""
    extract: Mapping[str, str] | None
    """Parts of each thread to return in `extracted`, a path for each name, such as `values.messages[-1]`. Only the
    Python server knows it."""


class ThreadSearchOptions(ThreadIterOptions, PageOptions, total=False):
    """Of `threads.search`, but for `select`, which decides the type of its threads."""


class ThreadSearchArguments(ThreadSearchOptions, total=False):
    """Of `threads.search`."""

    select: Sequence[ThreadSelectField] | None
    """Only these fields; the others read as None or as an empty dict. Aegra refuses it."""


class StateGetOptions(CallOptions, total=False):
    """Of `threads.get_state`, but for the checkpoint."""

    subgraphs: Annotated[bool, OFF]
    """Whether `tasks` have the states of their subgraphs."""


class StateGetArguments(StateGetOptions, total=False):
    """Of `threads.get_state`."""

    checkpoint: Checkpoint | None
    """The checkpoint. Default: the latest."""
    checkpoint_id: Id | None
    """The same by its id."""


class StateUpdateOptions(BodyOptions, total=False):
    """Of `threads.update_state`."""

    as_node: str | None
    """The node that the change is of; it decides what comes next. Default: the one that ran last."""
    checkpoint: Checkpoint | None
    """The checkpoint to start from. Default: the latest."""
    checkpoint_id: Id | None
    """The same by its id."""


class HistoryOptions(BodyOptions, total=False):
    """Of `threads.get_history`."""

    limit: Annotated[int, Rule(default=10, minimum=1)]
    """The most states to return; the Python server allows 1000."""
    before: Id | Checkpoint | None
    """Only states before this checkpoint, or its id. LangGraph.js wants `extra_body={"before": id}`."""
    metadata: Mapping[str, Any] | None
    """Only states whose metadata has these values."""
    checkpoint: Checkpoint | None
    """A checkpoint of the graph or subgraph whose states are wanted, by its `checkpoint_ns`."""


class AssistantIterOptions(BodyOptions, total=False):
    """Of `assistants.iter`."""

    metadata: Mapping[str, Any] | None
    """Only assistants whose metadata has these values."""
    graph_id: str | None
    """Only assistants of this graph."""
    name: str | None
    """Only assistants whose name contains this text, in any case."""
    sort_by: AssistantSortBy | None
    """By which field to sort. Default: `created_at`."""
    sort_order: SortOrder | None
    """In which order. Default: `desc`, the newest or greatest first."""


class AssistantSearchOptions(AssistantIterOptions, PageOptions, total=False):
    """Of `assistants.search`, but for `select`, which decides the type of its assistants."""


class AssistantSearchArguments(AssistantSearchOptions, total=False):
    """Of `assistants.search`."""

    select: Sequence[AssistantSelectField] | None
    """Only these fields; the others read as None or as an empty dict. Aegra ignores it."""
