# Derived from tests/faults/_async/test_alive.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""A server that is slow is not cut, one that is gone is found out, and one that hangs up is not rushed at."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from langgraph_runs import Client, LangGraphError, RetryPolicy
from tests.client._sync.calls import drained
from tests.support.replay import Replay, Response, paced
from tests.support.samples import sse

pytestmark = pytest.mark.anyio

PLACE = (("content-location", "/threads/t/runs/r"),)
JSON = (("content-type", "application/json"), *PLACE)
FIRST, SECOND, END = sse("metadata", {"run_id": "r"}, "1"), sse("values", {"n": 1}, "2"), sse("end", None, "3")
COMMENT = b": heartbeat\n\n"
QUICK = RetryPolicy(max_retries=3, initial=1e-3)
TIMEOUTS = "langgraph_runs._sansio.timeouts"


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silences may be cut after 0.05 s rather than 6 s."""
    monkeypatch.setattr(f"{TIMEOUTS}._SHORTEST", 0.05)
    monkeypatch.setattr(f"{TIMEOUTS}._TOGETHER", 0.015)


def paces(heartbeat: bytes) -> dict[str, list[bytes | float]]:
    """What a healthy server may send before a long silence."""
    return {
        "a greeting": [heartbeat],
        "one heartbeat": [0.02, heartbeat],
        "one interval": [0.02, heartbeat, 0.02, heartbeat],
        "two that a stall held back": [0.02, heartbeat, 0.04, 2 * heartbeat],
        "all that a stall held back": [0.04, 3 * heartbeat],
        "slow ones": [0.1, heartbeat, 0.1, heartbeat, 0.1, heartbeat],
    }


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("pace", paces(b""))
def test_a_healthy_server_is_not_cut(pace: str, replay: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{TIMEOUTS}._SLOW", 0.03)
    server = replay(
        lambda request: (
            Response.events(paced(FIRST, *paces(COMMENT)[pace], 0.4, SECOND, END), PLACE)
            if request.path.endswith("/stream")
            else Response(200, JSON, paced(*paces(b"\n")[pace], 0.4, b'{"n":1}'))
        )
    )
    with Client(server.url, max_retries=0) as client:
        events = drained(client.runs.stream("t", "agent"))
        assert [event.event for event in events] == ["metadata", "values", "end"]
        assert client.runs.wait("t", "agent") == client.runs.join("t", "r") == {"n": 1}
    assert len(server.requests) == 3


@pytest.mark.usefixtures("brief")
def test_a_silence_is_noticed_once_the_interval_is_known(replay: Replay) -> None:
    number = 20  # some may arrive together
    comments: list[bytes | float] = [0.02, COMMENT] * number
    newlines: list[bytes | float] = [0.02, b"\n"] * number
    server = replay(
        [
            Response.events(
                paced(FIRST, *comments),
                PLACE,
                fault="silent",
                fault_after=len(FIRST + number * COMMENT),
            ),
            Response.events([FIRST, SECOND, END], PLACE),
            Response(200, JSON, paced(*newlines), fault="silent", fault_after=number),
            Response(200, JSON, [b'{"n":1}']),
        ]
    )
    with Client(server.url, max_retries=QUICK) as client:
        stream = client.runs.stream("t", "agent", stream_resumable=True, timeout=30)
        assert [event.id for event in stream] == ["1", "2", "3"]
        assert client.runs.wait("t", "agent", timeout=30) == {"n": 1}
    assert [request.method for request in server.requests] == ["POST", "GET"] * 2


def waits(caplog: pytest.LogCaptureFixture) -> list[Any]:
    """How long the client waited before each retry, as logged."""
    return [record.args[3] for record in caplog.records if isinstance(record.args, tuple) and "retry" in record.msg]


@pytest.mark.parametrize(("retry", "waited"), [(b"20", 0.02), (b"999999999999999", 0.03), (b"-5", 0), (b"soon", 0)])
def test_a_stream_tells_how_soon_to_reconnect(
    retry: bytes, waited: float, replay: Replay, caplog: pytest.LogCaptureFixture
) -> None:
    server = replay(
        [
            Response.events(
                [b"retry: " + retry + b"\n\n", FIRST, b"."], PLACE, fault="fin", fault_after=len(FIRST) + len(retry) + 9
            ),
            Response.events([FIRST, SECOND, b"."], PLACE, fault="fin", fault_after=len(FIRST + SECOND)),
            Response.events([SECOND, END], PLACE),
        ]
    )
    with Client(server.url, max_retries=RetryPolicy(3, initial=1e-9, maximum=0.03)) as client:
        with caplog.at_level(logging.WARNING, "langgraph_runs"):
            stream = client.runs.stream("t", "agent", stream_resumable=True)
            assert [event.id for event in stream] == ["1", "2", "3"]
    # What it asked for on one connection holds for the next one too.
    assert waits(caplog) == [waited] * 2


CLOSED: dict[str, Response] = {
    "no answer": Response.none(),
    "no stream": Response.events([FIRST], PLACE, fault="fin"),
    "a greeting": Response.events([COMMENT], PLACE, fault="fin", fault_after=len(COMMENT)),
    "no values": Response(200, JSON, [b"{}"], fault="fin"),
    "a newline": Response(200, JSON, [b"\n", b"{}"], fault="fin", fault_after=1),
}
CALLS: dict[str, Callable[[Client], Any]] = {
    "stream": lambda client: drained(client.runs.join_stream("t", "r", last_event_id="-1")),
    "wait": lambda client: client.runs.wait("t", "agent"),
    "join": lambda client: client.runs.join("t", "r"),
}


@pytest.mark.parametrize(
    ("call", "closed"),
    [
        *(("stream", how) for how in ("no answer", "no stream", "a greeting")),
        *(("wait", how) for how in ("no values", "a newline")),
        *(("join", how) for how in ("no answer", "no values", "a newline")),
    ],
)
def test_a_server_that_closes_at_once_is_asked_ever_more_slowly_and_then_no_more(
    call: str, closed: str, replay: Replay, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("random.uniform", lambda _, most: most)
    monkeypatch.setattr(f"{TIMEOUTS}._TOGETHER", 60)  # however late the greeting is read
    server = replay(lambda _: CLOSED[closed])
    with Client(server.url, max_retries=QUICK) as client:
        with caplog.at_level(logging.WARNING, "langgraph_runs"), pytest.raises(LangGraphError):
            CALLS[call](client)
    assert server.accepted == len(server.requests) == 4
    first, *others = waits(caplog)
    assert first in {0, 0.001}  # a connection that had been open is replaced at once
    assert others == [0.002, 0.004]
