# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..answers import Model
from ..models.on_conflict_behavior import OnConflictBehavior, check_on_conflict_behavior
from ..types import UNSET, Unset
from ..values import as_object

if TYPE_CHECKING:
    from ..models.json_object import JsonObject


T = TypeVar("T", bound="ThreadCreate")


@_attrs_define(repr=False)
class ThreadCreate(Model):
    """What a new thread has. Leave a field out rather than sending null."""

    thread_id: str | Unset = UNSET
    """ The thread's id; the server chooses one if it is left out. """
    metadata: JsonObject | Unset = UNSET
    """ Stored with the thread. """
    if_exists: OnConflictBehavior | Unset = UNSET
    """ What to do if the thread exists: `raise` (the default) responds with 409. """
    ttl: JsonObject | Unset = UNSET
    """ How long to keep the thread: `ttl` in minutes, `strategy` (`delete` or `keep_latest`). """
    supersteps: list[JsonObject] | Unset = UNSET
    """ Changes of its state in order: `updates` of each is a list of `values`, `as_node` and `command`. Needs
    `graph_id` in the metadata.
     """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "thread_id": "thread_id",
        "metadata": "metadata",
        "if_exists": "if_exists",
        "ttl": "ttl",
        "supersteps": "supersteps",
    }

    def to_dict(self) -> dict[str, Any]:
        thread_id = self.thread_id

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata

        if_exists: str | Unset = UNSET
        if not isinstance(self.if_exists, Unset):
            if_exists = self.if_exists

        ttl: dict[str, Any] | Unset = UNSET
        if not isinstance(self.ttl, Unset):
            ttl = self.ttl

        supersteps: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.supersteps, Unset):
            supersteps = []
            for supersteps_item_data in self.supersteps:
                supersteps_item = supersteps_item_data
                supersteps.append(supersteps_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if thread_id is not UNSET:
            field_dict["thread_id"] = thread_id
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if if_exists is not UNSET:
            field_dict["if_exists"] = if_exists
        if ttl is not UNSET:
            field_dict["ttl"] = ttl
        if supersteps is not UNSET:
            field_dict["supersteps"] = supersteps

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        thread_id = d.pop("thread_id", UNSET)

        _metadata = d.pop("metadata", UNSET)
        metadata: JsonObject | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = as_object(_metadata)

        _if_exists = d.pop("if_exists", UNSET)
        if_exists: OnConflictBehavior | Unset
        if isinstance(_if_exists, Unset):
            if_exists = UNSET
        else:
            if_exists = check_on_conflict_behavior(_if_exists)

        _ttl = d.pop("ttl", UNSET)
        ttl: JsonObject | Unset
        if isinstance(_ttl, Unset):
            ttl = UNSET
        else:
            ttl = as_object(_ttl)

        _supersteps = d.pop("supersteps", UNSET)
        supersteps: list[JsonObject] | Unset = UNSET
        if _supersteps is not UNSET:
            supersteps = []
            for supersteps_item_data in _supersteps:
                supersteps_item = as_object(supersteps_item_data)

                supersteps.append(supersteps_item)

        thread_create = cls(
            thread_id=thread_id,
            metadata=metadata,
            if_exists=if_exists,
            ttl=ttl,
            supersteps=supersteps,
        )

        thread_create.additional_properties = d
        return thread_create

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
