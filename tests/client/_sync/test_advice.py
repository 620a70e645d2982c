# Derived from tests/client/_async/test_advice.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""What errors and warnings say to do: about keys, threads, redirects and timeouts. They show no secret."""

from typing import Any

import orjson
import pytest

from langgraph_runs import (
    APIStatusError,
    APITimeoutError,
    Client,
    InternalServerError,
    LangGraphError,
    NotFoundError,
    RetryPolicy,
    RunFailedError,
    RunInterruptedError,
    StreamDisconnectedError,
    WaitTimeoutError,
)
from tests.client._sync.calls import ALL_CALLS, drained
from tests.support.replay import SILENCE, Replay, Response
from tests.support.samples import run_json, sse

pytestmark = pytest.mark.anyio

HANGING = Response(headers=(("content-length", "10"),), fault="silent")
JOINED_AT = (("location", "/threads/t/runs/r/join"),)
each_call = pytest.mark.parametrize("name", sorted(ALL_CALLS))


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGGRAPH_API_KEY", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def failure_of(client: Client, name: str) -> LangGraphError:
    with client:
        with pytest.raises(LangGraphError) as caught:
            ALL_CALLS[name](client.runs)
    return caught.value


@each_call
@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_says_whether_a_key_was_sent(name: str, status: int, replay: Replay) -> None:
    server = replay(Response.json({"detail": "no"}, status))
    error = failure_of(Client(server.url), name)
    assert str(error).endswith(f": {status} no (no API key was sent: set api_key or LANGGRAPH_API_KEY)")
    for client in (
        Client(server.url, api_key="k"),
        Client(server.url, headers={"Authorization": "Bearer k"}),
        Client(server.url.replace("://", "://me:secret@")),
    ):
        error = failure_of(client, name)
        advice = "the API key was refused" if status == 401 else "the API key does not allow this"
        assert str(error).endswith(f": {status} no ({advice})")


@each_call
def test_a_thread_that_is_missing_can_be_created_by_what_starts_a_run_on_it(name: str, replay: Replay) -> None:
    server = replay(Response.json({"detail": "Thread or assistant not found."}, 404))
    error = failure_of(Client(server.url), name)
    assert isinstance(error, NotFoundError)
    assert ('(if_not_exists="create" creates the thread)' in str(error)) is (name in {"create", "wait", "stream"})


@pytest.mark.parametrize(
    "location", ["http://[", "//", "http://me:secret@h/", "/b?key=secret", "?key=secret", "", "\xff"]
)
def test_a_redirect_may_lead_anywhere(location: str, replay: Replay) -> None:
    server = replay(Response(307, (("location", location),)))
    error = failure_of(Client(server.url), "get")
    assert type(error) is APIStatusError
    assert "(redirects are not followed; this one leads to " in str(error)
    assert "secret" not in str(error)


@pytest.mark.parametrize("method", ["get", "wait", "create", "list", "stream"])
def test_a_query_is_neither_told_nor_logged(method: str, replay: Replay, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "langgraph_runs")
    server = replay(Response.json({"detail": "busy"}, 503, (("retry-after", "0"),)))
    with Client(server.url, max_retries=RetryPolicy(1)) as client:
        params: Any = {"token": "secret"}
        with pytest.raises(InternalServerError) as caught:
            match method:
                case "get":
                    client.runs.get("t", "r", params=params)
                case "wait":
                    client.runs.wait("t", "agent", params=params)
                case "create":
                    client.runs.create("t", "agent", params=params)
                case "list":
                    client.runs.list("t", params=params)
                case _:
                    drained(client.runs.stream("t", "agent", params=params))
    assert len(server.requests) == 2
    assert all("token=secret" in request.target for request in server.requests)
    assert "retry 1 of 1" in caplog.text
    assert "/threads/t/runs" in caplog.text
    assert "secret" not in f"{caplog.text} {caught.value} {vars(caught.value)}"


@pytest.mark.parametrize(
    ("headers", "options", "said"),
    [
        (
            JOINED_AT,
            {},
            f"run r did not finish within its timeout of {SILENCE} s; it goes on, and join('t', 'r') waits for it again",
        ),
        (
            JOINED_AT,
            {"on_disconnect": "cancel"},
            f"run r did not finish within its timeout of {SILENCE} s; the server cancels it",
        ),
        (JOINED_AT[:0], {}, f"run (not known to be created) did not finish within its timeout of {SILENCE} s"),
    ],
)
def test_a_wait_that_takes_too_long_says_how_to_go_on(
    headers: Any, options: dict[str, Any], said: str, replay: Replay
) -> None:
    server = replay(Response.json({}, headers=headers, fault="silent"))
    with Client(server.url) as client:
        with pytest.raises(WaitTimeoutError) as caught:
            client.runs.wait("t", "agent", timeout=SILENCE, **options)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"__error__": {"error": "ValueError", "message": "boom"}}, RunFailedError),
        ({"__interrupt__": [{"value": "go on?"}]}, RunInterruptedError),
    ],
)
def test_a_wait_knows_its_thread_without_being_told(values: Any, kind: Any, replay: Replay) -> None:
    """Proxies drop the headers that name the run."""
    with Client(replay(Response.json(values)).url, state_type=dict) as client:
        with pytest.raises(kind) as caught:
            client.runs.wait("t", "agent")
    assert (caught.value.run_id, caught.value.thread_id) == (None, "t")


def test_a_join_that_takes_too_long_says_how_to_go_on(replay: Replay) -> None:
    with Client(replay(HANGING).url) as client:
        with pytest.raises(
            WaitTimeoutError,
            match=rf"within its timeout of {SILENCE} s; it goes on, and join\('t', 'r'\) waits for it again",
        ):
            client.runs.join("t", "r", timeout=SILENCE)


def test_silence_names_the_settings_that_bound_it(replay: Replay) -> None:
    settings = "`timeout` sets how long that is, `idle_timeout` for streams and waits"
    with Client(replay(HANGING).url, timeout=SILENCE, max_retries=0) as client:
        with pytest.raises(APITimeoutError, match=settings):
            client.runs.get("t", "r")
        with pytest.raises(APITimeoutError, match=settings):
            client.runs.create("t", "agent")
    stalled = Response.events([sse("metadata", {"run_id": "r"}), b": wait"], fault="silent", fault_after=40)
    with Client(replay(stalled).url, max_retries=0, idle_timeout=SILENCE) as client:
        with pytest.raises(StreamDisconnectedError, match=settings):
            drained(client.runs.stream("t", "agent"))
        with pytest.raises(StreamDisconnectedError, match=settings):
            client.runs.wait("t", "agent")


# -- what is not quite JSON


@pytest.mark.parametrize("method", ["wait", "join", "get", "list", "create", "create_batch", "stream", "iter"])
@pytest.mark.parametrize(
    ("before", "text", "value"),
    [
        (b"", b'"a\\ud83d"', "a\ud83d"),
        (b"", b"[Infinity]", [float("inf")]),
        (b"\xef\xbb\xbf", b'"a"', "a"),
        (b"\xef\xbb\xbf", b'"a\\ud83d"', "a\ud83d"),
    ],
    ids=["surrogate", "infinity", "mark", "both"],
)
def test_what_is_almost_json_is_read_everywhere(
    method: str, before: bytes, text: bytes, value: Any, replay: Replay
) -> None:
    """JavaScript writes halves of emojis, Python infinity and NaN, and proxies a byte order mark."""

    def almost(content: Any) -> bytes:
        return before + orjson.dumps(content).replace(b'"?"', text)

    values, run = {"value": "?"}, run_json(kwargs={"input": "?"})
    is_run = method in {"get", "create"}
    content = almost(values if method in {"wait", "join", "stream"} else run if is_run else [run])
    server = replay(Response(headers=JOINED_AT, body=content))
    if method == "stream":
        server = replay(Response.events([b"event: values\ndata: " + content + b"\n\n", sse("end", {})]))
    with Client(server.url) as client:
        result = ALL_CALLS[method](client.runs)
    if method == "stream":
        found = result[0].data["value"]
    elif method in {"wait", "join"}:
        found = result["value"]
    else:
        found = (result if is_run else result[0]).input_
    assert found == value


def test_an_error_event_that_is_almost_json_is_read(replay: Replay) -> None:
    content = b'event: error\ndata: {"error": "E", "message": "a\\ud83d"}\n\n'
    with Client(replay(Response.events([content])).url) as client:
        with pytest.raises(RunFailedError) as failed:
            drained(client.runs.stream("t", "agent"))
    assert (failed.value.error, failed.value.message) == ("E", "a\ud83d")
