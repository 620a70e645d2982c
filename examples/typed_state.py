"""The graph's state as a pydantic model: checked when it comes, and typed for the editor and the type checker."""

from typing import Any
from uuid import uuid4

from pydantic import BaseModel

from langgraph_runs import Client, RunInterruptedError, ValuesEvent


class State(BaseModel):
    n: int = 0
    messages: list[dict[str, Any]] = []
    answer: str | None = None


with Client(state_type=State) as client:
    for event in client.runs.stream(None, "agent", input={"n": 40}, stream_mode="values"):
        if isinstance(event, ValuesEvent):
            print("n is", event.data.n, "with", len(event.data.messages), "messages")

    # A run that waits for a human has no final state yet, so that `wait` raises.
    thread_id = uuid4()
    try:
        state = client.runs.wait(thread_id, "agent", input={"n": 41, "ask": True}, if_not_exists="create")
    except RunInterruptedError as stop:
        print("the graph asks", stop.interrupts[0].value)
        state = client.runs.wait(thread_id, "agent", command={"resume": "yes"})
    print("n is", state.n, "and the answer", state.answer)
