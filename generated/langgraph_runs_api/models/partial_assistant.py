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


T = TypeVar("T", bound="PartialAssistant")


@_attrs_define(repr=False)
class PartialAssistant(Answer):
    """An assistant of which some fields may be missing, because of `select`."""

    assistant_id: None | str = None
    """ The assistant's id. """
    graph_id: None | str = None
    """ The graph that it runs. """
    name: None | str = None
    """ Its name. """
    created_at: datetime.datetime | None = None
    """ When it was created. """
    updated_at: datetime.datetime | None = None
    """ When it last changed. """
    metadata: JsonObject = _attrs_field(factory=dict)
    """ The assistant's metadata. """
    config: JsonObject = _attrs_field(factory=dict)
    """ The config of its runs. """
    context: JsonObject = _attrs_field(factory=dict)
    """ The static context of its runs. """
    version: int | None = None
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
        assistant_id: None | str
        assistant_id = self.assistant_id

        graph_id: None | str
        graph_id = self.graph_id

        name: None | str
        name = self.name

        created_at: None | str
        if isinstance(self.created_at, datetime.datetime):
            created_at = self.created_at.isoformat()
        else:
            created_at = self.created_at

        updated_at: None | str
        if isinstance(self.updated_at, datetime.datetime):
            updated_at = self.updated_at.isoformat()
        else:
            updated_at = self.updated_at

        metadata = self.metadata

        config = self.config

        context = self.context

        version: int | None
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

        def _parse_assistant_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        assistant_id = _parse_assistant_id(d.pop("assistant_id", None))

        def _parse_graph_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        graph_id = _parse_graph_id(d.pop("graph_id", None))

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name", None))

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

        created_at = _parse_created_at(d.pop("created_at", None))

        def _parse_updated_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                updated_at_type_0 = datetime.datetime.fromisoformat(data)

                return updated_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        updated_at = _parse_updated_at(d.pop("updated_at", None))

        metadata = as_object(d.pop("metadata", None))

        config = as_object(d.pop("config", None))

        context = as_object(d.pop("context", None))

        def _parse_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        version = _parse_version(d.pop("version", None))

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

        partial_assistant = cls(
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

        partial_assistant.additional_properties = d
        return partial_assistant
