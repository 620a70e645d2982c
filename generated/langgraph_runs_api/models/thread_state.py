# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..answers import Answer
from ..values import as_object, checked

if TYPE_CHECKING:
    from ..models.checkpoint_task import CheckpointTask
    from ..models.interrupt_payload import InterruptPayload
    from ..models.json_object import JsonObject
    from ..models.streamed_checkpoint import StreamedCheckpoint


T = TypeVar("T", bound="ThreadState")


@_attrs_define(repr=False)
class ThreadState(Answer):
    """The state of a thread at a checkpoint."""

    values: Any = None
    """ The state. An empty object if the thread has none. """
    next_: list[str] = _attrs_field(factory=list)
    """ The nodes that are next; none at the end. """
    tasks: list[CheckpointTask] = _attrs_field(factory=list)
    """ The tasks of those nodes. """
    created_at: datetime.datetime | None = None
    """ When the checkpoint was written. """
    metadata: JsonObject = _attrs_field(factory=dict)
    """ How the checkpoint was created: `source`, `step`, `parents` and the run's metadata. """
    checkpoint: StreamedCheckpoint = _attrs_field(factory=dict)
    """ The checkpoint. Null if the thread has no state. """
    parent_checkpoint: StreamedCheckpoint = _attrs_field(factory=dict)
    """ The previous one. """
    interrupts: list[InterruptPayload] | None = None
    """ The interrupts that it waits for. LangGraph.js has them only in `tasks`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "values": "values",
        "next": "next_",
        "tasks": "tasks",
        "created_at": "created_at",
        "metadata": "metadata",
        "checkpoint": "checkpoint",
        "parent_checkpoint": "parent_checkpoint",
        "interrupts": "interrupts",
    }

    def to_dict(self) -> dict[str, Any]:
        values = self.values

        next_ = self.next_

        tasks = []
        for tasks_item_data in self.tasks:
            tasks_item = tasks_item_data
            tasks.append(tasks_item)

        created_at: None | str
        if isinstance(self.created_at, datetime.datetime):
            created_at = self.created_at.isoformat()
        else:
            created_at = self.created_at

        metadata = self.metadata

        checkpoint = self.checkpoint

        parent_checkpoint = self.parent_checkpoint

        interrupts: list[dict[str, Any]] | None
        if isinstance(self.interrupts, list):
            interrupts = []
            for interrupts_type_0_item_data in self.interrupts:
                interrupts_type_0_item = interrupts_type_0_item_data
                interrupts.append(interrupts_type_0_item)

        else:
            interrupts = self.interrupts

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "values": values,
                "next": next_,
                "tasks": tasks,
                "created_at": created_at,
                "metadata": metadata,
                "checkpoint": checkpoint,
                "parent_checkpoint": parent_checkpoint,
                "interrupts": interrupts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.interrupt_payload import InterruptPayload

        d = dict(src_dict)
        values = d.pop("values")

        next_ = cast(list[str], d.pop("next"))

        tasks = []
        _tasks = d.pop("tasks")
        for tasks_item_data in checked(_tasks, list, "tasks"):
            tasks_item = as_object(tasks_item_data)

            tasks.append(tasks_item)

        def _parse_created_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                created_at_type_0 = datetime.datetime.fromisoformat(data)

                return created_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        created_at = _parse_created_at(d.pop("created_at"))

        metadata = as_object(d.pop("metadata", None))

        checkpoint = as_object(d.pop("checkpoint", None))

        parent_checkpoint = as_object(d.pop("parent_checkpoint", None))

        def _parse_interrupts(data: object) -> list[InterruptPayload] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                interrupts_type_0 = []
                _interrupts_type_0 = data
                for interrupts_type_0_item_data in checked(_interrupts_type_0, list, "interrupts_type_0"):
                    interrupts_type_0_item = as_object(interrupts_type_0_item_data)

                    interrupts_type_0.append(interrupts_type_0_item)

                return interrupts_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[InterruptPayload] | None, data)

        interrupts = _parse_interrupts(d.pop("interrupts", None))

        thread_state = cls(
            values=values,
            next_=next_,
            tasks=tasks,
            created_at=created_at,
            metadata=metadata,
            checkpoint=checkpoint,
            parent_checkpoint=parent_checkpoint,
            interrupts=interrupts,
        )

        thread_state.additional_properties = d
        return thread_state
