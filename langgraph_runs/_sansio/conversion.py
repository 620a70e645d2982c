"""Converts a graph's JSON into the types given as a client's `*_type` arguments.

A converter is any callable from JSON to a value. Classes of attrs, dataclasses or pydantic and named tuples work
directly, also in containers, unions and fields of one another; JSON keys that are not fields are ignored. Values of
other types, such as numbers and dates, stay as they are in the JSON. A value that can't be converted is an
APIResponseError that shows it.
"""

import dataclasses
import types
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping, MutableSequence, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

import attrs

from langgraph_runs._sansio.checks import function
from langgraph_runs._sansio.failures import SentRequest, response_error
from langgraph_runs._sansio.location import RunLocation
from langgraph_runs.errors import APIResponseError, RunInterruptedError
from langgraph_runs.events import CustomEvent, Event, UpdatesEvent, ValuesEvent, interrupts_in
from langgraph_runs_api.values import is_list, is_object

Converter: TypeAlias = Callable[[Any], Any]


def converter(name: str, kind: Any) -> Converter | None:
    """A function that converts JSON to this type; None if JSON stays as it is."""
    # `typing.is_typeddict` does not recognize the typed dicts of typing_extensions.
    if kind is None or kind is Any or hasattr(kind, "__required_keys__"):
        return None
    _resolve(name, kind, set())
    if _is_structure(kind):
        return lambda value: structured(kind, value)
    if callable(kind):
        return cast("Converter", function(name, kind))
    raise TypeError(f"{name}: must be a class or a callable, not {type(kind).__name__}")


class Converters(NamedTuple):
    """A client's converters; None leaves JSON as it is."""

    state: Converter | None = None
    update: Converter | None = None
    custom: Converter | None = None

    @property
    def active(self) -> bool:
        """Whether there is any converter."""
        return self.state is not None or self.update is not None or self.custom is not None

    def values(self, values: Any, request: SentRequest, run: RunLocation) -> Any:
        """A run's final values, converted; a RunInterruptedError if they can't be, as the run waits for a human."""
        if self.state is None:
            return values
        demand_ended(values, run)
        return _converted("state_type", self.state, values, "the final values", request)

    def state_values(self, values: Any, request: SentRequest) -> Any:
        """The values of a thread's state, converted; none, `{}`, stay so if they can't be."""
        if self.state is None:
            return values
        try:
            return _converted("state_type", self.state, values, "the state's values", request)
        except APIResponseError:
            if values == {}:
                return values
            raise

    def event(self, event: Event, request: SentRequest) -> Event:
        """The event, with its data converted in place; one that contains only interrupts has no state to convert."""
        match event:
            case ValuesEvent(data={"__interrupt__": _, **state}) if not state:
                pass
            case ValuesEvent() if self.state is not None:
                event.convert(_converted("state_type", self.state, event.data, event, request))
            case UpdatesEvent() if self.update is not None and isinstance(event.data, dict):
                updates: dict[str, Any] = {**event.data}
                for node, update in event.data.items():
                    if node != "__interrupt__":
                        updates[node] = _converted("update_type", self.update, update, event, request, f"$.{node}")
                event.convert(updates)
            case CustomEvent() if self.custom is not None:
                event.data = _converted("custom_type", self.custom, event.data, event, request)
            case _:
                pass
        return event


def demand_ended(values: Any, run: RunLocation) -> None:
    """Raise a RunInterruptedError if these are the values of a run that waits for a human."""
    if interrupts := interrupts_in(values):
        raise RunInterruptedError(interrupts, values, run_id=run.run_id, thread_id=run.thread_id)


def structured(kind: Any, value: Any) -> Any:
    """The value as this type, if that is one of those classes, or a container or union of them.

    Raises:
        TypeError: If the value does not have the structure of the type.
        ValueError: If a class rejects it.
    """
    origin, arguments = get_origin(kind) or kind, get_args(kind)
    if origin in (Union, types.UnionType):
        return _first_match(arguments, value)
    if isinstance(origin, type) and (fields := _fields(origin)) is not None:
        if isinstance(value, origin):
            return value
        given = _object(value, origin)
        return kind(**{parameter: _at(name, part, given[name]) for name, parameter, part in fields if name in given})
    if isinstance(kind, type) and hasattr(kind, "model_validate"):
        return cast("Any", kind).model_validate(value)
    if not arguments:
        return value
    if origin in _OBJECTS:
        return {key: _at(key, arguments[1], item) for key, item in _object(value, origin).items()}
    if origin is tuple and arguments[1:] != (...,):
        items = zip(arguments, _array(value, origin), strict=True)
        return tuple(_at(f"[{number}]", part, item) for number, (part, item) in enumerate(items))
    if origin in _ARRAYS:
        return _ARRAYS[origin](
            _at(f"[{number}]", arguments[0], item) for number, item in enumerate(_array(value, origin))
        )
    return value


_OBJECTS: Final = (dict, Mapping, MutableMapping)
_ARRAYS: Final[dict[Any, Callable[[Iterable[Any]], Any]]] = {
    **dict.fromkeys((list, Sequence, MutableSequence, Collection, Iterable), list),
    **{kind: kind for kind in (tuple, set, frozenset)},
}
# The types of plain JSON, and what to check for each.
_PLAIN: Final[dict[Any, Any]] = {kind: kind for kind in (type(None), bool, int, str, dict, list)} | {
    float: (float, int)
}


def _is_structure(kind: Any) -> bool:
    """Whether `structured` converts to this type."""
    origin = get_origin(kind) or kind
    if isinstance(origin, type) and (_fields(origin) is not None or hasattr(origin, "model_validate")):
        return True
    return bool(get_args(kind)) and (origin in (Union, types.UnionType) or origin in _OBJECTS or origin in _ARRAYS)


@cache
def _fields(kind: type) -> tuple[tuple[str, str, Any], ...] | None:
    """The name, parameter name and type of each field of an attrs class, dataclass or named tuple; else None."""
    # Of a NamedTuple; by `__mro__`, since `issubclass` would make it a tuple of unknown items for a type checker.
    names: tuple[str, ...] | None = getattr(kind, "_fields", None) if tuple in kind.__mro__ else None
    if attrs.has(kind):
        fields: Iterable[tuple[str, str]] = [(f.name, f.alias or f.name) for f in attrs.fields(kind) if f.init]
    elif dataclasses.is_dataclass(kind):
        fields = [(f.name, f.name) for f in dataclasses.fields(kind) if f.init]
    elif names is not None:
        fields = [(name, name) for name in names]
    else:
        return None
    hints = get_type_hints(cast("Any", kind))
    return tuple((name, parameter, hints.get(name, Any)) for name, parameter in fields)


def _resolve(name: str, kind: Any, seen: set[Any]) -> None:
    """Look up the types of all fields, so that what can't be resolved is an error before anything is received."""
    for part in get_args(kind):
        _resolve(name, part, seen)
    origin = get_origin(kind) or kind
    if not isinstance(origin, type) or origin in seen:
        return
    seen.add(origin)
    if not getattr(origin, "__pydantic_complete__", True):
        problem = f"a field's type of {origin.__qualname__} is not defined yet; see model_rebuild of pydantic"
        raise TypeError(f"{name}: {problem}")
    try:
        fields = _fields(origin)
    except Exception as error:  # an annotation can be any expression
        advice = "; define it in the class's module" if isinstance(error, NameError) else ""
        raise TypeError(f"{name}: {error} in the annotations of {origin.__qualname__}{advice}") from error
    for _, _, part in fields or ():
        _resolve(name, part, seen)


def _at(path: str, kind: Any, value: Any) -> Any:
    try:
        return structured(kind, value)
    except TypeError as error:
        raise TypeError(f"{path}: {error}") from error


def _first_match(kinds: tuple[Any, ...], value: Any) -> Any:
    problems: list[str] = []
    for kind in kinds:
        if kind in _PLAIN:
            if isinstance(value, _PLAIN[kind]):
                return value
            problems.append(f"not {kind.__name__}")
        elif _is_structure(kind):
            try:
                return structured(kind, value)
            except (TypeError, ValueError) as error:
                problems.append(str(error))
    if len(problems) == len(kinds):
        raise TypeError("; ".join(problems))
    return value  # one of the types leaves JSON as it is


def _object(value: Any, kind: type) -> dict[str, Any]:
    if not is_object(value):
        raise TypeError(f"{kind.__name__} needs a JSON object, not {type(value).__name__}")
    return value


def _array(value: Any, kind: type) -> list[Any]:
    if not is_list(value):
        raise TypeError(f"{kind.__name__} needs a JSON array, not {type(value).__name__}")
    return value


def _converted(
    option: str, convert: Converter, value: Any, source: Event | str, request: SentRequest, path: str = "$"
) -> Any:
    try:
        return convert(value)
    except Exception as error:
        shown = repr(value)
        what = source if isinstance(source, str) else f"the event {source.event!r}"
        problem = f"{what} can't be converted by {option} at {path} ({type(error).__name__}: {error})"
        advice = "; a field that the graph sets later needs a default" if "missing" in str(error).lower() else ""
        raise response_error(request, f"{problem}{advice}; its value is {shown[:500]}") from error
