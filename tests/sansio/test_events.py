"""Server-sent events become typed events, and one that is not what its mode promises is still an event."""

import json
import math
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args

import attrs
import orjson
import pytest
from fastapi.encoders import jsonable_encoder

from langgraph_runs._sansio.sse import SSEDecoder
from langgraph_runs.events import (
    CheckpointsEvent,
    CustomEvent,
    DebugEvent,
    Event,
    EventsEvent,
    Interrupt,
    MessagesEvent,
    MessageTupleEvent,
    MetadataEvent,
    TasksEvent,
    UnknownEvent,
    UpdatesEvent,
    ValuesEvent,
    decode_event,
    interrupts_in,
)
from langgraph_runs.states import ThreadState
from tests.support.recordings import Recording, load_recordings
from tests.support.samples import EVENT_CLASSES, is_stream

ARRIVAL = 1795323641.25
ARRIVED = datetime(2026, 11, 22, 5, 0, 41, 250000, UTC)
STREAMS = [recording for recording in load_recordings() if is_stream(recording)]
CLASSES: list[type[Event]] = [
    ValuesEvent,
    UpdatesEvent,
    MessagesEvent,
    MessageTupleEvent,
    EventsEvent,
    DebugEvent,
    TasksEvent,
    CheckpointsEvent,
    CustomEvent,
    MetadataEvent,
    UnknownEvent,
]


def decode(event: str, payload: Any, id: str | None = None) -> Any:
    return decode_event(event, json.dumps(payload).encode(), id, ARRIVAL)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *EVENT_CLASSES.items(),
        *((name, UnknownEvent) for name in ["error", "feedback", "tools", "message", "", "Values"]),
    ],
)
@pytest.mark.parametrize("path", [(), ("sub:1",), ("sub:c8e5f74d-7227-0579-e52f-1afd1537b251", "b:2")])
def test_the_name_tells_class_and_namespace(name: str, kind: type[Event], path: tuple[str, ...]) -> None:
    full = "|".join([name, *path])
    event = decode(full, {"n": 1}, "7")
    assert type(event) is kind
    assert (event.event, event.data, event.id, event.namespace) == (full, {"n": 1}, "7", path)


def test_every_class_is_one_of_the_union() -> None:
    assert {getattr(kind, "__origin__", kind) for kind in get_args(Event)} == set(CLASSES)
    assert set(EVENT_CLASSES.values()) == set(CLASSES)


@pytest.mark.parametrize("kind", CLASSES)
def test_events_can_be_made_by_hand_and_are_the_same(kind: type[Event]) -> None:
    make: Any = kind
    name = make(None).event or "end"
    assert EVENT_CLASSES[name] is kind
    by_hand = make({"n": [1]}, name, "7")
    decoded = decode(name, {"n": [1]}, "7")
    assert by_hand == decoded
    assert attrs.has(kind)
    assert attrs.evolve(by_hand, id="8") == decode(name, {"n": [1]}, "8")
    assert not hasattr(decoded, "__dict__")
    shown = ", event='end'" if kind is UnknownEvent else ""
    assert repr(by_hand) == repr(decoded) == f"{kind.__name__}({{'n': [1]}}{shown}, id='7')"


def test_equal_is_what_the_server_sent() -> None:
    event = decode("values", {"n": 1}, "7")
    assert event == decode_event("values", b'{ "n": 1 }', "7", ARRIVAL + 1)
    assert event != decode("values", {"n": 2}, "7")
    assert event != decode("values", {"n": 1}, "8")
    assert event != decode("values|sub:1", {"n": 1}, "7")
    assert event != UnknownEvent({"n": 1}, "values", "7")


@pytest.mark.parametrize("kind", CLASSES)
def test_an_event_takes_its_data_alone(kind: type[Event]) -> None:
    make: Any = kind
    match make({"i": 1}):
        case (
            ValuesEvent(data)
            | UpdatesEvent(data)
            | MessagesEvent(data)
            | MessageTupleEvent(data)
            | EventsEvent(data)
            | DebugEvent(data)
            | TasksEvent(data)
            | CheckpointsEvent(data)
            | CustomEvent(data)
            | MetadataEvent(data)
            | UnknownEvent(data)
        ):
            assert data == {"i": 1}
        case other:
            pytest.fail(repr(other))


def test_events_match_by_class_and_attributes() -> None:
    match decode("updates|sub:1", {"node": {"n": 1}}):
        case UpdatesEvent(data={"node": {"n": 1}}, namespace=("sub:1",), id=None):
            pass
        case other:
            pytest.fail(repr(other))


def test_ever_new_names_leave_nothing_behind() -> None:
    tracemalloc.start()
    try:
        for number in range(5000):
            name = f"values|{number}" + "x" * (1000 * (number % 2))
            assert type(decode(name, number)) is type(decode(name, number)) is ValuesEvent
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert kept < 200_000


@pytest.mark.parametrize("data", [b"", b" ", b"\n\t", b"null", memoryview(b""), memoryview(b"null")])
def test_no_payload_is_none(data: bytes | memoryview) -> None:
    assert decode_event("values", data, None, ARRIVAL).data is None


def test_data_may_be_a_view() -> None:
    data = memoryview(b'{"n": "\xc3\xa4"}')
    assert decode_event("values", data, None, ARRIVAL).data == {"n": "ä"}


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"nope",
        b'{"a": 1}}',
        b"{'a': 1}",
        b"[" * 100_000,
        b'"\n"',
        b"1" * 5000 + b"x",
        b"\xff",
        b'"\xff\xe4"',
        b"\0",
    ],
)
def test_no_json_is_an_error(data: bytes) -> None:
    payloads: list[bytes | memoryview] = [data, memoryview(data)]
    for payload in payloads:
        with pytest.raises(orjson.JSONDecodeError):
            decode_event("values", payload, None, ARRIVAL)


def test_almost_json_of_real_servers_is_taken() -> None:
    half_emoji = decode_event("messages", b'[{"content": "\\ud83d"}, {"tags": ["a"]}]', "1", ARRIVAL)
    assert half_emoji.data == [{"content": "\ud83d"}, {"tags": ["a"]}]
    assert half_emoji.tags == ("a",)
    data: Any = decode_event("custom", b'{"loss": NaN, "best": -Infinity}', None, ARRIVAL).data
    assert math.isnan(data["loss"])
    assert data["best"] == -math.inf


def test_timestamp_is_the_arrival() -> None:
    for name in ["values", "custom", "events", "metadata", "messages", "end"]:
        event = decode(name, {"timestamp": "2026-01-01T00:00:00Z"})
        assert event.timestamp == ARRIVED
        assert event.timestamp.tzinfo is UTC


@pytest.mark.parametrize("name", ["debug", "tasks", "checkpoints"])
@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-22T05:03:24.233928+00:00", datetime(2026, 11, 22, 5, 3, 24, 233928, UTC)),
        ("2026-11-22T05:04:11.142Z", datetime(2026, 11, 22, 5, 4, 11, 142000, UTC)),
        ("2026-11-22T07:03:24+02:00", datetime(2026, 11, 22, 7, 3, 24, tzinfo=timezone(timedelta(hours=2)))),
        ("2026-11-22T05:03:24", datetime(2026, 11, 22, 5, 3, 24, tzinfo=UTC)),
        *((text, ARRIVED) for text in ["", "yesterday", "2026-13-01T00:00:00Z", 1795323641, None, ["2026"]]),
    ],
)
def test_timestamp_is_the_servers_where_it_tells(name: str, text: Any, time: datetime) -> None:
    timestamp = decode(name, {"timestamp": text, "type": "task"}).timestamp
    assert timestamp == time
    assert timestamp.utcoffset() == time.utcoffset()


def test_tags() -> None:
    assert decode("messages|sub:1", [{"content": "a"}, {"tags": ["x", "y"]}]).tags == ("x", "y")
    assert decode("messages", [{"content": "a"}, {}]).tags == ()
    assert decode("events", {"event": "on_chain_start", "tags": ["seq:step:1", 2, None]}).tags == ("seq:step:1",)
    assert decode("values", {"tags": ["x"]}).tags == ()
    assert decode("custom", {"tags": ["x"]}).tags == ()


@pytest.mark.parametrize("name", ["values", "updates", "values|sub:1"])
def test_interrupts(name: str) -> None:
    sent: list[Any] = [
        {"value": {"q": "go on?"}, "id": "7e67", "response_schema": None},
        {"value": "sure?", "resumable": True, "ns": ["ask:1"], "when": "during"},
        {"id": "a"},
        {"id": 5, "value": None},
        {},
    ]
    interrupts = decode(name, {"__interrupt__": [*sent, "no object", None, ["value"]], "n": 1}).interrupts
    assert interrupts == (
        Interrupt({"q": "go on?"}, "7e67", sent[0]),
        Interrupt("sure?", None, sent[1]),
        Interrupt(None, "a", sent[2]),
        Interrupt(None, None, sent[3]),
        Interrupt(None, None, sent[4]),
    )
    assert interrupts[1].data["ns"] == ["ask:1"]
    assert repr(interrupts[0]) == "Interrupt(value={'q': 'go on?'}, id='7e67')"
    assert decode(name, {"n": 1}).interrupts == ()


def test_an_interrupt_is_its_fields_as_sent_for_dict_and_for_a_services_answer() -> None:
    sent = {"value": {"q": "go on?"}, "id": "a", "ns": ["sub"]}
    [interrupt] = interrupts_in({"__interrupt__": [sent]})
    assert dict(interrupt) == sent
    assert jsonable_encoder(ThreadState({}, interrupts=(interrupt,)))["interrupts"] == [sent]


ODD: list[Any] = [
    None,
    0,
    1.5,
    True,
    "text",
    [],
    {},
    [[]],
    [None, None],
    [1, 2, 3],
    ["a", "b"],
    [{}],
    [{}, []],
    [{}, {"tags": 5}],
]
ODD += [{"tags": {}}, {"tags": "ab"}, {"__interrupt__": {}}, {"__interrupt__": "ab"}, {"__interrupt__": [[]]}]
ODD += [{"timestamp": {}}, {"a": 1}, {"a": {"metadata": 5}}, [[{}], [{"tags": ["x"]}]]]


@pytest.mark.parametrize("payload", ODD, ids=repr)
@pytest.mark.parametrize("name", [*EVENT_CLASSES, "tomorrow"])
def test_what_breaks_its_promise_is_still_an_event(name: str, payload: Any) -> None:
    event = decode(name, payload)
    assert event.data == payload
    assert event.timestamp == ARRIVED
    assert event.tags == ()
    if isinstance(event, ValuesEvent | UpdatesEvent):
        assert event.interrupts == ()
    properties = [attribute for attribute in dir(type(event)) if isinstance(getattr(type(event), attribute), property)]
    assert {"namespace", "tags", "timestamp"} <= set(properties)
    for attribute in properties:
        getattr(event, attribute)
    assert repr(event)


def test_repr_stays_short() -> None:
    large = {f"key {number}": ["x" * 1000] * 10 for number in range(100)}
    assert len(repr(decode("values|" + "y" * 1000, large, "7" * 1000))) < 500


def decoded(recording: Recording) -> list[Event]:
    decoder = SSEDecoder()
    events: list[Event] = []
    for chunk in recording.pieces:
        events += [decode_event(name, data, id, ARRIVAL) for name, data, id in decoder.feed(chunk)]
    return events


@pytest.mark.parametrize("recording", STREAMS, ids=lambda recording: recording.name)
def test_recordings(recording: Recording) -> None:
    events = decoded(recording)
    text = recording.body.decode().replace("\r\n", "\n")
    blocks = [block.split("\n") for block in text.split("\n\n") if "data: " in block]
    assert [event.event for event in events] == [block[0].removeprefix("event: ") for block in blocks]
    for event, block in zip(events, blocks, strict=True):
        assert event.data == json.loads("\n".join(line[6:] for line in block if line.startswith("data: ")))
        mode = event.event.partition("|")[0]
        assert type(event) is EVENT_CLASSES.get(mode, UnknownEvent)
        assert all(":" in part for part in event.namespace)
        if isinstance(event, DebugEvent):
            assert event.timestamp.date().isoformat() == "2026-11-22"
            assert event.timestamp != ARRIVED
        else:
            assert event.timestamp == ARRIVED


@pytest.mark.parametrize("recording", load_recordings("*/stream_interrupt"), ids=lambda recording: recording.name)
def test_recorded_interrupts(recording: Recording) -> None:
    interrupts = [event.interrupts for event in decoded(recording) if isinstance(event, ValuesEvent | UpdatesEvent)]
    asked = [interrupt for interrupt in interrupts if interrupt]
    assert asked
    for (interrupt,) in asked:
        assert interrupt.value == {"q": "go on?"}
        assert isinstance(interrupt.id, str)
        assert len(interrupt.id) == 32


def test_recorded_namespaces_and_tags() -> None:
    events = [event for recording in STREAMS for event in decoded(recording)]
    assert any(event.namespace for event in events if isinstance(event, MessageTupleEvent))
    assert {"seq:step:1", "graph:step:1"} <= {tag for event in events for tag in event.tags}
    assert {type(event) for event in events if event.tags} == {EventsEvent}
