"""Which runs a list gives, as far as no server decides that."""

import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from langgraph_runs import PartialRun, Run
from langgraph_runs._sansio.checks import checked, time
from langgraph_runs._sansio.filters import RunFilter
from langgraph_runs.options import ListArguments, ListOptions
from tests.support.samples import run_json

CREATED = datetime(2026, 11, 22, 5, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def run(**fields: Any) -> Run:
    """A run that was created at CREATED."""
    return Run.from_dict(run_json(created_at=CREATED.isoformat(), **fields))


def run_filter(*values: Any) -> RunFilter:
    """The filter that `list` makes of these options."""
    return RunFilter.take(checked("list", ListOptions, dict(zip(RunFilter._fields, values, strict=True))))


@pytest.mark.parametrize(
    ("wanted", "present", "matches"),
    [
        (None, {"a": 1}, True),
        ({}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {}, False),
        ({"a": None}, {}, False),
        ({"a": None}, {"a": None}, True),
        ({"a": {"b": [1]}}, {"a": {"b": [1]}}, True),
        ({"a": {"b": [1]}}, {"a": {"b": [1], "c": 2}}, False),
    ],
)
def test_all_given_keys_of_the_metadata_are_equal(wanted: Any, present: Any, matches: bool) -> None:
    assert run_filter(wanted, None, None).matches(run(metadata=present)) is matches


@pytest.mark.parametrize(
    ("wanted", "present"),
    [
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (CREATED, "2026-11-22T05:00:00+00:00"),
        (("a", {"b": (1, None)}), ["a", {"b": [1, None]}]),
        (Decimal("1.50"), "1.50"),
        ({1: {"x"}}, {"1": ["x"]}),
        (math.nan, None),
    ],
)
def test_the_metadata_is_compared_as_it_was_sent(wanted: Any, present: Any) -> None:
    assert run_filter({"a": wanted}, None, None).matches(run(metadata={"a": present}))


def test_metadata_that_can_not_be_sent_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"^metadata\.a: object is not JSON$"):
        run_filter({"a": object()}, None, None)


def test_a_run_without_metadata_has_no_key() -> None:
    assert not run_filter({"a": 1}, None, None).matches(run())
    assert not run_filter({"a": 1}, None, None).matches(run(metadata=None))


@pytest.mark.parametrize(
    ("after", "before", "matches"),
    [
        (CREATED - SECOND, None, True),
        (CREATED, None, False),
        (CREATED + SECOND, None, False),
        (None, CREATED + SECOND, True),
        (None, CREATED, False),
        (None, CREATED - SECOND, False),
        (CREATED - SECOND, CREATED + SECOND, True),
        (CREATED + SECOND, CREATED - SECOND, False),
        ("2026-11-22T04:59:59Z", "2026-11-22T06:00:01+01:00", True),
        ("2026-11-22T04:59:59", None, True),
        ("2026-11-22T05:00:00", None, False),
        ((CREATED - SECOND).astimezone(timezone(timedelta(hours=9))), None, True),
    ],
)
def test_a_run_lies_between_the_times(after: Any, before: Any, matches: bool) -> None:
    assert run_filter(None, after, before).matches(run()) is matches


def test_a_servers_time_without_a_zone_is_utc() -> None:
    naive = Run.from_dict(run_json(created_at="2026-11-22T05:00:00"))
    assert run_filter(None, CREATED - SECOND, CREATED + SECOND).matches(naive)


def test_a_run_whose_time_is_unknown_lies_nowhere() -> None:
    partial = PartialRun.from_dict({"run_id": "r"})
    assert not run_filter(None, CREATED, None).matches(partial)
    assert not run_filter(None, None, CREATED).matches(partial)
    assert run_filter(None, None, None).matches(partial)


def test_all_demands_hold_together() -> None:
    wanted = run_filter({"a": 1}, CREATED - SECOND, CREATED + SECOND)
    assert wanted.matches(run(metadata={"a": 1}))
    assert not wanted.matches(run(metadata={"a": 2}))
    assert not run_filter({"a": 1}, CREATED, None).matches(run(metadata={"a": 1}))


@pytest.mark.parametrize(
    ("arguments", "active"),
    [
        ((None, None, None), False),
        (({}, None, None), False),
        (({"a": None}, None, None), True),
        ((None, CREATED, None), True),
        ((None, None, CREATED), True),
    ],
)
def test_a_filter_knows_whether_there_is_anything_to_filter(arguments: Any, active: bool) -> None:
    assert run_filter(*arguments).active is active


def test_the_fields_to_filter_by_are_asked_for_too() -> None:
    wanted = run_filter({"a": 1}, None, None)
    assert wanted.fields(["status"]) == ["status", "run_id", "metadata", "created_at"]
    assert wanted.fields(["metadata", "status", "run_id"]) == ["metadata", "status", "run_id", "created_at"]


@pytest.mark.parametrize(
    ("arguments", "kind", "problem"),
    [
        (([("a", 1)], None, None), TypeError, "^metadata: must be a mapping, not list$"),
        (("a", None, None), TypeError, "^metadata: must be a mapping, not str$"),
        ((None, 5, None), TypeError, "^created_after: must be a datetime or ISO 8601 text, not int$"),
        ((None, None, "soon"), ValueError, "^created_before: 'soon' is no ISO 8601 time$"),
    ],
)
def test_an_argument_that_can_not_be_used_is_named(arguments: Any, kind: type[Exception], problem: str) -> None:
    with pytest.raises(kind, match=problem):
        run_filter(*arguments)


NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (NOON, NOON),
        ("2026-11-22T12:00:00+01:00", NOON),
        ("2026-11-22T11:00:00Z", NOON),
        ("20261122T110000Z", NOON),
        ("2026-11-22T11:00:00.000", NOON),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-W47-7", datetime(2026, 11, 22, tzinfo=UTC)),
    ],
)
def test_a_time_is_a_datetime_or_iso_8601(value: Any, moment: datetime) -> None:
    found = time("created_after", value)
    assert found == moment
    assert found.tzinfo is not None


def test_a_datetime_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^created_after: datetime.*has no time zone; UTC is datetime.now\(UTC\)"):
        checked("list", ListArguments, {"created_after": NOON.replace(tzinfo=None)})


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
