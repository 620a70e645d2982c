# Copied from scripts/codegen/runtime/values.py by `make generate`; do not edit.
"""JSON values: what a response holds, and the bytes of a request's body."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeGuard, TypeVar, cast

import attrs
import orjson

T = TypeVar("T")


class Received(NamedTuple):
    """What a parser needs of a response, under httpx's names."""

    status_code: int
    content: bytes

    def json(self) -> Any:
        """The content, read by orjson."""
        return orjson.loads(self.content)

    @property
    def text(self) -> str:
        """The content as UTF-8."""
        return self.content.decode()


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether the value is a JSON object. Unlike `isinstance`, it tells strict type checkers what the object holds."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether the value is a JSON array. Unlike `isinstance`, it tells strict type checkers what the array holds."""
    return isinstance(value, list)


def as_object(value: Any) -> dict[str, Any]:
    """The value itself where openapi.yaml promises a JSON object, or an empty dict for None.

    Raises:
        TypeError: If it is something else: here, where the response is read, instead of where the value is used.
    """
    if value is None:
        return {}
    if not is_object(value):
        raise TypeError(f"Expected a JSON object, got {type(value).__name__}")
    return value


def checked(value: Any, kind: type[T], name: str) -> T:
    """The value itself where openapi.yaml promises a value of this kind, or else a TypeError that names the field."""
    if not isinstance(value, kind):
        raise TypeError(f"Expected a {kind.__name__} for {name!r}, got {type(value).__name__}")
    return value


def to_json(value: Any) -> bytes:
    """Serialize to JSON.

    Besides plain data it takes datetimes, UUIDs, enums, dataclasses, attrs classes, numpy arrays, sets, mappings, and
    objects with a `model_dump` method (pydantic).

    Raises:
        TypeError: For a value that is none of these.
    """
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)


def _plain(value: object) -> Any:
    """Plain data for an object that orjson does not know."""
    if attrs.has(type(value)):
        return attrs.asdict(cast("Any", value), recurse=False)
    if isinstance(value, set | frozenset):
        return [*cast("set[object]", value)]
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, Any]", value))
    if callable(dump := getattr(value, "model_dump", None)) and not isinstance(value, type):
        return dump()
    raise TypeError(f"Type is not JSON serializable: {type(value).__name__}")
