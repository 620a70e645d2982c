"""Where a run is, as the three servers tell it, and what is not believed."""

from typing import Any

import httpx
import pytest

from langgraph_runs._sansio.location import RunLocation, locate, located
from tests.support.recordings import Recording, load_recordings


@pytest.mark.parametrize(
    ("headers", "run_id", "thread_id"),
    [
        ({"location": "/threads/t/runs/r/stream"}, "r", "t"),
        ({"location": "/threads/t/runs/r/join"}, "r", "t"),
        ({"location": "/threads/t/runs/r"}, "r", "t"),
        ({"location": "/threads/t/runs/r/"}, "r", "t"),
        ({"content-location": "/threads/t/runs/r"}, "r", "t"),
        ({"content-location": "/runs/r"}, "r", None),
        ({"location": "/runs/r/stream"}, "r", None),
        ({"location": "/threads/t/runs/r/stream", "content-location": "/runs/other"}, "r", "t"),
        ({"location": "/elsewhere", "content-location": "/threads/t/runs/r"}, "r", "t"),
        ({"location": "http://server:2024/threads/t/runs/r/stream"}, "r", "t"),
        ({"location": "/prefix/threads/t/runs/r/stream"}, "r", "t"),
        ({"location": "/threads/a%2Fb/runs/%E6%97%A5/stream?x=/runs/y#z"}, "\u65e5", "a/b"),
        ({}, None, None),
        ({"location": "http://SERVER:2024/threads/t/runs/r"}, "r", "t"),
        ({"location": ""}, None, None),
        ({"location": "/threads/t"}, None, None),
        ({"location": "/threads/t/runs/"}, None, None),
        ({"location": "/threads/t/runs/r/other"}, None, None),
    ],
)
def test_a_run_is_found_in_either_header(headers: dict[str, str], run_id: str | None, thread_id: str | None) -> None:
    assert locate(httpx.Headers(headers)) == RunLocation(run_id, thread_id)


@pytest.mark.parametrize(
    "location",
    [
        "http://internal:8000/threads/t/runs/r/stream",
        "https://server/prefix/threads/t/runs/r/stream",
        "//internal/threads/t/runs/r",
        "http://user:password@internal/threads/t/runs/r/join?x=1#y",
        "http://server:abc/threads/t/runs/r/stream",
    ],
)
def test_only_the_ids_of_an_address_are_used(location: str) -> None:
    assert locate(httpx.Headers({"location": location})) == RunLocation("r", "t")


@pytest.mark.parametrize(
    "location", ["http://[::1/threads/t/runs/r/stream", "//[x/threads/t/runs/r", "/threads/t/runs/.."]
)
def test_what_is_not_an_address_of_a_run_is_passed_over_for_the_header_that_comes_next(location: str) -> None:
    headers = httpx.Headers({"location": location, "content-location": "/threads/t/runs/other"})
    assert locate(headers) == RunLocation("other", "t")


@pytest.mark.parametrize(
    ("metadata", "run_id"),
    [
        ({"run_id": "r", "attempt": 1}, "r"),
        ({"run_id": 1}, None),
        ({"run_id": ".."}, None),
        ({}, None),
        (["run_id"], None),
        (None, None),
    ],
)
def test_a_run_is_found_in_the_metadata_event(metadata: Any, run_id: str | None) -> None:
    assert located(metadata) == RunLocation(run_id)


def test_what_is_known_is_kept() -> None:
    assert RunLocation(None, "t").completed(RunLocation("r", "other")) == RunLocation("r", "t")
    assert RunLocation("r").completed(RunLocation("other", "t")) == RunLocation("r", "t")


@pytest.mark.parametrize("path", ["/threads/t/runs/..", "/threads/%2E%2E/runs/r", "/threads/t/runs/a%0Ab", "/runs/%2e"])
def test_what_could_be_no_id_is_not_taken_for_one(path: str) -> None:
    assert locate(httpx.Headers({"location": path})) == RunLocation()


@pytest.mark.parametrize(
    "recording",
    [
        recording
        for recording in load_recordings()
        if recording.method == "POST" and recording.status == 200 and recording.header("content-location")
    ],
    ids=lambda recording: recording.name,
)
def test_every_recording_that_tells_where_its_run_is_is_understood(recording: Recording) -> None:
    found = locate(httpx.Headers(list(recording.headers)))
    assert f"/runs/{found.run_id}" in (recording.header("content-location") or "")
    told = recording.header("location") or recording.header("content-location") or ""
    assert ("/threads/" in told) == (found.thread_id is not None)
    if found.thread_id is not None:
        assert f"/threads/{found.thread_id}/" in told
