# Derived from tests/faults/_async/test_hostile.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Hostile servers: whatever they send, it ends in a typed error, in bounded memory, and no other host gets the key."""

import gzip
import itertools
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import attrs
import httpx
import pytest

from langgraph_runs import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    Client,
    LangGraphError,
    RetryPolicy,
    RunFailedError,
    StreamDisconnectedError,
)
from tests.support.replay import Replay, ReplayServer, Response
from tests.support.samples import run_json, sse

pytestmark = pytest.mark.anyio

LIMIT = 2**20
# What one body of that size costs with its copies on the way to an exception, twice; what is sent costs more by far.
MEMORY = 20 * LIMIT
KEY = "the-key"
JSON = (("content-type", "application/json"),)
EVENTS = (("content-type", "text/event-stream"),)
GZIP = (("content-encoding", "gzip"),)


@contextmanager
def client_of(url: str, **options: Any) -> Iterator[Client]:
    """A client that tries again but once and takes no more than LIMIT bytes of an answer or event."""
    retry = RetryPolicy(max_retries=1, initial=1e-6)
    with Client(url, api_key=KEY, max_retries=retry, timeout=20, **options) as client:
        # The limit has no public setting; the default of 256 MiB would take minutes to reach.
        client._http.settings = attrs.evolve(client._http.settings, max_bytes=LIMIT)
        yield client


def get(client: Client) -> None:
    client.runs.get("t", "r")


def wait(client: Client) -> None:
    client.runs.wait("t", "agent")


def stream(client: Client) -> None:
    for _ in client.runs.stream("t", "agent", stream_mode="values"):
        pass


def resumable(client: Client) -> None:
    for _ in client.runs.stream("t", "agent", stream_mode="values", stream_resumable=True):
        pass


def endless(piece: bytes, before: bytes = b"") -> Iterator[bytes]:
    return itertools.chain([before] if before else [], itertools.repeat(piece))


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@cache
def bomb(before: bytes = b"") -> bytes:
    return gzip.compress(before + b"x" * (64 * LIMIT))


CHUNK = b"x" * 2**16
NO_STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
# Long enough to need more than the 1,024 levels that orjson reads, and the fewer that it writes or Python shows.
DEPTHS = (300, 1_000, 100_000)

HOSTILE: dict[str, tuple[Callable[[], Response], Callable[[Client], Any], type[LangGraphError]]] = {
    "endless answer": (lambda: Response(200, JSON, endless(CHUNK, b'"')), get, APIResponseError),
    "endless wait": (lambda: Response(200, JSON, endless(CHUNK, b'"')), wait, APIResponseError),
    "endless white space": (lambda: Response(200, JSON, endless(b" " * 2**16)), get, APIResponseError),
    "endless white space of a wait": (lambda: Response(200, JSON, endless(b"\n" * 2**16)), wait, APIResponseError),
    "endless error": (lambda: Response(500, JSON, endless(CHUNK, b'"')), get, APIStatusError),
    "endless data": (lambda: Response.events(endless(CHUNK, b"data: ")), stream, APIResponseError),
    "endless lines of data": (lambda: Response.events(endless(b"data: x\n" * 2**13)), stream, APIResponseError),
    "endless event name": (lambda: Response.events(endless(CHUNK, b"event: ")), stream, APIResponseError),
    "endless comment": (lambda: Response.events(endless(CHUNK, b": ")), stream, APIResponseError),
    "endless id": (lambda: Response.events(endless(CHUNK, b"id: ")), resumable, APIResponseError),
    "endless header": (lambda: Response(raw=endless(CHUNK, NO_STREAM + b"x: ")), get, APIConnectionError),
    "endless headers": (lambda: Response(raw=endless(b"x: y\r\n" * 1000, NO_STREAM)), get, APIConnectionError),
    "endless reason": (lambda: Response(raw=endless(CHUNK, b"HTTP/1.1 200 ")), stream, APIConnectionError),
    "endless trailer": (
        lambda: Response(raw=endless(b"x: y\r\n" * 1000, NO_STREAM + b"transfer-encoding: chunked\r\n\r\n0\r\n")),
        get,
        APIConnectionError,
    ),
    "endless chunk size": (
        lambda: Response(raw=endless(b"f" * 2**16, NO_STREAM + b"transfer-encoding: chunked\r\n\r\n")),
        get,
        APIConnectionError,
    ),
    "endless chunk extension": (
        lambda: Response(raw=endless(CHUNK, NO_STREAM + b"transfer-encoding: chunked\r\n\r\n1;")),
        get,
        APIConnectionError,
    ),
    "chunk of all bytes there are": (
        lambda: Response(raw=endless(CHUNK, NO_STREAM + b'transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n"')),
        get,
        APIResponseError,
    ),
    "gzip bomb": (lambda: Response(200, JSON + GZIP, bomb(b'"')), get, APIResponseError),
    "gzip bomb of a wait": (lambda: Response(200, JSON + GZIP, bomb(b'"')), wait, APIResponseError),
    "gzip bomb of an error": (lambda: Response(500, JSON + GZIP, bomb(b'"')), get, APIStatusError),
    "gzip bomb of events": (lambda: Response(200, EVENTS + GZIP, bomb(b"data: ")), stream, APIResponseError),
    "gzip with an endless name": (
        lambda: Response(200, JSON + GZIP, endless(CHUNK, b"\x1f\x8b\x08\x08\0\0\0\0\0\x03")),
        get,
        APIResponseError,
    ),
    "gzip with an endless end": (
        lambda: Response(200, EVENTS + GZIP, endless(CHUNK, gzip.compress(b": "))),
        stream,
        APIResponseError,
    ),
    "gzip with endless padding": (
        lambda: Response(200, JSON + GZIP, endless(bytes(2**16), gzip.compress(b'"'))),
        get,
        APIResponseError,
    ),
    "gzip of endless members": (
        lambda: Response(200, JSON + GZIP, endless(gzip.compress(b"") * 1000, gzip.compress(b'"'))),
        get,
        APIResponseError,
    ),
    "no gzip": (lambda: Response(200, JSON + GZIP, b"{}"), get, APIResponseError),
    "unknown compression": (lambda: Response(200, (*JSON, ("content-encoding", "x")), b"{}"), get, APIResponseError),
    **{f"nested {n}": (partial(Response, 200, JSON, nested(n)), get, APIResponseError) for n in DEPTHS},
    **{
        f"nested {n} in a run": (
            partial(Response, 200, JSON, b'{"run_id":' + nested(n) + b"}"),
            get,
            APIResponseError,
        )
        for n in DEPTHS
    },
    **{f"nested {n} in an error": (partial(Response, 400, JSON, nested(n)), get, APIStatusError) for n in DEPTHS},
    **{
        f"nested {n} in a detail": (
            partial(Response, 422, JSON, b'{"detail":[' + nested(n) + b"]}"),
            get,
            APIStatusError,
        )
        for n in DEPTHS
    },
    **{
        f"nested {n} in a failure": (
            partial(Response.events, [b'event: error\ndata: {"error":' + nested(n) + b',"message":"m"}\n\n']),
            stream,
            RunFailedError,
        )
        for n in DEPTHS
    },
    "nested event": (
        lambda: Response.events([b"event: values\ndata: " + nested(100_000) + b"\n\n"]),
        stream,
        APIResponseError,
    ),
    "no UTF-8": (lambda: Response(200, JSON, b'{"run_id":"\xff"}'), get, APIResponseError),
    "no UTF-8 of a wait": (lambda: Response(200, JSON, b'"\xff"'), wait, APIResponseError),
    "no UTF-8 in an error": (lambda: Response(500, JSON, b'{"detail":"\xff"}'), get, APIStatusError),
    "length too long": (lambda: Response(raw=NO_STREAM + b"content-length: 9\r\n\r\n{}"), get, APIConnectionError),
    "length too long, of an error": (
        lambda: Response(raw=b"HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\n{}"),
        get,
        APIStatusError,
    ),
    "length too short": (
        lambda: Response(200, (*JSON, ("content-length", "9")), b'{"run_id":"r"}'),
        get,
        APIResponseError,
    ),
    "length below zero": (lambda: Response(raw=NO_STREAM + b"content-length: -1\r\n\r\n"), get, APIConnectionError),
    "two lengths": (
        lambda: Response(raw=NO_STREAM + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}"),
        get,
        APIConnectionError,
    ),
    "length of more than there is": (
        lambda: Response(raw=endless(CHUNK, NO_STREAM + b"content-length: " + b"9" * 18 + b'\r\n\r\n"')),
        get,
        APIResponseError,
    ),
    "no HTTP": (lambda: Response(raw=b"SSH-2.0-OpenSSH_9.2\r\n"), get, APIConnectionError),
    "nothing but zeros": (lambda: Response(raw=endless(bytes(2**16))), stream, APIConnectionError),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_ends_in_a_typed_error(name: str, replay: Replay) -> None:
    answer, call, kind = HOSTILE[name]
    with client_of(replay([answer(), answer()]).url) as client:
        tracemalloc.start()
        try:
            with pytest.raises(LangGraphError) as error:
                call(client)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(error.value, kind)
    assert most < MEMORY
    assert KEY not in str(error.value)


@pytest.fixture
def elsewhere(replay: Replay) -> ReplayServer:
    """Another host, which would answer."""
    return replay(Response.json(run_json()))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", [get, wait, stream])
def test_a_redirect_is_not_followed(
    status: int, call: Callable[[Client], Any], replay: Replay, elsewhere: ReplayServer
) -> None:
    server = replay(Response(status, (("location", f"{elsewhere.url}/threads/t/runs/r"),)))
    with (
        httpx.Client(follow_redirects=True) as http_client,
        client_of(server.url, http_client=http_client) as client,
    ):
        with pytest.raises(APIStatusError, match="redirects are not followed") as error:
            call(client)
    assert error.value.status_code == status
    assert len(server.requests) == 1
    assert elsewhere.accepted == 0


@pytest.mark.parametrize("name", ["location", "content-location"])
@pytest.mark.parametrize("form", ["{url}", "//{netloc}", "http://user@{netloc}", "\\\\{netloc}", "http:{netloc}"])
@pytest.mark.parametrize("call", [wait, resumable])
def test_a_run_is_not_joined_on_another_host(
    name: str, form: str, call: Callable[[Client], Any], replay: Replay, elsewhere: ReplayServer
) -> None:
    netloc = elsewhere.url.removeprefix("http://")
    place = form.format(url=elsewhere.url, netloc=netloc) + "/threads/t/runs/r"
    cut: dict[str, Any] = {"headers": (*EVENTS, (name, place)), "fault": "fin"}
    event = sse("values", {}, "1") + sse("values", {}, "2")
    answers = {
        "POST /threads/t/runs/stream": Response(body=[event, b"more"], fault_after=len(event), **cut),
        "POST /threads/t/runs/wait": Response(body=b"\n\n{}", fault_after=2, **cut),
    }
    # Where a client would look that takes such a place for a path of this host.
    server = replay(lambda request: answers.get(f"{request.method} {request.path}", Response(404)))
    with client_of(server.url) as client:
        with pytest.raises(StreamDisconnectedError):
            call(client)
    assert elsewhere.accepted == 0


@pytest.mark.parametrize(
    "place", ["http://xn--/threads/t/runs/r", "http://[/", "//[", "/threads/%0d%0ax:y/runs/r", "%7f"]
)
def test_a_place_that_is_none_is_no_place(place: str, replay: Replay) -> None:
    server = replay(Response.json({}, headers=(("location", place),)))
    with client_of(server.url) as client:
        assert client.runs.wait("t", "agent") == {}


def test_nothing_is_injected_through_arguments(replay: Replay) -> None:
    server = replay(Response.json(run_json()))
    evil = "a\r\nx-evil: 1"
    with client_of(server.url) as client:
        runs = client.runs
        for call in (
            partial(runs.get, evil, "r"),
            partial(runs.get, "t", evil),
            partial(runs.get, "t", "r", headers={"x": evil}),
            partial(runs.get, "t", "r", headers={evil: "x"}),
        ):
            with pytest.raises(ValueError, match=r"thread_id|run_id|headers"):
                call()
        with pytest.raises(ValueError, match="last_event_id"):
            runs.join_stream("t", "r", last_event_id=evil)
        with pytest.raises(ValueError, match="api_key"):
            Client(server.url, api_key=evil)
        assert server.accepted == 0

        runs.get("../../x", "y?z=1#/%2e%2e", params={"a b": "c&d=\r\n"})
    assert server.requests[0].target == "/threads/..%2F..%2Fx/runs/y%3Fz%3D1%23%2F%252e%252e?a+b=c%26d%3D%0D%0A"


def test_nothing_is_injected_through_an_event_id(replay: Replay) -> None:
    events = sse("values", {}, "1\x0bx") + sse("values", {"n": 1}, "\x01\x7f")
    place = (("location", "/threads/t/runs/r/stream"),)
    server = replay([Response.events([events, b"more"], place, fault="fin", fault_after=len(events))])
    with client_of(server.url) as client:
        with pytest.raises(StreamDisconnectedError):
            resumable(client)
    assert len(server.requests) == 1


def test_what_is_no_utf8_in_an_event_is_an_error(replay: Replay) -> None:
    body = b'event: custom\ndata: "\xff"\n\nevent: end\n\n'
    with client_of(replay(Response.events([body])).url) as client:
        with pytest.raises(APIResponseError, match="'custom'"):
            assert not [event for event in client.runs.stream("t", "agent", stream_mode="custom")]
