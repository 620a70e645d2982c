# Derived from tests/faults/_async/test_ends.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Where a stream takes its run's ids from, what counts as its end, and what a closed one says."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from langgraph_runs import APIResponseError, Client, RetryPolicy, RunFailedError, StreamDisconnectedError
from langgraph_runs._sync import source
from langgraph_runs.events import decode_event
from tests.client._sync.calls import ALL_CALLS, drained
from tests.support.network import Request
from tests.support.replay import SILENCE, Replay, Response
from tests.support.samples import run_json, sse

pytestmark = pytest.mark.anyio

QUICK = RetryPolicy(max_retries=3, initial=1e-6)
PLACE = (("content-location", "/threads/t/runs/r"),)
METADATA = sse("metadata", {"run_id": "r", "attempt": 1}, "0")
EVENTS = [METADATA, sse("values", 1, "1"), sse("values", 2, "2")]


def cut(*events: bytes, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """These events, and then the connection is lost."""
    return Response.events([*events, b"."], headers, fault="fin", fault_after=len(b"".join(events)))


def answers(stream: Response, run: Response, join: Response | None = None) -> Callable[[Request], Response]:
    """A run's stream, the run, and what joining it gives."""
    by_end = {"stream": stream, "r": run, "join": join}

    def answer(request: Request) -> Response:
        response = by_end[request.path.rpartition("/")[2]]
        assert response is not None, request.path
        return response

    return answer


RUNNING = Response.json(run_json(status="running"))

# --- where a run's ids come from ---


def test_the_metadata_event_tells_the_run_where_no_header_does(replay: Replay) -> None:
    told: list[Any] = []
    server = replay([cut(*EVENTS[:2]), Response.events(EVENTS[1:]), Response.json(run_json())])
    with Client(server.url, max_retries=QUICK) as client:
        stream = client.runs.stream("t", "agent", stream_resumable=True, on_run_created=told.append)
        first = next(stream)
        assert told == [{"run_id": "r", "thread_id": "t"}]
        assert (stream.run_id, stream.thread_id, first.event) == ("r", "t", "metadata")
        assert [event.data for event in stream] == [1, 2]
    assert [request.target for request in server.requests[1:]] == ["/threads/t/runs/r/stream", "/threads/t/runs/r"]
    assert len(told) == 1


def test_headers_and_the_metadata_event_tell_of_one_run_once(replay: Replay) -> None:
    told: list[Any] = []
    place = (("location", "https://internal:8000/prefix/threads/t/runs/r/stream"),)
    server = replay([Response.events(EVENTS, place), Response.json(run_json())])
    with Client(server.url) as client:
        drained(client.runs.stream("t", "agent", on_run_created=told.append))
    assert told == [{"run_id": "r", "thread_id": "t"}]


def test_without_headers_the_end_of_a_run_that_goes_on_is_none(replay: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_SETTLING", 0.05)
    server = replay(answers(Response.events(EVENTS), RUNNING, Response.none("silent")))
    with Client(server.url, max_retries=QUICK, idle_timeout=SILENCE) as client:
        with pytest.raises(StreamDisconnectedError, match="stream of run r"):
            drained(client.runs.stream("t", "agent"))


def test_without_headers_and_metadata_a_stream_still_ends(replay: Replay) -> None:
    server = replay(Response.events(EVENTS[1:]))
    with Client(server.url) as client:
        assert [event.data for event in drained(client.runs.stream("t", "agent"))] == [1, 2]
    assert len(server.requests) == 1


# --- whose end it is ---


class Body(httpx.SyncByteStream):
    """The events, and then the end."""

    def __iter__(self) -> Iterator[bytes]:
        for event in EVENTS:
            yield event


class Transport(httpx.BaseTransport):
    """Answers in a version of HTTP, without any header about the length."""

    def __init__(self, version: bytes | None) -> None:
        self.extensions = {} if version is None else {"http_version": version}

    def handle_request(self, _: httpx.Request) -> httpx.Response:
        """Give the response."""
        headers = {"content-type": "text/event-stream"}
        return httpx.Response(200, headers=headers, stream=Body(), extensions=self.extensions)


@pytest.mark.parametrize("version", [None, b"HTTP/2", b"HTTP/3"])
def test_an_end_without_framing_is_one_where_only_the_server_can_end_it(version: bytes | None) -> None:
    with httpx.Client(transport=Transport(version)) as http_client:
        client = Client("http://server", http_client=http_client)
        assert len(drained(client.runs.stream(None, "agent"))) == 3


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1"])
def test_it_is_none_where_a_lost_connection_looks_the_same(version: bytes) -> None:
    with httpx.Client(transport=Transport(version)) as http_client:
        with pytest.raises(StreamDisconnectedError):
            drained(Client("http://server", http_client=http_client).runs.stream(None, "agent"))


def test_it_is_none_over_a_socket_that_is_closed(replay: Replay) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
    server = replay(Response(raw=[head, *EVENTS]))
    with Client(server.url) as client:
        with pytest.raises(StreamDisconnectedError):
            drained(client.runs.stream(None, "agent"))


@pytest.mark.parametrize("heartbeat", [b":\n", b": heartbeat\r\n", b": heartbeat\n\n"])
def test_a_heartbeat_before_the_end_is_no_event_that_was_cut(heartbeat: bytes, replay: Replay) -> None:
    server = replay(Response.events([*EVENTS, heartbeat]))
    with Client(server.url) as client:
        assert len(drained(client.runs.stream(None, "agent"))) == 3


# --- whether the run has ended ---


@pytest.mark.parametrize("resumable", [False, True])
@pytest.mark.parametrize("status", ["running", "pending", "paused"])
def test_a_run_whose_status_comes_late_is_joined(status: str, resumable: bool, replay: Replay) -> None:
    run = Response.json(run_json(status=status))
    server = replay(answers(Response.events(EVENTS, PLACE), run, Response.json({"n": 2})))
    with Client(server.url) as client:
        stream = client.runs.stream("t", "agent", stream_resumable=resumable)
        assert len(drained(stream)) == 3
    assert [request.path.rpartition("/")[2] for request in server.requests] == ["stream", "r", "join"]


def test_a_run_that_fails_while_it_is_joined(replay: Replay) -> None:
    failed = Response.json({"__error__": {"error": "ValueError", "message": "boom"}})
    server = replay(answers(Response.events(EVENTS, PLACE), RUNNING, failed))
    with Client(server.url) as client:
        with pytest.raises(RunFailedError, match="boom"):
            drained(client.runs.stream("t", "agent"))


def test_a_resumable_stream_that_ends_while_the_run_goes_on_brings_the_rest(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_SETTLING", 0.05)
    paused = Response.json(run_json(status="paused"))
    rest = Response.events(EVENTS[1:])
    server = replay(
        [Response.events(EVENTS[:2], PLACE), paused, Response.none("silent"), rest, Response.json(run_json())]
    )
    with Client(server.url, max_retries=QUICK) as client:
        events = drained(client.runs.stream("t", "agent", stream_resumable=True))
    assert [event.id for event in events] == ["0", "1", "2"]


@pytest.mark.parametrize("status", [401, 403, 405])
def test_where_the_run_may_not_be_asked_for_framing_decides(status: int, replay: Replay) -> None:
    refused = Response.json({"detail": "no"}, status)
    server = replay(answers(Response.events(EVENTS, PLACE), refused))
    with Client(server.url) as client:
        assert len(drained(client.runs.stream("t", "agent"))) == 3
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-location: /threads/t/runs/r\r\n\r\n"
    server = replay(answers(Response(raw=[head, *EVENTS]), refused))
    with Client(server.url) as client:
        with pytest.raises(StreamDisconnectedError):
            drained(client.runs.stream("t", "agent"))


# --- what is an event stream ---


def test_204_says_that_there_are_no_events(replay: Replay) -> None:
    server = replay(Response(204, PLACE))
    with Client(server.url) as client:
        for stream in (client.runs.stream("t", "agent"), client.runs.join_stream("t", "r", last_event_id="-1")):
            assert drained(stream) == []
    assert len(server.requests) == 2


def test_204_where_events_are_missing_is_a_lost_connection(replay: Replay) -> None:
    server = replay([cut(*EVENTS, headers=PLACE), Response(204)])
    with Client(server.url, max_retries=QUICK) as client:
        with pytest.raises(StreamDisconnectedError, match="204"):
            drained(client.runs.stream("t", "agent", stream_resumable=True))
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [201, 202, 203, 205, 206])
def test_no_other_status_is_one_of_an_event_stream(status: int, replay: Replay) -> None:
    server = replay(Response(status, (("content-type", "text/event-stream"),), EVENTS))
    with Client(server.url, max_retries=QUICK) as client:
        with pytest.raises(APIResponseError, match=str(status)):
            drained(client.runs.stream("t", "agent"))


@pytest.mark.parametrize("kind", ["Text/Event-Stream", "TEXT/EVENT-STREAM;CHARSET=UTF-8", "text/event-stream ; x=y"])
def test_a_content_type_in_any_case(kind: str, replay: Replay) -> None:
    server = replay([Response(200, (("Content-Type", kind), *PLACE), EVENTS), Response.json(run_json())])
    with Client(server.url) as client:
        assert len(drained(client.runs.stream("t", "agent"))) == 3


# --- what is closed ---


def test_a_stream_that_has_ended_says_so_again_also_when_it_is_closed(replay: Replay) -> None:
    server = replay([Response.events(EVENTS, PLACE), Response.json(run_json())])
    with Client(server.url) as client:
        with client.runs.stream("t", "agent") as stream:
            assert len(drained(stream)) == 3
            assert drained(stream) == []
        assert drained(stream) == []
    with pytest.raises(StopIteration):
        next(stream)


@pytest.mark.parametrize("before", [0, 1])
def test_a_stream_after_its_with_block_is_closed(before: int, replay: Replay) -> None:
    server = replay([Response.events(EVENTS, PLACE)])
    with Client(server.url) as client:
        with client.runs.stream("t", "agent") as stream:
            for _ in range(before):
                next(stream)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="the stream is closed"):
                drained(stream)
            with pytest.raises(RuntimeError, match="the stream is closed"):
                next(stream)
            with pytest.raises(RuntimeError, match="the stream is closed"):
                with stream:
                    pass


@pytest.mark.parametrize("call", ALL_CALLS)
@pytest.mark.parametrize("own", [False, True])
def test_a_closed_client_sends_nothing(call: str, own: bool, replay: Replay) -> None:
    server = replay(Response.json(run_json()))
    with httpx.Client() as http_client:
        with Client(server.url, http_client=http_client if own else None) as client:
            pass
        with pytest.raises(RuntimeError, match="the client is closed"):
            ALL_CALLS[call](client.runs)
    assert server.accepted == 0


@pytest.mark.parametrize("call", ALL_CALLS)
def test_nor_does_one_whose_http_client_was_closed(call: str, replay: Replay) -> None:
    server = replay(Response.json(run_json()))
    with httpx.Client() as http_client:
        client = Client(server.url, http_client=http_client)
    with pytest.raises(RuntimeError, match="the http_client is closed"):
        ALL_CALLS[call](client.runs)
    assert server.accepted == 0


@pytest.mark.parametrize("how", ["next", "loop", "iterator"])
def test_a_stream_of_a_client_that_is_closed_meanwhile(how: str, replay: Replay) -> None:
    server = replay(Response.events(EVENTS, PLACE))
    with Client(server.url) as client:
        stream = client.runs.stream("t", "agent")
        iterator = iter(stream)
        next(iterator)
    with pytest.raises(RuntimeError, match="the client is closed"):
        drained(iterator if how == "iterator" else stream) if how != "next" else next(stream)
    stream.close()


# --- what may be lost ---


@pytest.mark.parametrize("resumable", [False, True])
def test_an_exception_between_two_events_is_not_forgotten(
    resumable: bool, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal handler may raise it anywhere. Whether the event was delivered can't be known then."""
    numbers = iter(range(10))

    def interrupted(*arguments: Any) -> Any:
        if next(numbers) == 1:
            raise LookupError
        return decode_event(*arguments)

    monkeypatch.setattr(f"{source.__name__}.decode_event", interrupted)
    server = replay([Response.events([b"".join(EVENTS)], PLACE)])
    with Client(server.url) as client:
        stream = client.runs.stream("t", "agent", stream_resumable=resumable)
        iterator = iter(stream)
        next(iterator)
        with pytest.raises(LookupError):
            next(iterator)
        for events in (iterator, stream, iterator):
            with pytest.raises(StreamDisconnectedError, match="interrupted") as caught:
                next(events)
            assert caught.value.last_event_id == ("0" if resumable else None)
    server.wait_for(lambda: server.open == 0)
