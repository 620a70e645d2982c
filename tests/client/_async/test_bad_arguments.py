"""Arguments that can't be used: an error names them, and nothing is sent."""

from typing import Any

import pytest

from langgraph_runs import (
    AsyncClient,
)
from tests.client._async.calls import ALL_CALLS, CALLS
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse

pytestmark = pytest.mark.anyio

STREAM_AT = (("location", "/threads/t/runs/r/stream"),)
each_call = pytest.mark.parametrize("name", sorted(ALL_CALLS))


# -- ids


BAD_IDS = ["", ".", "..", "a\nb", "\r", "\t", "\0", "\x7f", "\x85", "\ud800", None, 5, b"r"]


@pytest.mark.parametrize("name", sorted(CALLS))
@pytest.mark.parametrize("bad", BAD_IDS, ids=repr)
async def test_nothing_is_sent_for_what_can_be_no_id(name: str, bad: Any, replay: Replay) -> None:
    server = replay([])
    takes_run = name in ("get", "join", "join_stream", "cancel", "cancel_many", "delete")
    asked = [("thread_id", bad, "r")] if bad is not None else []
    if takes_run:
        asked.append(("run_id", "t", bad))
    async with AsyncClient(server.url) as client:
        for argument, thread_id, run_id in asked:
            with pytest.raises((ValueError, TypeError), match=f"^{argument}s?: "):
                await CALLS[name](client.runs, thread_id, run_id)
    assert server.accepted == 0


@pytest.mark.parametrize("bad", ["", "..", "a\nb", None, 5], ids=repr)
async def test_nothing_is_sent_for_what_can_be_no_assistant(bad: Any, replay: Replay) -> None:
    server = replay([])
    async with AsyncClient(server.url) as client:
        for start in (client.runs.create, client.runs.wait):
            with pytest.raises((ValueError, TypeError), match="^assistant_id: "):
                await start("t", bad)
        with pytest.raises((ValueError, TypeError), match="^assistant_id: "):
            client.runs.stream(None, bad)
        with pytest.raises((ValueError, TypeError), match=r"^payloads\[0\]\.assistant_id: "):
            await client.runs.create_batch([{"assistant_id": bad}])
    assert server.accepted == 0


async def test_an_id_is_one_segment_of_the_path_whatever_it_holds(replay: Replay) -> None:
    server = replay(Response.json(run_json()))
    async with AsyncClient(server.url + "/prefix/") as client:
        await client.runs.get("a/../b", "\u65e5?x=#y%2e")
    assert [request.target for request in server.requests] == [
        "/prefix/threads/a%2F..%2Fb/runs/%E6%97%A5%3Fx%3D%23y%252e"
    ]


# -- other arguments


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"limit": 0}, "^limit: must be an integer of at least 1, not 0$"),
        ({"limit": True}, "^limit: must be an integer, not bool$"),
        ({"offset": -1}, "^offset: must be an integer of at least 0, not -1$"),
        ({"offset": "3"}, "^offset: must be an integer, not str$"),
        ({"select": "status"}, "^select: must be a list, not str$"),
        ({"select": [5]}, "^select: must be a string, not int$"),
        ({"metadata": "a"}, "^metadata: must be a mapping, not str$"),
        ({"status": "failed"}, "^status: must be one of 'error', .*, not 'failed'; the nearest is 'interrupted'"),
        ({"select": ["state"]}, "^select: must be one of .*, not 'state'; the nearest is 'status'"),
        ({"statuses": 5}, r"^statuses: list\(\) has no such argument; did you mean 'status'\?$"),
        ({"created_after": "soon"}, "^created_after: 'soon' is no ISO 8601 time$"),
        ({"created_before": 5}, "^created_before: must be a datetime or ISO 8601 text, not int$"),
        ({"headers": {"a": "b\r\nc: d"}}, "^headers: the value of 'a' contains"),
        ({"headers": {"a": 1}}, "^headers: names and values must be strings"),
        ({"timeout": 0}, "^timeout: must be a positive number"),
        ({"timeout": "5"}, "^timeout: must be a number"),
    ],
)
async def test_an_argument_of_list_that_can_not_be_used(arguments: Any, problem: str, replay: Replay) -> None:
    server = replay([])
    async with AsyncClient(server.url) as client:
        with pytest.raises((ValueError, TypeError), match=problem):
            await client.runs.list("t", **arguments)
    assert server.accepted == 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"input": object()}, "^input: "),
        ({"extra_body": {"assistant_id": "b"}}, "^extra_body: 'assistant_id' is given by an argument already$"),
        ({"metadata": 5}, "^metadata: must be a mapping, not int$"),
        ({"after_seconds": -1}, "^after_seconds: "),
        ({"after_seconds": float("inf")}, "^after_seconds: "),
        (
            {"durability": "sink"},
            "^durability: must be one of 'async', 'exit', 'sync', not 'sink'; the nearest is 'sync'",
        ),
        ({"multitask_strategy": "queue"}, "^multitask_strategy: must be one of .*; the nearest is 'enqueue'"),
        ({"if_not_exists": "created"}, "^if_not_exists: must be one of .*; the nearest is 'create'"),
        ({"on_completion": "keep"}, "^on_completion: it needs a stateless run$"),
        ({"metadat": {}}, r"^metadat: (create|wait|stream)\(\) has no such argument; did you mean 'metadata'\?$"),
        ({"headers": {"a\n": "b"}}, "^headers: "),
        ({"timeout": -1}, "^timeout: "),
    ],
)
async def test_an_argument_that_starts_no_run(arguments: Any, problem: str, replay: Replay) -> None:
    server = replay([])
    async with AsyncClient(server.url) as client:
        for start in (client.runs.create, client.runs.wait):
            with pytest.raises((ValueError, TypeError), match=problem):
                await start("t", "agent", **arguments)
        with pytest.raises((ValueError, TypeError), match=problem):
            client.runs.stream("t", "agent", **arguments)
    assert server.accepted == 0


@pytest.mark.parametrize(
    ("method", "arguments", "problem"),
    [
        ("cancel", {"action": "stop"}, "^action: must be one of 'interrupt', 'rollback', not 'stop'"),
        ("cancel", {"wait": 1}, "^wait: must be True or False, not int$"),
        (
            "cancel_many",
            {"status": "all", "action": "stop"},
            "^action: must be one of 'interrupt', 'rollback', not 'stop'",
        ),
        ("cancel_many", {"status": "success"}, "^status: must be one of 'all', 'pending', 'running', not 'success'"),
    ],
)
async def test_an_argument_that_cancels_nothing(method: str, arguments: Any, problem: str, replay: Replay) -> None:
    server = replay([])
    async with AsyncClient(server.url) as client:
        with pytest.raises((ValueError, TypeError), match=problem):
            await getattr(client.runs, method)(*(("t", "r") if method == "cancel" else ()), **arguments)
    assert server.accepted == 0


async def test_what_a_newer_server_knows_replaces_a_default(replay: Replay) -> None:
    """A stream follows the modes and settings that it is started with, wherever they were given."""
    server = replay(
        [Response.events([sse("tomorrow", {"a": 1}), sse("end", None)], STREAM_AT), Response.json(run_json())]
    )
    extra = {"stream_mode": ["messages", "tomorrow"], "stream_resumable": True}
    async with AsyncClient(server.url) as client:
        stream = client.runs.stream(None, "agent", extra_body=extra)
        assert [event.event async for event in stream if event.event != "end"] == ["tomorrow"]
        await client.runs.create("t", "agent", extra_body={"stream_mode": "tomorrow"})
    # A stateless stream of `messages` is not joined after its creation, though it is resumable.
    bodies: list[Any] = [request.json for request in server.requests]
    assert [request.target for request in server.requests] == ["/runs/stream", "/threads/t/runs"]
    assert [body["stream_mode"] for body in bodies] == [["messages", "tomorrow"], "tomorrow"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"last_event_id": ""}, "^last_event_id: '' is no event's id$"),
        ({"last_event_id": "a\nb"}, "^last_event_id: "),
        ({"last_event_id": 5}, "^last_event_id: must be a string, not int$"),
        ({"stream_mode": []}, "^stream_mode: the list is empty$"),
        ({"stream_mode": 5}, "^stream_mode: must be a string or a list, not int$"),
        ({"stream_mode": "value"}, "^stream_mode: must be one of .*, not 'value'; the nearest is 'values'"),
        ({"stream_mod": "values"}, r"^stream_mod: join_stream\(\) has no such argument; did you mean 'stream_mode'\?$"),
        ({"input": {}}, r"^input: join_stream\(\) has no such argument; "),
        ({"idle_timeout": 0}, "^idle_timeout: must be a positive number"),
    ],
)
async def test_an_argument_that_joins_no_stream(arguments: Any, problem: str, replay: Replay) -> None:
    server = replay([])
    async with AsyncClient(server.url) as client:
        with pytest.raises((ValueError, TypeError), match=problem):
            client.runs.join_stream("t", "r", **arguments)
    assert server.accepted == 0
