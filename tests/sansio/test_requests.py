"""Arguments become bodies and queries; each one that can't is named, before anything is sent."""

import dataclasses
import enum
import math
from collections import UserDict, deque
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import orjson
import pytest

from langgraph_runs._sansio.requests import (
    batch,
    count,
    event_id,
    given,
    join_stream_mode,
    path_id,
    runs_cancel,
    stateful,
    stateless,
    time,
)
from langgraph_runs_api.api.runs import create_run, create_run_batch, get_run
from langgraph_runs_api.types import UNSET

ID = UUID("12345678-1234-5678-1234-567812345678")


def sent(arguments: dict[str, Any], extra_body: Any = None) -> Any:
    """The body of a run on a thread with these arguments, but for the assistant, as the server reads it."""
    body = orjson.loads(create_run.get_kwargs("t", body=stateful("agent", arguments, extra_body))["content"])
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
        ("stream_mode", "a mode of tomorrow"),
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
        ("multitask_strategy", "tomorrow's"),
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


def circle() -> list[Any]:
    """A list that holds itself."""
    items: list[Any] = []
    items.append(items)
    return items


@pytest.mark.parametrize("argument", ["input", "metadata", "config", "context", "command", "checkpoint", "extra"])
@pytest.mark.parametrize(
    "value",
    [object(), {"a": object()}, [Path("x")], {(1, 2): 3}, 2**64, "\ud800", deque([1]), circle(), Model, b"bytes"],
    ids=["object", "deep", "path", "key", "huge", "surrogate", "deque", "circle", "class", "bytes"],
)
def test_what_can_not_be_json_is_named(argument: str, value: Any) -> None:
    arguments = {} if argument == "extra" else {argument: value if argument == "input" else {"x": value}}
    with pytest.raises(TypeError, match=f"^{argument}: "):
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
        ("stream_mode", 5, "must be a list, not int"),
        ("stream_mode", ["values", 5], "must be a string, not int"),
        ("stream_mode", {"values": 1}, "must be a list, not dict"),
        ("interrupt_before", 5, "must be a list, not int"),
        ("interrupt_after", [5], "must be a string, not int"),
        ("feedback_keys", "key", "must be a list, not str"),
        ("feedback_keys", b"key", "must be a list, not bytes"),
        *(
            (name, 5, "must be a string, not int")
            for name in ("on_disconnect", "webhook", "multitask_strategy", "if_not_exists", "durability")
        ),
        ("after_seconds", "5", "must be a number of seconds, not str"),
        ("after_seconds", True, "must be a number of seconds, not bool"),
        ("checkpoint_id", 5, "must be a string or a UUID, not int"),
        ("temperature", 5, "there is no such argument; extra_body takes fields that this client does not know"),
    ],
)
def test_an_argument_of_the_wrong_type_is_named(argument: str, value: Any, problem: str) -> None:
    with pytest.raises(TypeError) as caught:
        sent({argument: value})
    assert str(caught.value) == f"{argument}: {problem}"


@pytest.mark.parametrize(
    ("argument", "value", "problem"),
    [
        ("stream_mode", [], "there is none"),
        ("interrupt_before", "node", "must be '*' or a list of nodes, not 'node'"),
        ("interrupt_after", "", "must be '*' or a list of nodes, not ''"),
        ("after_seconds", -1, "must be a number of seconds that is not negative, not -1"),
        ("after_seconds", math.nan, "must be a number of seconds that is not negative, not nan"),
        ("after_seconds", math.inf, "must be a number of seconds that is not negative, not inf"),
        ("checkpoint_id", "", "'' is no id"),
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
        stateless("agent", {argument: "c" if argument == "checkpoint_id" else {}}, None)
    assert stateless("agent", {argument: None, "on_completion": "keep"}, None).to_dict() == {
        "assistant_id": "agent",
        "on_completion": "keep",
    }


def test_an_assistant_is_a_name_or_an_id() -> None:
    assert stateful(ID, {}, None).assistant_id == str(ID)
    with pytest.raises(ValueError, match="^assistant_id: '' is no id$"):
        stateful("", {}, None)
    with pytest.raises(TypeError, match="^assistant_id: must be a string or a UUID, not NoneType$"):
        stateless(None, {}, None)  # type: ignore[arg-type] # that is the point


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
    bodies = batch(
        [
            {"assistant_id": "a", "input": {"n": 1}, "metadata": None},
            {"assistant_id": ID, "on_completion": "keep", "extra_body": {"future": 1}},
        ]
    )
    assert orjson.loads(create_run_batch.get_kwargs(body=bodies)["content"]) == [
        {"assistant_id": "a", "input": {"n": 1}},
        {"assistant_id": str(ID), "on_completion": "keep", "future": 1},
    ]


@pytest.mark.parametrize(
    ("payloads", "kind", "problem"),
    [
        ([], ValueError, "payloads: there is none"),
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
            "payloads[0].input: Type is not JSON serializable: object",
        ),
        ([{"assistant_id": "a", "checkpoint_id": "c"}], ValueError, "payloads[0].checkpoint_id: it needs a thread"),
        (
            [{"assistant_id": "a", "thread_id": "t"}],
            TypeError,
            "payloads[0].thread_id: there is no such argument; extra_body takes fields that this client does not know",
        ),
    ],
)
def test_what_is_wrong_in_a_batch_is_named_with_its_item(payloads: Any, kind: type[Exception], problem: str) -> None:
    with pytest.raises(kind) as caught:
        batch(payloads)
    assert str(caught.value) == problem


def test_several_runs_are_cancelled_by_status_or_by_id() -> None:
    assert runs_cancel(None, None, "pending", None).to_dict() == {"status": "pending"}
    assert runs_cancel(ID, ["r", ID], None, None).to_dict() == {"thread_id": str(ID), "run_ids": ["r", str(ID)]}
    assert runs_cancel(None, None, "all", {"future": 1}).to_dict() == {"status": "all", "future": 1}


@pytest.mark.parametrize(
    ("arguments", "kind", "problem"),
    [
        ((None, None, None, None), ValueError, "run_ids: give thread_id and run_ids, or status"),
        (("t", None, None, None), ValueError, "run_ids: give thread_id and run_ids, or status"),
        ((None, ["r"], None, None), ValueError, "run_ids: give thread_id and run_ids, or status"),
        (("t", ["r"], "all", None), ValueError, "status: give either status, or thread_id and run_ids"),
        ((None, ["r"], "all", None), ValueError, "status: give either status, or thread_id and run_ids"),
        (("t", [], None, None), ValueError, "run_ids: there is none"),
        (("t", ["r", ".."], None, None), ValueError, "run_ids: '..' is no id"),
        (("t", "r", None, None), TypeError, "run_ids: must be a list, not str"),
        (("t", [5], None, None), TypeError, "run_ids: must be a string or a UUID, not int"),
        (("", ["r"], None, None), ValueError, "thread_id: '' is no id"),
        ((None, None, 5, None), TypeError, "status: must be a string, not int"),
    ],
)
def test_neither_or_both_ways_to_cancel_are_refused(arguments: Any, kind: type[Exception], problem: str) -> None:
    with pytest.raises(kind) as caught:
        runs_cancel(*arguments)
    assert str(caught.value) == problem


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
        (None, UNSET),
        ("values", "values"),
        (["values"], '["values"]'),
        (["values", "custom"], '["values","custom"]'),
        (("values", "custom"), '["values","custom"]'),
    ],
)
def test_the_modes_to_join_with_are_one_parameter(modes: Any, parameter: Any) -> None:
    assert join_stream_mode(modes) == parameter


def test_modes_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="^stream_mode: there is none$"):
        join_stream_mode([])
    with pytest.raises(TypeError, match="^stream_mode: must be a list, not int$"):
        join_stream_mode(5)  # type: ignore[arg-type] # that is the point


def test_a_count_is_an_integer_of_at_least_so_much() -> None:
    assert count("limit", 1, least=1) == 1
    assert count("offset", 0, least=0) == 0
    with pytest.raises(ValueError, match="^limit: must be at least 1, not 0$"):
        count("limit", 0, least=1)
    for value in (True, 1.0, "1", None):
        with pytest.raises(TypeError, match="^limit: must be an integer, not "):
            count("limit", value, least=1)  # type: ignore[arg-type] # that is the point


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (None, None),
        (NOON, NOON),
        (datetime(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC)),  # noqa: DTZ001 - that is the point
        ("2026-11-22T12:00:00+01:00", NOON),
        ("2026-11-22T11:00:00Z", NOON),
        ("20261122T110000Z", NOON),
        ("2026-11-22T11:00:00.000", NOON),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-W47-7", datetime(2026, 11, 22, tzinfo=UTC)),
    ],
)
def test_a_time_is_a_datetime_or_iso_8601(value: Any, moment: datetime | None) -> None:
    found = time("created_after", value)
    assert found == moment
    assert found is None or found.tzinfo is not None


@pytest.mark.parametrize(
    "value", ["", "yesterday", "22.11.2026", "2026-13-01", "2026-11-22T25:00", "\u0662\u0660\u0662\u0666"]
)
def test_a_text_that_is_no_time_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=f"^created_after: '{value}' is no ISO 8601 time$"):
        time("created_after", value)


@pytest.mark.parametrize("value", [5, 5.0, NOON.date(), b"2026-11-22"])
def test_a_time_is_nothing_else(value: Any) -> None:
    with pytest.raises(TypeError, match="^created_after: must be a datetime or ISO 8601 text, not "):
        time("created_after", value)


def test_given_is_all_but_none() -> None:
    assert given(None) is UNSET
    assert [given(0), given(""), given(False)] == [0, "", False]
