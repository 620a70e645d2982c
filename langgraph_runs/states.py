"""The state of a thread."""

from datetime import datetime
from typing import Any, Generic

import attrs

from langgraph_runs.events import Interrupt
from langgraph_runs.payloads import CheckpointTask
from langgraph_runs.types import Checkpoint, StateT
from langgraph_runs_api.answers import Answer

_FIELDS = ("values", "next", "tasks", "interrupts", "checkpoint", "parent_checkpoint", "metadata", "created_at")


@attrs.define(repr=False)
class ThreadState(Answer, Generic[StateT]):
    """The state of a thread at a checkpoint.

    Attributes:
        values: The state, of the client's `state_type`. `{}` if the thread has none.
        next: The nodes that are next; none at the end.
        tasks: The tasks of those nodes, with their interrupts and errors.
        interrupts: The interrupts that the thread waits for.
        checkpoint: The checkpoint; None if the thread has no state.
        parent_checkpoint: The one before; None for the first.
        metadata: How the checkpoint was created: `source`, `step`, `parents` and the run's metadata.
        created_at: When it was.
        additional_properties: What else the server sent.
    """

    values: StateT
    next: list[str] = attrs.field(factory=list[str])
    tasks: list[CheckpointTask] = attrs.field(factory=list[CheckpointTask])
    interrupts: tuple[Interrupt, ...] = ()
    checkpoint: Checkpoint | None = None
    parent_checkpoint: Checkpoint | None = None
    metadata: dict[str, Any] = attrs.field(factory=dict[str, Any])
    created_at: datetime | None = None
    additional_properties: dict[str, Any] = attrs.field(factory=dict[str, Any])

    _ATTRIBUTES = {name: name for name in _FIELDS}  # noqa: RUF012 - a constant, and no attribute of attrs
