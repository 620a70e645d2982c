"""Every method of the runs client, against a real server.

That server looks for new runs every half second, so that a run without any work takes up to one second. Hence tests
let several run at the same time, and what only has to have ended is made for all of them at once. No test changes the
thread of another.
"""

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import httpx
import pytest
from packaging.version import Version

from langgraph_runs import (
    AsyncClient,
    Checkpoint,
    CheckpointsEvent,
    Command,
    ConflictError,
    CustomEvent,
    MessageTupleEvent,
    MetadataEvent,
    NotFoundError,
    Run,
    RunCreate,
    RunCreateMetadata,
    RunFailedError,
    RunInterruptedError,
    UnprocessableEntityError,
    UpdatesEvent,
    ValuesEvent,
    WaitTimeoutError,
)
from tests.client._async.calls import drained
from tests.client._async.server_runs import (
    ALL_MODES,
    BUSY,
    EVENTS,
    IDLE,
    forgive_empty_answers,
    later,
    new_id,
    replay,
    running,
    statuses,
    threads_with,
)

pytestmark = [
    pytest.mark.anyio,
    # Trio warns of the generators of httpx, which stay suspended where an answer is closed before its end.
    pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning"),
]


@attrs.frozen
class Numbered:
    """The part of the graph's state that tests look at."""

    n: int


async def test_stream_gives_the_events_of_each_mode(client: AsyncClient) -> None:
    found = {}
    async with contextlib.AsyncExitStack() as open_streams:
        streams = {
            mode: await open_streams.enter_async_context(
                client.runs.stream(
                    new_id(),
                    "agent",
                    input={"tokens": 2, "text": "one two"},
                    stream_mode=mode,
                    if_not_exists="create",
                )
            )
            for mode in ALL_MODES
        }
        for mode, stream in streams.items():
            first, *events = await drained(stream)
            assert isinstance(first, MetadataEvent)
            assert first.data == {"run_id": str(stream.run_id), "attempt": 1}
            found[mode] = {(event.event, type(event)) for event in events}
    assert found == EVENTS


async def test_stream_gives_several_modes_and_what_subgraphs_emit(client: AsyncClient) -> None:
    stream = client.runs.stream(
        new_id(),
        "agent",
        input={"tokens": 2, "text": "one two"},
        stream_mode=ALL_MODES,
        stream_subgraphs=True,
        if_not_exists="create",
    )
    events = await drained(stream)

    # Who asks for both forms of messages gets them once, as tuples.
    expected = {kind for mode in ALL_MODES if mode != "messages" for _, kind in EVENTS[mode]}
    assert {type(event) for event in events} == expected | {MetadataEvent}
    customs = [event.data for event in events if isinstance(event, CustomEvent)]
    assert customs == [{"type": "progress", "i": 0}, {"type": "progress", "i": 1}]
    tuples = [event for event in events if isinstance(event, MessageTupleEvent)]
    assert "".join(event.data[0]["content"] for event in tuples) == "one two"
    values = [event for event in events if isinstance(event, ValuesEvent)]
    assert values[-1].data["n"] == 1
    ((inner,),) = {event.namespace for event in events if event.namespace}
    assert inner.startswith("sub:")
    assert {event.namespace for event in tuples} == {(inner,)}
    assert {event.namespace for event in values} == {(), (inner,)}
    updates = [(event.namespace, *event.data) for event in events if isinstance(event, UpdatesEvent)]
    assert updates == [((), "work"), ((inner,), "talk"), ((), "sub"), ((), "ask")]
    now = datetime.now(UTC)
    assert all(now - timedelta(minutes=5) < event.timestamp < now for event in events)


async def test_a_stream_knows_its_run_and_a_resumable_one_has_ids_and_can_be_replayed(
    client: AsyncClient, version: Version
) -> None:
    created: list[RunCreateMetadata] = []
    arguments: Any = {
        "input": {"tokens": 3},
        "stream_mode": ["values", "custom"],
        "if_not_exists": "create",
        "on_run_created": created.append,
    }
    threads = [new_id(), new_id()]
    streams = [
        client.runs.stream(None, "agent", **arguments),
        client.runs.stream(threads[0], "agent", **arguments),
        client.runs.stream(None, "agent", stream_resumable=True, **arguments),
        client.runs.stream(threads[1], "agent", stream_resumable=True, **arguments),
    ]
    assert {(stream.run_id, stream.last_event_id) for stream in streams} == {(None, None)}
    assert [stream.thread_id for stream in streams] == [None, threads[0], None, threads[1]]
    assert created == []
    async with contextlib.AsyncExitStack() as open_streams:
        for stream in streams:
            await open_streams.enter_async_context(stream)
        assert created == [{"run_id": stream.run_id, "thread_id": stream.thread_id} for stream in streams]
        # This server does not tell the thread of a stateless stream, but that of a run which a stream can join.
        stateless, stateful, joined, resumable = streams
        assert [stateless.thread_id, stateful.thread_id, resumable.thread_id] == [None, *threads]
        assert joined.thread_id is not None
        for stream in streams:
            events = []
            async for event in stream:
                events.append(event)
                assert (stream.last_event_id is None) == (event.id is None)
            assert events[0].data["run_id"] == stream.run_id
            kinds = [MetadataEvent, ValuesEvent, CustomEvent, CustomEvent, CustomEvent, ValuesEvent, ValuesEvent]
            assert [type(event) for event in events] == kinds
            if version >= Version("0.6"):  # before, events that are not kept have ids too
                assert {event.id is None for event in events} == {stream in {stateless, stateful}}
            if stream in {joined, resumable}:
                assert await replay(client, str(stream.thread_id), str(stream.run_id)) == events
    assert len(created) == 4


async def test_interrupts_are_streamed_and_resumed_with_a_command(
    client: AsyncClient, ended: dict[str, list[Run]]
) -> None:
    command: Command = {"resume": {"yes": [None, 1]}}
    async with (
        client.runs.stream(
            new_id(), "agent", input={"ask": True}, stream_mode=["values", "updates"], if_not_exists="create"
        ) as asking,
        client.runs.stream(
            ended["asking"].pop().thread_id, "agent", command=command, stream_mode="updates"
        ) as answered,
    ):
        events = await drained(asking)
        *_, last = await drained(answered)
    values = [event for event in events if isinstance(event, ValuesEvent)]
    updates = [event for event in events if isinstance(event, UpdatesEvent)]
    assert [interrupt.value for interrupt in updates[-1].interrupts] == [{"q": "go on?"}]
    assert values[-1].interrupts == updates[-1].interrupts
    assert {event.interrupts for event in values[:-1]} == {event.interrupts for event in updates[:-1]} == {()}
    assert isinstance(last, UpdatesEvent)
    assert last.data == {"ask": {"answer": {"yes": [None, 1]}}}


# Trio warns of ours too, where a stream is left without `async with`, but closes it all the same.
@pytest.mark.filterwarnings("ignore:Async generator 'langgraph_runs:ResourceWarning")
async def test_leaving_a_stream_early_closes_its_connection(client: AsyncClient) -> None:
    created: list[RunCreateMetadata] = []
    arguments: Any = {
        "input": BUSY,
        "stream_mode": "custom",
        "stream_resumable": True,
        "if_not_exists": "create",
        "on_run_created": created.append,
    }
    async with (
        client.runs.stream(new_id(), "agent", on_disconnect="continue", **arguments) as continued,
        client.runs.stream(new_id(), "agent", on_disconnect="cancel", **arguments) as cancelled,
    ):
        async for event in client.runs.stream(new_id(), "agent", on_disconnect="cancel", **arguments):
            if isinstance(event, CustomEvent):
                break
        for stream in (continued, cancelled):
            async for event in stream:
                if isinstance(event, CustomEvent):
                    break
    kept, *given_up = [await client.runs.get(str(run["thread_id"]), run["run_id"]) for run in created]
    for run in given_up:
        # The server cancels them when, and only when, it sees their connections close.
        await replay(client, run.thread_id, run.run_id, timeout=30)
    assert await statuses(client, kept, *given_up) == ["running", "interrupted", "interrupted"]
    await client.runs.cancel(kept.thread_id, kept.run_id)


async def test_stream_raises_what_went_wrong(client: AsyncClient) -> None:
    async with client.runs.stream(
        thread_id := new_id(),
        "agent",
        input={"fail": True, "tokens": 1},
        stream_mode="custom",
        if_not_exists="create",
    ) as stream:
        assert [type(await anext(stream)) for _ in range(2)] == [MetadataEvent, CustomEvent]
        with pytest.raises(RunFailedError) as failed:
            await anext(stream)
    assert (failed.value.error, failed.value.message) == ("ValueError", "boom on purpose")
    assert (failed.value.thread_id, failed.value.run_id) == (thread_id, stream.run_id)

    missing = new_id()
    with pytest.raises(NotFoundError, match=f"POST .*/threads/{missing}/runs/stream: 404 Thread"):
        await anext(client.runs.stream(missing, "agent"))
    with pytest.raises(UnprocessableEntityError, match="Invalid assistant: 'nobody'"):
        await anext(client.runs.stream(None, "nobody"))
    with pytest.raises(UnprocessableEntityError, match='"sounds" is not'):
        await anext(client.runs.stream(None, "agent", extra_body={"stream_mode": "sounds"}))


async def test_create_hands_its_arguments_to_the_server(client: AsyncClient) -> None:
    created: list[RunCreateMetadata] = []
    thread_id = new_id()
    run = await client.runs.create(
        thread_id,
        "agent",
        input={"n": 1, "text": None},
        stream_mode=["values", "custom"],
        stream_subgraphs=True,
        stream_resumable=True,
        metadata={"team": "a"},
        config={"tags": ["t"], "recursion_limit": 7, "configurable": {"colour": "red"}},
        interrupt_before=["sub"],
        interrupt_after="*",
        multitask_strategy="rollback",
        if_not_exists="create",
        after_seconds=3600,
        durability="exit",
        on_run_created=created.append,
    )
    assert created == [{"run_id": run.run_id, "thread_id": thread_id}]
    assert run == await client.runs.get(thread_id, run.run_id)
    assert (run.thread_id, run.status, run.multitask_strategy) == (thread_id, "pending", "rollback")
    assert run.created_at - run.updated_at > timedelta(minutes=59)
    assert run.metadata["team"] == "a"
    assert run.input_ == {"n": 1, "text": None}
    assert (run.config["tags"], run.config["recursion_limit"]) == (["t"], 7)
    assert run.config["configurable"]["colour"] == "red"
    expected = {
        "stream_mode": ["values", "custom"],
        "subgraphs": True,
        "resumable": True,
        "interrupt_before": ["sub"],
        "interrupt_after": "*",
        "durability": "exit",
        "temporary": False,
    }
    assert {key: run.kwargs[key] for key in expected} == expected

    run = await later(client, thread_id, context={"colour": "blue"}, extra_body={"checkpoint_during": False})
    assert run.context == {"colour": "blue"}
    assert run.kwargs["checkpoint_during"] is False
    run = await later(client, thread_id, command={"goto": ["ask"], "update": None})
    assert run.kwargs["command"]["goto"] == ["ask"]

    for on_completion, is_temporary in (("keep", False), ("delete", True), (None, True)):
        run = await later(client, None, on_completion=on_completion)
        assert (run.kwargs["temporary"], run.status) == (is_temporary, "pending")


async def test_create_raises_what_the_server_refuses(client: AsyncClient, version: Version) -> None:
    missing = new_id()
    with pytest.raises(NotFoundError, match=f"POST .*/threads/{missing}/runs: 404 Thread"):
        await client.runs.create(missing, "agent")
    with pytest.raises(NotFoundError, match="404 Thread"):
        await client.runs.create(missing, "agent", if_not_exists="reject")
    with pytest.raises(NotFoundError, match=f"Thread with ID {missing} not found"):
        await client.runs.list(missing)
    with pytest.raises(UnprocessableEntityError, match="Invalid assistant: 'nobody'"):
        await client.runs.create(None, "nobody")
    if version >= Version("0.8"):  # before, a webhook may be on the server's own machine
        with pytest.raises(UnprocessableEntityError, match="Webhook host blocked: loopback"):
            await client.runs.create(None, "agent", webhook="http://127.0.0.1:1/hook")
    not_yet = {"multitask_strategy": "tomorrow's"}
    with pytest.raises(
        UnprocessableEntityError, match=r'422 multitask_strategy: "tomorrow\'s" is not one of .*"reject"'
    ):
        await client.runs.create(new_id(), "agent", extra_body=not_yet, if_not_exists="create")


async def test_each_multitask_strategy(client: AsyncClient) -> None:
    async with running(client, 3) as (first, second, third):
        with pytest.raises(ConflictError, match="409 Thread is already running"):
            await client.runs.create(first.thread_id, "agent", multitask_strategy="reject")
        arguments: Any = {"input": IDLE, "stream_resumable": True}
        enqueued = await client.runs.create(first.thread_id, "agent", multitask_strategy="enqueue", **arguments)
        assert await statuses(client, enqueued, first) == ["pending", "running"]
        interrupting = await client.runs.create(second.thread_id, "agent", multitask_strategy="interrupt", **arguments)
        replacing = await client.runs.create(third.thread_id, "agent", multitask_strategy="rollback", **arguments)
        await client.runs.cancel(first.thread_id, first.run_id)
        for run in (enqueued, interrupting, replacing):
            *_, last = await replay(client, run.thread_id, run.run_id)
            assert last.data["n"] == 1
        assert await statuses(client, enqueued, interrupting, replacing) == ["success"] * 3
        assert await statuses(client, first, second) == ["interrupted"] * 2
        assert [run.run_id for run in await client.runs.list(third.thread_id)] == [replacing.run_id]


async def test_runs_stop_before_and_after_nodes(client: AsyncClient, ended: dict[str, list[Run]]) -> None:
    before, after = [(await replay(client, run.thread_id, run.run_id))[-1].data for run in ended["stopped"]]
    assert (before["n"], before["messages"]) == (5, [])
    assert (after["n"], len(after["messages"])) == (6, 1)


async def test_a_run_starts_from_a_checkpoint_of_an_earlier_one(
    client: AsyncClient, ended: dict[str, list[Run]]
) -> None:
    first = ended["checkpointed"].pop()
    events = await replay(client, first.thread_id, first.run_id)
    checkpoints = [event.data for event in events if isinstance(event, CheckpointsEvent) and not event.namespace]
    (before_sub,) = [checkpoint for checkpoint in checkpoints if checkpoint["next"] == ["sub"]]
    checkpoint_id = before_sub["config"]["configurable"]["checkpoint_id"]
    async with client.runs.stream(
        first.thread_id, "agent", checkpoint_id=checkpoint_id, stream_mode=["updates", "values"]
    ) as stream:
        events = await drained(stream)
    assert [[*event.data] for event in events if isinstance(event, UpdatesEvent)] == [["sub"], ["ask"]]
    assert {event.data["n"] for event in events if isinstance(event, ValuesEvent)} == {6}

    checkpoint: Checkpoint = {"checkpoint_id": checkpoint_id, "checkpoint_ns": ""}
    run = await later(client, first.thread_id, checkpoint=checkpoint)
    assert run.config["configurable"]["checkpoint_id"] == checkpoint_id


async def test_create_batch_creates_all(client: AsyncClient, api: httpx.Client) -> None:
    mark = new_id()
    runs = await client.runs.create_batch(
        [
            {"assistant_id": "agent", "input": {"n": n}, "metadata": {"mark": mark}, "after_seconds": 3600}
            for n in range(3)
        ]
    )
    assert [run.input_ for run in runs] == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert {run.thread_id for run in runs} == threads_with(api, mark)
    assert runs == [await client.runs.get(run.thread_id, run.run_id) for run in runs]


async def test_create_batch_creates_none_if_one_is_malformed(client: AsyncClient, api: httpx.Client) -> None:
    mark = new_id()
    good: RunCreate = {"assistant_id": "agent", "metadata": {"mark": mark}, "after_seconds": 3600}
    bad: RunCreate = {"assistant_id": "agent", "metadata": {"mark": mark}, "extra_body": {"stream_mode": "sounds"}}
    with pytest.raises(UnprocessableEntityError, match=r'POST .*/runs/batch: 422 1\.stream_mode: "sounds" is not'):
        await client.runs.create_batch([good, bad])
    assert threads_with(api, mark) == set()
    with pytest.raises(UnprocessableEntityError, match=r"POST .*/runs/batch: 422 Invalid assistant: 'nobody'"):
        await client.runs.create_batch([{"assistant_id": "nobody"}])


async def test_wait_gives_the_final_values_or_the_interrupt_on_the_way_there(
    client: AsyncClient, ended: dict[str, list[Run]]
) -> None:
    created: list[RunCreateMetadata] = []
    values = await client.runs.wait(None, "agent", input={"ask": True, "n": 1}, on_run_created=created.append)
    assert (values["n"], "answer" in values) == (2, False)
    assert [interrupt["value"] for interrupt in values["__interrupt__"]] == [{"q": "go on?"}]

    thread_id = ended["asking"].pop().thread_id
    values = await client.runs.wait(thread_id, "agent", command={"resume": "yes"}, on_run_created=created.append)
    assert (values["n"], values["answer"], "__interrupt__" in values) == (1, "yes", False)

    (newest, _) = await client.runs.list(thread_id)
    assert created[1:] == [{"run_id": newest.run_id, "thread_id": thread_id}]


async def test_a_typed_wait_or_join_raises_what_the_run_waits_for(client: AsyncClient, server_url: str) -> None:
    async with AsyncClient(server_url, state_type=Numbered) as typed:
        with pytest.raises(RunInterruptedError, match=r"'go on\?'") as waited:
            await typed.runs.wait(new_id(), "agent", input={"ask": True, "n": 1}, if_not_exists="create")
        thread_id = str(waited.value.thread_id)
        with pytest.raises(RunInterruptedError) as joined:
            await typed.runs.join(thread_id, str(waited.value.run_id))
        assert [one.id for one in joined.value.interrupts] == [one.id for one in waited.value.interrupts]
        assert (await client.runs.join(thread_id, str(waited.value.run_id)))["__interrupt__"]
        answered = await typed.runs.wait(thread_id, "agent", command={"resume": "yes"})
        assert answered == Numbered(2)


async def test_wait_raises_what_went_wrong(client: AsyncClient) -> None:
    with pytest.raises(RunFailedError, match="failed with ValueError: boom on purpose") as failed:
        await client.runs.wait(thread_id := new_id(), "agent", input={"fail": True}, if_not_exists="create")
    (run,) = await client.runs.list(thread_id)
    assert (run.status, run.run_id, run.thread_id) == ("error", failed.value.run_id, failed.value.thread_id)
    with pytest.raises(NotFoundError, match="404 Thread"):
        await client.runs.wait(new_id(), "agent")
    with pytest.raises(UnprocessableEntityError, match="Invalid assistant: 'nobody'"):
        await client.runs.wait(None, "nobody")


async def test_wait_that_runs_out_of_time_tells_the_run_and_can_cancel_it(
    client: AsyncClient, version: Version
) -> None:
    arguments: Any = {"input": BUSY, "if_not_exists": "create", "on_disconnect": "cancel"}
    for timeout in (0.2, 2, 20):
        with pytest.raises(WaitTimeoutError) as out_of_time:
            await client.runs.wait(thread_id := new_id(), "agent", timeout=timeout, **arguments)
        if out_of_time.value.run_id:  # a busy server tells it later
            break
    (run,) = await client.runs.list(thread_id)
    assert (run.thread_id, run.run_id) == (out_of_time.value.thread_id, out_of_time.value.run_id)
    await client.runs.join(thread_id, run.run_id, timeout=30)
    assert await statuses(client, run) == ["interrupted"]
    forgive_empty_answers(version)
