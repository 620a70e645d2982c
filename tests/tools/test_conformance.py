"""What real servers answer is checked while it passes; here the answers are scripted, so that they can be wrong."""

from typing import Any

import httpx
import pytest

from tests.support.conformance import assert_none_violated, checked, described
from tests.support.network import Request
from tests.support.proxy import Cut, FaultProxy
from tests.support.recordings import Recording, load_recordings
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, without

RUN = "/threads/t/runs/r"
TEXT = (("content-type", "text/plain; charset=utf-8"),)
HTML = (("content-type", "text/html"),)


@pytest.mark.parametrize(
    ("asked", "response"),
    [
        (f"GET {RUN}", Response.json(run_json(priority=3, status="paused"))),
        (f"GET {RUN}?x=1", Response.json({"detail": "no"}, 404)),
        (f"GET {RUN}", Response(503, TEXT, b"no")),
        (f"DELETE {RUN}", Response(204)),
        (f"POST {RUN}/cancel", Response(202, (("content-type", "application/json"),))),
        ("GET /threads/t/runs", Response.json([run_json(), {"run_id": "r"}])),
        ("POST /runs/batch", Response.json([run_json(), run_json()])),
        ("POST /runs/wait", Response(200, (("content-type", "application/json"),), [b"\n", b"\n", b'{"n": 1}'])),
        ("POST /runs/stream", Response.events([b"event: custom\n", b"data: 1\n\n"])),
        # Not in openapi.yaml.
        ("POST /store/items", Response(201, HTML, b"<html>")),
        ("PUT /runs", Response(201, HTML, b"<html>")),
        ("GET /runs/a/b/stream", Response(201, HTML, b"<html>")),
    ],
    ids=str,
)
def test_what_is_described_and_what_is_not_openapi_yamls_business_passes(
    asked: str, response: Response, replay: Replay
) -> None:
    exchange(asked, response, replay)


@pytest.mark.parametrize(
    ("asked", "response", "reason"),
    [
        (f"GET {RUN}", Response.json(run_json(), 201), "get_run: GET /threads/t/runs/r: 201: the status 201 is not"),
        (f"GET {RUN}", Response(302, TEXT), "the status 302 is not documented"),
        (f"DELETE {RUN}", Response.json({}), "delete_run: DELETE .* the status 200 is not documented"),
        (f"GET {RUN}", Response(200, HTML, b"<html>"), "the content type 'text/html' is not documented"),
        (f"GET {RUN}", Response(200, (), b"{}"), "the content type '' is not documented"),
        (f"GET {RUN}", Response(500, HTML, b"<html>"), "the content type 'text/html' is not documented"),
        ("POST /runs/stream", Response.json({}), "the content type 'application/json' is not documented"),
        (f"GET {RUN}/join", Response.events([b"data: 1\n\n"]), "the content type 'text/event-stream' is not"),
        (f"POST {RUN}/cancel", Response.json({}, 202), "the status 202 is documented without a body"),
        (f"GET {RUN}", Response.json(without(run_json(), "status")), r"\$: 'status' is a required property"),
        (f"GET {RUN}", Response.json(run_json(created_at="yesterday")), r"\$\.created_at: 'yesterday' is not a"),
        (f"GET {RUN}", Response.json(run_json(metadata=[])), r"\$\.metadata: \[\] is not of type 'object'"),
        (f"GET {RUN}", Response.json(["no run"], 404), r"404: \$: \['no run'\] is not of type 'object'"),
        ("POST /runs/batch", Response.json([run_json(), {}]), r"create_run_batch: .* \$\[1\]: 'run_id' is a required"),
        (
            f"GET {RUN}",
            Response(200, (("content-type", "application/json"),), [b"{", b'"run_id"']),
            "the body is not JSON",
        ),
    ],
    ids=str,
)
def test_what_is_not_described_is_named(asked: str, response: Response, reason: str, replay: Replay) -> None:
    with pytest.raises(AssertionError, match=reason):
        exchange(asked, response, replay)
    assert_none_violated()  # it is told once


@pytest.mark.parametrize("how", ["fin", "rst"])
def test_an_answer_that_was_cut_is_not_judged_by_its_body(how: Any, replay: Replay) -> None:
    with pytest.raises(httpx.HTTPError):
        exchange(f"GET {RUN}", Response.json(run_json(), fault=how, fault_after=9), replay)


def test_a_violation_is_told_before_the_answer_has_ended(replay: Replay) -> None:
    server = replay(Response.json(without(run_json(), "status")))
    with pytest.raises(AssertionError, match="'status' is a required"), checked(server.url) as url:
        httpx.get(url + RUN)
        assert_none_violated()
        pytest.fail("it should have raised")


def test_it_passes_at_once_what_comes_at_once_and_what_is_cut_behind_it(replay: Replay) -> None:
    pieces = [b"event: a\ndata: 1\n\n", b"event: b\n"]
    server = replay(Response.events(pieces, fault="silent", fault_after=len(pieces[0])))

    def first(_: Request) -> Cut:
        return Cut(1, "rst")

    with checked(server.url) as url:
        with httpx.stream("GET", f"{url}{RUN}/stream") as answer:
            assert next(answer.iter_raw()) == pieces[0]
        with FaultProxy(url, first) as cutting, pytest.raises(httpx.ReadError):
            httpx.get(f"{cutting.url}{RUN}/stream")


@pytest.mark.parametrize("recording", load_recordings(), ids=lambda recording: recording.name)
def test_all_recorded_answers_are_described(recording: Recording) -> None:
    path = recording.target.partition("?")[0]
    operation = described().operation(recording.method, path)
    assert operation is not None
    assert operation.problem(recording.status, recording.header("content-type") or "", recording.body) is None


def test_paths_that_are_written_out_come_before_those_with_parameters() -> None:
    found = {
        asked: operation.id if (operation := described().operation(*asked.split())) else None
        for asked in (
            "POST /threads/t/runs/wait",
            "GET /threads/t/runs/wait",
            "POST /runs/stream",
            "GET /runs/r/stream",
            "GET /runs",
        )
    }
    assert list(found.values()) == ["wait_run", "get_run", "stream_stateless_run", "join_stateless_run_stream", None]


def exchange(asked: str, response: Response, replay: Replay) -> None:
    method, target = asked.split()
    server = replay(response)
    with checked(server.url) as url:
        answer = httpx.request(method, url + target)
    assert answer.status_code == response.status
