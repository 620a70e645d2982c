"""What a user's test does with a fake server and its clients."""

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from langchain_core.messages import AIMessage

from langgraph_runs import (
    APIConnectionError,
    AsyncClient,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    CustomEvent,
    Interrupt,
    MetadataEvent,
    NotFoundError,
    RunFailedError,
    RunInterruptedError,
    StreamDisconnectedError,
    UnprocessableEntityError,
    UpdatesEvent,
    ValuesEvent,
    WaitTimeoutError,
)
from langgraph_runs.testing import Cut, FakeRun, FakeServer, Pause, Step

pytestmark = pytest.mark.anyio

TOKENS: list[Step] = [("custom", number) for number in range(20)]


@pytest.fixture
def fake() -> FakeServer:
    return FakeServer()


@pytest.fixture
async def client(fake: FakeServer) -> AsyncIterator[AsyncClient]:
    async with fake.async_client() as client:
        yield client


async def test_a_stream_has_the_scripted_events_of_the_modes_asked_for(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream(
        "agent", [("values", {"n": 1}), ("custom", "hidden"), ("updates", {"node": {"n": 2}}), ("values", {"n": 2})]
    )
    async with client.runs.stream(None, "agent", stream_mode=["values", "updates"]) as stream:
        first, *events = [event async for event in stream]
    assert isinstance(first, MetadataEvent)
    assert first.data["run_id"] == stream.run_id
    assert [(type(event), event.data) for event in events] == [
        (ValuesEvent, {"n": 1}),
        (UpdatesEvent, {"node": {"n": 2}}),
        (ValuesEvent, {"n": 2}),
    ]


async def test_a_script_may_have_the_librarys_own_events(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", [CustomEvent({"step": 1}), ("custom|sub:1", 2)])
    stream = client.runs.stream(None, "agent", stream_mode="custom", stream_subgraphs=True)
    assert [(event.data, event.namespace) async for event in stream][1:] == [({"step": 1}, ()), (2, ("sub:1",))]


async def test_events_of_subgraphs_come_only_if_asked_for(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", [("custom|sub:1", 1), ("custom", 2)])
    assert [event.data async for event in client.runs.stream(None, "agent", stream_mode="custom")][1:] == [2]


async def test_a_run_that_is_waited_for_has_the_last_values(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", [("values", {"n": 1}), ("values", {"n": 2})])
    fake.on_wait("other", {"answer": 42})
    thread = fake.add_thread()
    assert await client.runs.wait(thread, "agent") == {"n": 2}
    assert await client.runs.wait(None, "other") == {"answer": 42}
    run = await client.runs.create(thread, "other")
    assert await client.runs.join(thread, run.run_id) == {"answer": 42}
    assert [run.status for run in await client.runs.list(thread)] == ["success", "success"]


async def test_a_script_may_be_a_function_of_the_run(fake: FakeServer, client: AsyncClient) -> None:
    def agent(run: FakeRun) -> Iterable[Step]:
        seen.append(run)
        return [("values", {"twice": 2 * run.input["n"], "before": run.values})]

    seen: list[FakeRun] = []
    fake.on_stream("agent", agent)
    thread = fake.add_thread(values={"old": True})
    assert await client.runs.wait(thread, "agent", input={"n": 21}) == {"twice": 42, "before": {"old": True}}
    assert [run.thread_id for run in seen] == [thread]


def ask_once(run: FakeRun) -> Iterator[Step]:
    answer = yield Interrupt({"question": run.input})
    yield "values", {"answer": answer}


def ask_twice_at_once(_: FakeRun) -> Iterator[Step]:
    answers = yield [Interrupt("name?", id="a" * 32), Interrupt("age?", id="b" * 32)]
    yield "values", answers


async def test_an_interrupt_waits_for_its_answer(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", ask_once)
    thread = fake.add_thread()
    async with client.runs.stream(thread, "agent", input="sure?", stream_mode=["values", "updates"]) as stream:
        events = [event async for event in stream][1:]
    for event in events:
        assert isinstance(event, ValuesEvent | UpdatesEvent)
        assert [interrupt.value for interrupt in event.interrupts] == [{"question": "sure?"}]
    assert await client.runs.wait(thread, "agent", command={"resume": "yes"}) == {"answer": "yes"}


async def test_several_interrupts_are_answered_at_once(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", ask_twice_at_once)
    thread = fake.add_thread()
    values: Any = await client.runs.wait(thread, "agent")
    answers = {one["id"]: one["value"] for one in values["__interrupt__"]}
    assert answers == {"a" * 32: "name?", "b" * 32: "age?"}
    assert await client.runs.wait(thread, "agent", command={"resume": answers}) == answers


async def test_steps_after_an_interrupt_are_those_of_the_next_run(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", [("values", {"n": 1}), Interrupt("go on?"), ("values", {"n": 2})])
    thread = fake.add_thread()
    for _ in range(2):  # a run that does not resume begins again
        assert "__interrupt__" in (await client.runs.wait(thread, "agent"))
    assert await client.runs.wait(thread, "agent", command={"resume": True}) == {"n": 2}


async def test_a_typed_wait_raises_for_an_interrupt(fake: FakeServer) -> None:
    fake.on_stream("agent", [Interrupt("go on?")])
    async with AsyncClient(http_client=fake.async_http_client(), state_type=dict) as client:
        with pytest.raises(RunInterruptedError):
            await client.runs.wait(None, "agent")


@pytest.mark.parametrize("step", [ValueError("boom"), lambda _: 1 / 0], ids=["scripted", "raised"])
async def test_an_exception_fails_the_run(fake: FakeServer, client: AsyncClient, step: Any) -> None:
    fake.on_stream("agent", step if callable(step) else [("values", {"n": 1}), step])
    thread = fake.add_thread()
    expected = "ZeroDivisionError: An internal error occurred" if callable(step) else "ValueError: boom"
    with pytest.raises(RunFailedError, match=expected):
        await client.runs.wait(thread, "agent")
    with pytest.raises(RunFailedError, match=expected):
        [_ async for _ in client.runs.stream(thread, "agent")]
    assert [run.status for run in await client.runs.list(thread, status="error")] == ["error", "error"]


async def test_a_step_that_is_none_fails_the_run(fake: FakeServer, client: AsyncClient) -> None:
    mistakes: list[Any] = [5, ("costum", 1), ("messages-tuple", [{}, {}]), ("error", {})]
    for nonsense in mistakes:
        fake.on_stream("agent", [nonsense])
        with pytest.raises(RunFailedError, match=re.escape(f"TypeError: a script can't have the step {nonsense!r}")):
            await client.runs.wait(None, "agent")


async def test_a_message_that_the_server_hides_is_logged(
    fake: FakeServer, client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    fake.on_stream("agent", lambda run: run.input["missing"] / 0)
    with pytest.raises(RunFailedError, match="KeyError: 'missing'"):
        await client.runs.wait(None, "agent", input={})
    assert not caplog.records
    with pytest.raises(RunFailedError, match="An internal error occurred"):
        await client.runs.wait(None, "agent", input={"missing": 1})
    assert "division by zero" in caplog.text


async def test_events_and_values_are_json_from_the_time_they_are_yielded(fake: FakeServer, client: AsyncClient) -> None:
    """So they are unlike what the script makes of its objects later."""

    def agent(run: FakeRun) -> Iterator[Step]:
        state = run.values
        for number in range(3):
            state["seen"].append(number)
            run.input["changed"] = True
            yield "values", state

    fake.on_stream("agent", agent)
    thread = fake.add_thread(values={"seen": []})
    run = await client.runs.create(thread, "agent", input={})
    await client.runs.join(thread, run.run_id)
    history = await client.threads.get_history(thread)
    assert [state.values["seen"] for state in history] == [[0, 1, 2], [0, 1], [0], []]
    assert (await client.runs.get(thread, run.run_id)).kwargs["input"] == {}


async def test_what_is_no_json_becomes_it_as_in_a_graph_or_fails_the_run(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_wait("agent", {"message": AIMessage("hi"), "set": {1}})
    values: Any = await client.runs.wait(None, "agent")
    assert (values["message"]["content"], values["set"]) == ("hi", [1])
    fake.on_wait("agent", {"deep": [object()]})
    with pytest.raises(RunFailedError, match=r"TypeError: deep\[0\]: object is not JSON"):
        await client.runs.wait(None, "agent")


async def test_a_script_may_ask_the_server_that_plays_it(fake: FakeServer, client: AsyncClient) -> None:
    def ask(_: FakeRun) -> Iterable[Step]:
        with fake.client() as other:
            return [("values", other.runs.wait(None, "other"))]

    def agent(run: FakeRun) -> Iterator[Step]:
        yield from ask(run)

    fake.on_wait("other", {"n": 1})
    for script in (ask, agent):
        fake.on_stream("agent", script)
        assert await client.runs.wait(None, "agent") == {"n": 1}


async def test_its_clients_take_the_place_of_others(fake: FakeServer) -> None:
    fake.on_wait("agent", {"n": 1})
    async with fake.async_client("http://localhost:2024", api_key="key") as client:
        assert await client.runs.wait(None, "agent") == {"n": 1}
    assert fake.requests[-1].headers["x-api-key"] == "key"


async def test_a_thread_may_begin_with_supersteps(client: AsyncClient) -> None:
    steps = [{"updates": [{"values": {"n": number, "last": number}, "as_node": "node"}]} for number in range(2)]
    thread = await client.threads.create(supersteps=steps, graph_id="agent")
    assert (await client.threads.get_state(thread)).values == {"n": 1, "last": 1}


async def test_requests_fail_as_told(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_wait("agent", {"n": 1})
    fake.fail(429, times=2, headers={"retry-after": "0"})
    fake.fail(httpx.ConnectError("refused"))
    assert await client.runs.wait(None, "agent") == {"n": 1}
    assert [request.path for request in fake.requests] == ["/runs/wait"] * 4
    fake.fail(409, on="POST */runs", detail="busy")
    thread = fake.add_thread()
    assert await client.runs.wait(thread, "agent") == {"n": 1}
    with pytest.raises(ConflictError, match="busy"):
        await client.runs.create(thread, "agent")
    fake.fail(httpx.ReadError("reset"), times=9)
    with pytest.raises(APIConnectionError, match="reset"):
        await client.runs.create(thread, "agent")


async def test_a_key_is_refused() -> None:
    fake = FakeServer(api_key="right")
    fake.on_wait("agent", {})
    async with fake.async_client() as client:
        assert await client.runs.wait(None, "agent") == {}
    async with fake.async_client(api_key="wrong") as client:
        with pytest.raises(AuthenticationError):
            await client.runs.wait(None, "agent")


@pytest.mark.parametrize("place", [0, 1, 10, 20])
async def test_a_resumable_stream_survives_a_cut(fake: FakeServer, client: AsyncClient, place: int) -> None:
    fake.on_stream("agent", [*TOKENS[:place], Cut(), *TOKENS[place:]])
    reconnections: list[Any] = []
    stream = client.runs.stream(
        fake.add_thread(),
        "agent",
        stream_mode="custom",
        stream_resumable=True,
        on_reconnect=lambda *details: reconnections.append(details),
    )
    assert [event.data async for event in stream][1:] == [*range(20)]
    assert len(reconnections) == 1


async def test_many_cuts_lose_and_double_nothing(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", [step for token in TOKENS for step in (token, Cut())])
    stream = client.runs.stream(None, "agent", stream_mode="custom", stream_resumable=True)
    assert [event.data async for event in stream][1:] == [*range(20)]


async def test_a_stream_that_is_not_resumable_ends_with_a_cut(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", [*TOKENS[:3], Cut(), *TOKENS[3:]])
    with pytest.raises(StreamDisconnectedError):
        [_ async for _ in client.runs.stream(None, "agent", stream_mode="custom")]


async def test_a_wait_survives_a_cut(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", [Cut(), Pause(0.05), ("values", {"n": 1})])
    assert await client.runs.wait(fake.add_thread(), "agent") == {"n": 1}
    assert [request.path.rpartition("/")[2] for request in fake.requests] == ["wait", "join"]


async def test_a_finished_stream_is_replayed(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", TOKENS)
    thread = fake.add_thread()
    run = await client.runs.create(thread, "agent", stream_mode="custom", stream_resumable=True)
    for _ in range(2):
        stream = client.runs.join_stream(thread, run.run_id, last_event_id="-1")
        assert [event.data async for event in stream][1:] == [*range(20)]
    assert [event async for event in client.runs.join_stream(thread, run.run_id)] == []


async def test_a_run_goes_on_until_its_pause_is_released(fake: FakeServer, client: AsyncClient) -> None:
    pause = Pause()
    fake.on_stream("agent", [("values", {"n": 1}), pause, ("values", {"n": 2})])
    thread = fake.add_thread()
    run = await client.runs.create(thread, "agent")
    assert (await client.runs.get(thread, run.run_id)).status == "running"
    with pytest.raises(ConflictError):
        await client.runs.create(thread, "agent", multitask_strategy="reject")
    pause.release()
    assert await client.runs.join(thread, run.run_id) == {"n": 2}


async def test_a_pause_of_seconds_is_real_time(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", [Pause(0.05), ("values", {"n": 1})])
    run = await client.runs.create(fake.add_thread(), "agent")
    await client.runs.join(run.thread_id, run.run_id)
    ended = await client.runs.get(run.thread_id, run.run_id)
    assert (ended.updated_at - ended.created_at).total_seconds() == pytest.approx(0.05, abs=0.001)


async def test_a_wait_runs_out_of_time(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", [Pause()])
    with pytest.raises(WaitTimeoutError):
        await client.runs.wait(None, "agent", timeout=0.05)


async def test_runs_of_a_thread_come_one_after_another(fake: FakeServer, client: AsyncClient) -> None:
    pause = Pause()
    fake.on_stream("agent", [pause])
    thread = fake.add_thread()
    runs = [await client.runs.create(thread, "agent") for _ in range(3)]
    assert [run.status for run in await client.runs.list(thread)] == ["pending", "pending", "running"]
    assert [run.run_id for run in await client.runs.list(thread, limit=1, offset=2)] == [runs[0].run_id]
    await client.runs.cancel(thread, runs[0].run_id, wait=True)
    assert [run.status for run in await client.runs.list(thread)] == ["pending", "running", "interrupted"]
    await client.runs.cancel_many(status="all")
    assert [run.status for run in await client.runs.list(thread)] == ["interrupted"] * 3
    with pytest.raises(NotFoundError):
        await client.runs.cancel_many(status="all")


async def test_a_stream_that_is_left_cancels_its_run_if_asked_to(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", [("custom", 1), Pause()])
    for mode in ("cancel", "continue"):
        thread = fake.add_thread()
        options: Any = {"stream_mode": "custom", "on_disconnect": mode}
        async with client.runs.stream(thread, "agent", **options) as stream:
            async for event in stream:
                if event.event == "custom":
                    break
        [run] = await client.runs.list(thread)
        assert run.status == {"cancel": "interrupted", "continue": "running"}[mode]


async def test_runs_are_deleted_once(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_wait("agent", {})
    thread = fake.add_thread()
    run = await client.runs.create(thread, "agent")
    await client.runs.delete(thread, run.run_id)
    for gone in (client.runs.delete, client.runs.get, client.runs.cancel):
        with pytest.raises(NotFoundError):
            await gone(thread, run.run_id)


async def test_stateless_runs_are_gone_when_they_have_ended(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_wait("agent", {"n": 1})
    gone = await client.runs.create(None, "agent")
    with pytest.raises(NotFoundError):
        await client.runs.join(gone.thread_id, gone.run_id)
    kept = await client.runs.create_batch([{"assistant_id": "agent", "on_completion": "keep"}] * 2)
    assert [await client.runs.join(run.thread_id, run.run_id) for run in kept] == [{"n": 1}] * 2


async def test_what_the_server_refuses(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_wait("agent", {})
    thread = fake.add_thread()
    refused: list[tuple[type[Exception], Callable[[], Any]]] = [
        (UnprocessableEntityError, lambda: client.runs.wait(None, "nope")),
        (NotFoundError, lambda: client.runs.wait(None, str(uuid4()))),
        (NotFoundError, lambda: client.runs.wait(str(uuid4()), "agent")),
        (BadRequestError, lambda: client.runs.wait("thread-1", "agent")),
        (UnprocessableEntityError, lambda: client.runs.create("thread-1", "agent")),
        (UnprocessableEntityError, lambda: client.runs.wait(thread, "agent", extra_body={"config": 5})),
        (UnprocessableEntityError, lambda: client.runs.wait(thread, "agent", extra_body={"stream_mode": "tools"})),
        (NotFoundError, lambda: client.runs.join(thread, str(uuid4()))),
    ]
    for error, call in refused:
        with pytest.raises(error):
            await call()
    assert await client.runs.wait(str(uuid4()), "agent", if_not_exists="create") == {}


async def test_threads_and_assistants(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", [("values", {"n": 1}), Interrupt("go on?"), ("values", {"n": 2})])
    thread = await client.threads.create(metadata={"user": "u"})
    other = await client.threads.create()
    await client.runs.wait(thread.thread_id, "agent")
    assert [one.thread_id for one in await client.threads.search(status="interrupted")] == [thread.thread_id]
    assert [one.thread_id async for one in client.threads.iter()] == [other.thread_id, thread.thread_id]
    state = await client.threads.get_state(thread.thread_id)
    assert (state.values, [one.value for one in state.interrupts]) == ({"n": 1}, ["go on?"])
    await client.threads.update_state(thread.thread_id, {"n": 40})
    history = await client.threads.get_history(thread.thread_id)
    assert [one.values for one in history] == [{"n": 40}, {"n": 1}]
    await client.threads.update(thread.thread_id, metadata={"seen": True})
    assert (await client.threads.get(thread.thread_id)).metadata.items() >= {"user": "u", "seen": True}.items()
    await client.threads.delete(thread.thread_id)
    with pytest.raises(NotFoundError):
        await client.threads.get(thread.thread_id)
    [assistant] = await client.assistants.search(graph_id="agent")
    assert await client.assistants.get(assistant.assistant_id) == assistant


async def test_each_run_plays_the_whole_script_even_one_that_can_be_read_once(
    fake: FakeServer, client: AsyncClient
) -> None:
    once: Any = (("values", {"n": number}) for number in range(3))
    fake.on_stream("agent", once)
    assert [await client.runs.wait(None, "agent") for _ in range(2)] == [{"n": 2}, {"n": 2}]


async def test_requests_are_kept_for_assertions() -> None:
    fake = FakeServer(keep_requests=2)
    fake.on_wait("agent", {})
    async with fake.async_client() as client:
        for number in range(3):
            await client.runs.wait(None, "agent", input={"n": number}, headers={"X-Tenant": "t"}, params={"a": "b"})
    assert fake.requests[1:] == [fake.requests[-1]]
    first, last = fake.requests
    assert (first.method, first.path, first.json["input"]) == ("POST", "/runs/wait", {"n": 1})
    assert (last.json["input"], last.headers["x-tenant"], last.params["a"]) == ({"n": 2}, "t", "b")


async def test_of_many_runs_nothing_is_left(fake: FakeServer, client: AsyncClient) -> None:
    fake.on_stream("agent", lambda run: [("values", run.input)])
    payloads: Any = ({"assistant_id": "agent", "input": {"n": number}} for number in range(300))
    async with client.runs.map(payloads, concurrency=16) as results:
        found: Any = [result async for _, result in results]
    assert sorted(result["n"] for result in found) == [*range(300)]
    with fake.http_client() as http:
        assert http.post("/threads/search", json={}).json() == []
