"""The script with which a fake server does what the graph of examples/agent does."""

import re
from collections.abc import Iterator
from typing import Any

from langgraph_runs import Interrupt
from langgraph_runs.testing import FakeRun, FakeServer, Pause, Step

_HI = {"role": "assistant", "content": "hi"}
_TASK = "sub:573c5a98-0acc-9164-bc19-44e9304d98ed"


class HTTPException(Exception):  # noqa: N818 - the name is part of the answer
    """As starlette's."""

    def __init__(self, text: str) -> None:
        super().__init__(f"404: {text}")


def fake_agent() -> FakeServer:
    """A fake server with the assistant `agent`."""
    fake = FakeServer()
    fake.on_stream("agent", agent)
    return fake


def agent(run: FakeRun) -> Iterator[Step]:
    """The steps of a run."""
    state = {"messages": [], **run.values, **(run.input or {})}
    yield from _first(state)
    if run.body.get("interrupt_before"):
        yield "updates", {"__interrupt__": []}
        return
    for number in range(state.get("tokens", 0)):
        yield "custom", {"type": "progress", "i": number}
        if seconds := state.get("sleep"):
            yield Pause(seconds)
    for _ in range(state.get("burst", 0)):
        yield "custom", {"type": "burst"}
    if size := state.get("size"):
        yield "custom", {"type": "payload", "data": "x" * size}
    if isinstance(text := state.get("fail"), str):
        raise HTTPException(text)
    if state.get("fail"):
        raise ValueError("boom on purpose")
    work = {"messages": [_HI], "n": state.get("n", 0) + 1}
    state |= {"messages": [*state["messages"], _HI], "n": work["n"]}
    yield "updates", {"work": work}
    yield "values", state
    yield from _sub(run, state)
    state = {**state, "messages": state["messages"] * 2}
    yield "values", state
    if state.get("ask"):
        state["answer"] = yield Interrupt({"q": "go on?"})
        yield "updates", {"ask": {"answer": state["answer"]}}
        yield "values", state
    else:
        yield "updates", {"ask": None}


def _first(state: dict[str, Any]) -> Iterator[Step]:
    yield "events", {"event": "on_chain_start"}
    yield "checkpoints", {"values": {}}
    yield "debug", {"type": "checkpoint"}
    yield "values", dict(state)
    yield "tasks", {"name": "work"}


def _sub(run: FakeRun, state: dict[str, Any]) -> Iterator[Step]:
    yield f"values|{_TASK}", state
    if text := state.get("text"):
        tags = run.body.get("config", {}).get("tags", [])
        streamed = run.body.get("stream_subgraphs")
        namespace = f"|{_TASK}"
        yield "messages/metadata", {}
        yield f"messages/{'partial' if streamed else 'complete'}", [{"content": text}]
        for word in re.split(r"(?<= )", text):
            yield f"messages{namespace if streamed else ''}", [{"content": word}, {"tags": tags}]
        state["messages"] = [*state["messages"], {"content": text}]
    yield "updates", {"sub": state}
