# Derived from tests/typing/_async/accepted.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""What type checkers know of the client: every method and mode, with and without a graph's types. Checked, never run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_type

from pydantic import TypeAdapter

from langgraph_runs import (
    Assistant,
    CheckpointPayload,
    CheckpointsEvent,
    CheckpointTask,
    Client,
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
    RunsClient,
    RunStream,
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


def without_types() -> None:
    with Client() as client:
        assert_type(client, Client[Any, Any, Any])
        assert_type(client.runs, RunsClient[Any, Any, Any])
        assert_type(client.runs.stream(None, "agent"), RunStream[ValuesEvent[Any]])
        assert_type(client.runs.stream(None, "agent", stream_mode="updates"), RunStream[UpdatesEvent[Any]])
        assert_type(client.runs.stream(None, "agent", stream_mode="custom"), RunStream[CustomEvent[Any]])
        assert_type(client.runs.stream(None, "agent", stream_mode=["debug", "tasks"]), RunStream[Event])
        assert_type(client.runs.join_stream(None, "r"), RunStream[Event])
        assert_type(client.runs.wait(None, "agent"), Any)
        assert_type(client.runs.join("t", "r"), Any)


def types_as_parameters() -> None:
    with Client[State, Update, Progress]("http://localhost:2024", timeout=3) as client:
        assert_type(client, Client[State, Update, Progress])
        assert_type(client.runs, RunsClient[State, Update, Progress])
        assert_type(client.runs.wait(None, "agent"), State)
        assert_type(client.runs.join("t", "r", timeout=3), State)
    only_state = Client[State]()
    assert_type(only_state, Client[State, Any, Any])
    annotated: Client[State, Update] = Client()
    assert_type(annotated, Client[State, Update, Any])


def types_from_converters() -> None:
    assert_type(Client(state_type=State), Client[State, Any, Any])
    assert_type(Client(state_type=Report), Client[Report, Any, Any])
    assert_type(Client(state_type=Model), Client[Model, Any, Any])
    assert_type(Client(state_type=Model.model_validate), Client[Model, Any, Any])
    assert_type(Client(state_type=TypeAdapter(Report).validate_python), Client[Report, Any, Any])
    assert_type(Client(state_type=list[Report]), Client[list[Report], Any, Any])
    assert_type(Client(update_type=words), Client[Any, list[str], Any])
    assert_type(Client(custom_type=Progress), Client[Any, Any, Progress])
    client = Client(state_type=Report, update_type=words, custom_type=Progress)
    assert_type(client, Client[Report, list[str], Progress])
    assert_type(client.runs.wait(None, "agent"), Report)
    assert_type(client.runs.join("t", "r"), Report)
    for values in client.runs.stream(None, "agent"):
        if isinstance(values, ValuesEvent):
            assert_type(values.data, Report)
    for updates in client.runs.stream(None, "agent", stream_mode="updates"):
        if isinstance(updates, UpdatesEvent):
            assert_type(updates.data, Mapping[str, list[str]])
    for custom in client.runs.stream(None, "agent", stream_mode="custom"):
        if isinstance(custom, CustomEvent):
            assert_type(custom.data, Progress)


Runs = RunsClient[State, Update, Progress]
Whole = Event[State, Update, Progress]
Values = ValuesEvent[State]
Updates = UpdatesEvent[Update]
Custom = CustomEvent[Progress]


def one_mode(runs: Runs) -> None:
    assert_type(runs.stream(None, "agent", stream_mode="values"), RunStream[Values])
    assert_type(runs.stream(None, "agent", stream_mode="updates"), RunStream[Updates])
    assert_type(runs.stream(None, "agent", stream_mode="messages"), RunStream[MessagesEvent])
    assert_type(runs.stream(None, "agent", stream_mode="messages-tuple"), RunStream[MessageTupleEvent])
    assert_type(runs.stream(None, "agent", stream_mode="events"), RunStream[EventsEvent])
    assert_type(runs.stream(None, "agent", stream_mode="debug"), RunStream[DebugEvent])
    assert_type(runs.stream(None, "agent", stream_mode="tasks"), RunStream[TasksEvent])
    assert_type(runs.stream(None, "agent", stream_mode="checkpoints"), RunStream[CheckpointsEvent])
    assert_type(runs.stream(None, "agent", stream_mode="custom"), RunStream[Custom])


def a_list_of_one_mode(runs: Runs) -> None:
    assert_type(runs.stream(None, "agent", stream_mode=["values"]), RunStream[Values])
    assert_type(runs.stream(None, "agent", stream_mode=["updates"]), RunStream[Updates])
    assert_type(runs.stream(None, "agent", stream_mode=["messages"]), RunStream[MessagesEvent])
    assert_type(runs.stream(None, "agent", stream_mode=["messages-tuple"]), RunStream[MessageTupleEvent])
    assert_type(runs.stream(None, "agent", stream_mode=["events"]), RunStream[EventsEvent])
    assert_type(runs.stream(None, "agent", stream_mode=["debug"]), RunStream[DebugEvent])
    assert_type(runs.stream(None, "agent", stream_mode=["tasks"]), RunStream[TasksEvent])
    assert_type(runs.stream(None, "agent", stream_mode=["checkpoints"]), RunStream[CheckpointsEvent])
    assert_type(runs.stream(None, "agent", stream_mode=("custom",)), RunStream[Custom])


def two_modes(runs: Runs) -> None:
    assert_type(runs.stream(None, "agent", stream_mode=["values", "updates"]), RunStream[Values | Updates])
    assert_type(runs.stream(None, "agent", stream_mode=["updates", "values"]), RunStream[Values | Updates])
    assert_type(runs.stream(None, "agent", stream_mode=["values", "custom"]), RunStream[Values | Custom])
    assert_type(runs.stream(None, "agent", stream_mode=["custom", "values"]), RunStream[Values | Custom])
    assert_type(
        runs.stream(None, "agent", stream_mode=["values", "messages-tuple"]), RunStream[Values | MessageTupleEvent]
    )
    assert_type(runs.stream(None, "agent", stream_mode=("updates", "custom")), RunStream[Updates | Custom])
    assert_type(
        runs.stream(None, "agent", stream_mode=["messages-tuple", "updates"]),
        RunStream[Updates | MessageTupleEvent],
    )
    assert_type(
        runs.stream(None, "agent", stream_mode=["messages-tuple", "custom"]), RunStream[MessageTupleEvent | Custom]
    )


def modes_that_give_any_event(runs: Runs, mode: StreamMode, modes: list[StreamMode]) -> None:
    assert_type(runs.stream(None, "agent", stream_mode=["values", "debug"]), RunStream[Whole])
    assert_type(runs.stream(None, "agent", stream_mode=["values", "updates", "custom"]), RunStream[Whole])
    assert_type(runs.stream(None, "agent", stream_mode=("custom", "debug")), RunStream[Whole])
    assert_type(runs.stream(None, "agent", stream_mode=modes), RunStream[Whole])
    some: RunStream[Whole] = runs.stream(None, "agent", stream_mode=mode)
    assert_type(some.run_id, str | None)


def modes_of_a_joined_stream(runs: Runs) -> None:
    assert_type(runs.join_stream("t", "r"), RunStream[Whole])
    assert_type(runs.join_stream("t", "r", stream_mode=None), RunStream[Whole])
    assert_type(runs.join_stream("t", "r", stream_mode="values"), RunStream[Values])
    assert_type(runs.join_stream("t", "r", stream_mode="updates"), RunStream[Updates])
    assert_type(runs.join_stream("t", "r", stream_mode="messages"), RunStream[MessagesEvent])
    assert_type(runs.join_stream("t", "r", stream_mode="messages-tuple"), RunStream[MessageTupleEvent])
    assert_type(runs.join_stream("t", "r", stream_mode="events"), RunStream[EventsEvent])
    assert_type(runs.join_stream("t", "r", stream_mode="debug"), RunStream[DebugEvent])
    assert_type(runs.join_stream("t", "r", stream_mode="tasks"), RunStream[TasksEvent])
    assert_type(runs.join_stream("t", "r", stream_mode="checkpoints"), RunStream[CheckpointsEvent])
    assert_type(runs.join_stream("t", "r", stream_mode=["custom"], last_event_id="-1"), RunStream[Custom])
    assert_type(runs.join_stream("t", "r", stream_mode=["values", "updates"]), RunStream[Values | Updates])
    assert_type(runs.join_stream("t", "r", stream_mode=["values", "custom"]), RunStream[Values | Custom])
    assert_type(
        runs.join_stream("t", "r", stream_mode=["values", "messages-tuple"]), RunStream[Values | MessageTupleEvent]
    )
    assert_type(runs.join_stream("t", "r", stream_mode=["updates", "custom"]), RunStream[Updates | Custom])
    assert_type(
        runs.join_stream("t", "r", stream_mode=["updates", "messages-tuple"]),
        RunStream[Updates | MessageTupleEvent],
    )
    assert_type(
        runs.join_stream("t", "r", stream_mode=["custom", "messages-tuple"]), RunStream[MessageTupleEvent | Custom]
    )
    assert_type(runs.join_stream("t", "r", stream_mode=["values", "updates", "custom"]), RunStream[Whole])
    assert_type(runs.join_stream(None, "r", stream_mode=["tasks", "debug"], idle_timeout=3), RunStream[Whole])


def iterating(runs: Runs) -> None:
    with runs.stream(None, "agent", stream_mode=["values", "custom"]) as stream:
        assert_type(stream, RunStream[Values | Custom])
        assert_type(next(stream), Values | Custom | MetadataEvent | UnknownEvent)
        for event in stream:
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
    any_stream(runs.stream(None, "agent", stream_mode="values"))


def any_stream(stream: RunStream[Event]) -> None:
    assert_type(iter(stream), Iterator[Event])
    assert_type(next(stream), Event)


def payloads(runs: Runs) -> None:
    folder = MessageFolder()
    for event in runs.stream(None, "agent", stream_mode=["messages-tuple", "messages", "debug", "tasks"]):
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


def other_methods(runs: Runs, payloads: Sequence[RunCreate]) -> None:
    assert_type(runs.create(None, "agent", stream_mode=["values", "debug"]), Run)
    assert_type(runs.create_batch(payloads), list[Run])
    assert_type(runs.create_batch([{"assistant_id": "agent", "input": {"topic": "tea"}}]), list[Run])
    assert_type(runs.list("t", limit=3, status="success", created_after="2026-11-22"), list[Run])
    assert_type(runs.list("t", select=["run_id", "status"]), list[PartialRun])
    assert_type(runs.iter("t"), Iterator[Run])
    assert_type(runs.get("t", "r"), Run)
    runs.cancel("t", "r", wait=True, action="rollback")
    runs.cancel_many(thread_id="t", run_ids=["r"])
    runs.cancel_many(status="pending")
    runs.delete("t", "r")
    run = runs.get("t", "r")
    assert_type(run.run_id, str)
    assert_type(run.metadata, dict[str, Any])


def threads_and_assistants(client: Client[State, Update, Progress]) -> None:
    threads, assistants = client.threads, client.assistants
    thread = threads.create(metadata={"a": 1}, thread_id="t", if_exists="do_nothing", ttl=60)
    assert_type(thread, Thread)
    assert_type(threads.update(thread, metadata={"a": 2}), Thread)
    assert_type(threads.search(ids=[thread, "t"], status="idle", sort_by="created_at", limit=3), list[Thread])
    assert_type(threads.search(select=["thread_id"]), list[PartialThread])
    assert_type(threads.iter(values={"n": 1}), Iterator[Thread])
    state = threads.get_state(thread, subgraphs=True)
    assert_type(state, ThreadState[State])
    assert_type(state.values, State)
    assert_type(threads.get_state("t", state.checkpoint), ThreadState[State])
    assert_type(threads.get_history("t", before=state.checkpoint), list[ThreadState[State]])
    threads.update_state(thread, {"n": 1}, as_node="work", checkpoint_id="c")
    threads.delete(thread)
    assert_type(assistants.search(graph_id="agent"), list[Assistant])
    assert_type(assistants.search(select=["name"]), list[PartialAssistant])
    assert_type(assistants.iter(name="a"), Iterator[Assistant])
    assert_type((assistants.get("a")).version, int)
    assert_type(client.runs.get(thread, "r"), Run)
    client.runs.create(thread, "agent")


def options(runs: Runs) -> None:
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
    assert_type(runs.stream(None, "agent", extra_body={"stream_mode": "tomorrow"}), RunStream[Values])
    untyped: Any = {}
    assert_type(
        runs.stream("t", "agent", input=untyped, config=untyped, stream_mode=["values", "custom"]),
        RunStream[Values | Custom],
    )
    for fields in (Progress(1, 2), Report("tea"), Model(topic="tea")):
        runs.stream("t", "agent", input=fields, context=fields, config=fields)
    some: StreamOptions = {"input": {}, "durability": "sync", "checkpoint_id": "c", "idle_timeout": 9}
    assert_type(runs.stream("t", "agent", **some).run_id, str | None)
