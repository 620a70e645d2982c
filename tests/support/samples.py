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
    InternalServerError,
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


def thread_json(**fields: Any) -> dict[str, Any]:
    """The least that a server says of a thread, and these fields."""
    times = dict.fromkeys(("created_at", "updated_at"), "2026-11-22T05:00:00+00:00")
    return {"thread_id": "t", "status": "idle", "metadata": {}, **times, **fields}


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
    "aegra/assistant_get_by_graph_name": (NotFoundError, "Assistant 'agent' not found"),
    "aegra/assistant_get_missing": (NotFoundError, "Assistant '65354904-e547-4760-9295-9212f2976575' not found"),
    "aegra/batch": (NotFoundError, "Not Found"),
    "aegra/cancel_missing": (NotFoundError, "Run '87c4b49a-7523-4bae-a939-0476bda3ac59' not found"),
    "aegra/create_bad_json": (UnprocessableEntityError, "body.1: JSON decode error"),
    "aegra/create_unknown_assistant": (NotFoundError, "Assistant 'nope' not found"),
    "aegra/delete_missing": (NotFoundError, "Run '71cb0632-a799-4743-addd-22aa8b969340' not found"),
    "aegra/get_missing": (NotFoundError, "Run '3736ddf1-a7ca-40d2-a2dc-53a5d2f25cf0' not found"),
    "aegra/join_missing": (NotFoundError, "Run '0d5261da-47d7-4de3-82b4-5cbf4b764c61' not found"),
    "aegra/join_stream_missing": (NotFoundError, "Run '1b9115e4-6d48-4141-9d12-19b2101eecf9' not found"),
    "aegra/thread_create_again_raise": (ConflictError, "Thread 'd9a3c0ce-b63c-4eaa-b5c3-7889552b3e30' already exists"),
    "aegra/thread_delete_again": (NotFoundError, "Thread 'd9a3c0ce-b63c-4eaa-b5c3-7889552b3e30' not found"),
    "aegra/thread_get_missing": (NotFoundError, "Thread '00f486d6-0606-4fdd-8f69-ec584ef288d3' not found"),
    "aegra/thread_history_missing": (NotFoundError, "Thread 'cdc33be3-79e3-4772-b104-045f3a0818a9' not found"),
    "aegra/thread_search_bad": (UnprocessableEntityError, "body.limit: Input should be greater than or equal to 1"),
    "aegra/thread_search_select": (
        UnprocessableEntityError,
        "body.select: Value error, select projection is not supported",
    ),
    "aegra/thread_state_missing_thread": (NotFoundError, "Thread '7e70484d-1bdb-431a-a9ee-bdf0cc1bc244' not found"),
    "aegra/thread_update_missing": (NotFoundError, "Thread '5db9eb5b-a3ba-4640-9733-751752fe3fd5' not found"),
    "aegra/thread_update_state_bad_node": (
        InternalServerError,
        "Failed to update thread state: Node nope does not exist",
    ),
    "aegra/thread_update_state_missing": (NotFoundError, "Thread '85d16798-a0e2-4b45-aa56-ee6cac537464' not found"),
    "langgraph-js/assistant_get_missing": (NotFoundError, "Assistant not found"),
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
    "langgraph-js/thread_create_again_raise": (ConflictError, "Thread already exists"),
    "langgraph-js/thread_create_bad_enum": (BadRequestError, "if_exists: Invalid input"),
    "langgraph-js/thread_create_bad_id": (BadRequestError, "thread_id: Invalid uuid"),
    "langgraph-js/thread_delete_again": (
        NotFoundError,
        "Thread with ID 1a2110e9-6bce-44cb-bb1f-870019187aac not found",
    ),
    "langgraph-js/thread_get_missing": (NotFoundError, "Thread with ID 34ef5145-f7c8-419a-b4e4-9d0ada576d28 not found"),
    "langgraph-js/thread_history_before": (BadRequestError, "before: Expected string, received object"),
    "langgraph-js/thread_history_missing": (
        NotFoundError,
        "Thread with ID f7b82e0c-fdc2-422a-9f9f-1aab2e3b01d5 not found",
    ),
    "langgraph-js/thread_search_bad": (BadRequestError, "limit: Number must be greater than or equal to 1"),
    "langgraph-js/thread_state_missing_thread": (
        NotFoundError,
        "Thread with ID bed86ddb-20d7-41b4-91f2-615562daf1e2 not found",
    ),
    "langgraph-js/thread_update_missing": (NotFoundError, "Thread not found"),
    "langgraph-js/thread_update_state_bad_node": (InternalServerError, "Internal Server Error"),
    "langgraph-js/thread_update_state_busy": (ConflictError, "Thread is busy"),
    "langgraph-js/thread_update_state_missing": (
        NotFoundError,
        "Thread with ID 1ea92d48-88fc-407c-a1c8-c2d8a218cf57 not found",
    ),
    "langgraph-python/assistant_get_by_graph_name": (UnprocessableEntityError, "Invalid assistant ID: must be a UUID"),
    "langgraph-python/assistant_get_missing": (NotFoundError, "Not Found"),
    "langgraph-python/assistant_search_none": (NotFoundError, "Graph 'nope' not found. Expected one of: ['agent']"),
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
    "langgraph-python/thread_create_again_raise": (
        ConflictError,
        "Thread with ID 6da9dab5-7735-4b6b-92da-0be4476aa855 already exists",
    ),
    "langgraph-python/thread_create_bad_enum": (
        UnprocessableEntityError,
        (
            '"zzz" is not one of "raise" or "do_nothing"\n\nFailed validating "enum" in schema["properties"]["if_exists"]'
            '\n\nOn instance["if_exists"]:\n    "zzz"'
        ),
    ),
    "langgraph-python/thread_create_bad_id": (UnprocessableEntityError, "Invalid thread ID: must be a UUID"),
    "langgraph-python/thread_delete_again": (
        NotFoundError,
        "Thread with ID 6da9dab5-7735-4b6b-92da-0be4476aa855 not found",
    ),
    "langgraph-python/thread_get_missing": (
        NotFoundError,
        "Thread with ID b89b47b9-9d8e-436d-adbf-e97a861c542b not found",
    ),
    "langgraph-python/thread_history_before": (InternalServerError, "Internal Server Error"),
    "langgraph-python/thread_history_missing": (
        NotFoundError,
        "Thread with ID 0de7883a-d15c-46ca-a8de-2d0b27eb115f not found",
    ),
    "langgraph-python/thread_search_bad": (
        UnprocessableEntityError,
        (
            '-1 is less than the minimum of 1\n\nFailed validating "minimum" in schema["properties"]["limit"]'
            '\n\nOn instance["limit"]:\n    -1'
        ),
    ),
    "langgraph-python/thread_state_missing_thread": (
        NotFoundError,
        "Thread with ID ff8b863e-6498-43c0-b79a-539453bd61d5 not found",
    ),
    "langgraph-python/thread_update_missing": (NotFoundError, "Not Found"),
    "langgraph-python/thread_update_state_bad_node": (BadRequestError, "Node nope does not exist"),
    "langgraph-python/thread_update_state_missing": (
        NotFoundError,
        "Thread with ID 8195b135-5818-4975-8b2d-dc3fd86aa4f7 not found",
    ),
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
