# Made by scripts/generate.py from openapi.yaml; do not edit.
"""Contains some shared types for properties"""

from collections.abc import Mapping, MutableMapping
from http import HTTPStatus
from typing import IO, Any, BinaryIO, Generic, Literal, TypeGuard, TypeVar, cast

import orjson
from attrs import asdict, define
from attrs import has as attrs_has


class Unset:
    def __bool__(self) -> Literal[False]:
        return False


UNSET: Unset = Unset()

# The types that `httpx.Client(files=)` can accept, copied from that library.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    # (filename, file (or bytes), content_type)
    tuple[str | None, FileContent, str | None]
    # (filename, file (or bytes), content_type, headers)
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


@define
class File:
    """Contains information for file uploads"""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """Return a tuple representation that httpx will accept for multipart/form-data"""
        return self.file_name, self.payload, self.mime_type


T = TypeVar("T")


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether the value is a JSON object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether the value is a JSON array."""
    return isinstance(value, list)


def as_object(value: Any) -> dict[str, Any]:
    """The value itself, or an empty dict for None, where the description promises a JSON object.

    Raises:
        TypeError: If it is something else.
    """
    if value is None:
        return {}
    if not is_object(value):
        raise TypeError(f"Expected a JSON object, got {type(value).__name__}")
    return value


@define
class Response(Generic[T]):
    """A response from an endpoint"""

    status_code: HTTPStatus
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None


def to_json(value: Any) -> bytes:
    """Serialize to JSON: besides plain data datetimes, UUIDs, enums, dataclasses, attrs classes, numpy arrays, sets and
    models with a `model_dump` method (pydantic).

    Raises:
        TypeError: For a value that is none of these.
    """
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)


def _plain(value: object) -> Any:
    if attrs_has(type(value)):
        return asdict(cast(Any, value), recurse=False)
    if isinstance(value, set | frozenset):
        return [*cast("set[object]", value)]
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, Any]", value))
    if callable(dump := getattr(value, "model_dump", None)) and not isinstance(value, type):
        return dump()
    raise TypeError(f"Type is not JSON serializable: {type(value).__name__}")


__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset", "to_json"]
