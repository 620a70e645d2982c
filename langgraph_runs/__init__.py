"""A typed client, sync and async, for the runs of a LangGraph API server."""

import logging as _logging

from langgraph_runs._async.assistants import AsyncAssistantsClient
from langgraph_runs._async.client import AsyncClient
from langgraph_runs._async.map import AsyncRunMap
from langgraph_runs._async.runs import AsyncRunsClient
from langgraph_runs._async.stream import AsyncRunStream
from langgraph_runs._async.threads import AsyncThreadsClient
from langgraph_runs._sansio.config import RetryPolicy
from langgraph_runs._sync.assistants import AssistantsClient
from langgraph_runs._sync.client import Client
from langgraph_runs._sync.map import RunMap
from langgraph_runs._sync.runs import RunsClient
from langgraph_runs._sync.stream import RunStream
from langgraph_runs._sync.threads import ThreadsClient
from langgraph_runs._transport import AsyncHTTPTransport, HTTPTransport
from langgraph_runs._version import __tested_servers__, __version__
from langgraph_runs.errors import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    LangGraphError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RunFailedError,
    RunInterruptedError,
    StreamDisconnectedError,
    UnprocessableEntityError,
    WaitTimeoutError,
)
from langgraph_runs.events import (
    CheckpointsEvent,
    CustomEvent,
    DebugEvent,
    Event,
    EventsEvent,
    Interrupt,
    MessagesEvent,
    MessageTupleEvent,
    MetadataEvent,
    TasksEvent,
    UnknownEvent,
    UpdatesEvent,
    ValuesEvent,
)
from langgraph_runs.messages import MessageFolder, message_text
from langgraph_runs.options import RunCreate
from langgraph_runs.payloads import (
    CheckpointPayload,
    CheckpointTask,
    ContentBlock,
    DebugPayload,
    InterruptPayload,
    Message,
    MessageChunk,
    MessageMetadata,
    RunnableEvent,
    TaskResult,
    TaskStart,
    ToolCall,
    ToolCallChunk,
    UsageMetadata,
)
from langgraph_runs.states import ThreadState
from langgraph_runs.types import (
    Checkpoint,
    Command,
    Config,
    LangSmithTracing,
    RunCreateMetadata,
    Send,
)
from langgraph_runs_api.models import (
    Assistant,
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
    PartialAssistant,
    PartialRun,
    PartialThread,
    Run,
    RunSelectField,
    RunStatus,
    SortOrder,
    StreamMode,
    Thread,
    ThreadSelectField,
    ThreadSortBy,
    ThreadStatus,
    ThreadUpdateStateResponse,
)

__all__ = [
    "APIConnectionError",
    "APIResponseError",
    "APIStatusError",
    "APITimeoutError",
    "Assistant",
    "AssistantSelectField",
    "AssistantSortBy",
    "AssistantsClient",
    "AsyncAssistantsClient",
    "AsyncClient",
    "AsyncHTTPTransport",
    "AsyncRunMap",
    "AsyncRunStream",
    "AsyncRunsClient",
    "AsyncThreadsClient",
    "AuthenticationError",
    "BadRequestError",
    "BulkCancelStatus",
    "CancelAction",
    "Checkpoint",
    "CheckpointPayload",
    "CheckpointTask",
    "CheckpointsEvent",
    "Client",
    "Command",
    "Config",
    "ConflictError",
    "ContentBlock",
    "CustomEvent",
    "DebugEvent",
    "DebugPayload",
    "DisconnectMode",
    "Durability",
    "Event",
    "EventsEvent",
    "HTTPTransport",
    "IfNotExists",
    "InternalServerError",
    "Interrupt",
    "InterruptPayload",
    "LangGraphError",
    "LangSmithTracing",
    "Message",
    "MessageChunk",
    "MessageFolder",
    "MessageMetadata",
    "MessageTupleEvent",
    "MessagesEvent",
    "MetadataEvent",
    "MultitaskStrategy",
    "NotFoundError",
    "OnCompletion",
    "OnConflictBehavior",
    "PartialAssistant",
    "PartialRun",
    "PartialThread",
    "PermissionDeniedError",
    "RateLimitError",
    "RetryPolicy",
    "Run",
    "RunCreate",
    "RunCreateMetadata",
    "RunFailedError",
    "RunInterruptedError",
    "RunMap",
    "RunSelectField",
    "RunStatus",
    "RunStream",
    "RunnableEvent",
    "RunsClient",
    "Send",
    "SortOrder",
    "StreamDisconnectedError",
    "StreamMode",
    "TaskResult",
    "TaskStart",
    "TasksEvent",
    "Thread",
    "ThreadSelectField",
    "ThreadSortBy",
    "ThreadState",
    "ThreadStatus",
    "ThreadUpdateStateResponse",
    "ThreadsClient",
    "ToolCall",
    "ToolCallChunk",
    "UnknownEvent",
    "UnprocessableEntityError",
    "UpdatesEvent",
    "UsageMetadata",
    "ValuesEvent",
    "WaitTimeoutError",
    "__tested_servers__",
    "__version__",
    "message_text",
]

# A library prints nothing by itself: without this, Python would print warnings on stderr.
_logging.getLogger(__name__).addHandler(_logging.NullHandler())


def __dir__() -> list[str]:
    return [name for name in globals() if name.startswith("__") or not name.startswith("_")]
