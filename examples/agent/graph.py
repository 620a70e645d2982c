"""The graph of the examples, the demo and the tests. It needs no API key and no network.

The nodes run one after another: `work`, then `sub` (a subgraph whose only node is `talk`), then `ask`.
Every run adds 1 to `n` and "hi" to `messages`. All inputs are optional:

- `tokens` (int): `work` emits this many events `{"type": "progress", "i": 0}`, `{"type": "progress", "i": 1}`, ...
- `sleep` (float): seconds that `work` waits after each of them. Default: no wait.
- `burst` (int): `work` emits this many identical custom events, `{"type": "burst"}`, without a pause.
- `size` (int): `work` emits one custom event with a text of this many bytes, `{"type": "payload", "data": "xxx..."}`.
- `fail` (bool or str): `work` raises `ValueError("boom on purpose")` after its events; for a text,
  `HTTPException(404, text)`.
- `failures` (int): `work` raises the same in so many first attempts, by the `attempt` in the run's metadata.
- `text` (str): in `talk`, a fake chat model streams this text word by word; the message is added to `messages`.
- `ask` (bool): `ask` interrupts with `{"q": "go on?"}`; the value with which the run is resumed is stored in `answer`.
"""

import asyncio
import operator
from typing import Annotated, Any

from langchain_core.language_models import GenericFakeChatModel
from langchain_core.runnables import RunnableConfig
from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt
from starlette.exceptions import HTTPException
from typing_extensions import TypedDict


class State(TypedDict, total=False):
    messages: Annotated[list[Any], operator.add]
    n: int
    sleep: float
    tokens: int
    burst: int
    size: int
    text: str
    fail: bool | str
    failures: int
    ask: bool
    answer: Any


async def work(state: State, config: RunnableConfig) -> State:
    emit = get_stream_writer()
    for i in range(state.get("tokens", 0)):
        emit({"type": "progress", "i": i})
        if seconds := state.get("sleep"):
            await asyncio.sleep(seconds)
    for _ in range(state.get("burst", 0)):
        emit({"type": "burst"})
    if size := state.get("size"):
        emit({"type": "payload", "data": "x" * size})
    if isinstance(text := state.get("fail"), str):
        raise HTTPException(404, text)
    if state.get("fail") or config["metadata"].get("attempt", 1) <= state.get("failures", 0):
        msg = "boom on purpose"
        raise ValueError(msg)
    return {"messages": [{"role": "assistant", "content": "hi"}], "n": state.get("n", 0) + 1}


async def talk(state: State) -> State:
    if text := state.get("text"):
        return {"messages": [await GenericFakeChatModel(messages=iter([text])).ainvoke("hello")]}
    return {}


def ask(state: State) -> State:
    if state.get("ask"):
        return {"answer": interrupt({"q": "go on?"})}
    return {}


sub = StateGraph(State).add_node("talk", talk).add_edge(START, "talk").compile()

graph = (
    StateGraph(State)
    .add_node("work", work)
    .add_node("sub", sub)
    .add_node("ask", ask)
    .add_edge(START, "work")
    .add_edge("work", "sub")
    .add_edge("sub", "ask")
    .compile()
)
