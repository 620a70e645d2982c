# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..values import as_object

if TYPE_CHECKING:
    from ..models.json_object import JsonObject


T = TypeVar("T", bound="Assistant")


@_attrs_define
class Assistant:
    """An assistant: a graph with a config."""

    assistant_id: str
    """ The assistant's id. """
    graph_id: str
    """ The graph that it runs. """
    name: str
    """ Its name. """
    created_at: datetime.datetime
    """ When it was created. """
    updated_at: datetime.datetime
    """ When it last changed. """
    metadata: JsonObject
    """ The assistant's metadata. """
    config: JsonObject
    """ The config of its runs. """
    context: JsonObject
    """ The static context of its runs. """
    version: int
    """ Its version. """
    description: None | str
    """ What it is for. """
    user_id: None | str
    """ The user who created it (Aegra). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        assistant_id = self.assistant_id

        graph_id = self.graph_id

        name = self.name

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        metadata = self.metadata

        config = self.config

        context = self.context

        version = self.version

        description: None | str
        description = self.description

        user_id: None | str
        user_id = self.user_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "assistant_id": assistant_id,
                "graph_id": graph_id,
                "name": name,
                "created_at": created_at,
                "updated_at": updated_at,
                "metadata": metadata,
                "config": config,
                "context": context,
                "version": version,
                "description": description,
                "user_id": user_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        assistant_id = d.pop("assistant_id")

        graph_id = d.pop("graph_id")

        name = d.pop("name")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        metadata = as_object(d.pop("metadata"))

        config = as_object(d.pop("config"))

        context = as_object(d.pop("context", None))

        version = d.pop("version")

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description", None))

        def _parse_user_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user_id = _parse_user_id(d.pop("user_id", None))

        assistant = cls(
            assistant_id=assistant_id,
            graph_id=graph_id,
            name=name,
            created_at=created_at,
            updated_at=updated_at,
            metadata=metadata,
            config=config,
            context=context,
            version=version,
            description=description,
            user_id=user_id,
        )

        assistant.additional_properties = d
        return assistant

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
