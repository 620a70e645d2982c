"""Checks of arguments: a wrong type is a TypeError, a bad value a ValueError, and each names the argument first.

The options of a method are checked by the annotations of the typed dict that declares them, see
`langgraph_runs/options.py`.
"""

import inspect
import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Required, TypeAlias, Union, cast, get_args, get_origin
from uuid import UUID

from langgraph_runs.options import Rule
from langgraph_runs.types import Id, ThreadId, Time
from langgraph_runs_api.models.thread import Thread
from langgraph_runs_api.values import fields_of, is_object

Check: TypeAlias = Callable[[str, Any], Any]
"""From an argument's name and value to the value as it will be sent."""


class Option(NamedTuple):
    """An option as a typed dict declares it."""

    type: Any
    rule: Rule
    check: Check


@cache
def declared(kind: type) -> dict[str, Option]:
    """The options of a typed dict, by name."""
    # They hold no strings to evaluate, and `get_type_hints` would cost every import a millisecond.
    hints: dict[str, Any] = kind.__annotations__
    return {name: _option(hint) for name, hint in hints.items()}


@cache  # several typed dicts inherit the same key
def _option(hint: Any) -> Option:
    if get_origin(hint) is Required:
        (hint,) = get_args(hint)
    kind, rule = get_args(hint) if get_origin(hint) is Annotated else (hint, Rule())
    return Option(kind, rule, _check_for(kind, rule))


def checked(method: str, kind: type, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that are not None, each checked. A required one must be there."""
    known = declared(kind)
    found: dict[str, Any] = {}
    for name, value in options.items():
        if name not in known:
            raise TypeError(f"{name}: {method}() has no such argument; {_suggestion(name, known)}")
        if value is not None:
            found[name] = known[name].check(name, value)
    for name in cast("Any", kind).__required_keys__:
        if name not in found:
            raise ValueError(f"{name}: it is missing")
    return found


def with_defaults(method: str, kind: type, options: Mapping[str, Any]) -> dict[str, Any]:
    """The checked options, and the defaults of those that were left out, unless `extra_body` has them."""
    given = checked(method, kind, options)
    extra_body = given.get("extra_body", {})
    return {name: default for name, default in _defaults(kind).items() if name not in extra_body} | given


@cache
def _defaults(kind: type) -> dict[str, Any]:
    return {name: option.rule.default for name, option in declared(kind).items() if option.rule.default is not None}


def take(given: dict[str, Any], *names: str) -> list[Any]:
    """Take these out of the given options; None for one that was left out."""
    return [given.pop(name, None) for name in names]


def path_id(name: str, value: Id) -> str:
    """The id as one path segment will carry it; percent-encoding is the generated code's."""
    if isinstance(value, UUID):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"{name}: must be a string or a UUID, not {type(value).__name__}")
    if value in ("", ".", ".."):
        raise ValueError(f"{name}: {value!r} is no id")
    if _UNUSABLE(value):
        raise ValueError(f"{name}: {value!r} holds a character that no id has")
    return value


def thread_path_id(name: str, value: ThreadId) -> str:
    """The same for a thread, or its id."""
    return path_id(name, value.thread_id if isinstance(value, Thread) else value)


def event_id(name: str, value: str) -> str:
    """An event's id, fit for a header."""
    if not _text(name, value) or value != value.strip() or _UNUSABLE(value):
        raise ValueError(f"{name}: {value!r} is no event's id")
    return value


def time(name: str, value: Time) -> datetime:
    """A time as a datetime with a time zone; text without one is UTC."""
    if is_text := isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"{name}: {value!r} is no ISO 8601 time") from error
    if not isinstance(value, datetime):
        raise TypeError(f"{name}: must be a datetime or ISO 8601 text, not {type(value).__name__}")
    if value.tzinfo is None and not is_text:
        raise ValueError(f"{name}: {value!r} has no time zone; UTC is datetime.now(UTC)")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def mapping(name: str, value: Any) -> dict[str, Any]:
    """The value as a dict: a mapping, or an object with fields."""
    found: object = None
    with suppress(TypeError):
        found = fields_of(value)
    if not is_object(found):
        raise TypeError(f"{name}: must be a mapping, not {type(value).__name__}")
    return found


def keyed(known: Collection[str], name: str, value: Any) -> dict[str, Any]:
    """The value as a dict that has at least one of the known keys, unless it is empty."""
    found = mapping(name, value)
    if found and not any(key in found for key in known):
        raise ValueError(f"{name}: must have a key of {', '.join(known)}, not only {', '.join(map(str, found))}")
    return found


def function(name: str, value: Any) -> Any:
    """The value, if it is a function that needs no awaiting; one that only returns an awaitable can't be told."""
    if not callable(value):
        raise TypeError(f"{name}: must be a function, not {type(value).__name__}")
    called: Any = value
    while isinstance(called, partial):
        called = called.func
    for one in (called, type(called).__call__):
        if inspect.iscoroutinefunction(one) or inspect.isasyncgenfunction(one):
            raise TypeError(f"{name}: must be a plain function, not an async one: nothing awaits it")
    return value


# Control characters, and what UTF-8 can't encode.
_UNUSABLE = re.compile(r"[\0-\x1f\x7f-\x9f\ud800-\udfff]").search


def _check_for(kind: Any, rule: Rule) -> Check:
    """The check that an annotation asks for. What it does not understand is checked where it is used."""
    is_union = get_origin(kind) in (Union, UnionType)
    kinds = [one for one in (get_args(kind) if is_union else (kind,)) if one is not NoneType]
    origins = [get_origin(one) or one for one in kinds]
    match origins:
        case [one] if one is Literal:
            return partial(_literal, get_args(kinds[0]))
        case [one] if one is Sequence:
            return partial(_items, _check_for(get_args(kinds[0])[0], Rule()), at_least=rule.minimum or 0)
        case [one, other] if (one, other) == (Literal, Sequence):
            return partial(_literal_or_items, get_args(kinds[0]), get_args(kinds[1])[0])
        case [one] if one is Callable:
            return function
        case [one] if hasattr(one, "__required_keys__"):  # a typed dict
            return partial(keyed, one.__annotations__)
        case [one, *_] if one is Mapping or hasattr(one, "__required_keys__"):  # of a config, LangChain has more keys
            return mapping
        case [one] if one in (int, float):
            return partial(_number, one, rule.minimum)
        case [one] if one in _CHECKS:
            return _CHECKS[one]
        case [one, other] if {one, other} == {datetime, str}:
            return time
        case [one, other] if {one, other} == {str, UUID}:
            return path_id
        case [*several] if Thread in several:
            return thread_path_id
        case _:
            return _anything


def _literal(allowed: Sequence[str], name: str, value: Any) -> str:
    word = _text(name, value)
    if word in allowed:
        return word
    from difflib import get_close_matches  # noqa: PLC0415 - only a typo pays for it

    (nearest,) = get_close_matches(word, allowed, n=1, cutoff=0)
    listed = ("one of " if len(allowed) > 1 else "") + ", ".join(map(repr, allowed))
    raise ValueError(f"{name}: must be {listed}, not {word!r}; the nearest is {nearest!r} ({_NEWER})")


def _literal_or_items(allowed: Sequence[str], item: Any, name: str, value: Any) -> str | list[Any]:
    """One of the allowed words, or a list: of any strings, or of at least one of the allowed words."""
    if isinstance(value, str):
        if item is str and value not in allowed:
            raise ValueError(f"{name}: must be {' or '.join(map(repr, allowed))} or a list of strings, not {value!r}")
        return _literal(allowed, name, value)
    return _items(_check_for(item, Rule()), name, value, "a string or a list", at_least=item is not str)


def _items(check: Check, name: str, value: Any, expected: str = "a list", at_least: int = 0) -> list[Any]:
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Sequence | set | frozenset):
        raise TypeError(f"{name}: must be {expected}, not {type(cast('object', value)).__name__}")
    items = [check(name, item) for item in cast("Iterable[Any]", value)]
    if len(items) < at_least:
        raise ValueError(f"{name}: the list is empty")
    return items


def _number(kind: type[int] | type[float], minimum: int | None, name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int if kind is int else (int, float)):
        expected = "an integer" if kind is int else "a number"
        raise TypeError(f"{name}: must be {expected}, not {type(value).__name__}")
    if not abs(value) < math.inf or (minimum is not None and value < minimum):
        least = "" if minimum is None else f" of at least {minimum}"
        raise ValueError(f"{name}: must be {'an integer' if kind is int else 'a finite number'}{least}, not {value!r}")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name}: must be a string, not {type(value).__name__}")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name}: must be True or False, not {type(value).__name__}")
    return value


def _anything(_: str, value: Any) -> Any:
    return value


_NEWER = "extra_body and params send what only a newer server knows"
_CHECKS: dict[type, Check] = {str: _text, bool: _flag}


def _suggestion(name: str, names: Iterable[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a typo pays for it

    nearest = get_close_matches(name, names, n=1, cutoff=0.7)
    return f"did you mean {nearest[0]!r}?" if nearest else _NEWER
