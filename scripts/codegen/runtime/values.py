"""JSON values: what a response holds, and the bytes of a request's body."""

import dataclasses
import json
import os
from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final, NamedTuple, TypeGuard, TypeVar, cast
from uuid import UUID

import attrs
import orjson

T = TypeVar("T")


class Received(NamedTuple):
    """What a parser needs of a response, under httpx's names."""

    status_code: int
    content: bytes

    def json(self) -> Any:
        """The content, parsed."""
        return from_json(self.content)

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


def from_json(data: bytes | memoryview) -> Any:
    """Parse JSON, also what is not quite JSON but comes from servers.

    JavaScript cuts a text of tokens inside an emoji, and writes the halves as lone surrogates; Python writes NaN and
    Infinity; proxies add a byte order mark. Bytes that are not UTF-8 are an error: damaged data must not be taken for
    what the server sent.

    Raises:
        orjson.JSONDecodeError: If it is not JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(str(data, "utf-8-sig"))
        except (ValueError, RecursionError):
            raise error from None


def to_json(value: Any) -> bytes:
    """Serialize to JSON.

    Besides plain data it takes datetimes, UUIDs, decimals, paths, enums, dataclasses, attrs classes, numpy arrays,
    tuples, sets, mappings, and pydantic models with their types.

    Raises:
        TypeError: For a value that is none of these, or a secret of pydantic. It begins with the path to that value.
    """
    try:
        return _dumps(value)
    except TypeError as error:
        path, problem = _not_json(value, error, 0)
        if len(path) > _LONGEST_PATH:
            path = path.partition("[")[0]
        raise TypeError(f"{path.removeprefix('.')}: {problem}" if path else str(problem)) from error


def fields_of(value: Any) -> Any:
    """The fields of a dataclass, an attrs class or a pydantic model; the plain data of anything else that has some."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        # Like orjson, which sends no field that begins with an underscore.
        names = (field.name for field in dataclasses.fields(value))
        return {name: getattr(value, name) for name in names if not name.startswith("_")}
    return plain(value)


def plain(value: object) -> Any:
    """Plain data for an object that orjson does not know.

    Raises:
        TypeError: If there is none.
    """
    if attrs.has(type(value)):
        return attrs.asdict(cast("Any", value), recurse=False)
    # orjson takes no subclasses of these, such as times of pandas and named tuples, and not every array of numpy.
    if isinstance(value, set | frozenset | tuple) or type(value).__module__ == "numpy":
        return [*cast("set[object]", value)]
    if isinstance(value, date | time) and value == value:  # noqa: PLR0124 - what is no time (NaT) equals nothing
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, os.PathLike):
        return os.fspath(cast("os.PathLike[str]", value))
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, Any]", value))
    if hasattr(value, "get_secret_value"):
        # Its text is a mask, which nobody wants to send; and sending the secret must be meant.
        raise TypeError(f"{type(value).__name__} is a secret; send value.get_secret_value() if that is meant")
    # A model of pydantic 1, or of pydantic 2.
    dump = getattr(value, "dict" if hasattr(type(value), "__validators__") else "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        return dump()
    # What has a module that need not be imported for it, and URLs of pydantic.
    if type(value).__module__ in {"decimal", "ipaddress"} or hasattr(type(value), "unicode_string"):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _dumps(value: Any) -> bytes:
    return orjson.dumps(value, default=plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)


def _not_json(value: Any, error: TypeError, depth: int) -> tuple[str, object]:
    """The path to the first part that can't become JSON, and why not."""
    for step, part in _parts(value):
        try:
            _dumps(part)
        except TypeError as problem:
            if depth == _DEEPEST:
                break  # it contains itself
            path, why = _not_json(part, problem, depth + 1)
            return step + path, why
    return "", error.__cause__ or error  # the cause is what `plain` says about a type


def _parts(value: Any) -> list[tuple[str, Any]]:
    """The steps to the parts of a value, and the parts."""
    inner: object = value
    if not isinstance(value, list | tuple):
        try:
            inner = fields_of(value)
        except TypeError:
            return []
    if is_object(inner):
        return [(f".{key}", part) for key, part in inner.items()]
    items = cast("list[Any]", inner) if isinstance(inner, list | tuple) else []
    return [(f"[{number}]", part) for number, part in enumerate(items)]


_DEEPEST: Final = 100
_LONGEST_PATH: Final = 200
