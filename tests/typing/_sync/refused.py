# Derived from tests/typing/_async/refused.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""What type checkers refuse: an error on each marked line, and on no other. Checked, never run."""

# fmt: off
from collections.abc import Sequence
from typing import Any

import httpx

from langgraph_runs import (
    Client,
    CustomEvent,
    Event,
    MessageTupleEvent,
    MetadataEvent,
    PartialThread,
    RunCreate,
    RunsClient,
    RunStream,
    UpdatesEvent,
    ValuesEvent,
)
from tests.typing.graph import Progress, Report, State, Update

Runs = RunsClient[State, Update, Progress]


def clients() -> None:
    Client(3)  # refused
    Client(timeout="3")  # refused
    Client(max_retries="often")  # refused
    Client(headers=[("a", "b")])  # refused
    Client(state_type=3)  # refused
    Client(state_type="State")  # refused
    Client(state_types=Report)  # refused
    Client(http_client=httpx.Limits())  # refused
    Client("http://localhost:2024", "key")  # refused
    another: Client[State] = Client(state_type=Report)  # refused
    print(another)


def streams(runs: Runs) -> None:
    runs.stream(None)  # refused
    runs.stream(3, "agent")  # refused
    runs.stream(None, None)  # refused
    runs.stream(None, "agent", {"topic": "tea"})  # refused
    runs.stream(None, "agent", stream_mode=3)  # refused
    runs.stream(None, "agent", stream_mode=["values", 3])  # refused
    runs.stream(None, "agent", stream_mode=None)  # refused
    runs.stream(None, "agent", stream_mode=ValuesEvent)  # refused
    runs.stream(None, "agent", stream_mode="value")  # refused
    runs.stream(None, "agent", stream_mode=["values", "tomorrow"])  # refused
    runs.stream(None, "agent", stream_mode=str(runs))  # refused
    runs.stream(None, "agent", stream_mode=[str(runs)])  # refused
    runs.stream(None, "agent", stream_mode="updates", metadat={})  # refused
    runs.stream(None, "agent", stream_mode=["debug", "tasks"], last_event_id="-1")  # refused
    runs.stream(None, "agent", subgraphs=True)  # refused
    runs.stream(None, "agent", stream_subgraphs="yes")  # refused
    runs.stream(None, "agent", multitask_strategy="queue")  # refused
    runs.stream(None, "agent", if_not_exists="ask")  # refused
    runs.stream(None, "agent", on_disconnect="wait")  # refused
    runs.stream(None, "agent", on_completion="keep it")  # refused
    runs.stream(None, "agent", durability="soon")  # refused
    runs.stream(None, "agent", command={"resum": 1})  # refused
    runs.stream(None, "agent", command={"goto": 3})  # refused
    runs.stream(None, "agent", command={"goto": {"node": "work"}})  # refused
    runs.stream(None, "agent", config={"recursion_limit": "3"})  # refused
    runs.stream(None, "agent", context=["a"])  # refused
    runs.stream(None, "agent", context=dict)  # refused
    runs.stream(None, "agent", checkpoint={"checkpoint": "c"})  # refused
    runs.stream(None, "agent", metadata=["a"])  # refused
    runs.stream(None, "agent", interrupt_before=3)  # refused
    runs.stream(None, "agent", after_seconds="3")  # refused
    runs.stream(None, "agent", timeout="3")  # refused
    runs.stream(None, "agent", on_run_created=lambda: None)  # refused
    runs.stream(None, "agent", on_reconnect=lambda: None)  # refused
    runs.stream(None, "agent", stream_mode="values", idle_timeout="3")  # refused
    runs.stream(None, "agent", stream_mode=["values", "debug"], webhook=3)  # refused
    runs.join_stream("t")  # refused
    runs.join_stream("t", None)  # refused
    runs.join_stream("t", "r", stream_mode=3)  # refused
    runs.join_stream("t", "r", stream_mode="value")  # refused
    runs.join_stream("t", "r", on_recconect=print)  # refused
    runs.join_stream("t", "r", last_event_id=3)  # refused
    runs.join_stream("t", "r", input={})  # refused
    runs.join_stream("t", "r", cancel_on_disconnect="yes")  # refused


def events(runs: Runs, values: RunStream[ValuesEvent[State]]) -> None:
    updates: RunStream[UpdatesEvent[Update]] = values  # refused
    narrower: RunStream[ValuesEvent[State]] = runs.stream(None, "agent", stream_mode=["debug", "tasks"])  # refused
    print(updates, narrower, values.runs_id)  # refused
    for event in values:
        print(event.interrupts)  # refused
        print(event.stamp)  # refused
        if isinstance(event, ValuesEvent):
            print(event.data["topics"])  # refused
            event.data["topic"] += 1  # refused
        if isinstance(event, MetadataEvent):
            print(event.data["run"])  # refused
    for other in runs.stream(None, "agent", stream_mode="custom"):
        match other:
            case CustomEvent():
                print(other.data.steps)  # refused
            case MetadataEvent():
                print(other.data["attempt"] + "1")  # refused
            case _:
                pass


def narrowing(runs: Runs, event: Event[State, Update, Progress], pieces: MessageTupleEvent) -> None:
    print(event.data["topic"])  # refused
    print(pieces.message["contents"])  # refused
    print(pieces.message["content"].upper())  # refused
    print(pieces.metadata["langgraph_nodes"])  # refused
    state = runs.wait(None, "agent")
    print(state["topics"])  # refused
    report: Report = runs.join("t", "r")  # refused
    print(report)


def other_methods(runs: Runs) -> None:
    runs.wait()  # refused
    runs.wait(None, "agent", stream_mode="values")  # refused
    runs.wait(None, "agent", feedback_keys=["a"])  # refused
    runs.join(None, "r")  # refused
    runs.create(None, "agent", stream_subgraphs=1.5)  # refused
    runs.create(None, "agent", stream_mode="value")  # refused
    runs.create(None, "agent", metadat={})  # refused
    runs.create_batch({"assistant_id": "agent"})  # refused
    runs.create_batch([{"input": {}}])  # refused
    runs.create_batch([{"assistant_id": "agent", "thread_id": "t"}])  # refused
    runs.create_batch([{"assistant_id": "agent", "durability": "soon"}])  # refused
    runs.create_batch([{"assistant_id": "agent", "checkpoint_id": "c"}])  # refused
    runs.list()  # refused
    runs.list("t", limit="3")  # refused
    runs.list("t", status="done")  # refused
    runs.list("t", select=["id"])  # refused
    runs.list("t", limits=3)  # refused
    runs.list("t", created_after=3)  # refused
    runs.iter("t", limit=3)  # refused
    runs.get("t")  # refused
    print((runs.get("t", "r")).id)  # refused
    runs.cancel("t", "r", action="stop")  # refused
    runs.cancel_many(status="success")  # refused
    runs.cancel_many("t", ["r"])  # refused
    runs.delete("t", run="r")  # refused


def threads_and_assistants(client: Client[State, Update, Progress], thread: PartialThread) -> None:
    client.threads.create("t")  # refused
    client.threads.create(if_exists="ignore")  # refused
    client.threads.get(thread)  # refused
    client.threads.search(status="done")  # refused
    client.threads.search(select=["id"])  # refused
    client.threads.iter(limit=3)  # refused
    client.threads.update_state("t")  # refused
    print((client.threads.get_state("t")).values.nothing)  # refused
    client.assistants.get()  # refused
    client.assistants.search(sort_by="age")  # refused
    client.runs.get(thread, "r")  # refused


def payloads() -> Sequence[RunCreate]:
    wrong: Any = [{}]
    first: RunCreate = {"assistant_id": 3}  # refused
    second: RunCreate = {"input": 3}  # refused
    return [first, second, *wrong]
