# Derived from tests/client/_async/test_conversion.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Types made real through the whole client: streams, waits and joins, and what does not convert."""

import re
from typing import Any

import attrs
import pytest
from pydantic import TypeAdapter

from langgraph_runs import APIResponseError, Client, CustomEvent, MetadataEvent, UpdatesEvent, ValuesEvent
from tests.client._sync.calls import drained
from tests.support.recordings import load_recordings
from tests.support.replay import Replay, Response
from tests.support.samples import sse

pytestmark = pytest.mark.anyio

RUN = "/threads/t/runs/r"
LOCATION = (("content-location", RUN),)
ENDED = Response.json(
    {
        "run_id": "r",
        "thread_id": "t",
        "assistant_id": "a",
        "status": "success",
        "created_at": "2026-11-22T05:00:00+00:00",
        "updated_at": "2026-11-22T05:00:01+00:00",
    }
)
METADATA = sse("metadata", {"run_id": "r", "attempt": 1})


@attrs.frozen
class Message:
    content: str
    type: str = "plain"


@attrs.frozen
class State:
    messages: list[Message] = attrs.field(factory=list[Message])
    n: int = 0


def count(update: Any) -> int:
    return len(update or ())


def stream_of(*pieces: bytes) -> list[Response]:
    return [Response.events([METADATA, *pieces], LOCATION), ENDED]


def test_each_event_has_its_type(replay: Replay) -> None:
    server = replay(
        stream_of(
            sse("values", {"messages": [{"content": "hi"}], "n": 1}),
            sse("updates|sub:1", {"work": {"n": 1}, "rest": None}),
            sse("custom", "2"),
            sse("debug", {"n": 1}),
        )
    )
    with Client(server.url, state_type=State, update_type=count, custom_type=int) as client:
        events = drained(client.runs.stream("t", "agent", stream_mode=["values", "updates", "custom", "debug"]))
    metadata, values, updates, custom, debug = events
    assert (type(metadata), metadata.data) == (MetadataEvent, {"run_id": "r", "attempt": 1})
    assert (type(values), values.data) == (ValuesEvent, State([Message("hi")], 1))
    assert (type(updates), updates.data, updates.namespace) == (UpdatesEvent, {"work": 1, "rest": 0}, ("sub:1",))
    assert (type(custom), custom.data) == (CustomEvent, 2)
    assert debug.data == {"n": 1}


def test_an_event_that_does_not_convert_does_not_end_the_stream(replay: Replay) -> None:
    states: list[Any] = [{"n": 1}, {"messages": [{}]}, {"n": 2}, [], {"n": 3}]
    server = replay(stream_of(*(sse("values", state) for state in states)))
    with (
        Client(server.url, state_type=State) as client,
        client.runs.stream("t", "agent") as stream,
    ):
        seen: list[Any] = [next(stream), next(stream)]
        with pytest.raises(APIResponseError, match=re.escape("messages: [0]: ")) as raised:
            next(stream)
        assert "'values'" in str(raised.value)
        assert "{'messages': [{}]}" in str(raised.value)
        assert raised.value.method == "POST"
        seen.append(next(stream))
        with pytest.raises(APIResponseError, match="State needs a JSON object, not list"):
            next(stream)
        seen += drained(stream)
    assert [event.data for event in seen[1:]] == [State(n=1), State(n=2), State(n=3)]


def test_a_joined_stream_is_converted_too(replay: Replay) -> None:
    server = replay(stream_of(sse("values", {"n": 1})))
    with Client(server.url, state_type=State) as client:
        _, event = drained(client.runs.join_stream("t", "r", stream_mode="values"))
    assert event.data == State(n=1)


def test_wait_and_join_give_the_state(replay: Replay) -> None:
    server = replay([Response.json({"messages": [{"content": "hi"}], "n": 1}, headers=LOCATION)] * 3)
    with Client(server.url, state_type=State) as client:
        results = [
            client.runs.wait("t", "agent"),
            client.runs.wait(None, "agent"),
            client.runs.join("t", "r"),
        ]
    assert results == [State([Message("hi")], 1)] * 3


def test_final_values_that_do_not_convert(replay: Replay) -> None:
    server = replay([Response.json({"messages": [3]}, headers=LOCATION)] * 2)
    with Client(server.url, state_type=State) as client:
        with pytest.raises(
            APIResponseError, match=re.escape("the final values can't be converted by state_type at $ ")
        ) as raised:
            client.runs.wait("t", "agent")
        assert "its value is {'messages': [3]}" in str(raised.value)
        with pytest.raises(APIResponseError, match="the final values can't be converted"):
            client.runs.join("t", "r")


@pytest.mark.parametrize("server_name", ["aegra", "langgraph-js", "langgraph-python"])
def test_recorded_interrupts_survive(server_name: str, replay: Replay) -> None:
    [recording] = load_recordings(f"{server_name}/stream_interrupt")
    server = replay([Response.recorded(recording), ENDED])
    with Client(server.url, state_type=State, update_type=count) as client:
        events = drained(client.runs.stream("t", "agent", stream_mode=["values", "updates"]))
    assert any(isinstance(event, ValuesEvent) and isinstance(event.data, State) for event in events)
    asked = [(type(event), event.interrupts[0].value) for event in events if getattr(event, "interrupts", ())]
    assert {kind for kind, _ in asked} == {ValuesEvent, UpdatesEvent}
    assert all(value == {"q": "go on?"} for _, value in asked)


def test_a_recorded_state_fits_a_validator(replay: Replay) -> None:
    [recording] = load_recordings("langgraph-python/stream_values")
    validate = TypeAdapter(dict[str, Any]).validate_python
    server = replay([Response.recorded(recording), ENDED])
    with Client(server.url, state_type=validate) as client:
        events = drained(client.runs.stream("t", "agent"))
    assert [type(event.data) for event in events] == [dict] * len(events)


@pytest.mark.parametrize("name", ["state_type", "update_type", "custom_type"])
def test_a_type_that_is_none_is_refused_at_once(name: str) -> None:
    wrong: dict[str, Any] = {name: 3}
    with pytest.raises(TypeError, match=f"^{name}: "):
        Client("http://127.0.0.1:9", **wrong)
