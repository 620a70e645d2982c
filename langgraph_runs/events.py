"""Server-sent events to typed events: one class per stream mode.

An event is built for every token of every stream, so it stores only what the server sent, and works out the rest
(namespace, time, tags, interrupts) when someone asks. What a payload must look like is the server's promise: one that
breaks it is still an event with that payload as `data`, whose worked-out attributes are empty.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, Generic, Literal, TypeAlias, TypeVar, cast

import attrs
import orjson

from langgraph_runs.payloads import (
    CheckpointPayload,
    DebugPayload,
    Message,
    MessageChunk,
    MessageMetadata,
    MessagesMetadata,
    RunMetadata,
    RunnableEvent,
    TaskResult,
    TaskStart,
)
from langgraph_runs.types import CustomT, StateT, UpdateT
from langgraph_runs_api.display import Shown, without_secrets
from langgraph_runs_api.values import from_json, is_list, is_object

DataT = TypeVar("DataT")


@attrs.define(match_args=False, weakref_slot=False, repr=False)
class _BaseEvent(Shown, Generic[DataT]):
    """What all events have. Two are equal when the server sent the same, whenever it arrived.

    Attributes:
        data: The payload; None where it was empty.
        event: The event's name as sent, such as `values` or `values|node:task-id`. Default: the mode's.
        id: Where to resume the stream after this event; None where the server gives no ids.
    """

    __match_args__: ClassVar[tuple[Literal["data"]]] = ("data",)

    # Positional and not frozen: keywords or a guarded assignment would cost as much as all the rest of building it.
    data: DataT
    event: str = attrs.Factory(lambda self: _usual_name(self), takes_self=True)  # noqa: PLW0108 - it is below
    id: str | None = None
    _received: float = attrs.field(default=0.0, eq=False)

    @property
    def namespace(self) -> tuple[str, ...]:
        """The subgraph that sent this: `node:task-id` of each graph on the way to it; empty for the graph itself."""
        return tuple(self.event.split("|")[1:])

    @property
    def timestamp(self) -> datetime:
        """The server's time where the event carries one (debug events do), else the time when it arrived."""
        return datetime.fromtimestamp(self._received, UTC)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of what sent this, where the event carries them (message tuples and events do)."""
        return ()

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        yield "data", self.data
        if self.event != _usual_name(self):
            yield "event", self.event
        if self.id is not None:
            yield "id", self.id


@attrs.define(match_args=False, weakref_slot=False, repr=False)
class _InterruptibleEvent(_BaseEvent[DataT]):
    # The data as it was sent, where a converter has replaced it.
    _sent: Any = attrs.field(default=None, eq=False)

    def convert(self, data: DataT) -> None:
        """Replace the data by what a converter made of it; the interrupts stay."""
        self._sent = self.data
        event: _BaseEvent[DataT] = self  # `self.data` would declare the attribute anew
        event.data = data

    @property
    def interrupts(self) -> tuple["Interrupt", ...]:
        """Where the run waits for a human, if it does; go on with `command={"resume": ...}` on the same thread."""
        return interrupts_in(self.data if self._sent is None else self._sent)


class _TimedEvent(_BaseEvent[DataT]):
    __slots__ = ()

    @property
    def timestamp(self) -> datetime:
        """The server's time where the event carries one, else the time when it arrived."""
        with suppress(TypeError, ValueError):  # there is none, or not as text in ISO 8601
            time = datetime.fromisoformat(_object(self.data).get("timestamp", ""))
            return time if time.tzinfo else time.replace(tzinfo=UTC)
        return super().timestamp

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        (name, data), *rest = super().__rich_repr__()
        yield name, without_secrets(data)
        yield from rest


class ValuesEvent(_InterruptibleEvent[StateT]):
    """Mode `values`: the whole state after a step, or what the run waits for."""

    __slots__ = ()


class UpdatesEvent(_InterruptibleEvent[Mapping[str, UpdateT]]):
    """Mode `updates`: what each node of a step returned, by the node's name."""

    __slots__ = ()


class MessagesEvent(_BaseEvent[list[Message] | dict[str, MessagesMetadata]]):
    """Mode `messages`: messages as they grow.

    `messages/partial` and `messages/complete` carry a list of messages, `messages/metadata` a mapping of message id to
    metadata.
    """

    __slots__ = ()

    @property
    def messages(self) -> list[Message]:
        """The messages, each with all that has come of it; none in `messages/metadata`."""
        return cast("list[Message]", _objects(self.data))

    @property
    def metadata(self) -> dict[str, MessageMetadata]:
        """Where messages come from, by their ids; only in `messages/metadata`."""
        entries = _object(self.data).items()
        return {id: cast("MessageMetadata", _object(_object(entry).get("metadata"))) for id, entry in entries}


class MessageTupleEvent(_BaseEvent[list[Any]]):
    """Mode `messages-tuple`: a piece of a message, such as a token, and its metadata, as a list of the two."""

    __slots__ = ()

    @property
    def message(self) -> MessageChunk:
        """The piece, or a whole message that did not come in pieces; `MessageFolder` makes whole ones of pieces."""
        return cast("MessageChunk", self._part(0))

    @property
    def metadata(self) -> MessageMetadata:
        """Where in the graph it comes from."""
        return cast("MessageMetadata", self._part(1))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the model call that the piece comes from."""
        return _strings(self._part(1).get("tags"))

    def _part(self, number: int) -> dict[str, Any]:
        # Neither type nor length is certain.
        return _object(next(iter(_list(self.data)[number:]), None))


class EventsEvent(_BaseEvent[RunnableEvent]):
    """Mode `events`: every callback of LangChain's runnables."""

    __slots__ = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the runnable that sent this."""
        return _strings(_object(self.data).get("tags"))


class DebugEvent(_TimedEvent[DebugPayload]):
    """Mode `debug`: checkpoints, tasks and their results, each with step and time; `data["type"]` tells which."""

    __slots__ = ()


class TasksEvent(_TimedEvent[TaskStart | TaskResult]):
    """Mode `tasks`: a task that starts, or its result; `"result" in data` tells which."""

    __slots__ = ()


class CheckpointsEvent(_TimedEvent[CheckpointPayload]):
    """Mode `checkpoints`: a checkpoint that was written."""

    __slots__ = ()


class CustomEvent(_BaseEvent[CustomT]):
    """Mode `custom`: whatever the graph's own code writes."""

    __slots__ = ()


class MetadataEvent(_BaseEvent[RunMetadata]):
    """The first event of a stream, in any mode: `run_id` and `attempt`."""

    __slots__ = ()


class UnknownEvent(_BaseEvent[Any]):
    """What has no class here, such as `end`, or a mode of tomorrow's server."""

    __slots__ = ()


Event: TypeAlias = (
    ValuesEvent[StateT]
    | UpdatesEvent[UpdateT]
    | MessagesEvent
    | MessageTupleEvent
    | EventsEvent
    | DebugEvent
    | TasksEvent
    | CheckpointsEvent
    | CustomEvent[CustomT]
    | MetadataEvent
    | UnknownEvent
)
"""Any event there is."""


@attrs.frozen
class Interrupt:
    """A place where a run waits for a human.

    Attributes:
        value: What the graph asks.
        id: The interrupt's id, to answer several at once; None where the server gives none.
        data: The interrupt as sent, with what only some servers tell (`ns`, `resumable`, `when`, `response_schema`).
    """

    value: Any
    id: str | None = None
    data: Mapping[str, Any] = attrs.field(factory=dict[str, Any], repr=False)

    def __getitem__(self, key: str) -> Any:
        """A field of the interrupt as sent: `interrupt["value"]`."""
        return self.data[key]

    def keys(self) -> Iterable[str]:
        """The names of these fields, so that `dict(interrupt)` has them, and a service can return a `ThreadState`."""
        return self.data.keys()


def decode_event(event: str, data: bytes | memoryview, id: str | None, received: float) -> Event:
    """Make the typed event of a server-sent one.

    Args:
        event: The event's name.
        data: Its payload; an `orjson.JSONDecodeError` if it is not JSON.
        id: The last id that the server has sent so far.
        received: When it arrived, in seconds since 1970.
    """
    payload: Any
    try:
        payload = orjson.loads(data)
    except orjson.JSONDecodeError:
        payload = from_json(data) if bytes(data).strip() else None
    kind = _KINDS.get(event.partition("|")[0], UnknownEvent)
    return kind(payload, event, id, received)


_KINDS: Final[dict[str, type[Event]]] = {
    "values": ValuesEvent,
    "updates": UpdatesEvent,
    "messages": MessageTupleEvent,
    "messages/partial": MessagesEvent,
    "messages/metadata": MessagesEvent,
    "messages/complete": MessagesEvent,
    "events": EventsEvent,
    "debug": DebugEvent,
    "tasks": TasksEvent,
    "checkpoints": CheckpointsEvent,
    "custom": CustomEvent,
    "metadata": MetadataEvent,
}


def _usual_name(event: object) -> str:
    return next((name for name, kind in _KINDS.items() if isinstance(event, kind)), "")


def unwanted(stream_mode: str | Sequence[str] | None) -> frozenset[str]:
    """The names of events that these modes don't bring; none where the modes are left out.

    LangGraph.js and Aegra send all modes to who joins a stream, whatever was asked for.
    """
    if stream_mode is None:
        return frozenset()
    modes = {stream_mode} if isinstance(stream_mode, str) else set(stream_mode)
    return frozenset(name for name, mode in _MODES.items() if mode not in modes)


_MODES: Final = {name: name.partition("/")[0] for name in _KINDS if name != "metadata"} | {"messages": "messages-tuple"}


def interrupts_in(data: object) -> tuple[Interrupt, ...]:
    """The interrupts in the values or updates of a run."""
    entries = _objects(_object(data).get("__interrupt__"))
    return tuple(
        Interrupt(entry.get("value"), next(iter(_strings([entry.get("id")])), None), entry) for entry in entries
    )


# What is not of the shape that it should be has nothing in it.
def _object(value: object) -> dict[str, Any]:
    return value if is_object(value) else {}


def _list(value: object) -> list[Any]:
    return value if is_list(value) else []


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in _list(value) if is_object(item)]


def _strings(value: object) -> tuple[str, ...]:
    return tuple(item for item in _list(value) if isinstance(item, str))
