# Derived from tests/client/_async/test_http_client.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""A client of httpx or httpx2 of the user's own in place of ours: its settings hold, and it stays the user's."""

import ssl
from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import orjson
import pytest
import trustme

from langgraph_runs import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    Client,
    CustomEvent,
    MetadataEvent,
    NotFoundError,
    RunCreateMetadata,
    StreamDisconnectedError,
)
from tests.client._sync.calls import drained
from tests.support.network import How
from tests.support.replay import Replay, Response, late
from tests.support.samples import run_json, sse
from tests.support.tls import tls_server

pytestmark = [
    pytest.mark.anyio,
    # Trio warns of the generators of httpx, which stay suspended where an answer is closed before its end.
    pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning"),
]

LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2])
RUN = run_json()
LOCATION = ("location", "/threads/t/runs/r/stream")
EVENTS = [sse("metadata", {"run_id": "r", "attempt": 1}), sse("custom", {"i": 0})]


@LIBRARIES
def test_it_is_used_and_not_closed(library: Any, replay: Replay) -> None:
    server = replay(Response.json(RUN))
    with library.Client(headers={"x-tenant": "a", "x-api-key": "theirs"}) as http_client:
        with Client(server.url, http_client=http_client, api_key="ours", headers={"x-team": "b"}) as client:
            assert (client.runs.get("t", "r")).run_id == "r"
        assert not http_client.is_closed
        http_client.get(server.url)
    first, second = server.requests
    assert [first.headers[name] for name in ("x-tenant", "x-team", "x-api-key")] == ["a", "b", "ours"]
    assert (second.headers["x-tenant"], second.headers["x-api-key"]) == ("a", "theirs")
    assert server.accepted == 1


@pytest.mark.parametrize("library", [None, httpx, httpx2])
def test_our_headers_win_and_each_is_sent_once(library: Any, replay: Replay) -> None:
    server = replay([Response.json(RUN), Response.events([sse("end", None)])])
    http_client = None if library is None else library.Client(headers={"accept": "theirs", "user-agent": "theirs"})
    with Client(server.url, http_client=http_client, headers={"Accept": "ours"}) as client:
        client.runs.get("t", "r", headers={"x-api-key": "ours"})
        drained(iter(client.runs.join_stream("t", "r")))
    if http_client is not None:
        http_client.close()
    expected = [("application/json", "gzip"), ("text/event-stream", "identity")]
    for request, accepted in zip(server.requests, expected, strict=True):
        assert (request.headers["accept"], request.headers["accept-encoding"]) == accepted
        assert request.headers["user-agent"].startswith("langgraph-runs/")
        names = [line.partition(b":")[0].lower() for line in request.head.split(b"\r\n")[1:]]
        assert len(names) == len({*names}) + 1  # two empty lines end the head


def test_ours_is_closed(replay: Replay) -> None:
    server = replay(Response.json(RUN))
    with Client(server.url) as client:
        client.runs.get("t", "r")
        assert server.open == 1
    server.wait_for(lambda: server.open == 0)


@LIBRARIES
def test_its_limits_hold(library: Any, replay: Replay) -> None:
    server = replay(Response.json(RUN))
    limits = library.Limits(max_keepalive_connections=0)
    with library.Client(limits=limits) as http_client:
        client = Client(server.url, http_client=http_client)
        for _ in range(3):
            client.runs.get("t", "r")
    assert server.accepted == 3

    limits = library.Limits(max_connections=1)
    stream_server = replay(Response.events(EVENTS, headers=(LOCATION,), fault="silent", fault_after=1))
    with library.Client(limits=limits) as http_client:
        client = Client(
            stream_server.url, http_client=http_client, timeout=library.Timeout(10, pool=0.1), max_retries=0
        )
        with client.runs.stream("t", "agent"):
            with pytest.raises(APIConnectionError, match="all connections were busy"):
                client.runs.get("t", "r")
    assert stream_server.accepted == 1


@LIBRARIES
def test_its_base_url_is_the_servers_unless_another_is_given(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", "http://environment")
    asked: list[str] = []
    transport = answering(library, lambda _: library.Response(200, json=RUN), asked)
    with library.Client(transport=transport, base_url="http://theirs/api/") as http_client:
        Client(http_client=http_client).runs.get("t", "r")
        Client("https://argument:81/x", http_client=http_client).runs.get("t", "r")
    with library.Client(transport=transport) as http_client:
        Client(http_client=http_client).runs.get("t", "r")
        monkeypatch.delenv("LANGGRAPH_API_URL")
        Client(http_client=http_client).runs.get("t", "r")
    bases = ["http://theirs/api", "https://argument:81/x", "http://environment", "http://localhost:2024"]
    assert asked == [f"GET {base}/threads/t/runs/r" for base in bases]


@LIBRARIES
def test_its_transport_answers_also_with_streams(library: Any) -> None:
    def answer(request: Any) -> Any:
        if request.url.path.endswith("/stream"):
            headers = [("content-type", "text/event-stream"), LOCATION]
            return library.Response(200, headers=headers, content=b"".join(EVENTS))
        return library.Response(200, json=orjson.loads(request.content)["input"] if request.content else RUN)

    asked: list[str] = []
    created: list[RunCreateMetadata] = []
    with library.Client(transport=answering(library, answer, asked), base_url="http://theirs") as http_client:
        client = Client(http_client=http_client)
        with client.runs.stream("t", "agent", input={}, stream_mode="custom", on_run_created=created.append) as stream:
            events = drained(stream)
        assert events == [MetadataEvent({"run_id": "r", "attempt": 1}), CustomEvent({"i": 0})]
        assert created == [{"run_id": "r", "thread_id": "t"}]
        assert client.runs.wait("t", "agent", input={"n": [1, None]}) == {"n": [1, None]}
    assert asked == [
        "POST http://theirs/threads/t/runs/stream",
        "GET http://theirs/threads/t/runs/r",
        "POST http://theirs/threads/t/runs/wait",
    ]


@LIBRARIES
def test_its_transports_failures_are_typed_and_retried(library: Any) -> None:
    failures: list[Any] = [library.ConnectError, library.ReadError, library.RemoteProtocolError]

    def answer(request: Any) -> Any:
        raise failures[len(asked) - 1]("no", request=request)

    asked: list[str] = []
    with library.Client(transport=answering(library, answer, asked), base_url="http://theirs") as http_client:
        client = Client(http_client=http_client, max_retries=0)
        for failure in failures:
            with pytest.raises(APIConnectionError, match="GET http://theirs/threads/t/runs/r: ") as lost:
                client.runs.get("t", "r")
            assert isinstance(lost.value.__cause__, failure)


@LIBRARIES
def test_it_cannot_be_made_to_follow_a_redirect(library: Any) -> None:
    asked: list[str] = []
    transport = answering(library, lambda _: library.Response(307, headers={"location": "http://other/runs"}), asked)
    with library.Client(transport=transport, follow_redirects=True) as http_client:
        client = Client("http://theirs", http_client=http_client, api_key="secret")
        with pytest.raises(APIStatusError, match=r"307 .*redirects are not followed"):
            client.runs.get("t", "r")
        with pytest.raises(APIStatusError, match=r"307 .*redirects are not followed"):
            client.runs.create("t", "agent")
    assert asked == ["GET http://theirs/threads/t/runs/r", "POST http://theirs/threads/t/runs"]


@LIBRARIES
def test_its_proxy_is_used(library: Any, replay: Replay) -> None:
    # It answers in place of a server whose name nobody knows.
    proxy = replay([Response.json(RUN), Response.events(EVENTS, headers=(LOCATION,)), Response.json(RUN)])
    with library.Client(proxy=f"http://user:secret@127.0.0.1:{proxy.port}") as http_client:
        client = Client("http://langgraph.invalid:8123", http_client=http_client)
        assert (client.runs.get("t", "r")).run_id == "r"
        with client.runs.stream("t", "agent", stream_mode="custom") as stream:
            assert [type(event) for event in drained(stream)] == [MetadataEvent, CustomEvent]
    assert [f"{request.method} {request.target}" for request in proxy.requests] == [
        "GET http://langgraph.invalid:8123/threads/t/runs/r",
        "POST http://langgraph.invalid:8123/threads/t/runs/stream",
        "GET http://langgraph.invalid:8123/threads/t/runs/r",
    ]
    assert {request.headers["proxy-authorization"] for request in proxy.requests} == {"Basic dXNlcjpzZWNyZXQ="}


@LIBRARIES
def test_a_proxy_that_refuses_is_a_typed_error(library: Any, replay: Replay) -> None:
    proxy = replay(Response(407, reason="Proxy Authentication Required"))
    with library.Client(proxy=f"http://user:secret@127.0.0.1:{proxy.port}") as http_client:
        with pytest.raises(APIStatusError) as refused:
            Client("http://langgraph.invalid", http_client=http_client).runs.get("t", "r")
        assert refused.value.status_code == 407
        assert "secret" not in str(refused.value)
        # Through a tunnel, which is how a proxy is asked for https, the refusal is one of the connection.
        client = Client("https://langgraph.invalid", http_client=http_client, max_retries=0)
        with pytest.raises(APIConnectionError, match="407 Proxy Authentication Required") as lost:
            client.runs.get("t", "r")
        assert "secret" not in str(lost.value)
    assert proxy.requests[-1].method == "CONNECT"


@LIBRARIES
def test_a_server_is_verified_unless_its_certificate_is_made_known(library: Any, authority: trustme.CA) -> None:
    with tls_server(authority) as url:
        with Client(url, max_retries=0) as client:
            with pytest.raises(APIConnectionError, match="CERTIFICATE_VERIFY_FAILED") as refused:
                client.runs.create("t", "agent")
            assert not refused.value.sent
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        with library.Client(verify=trusting) as http_client:
            assert (Client(url, http_client=http_client).runs.get("t", "r")).run_id == "r"
            other_name = Client(url.replace("127.0.0.1", "localhost"), http_client=http_client, max_retries=0)
            with pytest.raises(APIConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
                other_name.runs.get("t", "r")


@LIBRARIES
def test_a_server_that_wants_a_certificate_gets_it(library: Any, authority: trustme.CA) -> None:
    with tls_server(authority, demands_certificate=True) as url:
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        with library.Client(verify=trusting) as http_client:
            with pytest.raises(APIConnectionError):
                Client(url, http_client=http_client, max_retries=0).runs.get("t", "r")
        authority.issue_cert("someone@example.org").configure_cert(trusting)
        with library.Client(verify=trusting) as http_client:
            assert (Client(url, http_client=http_client).runs.get("t", "r")).run_id == "r"


@LIBRARIES
def test_its_default_timeout_does_not_count(library: Any, replay: Replay) -> None:
    server = replay([Response.events(late(EVENTS), headers=(LOCATION,)), Response.json(RUN)])
    with library.Client() as http_client:
        client = Client(server.url, http_client=http_client, max_retries=0)
        with client.runs.stream("t", "agent", stream_mode="custom") as stream:
            assert [type(event) for event in drained(stream)] == [MetadataEvent, CustomEvent]


@LIBRARIES
@pytest.mark.parametrize("limits", [{"idle_timeout": 0.2}, {"timeout": 0.2}, {}])
def test_its_own_and_our_timeouts_hold(library: Any, limits: Any, replay: Replay) -> None:
    server = replay(lambda _: Response.events(EVENTS, (LOCATION,), fault="silent", fault_after=len(EVENTS[0])))
    with library.Client(timeout=30 if limits else 0.2) as http_client:
        runs = Client(server.url, http_client=http_client, max_retries=0).runs
        with pytest.raises((APITimeoutError, StreamDisconnectedError)):
            drained(runs.stream("t", "agent", **limits))
    server.wait_for(lambda: server.open == 0)


@LIBRARIES
@pytest.mark.parametrize("how", ["fin", "rst"])
def test_a_cut_stream_is_resumed(library: Any, how: How, replay: Replay) -> None:
    first, second = sse("custom", {"i": 0}, "1"), sse("custom", {"i": 1}, "2")
    server = replay(
        [
            Response.events([first, second], (LOCATION,), fault=how, fault_after=len(first) + 3),
            Response.events([first, second]),
            Response.json(RUN),
        ]
    )
    with library.Client() as http_client:
        runs = Client(server.url, http_client=http_client).runs
        events = drained(runs.stream("t", "agent", stream_mode="custom", stream_resumable=True))
    assert [event.data["i"] for event in events] == [0, 1]


@LIBRARIES
def test_a_stream_is_closed_while_it_is_read(library: Any, replay: Replay) -> None:
    server = replay(Response.events([EVENTS[0]], (LOCATION,), fault="silent", fault_after=len(EVENTS[0])))
    with library.Client() as http_client:
        stream = Client(server.url, http_client=http_client).runs.stream("t", "agent")
        next(stream)
        stream.close()
    server.wait_for(lambda: server.open == 0)


def answering(library: Any, answer: Callable[[Any], Any], asked: list[str]) -> Any:
    """A transport that answers by itself, and notes what it was asked."""

    def noting(request: Any) -> Any:
        asked.append(f"{request.method} {request.url}")
        return answer(request)

    return library.MockTransport(noting)


@LIBRARIES
def test_a_hook_that_raises_for_a_status_does_not_hide_it(library: Any, replay: Replay) -> None:
    def check(response: Any) -> None:
        response.read()
        response.raise_for_status()

    def check_unread(response: Any) -> None:
        response.raise_for_status()

    def check_raw(response: Any) -> None:
        for _ in response.iter_raw():
            pass
        response.raise_for_status()

    server = replay(Response.json({"detail": "Run not found"}, 404))
    for hook, detail in ((check, "Run not found"), (check_unread, "Not Found"), (check_raw, "Not Found")):
        with library.Client(event_hooks={"response": [hook]}) as http_client:
            runs = Client(server.url, http_client=http_client).runs
            with pytest.raises(NotFoundError, match=f": 404 {detail}"):
                runs.get("t", "r")
            with pytest.raises(NotFoundError, match=f": 404 {detail}"):
                runs.wait("t", "agent")
            with pytest.raises(NotFoundError, match=f": 404 {detail}"):
                drained(runs.stream("t", "agent"))
    assert len(server.requests) == 9


@LIBRARIES
def test_a_hook_that_raises_for_another_servers_status_does_not_speak_for_this_one(
    library: Any, replay: Replay
) -> None:
    class WithToken(library.Auth):  # type: ignore[misc] # one of two libraries
        def auth_flow(self, request: Any) -> Any:
            yield library.Request("GET", tokens.url)
            yield request

    def check(response: Any) -> None:
        response.raise_for_status()

    server, tokens = replay(Response.json({})), replay(Response.json({}, 404))
    with library.Client(event_hooks={"response": [check]}, auth=WithToken()) as http_client:
        runs = Client(server.url, http_client=http_client, max_retries=0).runs
        with pytest.raises(APIConnectionError, match=f"404 Not Found.*{tokens.url}"):
            runs.get("t", "r")
    assert server.accepted == 0
