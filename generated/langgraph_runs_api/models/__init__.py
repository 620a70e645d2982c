# Generated from openapi.yaml by `make generate`; do not edit.
"""Contains all the data models used in inputs/outputs"""

from typing import TYPE_CHECKING

from ..lazy import lazy_names

if TYPE_CHECKING:
    from .assistant import Assistant
    from .assistant_search import AssistantSearch
    from .assistant_select_field import AssistantSelectField
    from .assistant_sort_by import AssistantSortBy
    from .bulk_cancel_status import BulkCancelStatus
    from .cancel_action import CancelAction
    from .checkpoint import Checkpoint
    from .checkpoint_task import CheckpointTask
    from .command import Command
    from .config import Config
    from .disconnect_mode import DisconnectMode
    from .durability import Durability
    from .error_body import ErrorBody
    from .if_not_exists import IfNotExists
    from .interrupt_payload import InterruptPayload
    from .json_object import JsonObject
    from .multitask_strategy import MultitaskStrategy
    from .on_completion import OnCompletion
    from .on_conflict_behavior import OnConflictBehavior
    from .partial_assistant import PartialAssistant
    from .partial_run import PartialRun
    from .partial_thread import PartialThread
    from .run import Run
    from .run_create_stateful import RunCreateStateful
    from .run_create_stateless import RunCreateStateless
    from .run_select_field import RunSelectField
    from .run_status import RunStatus
    from .runs_cancel import RunsCancel
    from .sort_order import SortOrder
    from .stream_mode import StreamMode
    from .streamed_checkpoint import StreamedCheckpoint
    from .thread import Thread
    from .thread_create import ThreadCreate
    from .thread_history import ThreadHistory
    from .thread_search import ThreadSearch
    from .thread_select_field import ThreadSelectField
    from .thread_sort_by import ThreadSortBy
    from .thread_state import ThreadState
    from .thread_state_at import ThreadStateAt
    from .thread_state_update import ThreadStateUpdate
    from .thread_status import ThreadStatus
    from .thread_update import ThreadUpdate
    from .thread_update_state_response import ThreadUpdateStateResponse

if not TYPE_CHECKING:  # a type checker would accept any name
    __getattr__ = lazy_names(
        __name__,
        {
            "Assistant": ".assistant",
            "AssistantSearch": ".assistant_search",
            "AssistantSelectField": ".assistant_select_field",
            "AssistantSortBy": ".assistant_sort_by",
            "BulkCancelStatus": ".bulk_cancel_status",
            "CancelAction": ".cancel_action",
            "Checkpoint": ".checkpoint",
            "CheckpointTask": ".checkpoint_task",
            "Command": ".command",
            "Config": ".config",
            "DisconnectMode": ".disconnect_mode",
            "Durability": ".durability",
            "ErrorBody": ".error_body",
            "IfNotExists": ".if_not_exists",
            "InterruptPayload": ".interrupt_payload",
            "JsonObject": ".json_object",
            "MultitaskStrategy": ".multitask_strategy",
            "OnCompletion": ".on_completion",
            "OnConflictBehavior": ".on_conflict_behavior",
            "PartialAssistant": ".partial_assistant",
            "PartialRun": ".partial_run",
            "PartialThread": ".partial_thread",
            "Run": ".run",
            "RunCreateStateful": ".run_create_stateful",
            "RunCreateStateless": ".run_create_stateless",
            "RunSelectField": ".run_select_field",
            "RunStatus": ".run_status",
            "RunsCancel": ".runs_cancel",
            "SortOrder": ".sort_order",
            "StreamMode": ".stream_mode",
            "StreamedCheckpoint": ".streamed_checkpoint",
            "Thread": ".thread",
            "ThreadCreate": ".thread_create",
            "ThreadHistory": ".thread_history",
            "ThreadSearch": ".thread_search",
            "ThreadSelectField": ".thread_select_field",
            "ThreadSortBy": ".thread_sort_by",
            "ThreadState": ".thread_state",
            "ThreadStateAt": ".thread_state_at",
            "ThreadStateUpdate": ".thread_state_update",
            "ThreadStatus": ".thread_status",
            "ThreadUpdate": ".thread_update",
            "ThreadUpdateStateResponse": ".thread_update_state_response",
        },
    )

__all__ = (
    "Assistant",
    "AssistantSearch",
    "AssistantSelectField",
    "AssistantSortBy",
    "BulkCancelStatus",
    "CancelAction",
    "Checkpoint",
    "CheckpointTask",
    "Command",
    "Config",
    "DisconnectMode",
    "Durability",
    "ErrorBody",
    "IfNotExists",
    "InterruptPayload",
    "JsonObject",
    "MultitaskStrategy",
    "OnCompletion",
    "OnConflictBehavior",
    "PartialAssistant",
    "PartialRun",
    "PartialThread",
    "Run",
    "RunCreateStateful",
    "RunCreateStateless",
    "RunsCancel",
    "RunSelectField",
    "RunStatus",
    "SortOrder",
    "StreamedCheckpoint",
    "StreamMode",
    "Thread",
    "ThreadCreate",
    "ThreadHistory",
    "ThreadSearch",
    "ThreadSelectField",
    "ThreadSortBy",
    "ThreadState",
    "ThreadStateAt",
    "ThreadStateUpdate",
    "ThreadStatus",
    "ThreadUpdate",
    "ThreadUpdateStateResponse",
)
