# Generated from openapi.yaml by `make generate`; do not edit.
"""Contains all the data models used in inputs/outputs"""

from typing import TYPE_CHECKING

from ..lazy import lazy_names

if TYPE_CHECKING:
    from .bulk_cancel_status import BulkCancelStatus
    from .cancel_action import CancelAction
    from .checkpoint import Checkpoint
    from .command import Command
    from .config import Config
    from .disconnect_mode import DisconnectMode
    from .durability import Durability
    from .error_body import ErrorBody
    from .if_not_exists import IfNotExists
    from .json_object import JsonObject
    from .multitask_strategy import MultitaskStrategy
    from .on_completion import OnCompletion
    from .partial_run import PartialRun
    from .run import Run
    from .run_create_stateful import RunCreateStateful
    from .run_create_stateless import RunCreateStateless
    from .run_select_field import RunSelectField
    from .run_status import RunStatus
    from .runs_cancel import RunsCancel
    from .stream_mode import StreamMode

if not TYPE_CHECKING:  # a type checker would accept any name
    __getattr__ = lazy_names(
        __name__,
        {
            "BulkCancelStatus": ".bulk_cancel_status",
            "CancelAction": ".cancel_action",
            "Checkpoint": ".checkpoint",
            "Command": ".command",
            "Config": ".config",
            "DisconnectMode": ".disconnect_mode",
            "Durability": ".durability",
            "ErrorBody": ".error_body",
            "IfNotExists": ".if_not_exists",
            "JsonObject": ".json_object",
            "MultitaskStrategy": ".multitask_strategy",
            "OnCompletion": ".on_completion",
            "PartialRun": ".partial_run",
            "Run": ".run",
            "RunCreateStateful": ".run_create_stateful",
            "RunCreateStateless": ".run_create_stateless",
            "RunSelectField": ".run_select_field",
            "RunStatus": ".run_status",
            "RunsCancel": ".runs_cancel",
            "StreamMode": ".stream_mode",
        },
    )

__all__ = (
    "BulkCancelStatus",
    "CancelAction",
    "Checkpoint",
    "Command",
    "Config",
    "DisconnectMode",
    "Durability",
    "ErrorBody",
    "IfNotExists",
    "JsonObject",
    "MultitaskStrategy",
    "OnCompletion",
    "PartialRun",
    "Run",
    "RunCreateStateful",
    "RunCreateStateless",
    "RunsCancel",
    "RunSelectField",
    "RunStatus",
    "StreamMode",
)
