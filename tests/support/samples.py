"""What several tests build requests and answers of, and what the recordings should become."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import httpx
import orjson

from langgraph_runs import (
    APIStatusError,
    BadRequestError,
    CheckpointsEvent,
    ConflictError,
    CustomEvent,
    DebugEvent,
    EventsEvent,
    LangGraphError,
    MessagesEvent,
    MessageTupleEvent,
    MetadataEvent,
    NotFoundError,
    RunFailedError,
    TasksEvent,
    UnknownEvent,
    UnprocessableEntityError,
    UpdatesEvent,
    ValuesEvent,
)
from langgraph_runs_api.types import Unset
from tests.support.recordings import Recording

URL = "http://server:2024/threads/t/runs/r"


def request(method: str = "GET", url: str = URL) -> httpx.Request:
    """A request as it was sent."""
    return httpx.Request(method, url)


def run_json(**fields: Any) -> dict[str, Any]:
    """The least that a server says of a run, and these fields."""
    return {
        "run_id": "r",
        "thread_id": "t",
        "assistant_id": "a",
        "status": "success",
        "created_at": "2026-11-22T05:00:00+00:00",
        "updated_at": "2026-11-22T05:00:01+00:00",
        **fields,
    }


def without(fields: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The fields but for these."""
    return {name: value for name, value in fields.items() if name not in names}


def sse(event: str, data: Any, id: str | None = None) -> bytes:
    """One event of a stream."""
    lines = [b"event: " + event.encode(), b"data: " + orjson.dumps(data)]
    if id is not None:
        lines.append(b"id: " + id.encode())
    return b"\n".join([*lines, b"", b""])


@attrs.frozen
class RecordedEvent:
    """An event as it stands in a recording, read by the rules of event streams with no regard for speed."""

    name: str
    data: str
    id: str | None

    @property
    def mode(self) -> str:
        """The name without the subgraph that sent it."""
        return self.name.partition("|")[0]

    @property
    def json(self) -> Any:
        """The data, parsed."""
        return orjson.loads(self.data)


def recorded_events(body: bytes) -> Iterator[RecordedEvent]:
    """The events of a recorded stream."""
    name, data, last_id = "", list[str](), None
    for line in re.split("\r\n|\n|\r", body.decode()):
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield RecordedEvent(name, "\n".join(data), last_id)
            name, data = "", []
        elif field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif field == "id":
            last_id = value


EVENT_CLASSES = {
    "values": ValuesEvent,
    "updates": UpdatesEvent,
    "messages": MessageTupleEvent,
    "messages/metadata": MessagesEvent,
    "messages/partial": MessagesEvent,
    "messages/complete": MessagesEvent,
    "events": EventsEvent,
    "debug": DebugEvent,
    "tasks": TasksEvent,
    "checkpoints": CheckpointsEvent,
    "custom": CustomEvent,
    "metadata": MetadataEvent,
    "end": UnknownEvent,
}
"""The class of each event in the recordings, by its mode."""


def is_stream(recording: Recording) -> bool:
    """Whether its answer is an event stream."""
    return (recording.header("content-type") or "").startswith("text/event-stream")


_JS_ZOD = (
    "multitask_strategy: Invalid enum value. Expected 'reject' | 'rollback' | 'interrupt' | 'enqueue', received 'zzz'"
)
_NO_STRATEGY = (
    '"zzz" is not one of "reject", "rollback" or 2 other candidates\n\nFailed validating "enum" in'
    ' schema["properties"]["multitask_strategy"]\n\nOn instance["multitask_strategy"]:\n    "zzz"'
)
_NO_ASSISTANT = (
    "Invalid assistant: 'nope'. Must be either:\n- A valid assistant UUID, or\n- One of the registered graphs: agent"
)
_NOTHING_TO_CANCEL = (
    "No matching runs to cancel. Please verify the thread ID and run IDs are correct, and the runs haven't been"
    " deleted or completed."
)
_BUSY = "Thread is already running a task. Wait for it to finish or choose a different multitask strategy."

REFUSALS: dict[str, tuple[type[APIStatusError], str]] = {
    "aegra/batch": (NotFoundError, "Not Found"),
    "aegra/cancel_missing": (NotFoundError, "Run '87c4b49a-7523-4bae-a939-0476bda3ac59' not found"),
    "aegra/create_bad_json": (UnprocessableEntityError, "body.1: JSON decode error"),
    "aegra/create_unknown_assistant": (NotFoundError, "Assistant 'nope' not found"),
    "aegra/delete_missing": (NotFoundError, "Run '71cb0632-a799-4743-addd-22aa8b969340' not found"),
    "aegra/get_missing": (NotFoundError, "Run '3736ddf1-a7ca-40d2-a2dc-53a5d2f25cf0' not found"),
    "aegra/join_missing": (NotFoundError, "Run '0d5261da-47d7-4de3-82b4-5cbf4b764c61' not found"),
    "aegra/join_stream_missing": (NotFoundError, "Run '1b9115e4-6d48-4141-9d12-19b2101eecf9' not found"),
    "langgraph-js/cancel_many_nothing": (NotFoundError, "404 Not Found"),
    "langgraph-js/cancel_missing": (NotFoundError, "Run not found"),
    "langgraph-js/create_bad_enum": (BadRequestError, _JS_ZOD),
    "langgraph-js/create_bad_json": (BadRequestError, "Malformed JSON in request body"),
    "langgraph-js/create_busy_reject": (UnprocessableEntityError, _BUSY),
    "langgraph-js/create_unknown_assistant": (
        NotFoundError,
        'No assistant found for "nope". Make sure the assistant ID is for a valid assistant or a valid graph ID.',
    ),
    "langgraph-js/create_unknown_thread": (UnprocessableEntityError, _BUSY),
    "langgraph-js/delete_missing": (NotFoundError, "Run not found"),
    "langgraph-js/get_missing": (NotFoundError, "Run not found"),
    "langgraph-python/cancel_finished": (
        NotFoundError,
        _NOTHING_TO_CANCEL,
    ),
    "langgraph-python/cancel_many_nothing": (NotFoundError, "No runs found to cancel."),
    "langgraph-python/cancel_missing": (NotFoundError, "No runs found to cancel."),
    "langgraph-python/create_bad_enum": (
        UnprocessableEntityError,
        _NO_STRATEGY,
    ),
    "langgraph-python/create_bad_json": (UnprocessableEntityError, "Invalid JSON in request body"),
    "langgraph-python/create_busy_reject": (ConflictError, _BUSY),
    "langgraph-python/create_unknown_assistant": (
        UnprocessableEntityError,
        _NO_ASSISTANT,
    ),
    "langgraph-python/create_unknown_thread": (NotFoundError, "Thread or assistant not found."),
    "langgraph-python/delete_missing": (NotFoundError, "Run not found"),
    "langgraph-python/get_missing": (NotFoundError, "Not Found"),
}
"""The recordings whose status says that they failed: what they become, and its `detail`."""

DISGUISED: dict[str, tuple[type[LangGraphError], dict[str, Any]]] = {
    **{
        f"{server}/{scenario}": (RunFailedError, {"error": error, "message": "boom on purpose"})
        for server, error in (("aegra", "Error"), ("langgraph-js", "Error"), ("langgraph-python", "ValueError"))
        for scenario in ("wait_error", "stateless_wait_error", "stream_error")
    },
    "aegra/stream_error": (RunFailedError, {"error": "ValueError", "message": "ValueError: execution failed"}),
    **{
        f"{server}/{scenario}": (NotFoundError, {"status_code": 404, "detail": "Run not found"})
        for server in ("langgraph-js", "langgraph-python")
        for scenario in ("join_missing", "join_stream_missing")
    },
}
"""The recordings that failed with a status of success: what they become, and its attributes."""


def unset_places(value: Any, place: str = "run") -> list[str]:
    """Where in a result the generator's own sentinel shows."""
    if isinstance(value, Unset):
        return [place]
    if attrs.has(type(value)):
        fields = attrs.asdict(value, recurse=False)
        return [found for name, inner in fields.items() for found in unset_places(inner, f"{place}.{name}")]
    if isinstance(value, Mapping):
        return [found for name, inner in value.items() for found in unset_places(inner, f"{place}[{name!r}]")]
    if isinstance(value, list | tuple):
        return [found for number, inner in enumerate(value) for found in unset_places(inner, f"{place}[{number}]")]
    return []
