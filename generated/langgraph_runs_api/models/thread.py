# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..answers import Answer
from ..models.thread_status import ThreadStatus, check_thread_status
from ..values import as_object

if TYPE_CHECKING:
    from ..models.json_object import JsonObject


T = TypeVar("T", bound="Thread")


@_attrs_define(repr=False)
class Thread(Answer):
    """A thread."""

    thread_id: str = ""
    """ The thread's id. """
    status: str | ThreadStatus = "idle"
    """ The thread's status. Other values are possible. """
    created_at: datetime.datetime = datetime.datetime.fromtimestamp(0, datetime.UTC)
    """ When it was created. """
    updated_at: datetime.datetime = datetime.datetime.fromtimestamp(0, datetime.UTC)
    """ When it last changed. """
    metadata: JsonObject = _attrs_field(factory=dict)
    """ The thread's metadata. """
    state_updated_at: datetime.datetime | None = None
    """ When its state last changed (Python server). """
    config: JsonObject = _attrs_field(factory=dict)
    """ The config of its last run. Not sent by Aegra. """
    values: Any = None
    """ The values of its state; null if it has none. Not sent by Aegra. """
    interrupts: JsonObject = _attrs_field(factory=dict)
    """ The interrupts that it waits for, a list for each task's id. Not sent by Aegra. """
    error: Any = None
    """ Why its last run failed (Python server). """
    ttl: JsonObject = _attrs_field(factory=dict)
    """ When it will be deleted, with `include=ttl` (Python server). """
    extracted: JsonObject = _attrs_field(factory=dict)
    """ What `extract` asked for (Python server). """
    user_id: None | str = None
    """ The user who created the thread (Aegra). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "thread_id": "thread_id",
        "status": "status",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "metadata": "metadata",
        "state_updated_at": "state_updated_at",
        "config": "config",
        "values": "values",
        "interrupts": "interrupts",
        "error": "error",
        "ttl": "ttl",
        "extracted": "extracted",
        "user_id": "user_id",
    }

    def to_dict(self) -> dict[str, Any]:
        thread_id = self.thread_id

        status: str
        if isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        metadata = self.metadata

        state_updated_at: None | str
        if isinstance(self.state_updated_at, datetime.datetime):
            state_updated_at = self.state_updated_at.isoformat()
        else:
            state_updated_at = self.state_updated_at

        config = self.config

        values = self.values

        interrupts = self.interrupts

        error = self.error

        ttl = self.ttl

        extracted = self.extracted

        user_id: None | str
        user_id = self.user_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "thread_id": thread_id,
                "status": status,
                "created_at": created_at,
                "updated_at": updated_at,
                "metadata": metadata,
                "state_updated_at": state_updated_at,
                "config": config,
                "values": values,
                "interrupts": interrupts,
                "error": error,
                "ttl": ttl,
                "extracted": extracted,
                "user_id": user_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        thread_id = d.pop("thread_id")

        def _parse_status(data: object) -> str | ThreadStatus:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_thread_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(str | ThreadStatus, data)

        status = _parse_status(d.pop("status"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        metadata = as_object(d.pop("metadata"))

        def _parse_state_updated_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                state_updated_at_type_0_type_0 = datetime.datetime.fromisoformat(data)

                return state_updated_at_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        state_updated_at = _parse_state_updated_at(d.pop("state_updated_at", None))

        config = as_object(d.pop("config", None))

        values = d.pop("values", None)

        interrupts = as_object(d.pop("interrupts", None))

        error = d.pop("error", None)

        ttl = as_object(d.pop("ttl", None))

        extracted = as_object(d.pop("extracted", None))

        def _parse_user_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user_id = _parse_user_id(d.pop("user_id", None))

        thread = cls(
            thread_id=thread_id,
            status=status,
            created_at=created_at,
            updated_at=updated_at,
            metadata=metadata,
            state_updated_at=state_updated_at,
            config=config,
            values=values,
            interrupts=interrupts,
            error=error,
            ttl=ttl,
            extracted=extracted,
            user_id=user_id,
        )

        thread.additional_properties = d
        return thread
