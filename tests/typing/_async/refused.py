"""What type checkers refuse: an error on each marked line, and on no other. Checked, never run."""

# fmt: off
from collections.abc import Sequence
from typing import Any

import httpx

from langgraph_runs import (
    AsyncClient,
    AsyncRunsClient,
    AsyncRunStream,
    CustomEvent,
    Event,
    MessageTupleEvent,
    MetadataEvent,
    PartialThread,
    RunCreate,
    UpdatesEvent,
    ValuesEvent,
)
from tests.typing.graph import Progress, Report, State, Update

Runs = AsyncRunsClient[State, Update, Progress]


def clients() -> None:
    AsyncClient(3)  # refused
    AsyncClient(timeout="3")  # refused
    AsyncClient(max_retries="often")  # refused
    AsyncClient(headers=[("a", "b")])  # refused
    AsyncClient(state_type=3)  # refused
    AsyncClient(state_type="State")  # refused
    AsyncClient(state_types=Report)  # refused
    AsyncClient(http_client=httpx.Limits())  # refused
    AsyncClient("http://localhost:2024", "key")  # refused
    another: AsyncClient[State] = AsyncClient(state_type=Report)  # refused
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


async def events(runs: Runs, values: AsyncRunStream[ValuesEvent[State]]) -> None:
    updates: AsyncRunStream[UpdatesEvent[Update]] = values  # refused
    narrower: AsyncRunStream[ValuesEvent[State]] = runs.stream(None, "agent", stream_mode=["debug", "tasks"])  # refused
    print(updates, narrower, values.runs_id)  # refused
    async for event in values:
        print(event.interrupts)  # refused
        print(event.stamp)  # refused
        if isinstance(event, ValuesEvent):
            print(event.data["topics"])  # refused
            event.data["topic"] += 1  # refused
        if isinstance(event, MetadataEvent):
            print(event.data["run"])  # refused
    async for other in runs.stream(None, "agent", stream_mode="custom"):
        match other:
            case CustomEvent():
                print(other.data.steps)  # refused
            case MetadataEvent():
                print(other.data["attempt"] + "1")  # refused
            case _:
                pass


async def narrowing(runs: Runs, event: Event[State, Update, Progress], pieces: MessageTupleEvent) -> None:
    print(event.data["topic"])  # refused
    print(pieces.message["contents"])  # refused
    print(pieces.message["content"].upper())  # refused
    print(pieces.metadata["langgraph_nodes"])  # refused
    state = await runs.wait(None, "agent")
    print(state["topics"])  # refused
    report: Report = await runs.join("t", "r")  # refused
    print(report)


async def other_methods(runs: Runs) -> None:
    await runs.wait()  # refused
    await runs.wait(None, "agent", stream_mode="values")  # refused
    await runs.wait(None, "agent", feedback_keys=["a"])  # refused
    await runs.join(None, "r")  # refused
    await runs.create(None, "agent", stream_subgraphs=1.5)  # refused
    await runs.create(None, "agent", stream_mode="value")  # refused
    await runs.create(None, "agent", metadat={})  # refused
    await runs.create_batch({"assistant_id": "agent"})  # refused
    await runs.create_batch([{"input": {}}])  # refused
    await runs.create_batch([{"assistant_id": "agent", "thread_id": "t"}])  # refused
    await runs.create_batch([{"assistant_id": "agent", "durability": "soon"}])  # refused
    await runs.create_batch([{"assistant_id": "agent", "checkpoint_id": "c"}])  # refused
    await runs.list()  # refused
    await runs.list("t", limit="3")  # refused
    await runs.list("t", status="done")  # refused
    await runs.list("t", select=["id"])  # refused
    await runs.list("t", limits=3)  # refused
    await runs.list("t", created_after=3)  # refused
    runs.iter("t", limit=3)  # refused
    await runs.get("t")  # refused
    print((await runs.get("t", "r")).id)  # refused
    await runs.cancel("t", "r", action="stop")  # refused
    await runs.cancel_many(status="success")  # refused
    await runs.cancel_many("t", ["r"])  # refused
    await runs.delete("t", run="r")  # refused


async def threads_and_assistants(client: AsyncClient[State, Update, Progress], thread: PartialThread) -> None:
    await client.threads.create("t")  # refused
    await client.threads.create(if_exists="ignore")  # refused
    await client.threads.get(thread)  # refused
    await client.threads.search(status="done")  # refused
    await client.threads.search(select=["id"])  # refused
    client.threads.iter(limit=3)  # refused
    await client.threads.update_state("t")  # refused
    print((await client.threads.get_state("t")).values.nothing)  # refused
    await client.assistants.get()  # refused
    await client.assistants.search(sort_by="age")  # refused
    await client.runs.get(thread, "r")  # refused


def payloads() -> Sequence[RunCreate]:
    wrong: Any = [{}]
    first: RunCreate = {"assistant_id": 3}  # refused
    second: RunCreate = {"input": 3}  # refused
    return [first, second, *wrong]
