# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..answers import Model
from ..models.bulk_cancel_status import BulkCancelStatus, check_bulk_cancel_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="RunsCancel")


@_attrs_define(repr=False)
class RunsCancel(Model):
    """Which runs to cancel, either by `status` or by `thread_id` and `run_ids`."""

    status: BulkCancelStatus | Unset = UNSET
    """ All runs in this status. """
    thread_id: str | Unset = UNSET
    """ The thread of `run_ids`. """
    run_ids: list[str] | Unset = UNSET
    """ The runs to cancel. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "status": "status",
        "thread_id": "thread_id",
        "run_ids": "run_ids",
    }

    def to_dict(self) -> dict[str, Any]:
        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status

        thread_id = self.thread_id

        run_ids: list[str] | Unset = UNSET
        if not isinstance(self.run_ids, Unset):
            run_ids = self.run_ids

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if status is not UNSET:
            field_dict["status"] = status
        if thread_id is not UNSET:
            field_dict["thread_id"] = thread_id
        if run_ids is not UNSET:
            field_dict["run_ids"] = run_ids

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _status = d.pop("status", UNSET)
        status: BulkCancelStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = check_bulk_cancel_status(_status)

        thread_id = d.pop("thread_id", UNSET)

        run_ids = cast(list[str], d.pop("run_ids", UNSET))

        runs_cancel = cls(
            status=status,
            thread_id=thread_id,
            run_ids=run_ids,
        )

        runs_cancel.additional_properties = d
        return runs_cancel

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
