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


T = TypeVar("T", bound="ThreadStateUpdate")


@_attrs_define(repr=False)
class ThreadStateUpdate(Model):
    """A change of a state."""

    values: Any | Unset = UNSET
    """ What the node returns: an object, a list of them, or null. """
    as_node: str | Unset = UNSET
    """ The node; if it is left out, the last one that ran. """
    checkpoint: Checkpoint | Unset = UNSET
    """ The checkpoint to change. The default is the latest. """
    checkpoint_id: str | Unset = UNSET
    """ The id of the checkpoint to change. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "values": "values",
        "as_node": "as_node",
        "checkpoint": "checkpoint",
        "checkpoint_id": "checkpoint_id",
    }

    def to_dict(self) -> dict[str, Any]:
        values = self.values

        as_node = self.as_node

        checkpoint: dict[str, Any] | Unset = UNSET
        if not isinstance(self.checkpoint, Unset):
            checkpoint = self.checkpoint

        checkpoint_id = self.checkpoint_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if values is not UNSET:
            field_dict["values"] = values
        if as_node is not UNSET:
            field_dict["as_node"] = as_node
        if checkpoint is not UNSET:
            field_dict["checkpoint"] = checkpoint
        if checkpoint_id is not UNSET:
            field_dict["checkpoint_id"] = checkpoint_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        values = d.pop("values", UNSET)

        as_node = d.pop("as_node", UNSET)

        _checkpoint = d.pop("checkpoint", UNSET)
        checkpoint: Checkpoint | Unset
        if isinstance(_checkpoint, Unset):
            checkpoint = UNSET
        else:
            checkpoint = as_object(_checkpoint)

        checkpoint_id = d.pop("checkpoint_id", UNSET)

        thread_state_update = cls(
            values=values,
            as_node=as_node,
            checkpoint=checkpoint,
            checkpoint_id=checkpoint_id,
        )

        thread_state_update.additional_properties = d
        return thread_state_update

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
