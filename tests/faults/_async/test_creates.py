"""A run is never created twice, whatever happens to the request; and retries follow the policy."""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import product
from typing import Any, Literal, get_args
from uuid import uuid4

import httpx
import orjson
import pytest

from langgraph_runs import (
    APIConnectionError,
    APIStatusError,
    AsyncClient,
    AsyncRunsClient,
    InternalServerError,
    LangGraphError,
    NotFoundError,
    RateLimitError,
    RetryPolicy,
    StreamDisconnectedError,
)
from tests.client._async.calls import drained
from tests.support.network import How, Request
from tests.support.proxy import Cut, FaultProxy
from tests.support.replay import Replay, ReplayServer, Response
from tests.support.samples import run_json, sse

pytestmark = pytest.mark.anyio

Call = Callable[[AsyncRunsClient], Any]

CREATES: dict[str, Call] = {
    "create": lambda runs: runs.create("t", "agent"),
    "create stateless": lambda runs: runs.create(None, "agent"),
    "create_batch": lambda runs: runs.create_batch([{"assistant_id": "agent"}]),
    "wait": lambda runs: runs.wait("t", "agent"),
    "wait stateless": lambda runs: runs.wait(None, "agent"),
    "stream": lambda runs: drained(runs.stream("t", "agent")),
    "stream stateless": lambda runs: drained(runs.stream(None, "agent")),
    "stream resumable": lambda runs: drained(runs.stream("t", "agent", stream_resumable=True)),
    "stream stateless resumable": lambda runs: drained(runs.stream(None, "agent", stream_resumable=True)),
}
CHANGES: dict[str, Call] = CREATES | {
    "cancel": lambda runs: runs.cancel("t", "r"),
    "cancel_many": lambda runs: runs.cancel_many(status="pending"),
}
REPEATABLE: dict[str, Call] = {
    "get": lambda runs: runs.get("t", "r"),
    "list": lambda runs: runs.list("t"),
    "iter": lambda runs: drained(runs.iter("t")),
    "join": lambda runs: runs.join("t", "r"),
    "join_stream": lambda runs: drained(runs.join_stream("t", "r")),
    "join_stream after": lambda runs: drained(runs.join_stream("t", "r", last_event_id="-1")),
    "delete": lambda runs: runs.delete("t", "r"),
}
# No pauses to speak of.
QUICK = RetryPolicy(max_retries=3, initial=1e-6)


def each(calls: Mapping[str, Call]) -> pytest.MarkDecorator:
    """For a test of each of these."""
    return pytest.mark.parametrize("call", calls.values(), ids=calls)


FIRST, SECOND, END = sse("metadata", {"run_id": "r"}, "1"), sse("values", {"n": 1}, "2"), sse("end", None, "3")


def answer(method: str, path: str) -> tuple[int, str, bytes]:
    """How a server without faults answers: status, content type, body."""
    json = "application/json"
    match method, path.rsplit("/", 1)[1]:
        case "DELETE", _:
            return 204, json, b""
        case _, "stream":
            return 200, "text/event-stream", FIRST + SECOND + END
        case _, "wait" | "join":
            return 200, json, b'\n\n{"n":1}'
        case _, "batch":
            return 200, json, orjson.dumps([run_json()])
        case _, "cancel":
            return 204 if path == "/runs/cancel" else 202, json, b""
        case "GET", "runs":
            return 200, json, b"[]"
        case _:
            return 200, json, orjson.dumps(run_json())


# --- never two ---

HOWS: list[How] = ["fin", "rst"]
Of = Literal["request", "answer", "body"]
CUTS: list[tuple[Of, int, How]] = [
    *((of, at, how) for of in get_args(Of) for at in (0, 1, 7, 60) for how in HOWS),
    *(("request", -at, how) for at in (20, 1) for how in HOWS),
]
"""Before, during and after the request, before and amid the answer; negative: from the request's end."""


class OneCut:
    """A plan for a proxy: it cuts the creation, and nothing else."""

    def __init__(self) -> None:
        self.creations = 0
        self.cut = CUTS[0]

    def __call__(self, request: Request) -> Cut | None:
        self.creations += request.method == "POST"
        if request.method != "POST" or self.creations > 1:
            return None
        of, at, how = self.cut
        # The proxy exchanges a header for a shorter one.
        whole = len(request.head) + len(request.body) - len("Connection: keep-alive") + len("connection: close")
        return Cut(at if at >= 0 else whole + at, how, of)


class Counting:
    """A server that counts the creations that it took."""

    def __init__(self) -> None:
        self.creations = 0

    def __call__(self, request: Request) -> Response:
        self.creations += request.method == "POST"
        status, kind, body = answer(request.method, request.path)
        place = "/runs/r" if request.path.startswith("/runs") else "/threads/t/runs/r"
        # Closed by the server, so that no creation meets a connection that is just being closed.
        headers = (("content-type", kind), ("content-location", place), ("connection", "close"))
        return Response(status, headers, body)


@each(CREATES)
async def test_a_lost_connection_creates_no_second_run(call: Call) -> None:
    counting, plan = Counting(), OneCut()
    with ReplayServer(counting) as server, FaultProxy(server.url, plan) as proxy:
        async with AsyncClient(proxy.url, max_retries=QUICK) as client:
            for cut in CUTS:
                plan.cut = cut
                plan.creations = counting.creations = 0
                failure = None
                try:
                    await call(client.runs)
                except (APIConnectionError, StreamDisconnectedError) as error:
                    failure = error
                assert plan.creations == 1
                # What was forwarded in part was not taken, what was answered was.
                assert counting.creations == (cut[0] != "request")
                assert failure is not None or cut[0] != "request"


async def test_a_lost_connection_creates_no_second_run_on_a_real_server(server_url: str) -> None:
    plan = OneCut()
    options: Any = {"if_not_exists": "create", "input": {"tokens": 1}}
    calls: list[Callable[[str], Any]] = [
        lambda thread_id: client.runs.create(thread_id, "agent", **options),
        lambda thread_id: client.runs.wait(thread_id, "agent", **options),
        lambda thread_id: drained(client.runs.stream(thread_id, "agent", **options)),
        lambda thread_id: drained(client.runs.stream(thread_id, "agent", stream_resumable=True, **options)),
    ]
    # Few cuts of the body: who goes on after it waits for the server, which takes its time to start a run.
    cuts = [cut for cut in CUTS if cut == ("body", 7, "rst") or (cut[0] != "body" and cut[1] in (0, 60))]
    with FaultProxy(server_url, plan) as proxy:
        async with AsyncClient(proxy.url, max_retries=QUICK) as client:
            for cut, call in product(cuts, calls):
                plan.cut = cut
                plan.creations = 0
                thread_id = str(uuid4())
                failure = None
                try:
                    await call(thread_id)
                except (APIConnectionError, StreamDisconnectedError) as error:
                    failure = error
                assert plan.creations == 1
                try:
                    runs = await client.runs.list(thread_id)
                except NotFoundError:
                    runs = []
                assert len(runs) == (cut[0] != "request")
                assert failure is not None or cut[0] != "request"


# --- what is tried again ---

Outcome = Exception | tuple[int, str | None]
"""An exception of httpx, or an answer's status and its Retry-After."""

NEVER_SENT: list[Outcome] = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]
LOST: list[Outcome] = [
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("closed"),
    httpx.ReadTimeout("silent"),
    httpx.WriteTimeout("slow"),
]
AN_HOUR = timedelta(hours=1)
PAST = format_datetime(datetime.now(UTC) - AN_HOUR, usegmt=True)
FUTURE = format_datetime(datetime.now(UTC) + AN_HOUR, usegmt=True)
NOT_TAKEN: list[Outcome] = [(429, None), (429, "0"), (429, PAST), (503, "0"), (503, PAST)]
OVERLOADED: list[Outcome] = [(code, None) for code in (408, 429, 500, 502, 503, 504, 599)]
REFUSED: list[Outcome] = [(code, None) for code in (301, 400, 401, 403, 404, 409, 422)]


class Script:
    """Answers requests by outcomes, in their order, and then as a server without faults does."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.left = list(outcomes)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        match self.left.pop(0) if self.left else None:
            case (code, retry_after):
                return httpx.Response(code, headers={"retry-after": retry_after} if retry_after else None, json={})
            case None:
                code, kind, body = answer(request.method, request.url.path)
                return httpx.Response(code, headers={"content-type": kind}, content=body)
            case failure:
                raise failure

    @property
    def first(self) -> int:
        """How often the first request was sent."""
        line = (self.requests[0].method, self.requests[0].url)
        return sum((request.method, request.url) == line for request in self.requests)


def runs_of(script: Script, max_retries: int | RetryPolicy = QUICK) -> AsyncRunsClient:
    http_client = httpx.AsyncClient(transport=httpx.MockTransport(script))
    return AsyncClient("http://server", api_key="secret", http_client=http_client, max_retries=max_retries).runs


async def failure_of(call: Call, runs: AsyncRunsClient) -> LangGraphError | None:
    try:
        await call(runs)
    except LangGraphError as error:
        return error
    return None


@each(CHANGES)
async def test_a_change_that_was_not_taken_is_asked_for_again(call: Call) -> None:
    for outcome in NEVER_SENT + NOT_TAKEN:
        script = Script(outcome, outcome)
        await call(runs_of(script))
        assert script.first == 3


@each(CHANGES)
async def test_a_change_that_may_have_been_made_is_not_asked_for_again(call: Call) -> None:
    for outcome in [*LOST, *REFUSED, (408, None), (500, "0"), (502, None), (503, None), (504, None)]:
        script = Script(outcome)
        assert isinstance(await failure_of(call, runs_of(script)), APIConnectionError | APIStatusError)
        assert len(script.requests) == 1


@each(REPEATABLE)
async def test_a_read_or_delete_is_tried_again(call: Call) -> None:
    for outcome in NEVER_SENT + LOST + NOT_TAKEN + OVERLOADED:
        script = Script(outcome, outcome, outcome)
        await call(runs_of(script))
        assert script.first == 4


@each(REPEATABLE)
async def test_a_read_that_was_refused_is_not_tried_again(call: Call) -> None:
    for outcome in REFUSED:
        script = Script(outcome)
        assert isinstance(await failure_of(call, runs_of(script)), APIStatusError)
        assert len(script.requests) == 1


@each(CHANGES | REPEATABLE)
async def test_the_tries_are_bounded(call: Call) -> None:
    for policy, tries in ((QUICK, 4), (RetryPolicy(2, initial=1e-6), 3), (0, 1), (RetryPolicy(total=1e-9), 1)):
        script = Script(*[httpx.ConnectError("refused")] * 10)
        failure = await failure_of(call, runs_of(script, policy))
        assert isinstance(failure, APIConnectionError)
        assert isinstance(failure.__cause__, httpx.ConnectError)
        assert not failure.sent
        assert len(script.requests) == tries


@each(CHANGES | REPEATABLE)
async def test_a_server_that_asks_for_too_much_patience_is_not_waited_for(call: Call) -> None:
    for code, kind in ((429, RateLimitError), (503, InternalServerError)):
        for retry_after in ("31", FUTURE):
            script = Script((code, retry_after))
            failure = await failure_of(call, runs_of(script))
            assert type(failure) is kind
            assert failure.retry_after == retry_after
            assert len(script.requests) == 1


# --- who is told ---


def logged(caplog: pytest.LogCaptureFixture, level: int = logging.WARNING) -> list[str]:
    """What the client logged at this level."""
    return [r.getMessage() for r in caplog.records if r.name == "langgraph_runs" and r.levelno == level]


async def test_each_retry_is_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "langgraph_runs")
    await runs_of(Script((429, "0"), (429, "1"), httpx.ConnectError("refused"))).create("t", "agent")
    first, second, third = logged(caplog)
    what = "POST http://server/threads/t/runs"
    assert first.startswith(f"retry 1 of 3 in 0.00 s: {what}: 429 ")
    assert second.startswith(f"retry 2 of 3 in 1.00 s: {what}: 429 ")
    assert third.startswith("retry 3 of 3 in ")
    assert third.endswith(f"{what}: connecting failed (refused); is a LangGraph server listening there?")
    assert "secret" not in caplog.text


async def test_each_request_is_one_line_for_debugging(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    runs = runs_of(Script(httpx.ConnectError("refused")))
    await runs.create("t", "agent", params={"token": "secret"})
    first, second = logged(caplog, logging.DEBUG)
    assert re.fullmatch(r"POST http://server/threads/t/runs: ConnectError in \d+ ms", first)
    assert re.fullmatch(r"POST http://server/threads/t/runs: 200 in \d+ ms", second)


async def test_each_reconnection_is_told_and_one_warning(replay: Replay, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "langgraph_runs")
    told: list[tuple[int, str | None, Exception]] = []
    place = (("content-location", "/threads/t/runs/r"),)
    server = replay(
        [
            Response.events([FIRST, SECOND], place, fault="fin", fault_after=len(FIRST)),  # one event
            Response.none("rst"),
            Response.json({}, 503),
            Response.events([FIRST], fault="rst", fault_after=10),  # none
            Response.events([FIRST, SECOND], fault="fin", fault_after=len(FIRST + SECOND)),  # another one
            Response.events([SECOND, END]),
        ]
    )
    async with AsyncClient(server.url, api_key="secret", max_retries=RetryPolicy(5, initial=1e-6)) as client:
        stream = client.runs.stream("t", "agent", stream_resumable=True, on_reconnect=lambda *args: told.append(args))
        assert [event.id async for event in stream] == ["1", "2", "3"]
    assert [request.headers.get("last-event-id") for request in server.requests] == [None, "-1", "-1", "-1", "-1", "1"]
    lost = APIConnectionError
    assert [(attempt, (place or "").partition("+")[0], type(cause)) for attempt, place, cause in told] == [
        (1, "-1", lost),
        (2, "-1", lost),
        (3, "-1", InternalServerError),
        (4, "-1", lost),
        (1, "1", lost),
    ]
    expected = [f"run r: retry {attempt} of 5 in 0.00 s: {cause}" for attempt, _, cause in told]
    assert logged(caplog) == expected
    assert "secret" not in caplog.text


async def test_a_stream_gives_up_when_nothing_comes_any_more(replay: Replay) -> None:
    told: list[int] = []
    place = (("content-location", "/threads/t/runs/r"),)
    server = replay(lambda _: Response.events([FIRST], place, fault="fin", fault_after=len(FIRST)))
    async with AsyncClient(server.url, max_retries=QUICK) as client:
        stream = client.runs.stream("t", "agent", stream_resumable=True, on_reconnect=lambda n, *_: told.append(n))
        with pytest.raises(StreamDisconnectedError, match="4 times") as caught:
            await drained(stream)
    assert (caught.value.run_id, caught.value.thread_id) == ("r", "t")
    assert (caught.value.last_event_id or "").startswith("-1+0.1.")
    assert told == [1, 2, 3]
    assert len(server.requests) == 4
