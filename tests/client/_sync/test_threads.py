# Derived from tests/client/_async/test_threads.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Threads and their states on a real server; their repeats, pages and conversions on a scripted one."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs
import pytest

from langgraph_runs import (
    APIConnectionError,
    APIResponseError,
    BadRequestError,
    Client,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PartialThread,
    RetryPolicy,
    Thread,
    ThreadState,
    UnprocessableEntityError,
)
from tests.client._sync.calls import drained
from tests.client._sync.server_runs import BUSY, new_id, running
from tests.support.network import Request
from tests.support.replay import Replay, Response
from tests.support.samples import thread_json, unset_places, without

pytestmark = pytest.mark.anyio

NOT_FOUND = Response.json({"detail": "not found"}, 404)
DELETED = Response(204)
LOST = Response.none("rst")
UNAVAILABLE = Response.json({}, 503)
AT_ONCE = RetryPolicy(initial=0.001)
STATE: dict[str, Any] = {"values": {"n": 1}, "next": [], "tasks": [], "created_at": None}


# On a real server


def test_a_thread_from_creation_to_deletion(client: Client) -> None:
    thread = client.threads.create(metadata={"team": "a"}, graph_id="agent", ttl=60)
    assert (type(thread), thread.status, thread.values) == (Thread, "idle", None)
    assert thread.metadata == {"team": "a", "graph_id": "agent"}
    assert thread.created_at.tzinfo is not None
    assert unset_places(thread) == []
    assert client.threads.get(thread) == client.threads.get(uuid.UUID(thread.thread_id)) == thread
    changed = client.threads.update(thread, metadata={"more": 1}, ttl={"ttl": 30, "strategy": "delete"})
    assert changed.metadata == {"team": "a", "graph_id": "agent", "more": 1}
    client.threads.delete(thread)
    for call in (client.threads.get, client.threads.update, client.threads.delete, client.threads.get_state):
        with pytest.raises(NotFoundError):
            call(thread)
    with pytest.raises(NotFoundError):
        client.threads.get_history(thread)
    with pytest.raises(NotFoundError):
        client.threads.update_state(thread, {"n": 1})


def test_an_id_of_ones_own(client: Client) -> None:
    id = uuid.uuid4()
    thread = client.threads.create(thread_id=id, metadata={"a": 1})
    assert thread.thread_id == str(id)
    with pytest.raises(ConflictError):
        client.threads.create(thread_id=id)
    assert client.threads.create(thread_id=id, metadata={"b": 1}, if_exists="do_nothing") == thread
    with pytest.raises(UnprocessableEntityError):
        client.threads.create(thread_id="mine")
    client.threads.delete(id)


def test_a_thread_is_searched_by_each_condition(client: Client) -> None:
    team = new_id()
    threads = [client.threads.create(metadata={"team": team, "number": number}) for number in range(3)]
    client.runs.wait(threads[1], "agent", input={"n": 7})
    search = client.threads.search
    order = [threads[number].thread_id for number in (1, 2, 0)]
    assert [thread.thread_id for thread in search(metadata={"team": team})] == order
    newest_first = [thread.thread_id for thread in reversed(threads)]
    assert [thread.thread_id for thread in client.threads.iter(metadata={"team": team})] == newest_first
    for conditions in (
        {"ids": [threads[1]]},
        {"ids": [threads[1]], "values": {"n": 8}},
        {"metadata": {"team": team, "number": 1}},
    ):
        [found] = search(**({"metadata": {"team": team}} | conditions))
        assert found.thread_id == threads[1].thread_id
        assert found.values["n"] == 8
    assert search(metadata={"team": team}, status="busy") == []
    [second] = search(metadata={"team": team}, sort_by="created_at", sort_order="asc", limit=1, offset=1)
    assert second.thread_id == threads[1].thread_id
    [partial] = search(ids=[threads[0].thread_id], select=["thread_id", "metadata"])
    assert type(partial) is PartialThread
    assert (partial.thread_id, partial.metadata["number"], partial.status) == (threads[0].thread_id, 0, None)
    for thread in client.threads.iter(metadata={"team": team}):
        client.threads.delete(thread)
    assert search(metadata={"team": team}) == []


def test_the_state_shows_what_a_thread_waits_for(client: Client) -> None:
    thread = client.threads.create()
    empty = client.threads.get_state(thread)
    assert (empty.values, empty.next, empty.tasks, empty.interrupts) == ({}, [], [], ())
    assert (empty.checkpoint, empty.metadata, empty.created_at) == (None, {}, None)
    client.runs.wait(thread, "agent", input={"ask": True, "n": 1})
    state = client.threads.get_state(thread, subgraphs=True)
    assert state.values["n"] == 2
    assert state.next == ["ask"]
    [interrupt] = state.interrupts
    assert interrupt.value == {"q": "go on?"}
    assert interrupt.id == state.tasks[0].get("interrupts", [])[0].get("id")
    assert state.metadata["source"] == "loop"
    assert isinstance(state.created_at, datetime)
    found = client.threads.get(thread)
    assert (found.status, next(iter(found.interrupts.values()))[0]["value"]) == ("interrupted", interrupt.value)
    client.runs.wait(thread, "agent", command={"resume": "yes"})
    ended = client.threads.get_state(thread)
    assert (ended.next, ended.tasks, ended.interrupts) == ([], [], ())
    client.threads.delete(thread)


def test_a_state_of_the_past(client: Client) -> None:
    thread = client.threads.create()
    client.runs.wait(thread, "agent", input={"n": 1})
    history = client.threads.get_history(thread)
    assert len(history) > 2
    assert history[0] == client.threads.get_state(thread)
    [state, *_] = older = history[1:]
    assert state.checkpoint is not None
    checkpoint_id = state.checkpoint.get("checkpoint_id")
    assert checkpoint_id is not None
    at_checkpoint = client.threads.get_state(thread, state.checkpoint)
    assert at_checkpoint == client.threads.get_state(thread, checkpoint_id=checkpoint_id)
    assert (at_checkpoint.checkpoint, at_checkpoint.next) == (state.checkpoint, state.next)
    config: Any = {"configurable": state.checkpoint}
    for before in (checkpoint_id, state.checkpoint, config):
        assert client.threads.get_history(thread, before=before) == older[1:]
    assert client.threads.get_history(thread, limit=1) == history[:1]
    [first] = client.threads.get_history(thread, metadata={"step": -1})
    assert (first.parent_checkpoint, first.checkpoint) == (None, history[-1].checkpoint)
    assert (client.threads.get_state(thread, checkpoint_id=new_id())).values == {}
    client.threads.delete(thread)


def test_a_state_is_changed_as_a_node_would(client: Client) -> None:
    thread = client.threads.create(graph_id="agent")
    changed = client.threads.update_state(thread, {"n": 5}, as_node="work")
    state = client.threads.get_state(thread)
    assert state.checkpoint is not None
    assert changed.checkpoint["checkpoint_id"] == state.checkpoint.get("checkpoint_id")
    assert (state.values["n"], state.next) == (5, ["sub"])
    client.threads.update_state(thread, {"n": 6}, as_node="work", checkpoint=state.checkpoint)
    client.threads.update_state(thread, None)
    with pytest.raises(BadRequestError, match="nope"):
        client.threads.update_state(thread, {"n": 7}, as_node="nope")
    assert len(client.threads.get_history(thread)) == 3
    client.threads.delete(thread)


def test_supersteps_give_a_new_thread_a_state(client: Client) -> None:
    steps = [
        {"updates": [{"values": {"n": 1}, "as_node": "__start__"}]},
        {"updates": [{"values": {"n": 2}, "as_node": "work"}]},
    ]
    thread = client.threads.create(graph_id="agent", supersteps=steps)
    state = client.threads.get_state(thread)
    assert (state.values["n"], state.next) == (2, ["sub"])
    client.threads.delete(thread)


def test_a_busy_thread_can_be_deleted_but_its_state_not_changed(client: Client) -> None:
    with running(client, 1) as [run]:
        assert (client.threads.get(run.thread_id)).status == "busy"
        with pytest.raises(ConflictError):
            client.threads.update_state(run.thread_id, {"n": 1}, as_node="work")
        client.threads.delete(run.thread_id)
        with pytest.raises(NotFoundError):
            client.threads.get(run.thread_id)


def test_a_run_takes_a_thread_for_its_id(client: Client) -> None:
    thread, runs = client.threads.create(), client.runs
    run = runs.create(thread, "agent", input={"n": 1}, stream_resumable=True)
    assert (runs.join(thread, run.run_id))["n"] == 2
    assert (runs.get(thread, run.run_id)).thread_id == thread.thread_id
    assert [one.run_id for one in runs.list(thread)] == [one.run_id for one in runs.iter(thread)]
    assert drained(runs.join_stream(thread, run.run_id, last_event_id="-1"))
    assert drained(runs.stream(thread, "agent", input={"n": 1}))
    later = runs.create(thread, "agent", input=BUSY, after_seconds=3600)
    runs.cancel_many(thread_id=thread, run_ids=[later.run_id])
    runs.delete(thread, run.run_id)
    client.threads.delete(thread)


# Repeating


@pytest.mark.parametrize("first", [LOST, UNAVAILABLE], ids=["lost", "503"])
def test_what_a_repeated_delete_does_not_find_is_deleted(first: Response, replay: Replay) -> None:
    server = replay([first, NOT_FOUND, first, NOT_FOUND, first, DELETED])
    with Client(server.url, max_retries=AT_ONCE) as client:
        client.threads.delete("t")
        client.runs.delete("t", "r")
        client.threads.delete("t")
    assert [request.method for request in server.requests] == ["DELETE"] * 6


@pytest.mark.parametrize("refused", [None, Response.json({}, 429), Response.json({}, 503, (("retry-after", "0"),))])
def test_what_a_first_delete_does_not_find_is_an_error(refused: Response | None, replay: Replay) -> None:
    answers = [one for one in (refused, NOT_FOUND) if one is not None]
    server = replay(answers * 2)
    with Client(server.url, max_retries=AT_ONCE) as client:
        with pytest.raises(NotFoundError):
            client.threads.delete("t")
        with pytest.raises(NotFoundError):
            client.runs.delete("t", "r")
    assert len(server.requests) == 2 * len(answers)


def test_reads_repeat(replay: Replay) -> None:
    answers: list[Any] = [thread_json(), [], STATE, STATE, [STATE], []]
    server = replay([one for answer in answers for one in (LOST, Response.json(answer))])
    with Client(server.url, max_retries=AT_ONCE) as client:
        threads = client.threads
        threads.get("t")
        threads.search()
        threads.get_state("t")
        threads.get_state("t", checkpoint_id="c")
        threads.get_history("t")
        client.assistants.search()
    assert len(server.requests) == 12


OWN = {"thread_id": "t", "if_exists": "do_nothing"}


@pytest.mark.parametrize("lost", [LOST, UNAVAILABLE], ids=["lost", "503"])
@pytest.mark.parametrize(
    ("options", "repeats"),
    [
        (OWN, True),
        ({"extra_body": OWN}, True),
        ({}, False),
        ({"thread_id": "t"}, False),
        ({"if_exists": "do_nothing"}, False),
        ({"thread_id": "t", "if_exists": "raise"}, False),
        ({**OWN, "supersteps": [{"updates": []}]}, False),
    ],
    ids=str,
)
def test_a_create_repeats_only_if_it_can_create_nothing_twice(
    options: Any, repeats: bool, lost: Response, replay: Replay
) -> None:
    server = replay([lost, Response.json(thread_json())])
    with Client(server.url, max_retries=AT_ONCE) as client:
        if repeats:
            assert type(client.threads.create(**options)) is Thread
        else:
            with pytest.raises((APIConnectionError, InternalServerError)):
                client.threads.create(**options)
    assert len(server.requests) == 1 + repeats


def test_a_change_is_not_repeated(replay: Replay) -> None:
    server = replay([LOST, LOST])
    with Client(server.url, max_retries=AT_ONCE) as client:
        with pytest.raises(APIConnectionError):
            client.threads.update("t", metadata={"a": 1})
        with pytest.raises(APIConnectionError):
            client.threads.update_state("t", {"a": 1})
    assert len(server.requests) == 2


# Pages


def test_all_threads_come_page_by_page_and_those_that_came_may_be_deleted(replay: Replay) -> None:
    ids = [f"t{number}" for number in range(250)]

    def answer(request: Request) -> Response:
        if request.method == "DELETE":
            ids.remove(request.target.rpartition("/")[2])
            return DELETED
        body: Any = request.json
        assert body["metadata"] == {"team": "a"}
        offset, limit = body["offset"], body["limit"]
        return Response.json([thread_json(thread_id=id) for id in ids[offset : offset + limit]])

    server, expected = replay(answer), [*ids]
    with Client(server.url) as client:
        assert [thread.thread_id for thread in client.threads.iter(metadata={"team": "a"})] == expected
        seen: list[str] = []
        for thread in client.threads.iter(metadata={"team": "a"}):
            seen.append(thread.thread_id)
            client.threads.delete(thread)
    assert seen == expected
    assert ids == []


# Types


@attrs.define
class Numbered:
    n: int


def test_the_values_have_the_clients_type(replay: Replay) -> None:
    empty = {**STATE, "values": {}}
    server = replay([Response.json(STATE), Response.json([STATE, empty]), Response.json({**STATE, "values": {"m": 1}})])
    with Client(server.url, state_type=Numbered) as client:
        state: ThreadState[Numbered] = client.threads.get_state("t")
        assert state.values == Numbered(1)
        # Before its first step a thread has no values.
        assert [one.values for one in client.threads.get_history("t")] == [Numbered(1), {}]
        with pytest.raises(APIResponseError, match=r"the state's values can't be converted by state_type"):
            client.threads.get_state("t")


def test_interrupts_are_found_in_the_tasks(replay: Replay) -> None:
    interrupt: dict[str, Any] = {"value": "go on?", "id": "i"}
    tasks: list[Any] = [{"id": "a", "name": "ask", "interrupts": [interrupt]}, {"id": "b", "name": "work"}]
    server = replay(Response.json({**STATE, "tasks": tasks, "tomorrow": 1}))
    with Client(server.url) as client:
        state = client.threads.get_state("t")
    assert [(one.value, one.id) for one in state.interrupts] == [("go on?", "i")]
    # As in scripts of the official client.
    assert (state["interrupts"][0]["value"], state["tasks"], state["tomorrow"]) == ("go on?", tasks, 1)
    assert "tomorrow" in state
    assert state.get("yesterday") is None
    assert len(repr(state)) < 200


BROKEN: list[tuple[Any, str]] = [
    *((without(thread_json(), name), f"the field '{name}' is missing") for name in ("thread_id", "status", "metadata")),
    (thread_json(thread_id=5), "the field 'thread_id' is int, not str"),
    (thread_json(status=None), "the field 'status' is NoneType, not str"),
    (thread_json(created_at="today"), "does not match the API"),
]


@pytest.mark.parametrize(("answer", "problem"), BROKEN, ids=[problem for _, problem in BROKEN])
def test_what_is_no_thread_is_an_error(answer: Any, problem: str, replay: Replay) -> None:
    server = replay(Response.json(answer))
    with Client(server.url) as client:
        with pytest.raises(APIResponseError, match=problem):
            client.threads.get("t")


@pytest.mark.parametrize("name", ["values", "next", "tasks", "created_at"])
def test_what_is_no_state_is_an_error(name: str, replay: Replay) -> None:
    server = replay(Response.json(without(STATE, name)))
    with Client(server.url) as client:
        with pytest.raises(APIResponseError, match=f"the field '{name}' is missing"):
            client.threads.get_state("t")


# Arguments


@pytest.mark.parametrize("thread_id", ["", ".", "..", "a\n", None, 5, PartialThread.from_dict({})])
def test_a_bad_id_is_named_and_nothing_is_sent(thread_id: Any, replay: Replay) -> None:
    server = replay(NOT_FOUND)
    with Client(server.url) as client:
        threads = client.threads
        calls: list[Callable[[], Any]] = [
            lambda: threads.get(thread_id),
            lambda: threads.update(thread_id),
            lambda: threads.delete(thread_id),
            lambda: threads.get_state(thread_id),
            lambda: threads.update_state(thread_id, {}),
            lambda: threads.get_history(thread_id),
            lambda: client.runs.get(thread_id, "r"),
        ]
        for call in calls:
            with pytest.raises((TypeError, ValueError), match="thread_id: "):
                call()
        with pytest.raises((TypeError, ValueError), match="ids: "):
            threads.search(ids=[thread_id])
    assert server.requests == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"status": "idel"}, "status: must be one of .* the nearest is 'idle'"),
        ({"limit": 0}, "limit: must be an integer of at least 1"),
        ({"offset": -1}, "offset: "),
        ({"metadata": 5}, "metadata: must be a mapping"),
        ({"select": ["nope"]}, "select: must be one of"),
        ({"sort_by": "n"}, "sort_by: "),
        ({"metadta": {}}, r"metadta: search\(\) has no such argument; did you mean 'metadata'"),
        ({"metadata": {"a": object()}}, r"metadata.a: "),
    ],
)
def test_a_bad_condition_is_named_and_nothing_is_sent(options: Any, problem: str, replay: Replay) -> None:
    server = replay(NOT_FOUND)
    with Client(server.url) as client:
        with pytest.raises((TypeError, ValueError), match=problem):
            client.threads.search(**options)
    assert server.requests == []


def test_other_bad_arguments_are_named_too(replay: Replay) -> None:
    server = replay(NOT_FOUND)
    with Client(server.url) as client:
        bad: Any = object()
        with pytest.raises(TypeError, match="ttl: must be a mapping"):
            client.threads.create(ttl="1 hour")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
        with pytest.raises(TypeError, match="before: must be a mapping"):
            client.threads.get_history("t", before=bad)
        with pytest.raises(TypeError, match="checkpoint: must be a mapping"):
            client.threads.get_state("t", bad)
        with pytest.raises(TypeError, match="values"):
            client.threads.update_state("t", bad)
    assert server.requests == []
