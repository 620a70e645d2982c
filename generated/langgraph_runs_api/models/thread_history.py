# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..answers import Model
from ..types import UNSET, Unset
from ..values import as_object

if TYPE_CHECKING:
    from ..models.checkpoint import Checkpoint
    from ..models.json_object import JsonObject


T = TypeVar("T", bound="ThreadHistory")


@_attrs_define(repr=False)
class ThreadHistory(Model):
    """Which states of a thread to return."""

    limit: int | Unset = UNSET
    """ The maximum number of states. The default is 1, on LangGraph.js 10. """
    before: JsonObject | Unset = UNSET
    """ Only states before this checkpoint: `{"configurable": {"checkpoint_id": ...}}` for the Python server, a
    Checkpoint for Aegra. LangGraph.js wants the id as text. """
    metadata: JsonObject | Unset = UNSET
    """ Only states with these values in the metadata. """
    checkpoint: Checkpoint | Unset = UNSET
    """ Of which graph: `checkpoint_ns` is that of a subgraph. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "limit": "limit",
        "before": "before",
        "metadata": "metadata",
        "checkpoint": "checkpoint",
    }

    def to_dict(self) -> dict[str, Any]:
        limit = self.limit

        before: dict[str, Any] | Unset = UNSET
        if not isinstance(self.before, Unset):
            before = self.before

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata

        checkpoint: dict[str, Any] | Unset = UNSET
        if not isinstance(self.checkpoint, Unset):
            checkpoint = self.checkpoint

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if limit is not UNSET:
            field_dict["limit"] = limit
        if before is not UNSET:
            field_dict["before"] = before
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if checkpoint is not UNSET:
            field_dict["checkpoint"] = checkpoint

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        limit = d.pop("limit", UNSET)

        _before = d.pop("before", UNSET)
        before: JsonObject | Unset
        if isinstance(_before, Unset):
            before = UNSET
        else:
            before = as_object(_before)

        _metadata = d.pop("metadata", UNSET)
        metadata: JsonObject | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = as_object(_metadata)

        _checkpoint = d.pop("checkpoint", UNSET)
        checkpoint: Checkpoint | Unset
        if isinstance(_checkpoint, Unset):
            checkpoint = UNSET
        else:
            checkpoint = as_object(_checkpoint)

        thread_history = cls(
            limit=limit,
            before=before,
            metadata=metadata,
            checkpoint=checkpoint,
        )

        thread_history.additional_properties = d
        return thread_history

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
