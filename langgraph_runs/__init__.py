"""A typed client, sync and async, for the runs of a LangGraph API server."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from langgraph_runs._version import __tested_servers__, __version__

if TYPE_CHECKING:
    from langgraph_runs._async.client import AsyncClient
    from langgraph_runs._async.runs import AsyncRunsClient
    from langgraph_runs._async.stream import AsyncRunStream
    from langgraph_runs._sansio.config import RetryPolicy
    from langgraph_runs._sync.client import Client
    from langgraph_runs._sync.runs import RunsClient
    from langgraph_runs._sync.stream import RunStream
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
    from langgraph_runs.types import (
        BulkCancelStatus,
        CancelAction,
        Checkpoint,
        Command,
        Config,
        DisconnectMode,
        Durability,
        IfNotExists,
        LangSmithTracing,
        MultitaskStrategy,
        OnCompletion,
        RunCreate,
        RunCreateMetadata,
        RunSelectField,
        RunStatus,
        Send,
        StreamMode,
    )
    from langgraph_runs_api.models.partial_run import PartialRun
    from langgraph_runs_api.models.run import Run
else:
    # Each is loaded when it is first asked for: most programs need one of the two faces, and no more than a few of the types. Type
    # checkers must not see how, or any name would do.
    _MODULES = {
        name: module
        for module, names in {
            "langgraph_runs._async.client": ("AsyncClient",),
            "langgraph_runs._async.runs": ("AsyncRunsClient",),
            "langgraph_runs._async.stream": ("AsyncRunStream",),
            "langgraph_runs._sync.client": ("Client",),
            "langgraph_runs._sync.runs": ("RunsClient",),
            "langgraph_runs._sync.stream": ("RunStream",),
            "langgraph_runs.errors": (
                "APIConnectionError",
                "APIResponseError",
                "APIStatusError",
                "APITimeoutError",
                "AuthenticationError",
                "BadRequestError",
                "ConflictError",
                "InternalServerError",
                "LangGraphError",
                "NotFoundError",
                "PermissionDeniedError",
                "RateLimitError",
                "RunFailedError",
                "StreamDisconnectedError",
                "UnprocessableEntityError",
                "WaitTimeoutError",
            ),
            "langgraph_runs.events": (
                "CheckpointsEvent",
                "CustomEvent",
                "DebugEvent",
                "Event",
                "EventsEvent",
                "Interrupt",
                "MessageTupleEvent",
                "MessagesEvent",
                "MetadataEvent",
                "TasksEvent",
                "UnknownEvent",
                "UpdatesEvent",
                "ValuesEvent",
            ),
            "langgraph_runs.messages": (
                "MessageFolder",
                "message_text",
            ),
            "langgraph_runs.payloads": (
                "CheckpointPayload",
                "CheckpointTask",
                "ContentBlock",
                "DebugPayload",
                "InterruptPayload",
                "Message",
                "MessageChunk",
                "MessageMetadata",
                "RunnableEvent",
                "TaskResult",
                "TaskStart",
                "ToolCall",
                "ToolCallChunk",
                "UsageMetadata",
            ),
            "langgraph_runs._sansio.config": ("RetryPolicy",),
            "langgraph_runs.types": (
                "BulkCancelStatus",
                "CancelAction",
                "Checkpoint",
                "Command",
                "Config",
                "DisconnectMode",
                "Durability",
                "IfNotExists",
                "LangSmithTracing",
                "MultitaskStrategy",
                "OnCompletion",
                "RunCreate",
                "RunCreateMetadata",
                "RunSelectField",
                "RunStatus",
                "Send",
                "StreamMode",
            ),
            "langgraph_runs_api.models.partial_run": ("PartialRun",),
            "langgraph_runs_api.models.run": ("Run",),
        }.items()
        for name in names
    }

    def __getattr__(name: str) -> Any:
        if name in _MODULES:
            value = globals()[name] = getattr(import_module(_MODULES[name]), name)
            return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "APIConnectionError",
    "APIResponseError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncClient",
    "AsyncRunStream",
    "AsyncRunsClient",
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
    "PartialRun",
    "PermissionDeniedError",
    "RateLimitError",
    "RetryPolicy",
    "Run",
    "RunCreate",
    "RunCreateMetadata",
    "RunFailedError",
    "RunSelectField",
    "RunStatus",
    "RunStream",
    "RunnableEvent",
    "RunsClient",
    "Send",
    "StreamDisconnectedError",
    "StreamMode",
    "TaskResult",
    "TaskStart",
    "TasksEvent",
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
