"""Chunks merged into messages: recorded ones, by the rules of both languages, and ones that no server should send."""

import copy
from collections.abc import Iterable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langgraph_runs import MessageFolder, MetadataEvent, message_text
from langgraph_runs.events import Event, MessagesEvent, MessageTupleEvent, ValuesEvent, decode_event
from tests.support.recordings import Recording, load_recordings
from tests.support.samples import recorded_events

WITH_PIECES = (
    *load_recordings("*/resume_*"),
    *load_recordings("*/stream_all_modes_subgraphs"),
    *load_recordings("*/stream_messages_tuple"),
    *load_recordings("*/stream_resumable"),
)
METADATA = {"langgraph_node": "talk"}


def streamed(recording: Recording) -> list[Event]:
    return [decode_event(event.name, event.data.encode(), event.id, 0.0) for event in recorded_events(recording.body)]


def folded(events: Iterable[Event]) -> list[Any]:
    folder = MessageFolder()
    for event in events:
        folder.add(event)
    return folder.messages


def piece(content: Any = "", id: str | None = "1", **more: Any) -> MessageTupleEvent:
    """A piece as Python sends it."""
    message = {
        "content": content,
        "additional_kwargs": {},
        "response_metadata": {},
        "type": "AIMessageChunk",
        "name": None,
        "id": id,
        "tool_calls": [],
        "invalid_tool_calls": [],
        "usage_metadata": None,
        "tool_call_chunks": [],
        "chunk_position": None,
    }
    return MessageTupleEvent([message | more, METADATA])


def js_piece(content: Any = "", id: str = "1", **more: Any) -> MessageTupleEvent:
    """A piece as JS sends it."""
    message = {
        "content": content,
        "tool_calls": [],
        "invalid_tool_calls": [],
        "tool_call_chunks": [],
        "additional_kwargs": {},
        "response_metadata": {},
        "id": id,
        "type": "ai",
    }
    return MessageTupleEvent([message | more, METADATA])


def partial(content: str) -> MessagesEvent:
    return MessagesEvent([js_piece(content).message])


def chunk(args: str, *, index: int = 0, name: str | None = None, id: str | None = None) -> dict[str, Any]:
    return {"name": name, "args": args, "id": id, "index": index, "type": "tool_call_chunk"}


def call(name: str, args: dict[str, Any], id: str | None) -> dict[str, Any]:
    return {"name": name, "args": args, "id": id, "type": "tool_call"}


@pytest.mark.parametrize("recording", WITH_PIECES, ids=lambda recording: recording.name)
@pytest.mark.parametrize("kinds", [(MessageTupleEvent,), (MessagesEvent,), (MessageTupleEvent, MessagesEvent)], ids=str)
def test_recorded_pieces_make_the_messages_of_the_last_values(recording: Recording, kinds: tuple[type, ...]) -> None:
    events = streamed(recording)
    values = [event for event in events if isinstance(event, ValuesEvent) and not event.namespace]
    final = {message.get("id"): message for message in values[-1].data["messages"]} if values else {}
    messages = folded(event for event in events if isinstance(event, kinds))
    ids = {message["id"] for message in messages}
    assert len(messages) == len(ids)
    if values:
        assert ids <= final.keys()
        for message in messages:
            # Whether whole messages have this key depends on the version of LangChain.js.
            assert _without_chunks(message) == _without_chunks(final[message["id"]])


def test_the_recordings_have_pieces_of_each_server() -> None:
    pieces = {
        (recording.server, event.event.split("|")[0])
        for recording in WITH_PIECES
        for event in streamed(recording)
        if isinstance(event, MessageTupleEvent | MessagesEvent)
    }
    assert pieces == {
        ("aegra", "messages"),
        ("langgraph-js", "messages"),
        ("langgraph-js", "messages/metadata"),
        ("langgraph-js", "messages/partial"),
        ("langgraph-python", "messages"),
    }


@pytest.mark.parametrize("server", ["aegra", "langgraph-js", "langgraph-python"])
def test_recorded_tokens_are_the_text_as_it_grows(server: str) -> None:
    [recording] = load_recordings(f"{server}/stream_messages_tuple")
    folder, printed = MessageFolder(), ""
    for event in streamed(recording):
        message = folder.add(event)
        if isinstance(event, MessageTupleEvent):
            printed += message_text(event.message)
            assert message is not None
            assert (message["type"], message_text(message)) == ("ai", printed)
        else:
            assert message is None
    assert printed == "häß 日本 one two three"


def test_a_piece_is_not_changed_and_a_message_neither() -> None:
    events = [piece([{"type": "text", "text": text, "index": 0}], additional_kwargs={"a": "b"}) for text in "abc"]
    before = copy.deepcopy(events)
    folder = MessageFolder()
    messages = [folder.add(event) for event in events]
    assert events == before
    assert [message_text(message) for message in messages if message] == ["a", "ab", "abc"]


def test_pieces_of_several_messages_and_subgraphs_mingle() -> None:
    events = [piece("a", id="1"), piece("x", id="2"), piece("b", id="1"), piece("y", id="2"), piece("z", id="3")]
    for number, event in enumerate(events):
        event.event = f"messages|sub:{number}"
    assert [(message["id"], message["content"]) for message in folded(events)] == [("1", "ab"), ("2", "xy"), ("3", "z")]


def test_a_whole_message_stays_what_it_is() -> None:
    whole = {"content": "hi", "additional_kwargs": {}, "response_metadata": {}, "type": "human", "id": "1"}
    assert folded([MessageTupleEvent([whole, METADATA])]) == [whole]


def test_without_an_id_a_message_is_on_its_own() -> None:
    assert [message["content"] for message in folded([piece("a", id=None), piece("b", id=None)])] == ["a", "b"]


def test_partial_messages_take_the_place_of_earlier_ones() -> None:
    [message] = folded(partial(text) for text in ("o", "on", "one"))
    assert message == partial("one").messages[0]


@pytest.mark.parametrize("tuple_first", [True, False])
def test_both_modes_at_once_do_not_double_a_message(tuple_first: bool) -> None:
    events: list[Event] = []
    for end in (1, 2, 3):
        both: list[Event] = [js_piece("one"[end - 1]), partial("one"[:end])]
        events += both if tuple_first else both[::-1]
    assert [message["content"] for message in folded(events)] == ["one"]


def test_tool_calls_grow_by_index() -> None:
    folder = MessageFolder()
    seen = []
    for chunks in (
        [chunk("", name="search", id="a")],
        [chunk('{"q": ')],
        [chunk('{"n": 1}', index=1, name="count", id="b")],
        [chunk('"{tea}"'), chunk("")],
        [chunk("}")],
    ):
        message = folder.add(piece(tool_call_chunks=chunks))
        assert message is not None
        assert not {"tool_call_chunks", "chunk_position"} & message.keys()
        seen.append((message["tool_calls"], message["invalid_tool_calls"]))
    search, count = call("search", {"q": "{tea}"}, "a"), call("count", {"n": 1}, "b")
    coming = {"name": "search", "id": "a", "error": None, "type": "invalid_tool_call"}
    assert seen == [
        ([call("search", {}, "a")], []),
        ([], [coming | {"args": '{"q": '}]),
        ([count], [coming | {"args": '{"q": '}]),
        ([count], [coming | {"args": '{"q": "{tea}"'}]),
        ([search, count], []),
    ]


@pytest.mark.parametrize("args", ["[1]", '"{}"', "{oops}", "nul", "[" * 100_000 + "}"])
def test_arguments_that_are_no_object_make_an_invalid_call(args: str) -> None:
    [message] = folded([piece(tool_call_chunks=[chunk(args, name="search", id="a")])])
    assert (message["tool_calls"], message["invalid_tool_calls"][0]["args"]) == ([], args)


def test_whole_tool_calls_in_pieces_are_kept() -> None:
    calls = [call("search", {"q": name}, name) for name in "ab"]
    [message] = folded(js_piece(tool_calls=[one]) for one in calls)
    assert message["tool_calls"] == calls


def test_usage_is_summed() -> None:
    usages = [
        {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7, "input_token_details": {"cache_read": 1}},
        None,
        {
            "input_tokens": 3,
            "output_tokens": 0,
            "total_tokens": 3,
            "input_token_details": {"cache_read": 1, "audio": 2},
        },
        {"input_tokens": 0, "output_tokens": 1, "total_tokens": 1, "output_token_details": {"reasoning": 1}},
    ]
    [message] = folded(piece(usage_metadata=usage) for usage in usages)
    assert message["usage_metadata"] == {
        "input_tokens": 6,
        "output_tokens": 5,
        "total_tokens": 11,
        "input_token_details": {"cache_read": 2, "audio": 2},
        "output_token_details": {"reasoning": 1},
    }


def test_what_the_provider_adds_is_merged() -> None:
    [message] = folded(
        [
            piece(additional_kwargs={"a": "x", "f": {"arguments": "{"}}, response_metadata={"model_provider": "fake"}),
            piece(additional_kwargs={"a": "y", "f": {"arguments": "}"}, "b": [1]}),
            piece(
                additional_kwargs={"a": None, "b": [2]},
                response_metadata={"model_provider": "fake", "finish_reason": "stop"},
            ),
        ]
    )
    assert message["additional_kwargs"] == {"a": "xy", "f": {"arguments": "{}"}, "b": [1, 2]}
    assert message["response_metadata"] == {"model_provider": "fake", "finish_reason": "stop"}


# What a real server of each language made of these pieces, as Anthropic's models send them there.
def test_python_joins_blocks_by_index_whatever_their_type() -> None:
    [message] = folded(
        piece([block])
        for block in (
            {"type": "text", "text": "Hel", "index": 0},
            {"type": "text", "text": "lo", "index": 0},
            {"type": "tool_use", "id": "t1", "name": "f", "input": {}, "index": 1},
            {"type": "input_json_delta", "partial_json": '{"a":', "index": 1},
            {"type": "input_json_delta", "partial_json": "1}", "index": 1},
        )
    )
    assert message["content"] == [
        {"type": "text", "text": "Hello", "index": 0},
        {"type": "tool_use", "id": "t1", "name": "f", "input": {}, "index": 1, "partial_json": '{"a":1}'},
    ]


def test_js_joins_blocks_by_index_and_type() -> None:
    [message] = folded(
        js_piece([block])
        for block in (
            {"type": "text", "text": "Hel", "index": 0},
            {"type": "text", "text": "lo", "index": 0},
            {"type": "tool_use", "id": "t1", "name": "f", "input": "", "index": 1},
            {"type": "input_json_delta", "input": '{"a":', "index": 1},
            {"type": "input_json_delta", "input": "1}", "index": 1},
        )
    )
    assert message["content"] == [
        {"type": "text", "text": "Hello", "index": 0},
        {"type": "tool_use", "id": "t1", "name": "f", "input": "", "index": 1},
        {"type": "input_json_delta", "input": '{"a":1}', "index": 1},
    ]


def test_texts_and_blocks_mix_as_the_language_does_it() -> None:
    contents: list[Any] = ["a", [{"type": "text", "text": "b"}], "", "c", "d"]
    [python] = folded(piece(content) for content in contents)
    [js] = folded(js_piece(content) for content in contents)
    assert python["content"] == ["a", {"type": "text", "text": "b"}, "cd"]
    assert js["content"] == [{"type": "text", "text": text} for text in "abcd"]
    assert message_text(python) == message_text(js) == "abcd"


def test_js_begins_with_blocks_after_an_empty_text() -> None:
    [message] = folded([js_piece(""), js_piece([{"type": "text", "text": "a", "index": 0}])])
    assert message["content"] == [{"type": "text", "text": "a", "index": 0}]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a", "a"),
        (["a", {"type": "text", "text": "b"}, {"type": "image_url", "image_url": {}}, 1], "ab"),
        ([{"type": "reasoning", "text": "hm"}], ""),
        ([{"type": "text", "text": None}, {"type": "text"}], ""),
        (None, ""),
    ],
)
def test_text_of_a_message(content: Any, text: str) -> None:
    assert message_text({"content": content}) == text  # type: ignore[typeddict-item] # also what breaks the promise


def test_other_events_bring_no_message() -> None:
    folder = MessageFolder()
    assert folder.add(MetadataEvent({"run_id": "1", "attempt": 1})) is None
    metadata: Any = {"1": {"metadata": METADATA}}
    assert folder.add(MessagesEvent(metadata, "messages/metadata")) is None
    assert folder.messages == []


json = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=3), children, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from(
    ["content", "type", "id", "name", "tool_calls", "tool_call_chunks", "usage_metadata", "additional_kwargs", "index"]
)
strange = st.dictionaries(keys, json | st.lists(st.dictionaries(keys, json, max_size=3), max_size=2), max_size=6)


@given(st.lists(st.tuples(st.sampled_from(["messages", "messages/partial"]), strange | json, json), max_size=5))
def test_nothing_that_a_server_sends_makes_it_fail(sent: list[tuple[str, Any, Any]]) -> None:
    folder = MessageFolder()
    for name, message, metadata in sent:
        data = [message, metadata] if name == "messages" else [message]
        added = folder.add(decode_event(name, orjson.dumps(data), None, 0.0))
        assert added is None or any(added is message for message in folder.messages)


def _without_chunks(message: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key != "tool_call_chunks"}
