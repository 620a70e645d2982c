# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..answers import Answer

T = TypeVar("T", bound="ErrorBody")


@_attrs_define(repr=False)
class ErrorBody(Answer):
    """What went wrong: a text in `detail` (Python server), a text in `message` or a list in `detail` (Aegra), a
    ZodError in `error` or plain text instead of JSON (LangGraph.js).

    """

    detail: Any = None
    """ A text (Python server), or a list of what is wrong with the request (Aegra). """
    error: Any = None
    """ A short name (Aegra), or a ZodError (LangGraph.js). """
    message: None | str = None
    """ A text (Aegra). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "detail": "detail",
        "error": "error",
        "message": "message",
    }

    def to_dict(self) -> dict[str, Any]:
        detail = self.detail

        error = self.error

        message: None | str
        message = self.message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "detail": detail,
                "error": error,
                "message": message,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        detail = d.pop("detail", None)

        error = d.pop("error", None)

        def _parse_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        message = _parse_message(d.pop("message", None))

        error_body = cls(
            detail=detail,
            error=error,
            message=message,
        )

        error_body.additional_properties = d
        return error_body
