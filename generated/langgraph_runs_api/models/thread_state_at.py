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


T = TypeVar("T", bound="ThreadStateAt")


@_attrs_define(repr=False)
class ThreadStateAt(Model):
    """At which checkpoint."""

    checkpoint: Checkpoint
    """ The checkpoint. """
    subgraphs: bool | Unset = UNSET
    """ Whether tasks have the states of their subgraphs. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "checkpoint": "checkpoint",
        "subgraphs": "subgraphs",
    }

    def to_dict(self) -> dict[str, Any]:
        checkpoint = self.checkpoint

        subgraphs = self.subgraphs

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "checkpoint": checkpoint,
            }
        )
        if subgraphs is not UNSET:
            field_dict["subgraphs"] = subgraphs

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        checkpoint = as_object(d.pop("checkpoint"))

        subgraphs = d.pop("subgraphs", UNSET)

        thread_state_at = cls(
            checkpoint=checkpoint,
            subgraphs=subgraphs,
        )

        thread_state_at.additional_properties = d
        return thread_state_at

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
