"""Every wait has an end: silence, deadlines that something trickles past, and waits that are cut."""

import zlib
from collections.abc import Callable
from itertools import count, product
from typing import Any
from uuid import uuid4

import pytest

from langgraph_runs import (
    APIResponseError,
    APITimeoutError,
    AsyncClient,
    InternalServerError,
    LangGraphError,
    RateLimitError,
    RetryPolicy,
    RunFailedError,
    StreamDisconnectedError,
    WaitTimeoutError,
)
from tests.client._async.calls import drained
from tests.support.network import How, Request
from tests.support.proxy import Cut, FaultProxy
from tests.support.replay import SILENCE, Replay, Response, trickle
from tests.support.samples import run_json, sse

pytestmark = pytest.mark.anyio

QUICK = RetryPolicy(max_retries=3, initial=1e-6)
SOON = 0.2
PLACE = (("content-location", "/threads/t/runs/r"),)
JSON = (("content-type", "application/json"), *PLACE)
FIRST, SECOND, END = sse("metadata", {"run_id": "r"}, "1"), sse("values", {"n": 1}, "2"), sse("end", None, "3")

# --- silence ---


async def test_a_silent_stream_is_resumed(replay: Replay) -> None:
    server = replay(
        [
            Response.events([FIRST, SECOND], PLACE, fault="silent", fault_after=len(FIRST)),
            Response.none("silent"),
            Response.events([FIRST, SECOND], PLACE, fault="silent", fault_after=20),
            Response.events([FIRST, SECOND, END]),
        ]
    )
    causes: list[Exception] = []
    async with AsyncClient(server.url, max_retries=QUICK, idle_timeout=SILENCE) as client:
        stream = client.runs.stream(
            "t", "agent", stream_resumable=True, on_reconnect=lambda _, __, cause: causes.append(cause)
        )
        assert [event.id async for event in stream] == ["1", "2", "3"]
    assert [type(cause) for cause in causes] == [APITimeoutError] * 3


async def test_a_silent_stream_that_cannot_be_resumed_says_so(replay: Replay) -> None:
    server = replay(Response.events([FIRST], PLACE, fault="silent", fault_after=len(FIRST)))
    async with AsyncClient(server.url, max_retries=QUICK) as client:
        stream = client.runs.stream("t", "agent", idle_timeout=SILENCE)
        with pytest.raises(StreamDisconnectedError, match="not started as resumable") as caught:
            await drained(stream)
    assert isinstance(caught.value.__cause__, APITimeoutError)
    assert (caught.value.run_id, caught.value.thread_id, caught.value.last_event_id) == ("r", "t", "1")
    server.wait_for(lambda: server.open == 0)


async def test_a_creation_that_is_not_answered_is_not_repeated(replay: Replay) -> None:
    server = replay(Response.none("silent"))
    async with AsyncClient(server.url, max_retries=QUICK) as client:
        with pytest.raises(APITimeoutError):
            await drained(client.runs.stream("t", "agent", idle_timeout=SILENCE))
        with pytest.raises(APITimeoutError):
            await client.runs.wait("t", "agent", idle_timeout=SILENCE)
    assert len(server.requests) == 2


async def test_a_silent_wait_joins_again(replay: Replay) -> None:
    server = replay(
        [
            Response(200, JSON, [b"\n", b'{"n":1}'], fault="silent", fault_after=1),
            Response.none("silent"),
            Response(200, JSON, [b"\n", b'{"n":1}'], fault="silent", fault_after=4),
            Response(200, JSON, [b"\n", b'{"n":1}']),
        ]
    )
    async with AsyncClient(server.url, max_retries=QUICK, idle_timeout=SILENCE) as client:
        assert await client.runs.wait("t", "agent") == {"n": 1}
    assert [request.target for request in server.requests] == ["/threads/t/runs/wait", *["/threads/t/runs/r/join"] * 3]


async def test_a_silent_check_of_the_end_is_an_end_in_doubt(replay: Replay) -> None:
    """The stream ends without a word, and then the server does not even tell how the run is."""
    server = replay(
        lambda request: Response.none("silent") if request.method == "GET" else Response.events([FIRST], PLACE)
    )
    async with AsyncClient(server.url, max_retries=1, idle_timeout=SILENCE) as client:
        with pytest.raises(StreamDisconnectedError, match="whether the run has ended is not known") as caught:
            await drained(client.runs.stream("t", "agent"))
    assert caught.value.last_event_id == "1"


async def test_signs_of_life_are_no_progress_if_they_come_with_the_connection(replay: Replay) -> None:
    """Else a server that greets and hangs up would be asked for ever."""
    greeting = b": hello\n\n"
    server = replay(lambda _: Response.events([greeting], PLACE, fault="fin", fault_after=len(greeting)))
    async with AsyncClient(server.url, max_retries=QUICK) as client:
        with pytest.raises(StreamDisconnectedError, match="4 times"):
            await drained(client.runs.join_stream("t", "r", last_event_id="-1"))
    newline = replay(lambda _: Response(200, JSON, [b"\n"], fault="fin", fault_after=1))
    async with AsyncClient(newline.url, max_retries=QUICK) as client:
        with pytest.raises(StreamDisconnectedError, match="4 times"):
            await client.runs.join("t", "r")
    assert len(server.requests) == len(newline.requests) == 4


async def test_a_reconnection_waits_as_long_as_the_stream_asks(
    replay: Replay, caplog: pytest.LogCaptureFixture
) -> None:
    first = b"retry: 70\n" + FIRST
    server = replay(
        [Response.events([first], PLACE, fault="fin", fault_after=len(first)), Response.events([FIRST, SECOND, END])]
    )
    async with AsyncClient(server.url, max_retries=QUICK) as client:
        events = [event async for event in client.runs.stream("t", "agent", stream_resumable=True)]
    assert [event.id for event in events] == ["1", "2", "3"]
    (warning,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "run r: retry 1 of 3 in 0.07 s: " in warning


# --- deadlines ---

CALLS: dict[str, tuple[Callable[[AsyncClient], Any], type[Exception]]] = {
    "wait": (lambda client: client.runs.wait("t", "agent", timeout=SOON), WaitTimeoutError),
    "join": (lambda client: client.runs.join("t", "r", timeout=SOON), WaitTimeoutError),
    "get": (lambda client: client.runs.get("t", "r", timeout=SOON), APITimeoutError),
    "stream": (
        lambda client: drained(client.runs.stream("t", "agent", stream_resumable=True, timeout=SOON)),
        APITimeoutError,
    ),
}


def endless(piece: bytes, start: bytes = b"", *headers: tuple[str, str]) -> Callable[[Request], Response]:
    """Answers as is asked for, but goes on with a piece for ever."""

    def answer(request: Request) -> Response:
        kind = "text/event-stream" if request.path.endswith("/stream") else "application/json"
        return Response(200, (("content-type", kind), *headers, *PLACE), trickle(piece, start=start))

    return answer


def compressed_spaces() -> tuple[bytes, bytes]:
    """The start of a compressed body, and what makes each further space of it."""
    compressor = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    first, second = (compressor.compress(b" ") + compressor.flush(zlib.Z_SYNC_FLUSH) for _ in range(2))
    return first, second


START, SPACE = compressed_spaces()
ENDLESS: dict[str, Callable[[Request], Response]] = {
    "newlines": endless(b"\n"),
    "heartbeats": endless(b": heartbeat\n\n"),
    "a line": endless(b" ", b'{"n":'),
    "an event": endless(b"data: 1\n", b"event: values\n"),
    "compressed": endless(SPACE, START, ("content-encoding", "gzip")),
    "silence": lambda _: Response.none("silent"),
}


@pytest.mark.parametrize(
    ("call", "answer"),
    [*product(("wait", "stream"), ENDLESS), *product(("join", "get"), ("newlines", "compressed", "silence"))],
)
async def test_a_deadline_holds_whatever_trickles_in(call: str, answer: str, replay: Replay) -> None:
    server = replay(ENDLESS[answer])
    send, kind = CALLS[call]
    async with AsyncClient(server.url) as client:
        with pytest.raises(kind, match="timeout") as caught:
            await send(client)
        assert isinstance(caught.value, TimeoutError)
        server.wait_for(lambda: server.open == 0)
        assert len(server.requests) <= 1  # it may be too late to send one


async def test_who_waited_in_vain_is_told_for_what(replay: Replay) -> None:
    trickling, silent = replay(ENDLESS["newlines"]), replay(ENDLESS["silence"])
    cases: list[tuple[str, Callable[[AsyncClient], Any], str | None]] = [
        # Time enough for the head of the answer, which tells where the run is.
        (trickling.url, lambda client: client.runs.wait("t", "agent", timeout=1), "r"),
        (silent.url, lambda client: client.runs.wait("t", "agent", timeout=SOON), None),
        (silent.url, lambda client: client.runs.join("t", "r", timeout=SOON), "r"),
    ]
    for url, call, run_id in cases:
        async with AsyncClient(url) as client:
            with pytest.raises(WaitTimeoutError, match=run_id or "not known to be created") as caught:
                await call(client)
            assert (caught.value.run_id, caught.value.thread_id) == (run_id, "t")


async def test_a_deadline_ends_a_stream_of_many_events(replay: Replay) -> None:
    server = replay(Response.events(trickle(FIRST), PLACE))
    async with AsyncClient(server.url) as client:
        with pytest.raises(APITimeoutError, match="timeout"):
            await drained(client.runs.stream("t", "agent", timeout=SOON))
        server.wait_for(lambda: server.open == 0)


async def test_a_deadline_ends_a_stream_that_is_cut_again_and_again(replay: Replay) -> None:
    """Each time there is an event more, so that there is always a reason to go on."""
    numbers = count()

    def answer(_: Request) -> Response:
        events = b"".join(sse("values", n, str(n)) for n in range(next(numbers)))
        return Response.events([events, b"."], PLACE, fault="fin", fault_after=len(events))

    server = replay(answer)
    async with AsyncClient(server.url, max_retries=QUICK) as client:
        with pytest.raises(APITimeoutError, match="timeout"):
            await drained(client.runs.join_stream("t", "r", last_event_id="-1", timeout=1))


async def test_a_pause_beyond_the_deadline_is_not_begun(replay: Replay) -> None:
    server = replay(lambda _: Response.json({}, 429, (("retry-after", "20"),)))
    async with AsyncClient(server.url) as client:
        for call in (client.runs.get, client.runs.create):
            with pytest.raises(RateLimitError):
                await call("t", "r", timeout=10)
    assert len(server.requests) == 2


# --- waits that are cut ---


@pytest.mark.parametrize("how", ["fin", "rst", "silent"])
async def test_a_wait_cut_at_any_byte_joins_again(how: How, replay: Replay) -> None:
    pieces = [b"\n", b"\n", b'{"n":', b"1}"]
    size = len(b"".join(pieces))
    places = range(size) if how != "silent" else (1, 5)
    server = replay(
        answer
        for at in places
        for answer in (
            Response(200, JSON, pieces, fault=how, fault_after=at),
            Response(200, JSON, pieces, fault=how, fault_after=size - 1 - at),
            Response.none(how),
            Response(200, JSON, pieces),
        )
    )
    idle_timeout = SILENCE if how == "silent" else None
    async with AsyncClient(server.url, max_retries=QUICK, idle_timeout=idle_timeout) as client:
        for _ in places:
            assert await client.runs.wait("t", "agent") == {"n": 1}
    assert [request.method for request in server.requests] == ["POST", "GET", "GET", "GET"] * len(places)


@pytest.mark.parametrize("how", ["fin", "rst"])
async def test_a_wait_on_a_real_server_joins_again(how: How, server_url: str) -> None:
    thread_id = str(uuid4())
    with FaultProxy(server_url, [Cut(0, how), Cut(0, how, "answer"), Cut(0, how)]) as proxy:
        async with AsyncClient(proxy.url, max_retries=QUICK) as client:
            values = await client.runs.wait(thread_id, "agent", if_not_exists="create", input={"n": 1})
            runs = await client.runs.list(thread_id)
    assert values["n"] == 2
    assert [run.status for run in runs] == ["success"]
    wait, join = f"/threads/{thread_id}/runs/wait", f"/threads/{thread_id}/runs/{runs[0].run_id}/join"
    assert [request.path for request in proxy.requests][:-1] == [wait, join, join, join]


async def test_a_wait_that_seems_to_end_before_its_values_joins_again(replay: Replay) -> None:
    server = replay([Response(200, JSON, b"\n"), Response(200, JSON, b""), Response(200, JSON, b'{"n":1}')])
    async with AsyncClient(server.url, max_retries=QUICK) as client:
        assert await client.runs.wait("t", "agent") == {"n": 1}
    assert [request.method for request in server.requests] == ["POST", "GET", "GET"]


async def test_a_wait_that_seems_to_end_amid_its_values_is_not_taken_for_whole(replay: Replay) -> None:
    server = replay(Response(200, JSON, b'{"n":'))
    async with AsyncClient(server.url, max_retries=QUICK) as client:
        with pytest.raises(APIResponseError):
            await client.runs.wait("t", "agent")


LOST = Response(200, JSON, [b"\n", b"{}"], fault="fin", fault_after=1)
NOWHERE = Response(200, (("content-type", "application/json"),), [b"\n", b"{}"], fault="fin", fault_after=1)
UNKNOWN = Response.json({"__error__": {"error": "HTTPException", "message": "404: Run not found"}})
GIVEN_UP: dict[str, tuple[list[Response], str | None, int]] = {
    "lost again and again": ([LOST] * 4, "r", 4),
    "not answered any more": ([LOST, *[Response.none()] * 3], "r", 4),
    "overloaded": ([LOST, *[Response.json({}, 503)] * 3], "r", 4),
    "refused": ([LOST, Response.json({}, 403)], "r", 2),
    "forgotten": ([LOST, UNKNOWN], "r", 2),
    "nobody knows where": ([NOWHERE], None, 1),
}


@pytest.mark.parametrize(("answers", "run_id", "tries"), GIVEN_UP.values(), ids=GIVEN_UP)
async def test_a_wait_that_cannot_go_on_says_where_it_was(
    answers: list[Response], run_id: str | None, tries: int, replay: Replay
) -> None:
    server = replay(answers)
    async with AsyncClient(server.url, max_retries=QUICK) as client:
        with pytest.raises(StreamDisconnectedError, match="the connection was lost") as caught:
            await client.runs.wait("t", "agent")
    assert caught.value.run_id == run_id
    assert isinstance(caught.value.__cause__, LangGraphError)
    assert [request.method for request in server.requests] == ["POST", *["GET"] * (tries - 1)]


async def test_a_wait_is_cut_and_the_run_fails(replay: Replay) -> None:
    failed = Response.json({"__error__": {"error": "ValueError", "message": "boom"}})
    server = replay([LOST, failed])
    async with AsyncClient(server.url, max_retries=QUICK) as client:
        with pytest.raises(RunFailedError, match="boom") as caught:
            await client.runs.wait("t", "agent")
    assert (caught.value.run_id, caught.value.thread_id) == ("r", "t")


async def test_a_join_that_is_cut_joins_again(replay: Replay) -> None:
    server = replay([LOST, LOST, Response.json({"n": 1})])
    async with AsyncClient(server.url, max_retries=QUICK) as client:
        assert await client.runs.join("t", "r") == {"n": 1}
    assert len(server.requests) == 3


# --- heads ---

HEADS: dict[str, Callable[[], Any]] = {
    "a header": lambda: trickle(b"y", start=b"HTTP/1.1 200 OK\r\nx: "),
    "headers": lambda: trickle(b"x: y\r\n", start=b"HTTP/1.1 200 OK\r\n"),
    "early hints": lambda: trickle(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
async def test_a_deadline_holds_for_the_head_of_an_answer(head: Callable[[], Any], replay: Replay) -> None:
    server = replay(lambda _: Response(raw=head()))
    async with AsyncClient(server.url) as client:
        for send, kind in CALLS.values():
            with pytest.raises(kind, match="timeout"):
                await send(client)
        server.wait_for(lambda: server.open == 0)


async def test_a_head_has_a_bound_without_a_deadline(replay: Replay) -> None:
    server = replay(lambda _: Response(raw=HEADS["early hints"]()))
    async with AsyncClient(server.url, timeout=0.1, max_retries=0) as client:
        with pytest.raises(APITimeoutError):
            await client.runs.get("t", "r")


async def test_the_body_of_an_error_has_a_bound_too(replay: Replay) -> None:
    """It is not read for the 10 s until the client would have had enough of it."""
    server = replay(lambda _: Response(500, JSON, trickle(b"x" * 2**10)))
    async with AsyncClient(server.url, timeout=0.5, max_retries=0) as client:
        with pytest.raises(InternalServerError) as caught:
            await client.runs.get("t", "r")
    assert len(caught.value.body) < 2**20


async def test_a_deadline_holds_on_a_connection_that_has_served_before(replay: Replay) -> None:
    run = Response.json(run_json())
    server = replay([run, Response(raw=HEADS["headers"]()), run, Response(200, JSON, trickle(b" ")), run])
    async with AsyncClient(server.url) as client:
        for _ in range(2):
            await client.runs.get("t", "r")
            with pytest.raises(APITimeoutError, match="timeout"):
                await client.runs.get("t", "r", timeout=SOON)
        # What bounded one request does not bound the next one.
        await client.runs.get("t", "r")
    assert server.accepted == 3
