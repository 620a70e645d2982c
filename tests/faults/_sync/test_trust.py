# Derived from tests/faults/_async/test_trust.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""A stream does not trust the server: its ends, its responses, and whether it keeps events that it should keep."""

import logging
from typing import Any
from uuid import uuid4

import pytest

from langgraph_runs import (
    APIConnectionError,
    APIResponseError,
    Client,
    NotFoundError,
    RetryPolicy,
    RunFailedError,
    StreamDisconnectedError,
)
from langgraph_runs._sync import source
from tests.client._sync.calls import drained
from tests.support.network import Request
from tests.support.proxy import Cut, FaultProxy
from tests.support.replay import SILENCE, Replay, Response
from tests.support.samples import run_json, sse

pytestmark = pytest.mark.anyio

QUICK = RetryPolicy(max_retries=3, initial=1e-6)
PLACE = (("content-location", "/threads/t/runs/r"),)


def cut(*events: bytes, headers: tuple[tuple[str, str], ...] = PLACE) -> Response:
    """These events, and then the connection is lost."""
    return Response.events([*events, b"."], headers, fault="fin", fault_after=len(b"".join(events)))


# --- doubts ---


def test_a_reconnection_that_only_settles_a_doubt_is_not_told(replay: Replay, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    same, end = sse("custom", 1, "1"), sse("end", None, "2")
    server = replay([Response.events([same, same], PLACE), Response.events([same, same, end], PLACE)])
    with Client(server.url, max_retries=QUICK) as client:
        stream = client.runs.join_stream("t", "r", last_event_id="-1", on_reconnect=lambda *_: pytest.fail("told"))
        assert [event.id for event in stream] == ["1", "1", "2"]
    [line] = [record for record in caplog.records if "doubtful" in record.getMessage()]
    assert line.levelno == logging.DEBUG


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([sse("values", 1), sse("values", 2)], "no ids"),
        ([sse("values", 1, "5-0"), sse("values", 2, "3-0")], "clock was set back"),
        ([sse("values", 1, "1")] * 5000, "share one id"),
    ],
)
def test_an_error_tells_why_a_stream_cannot_be_resumed(events: list[bytes], why: str, replay: Replay) -> None:
    server = replay([cut(*events)])
    with Client(server.url, max_retries=QUICK) as client:
        with pytest.raises(StreamDisconnectedError, match=f"the connection was lost, and .*{why}"):
            drained(client.runs.stream("t", "agent", stream_resumable=True))


def test_a_join_at_an_unknown_place_says_so(replay: Replay) -> None:
    server = replay([cut(sse("values", 1, "1"))])
    with Client(server.url, max_retries=QUICK) as client:
        with pytest.raises(StreamDisconnectedError, match="joined without last_event_id"):
            drained(client.runs.join_stream("t", "r"))


# --- what a server does not keep ---


@pytest.mark.parametrize("seen", [0, 1, 2])
def test_the_python_server_does_not_keep_messages(seen: int, replay: Replay) -> None:
    events = [sse("metadata", {}, "1700000000001-0"), sse("messages/partial", [], "1700000000002-0")]
    server = replay([cut(*events[:seen])])
    with Client(server.url, max_retries=QUICK) as client:
        stream = client.runs.stream("t", "agent", stream_mode=["messages"], stream_resumable=True)
        with pytest.raises(StreamDisconnectedError, match="messages-tuple"):
            drained(stream)
    assert len(server.requests) == 1


def test_other_servers_keep_messages(replay: Replay) -> None:
    events = [sse("metadata", {}, "0"), sse("messages/partial", [], "1"), sse("end", None, "2")]
    server = replay([cut(*events[:1]), Response.events(events)])
    with Client(server.url, max_retries=QUICK) as client:
        stream = client.runs.stream("t", "agent", stream_mode="messages", stream_resumable=True)
        assert [event.id for event in stream] == ["0", "1", "2"]


def test_messages_that_come_without_having_been_asked_for_are_not_kept_either(replay: Replay) -> None:
    """Who joins a stream gets all of its modes."""
    server = replay([cut(sse("messages/partial", [], "1700000000002-0"), sse("values", {}, "1700000000003-0"))])
    with Client(server.url, max_retries=QUICK) as client:
        with pytest.raises(StreamDisconnectedError):
            drained(client.runs.join_stream("t", "r", last_event_id="-1"))
    assert len(server.requests) == 1


def test_messages_of_a_real_server_are_not_lost_without_a_word(server_url: str) -> None:
    with FaultProxy(server_url, [Cut(150)]) as proxy:
        with Client(proxy.url, max_retries=QUICK) as client:
            stream = client.runs.stream(
                str(uuid4()),
                "agent",
                input={"text": "one two three"},
                stream_mode="messages",
                stream_resumable=True,
                if_not_exists="create",
            )
            with pytest.raises(StreamDisconnectedError, match="messages-tuple"):
                drained(stream)
    assert proxy.cuts == 1


def test_a_run_that_turns_out_not_to_be_resumable(replay: Replay) -> None:
    """It was cut before there was an event, and afterwards they have no ids: there may have been others before."""
    server = replay([cut(), Response.events([sse("values", {"n": 1})])])
    with Client(server.url, max_retries=QUICK) as client:
        with pytest.raises(StreamDisconnectedError, match="no ids"):
            drained(client.runs.join_stream("t", "r", last_event_id="-1"))


@pytest.mark.parametrize("start", ["-1", "1+2.0.0123456789abcdef"])
def test_a_replay_that_lacks_what_must_come_is_asked_for_again(start: str, replay: Replay) -> None:
    """A cut may look like an end. If it is one, that is an error, and says where to go on."""
    server = replay(
        lambda request: (
            Response.events([], PLACE)
            if request.path.endswith("/stream")
            else Response.json(run_json(status="success"))
        )
    )
    with Client(server.url, max_retries=QUICK) as client:
        with pytest.raises(StreamDisconnectedError, match="the run is over, and the server") as caught:
            drained(client.runs.join_stream("t", "r", last_event_id=start))
    assert caught.value.last_event_id == start
    sent = [request.headers["last-event-id"] for request in server.requests if request.path.endswith("/stream")]
    assert sent == [start.partition("+")[0]] * 3


@pytest.mark.parametrize("status", ["success", "interrupted"])
def test_an_end_without_anything_before_it_is_a_replay_that_lacks_all(status: str, replay: Replay) -> None:
    """As Aegra ends the stream of a run whose events it no longer has, or which never had any."""
    end = Response.events([sse("end", {"status": status})], PLACE)
    server = replay([end, Response.json(run_json(status=status))])
    with Client(server.url, max_retries=QUICK) as client:
        stream = client.runs.join_stream("t", "r", last_event_id="-1")
        assert (next(stream)).event == "end"
        if status == "interrupted":
            assert drained(stream) == []
        else:
            with pytest.raises(StreamDisconnectedError, match="none of its events"):
                drained(stream)


def test_what_cannot_be_sent_back_is_refused_at_once(replay: Replay) -> None:
    server = replay([])
    with Client(server.url) as client:
        for start in ("+1.0.0123456789abcdef", "1 +1.0.0123456789abcdef"):
            with pytest.raises(ValueError, match="last_event_id: .* is no event's id"):
                client.runs.join_stream("t", "r", last_event_id=start)
    assert server.requests == []


def test_a_server_that_sends_other_events_than_before(replay: Replay) -> None:
    server = replay([cut(sse("values", 1, "1"), sse("values", 2, "2")), Response.events([sse("values", 3, "3")])])
    with Client(server.url, max_retries=QUICK) as client:
        with pytest.raises(StreamDisconnectedError, match="did not keep") as caught:
            drained(client.runs.stream("t", "agent", stream_resumable=True))
    assert (caught.value.last_event_id or "").startswith("1+1.")


def test_a_run_that_is_gone_after_a_cut(replay: Replay) -> None:
    gone = sse("error", {"error": "HTTPException", "message": "404: Run not found"})
    for answer in (Response.events([gone]), Response.json({"detail": "not found"}, 404)):
        server = replay([cut(sse("values", 1, "1")), answer])
        with Client(server.url, max_retries=QUICK) as client:
            with pytest.raises(StreamDisconnectedError) as caught:
                drained(client.runs.stream("t", "agent", stream_resumable=True))
        assert isinstance(caught.value.__cause__, NotFoundError)


# --- ends ---


def ending(status: str, *events: bytes) -> Any:
    """A stream that just ends, and a run in this status."""

    def answer(request: Request) -> Response:
        if request.path.endswith("/stream"):
            return Response.events(events, PLACE)
        if request.path.endswith("/join"):
            return Response.json({"__error__": {"error": "ValueError", "message": "boom"}})
        return Response.json(run_json(status=status))

    return answer


@pytest.mark.parametrize("status", ["success", "interrupted"])
def test_an_end_is_one_when_the_run_says_so(status: str, replay: Replay) -> None:
    with Client(replay(ending(status, sse("values", 1))).url, max_retries=QUICK) as client:
        assert [event.data for event in drained(client.runs.stream("t", "agent"))] == [1]


@pytest.mark.parametrize("status", ["pending", "running", "paused"])
def test_an_end_is_none_while_the_run_goes_on(status: str, replay: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_SETTLING", 1e-6)
    answers = ending(status, sse("values", 1, "1"))
    server = replay(lambda request: Response.none("silent") if request.path.endswith("/join") else answers(request))
    with Client(server.url, max_retries=1, idle_timeout=SILENCE) as client:
        for resumable in (False, True):
            events = []
            with pytest.raises(StreamDisconnectedError) as caught:
                for event in client.runs.stream("t", "agent", stream_resumable=resumable):
                    events.append(event.data)  # noqa: PERF401 - what came before the failure counts
            assert events == [1]
            assert (caught.value.last_event_id or "").partition("+")[0] == ("-1" if resumable else "1")
    assert sum(request.method == "POST" for request in server.requests) == 2


@pytest.mark.parametrize("status", ["error", "timeout"])
def test_a_failure_that_the_stream_did_not_tell_is_asked_for(status: str, replay: Replay) -> None:
    with Client(replay(ending(status, sse("values", 1))).url, max_retries=QUICK) as client:
        with pytest.raises(RunFailedError, match="boom"):
            drained(client.runs.stream("t", "agent"))


# --- what is no stream ---


def test_an_answer_that_is_no_stream_frees_its_connection(replay: Replay) -> None:
    server = replay(
        Response(200, (("content-type", "text/html"), *PLACE), [b"<html>", b"."], fault="silent", fault_after=6)
    )
    with Client(server.url, max_retries=QUICK) as client:
        with pytest.raises(APIResponseError):
            with client.runs.stream("t", "agent"):
                pass
        server.wait_for(lambda: server.accepted == 1 and server.open == 0)
        with pytest.raises(APIResponseError):
            drained(client.runs.stream("t", "agent"))
        server.wait_for(lambda: server.accepted == 2 and server.open == 0)


def test_a_stream_that_failed_creates_no_other_run(replay: Replay) -> None:
    server = replay(Response.none())
    with Client(server.url, max_retries=QUICK) as client:
        stream = client.runs.stream("t", "agent")
        for _ in range(2):
            with pytest.raises(APIConnectionError):
                with stream:
                    drained(stream)
    assert len(server.requests) == 1
