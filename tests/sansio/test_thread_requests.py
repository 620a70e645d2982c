"""Arguments about threads and assistants become bodies; each one that can't is named, before anything is sent."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from langgraph_runs import Thread
from langgraph_runs._sansio.checks import checked, with_defaults
from langgraph_runs._sansio.requests import history, new_thread, request_body, state_request, thread_change
from langgraph_runs.options import (
    AssistantSearchArguments,
    HistoryOptions,
    StateGetArguments,
    StateUpdateOptions,
    ThreadCreateOptions,
    ThreadSearchArguments,
    ThreadUpdateOptions,
)
from langgraph_runs.states import ThreadState
from langgraph_runs_api.models.assistant_search import AssistantSearch
from langgraph_runs_api.models.thread_search import ThreadSearch
from langgraph_runs_api.models.thread_state_update import ThreadStateUpdate
from langgraph_runs_api.values import to_json

ID = UUID("12345678-1234-5678-1234-567812345678")


def content(body: Any) -> dict[str, Any]:
    """What is sent of a body."""
    sent: dict[str, Any] = orjson.loads(to_json(body.to_dict()))
    return sent


def created(**options: Any) -> tuple[dict[str, Any], bool]:
    """The body of `threads.create` with these options, and whether it may be sent twice."""
    body, repeatable = new_thread(checked("create", ThreadCreateOptions, options))
    return content(body), repeatable


def changed(**options: Any) -> dict[str, Any]:
    return content(thread_change(checked("update", ThreadUpdateOptions, options)))


def searched(**options: Any) -> dict[str, Any]:
    """The body of `threads.search`."""
    given = with_defaults("search", ThreadSearchArguments, options)
    return content(request_body(ThreadSearch, ThreadSearchArguments, given))


def searched_assistants(**options: Any) -> dict[str, Any]:
    given = with_defaults("search", AssistantSearchArguments, options)
    return content(request_body(AssistantSearch, AssistantSearchArguments, given))


def updated_state(values: Any, **options: Any) -> dict[str, Any]:
    given = checked("update_state", StateUpdateOptions, options)
    return content(request_body(ThreadStateUpdate, StateUpdateOptions, given, values=values))


def states(**options: Any) -> dict[str, Any]:
    """The body of `threads.get_history`."""
    return content(history(with_defaults("get_history", HistoryOptions, options)))


def state(**options: Any) -> tuple[str, str, Any]:
    """Method, address and body, or else the query, of `threads.get_state`."""
    request = state_request("t", with_defaults("get_state", StateGetArguments, options))
    content = orjson.loads(request["content"]) if "content" in request else request["params"]
    return request["method"], request["url"], content


# -- threads


def test_what_is_not_given_is_not_sent() -> None:
    assert created(metadata=None, thread_id=None, ttl=None) == ({}, False)
    assert changed(metadata=None, ttl=None) == {}
    assert searched(metadata=None, ids=None) == {"limit": 10, "offset": 0}
    assert searched_assistants(name=None) == {"limit": 10, "offset": 0}
    assert updated_state(None, as_node=None) == {"values": None}
    assert states(before=None) == {"limit": 10}


def test_a_new_thread() -> None:
    supersteps = [{"updates": [{"values": {"n": 1}, "as_node": "a", "command": None}]}]
    sent, _ = created(thread_id=ID, metadata={"a": None}, if_exists="raise", supersteps=supersteps)
    assert sent == {
        "thread_id": str(ID), "metadata": {"a": None}, "if_exists": "raise", "supersteps": supersteps,
    }  # fmt: skip


def test_the_graph_of_a_new_thread_is_in_its_metadata() -> None:
    metadata = {"user": "kim"}
    assert created(graph_id="agent")[0] == {"metadata": {"graph_id": "agent"}}
    assert created(graph_id="agent", metadata=metadata)[0] == {"metadata": {"user": "kim", "graph_id": "agent"}}
    assert metadata == {"user": "kim"}
    with pytest.raises(ValueError, match="^extra_body: 'metadata' is given by an argument already$"):
        created(graph_id="agent", extra_body={"metadata": {}})


@pytest.mark.parametrize(
    ("options", "repeatable"),
    [
        ({"thread_id": ID, "if_exists": "do_nothing"}, True),
        ({"extra_body": {"thread_id": "t", "if_exists": "do_nothing"}}, True),
        ({"if_exists": "do_nothing"}, False),
        ({"thread_id": ID}, False),
        ({"thread_id": ID, "if_exists": "raise"}, False),
        ({"thread_id": ID, "if_exists": "do_nothing", "supersteps": []}, False),
        ({"thread_id": ID, "if_exists": "do_nothing", "extra_body": {"supersteps": []}}, False),
    ],
)
def test_only_a_thread_that_may_exist_is_created_twice(options: dict[str, Any], repeatable: bool) -> None:
    assert created(**options)[1] is repeatable


@pytest.mark.parametrize(
    ("ttl", "sent"),
    [
        (5, {"ttl": 5, "strategy": "delete"}),
        (0.5, {"ttl": 0.5, "strategy": "delete"}),
        ({"ttl": 5, "strategy": "keep_latest"}, {"ttl": 5, "strategy": "keep_latest"}),
        ({"refresh_on_read": True}, {"refresh_on_read": True}),
    ],
)
def test_how_long_a_thread_is_kept(ttl: Any, sent: Any) -> None:
    assert created(ttl=ttl)[0] == changed(ttl=ttl) == {"ttl": sent}


@pytest.mark.parametrize("ttl", [True, "5", [5]])
def test_what_says_no_time_to_keep_a_thread_is_named(ttl: Any) -> None:
    for send in (created, changed):
        with pytest.raises(TypeError, match=f"^ttl: must be a .*, not {type(ttl).__name__}$"):
            send(ttl=ttl)


@pytest.mark.parametrize(
    ("option", "value", "sent"),
    [
        ("metadata", {"a": [None]}, {"a": [None]}),
        ("values", {"n": 1}, {"n": 1}),
        ("ids", [ID, "t", Thread(thread_id="u")], [str(ID), "t", "u"]),
        ("status", "idle", "idle"),
        ("sort_by", "thread_id", "thread_id"),
        ("sort_order", "asc", "asc"),
        ("select", ["thread_id", "values"], ["thread_id", "values"]),
        ("extract", {"last": "values.messages[-1]"}, {"last": "values.messages[-1]"}),
        ("limit", 1, 1),
        ("offset", 3, 3),
        ("extra_body", {"future": None}, None),
    ],
)
def test_a_search_of_threads(option: str, value: Any, sent: Any) -> None:
    field = {"extra_body": "future"}.get(option, option)
    assert searched(**{option: value}) == {"limit": 10, "offset": 0, field: sent}


@pytest.mark.parametrize(
    ("options", "kind", "problem"),
    [
        ({"ids": "t"}, TypeError, "ids: must be a list, not str"),
        ({"ids": []}, ValueError, "ids: the list is empty$"),
        ({"ids": [".."]}, ValueError, "ids: '..' is no id"),
        ({"status": "idel"}, ValueError, "status: must be one of .* the nearest is 'idle'"),
        ({"select": ["metdata"]}, ValueError, "select: .* the nearest is 'metadata'"),
        ({"limit": 0}, ValueError, "limit: "),
        ({"offset": -1}, ValueError, "offset: "),
        ({"values": [1]}, TypeError, "values: must be a mapping, not list"),
        ({"metadata": {"a": {"b": object()}}}, TypeError, r"metadata\.a\.b: object is not JSON"),
        ({"extra_body": {"limit": 5}, "limit": 3}, ValueError, "extra_body: 'limit' is given by an argument already"),
    ],
)
def test_what_can_not_be_searched_for_is_named(options: dict[str, Any], kind: type[Exception], problem: str) -> None:
    with pytest.raises(kind, match=f"^{problem}"):
        searched(**options)


# -- states


def test_the_latest_state_is_got_and_another_one_asked_for() -> None:
    assert state() == ("get", "/threads/t/state", {"subgraphs": False})
    assert state(subgraphs=True) == ("get", "/threads/t/state", {"subgraphs": True})
    place = {"thread_id": "t", "checkpoint_ns": "", "checkpoint_id": "c"}
    at = "/threads/t/state/checkpoint"
    assert state(checkpoint_id="c") == ("post", at, {"checkpoint": place, "subgraphs": False})
    assert state(checkpoint={"checkpoint_id": "c"}) == ("post", at, {"checkpoint": place, "subgraphs": False})
    of_subgraph = {"checkpoint_ns": "sub:1", "checkpoint_id": "c", "checkpoint_map": {"": "a"}}
    assert state(checkpoint=of_subgraph, subgraphs=True) == (
        "post", at, {"checkpoint": {"thread_id": "t", **of_subgraph}, "subgraphs": True},
    )  # fmt: skip
    # Of both, the id decides.
    assert state(checkpoint={"checkpoint_id": "old"}, checkpoint_id=ID)[2]["checkpoint"]["checkpoint_id"] == str(ID)


@pytest.mark.parametrize("values", [{"n": None}, [{"n": 1}, {"n": 2}], None])
def test_a_change_of_a_state(values: Any) -> None:
    checkpoint = {"checkpoint_ns": "", "checkpoint_id": "c"}
    assert updated_state(values, as_node="a", checkpoint=checkpoint, checkpoint_id=ID) == {
        "values": values, "as_node": "a", "checkpoint": checkpoint, "checkpoint_id": str(ID),
    }  # fmt: skip


def test_a_change_that_can_not_be_json_is_named() -> None:
    assert updated_state({"at": datetime(2026, 1, 1, tzinfo=UTC)})  # this can
    with pytest.raises(TypeError, match=r"^values\.n\[1\]: object is not JSON$"):
        updated_state({"n": [1, object()]})


@pytest.mark.parametrize("before", ["c", {"checkpoint_id": "c"}])
def test_history_before_a_checkpoint_is_said_in_two_ways(before: Any) -> None:
    """Each server reads one of them, and leaves the other alone."""
    assert states(before=before) == {
        "limit": 10,
        "before": {"configurable": {"checkpoint_id": "c"}, "checkpoint_id": "c"},
    }


def test_history() -> None:
    place = {"checkpoint_ns": "sub:1"}
    assert states(limit=2, metadata={"a": 1}, checkpoint=place) == {
        "limit": 2, "metadata": {"a": 1}, "checkpoint": place,
    }  # fmt: skip
    assert states(extra_body={"before": "c"}) == {"limit": 10, "before": "c"}
    for before in ("", ".."):
        with pytest.raises(ValueError, match=f"^before: '{before}' is no id$"):
            states(before=before)
    with pytest.raises(TypeError, match="^before: must be a mapping, not int$"):
        states(before=5)


def test_a_whole_state_is_no_checkpoint() -> None:
    whole: Any
    of_sdk = {"values": {}, "checkpoint": {"checkpoint_id": "c"}}
    for whole in (ThreadState({}, checkpoint={"checkpoint_id": "c"}), of_sdk):
        for name, call in (("before", states), ("checkpoint", states), ("checkpoint", state)):
            with pytest.raises(ValueError, match=f"^{name}: must have a key of thread_id, .*, not only values, "):
                call(**{name: whole})
    config = {"configurable": {"checkpoint_id": "c"}}
    assert states(before=config)["before"] == config


# -- assistants


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("metadata", {"a": 1}),
        ("graph_id", "agent"),
        ("name", "ag"),
        ("sort_by", "name"),
        ("sort_order", "asc"),
        ("select", ["assistant_id"]),
        ("limit", 1),
        ("offset", 3),
    ],
)
def test_a_search_of_assistants(option: str, value: Any) -> None:
    assert searched_assistants(**{option: value}) == {"limit": 10, "offset": 0, option: value}


@pytest.mark.parametrize(
    ("options", "kind", "problem"),
    [
        ({"graph_id": 5}, TypeError, "graph_id: must be a string, not int"),
        ({"sort_by": "nmae"}, ValueError, "sort_by: must be one of .* the nearest is 'name'"),
        ({"limit": 0}, ValueError, "limit: "),
        ({"status": "idle"}, TypeError, r"status: search\(\) has no such argument"),
    ],
)
def test_what_no_assistant_is_searched_by_is_named(
    options: dict[str, Any], kind: type[Exception], problem: str
) -> None:
    with pytest.raises(kind, match=f"^{problem}"):
        searched_assistants(**options)
