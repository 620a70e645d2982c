"""What type checkers know of the client: every method and mode, with and without a graph's types. Checked, never run."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, assert_type

from pydantic import TypeAdapter

from langgraph_runs import (
    Assistant,
    AsyncClient,
    AsyncRunsClient,
    AsyncRunStream,
    CheckpointPayload,
    CheckpointsEvent,
    CheckpointTask,
    ContentBlock,
    CustomEvent,
    DebugEvent,
    DebugPayload,
    Event,
    EventsEvent,
    Interrupt,
    Message,
    MessageChunk,
    MessageFolder,
    MessageMetadata,
    MessagesEvent,
    MessageTupleEvent,
    MetadataEvent,
    PartialAssistant,
    PartialRun,
    PartialThread,
    Run,
    RunCreate,
    RunnableEvent,
    StreamMode,
    TasksEvent,
    TaskStart,
    Thread,
    ThreadState,
    UnknownEvent,
    UpdatesEvent,
    ValuesEvent,
    message_text,
)
from langgraph_runs.options import StreamOptions
from tests.typing.graph import Model, Progress, Report, State, Update, words


async def without_types() -> None:
    async with AsyncClient() as client:
        assert_type(client, AsyncClient[Any, Any, Any])
        assert_type(client.runs, AsyncRunsClient[Any, Any, Any])
        assert_type(client.runs.stream(None, "agent"), AsyncRunStream[ValuesEvent[Any]])
        assert_type(client.runs.stream(None, "agent", stream_mode="updates"), AsyncRunStream[UpdatesEvent[Any]])
        assert_type(client.runs.stream(None, "agent", stream_mode="custom"), AsyncRunStream[CustomEvent[Any]])
        assert_type(client.runs.stream(None, "agent", stream_mode=["debug", "tasks"]), AsyncRunStream[Event])
        assert_type(client.runs.join_stream(None, "r"), AsyncRunStream[Event])
        assert_type(await client.runs.wait(None, "agent"), Any)
        assert_type(await client.runs.join("t", "r"), Any)


async def types_as_parameters() -> None:
    async with AsyncClient[State, Update, Progress]("http://localhost:2024", timeout=3) as client:
        assert_type(client, AsyncClient[State, Update, Progress])
        assert_type(client.runs, AsyncRunsClient[State, Update, Progress])
        assert_type(await client.runs.wait(None, "agent"), State)
        assert_type(await client.runs.join("t", "r", timeout=3), State)
    only_state = AsyncClient[State]()
    assert_type(only_state, AsyncClient[State, Any, Any])
    annotated: AsyncClient[State, Update] = AsyncClient()
    assert_type(annotated, AsyncClient[State, Update, Any])


async def types_from_converters() -> None:
    assert_type(AsyncClient(state_type=State), AsyncClient[State, Any, Any])
    assert_type(AsyncClient(state_type=Report), AsyncClient[Report, Any, Any])
    assert_type(AsyncClient(state_type=Model), AsyncClient[Model, Any, Any])
    assert_type(AsyncClient(state_type=Model.model_validate), AsyncClient[Model, Any, Any])
    assert_type(AsyncClient(state_type=TypeAdapter(Report).validate_python), AsyncClient[Report, Any, Any])
    assert_type(AsyncClient(state_type=list[Report]), AsyncClient[list[Report], Any, Any])
    assert_type(AsyncClient(update_type=words), AsyncClient[Any, list[str], Any])
    assert_type(AsyncClient(custom_type=Progress), AsyncClient[Any, Any, Progress])
    client = AsyncClient(state_type=Report, update_type=words, custom_type=Progress)
    assert_type(client, AsyncClient[Report, list[str], Progress])
    assert_type(await client.runs.wait(None, "agent"), Report)
    assert_type(await client.runs.join("t", "r"), Report)
    async for values in client.runs.stream(None, "agent"):
        if isinstance(values, ValuesEvent):
            assert_type(values.data, Report)
    async for updates in client.runs.stream(None, "agent", stream_mode="updates"):
        if isinstance(updates, UpdatesEvent):
            assert_type(updates.data, Mapping[str, list[str]])
    async for custom in client.runs.stream(None, "agent", stream_mode="custom"):
        if isinstance(custom, CustomEvent):
            assert_type(custom.data, Progress)


Runs = AsyncRunsClient[State, Update, Progress]
Whole = Event[State, Update, Progress]
Values = ValuesEvent[State]
Updates = UpdatesEvent[Update]
Custom = CustomEvent[Progress]


async def one_mode(runs: Runs) -> None:
    assert_type(runs.stream(None, "agent", stream_mode="values"), AsyncRunStream[Values])
    assert_type(runs.stream(None, "agent", stream_mode="updates"), AsyncRunStream[Updates])
    assert_type(runs.stream(None, "agent", stream_mode="messages"), AsyncRunStream[MessagesEvent])
    assert_type(runs.stream(None, "agent", stream_mode="messages-tuple"), AsyncRunStream[MessageTupleEvent])
    assert_type(runs.stream(None, "agent", stream_mode="events"), AsyncRunStream[EventsEvent])
    assert_type(runs.stream(None, "agent", stream_mode="debug"), AsyncRunStream[DebugEvent])
    assert_type(runs.stream(None, "agent", stream_mode="tasks"), AsyncRunStream[TasksEvent])
    assert_type(runs.stream(None, "agent", stream_mode="checkpoints"), AsyncRunStream[CheckpointsEvent])
    assert_type(runs.stream(None, "agent", stream_mode="custom"), AsyncRunStream[Custom])


async def a_list_of_one_mode(runs: Runs) -> None:
    assert_type(runs.stream(None, "agent", stream_mode=["values"]), AsyncRunStream[Values])
    assert_type(runs.stream(None, "agent", stream_mode=["updates"]), AsyncRunStream[Updates])
    assert_type(runs.stream(None, "agent", stream_mode=["messages"]), AsyncRunStream[MessagesEvent])
    assert_type(runs.stream(None, "agent", stream_mode=["messages-tuple"]), AsyncRunStream[MessageTupleEvent])
    assert_type(runs.stream(None, "agent", stream_mode=["events"]), AsyncRunStream[EventsEvent])
    assert_type(runs.stream(None, "agent", stream_mode=["debug"]), AsyncRunStream[DebugEvent])
    assert_type(runs.stream(None, "agent", stream_mode=["tasks"]), AsyncRunStream[TasksEvent])
    assert_type(runs.stream(None, "agent", stream_mode=["checkpoints"]), AsyncRunStream[CheckpointsEvent])
    assert_type(runs.stream(None, "agent", stream_mode=("custom",)), AsyncRunStream[Custom])


async def two_modes(runs: Runs) -> None:
    assert_type(runs.stream(None, "agent", stream_mode=["values", "updates"]), AsyncRunStream[Values | Updates])
    assert_type(runs.stream(None, "agent", stream_mode=["updates", "values"]), AsyncRunStream[Values | Updates])
    assert_type(runs.stream(None, "agent", stream_mode=["values", "custom"]), AsyncRunStream[Values | Custom])
    assert_type(runs.stream(None, "agent", stream_mode=["custom", "values"]), AsyncRunStream[Values | Custom])
    assert_type(
        runs.stream(None, "agent", stream_mode=["values", "messages-tuple"]), AsyncRunStream[Values | MessageTupleEvent]
    )
    assert_type(runs.stream(None, "agent", stream_mode=("updates", "custom")), AsyncRunStream[Updates | Custom])
    assert_type(
        runs.stream(None, "agent", stream_mode=["messages-tuple", "updates"]),
        AsyncRunStream[Updates | MessageTupleEvent],
    )
    assert_type(
        runs.stream(None, "agent", stream_mode=["messages-tuple", "custom"]), AsyncRunStream[MessageTupleEvent | Custom]
    )


async def modes_that_give_any_event(runs: Runs, mode: StreamMode, modes: list[StreamMode]) -> None:
    assert_type(runs.stream(None, "agent", stream_mode=["values", "debug"]), AsyncRunStream[Whole])
    assert_type(runs.stream(None, "agent", stream_mode=["values", "updates", "custom"]), AsyncRunStream[Whole])
    assert_type(runs.stream(None, "agent", stream_mode=("custom", "debug")), AsyncRunStream[Whole])
    assert_type(runs.stream(None, "agent", stream_mode=modes), AsyncRunStream[Whole])
    some: AsyncRunStream[Whole] = runs.stream(None, "agent", stream_mode=mode)
    assert_type(some.run_id, str | None)


async def modes_of_a_joined_stream(runs: Runs) -> None:
    assert_type(runs.join_stream("t", "r"), AsyncRunStream[Whole])
    assert_type(runs.join_stream("t", "r", stream_mode=None), AsyncRunStream[Whole])
    assert_type(runs.join_stream("t", "r", stream_mode="values"), AsyncRunStream[Values])
    assert_type(runs.join_stream("t", "r", stream_mode="updates"), AsyncRunStream[Updates])
    assert_type(runs.join_stream("t", "r", stream_mode="messages"), AsyncRunStream[MessagesEvent])
    assert_type(runs.join_stream("t", "r", stream_mode="messages-tuple"), AsyncRunStream[MessageTupleEvent])
    assert_type(runs.join_stream("t", "r", stream_mode="events"), AsyncRunStream[EventsEvent])
    assert_type(runs.join_stream("t", "r", stream_mode="debug"), AsyncRunStream[DebugEvent])
    assert_type(runs.join_stream("t", "r", stream_mode="tasks"), AsyncRunStream[TasksEvent])
    assert_type(runs.join_stream("t", "r", stream_mode="checkpoints"), AsyncRunStream[CheckpointsEvent])
    assert_type(runs.join_stream("t", "r", stream_mode=["custom"], last_event_id="-1"), AsyncRunStream[Custom])
    assert_type(runs.join_stream("t", "r", stream_mode=["values", "updates"]), AsyncRunStream[Values | Updates])
    assert_type(runs.join_stream("t", "r", stream_mode=["values", "custom"]), AsyncRunStream[Values | Custom])
    assert_type(
        runs.join_stream("t", "r", stream_mode=["values", "messages-tuple"]), AsyncRunStream[Values | MessageTupleEvent]
    )
    assert_type(runs.join_stream("t", "r", stream_mode=["updates", "custom"]), AsyncRunStream[Updates | Custom])
    assert_type(
        runs.join_stream("t", "r", stream_mode=["updates", "messages-tuple"]),
        AsyncRunStream[Updates | MessageTupleEvent],
    )
    assert_type(
        runs.join_stream("t", "r", stream_mode=["custom", "messages-tuple"]), AsyncRunStream[MessageTupleEvent | Custom]
    )
    assert_type(runs.join_stream("t", "r", stream_mode=["values", "updates", "custom"]), AsyncRunStream[Whole])
    assert_type(runs.join_stream(None, "r", stream_mode=["tasks", "debug"], idle_timeout=3), AsyncRunStream[Whole])


async def iterating(runs: Runs) -> None:
    async with runs.stream(None, "agent", stream_mode=["values", "custom"]) as stream:
        assert_type(stream, AsyncRunStream[Values | Custom])
        assert_type(await anext(stream), Values | Custom | MetadataEvent | UnknownEvent)
        async for event in stream:
            assert_type(event, Values | Custom | MetadataEvent | UnknownEvent)
            assert_type(event.namespace, tuple[str, ...])
            match event:
                case ValuesEvent(data=data, interrupts=interrupts):
                    assert_type(data, State)
                    assert_type(interrupts, tuple[Interrupt, ...])
                case CustomEvent():
                    assert_type(event, Custom)
                    assert_type(event.data.step, int)
                case MetadataEvent():
                    assert_type(event.data["attempt"], int)
                case UnknownEvent():
                    assert_type(event.data, Any)
    await any_stream(runs.stream(None, "agent", stream_mode="values"))


async def any_stream(stream: AsyncRunStream[Event]) -> None:
    assert_type(aiter(stream), AsyncIterator[Event])
    assert_type(await anext(stream), Event)


async def payloads(runs: Runs) -> None:
    folder = MessageFolder()
    async for event in runs.stream(None, "agent", stream_mode=["messages-tuple", "messages", "debug", "tasks"]):
        assert_type(folder.add(event), Message | None)
        match event:
            case MessageTupleEvent():
                assert_type(event.message, MessageChunk)
                assert_type(event.message["content"], str | list[str | ContentBlock])
                assert_type(event.metadata, MessageMetadata)
                assert_type(event.metadata["langgraph_node"], str)
                assert_type(message_text(event.message), str)
            case MessagesEvent():
                assert_type(event.messages, list[Message])
                assert_type(event.metadata, dict[str, MessageMetadata])
            case DebugEvent():
                assert_type(event.data, DebugPayload)
                if event.data["type"] == "task":
                    assert_type(event.data["payload"], TaskStart)
            case TasksEvent(data=task):
                if "result" in task:
                    assert_type(task["interrupts"][0]["value"], Any)
                else:
                    assert_type(task["triggers"], list[str])
            case CheckpointsEvent(data=checkpoint):
                assert_type(checkpoint, CheckpointPayload)
                assert_type(checkpoint["tasks"], list[CheckpointTask])
                runs.stream("t", "agent", checkpoint=checkpoint.get("checkpoint"))
            case EventsEvent(data=called):
                assert_type(called, RunnableEvent)
            case _:
                pass
    assert_type(folder.messages, list[Message])


async def other_methods(runs: Runs, payloads: Sequence[RunCreate]) -> None:
    assert_type(await runs.create(None, "agent", stream_mode=["values", "debug"]), Run)
    assert_type(await runs.create_batch(payloads), list[Run])
    assert_type(await runs.create_batch([{"assistant_id": "agent", "input": {"topic": "tea"}}]), list[Run])
    assert_type(await runs.list("t", limit=3, status="success", created_after="2026-11-22"), list[Run])
    assert_type(await runs.list("t", select=["run_id", "status"]), list[PartialRun])
    assert_type(runs.iter("t"), AsyncIterator[Run])
    assert_type(await runs.get("t", "r"), Run)
    await runs.cancel("t", "r", wait=True, action="rollback")
    await runs.cancel_many(thread_id="t", run_ids=["r"])
    await runs.cancel_many(status="pending")
    await runs.delete("t", "r")
    run = await runs.get("t", "r")
    assert_type(run.run_id, str)
    assert_type(run.metadata, dict[str, Any])


async def threads_and_assistants(client: AsyncClient[State, Update, Progress]) -> None:
    threads, assistants = client.threads, client.assistants
    thread = await threads.create(metadata={"a": 1}, thread_id="t", if_exists="do_nothing", ttl=60)
    assert_type(thread, Thread)
    assert_type(await threads.update(thread, metadata={"a": 2}), Thread)
    assert_type(await threads.search(ids=[thread, "t"], status="idle", sort_by="created_at", limit=3), list[Thread])
    assert_type(await threads.search(select=["thread_id"]), list[PartialThread])
    assert_type(threads.iter(values={"n": 1}), AsyncIterator[Thread])
    state = await threads.get_state(thread, subgraphs=True)
    assert_type(state, ThreadState[State])
    assert_type(state.values, State)
    assert_type(await threads.get_state("t", state.checkpoint), ThreadState[State])
    assert_type(await threads.get_history("t", before=state.checkpoint), list[ThreadState[State]])
    await threads.update_state(thread, {"n": 1}, as_node="work", checkpoint_id="c")
    await threads.delete(thread)
    assert_type(await assistants.search(graph_id="agent"), list[Assistant])
    assert_type(await assistants.search(select=["name"]), list[PartialAssistant])
    assert_type(assistants.iter(name="a"), AsyncIterator[Assistant])
    assert_type((await assistants.get("a")).version, int)
    assert_type(await client.runs.get(thread, "r"), Run)
    await client.runs.create(thread, "agent")


async def options(runs: Runs) -> None:
    runs.stream(
        "t",
        "agent",
        input={"topic": "tea"},
        command={"resume": "yes", "goto": [{"node": "work", "input": None}, "end"]},
        stream_subgraphs=True,
        stream_resumable=True,
        config={"recursion_limit": 3, "configurable": {}},
        checkpoint={"checkpoint_id": None},
        interrupt_before="*",
        interrupt_after=["work"],
        multitask_strategy="enqueue",
        durability="async",
        params={"a": [1, "b"]},
        on_run_created=lambda run: print(run["run_id"]),
        on_reconnect=lambda number, last_event_id, cause: print(number + 1, last_event_id, cause.args),
        extra_body={"tomorrow": 1},
        timeout=None,
    )
    assert_type(runs.stream(None, "agent", extra_body={"stream_mode": "tomorrow"}), AsyncRunStream[Values])
    untyped: Any = {}
    assert_type(
        runs.stream("t", "agent", input=untyped, config=untyped, stream_mode=["values", "custom"]),
        AsyncRunStream[Values | Custom],
    )
    for fields in (Progress(1, 2), Report("tea"), Model(topic="tea")):
        runs.stream("t", "agent", input=fields, context=fields, config=fields)
    some: StreamOptions = {"input": {}, "durability": "sync", "checkpoint_id": "c", "idle_timeout": 9}
    assert_type(runs.stream("t", "agent", **some).run_id, str | None)
