# Derived from tests/client/_async/test_server_more.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""The methods that list, read, cancel, join and delete runs, against a real server; see test_server.py."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from packaging.version import Version

from langgraph_runs import (
    Client,
    CustomEvent,
    MetadataEvent,
    NotFoundError,
    Run,
    RunCreateMetadata,
    RunFailedError,
    UnprocessableEntityError,
    ValuesEvent,
)
from tests.client._sync.calls import drained
from tests.client._sync.server_runs import (
    ALL_MODES,
    BUSY,
    forgive_empty_answers,
    later,
    new_id,
    replay,
    running,
    statuses,
)

pytestmark = [
    pytest.mark.anyio,
    # Trio warns of the generators of httpx, which stay suspended where an answer is closed before its end.
    pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning"),
]


def test_list_filters_pages_and_selects(client: Client) -> None:
    thread_id = new_id()
    runs = [later(client, thread_id)]
    runs += [later(client, thread_id, metadata={"i": i, "even": i % 2 == 0}) for i in range(1, 6)]
    client.runs.cancel_many(thread_id=thread_id, run_ids=[run.run_id for run in runs[:2]])
    newest_first = [run.run_id for run in reversed(runs)]

    def found(**arguments: Any) -> list[int]:
        return [5 - newest_first.index(str(run.run_id)) for run in client.runs.list(thread_id, **arguments)]

    assert found() == [5, 4, 3, 2, 1, 0]
    assert found(limit=2) == [5, 4]
    assert found(limit=2, offset=3) == [2, 1]
    assert found(offset=6) == []
    assert found(status="pending") == [5, 4, 3, 2]
    assert found(status="interrupted") == [1, 0]
    assert found(status="timeout") == []
    assert found(metadata={"even": True}) == [4, 2]
    assert found(metadata={"even": False}, limit=2, offset=1) == [3, 1]
    assert found(metadata={"even": False, "i": 3}, status="pending") == [3]
    assert found(metadata={"odd": True}) == []
    assert found(created_after=runs[3].created_at) == [5, 4]
    assert found(created_before=runs[1].created_at.isoformat()) == [0]
    assert found(created_after=runs[0].created_at, created_before=runs[3].created_at) == [2, 1]

    selected = client.runs.list(thread_id, select=["run_id", "status"], limit=1)
    assert [(run.run_id, run.status) for run in selected] == [(runs[5].run_id, "pending")]
    assert (selected[0].thread_id, selected[0].created_at, selected[0].metadata) == (None, None, {})
    assert found(select=["run_id"], metadata={"i": 2}) == [2]


def test_iter_goes_through_all_pages_while_runs_are_added(client: Client) -> None:
    thread_id = new_id()
    runs = [later(client, thread_id) for _ in range(103)]
    found = []
    for run in client.runs.iter(thread_id):
        found.append(run.run_id)
        if len(found) == 50:
            added = [(later(client, thread_id)).run_id for _ in range(2)]
    assert found == [run.run_id for run in reversed(runs)]

    (first, *_, last) = found
    client.runs.cancel_many(thread_id=thread_id, run_ids=[first, last])
    interrupted = [run.run_id for run in client.runs.iter(thread_id, status="interrupted")]
    assert interrupted == [first, last]
    newer = [run.run_id for run in client.runs.iter(thread_id, created_after=runs[-1].created_at)]
    assert newer == added[::-1]
    client.runs.cancel_many(thread_id=thread_id, run_ids=[*found, *added], action="rollback")


def test_get(client: Client, ended: dict[str, list[Run]]) -> None:
    finished = ended["finished"][0]
    run = client.runs.get(uuid.UUID(finished.thread_id), uuid.UUID(finished.run_id))
    assert run == finished
    assert (run.status, run.input_) == ("success", {"tokens": 3, "text": "one two"})
    assert run.created_at.tzinfo is not None
    missing = new_id()
    with pytest.raises(NotFoundError, match=f"GET .*/runs/{missing}: 404"):
        client.runs.get(finished.thread_id, missing)
    with pytest.raises(UnprocessableEntityError, match=r"GET .*/threads/no%20uuid/runs/.*: 422 Invalid thread ID"):
        client.runs.get("no uuid", finished.run_id)


def test_cancel_and_delete_stop_running_runs(client: Client, version: Version) -> None:
    with running(client, 4) as (waited_for, not_waited_for, undone, deleted):
        client.runs.cancel(waited_for.thread_id, waited_for.run_id, wait=True)
        assert statuses(client, waited_for) == ["interrupted"]
        with pytest.raises(NotFoundError, match="404 No matching runs to cancel"):
            client.runs.cancel(waited_for.thread_id, waited_for.run_id)

        client.runs.cancel(not_waited_for.thread_id, not_waited_for.run_id)
        replay(client, not_waited_for.thread_id, not_waited_for.run_id)
        assert statuses(client, not_waited_for) == ["interrupted"]

        client.runs.cancel(undone.thread_id, undone.run_id, wait=True, action="rollback")
        client.runs.delete(deleted.thread_id, deleted.run_id)
        for run in (undone, deleted):
            with pytest.raises(NotFoundError):
                client.runs.get(run.thread_id, run.run_id)
    forgive_empty_answers(version)


def test_a_run_that_is_cancelled_just_ends(client: Client, version: Version) -> None:
    started: Any = {"input": BUSY, "stream_mode": "custom", "if_not_exists": "create"}
    with (
        client.runs.stream(new_id(), "agent", **started) as interrupted,
        client.runs.stream(new_id(), "agent", **started) as undone,
    ):
        for stream in (interrupted, undone):
            assert [type(next(stream)) for _ in range(2)] == [MetadataEvent, CustomEvent]
        place = str(interrupted.thread_id), str(interrupted.run_id)
        client.runs.cancel(*place)
        assert client.runs.join(*place) == {"messages": [], **BUSY}
        client.runs.cancel(str(undone.thread_id), str(undone.run_id), action="rollback")
        assert drained(interrupted) == drained(undone) == []
    unstarted = later(client, new_id())
    client.runs.cancel(unstarted.thread_id, unstarted.run_id)
    assert client.runs.join(unstarted.thread_id, unstarted.run_id) == {}
    forgive_empty_answers(version)


def test_cancel_many_by_ids_and_by_status(client: Client) -> None:
    thread_id = new_id()
    runs = [later(client, thread_id) for _ in range(5)]
    ids = [run.run_id for run in runs]
    client.runs.cancel_many(thread_id=thread_id, run_ids=ids[:2])
    assert statuses(client, *runs) == ["interrupted", "interrupted", "pending", "pending", "pending"]
    client.runs.cancel_many(thread_id=thread_id, run_ids=[ids[2]], action="rollback")
    assert [run.run_id for run in client.runs.list(thread_id)] == [ids[4], ids[3], ids[1], ids[0]]
    client.runs.cancel_many(status="pending")
    assert statuses(client, *runs[3:]) == ["interrupted", "interrupted"]
    with pytest.raises(NotFoundError, match="404 No runs found to cancel"):
        client.runs.cancel_many(status="pending")
    with pytest.raises(NotFoundError, match="404 No runs found to cancel"):
        client.runs.cancel_many(thread_id=thread_id, run_ids=[new_id()])


def test_join_a_run_that_has_ended_has_failed_or_is_missing(client: Client, ended: dict[str, list[Run]]) -> None:
    finished, failed = ended["finished"][0], ended["failed"][0]
    assert (client.runs.join(finished.thread_id, finished.run_id))["n"] == 1
    with pytest.raises(RunFailedError) as error:
        client.runs.join(failed.thread_id, failed.run_id)
    assert (error.value.error, error.value.message) == ("ValueError", "boom on purpose")
    assert (error.value.thread_id, error.value.run_id) == (failed.thread_id, failed.run_id)
    with pytest.raises(NotFoundError, match=f"GET .*/runs/{failed.run_id}/join: Run not found"):
        client.runs.join(finished.thread_id, failed.run_id)


def test_join_and_join_stream_give_what_comes_of_a_running_run(client: Client) -> None:
    run = client.runs.create(
        new_id(),
        "agent",
        input={"tokens": 4, "sleep": 0.5},  # it does not end before it is joined
        stream_mode=["custom", "values"],
        stream_resumable=True,
        if_not_exists="create",
    )
    with client.runs.join_stream(run.thread_id, run.run_id) as stream:
        assert (stream.thread_id, stream.run_id) == (run.thread_id, run.run_id)
        values = client.runs.join(run.thread_id, run.run_id)
        live = drained(stream)
    assert values["n"] == 1
    assert live[-1].data == values
    every = replay(client, run.thread_id, run.run_id)
    assert live == every[-len(live) :]


def test_join_stream_replays_from_the_start_and_from_any_event(
    client: Client, ended: dict[str, list[Run]], version: Version
) -> None:
    place = ended["finished"][0].thread_id, ended["finished"][0].run_id
    every = replay(client, *place)
    assert isinstance(every[0], MetadataEvent)
    assert [event.data["i"] for event in every if isinstance(event, CustomEvent)] == [0, 1, 2]
    after = {event.id: number for number, event in enumerate(every, start=1)}  # several may share an id
    for last_event_id, number in after.items():
        assert replay(client, *place, last_event_id) == every[number:]
    assert replay(client, *place, None) == []

    # Before 0.11, who asks for modes does not get what subgraphs emit.
    chosen = every if version >= Version("0.11") else [event for event in every if not event.namespace]

    def only(*kinds: type) -> list[Any]:
        return [event for event in chosen if isinstance(event, kinds)]

    assert {event.namespace for event in every if isinstance(event, ValuesEvent)} > {()}
    assert replay(client, *place, stream_mode="custom") == only(CustomEvent)
    assert replay(client, *place, stream_mode=["values", "custom"]) == only(ValuesEvent, CustomEvent)
    assert replay(client, *place, stream_mode=ALL_MODES) == chosen[1:]


def test_join_stream_raises_what_went_wrong(client: Client, ended: dict[str, list[Run]]) -> None:
    finished, failed = ended["finished"][0], ended["failed"][0]
    with client.runs.join_stream(failed.thread_id, failed.run_id, last_event_id="-1") as stream:
        assert [type(next(stream)) for _ in range(3)] == [MetadataEvent, CustomEvent, CustomEvent]
        with pytest.raises(RunFailedError, match="failed with ValueError: boom on purpose"):
            next(stream)
    with pytest.raises(NotFoundError, match=r"GET .*/stream: Run not found"):
        next(client.runs.join_stream(finished.thread_id, failed.run_id))
    with pytest.raises(NotFoundError, match=f"GET .*/runs/{finished.run_id}/stream: 404"):
        next(client.runs.join_stream(None, finished.run_id))


def test_a_graphs_own_404_is_a_failure_of_the_run(client: Client) -> None:
    """Only the server itself says that a run, a thread or an assistant is missing."""
    thread_id, told = new_id(), list[RunCreateMetadata]()
    arguments: dict[str, Any] = {"input": {"fail": "customer 7 not found"}, "if_not_exists": "create"}
    run = client.runs.create(thread_id, "agent", stream_resumable=True, **arguments)
    runs = client.runs
    calls: dict[str, Callable[[], Any]] = {
        "join": lambda: runs.join(thread_id, run.run_id),
        "join_stream": lambda: replay(client, thread_id, run.run_id),
        "wait": lambda: runs.wait(thread_id, "agent", on_run_created=told.append, **arguments),
        "stream": lambda: drained(runs.stream(thread_id, "agent", on_run_created=told.append, **arguments)),
        "resumable": lambda: drained(
            runs.stream(thread_id, "agent", on_run_created=told.append, stream_resumable=True, **arguments)
        ),
    }
    for name, call in calls.items():
        with pytest.raises(RunFailedError, match="failed with HTTPException: 404: customer 7 not found") as failed:
            call()
        run_id = run.run_id if name.startswith("join") else told.pop()["run_id"]
        assert (failed.value.run_id, failed.value.thread_id) == (run_id, thread_id), name


def test_a_failed_run_does_not_end_silently_whatever_its_graph_says(client: Client) -> None:
    """The Python server replays no `error` event, and its graph speaks like the server."""
    thread_id = new_id()
    run = client.runs.create(
        thread_id, "agent", input={"fail": "Run not found"}, stream_resumable=True, if_not_exists="create"
    )
    while statuses(client, run) != ["error"]:
        """The end of its stream may come before that."""
    with pytest.raises(RunFailedError, match="failed with HTTPException: 404: Run not found"):
        replay(client, thread_id, run.run_id)


def test_delete_removes_a_run(client: Client) -> None:
    run = later(client, new_id())
    client.runs.delete(run.thread_id, run.run_id)
    assert client.runs.list(run.thread_id) == []
    with pytest.raises(NotFoundError, match=r"DELETE .*: 404 Run not found"):
        client.runs.delete(run.thread_id, run.run_id)
