"""Pieces folded as LangChain itself adds them up; it comes with the server that the other tests here start."""

import functools
import itertools
import operator
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessageChunk, message_chunk_to_message

from langgraph_runs import MessageFolder
from langgraph_runs.events import decode_event

texts = st.text("ab {", max_size=3)
indices = st.integers(0, 2)
counts = st.integers(0, 9)
blocks = st.one_of(
    st.builds(lambda text, index: {"type": "text", "text": text, "index": index}, texts, indices),
    st.builds(lambda text: {"type": "text", "text": text}, texts),
    st.builds(lambda name, index: {"type": "tool_use", "id": name, "index": index}, texts, indices),
    st.builds(lambda json, index: {"type": "input_json_delta", "partial_json": json, "index": index}, texts, indices),
    texts,
)
kwargs = st.fixed_dictionaries(
    {},
    optional={
        "text": texts | st.none(),
        "count": counts,
        "index": counts,
        "nested": st.fixed_dictionaries({}, optional={"arguments": texts, "count": counts}),
        "list": st.lists(texts | blocks, max_size=2),
        "model_provider": st.just("fake"),
    },
)
usages: st.SearchStrategy[Any] = st.none() | st.builds(
    lambda prompt, answer, details: {
        "input_tokens": prompt,
        "output_tokens": answer,
        "total_tokens": prompt + answer,
        **({"input_token_details": {"cache_read": details}} if details else {}),
    },
    counts,
    counts,
    counts,
)
arguments = st.dictionaries(texts, texts | counts | st.lists(counts, max_size=2), max_size=3)


@st.composite
def tool_call_chunks(draw: st.DrawFn) -> list[list[Any]]:
    """The chunks of up to three calls with complete arguments, for each piece those that come with it."""
    waiting = []
    for index in range(draw(st.integers(0, 3))):
        text = orjson.dumps(draw(arguments)).decode()
        ends = [0, *sorted(draw(st.lists(st.integers(0, len(text)), max_size=3))), len(text)]
        waiting.append(
            [
                {
                    "name": f"tool {index}" if begin == ends[0] and number == 0 else None,
                    "args": text[begin:end],
                    "id": f"call {index}" if number == 0 else None,
                    "index": index,
                    "type": "tool_call_chunk",
                }
                for number, (begin, end) in enumerate(itertools.pairwise(ends))
            ]
        )
    pieces = []
    while any(waiting):
        together = draw(st.lists(st.sampled_from([chunks for chunks in waiting if chunks]), min_size=1, unique_by=id))
        pieces.append([chunks.pop(0) for chunks in together])
    return pieces


@given(st.data())
def test_pieces_are_folded_as_langchain_does(data: st.DataObject) -> None:
    calls = data.draw(tool_call_chunks())
    pieces = [
        AIMessageChunk(
            content=data.draw(texts | st.lists(blocks, min_size=1, max_size=2)),
            id="1",
            tool_call_chunks=chunks,
            additional_kwargs=data.draw(kwargs),
            response_metadata=data.draw(kwargs),
            usage_metadata=data.draw(usages),
        )
        for chunks in calls + data.draw(st.lists(st.just([]), min_size=1, max_size=4))
    ]
    folder = MessageFolder()
    for piece in pieces:
        wire = orjson.dumps([piece.model_dump(), {"langgraph_node": "talk"}])
        folder.add(decode_event("messages", wire, None, 0.0))
    whole = message_chunk_to_message(functools.reduce(operator.add, pieces))
    assert folder.messages == [orjson.loads(orjson.dumps(whole.model_dump()))]
