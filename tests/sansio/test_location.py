"""Where a run is, as the three servers tell it, and what is not believed."""

from urllib.parse import urljoin

import httpx
import pytest

from langgraph_runs._sansio.location import RunLocation, locate
from tests.support.recordings import Recording, load_recordings

ASKED = "http://server:2024/threads/t/runs/stream"


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
    assert locate(httpx.Headers(headers), ASKED) == RunLocation(run_id, thread_id)


@pytest.mark.parametrize(
    "location",
    [
        "http://elsewhere:2024/threads/t/runs/r/stream",
        "https://server:2024/threads/t/runs/r/stream",
        "http://server:2025/threads/t/runs/r/stream",
        "http://server/threads/t/runs/r/stream",
        "//elsewhere/threads/t/runs/r/stream",
        "http://server:2024@elsewhere/threads/t/runs/r/stream",
        "http://server:abc/threads/t/runs/r/stream",
        "http://[::1/threads/t/runs/r/stream",
        "//[x/threads/t/runs/r",
        "ftp://server:2024/threads/t/runs/r",
    ],
)
def test_what_is_of_another_origin_or_no_url_is_not_believed(location: str) -> None:
    assert locate(httpx.Headers({"location": location}), ASKED) == RunLocation()


def test_another_origin_is_passed_over_for_the_header_that_comes_next() -> None:
    headers = httpx.Headers({"location": "http://elsewhere/runs/x", "content-location": "/threads/t/runs/r"})
    assert locate(headers, ASKED) == RunLocation("r", "t")


@pytest.mark.parametrize("path", ["/threads/t/runs/..", "/threads/%2E%2E/runs/r", "/threads/t/runs/a%0Ab", "/runs/%2e"])
def test_what_could_be_no_id_is_not_taken_for_one(path: str) -> None:
    assert locate(httpx.Headers({"location": path}), ASKED) == RunLocation()


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
    found = locate(httpx.Headers(list(recording.headers)), urljoin("http://server:2024", recording.target))
    assert f"/runs/{found.run_id}" in (recording.header("content-location") or "")
    told = recording.header("location") or recording.header("content-location") or ""
    assert ("/threads/" in told) == (found.thread_id is not None)
    if found.thread_id is not None:
        assert f"/threads/{found.thread_id}/" in told


@pytest.mark.parametrize(
    ("asked", "told"), [("http://server/", "http://server:80/"), ("https://server:443/", "//server/")]
)
def test_a_default_port_may_be_left_out(asked: str, told: str) -> None:
    assert locate(httpx.Headers({"location": f"{told}runs/r"}), asked) == RunLocation("r")
