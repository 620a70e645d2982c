"""Events' payloads: the typed dicts, and the schemas in openapi.yaml, held against all that three servers sent."""

import ast
import collections
import copy
import inspect
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from pydantic import TypeAdapter, ValidationError
from typing_extensions import is_typeddict

from langgraph_runs import events, options, payloads, types
from langgraph_runs.events import Event, decode_event
from langgraph_runs.payloads import (
    CheckpointPayload,
    DebugPayload,
    InterruptPayload,
    Message,
    MessageChunk,
    MessageMetadata,
    MessagesMetadata,
    RunMetadata,
    RunnableEvent,
    TaskResult,
    TaskStart,
)
from scripts.drift.comparison import compare
from scripts.drift.document import Document, read
from tests.support.conformance import OPENAPI, problem_with
from tests.support.recordings import Recording, load_recordings
from tests.support.samples import is_stream, recorded_events

SERVERS = {"aegra", "langgraph-js", "langgraph-python"}
STREAMS = [recording for recording in load_recordings() if is_stream(recording)]
PAYLOADS: dict[type, Any] = {
    events.MetadataEvent: RunMetadata,
    events.MessagesEvent: list[Message] | dict[str, MessagesMetadata],
    events.MessageTupleEvent: tuple[MessageChunk, MessageMetadata],
    events.EventsEvent: RunnableEvent,
    events.DebugEvent: DebugPayload,
    events.TasksEvent: TaskStart | TaskResult,
    events.CheckpointsEvent: CheckpointPayload,
}


SCHEMAS = read(OPENAPI).contents["components"]["schemas"]
TYPED_DICTS = {
    name: kind for name, kind in vars(payloads).items() if is_typeddict(kind) and kind.__module__ == payloads.__name__
}
EVENTS: dict[str, Any] = {
    "metadata": RunMetadata,
    "messages": tuple[MessageChunk, MessageMetadata],
    "messages/metadata": dict[str, MessagesMetadata],
    "messages/partial": list[Message],
    "messages/complete": list[Message],
    "events": RunnableEvent,
    "debug": DebugPayload,
    "tasks": TaskStart | TaskResult,
    "checkpoints": CheckpointPayload,
}


def streamed(recording: Recording) -> list[Event]:
    return [decode_event(event.name, event.data.encode(), event.id, 0.0) for event in recorded_events(recording.body)]


def payload(event: Event) -> Any:
    # JSON has no tuples.
    return tuple(event.data) if isinstance(event, events.MessageTupleEvent) else event.data


def check(kind: Any, value: Any) -> None:
    """Demands that types fit, no required key is missing, and every key is one that we document."""
    TypeAdapter(kind).validate_python(value, strict=True, extra="forbid")


@pytest.mark.parametrize("recording", STREAMS, ids=lambda recording: recording.name)
def test_every_recorded_payload_is_what_its_type_says(recording: Recording) -> None:
    for event in streamed(recording):
        if kind := PAYLOADS.get(type(event)):
            check(kind, payload(event))
        if isinstance(event, events.ValuesEvent | events.UpdatesEvent):
            for interrupt in event.interrupts:
                check(InterruptPayload, interrupt.data)


@pytest.mark.parametrize("recording", STREAMS, ids=lambda recording: recording.name)
def test_every_recorded_payload_is_what_its_schema_says(recording: Recording) -> None:
    for event in recorded_events(recording.body):
        assert event.mode in SCHEMAS["StreamEvents"]["properties"]
        pointer = f"/components/schemas/StreamEvents/properties/{event.mode.replace('/', '~1')}"
        assert problem_with(orjson.loads(event.data), pointer) is None, event


def described(name: str, answers: dict[str, Any], schemas: dict[str, Any]) -> Document:
    """A document whose operations answer with these schemas."""
    paths = {
        f"/runs/{answer}": {
            "get": {
                "operationId": answer,
                "responses": {"200": {"content": {"application/json": {"schema": schema}}}},
            }
        }
        for answer, schema in answers.items()
    }
    return Document(name, {"openapi": "3.1.1", "paths": paths, "components": {"schemas": schemas}})


def test_the_schemas_of_openapi_yaml_say_the_same() -> None:
    by_name = {name: {"$ref": f"#/components/schemas/{name}"} for name in TYPED_DICTS}
    by_event = {name.replace("/", "-"): SCHEMAS["StreamEvents"]["properties"][name] for name in EVENTS}
    kinds = {name.replace("/", "-"): kind for name, kind in (TYPED_DICTS | EVENTS).items()}
    found, definitions = TypeAdapter.json_schemas(
        [(name, "validation", TypeAdapter(kind)) for name, kind in kinds.items()],
        ref_template="#/components/schemas/{model}",
    )
    typed = {name: schema for (name, _), schema in found.items()}
    ours = described("openapi.yaml", by_name | by_event, SCHEMAS)
    assert [*map(str, compare(ours, described("payloads.py", typed, definitions["$defs"])))] == []


def test_the_recordings_hold_each_payload_of_each_server() -> None:
    seen: dict[type, set[str]] = collections.defaultdict(set)
    for recording in STREAMS:
        for event in streamed(recording):
            seen[type(event)].add(recording.server)
            if getattr(event, "interrupts", ()):
                seen[events.Interrupt].add(recording.server)
    for kind in {*PAYLOADS, events.Interrupt} - {events.MessagesEvent}:
        assert seen[kind] == SERVERS, kind
    # Asked for both, Python and Aegra take `messages` for `messages-tuple`.
    assert seen[events.MessagesEvent] == {"langgraph-js"}


MUTATIONS: list[tuple[type, Callable[[Any], object]]] = [
    (events.MetadataEvent, lambda data: data.update(run_id=1)),
    (events.MetadataEvent, lambda data: data.pop("attempt")),
    (events.MessagesEvent, lambda data: data.append("text")),
    (events.MessageTupleEvent, lambda data: data[0].update(content=None)),
    (events.MessageTupleEvent, lambda data: data[0].update(tool_calls=[{"name": "search"}])),
    (events.MessageTupleEvent, lambda data: data[0].update(tool_calls=[{"name": "search", "args": "{}"}])),
    (events.MessageTupleEvent, lambda data: data[1].update(langgraph_step="1")),
    (events.MessageTupleEvent, lambda data: data[1].update(langgraph_nodes="work")),
    (events.EventsEvent, lambda data: data.update(tags="a")),
    (events.DebugEvent, lambda data: data.update(type="other")),
    (events.DebugEvent, lambda data: data["payload"].update(interrupts={})),
    (events.TasksEvent, lambda data: data.pop("name")),
    (events.CheckpointsEvent, lambda data: data.update(next="work")),
    (events.CheckpointsEvent, lambda data: data["metadata"].update(step=None)),
]


@pytest.mark.parametrize("number", range(len(MUTATIONS)))
def test_a_payload_of_another_type_does_not_pass(number: int) -> None:
    kind, mutate = MUTATIONS[number]
    event = next(
        event
        for recording in load_recordings("langgraph-js/stream_all_modes_subgraphs")
        for event in streamed(recording)
        if isinstance(event, kind) and (kind is not events.MessagesEvent or isinstance(event.data, list))
    )
    data = copy.deepcopy(event.data)
    mutate(data)
    with pytest.raises(ValidationError):
        check(PAYLOADS[kind], tuple(data) if kind is events.MessageTupleEvent else data)


def test_the_events_data_have_these_types() -> None:
    for kind, expected in PAYLOADS.items():
        [base] = vars(kind)["__orig_bases__"]
        [declared] = base.__args__
        assert declared == (list[Any] if kind is events.MessageTupleEvent else expected)


def test_access_to_the_parts_of_payloads() -> None:
    for recording in STREAMS:
        for event in streamed(recording):
            if isinstance(event, events.MessageTupleEvent):
                assert event.data == [event.message, event.metadata]
                assert list(event.tags) == event.metadata.get("tags", [])
            elif isinstance(event, events.MessagesEvent) and isinstance(event.data, list):
                assert (event.messages, event.metadata) == (event.data, {})
            elif isinstance(event, events.MessagesEvent):
                assert event.messages == []
                assert {id: {"metadata": metadata} for id, metadata in event.metadata.items()} == event.data


@pytest.mark.parametrize("data", [None, 3, "text", [], [1, 2], [None, []], {}, {"1": {"metadata": 2}}, {"1": 2}])
def test_payloads_that_break_the_promise_have_nothing_in_them(data: Any) -> None:
    piece = events.MessageTupleEvent(data)
    assert not any((piece.message, piece.metadata, piece.tags))
    messages = events.MessagesEvent(data)
    assert messages.messages == []
    assert not any(messages.metadata.values())


@pytest.mark.parametrize("module", [options, payloads, types], ids=["options", "payloads", "types"])
def test_every_key_is_documented(module: Any) -> None:
    source = inspect.getsource(module)
    lines = source.splitlines()
    undocumented = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name != "Rule":
            assert ast.get_docstring(node), node.name
            for statement, following in zip(node.body, [*node.body[1:], None], strict=True):
                # By a string below it, which editors show to whoever writes such a dict; a payload is only read.
                if module is payloads:
                    above, own = lines[statement.lineno - 2 : statement.lineno]
                    documented = "  # " in own or above.lstrip().startswith("# ")
                else:
                    documented = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
                if isinstance(statement, ast.AnnAssign) and not documented:
                    undocumented.append(f"{node.name}.{ast.unparse(statement.target)}")
    assert not undocumented
