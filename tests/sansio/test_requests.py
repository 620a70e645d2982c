"""Arguments become bodies and queries; each one that can't is named, before anything is sent."""

import dataclasses
import enum
import functools
import math
from collections import UserDict, deque
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from ipaddress import IPv4Address
from typing import Any
from unittest.mock import AsyncMock
from uuid import UUID

import attrs
import orjson
import pytest
from pydantic import PostgresDsn

from langgraph_runs._sansio.checks import checked, event_id, path_id, with_defaults
from langgraph_runs._sansio.location import RunLocation
from langgraph_runs._sansio.plans import start_request
from langgraph_runs._sansio.requests import batch, each, has_mode, join_request, runs_cancel
from langgraph_runs.options import (
    CancelManyOptions,
    CancelOptions,
    CreateOptions,
    JoinStreamArguments,
    ListArguments,
    RunCreate,
    StreamArguments,
)
from langgraph_runs_api.api.runs import create_run, create_stateless_run, get_run

ID = UUID("12345678-1234-5678-1234-567812345678")


def started(thread_id: str | None, assistant_id: Any, options: dict[str, Any], kind: type = CreateOptions) -> Any:
    """The body that starts a run, as the server reads it."""
    request, _ = start_request(create_run, create_stateless_run, kind, thread_id, assistant_id, options)
    return orjson.loads(request["content"])


def sent(arguments: dict[str, Any], extra_body: Any = None) -> Any:
    """The body of a run on a thread with these arguments, but for the assistant, as the server reads it."""
    options = checked("stream", StreamArguments, {**arguments, "extra_body": extra_body})
    body = started("t", "agent", options, StreamArguments)
    assert body.pop("assistant_id") == "agent"
    return body


# -- bodies


def test_what_is_not_given_is_not_sent() -> None:
    assert sent({"input": None, "command": None, "metadata": None, "config": None, "webhook": None}) == {}


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("input", {"a": None}),
        ("input", []),
        ("input", False),
        ("input", 0),
        ("input", ""),
        ("command", {"resume": None}),
        ("command", {"update": {"a": None}, "goto": [{"node": "n", "input": None}]}),
        ("stream_mode", "values"),
        ("stream_mode", ["values", "custom"]),
        ("stream_subgraphs", False),
        ("stream_resumable", True),
        ("metadata", {}),
        ("metadata", {"a": {"b": [None]}}),
        ("config", {"tags": ["x"], "recursion_limit": 3, "configurable": {"a": None}}),
        ("context", {"user": "me"}),
        ("checkpoint", {"checkpoint_ns": "", "checkpoint_id": None}),
        ("checkpoint_id", "c"),
        ("interrupt_before", "*"),
        ("interrupt_before", ["a", "b"]),
        ("interrupt_after", []),
        ("feedback_keys", ["k"]),
        ("on_disconnect", "cancel"),
        ("webhook", "http://hook"),
        ("multitask_strategy", "reject"),
        ("stream_mode", ["messages-tuple"]),
        ("if_not_exists", "create"),
        ("after_seconds", 0),
        ("after_seconds", 1.5),
        ("durability", "exit"),
    ],
)
def test_what_is_given_is_sent_as_it_is(argument: str, value: Any) -> None:
    assert sent({argument: value}) == {argument: value}


def test_an_argument_whose_field_has_another_name() -> None:
    assert sent({"langsmith_tracing": {"project_name": "p"}}) == {"langsmith_tracer": {"project_name": "p"}}


class Color(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Point:
    x: int
    at: datetime | None = None
    _private: int = 1


@attrs.define
class Shape:
    name: str
    points: list[Point]


class Model:
    """What pydantic's models look like to us."""

    def model_dump(self) -> dict[str, Any]:
        """Plain data."""
        return {"id": ID, "point": Point(1)}


NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (ID, str(ID)),
        (NOON, "2026-11-22T12:00:00+01:00"),
        (NOON.date(), "2026-11-22"),
        pytest.param(NOON.replace(tzinfo=None), "2026-11-22T12:00:00", id="naive datetime"),
        (Color.RED, "red"),
        (Point(1, NOON), {"x": 1, "at": "2026-11-22T12:00:00+01:00"}),
        (Shape("s", [Point(1), Point(2)]), {"name": "s", "points": [{"x": 1, "at": None}, {"x": 2, "at": None}]}),
        (Model(), {"id": str(ID), "point": {"x": 1, "at": None}}),
        ({1: "a", ID: "b", None: "c", False: "d"}, {"1": "a", str(ID): "b", "null": "c", "false": "d"}),
        ((1, 2), [1, 2]),
        ({3}, [3]),
        (frozenset({3}), [3]),
        (UserDict(a=1), {"a": 1}),
        (math.nan, None),
        (Decimal("0.10"), "0.10"),
        (IPv4Address("192.0.2.1"), "192.0.2.1"),
        (PostgresDsn("postgres://me@h/d"), "postgres://me@h/d"),
        ("\N{ALIEN MONSTER} h\u00e4\u00df \u65e5\u672c", "\N{ALIEN MONSTER} h\u00e4\u00df \u65e5\u672c"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_can_be_json_is_sent_as_json_wherever_it_stands(value: Any, plain: Any) -> None:
    assert sent({"input": value}) == {"input": plain}
    assert sent({"input": {"deep": [value]}}) == {"input": {"deep": [plain]}}
    assert sent({"metadata": {"m": value}}) == {"metadata": {"m": plain}}
    assert sent({"command": {"resume": value}}) == {"command": {"resume": plain}}
    assert sent({}, {"future": value}) == {"future": plain}


async def sleep(*_: object) -> None:
    """What can't be called without awaiting it."""


async def sleeps(*_: object) -> AsyncIterator[None]:
    """What does nothing unless it is iterated over."""
    yield


class Sleeper:
    async def __call__(self, *_: object) -> None:
        """As `sleep`."""

    async def again(self) -> None:
        """As `sleep`."""

    @classmethod
    async def ever(cls) -> None:
        """As `sleep`."""


def circle() -> list[Any]:
    """A list that holds itself."""
    items: list[Any] = []
    items.append(items)
    return items


@pytest.mark.parametrize("argument", ["input", "metadata", "config", "context", "command", "checkpoint", "extra"])
@pytest.mark.parametrize(
    "value",
    [object(), {"a": object()}, [timedelta(1)], {(1, 2): 3}, 2**64, "\ud800", deque([1]), circle(), Model, b"bytes"],
    ids=["object", "deep", "span", "key", "huge", "surrogate", "deque", "circle", "class", "bytes"],
)
def test_what_can_not_be_json_is_named(argument: str, value: Any) -> None:
    key = {"command": "resume", "checkpoint": "checkpoint_id"}.get(argument, "x")
    arguments = {} if argument == "extra" else {argument: value if argument == "input" else {key: value}}
    path = argument if argument in {"input", "extra"} else f"{argument}.{key}"
    deeper = r"(\.a|\[0\])*"
    with pytest.raises(TypeError, match=rf"^{path}{deeper}: "):
        sent(arguments, {"extra": value} if argument == "extra" else None)


@pytest.mark.parametrize(
    ("argument", "value", "problem"),
    [
        *(
            (name, 5, "must be a mapping, not int")
            for name in ("command", "metadata", "config", "context", "checkpoint")
        ),
        *((name, [("a", 1)], "must be a mapping, not list") for name in ("metadata", "langsmith_tracing")),
        *((name, 1, "must be True or False, not int") for name in ("stream_subgraphs", "stream_resumable")),
        ("stream_mode", 5, "must be a string or a list, not int"),
        ("stream_mode", ["values", 5], "must be a string, not int"),
        ("stream_mode", {"values": 1}, "must be a string or a list, not dict"),
        ("interrupt_before", 5, "must be a string or a list, not int"),
        ("interrupt_after", [5], "must be a string, not int"),
        ("feedback_keys", "key", "must be a list, not str"),
        ("feedback_keys", b"key", "must be a list, not bytes"),
        *(
            (name, 5, "must be a string, not int")
            for name in ("on_disconnect", "webhook", "multitask_strategy", "if_not_exists", "durability")
        ),
        ("after_seconds", "5", "must be a number, not str"),
        ("after_seconds", True, "must be a number, not bool"),
        ("checkpoint_id", 5, "must be a string or a UUID, not int"),
        ("on_run_created", "print", "must be a function, not str"),
        *(
            ("on_reconnect", one, "must be a plain function, not an async one: nothing awaits it")
            for one in (
                *(sleep, functools.partial(sleep, 1), sleeps, Sleeper(), Sleeper().again, Sleeper.ever),
                *(functools.partial(functools.partial(Sleeper(), 1), 2), AsyncMock()),
            )
        ),
        ("headers", 5, "must be a mapping, not int"),
        (
            "temperature",
            5,
            "stream() has no such argument; extra_body and params send what only a newer server knows",
        ),
        ("stream_modes", 5, "stream() has no such argument; did you mean 'stream_mode'?"),
        ("select", 5, "stream() has no such argument; extra_body and params send what only a newer server knows"),
    ],
)
def test_an_argument_of_the_wrong_type_is_named(argument: str, value: Any, problem: str) -> None:
    with pytest.raises(TypeError) as caught:
        sent({argument: value})
    assert str(caught.value) == f"{argument}: {problem}"


@pytest.mark.parametrize(
    ("argument", "value", "problem"),
    [
        ("stream_mode", [], "the list is empty"),
        ("interrupt_before", "node", "must be '*' or a list of strings, not 'node'"),
        ("interrupt_after", "", "must be '*' or a list of strings, not ''"),
        ("after_seconds", -1, "must be a finite number of at least 0, not -1"),
        ("after_seconds", math.nan, "must be a finite number of at least 0, not nan"),
        ("after_seconds", math.inf, "must be a finite number of at least 0, not inf"),
        ("checkpoint_id", "", "'' is no id"),
        ("command", {"resum": "yes"}, "must have a key of resume, update, goto, not only resum"),
        ("langsmith_tracing", {"project": 1}, "must have a key of project_name, example_id, not only project"),
        ("on_completion", "keep", "it needs a stateless run"),
    ],
)
def test_an_argument_that_can_not_be_used_is_named(argument: str, value: Any, problem: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        sent({argument: value})
    assert str(caught.value) == f"{argument}: {problem}"


@pytest.mark.parametrize("argument", ["checkpoint", "checkpoint_id"])
def test_a_stateless_run_has_no_checkpoint_to_start_from(argument: str) -> None:
    with pytest.raises(ValueError, match=f"^{argument}: it needs a thread$"):
        started(None, "agent", {argument: "c" if argument == "checkpoint_id" else {}})
    body = started(None, "agent", {"on_completion": "keep"})
    assert body == {"assistant_id": "agent", "on_completion": "keep"}


def test_an_assistant_is_a_name_or_an_id() -> None:
    assert started("t", ID, {}) == {"assistant_id": str(ID)}
    with pytest.raises(ValueError, match="^assistant_id: '' is no id$"):
        started("t", "", {})
    with pytest.raises(TypeError, match="^assistant_id: must be a string or a UUID, not NoneType$"):
        started(None, None, {})


# -- fields of tomorrow's server


def test_extra_fields_are_sent_beside_the_arguments() -> None:
    assert sent({"input": 1}, {"future": {"a": None}, "null": None}) == {
        "input": 1,
        "future": {"a": None},
        "null": None,
    }


def test_a_null_that_the_server_is_to_see_goes_by_extra_body() -> None:
    assert sent({"input": None}, {"input": None}) == {"input": None}


@pytest.mark.parametrize("name", ["input", "assistant_id", "stream_mode"])
def test_an_extra_field_does_not_contradict_an_argument(name: str) -> None:
    with pytest.raises(ValueError, match=f"^extra_body: '{name}' is given by an argument already$"):
        sent({"input": 1, "stream_mode": "values"}, {name: "other"})


@pytest.mark.parametrize("extra_body", ["future", [("a", 1)], 5])
def test_extra_fields_are_a_mapping(extra_body: Any) -> None:
    with pytest.raises(TypeError, match="^extra_body: must be a mapping, not "):
        sent({}, extra_body)


def test_the_callers_mappings_stay_as_they_are() -> None:
    metadata, extra = {"a": 1}, {"future": 1}
    sent({"metadata": metadata}, extra)
    batch([{"assistant_id": "a", "metadata": metadata, "extra_body": extra}])
    assert (metadata, extra) == ({"a": 1}, {"future": 1})


# -- several runs at once


def test_a_batch_is_a_list_of_stateless_runs() -> None:
    request = batch(
        [
            {"assistant_id": "a", "input": {"n": 1}, "metadata": None},
            {"assistant_id": ID, "on_completion": "keep", "extra_body": {"future": 1}},
        ]
    )
    assert orjson.loads(request["content"]) == [
        {"assistant_id": "a", "input": {"n": 1}},
        {"assistant_id": str(ID), "on_completion": "keep", "future": 1},
    ]


@pytest.mark.parametrize(
    ("payloads", "kind", "problem"),
    [
        ([], ValueError, "payloads: the list is empty"),
        ({"assistant_id": "a"}, TypeError, "payloads: must be a list of mappings, not dict"),
        ("agent", TypeError, "payloads: must be a list of mappings, not str"),
        (5, TypeError, "payloads: must be a list of mappings, not int"),
        (["agent"], TypeError, "payloads[0]: must be a mapping, not str"),
        ([{"assistant_id": "a"}, {}], ValueError, "payloads[1].assistant_id: it is missing"),
        ([{"assistant_id": None}], ValueError, "payloads[0].assistant_id: it is missing"),
        ([{"assistant_id": ""}], ValueError, "payloads[0].assistant_id: '' is no id"),
        ([{"assistant_id": "a", "metadata": 5}], TypeError, "payloads[0].metadata: must be a mapping, not int"),
        (
            [{"assistant_id": "a", "input": object()}],
            TypeError,
            "payloads[0].input: object is not JSON",
        ),
        (
            [{"assistant_id": "a", "checkpoint_id": "c"}],
            TypeError,
            "payloads[0].checkpoint_id: create_batch() has no such argument; extra_body and params send what only a newer server knows",
        ),
        (
            [{"assistant_id": "a", "durability": "sink"}],
            ValueError,
            (
                "payloads[0].durability: must be one of 'async', 'exit', 'sync', not 'sink'; the nearest is 'sync' "
                "(extra_body and params send what only a newer server knows)"
            ),
        ),
        (
            [{"assistant_id": "a", "thread_id": "t"}],
            TypeError,
            "payloads[0].thread_id: create_batch() has no such argument; extra_body and params send what only a newer server knows",
        ),
    ],
)
def test_what_is_wrong_in_a_batch_is_named_with_its_item(payloads: Any, kind: type[Exception], problem: str) -> None:
    with pytest.raises(kind) as caught:
        batch(payloads)
    assert str(caught.value) == problem


def cancelled(options: dict[str, Any]) -> dict[str, Any]:
    """The body of `cancel_many` with these options."""
    return runs_cancel(checked("cancel_many", CancelManyOptions, options)).to_dict()


def test_several_runs_are_cancelled_by_status_or_by_id() -> None:
    assert cancelled({"status": "pending"}) == {"status": "pending"}
    ids = {"thread_id": str(ID), "run_ids": ["r", str(ID)]}
    assert cancelled({"thread_id": ID, "run_ids": ["r", ID]}) == ids
    assert cancelled({"status": "all", "extra_body": {"future": 1}}) == {"status": "all", "future": 1}


def test_a_newer_servers_way_to_cancel_goes_by_extra_body() -> None:
    assert cancelled({"extra_body": {"status": "parked"}}) == {"status": "parked"}
    assert cancelled({"extra_body": {"assistant_id": "a"}}) == {"assistant_id": "a"}


@pytest.mark.parametrize(
    ("options", "kind", "problem"),
    [
        ({}, ValueError, "run_ids: give thread_id and run_ids, or status"),
        ({"thread_id": "t"}, ValueError, "run_ids: give thread_id and run_ids, or status"),
        ({"run_ids": ["r"]}, ValueError, "run_ids: give thread_id and run_ids, or status"),
        (
            {"thread_id": "t", "status": "all"},
            ValueError,
            "status: give either status, or thread_id and run_ids",
        ),
        (
            {"thread_id": "t", "run_ids": ["r"], "extra_body": {"status": "all"}},
            ValueError,
            "status: give either status, or thread_id and run_ids",
        ),
        ({"run_ids": ["r"], "status": "all"}, ValueError, "status: give either status, or thread_id and run_ids"),
        ({"thread_id": "t", "run_ids": []}, ValueError, "run_ids: the list is empty"),
        ({"thread_id": "t", "run_ids": ["r", ".."]}, ValueError, "run_ids: '..' is no id"),
        ({"thread_id": "t", "run_ids": "r"}, TypeError, "run_ids: must be a list, not str"),
        ({"thread_id": "t", "run_ids": [5]}, TypeError, "run_ids: must be a string or a UUID, not int"),
        ({"thread_id": "", "run_ids": ["r"]}, ValueError, "thread_id: '' is no id"),
        ({"status": 5}, TypeError, "status: must be a string, not int"),
    ],
)
def test_neither_or_both_ways_to_cancel_are_refused(
    options: dict[str, Any], kind: type[Exception], problem: str
) -> None:
    with pytest.raises(kind) as caught:
        cancelled(options)
    assert str(caught.value) == problem


def test_the_payloads_of_a_map_are_any_iterable_of_mappings() -> None:
    one: RunCreate = {"assistant_id": "a"}
    for payloads in ([one], (one,), iter([one]), (found for found in [one]), {"": one}.values()):
        assert [*each(payloads)] == [one]

    async def later() -> AsyncIterator[RunCreate]:
        yield one

    wrong: Any
    for wrong in (one, "agent", None, later()):
        with pytest.raises(TypeError, match=f"^payloads: must be an iterable of mappings, not {type(wrong).__name__}$"):
            each(wrong)


# -- words of a fixed set


@pytest.mark.parametrize(
    ("method", "kind", "name", "value", "allowed", "nearest"),
    [
        ("stream", StreamArguments, "stream_mode", "value", "'tasks', 'updates', 'values'", "values"),
        ("stream", StreamArguments, "stream_mode", ["values", "update"], "'tasks', 'updates', 'values'", "updates"),
        ("join_stream", JoinStreamArguments, "stream_mode", "message", "'messages', 'messages-tuple'", "messages"),
        ("create", CreateOptions, "stream_mode", "debugs", "'checkpoints', 'custom'", "debug"),
        ("create", CreateOptions, "multitask_strategy", "queue", "'enqueue', 'interrupt', 'reject'", "enqueue"),
        ("create", CreateOptions, "if_not_exists", "Create", "'create', 'reject'", "create"),
        ("create", CreateOptions, "durability", "asynch", "'async', 'exit', 'sync'", "async"),
        ("create", CreateOptions, "on_completion", "kept", "'delete', 'keep'", "keep"),
        ("stream", StreamArguments, "on_disconnect", "cancelled", "'cancel', 'continue'", "cancel"),
        ("list", ListArguments, "status", "failed", "'error', 'interrupted', 'pending'", "interrupted"),
        ("list", ListArguments, "select", ["id"], "'assistant_id', 'created_at'", "run_id"),
        ("cancel", CancelOptions, "action", "rollbak", "'interrupt', 'rollback'", "rollback"),
        ("cancel_many", CancelManyOptions, "status", "success", "'all', 'pending', 'running'", "running"),
        ("cancel_many", CancelManyOptions, "action", "stop", "'interrupt', 'rollback'", "interrupt"),
    ],
)
def test_a_word_that_is_not_known_is_refused_with_those_that_are(
    method: str, kind: type, name: str, value: Any, allowed: str, nearest: str
) -> None:
    with pytest.raises(ValueError, match=f"^{name}: must be one of '") as caught:
        checked(method, kind, {name: value})
    word = value[-1] if isinstance(value, list) else value
    assert allowed in str(caught.value)
    assert str(caught.value).endswith(
        f", not {word!r}; the nearest is {nearest!r} (extra_body and params send what only a newer server knows)"
    )


# -- what is left out


def test_what_is_left_out_has_its_default_unless_an_extra_field_replaces_it() -> None:
    defaults = {"stream_mode": "values", "stream_subgraphs": False, "stream_resumable": False}
    assert with_defaults("create", CreateOptions, {"input": None}) == defaults
    assert with_defaults("create", CreateOptions, {"stream_mode": "custom"}) == {**defaults, "stream_mode": "custom"}
    extra = {"stream_mode": "tomorrow", "stream_resumable": None}
    options = with_defaults("create", CreateOptions, {"extra_body": extra})
    assert options == {"extra_body": extra, "stream_subgraphs": False}
    assert started("t", "a", options) == {
        "assistant_id": "a",
        "stream_subgraphs": False,
        "stream_mode": "tomorrow",
        "stream_resumable": None,
    }


@pytest.mark.parametrize(
    ("modes", "has"),
    [("messages", True), (["values", "messages"], True), ("values", False), (["messages-tuple"], False), (None, False)],
)
def test_a_mode_is_among_one_or_several(modes: Any, has: bool) -> None:
    assert has_mode("messages", modes) is has


# -- ids


@pytest.mark.parametrize(
    ("id", "segment"),
    [
        ("plain-1_2.3~", "plain-1_2.3~"),
        (ID, str(ID)),
        ("...", "..."),
        ("a/b", "a%2Fb"),
        ("a?b#c", "a%3Fb%23c"),
        ("a b", "a%20b"),
        ("%2e%2e", "%252e%252e"),
        ("a\\b", "a%5Cb"),
        ("\u65e5\u672c", "%E6%97%A5%E6%9C%AC"),
        ("\N{ALIEN MONSTER}", "%F0%9F%91%BE"),
        (" ", "%20"),
        ("a;b,c=d&e+f@g:h", "a%3Bb%2Cc%3Dd%26e%2Bf%40g%3Ah"),
    ],
)
def test_an_id_is_one_segment_of_the_path(id: str | UUID, segment: str) -> None:
    assert get_run.get_kwargs("t", path_id("run_id", id))["url"] == f"/threads/t/runs/{segment}"


@pytest.mark.parametrize(
    "id", ["", ".", "..", "a\nb", "\r", "\t", "\0", "a\x1f", "\x7f", "a\x80", "\x9f", "\ud800", "a\udfffb"]
)
def test_what_can_be_no_id_is_refused(id: str) -> None:
    with pytest.raises(ValueError, match="^run_id: ") as caught:
        path_id("run_id", id)
    str(caught.value).encode()


@pytest.mark.parametrize("id", [None, 5, b"r", ["r"], object()])
def test_an_id_is_a_text_or_a_uuid(id: Any) -> None:
    with pytest.raises(TypeError, match="^run_id: must be a string or a UUID, not "):
        path_id("run_id", id)


@pytest.mark.parametrize("id", ["-1", "1795323641855-0", "run_event_3", "a b", "\u00e9", "\u65e5"])
def test_an_events_id_is_what_the_server_gave(id: str) -> None:
    assert event_id("last_event_id", id) == id


@pytest.mark.parametrize("id", ["", " ", " a", "a ", "a\nb", "\r", "\0", "\x7f", "\ud800"])
def test_what_can_be_no_events_id_is_refused(id: str) -> None:
    with pytest.raises(ValueError, match="^last_event_id: .* is no event's id$"):
        event_id("last_event_id", id)
    with pytest.raises(TypeError, match="^last_event_id: must be a string, not int$"):
        event_id("last_event_id", 5)  # type: ignore[arg-type] # that is the point


# -- queries


@pytest.mark.parametrize(
    ("modes", "parameter"),
    [
        ("values", "values"),
        (["values"], '["values"]'),
        (["values", "custom"], '["values","custom"]'),
        (("values", "custom"), '["values","custom"]'),
    ],
)
def test_the_modes_to_join_with_are_one_parameter(modes: Any, parameter: Any) -> None:
    request = join_request({"stream_mode": modes}, RunLocation("r", "t"), None)
    assert (request["url"], request["params"]) == ("/threads/t/runs/r/stream", {"stream_mode": parameter})


def test_a_stream_is_joined_at_the_address_that_is_known() -> None:
    for thread_id, url in ((None, "/runs/r/stream"), ("t", "/threads/t/runs/r/stream")):
        request = join_request({"cancel_on_disconnect": True}, RunLocation("r", thread_id), "7")
        assert (request["url"], request["params"]) == (url, {"cancel_on_disconnect": 1})
        assert request["headers"] == {"Last-Event-ID": "7"}
    assert join_request({"cancel_on_disconnect": False}, RunLocation("r", "t"), None)["params"] == {}


@pytest.mark.parametrize(
    ("name", "value", "kind", "problem"),
    [
        ("limit", 0, ValueError, "must be an integer of at least 1, not 0"),
        ("offset", -1, ValueError, "must be an integer of at least 0, not -1"),
        ("limit", True, TypeError, "must be an integer, not bool"),
        ("limit", 1.0, TypeError, "must be an integer, not float"),
        ("offset", "1", TypeError, "must be an integer, not str"),
    ],
)
def test_a_count_is_an_integer_of_at_least_so_much(name: str, value: Any, kind: type[Exception], problem: str) -> None:
    assert checked("list", ListArguments, {"limit": 1, "offset": 0}) == {"limit": 1, "offset": 0}
    assert checked("list", ListArguments, {"limit": 10**400}) == {"limit": 10**400}  # no float is as large
    with pytest.raises(kind) as caught:
        checked("list", ListArguments, {name: value})
    assert str(caught.value) == f"{name}: {problem}"
