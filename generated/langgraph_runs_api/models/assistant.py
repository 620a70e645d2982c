# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..answers import Answer
from ..values import as_object

if TYPE_CHECKING:
    from ..models.json_object import JsonObject


T = TypeVar("T", bound="Assistant")


@_attrs_define(repr=False)
class Assistant(Answer):
    """An assistant: a graph with a config."""

    assistant_id: str = ""
    """ The assistant's id. """
    graph_id: str = ""
    """ The graph that it runs. """
    name: str = ""
    """ Its name. """
    created_at: datetime.datetime = datetime.datetime.fromtimestamp(0, datetime.UTC)
    """ When it was created. """
    updated_at: datetime.datetime = datetime.datetime.fromtimestamp(0, datetime.UTC)
    """ When it last changed. """
    metadata: JsonObject = _attrs_field(factory=dict)
    """ The assistant's metadata. """
    config: JsonObject = _attrs_field(factory=dict)
    """ The config of its runs. """
    context: JsonObject = _attrs_field(factory=dict)
    """ The static context of its runs. """
    version: int = 0
    """ Its version. """
    description: None | str = None
    """ What it is for. """
    user_id: None | str = None
    """ The user who created it (Aegra). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "assistant_id": "assistant_id",
        "graph_id": "graph_id",
        "name": "name",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "metadata": "metadata",
        "config": "config",
        "context": "context",
        "version": "version",
        "description": "description",
        "user_id": "user_id",
    }

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
