# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..answers import Model
from ..models.sort_order import SortOrder, check_sort_order
from ..models.thread_select_field import ThreadSelectField, check_thread_select_field
from ..models.thread_sort_by import ThreadSortBy, check_thread_sort_by
from ..models.thread_status import ThreadStatus, check_thread_status
from ..types import UNSET, Unset
from ..values import as_object

if TYPE_CHECKING:
    from ..models.json_object import JsonObject


T = TypeVar("T", bound="ThreadSearch")


@_attrs_define(repr=False)
class ThreadSearch(Model):
    """Which threads to return. Only those that meet all conditions are."""

    ids: list[str] | Unset = UNSET
    """ Only these threads. Aegra ignores it. """
    metadata: JsonObject | Unset = UNSET
    """ Only threads with these values in the metadata. """
    values: JsonObject | Unset = UNSET
    """ Only threads with these values in the state. Aegra ignores it. """
    status: ThreadStatus | Unset = UNSET
    """ Only threads in this status. """
    limit: int | Unset = UNSET
    """ The maximum number of threads. The default is 10. """
    offset: int | Unset = UNSET
    """ The number of threads to skip. """
    sort_by: ThreadSortBy | Unset = UNSET
    """ By which field to sort; by default `updated_at`. """
    sort_order: SortOrder | Unset = UNSET
    """ In which order. """
    select: list[ThreadSelectField] | Unset = UNSET
    """ Return only these fields. Aegra refuses it. """
    extract: JsonObject | Unset = UNSET
    """ Parts of the thread to return in `extracted`: a path for each name (Python server). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "ids": "ids",
        "metadata": "metadata",
        "values": "values",
        "status": "status",
        "limit": "limit",
        "offset": "offset",
        "sort_by": "sort_by",
        "sort_order": "sort_order",
        "select": "select",
        "extract": "extract",
    }

    def to_dict(self) -> dict[str, Any]:
        ids: list[str] | Unset = UNSET
        if not isinstance(self.ids, Unset):
            ids = self.ids

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata

        values: dict[str, Any] | Unset = UNSET
        if not isinstance(self.values, Unset):
            values = self.values

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status

        limit = self.limit

        offset = self.offset

        sort_by: str | Unset = UNSET
        if not isinstance(self.sort_by, Unset):
            sort_by = self.sort_by

        sort_order: str | Unset = UNSET
        if not isinstance(self.sort_order, Unset):
            sort_order = self.sort_order

        select: list[str] | Unset = UNSET
        if not isinstance(self.select, Unset):
            select = []
            for select_item_data in self.select:
                select_item: str = select_item_data
                select.append(select_item)

        extract: dict[str, Any] | Unset = UNSET
        if not isinstance(self.extract, Unset):
            extract = self.extract

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if ids is not UNSET:
            field_dict["ids"] = ids
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if values is not UNSET:
            field_dict["values"] = values
        if status is not UNSET:
            field_dict["status"] = status
        if limit is not UNSET:
            field_dict["limit"] = limit
        if offset is not UNSET:
            field_dict["offset"] = offset
        if sort_by is not UNSET:
            field_dict["sort_by"] = sort_by
        if sort_order is not UNSET:
            field_dict["sort_order"] = sort_order
        if select is not UNSET:
            field_dict["select"] = select
        if extract is not UNSET:
            field_dict["extract"] = extract

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        ids = cast(list[str], d.pop("ids", UNSET))

        _metadata = d.pop("metadata", UNSET)
        metadata: JsonObject | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = as_object(_metadata)

        _values = d.pop("values", UNSET)
        values: JsonObject | Unset
        if isinstance(_values, Unset):
            values = UNSET
        else:
            values = as_object(_values)

        _status = d.pop("status", UNSET)
        status: ThreadStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = check_thread_status(_status)

        limit = d.pop("limit", UNSET)

        offset = d.pop("offset", UNSET)

        _sort_by = d.pop("sort_by", UNSET)
        sort_by: ThreadSortBy | Unset
        if isinstance(_sort_by, Unset):
            sort_by = UNSET
        else:
            sort_by = check_thread_sort_by(_sort_by)

        _sort_order = d.pop("sort_order", UNSET)
        sort_order: SortOrder | Unset
        if isinstance(_sort_order, Unset):
            sort_order = UNSET
        else:
            sort_order = check_sort_order(_sort_order)

        _select = d.pop("select", UNSET)
        select: list[ThreadSelectField] | Unset = UNSET
        if _select is not UNSET:
            select = []
            for select_item_data in _select:
                select_item = check_thread_select_field(select_item_data)

                select.append(select_item)

        _extract = d.pop("extract", UNSET)
        extract: JsonObject | Unset
        if isinstance(_extract, Unset):
            extract = UNSET
        else:
            extract = as_object(_extract)

        thread_search = cls(
            ids=ids,
            metadata=metadata,
            values=values,
            status=status,
            limit=limit,
            offset=offset,
            sort_by=sort_by,
            sort_order=sort_order,
            select=select,
            extract=extract,
        )

        thread_search.additional_properties = d
        return thread_search

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
