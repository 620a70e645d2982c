"""Keyword arguments to the generated request models, with each argument checked before anything is sent.

An argument that is None is left out: servers refuse null for most fields. Inside `input`, `command` and other free-form JSON, None is sent
as null.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias, TypeVar, cast
from uuid import UUID

import attrs
import orjson

from langgraph_runs.types import BulkCancelStatus, Id, RunCreate, Time
from langgraph_runs_api.models.run_create_stateful import RunCreateStateful
from langgraph_runs_api.models.run_create_stateless import RunCreateStateless
from langgraph_runs_api.models.runs_cancel import RunsCancel
from langgraph_runs_api.types import UNSET, Unset
from langgraph_runs_api.values import to_json

RequestKwargs: TypeAlias = dict[str, Any]
"""A request as the generated modules build it: method, url, params, headers, content."""
Create = TypeVar("Create", RunCreateStateful, RunCreateStateless)
Body = TypeVar("Body", RunCreateStateful, RunCreateStateless, RunsCancel)
T = TypeVar("T")


def path_id(name: str, value: Id) -> str:
    """The id as one path segment will carry it; percent-encoding is the generated code's.

    Raises:
        TypeError: If it is neither a string nor a UUID.
        ValueError: If it is empty, `.`, `..`, or holds a control character or what UTF-8 can't.
    """
    if isinstance(value, UUID):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"{name}: must be a string or a UUID, not {type(value).__name__}")
    if value in ("", ".", ".."):
        raise ValueError(f"{name}: {value!r} is no id")
    if _UNUSABLE(value):
        raise ValueError(f"{name}: {value!r} holds a character that no id has")
    return value


def stateful(assistant_id: Id, arguments: Mapping[str, Any], extra_body: Mapping[str, Any] | None) -> RunCreateStateful:
    """The body that starts a run on a thread.

    Raises:
        TypeError: Naming an argument of the wrong type.
        ValueError: Naming an argument that can't be used, or not with a thread.
    """
    return _run_create(RunCreateStateful, assistant_id, arguments, extra_body)


def stateless(
    assistant_id: Id, arguments: Mapping[str, Any], extra_body: Mapping[str, Any] | None
) -> RunCreateStateless:
    """The body that starts a run without a thread.

    Raises:
        TypeError: Naming an argument of the wrong type.
        ValueError: Naming an argument that can't be used, or not without a thread.
    """
    return _run_create(RunCreateStateless, assistant_id, arguments, extra_body)


def batch(payloads: Sequence[RunCreate]) -> list[RunCreateStateless]:
    """The body that starts several stateless runs.

    Raises:
        TypeError: Naming the item and its argument of the wrong type.
        ValueError: Naming the item and its argument that can't be used, or if there is no item.
    """
    if isinstance(payloads, str | Mapping) or not isinstance(payloads, Sequence):
        raise TypeError(f"payloads: must be a list of mappings, not {type(payloads).__name__}")
    if not payloads:
        raise ValueError("payloads: there is none")
    bodies: list[RunCreateStateless] = []
    for number, payload in enumerate(payloads):
        arguments: dict[str, Any] = dict(_mapping(f"payloads[{number}]", payload))
        try:
            if arguments.get("assistant_id") is None:
                raise ValueError("assistant_id: it is missing")
            extra_body = arguments.pop("extra_body", None)
            body = stateless(arguments.pop("assistant_id"), arguments, extra_body)
        except (TypeError, ValueError) as error:
            raise type(error)(f"payloads[{number}].{error}") from error
        bodies.append(body)
    return bodies


def runs_cancel(
    thread_id: Id | None,
    run_ids: Sequence[Id] | None,
    status: BulkCancelStatus | None,
    extra_body: Mapping[str, Any] | None,
) -> RunsCancel:
    """The body that cancels several runs: all in a status, or some of a thread.

    Raises:
        TypeError: Naming an argument of the wrong type.
        ValueError: If it is neither or both of these, or naming an id that can't be one.
    """
    if status is not None:
        if thread_id is not None or run_ids is not None:
            raise ValueError("status: give either status, or thread_id and run_ids")
        return _extended(RunsCancel(status=cast("BulkCancelStatus", _text("status", status))), extra_body)
    if thread_id is None or run_ids is None:
        raise ValueError("run_ids: give thread_id and run_ids, or status")
    ids = [path_id("run_ids", run_id) for run_id in _sequence("run_ids", run_ids)]
    if not ids:
        raise ValueError("run_ids: there is none")
    return _extended(RunsCancel(thread_id=path_id("thread_id", thread_id), run_ids=ids), extra_body)


def join_stream_mode(stream_mode: str | Sequence[str] | None) -> str | Unset:
    """The modes as the one query parameter that every server understands: a bare mode, or a JSON array.

    Raises:
        TypeError: If it is neither a string nor a list of strings.
        ValueError: If the list is empty.
    """
    if stream_mode is None:
        return UNSET
    modes = _modes("stream_mode", stream_mode)
    return modes if isinstance(modes, str) else orjson.dumps(modes).decode()


def event_id(name: str, value: str) -> str:
    """An event's id, fit for a header.

    Raises:
        TypeError: If it is no string.
        ValueError: If it is empty or holds what a header can't carry.
    """
    if not _text(name, value) or value != value.strip() or _UNUSABLE(value):
        raise ValueError(f"{name}: {value!r} is no event's id")
    return value


def count(name: str, value: int, *, least: int) -> int:
    """The value, if it is an integer of at least this.

    Raises:
        TypeError: If it is no integer.
        ValueError: If it is less.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: must be an integer, not {type(value).__name__}")
    if value < least:
        raise ValueError(f"{name}: must be at least {least}, not {value}")
    return value


def time(name: str, value: Time | None) -> datetime | None:
    """A time as a datetime with a time zone; without one it is UTC.

    Raises:
        TypeError: If it is neither a datetime nor a string.
        ValueError: If it is a string that isn't ISO 8601.
    """
    if value is None:
        return None
    if isinstance(value, str):
        from dateutil.parser import isoparse  # noqa: PLC0415 - it costs milliseconds that most programs need not pay

        try:
            value = isoparse(value)
        except ValueError as error:
            raise ValueError(f"{name}: {value!r} is no ISO 8601 time") from error
    if not isinstance(value, datetime):
        raise TypeError(f"{name}: must be a datetime or ISO 8601 text, not {type(value).__name__}")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def texts(name: str, value: Any) -> list[str]:
    """The value as a list, if it is a list of strings and not one string.

    Raises:
        TypeError: If it is something else.
    """
    return [_text(name, item) for item in _sequence(name, value)]


def given(value: T | None) -> T | Unset:
    """The value as the generated modules want it: None is UNSET."""
    return UNSET if value is None else value


# Control characters, and what UTF-8 can't encode.
_UNUSABLE = re.compile(r"[\0-\x1f\x7f-\x9f\ud800-\udfff]").search
# Arguments whose name in the generated models is another one.
RENAMED = {"input": "input_", "langsmith_tracing": "langsmith_tracer"}
# What may also be said of a missing thread's creation is left to the server; these two contradict having or not having one.
_NEEDS = {"checkpoint": "a thread", "checkpoint_id": "a thread", "on_completion": "a stateless run"}


def _run_create(
    model: type[Create], assistant_id: Id, arguments: Mapping[str, Any], extra_body: Mapping[str, Any] | None
) -> Create:
    fields = attrs.fields_dict(model)
    values: dict[str, Any] = {}
    for name, value in arguments.items():
        if value is None:
            continue
        if name not in _CHECKS:
            raise TypeError(
                f"{name}: there is no such argument; extra_body takes fields that this client does not know"
            )
        field = RENAMED.get(name, name)
        if field not in fields:
            raise ValueError(f"{name}: it needs {_NEEDS[name]}")
        values[field] = _CHECKS[name](name, value)
    return _extended(model(assistant_id=path_id("assistant_id", assistant_id), **values), extra_body)


def _extended(body: Body, extra_body: Mapping[str, Any] | None) -> Body:
    """The body with the fields that the caller knows and this client does not; all of it can be JSON."""
    sent = body.to_dict()
    for name, value in _mapping("extra_body", extra_body or {}).items():
        if name in sent:
            raise ValueError(f"extra_body: {name!r} is given by an argument already")
        body[name] = value
    _demand_json(body.to_dict())
    return body


def _demand_json(fields: Mapping[str, Any]) -> None:
    """Find the argument that can't become JSON, so that the error can name it."""
    try:
        to_json(fields)
    except TypeError:
        for name, value in fields.items():
            try:
                to_json(value)
            except TypeError as error:
                raise TypeError(f"{name}: {error}") from error
        raise


def _anything(_: str, value: Any) -> Any:
    return value


def _mapping(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{name}: must be a mapping, not {type(value).__name__}")
    return dict(cast("Mapping[str, Any]", value))


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name}: must be a string, not {type(value).__name__}")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name}: must be True or False, not {type(value).__name__}")
    return value


def _sequence(name: str, value: object) -> list[Any]:
    kind = type(value)
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Sequence | set | frozenset):
        raise TypeError(f"{name}: must be a list, not {kind.__name__}")
    return list(cast("Sequence[Any]", value))


def _modes(name: str, value: Any) -> str | list[str]:
    if isinstance(value, str):
        return value
    modes = texts(name, value)
    if not modes:
        raise ValueError(f"{name}: there is none")
    return modes


def _nodes(name: str, value: Any) -> Literal["*"] | list[str]:
    if value == "*":
        return "*"
    if isinstance(value, str):
        raise ValueError(f"{name}: must be '*' or a list of nodes, not {value!r}")  # noqa: TRY004 - a text it may be
    return texts(name, value)


def _delay(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name}: must be a number of seconds, not {type(value).__name__}")
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{name}: must be a number of seconds that is not negative, not {value!r}")
    return value


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "input": _anything,
    "command": _mapping,
    "stream_mode": _modes,
    "stream_subgraphs": _flag,
    "stream_resumable": _flag,
    "metadata": _mapping,
    "config": _mapping,
    "context": _mapping,
    "checkpoint": _mapping,
    "checkpoint_id": path_id,
    "interrupt_before": _nodes,
    "interrupt_after": _nodes,
    "feedback_keys": texts,
    "on_disconnect": _text,
    "on_completion": _text,
    "webhook": _text,
    "multitask_strategy": _text,
    "if_not_exists": _text,
    "after_seconds": _delay,
    "durability": _text,
    "langsmith_tracing": _mapping,
}
