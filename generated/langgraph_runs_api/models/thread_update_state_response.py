# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..answers import Answer
from ..values import as_object

if TYPE_CHECKING:
    from ..models.json_object import JsonObject


T = TypeVar("T", bound="ThreadUpdateStateResponse")


@_attrs_define(repr=False)
class ThreadUpdateStateResponse(Answer):
    """A changed state."""

    checkpoint: JsonObject = _attrs_field(factory=dict)
    """ The checkpoint with the new state. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "checkpoint": "checkpoint",
    }

    def to_dict(self) -> dict[str, Any]:
        checkpoint = self.checkpoint

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "checkpoint": checkpoint,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        checkpoint = as_object(d.pop("checkpoint"))

        thread_update_state_response = cls(
            checkpoint=checkpoint,
        )

        thread_update_state_response.additional_properties = d
        return thread_update_state_response
