# Made by scripts/generate.py from openapi.yaml; do not edit.
"""Contains all the data models used in inputs/outputs"""

from .bulk_cancel_status import BulkCancelStatus
from .cancel_action import CancelAction
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

__all__ = (
    "BulkCancelStatus",
    "CancelAction",
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
