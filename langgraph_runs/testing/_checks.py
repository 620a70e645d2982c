"""What the real server refuses in a body, as its schemas say, with its words."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, get_args

import orjson

from langgraph_runs_api.models import (
    DisconnectMode,
    Durability,
    IfNotExists,
    MultitaskStrategy,
    OnCompletion,
    StreamMode,
)
from langgraph_runs_api.values import is_list

Check: TypeAlias = Callable[[Any], str | None]
"""What is wrong with a value; None if nothing."""


def problem(body: Any, fields: Mapping[str, Check]) -> str | None:
    """What is wrong with a body of these fields; None if nothing."""
    if not isinstance(body, dict):
        return f'{_shown(body)} is not of type "object"\n\nFailed validating "type" in schema'
    for name, check in fields.items():
        if name not in body:
            if name == "assistant_id":
                return '"assistant_id" is a required property\n\nFailed validating "required" in schema'
        elif said := check(body[name]):
            return f'{said}\n\nFailed validating schema["properties"]["{name}"]\n\nOn instance["{name}"]'
    return None


def _shown(value: Any) -> str:
    return orjson.dumps(value).decode()


def is_type(name: str, *types: type) -> Check:
    """A value of this JSON type."""

    def check(value: Any) -> str | None:
        fits = isinstance(value, types) and (not isinstance(value, bool) or bool in types)
        return None if fits else f'{_shown(value)} is not of type "{name}"'

    return check


def one_of(*values: str) -> Check:
    """One of these texts."""

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return TEXT(value)
        allowed = ", ".join(map(_shown, values))
        return None if value in values else f"{_shown(value)} is not one of {allowed}"

    return check


def any_of(*checks: Check) -> Check:
    """A value that one of the checks accepts."""

    def check(value: Any) -> str | None:
        accepted = any(one(value) is None for one in checks)
        return (
            None if accepted else f"{_shown(value)} is not valid under any of the schemas listed in the 'anyOf' keyword"
        )

    return check


def list_of(each: Check) -> Check:
    """A list."""

    def check(value: Any) -> str | None:
        if not is_list(value):
            return f'{_shown(value)} is not of type "array"'
        return next((said for item in value if (said := each(item))), None)

    return check


def object_of(each: Check) -> Check:
    """An object with such values."""

    def check(value: Any) -> str | None:
        return OBJECT(value) or next((said for item in value.values() if (said := each(item))), None)

    return check


def at_least(minimum: int) -> Check:
    """An integer."""

    def check(value: Any) -> str | None:
        small = f"{_shown(value)} is less than the minimum of {minimum}"
        return is_type("integer", int)(value) or (small if value < minimum else None)

    return check


TEXT: Final = is_type("string", str)
OBJECT: Final = is_type("object", dict)
FLAG: Final = is_type("boolean", bool)
_NULL: Final = is_type("null", type(None))
_NODES: Final = any_of(one_of("*"), list_of(TEXT))
_MODE: Final = one_of(*get_args(StreamMode))

STATELESS: Final[Mapping[str, Check]] = {
    "assistant_id": any_of(TEXT),
    "metadata": OBJECT,
    "config": OBJECT,
    "context": OBJECT,
    "webhook": TEXT,
    "stream_mode": any_of(_MODE, list_of(_MODE)),
    "stream_subgraphs": FLAG,
    "stream_resumable": FLAG,
    "feedback_keys": list_of(TEXT),
    "command": any_of(OBJECT, _NULL),
    "after_seconds": is_type("number", int, float),
    "durability": one_of(*get_args(Durability)),
    "on_completion": one_of(*get_args(OnCompletion)),
}
STATEFUL: Final[Mapping[str, Check]] = {
    **{name: check for name, check in STATELESS.items() if name != "on_completion"},
    "checkpoint": OBJECT,
    "multitask_strategy": one_of(*get_args(MultitaskStrategy)),
    "if_not_exists": one_of(*get_args(IfNotExists)),
    "interrupt_before": _NODES,
    "interrupt_after": _NODES,
}
CONNECTED: Final[Mapping[str, Check]] = {"on_disconnect": one_of(*get_args(DisconnectMode))}
CANCEL_MANY: Final[Mapping[str, Check]] = {
    "status": one_of("pending", "running", "all"),
    "thread_id": TEXT,
    "run_ids": list_of(TEXT),
}
THREAD: Final[Mapping[str, Check]] = {
    "thread_id": TEXT,
    "metadata": OBJECT,
    "if_exists": one_of("raise", "do_nothing"),
}
_THREAD_FIELDS: Final = (
    "thread_id", "created_at", "updated_at", "state_updated_at", "metadata", "config", "status", "values", "interrupts"
)  # fmt: skip
SEARCH_THREADS: Final[Mapping[str, Check]] = {
    "metadata": OBJECT,
    "values": OBJECT,
    "status": one_of("idle", "busy", "interrupted", "error"),
    "ids": list_of(TEXT),
    "limit": at_least(1),
    "offset": at_least(0),
    "sort_by": one_of("thread_id", "status", "created_at", "updated_at", "state_updated_at"),
    "sort_order": one_of("asc", "desc"),
    "select": list_of(one_of(*_THREAD_FIELDS)),
    "extract": object_of(TEXT),
}
SEARCH_ASSISTANTS: Final[Mapping[str, Check]] = {
    "metadata": OBJECT,
    "graph_id": TEXT,
    "name": TEXT,
    "limit": at_least(1),
    "offset": at_least(0),
}
HISTORY: Final[Mapping[str, Check]] = {"limit": at_least(1), "metadata": OBJECT}
