"""Words that JSON does not have, times in words, and what looks like progress."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from langgraph_runs._cli.live import progress_of
from langgraph_runs._cli.values import parsed, time


@pytest.mark.parametrize("text", ['{"n": "é"}', "n: é"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_and_yaml_as_windows_writes_them(text: str, encoding: str) -> None:
    assert parsed(text.encode(encoding)) == {"n": "é"}


@pytest.mark.parametrize(
    "text", ["no", "On", "y", "12:30", "010", "+4", "0x1F", "1_000", ".inf", "2026-11-20", "=", "a"]
)
def test_a_plain_word_that_json_does_not_have_is_text(text: str) -> None:
    assert parsed(f"{{a: {text}}}".encode()) == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, -2.5, 1e-3, 12345678901234567890123]", [1, -2.5, 1e-3, 12345678901234567890123]),
        ("[true, True, FALSE, null, NULL, ~, ]", [True, True, False, None, None, None]),
        ("['1', \"true\", !!str 1]", ["1", "true", "1"]),
        ("a: &x {b: 1}\nc: {<<: *x}", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a:", {"a": None}),
        ('{"n": 12345678901234567890123}', {"n": 12345678901234567890123}),
    ],
)
def test_other_plain_words_are_as_in_json(text: str, value: Any) -> None:
    assert parsed(text.encode()) == value


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3 hours ago", 3 * 3600), ("1 minute ago", 60), ("2 weeks", 14 * 86400), ("90s", 90), ("1d", 86400)],
)
def test_time_ago(text: str, seconds: int) -> None:
    before = datetime.now(UTC) - timedelta(seconds=seconds)
    assert before <= time(text) <= datetime.now(UTC) - timedelta(seconds=seconds)


def test_times_without_a_zone_are_local() -> None:
    assert time("2026-11-20") == datetime(2026, 11, 20).astimezone()
    assert time("2026-11-20T14:30Z") == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "label", "done", "total"),
    [
        ({"type": "progress", "i": 3}, "progress", 3, None),
        ({"label": "pages", "done": 2, "total": 7}, "pages", 2, 7),
        ({"name": "files", "step": 2, "steps": 4, "total": 4}, "files", 2, 4),
        ({"progress": 0.25}, "progress", 0.25, 1),
        ({"progress": 25, "task": "index"}, "index", 25, 100),
        ({"percent": 80}, "progress", 80, 100),
        ({"current": 0, "total": 0}, "progress", 0, 0),
    ],
)
def test_progress(data: Any, label: str, done: float, total: float | None) -> None:
    found = progress_of(data)
    assert found
    assert (found.label, found.done, found.total) == (label, done, total)


@pytest.mark.parametrize(
    "data", [None, [], 3, {}, {"n": 3}, {"i": 3}, {"type": "progress"}, {"done": True, "total": 3}, {"total": 7}]
)
def test_no_progress(data: Any) -> None:
    assert progress_of(data) is None
