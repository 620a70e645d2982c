"""The transport as the client and people's own httpx clients use it."""

import functools
import select
import ssl
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import trustme

from langgraph_runs import APIConnectionError, APITimeoutError, AsyncClient, CustomEvent, MetadataEvent
from langgraph_runs._transport import AsyncHTTPTransport
from langgraph_runs._transport._async import pool
from langgraph_runs._transport.network import DEFAULT_LIMITS
from langgraph_runs._transport.synchronization import asleep
from tests.client._async.calls import drained
from tests.support.replay import Replay, ReplayServer, Response
from tests.support.samples import run_json, sse
from tests.support.tls import tls_server

RUN = run_json()
LOCATION = ("location", "/threads/t/runs/r/stream")
EVENTS = [sse("metadata", {"run_id": "r", "attempt": 1}), sse("custom", {"i": 0})]

pytestmark = pytest.mark.anyio


async def test_one_connection_serves_one_call_after_the_other(replay: Replay) -> None:
    stream = Response.events(EVENTS, headers=(LOCATION,))
    server = replay([Response.json(RUN), stream, Response.json(RUN), Response.json(RUN), Response(204)])
    async with AsyncClient(server.url) as client:
        assert (await client.runs.get("t", "r")).run_id == "r"
        async with client.runs.stream("t", "agent", stream_mode="custom") as events:
            assert [type(event) for event in await drained(events)] == [MetadataEvent, CustomEvent]
        assert (await client.runs.create("t", "agent", input={"n": 1})).run_id == "r"
        await client.runs.delete("t", "r")
        assert (server.accepted, server.open) == (1, 1)
    server.wait_for(lambda: server.open == 0)
    assert orjson.loads(server.requests[3].body)["input"] == {"n": 1}


async def test_what_is_asked_for_follows_from_the_call(replay: Replay) -> None:
    server = replay([Response.json(RUN), Response.events(EVENTS, headers=(LOCATION,)), Response.json(RUN)])
    async with AsyncClient(server.url) as client:
        await client.runs.get("t", "r")
        async with client.runs.stream("t", "agent", stream_mode="custom") as events:
            await drained(events)
    asked = [(request.headers["accept"], request.headers["accept-encoding"]) for request in server.requests[:2]]
    assert asked == [("application/json", "gzip"), ("text/event-stream", "identity")]


async def test_a_connection_that_the_server_has_closed_is_not_used(replay: Replay) -> None:
    closing = Response.json(RUN, headers=(("connection", "close"),))
    body = orjson.dumps(RUN)
    hanging_up = Response(raw=b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
    server = replay([closing, hanging_up, Response.json(RUN)])
    async with AsyncClient(server.url, max_retries=0) as client:
        assert (await client.runs.get("t", "r")).run_id == "r"
        server.wait_for(lambda: server.open == 0)
        assert (await client.runs.get("t", "r")).run_id == "r"
        await until_closed(client)
        assert (await client.runs.get("t", "r")).run_id == "r"
        assert server.accepted == 3


async def test_limits_hold(replay: Replay) -> None:
    server = replay(Response.json(RUN))
    async with AsyncClient(server.url, limits=httpx.Limits(max_keepalive_connections=0)) as client:
        for _ in range(3):
            await client.runs.get("t", "r")
    assert server.accepted == 3

    server = replay(Response.json(RUN))
    async with AsyncClient(server.url, limits=httpx.Limits(keepalive_expiry=0)) as client:
        for number in range(3):
            await client.runs.get("t", "r")
            server.wait_for(lambda: server.open == 0)
            assert server.accepted == number + 1

    server = replay(Response.events(EVENTS, headers=(LOCATION,), fault="silent", fault_after=1))
    async with AsyncClient(
        server.url, limits=httpx.Limits(max_connections=1), timeout=httpx.Timeout(10, pool=0.1), max_retries=0
    ) as client:
        async with client.runs.stream("t", "agent"):
            with pytest.raises(APITimeoutError, match="all connections were busy"):
                await client.runs.get("t", "r")
        async with client.runs.stream("t", "agent"):
            pass
    assert server.accepted == 2


@pytest.mark.parametrize(
    ("limits", "asked", "accepted", "left"),
    [
        (httpx.Limits(), "ABABAAB", (1, 1), (1, 1)),
        (DEFAULT_LIMITS, "ABBBBA", (2, 1), (1, 1)),  # before the server's 5 s are over
        (httpx.Limits(max_keepalive_connections=2), "ABABAAB", (1, 1), (1, 1)),
        (httpx.Limits(max_keepalive_connections=1), "ABBBB", (1, 1), (0, 1)),
        (httpx.Limits(max_keepalive_connections=1), "ABAAA", (2, 1), (1, 0)),
        (httpx.Limits(max_keepalive_connections=0), "ABA", (2, 1), (0, 0)),
        (httpx.Limits(keepalive_expiry=2.5), "ABBB", (1, 1), (0, 1)),
        (httpx.Limits(keepalive_expiry=2.5), "ABAB", (1, 1), (1, 1)),
        (httpx.Limits(keepalive_expiry=1.5), "ABAB", (2, 2), (1, 1)),
    ],
    ids=["no limit", "default", "two", "one", "one, another", "none", "old", "not old", "both old"],
)
async def test_two_servers_share_the_idle_connections_that_are_kept(
    limits: httpx.Limits,
    asked: str,
    accepted: tuple[int, int],
    left: tuple[int, int],
    replay: Replay,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0
    monkeypatch.setattr(pool, "monotonic", lambda: now)
    servers = [replay(Response.json(RUN)) for _ in "AB"]
    async with httpx.AsyncClient(transport=AsyncHTTPTransport(limits=limits)) as client:
        for letter in asked:
            now += 1
            await client.get(servers["AB".index(letter)].url)
        for server, most in zip(servers, left, strict=True):
            server.wait_for(functools.partial(is_open, server, most))
        assert tuple(server.accepted for server in servers) == accepted


def is_open(server: ReplayServer, connections: int) -> bool:
    return server.open == connections


async def test_the_environments_proxy_is_used(replay: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    # It answers in place of a server whose name nobody knows.
    proxy = replay([Response.json(RUN), Response.events(EVENTS, headers=(LOCATION,)), Response.json(RUN)])
    monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{proxy.port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with AsyncClient("http://langgraph.invalid:8123") as client:
        assert (await client.runs.get("t", "r")).run_id == "r"
        async with client.runs.stream("t", "agent", stream_mode="custom") as stream:
            assert [type(event) for event in await drained(stream)] == [MetadataEvent, CustomEvent]
    assert proxy.requests[0].target == "http://langgraph.invalid:8123/threads/t/runs/r"

    server = replay(Response.json(RUN))
    async with AsyncClient(server.url) as client:
        assert (await client.runs.get("t", "r")).run_id == "r"
    assert server.requests[0].target == "/threads/t/runs/r"


async def test_cookies_are_kept(replay: Replay) -> None:
    cookies = (("set-cookie", "server=b; path=/"), ("set-cookie", "other=c; path=/elsewhere"))
    server = replay([Response.json(RUN, headers=cookies), *[Response.json(RUN)] * 2])
    async with AsyncClient(server.url) as client:
        await client.runs.get("t", "r")
        await client.runs.create("t", "agent", input={"n": 1}, headers={"x-team": "b"})
        await client.runs.get("t", "r", headers={"cookie": "own=d"})
    assert [request.headers.get("cookie") for request in server.requests] == [None, "server=b", "own=d"]
    assert orjson.loads(server.requests[1].body)["input"] == {"n": 1}


async def test_a_user_in_the_url_is_sent_as_basic_authentication(replay: Replay) -> None:
    server = replay(Response.json(RUN))
    async with AsyncClient(f"http://us%40er:pass@127.0.0.1:{server.port}") as client:
        await client.runs.get("t", "r")
        assert "pass" not in repr(client)
    assert server.requests[0].headers["authorization"] == "Basic dXNAZXI6cGFzcw=="


async def test_certificates_are_verified(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tls_server(authority) as url:
        async with AsyncClient(url, max_retries=0) as client:
            with pytest.raises(APIConnectionError, match="CERTIFICATE_VERIFY_FAILED") as refused:
                await client.runs.create("t", "agent")
            assert not refused.value.sent
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        async with AsyncClient(url, verify=trusting, max_retries=0) as client:
            assert (await client.runs.get("t", "r")).run_id == "r"
        other_name = url.replace("127.0.0.1", "localhost")
        async with AsyncClient(other_name, verify=trusting, max_retries=0) as client:
            with pytest.raises(APIConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
                await client.runs.get("t", "r")
        async with AsyncClient(url, verify=False, max_retries=0) as client:
            assert (await client.runs.get("t", "r")).run_id == "r"
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        async with AsyncClient(url, max_retries=0) as client:
            assert (await client.runs.get("t", "r")).run_id == "r"


async def test_any_httpx_client_can_have_it(replay: Replay) -> None:
    server = replay(Response.json(RUN))
    async with httpx.AsyncClient(transport=AsyncHTTPTransport()) as http_client:
        assert (await http_client.get(server.url)).json() == RUN
        answer = await http_client.post(server.url, json={"n": 1})
        assert (answer.json(), answer.http_version, answer.reason_phrase) == (RUN, "HTTP/1.1", "OK")
        assert (await AsyncClient(server.url, http_client=http_client).runs.get("t", "r")).run_id == "r"
        with pytest.raises(httpx.UnsupportedProtocol, match="ftp"):
            await http_client.get(server.url.replace("http:", "ftp:"))
    assert server.accepted == 1


async def test_there_is_no_maximum_of_streams(replay: Replay) -> None:
    server = replay(lambda _: Response.events([EVENTS[0]], (LOCATION,), fault="silent", fault_after=len(EVENTS[0])))
    async with AsyncClient(server.url, timeout=httpx.Timeout(30, pool=1)) as client, AsyncExitStack() as streams:
        for _ in range(1100):
            stream = await streams.enter_async_context(client.runs.stream("t", "agent", stream_mode="custom"))
            assert stream.run_id == "r"
        assert server.open == 1100
    server.wait_for(lambda: server.open == 0)


class Changing(dict[str, float]):
    """Timeouts that change while a response arrives."""

    read = 30.0

    def get(self, step: str, default: Any = None) -> Any:
        return self.read if step == "read" else default


async def test_the_read_timeout_may_change_while_a_response_arrives(replay: Replay) -> None:
    server = replay(Response(200, (("transfer-encoding", "chunked"),), [b"x"], fault="silent", fault_after=1))
    timeouts = Changing()
    async with httpx.AsyncClient(transport=AsyncHTTPTransport()) as http_client:
        request = http_client.build_request("GET", server.url, extensions={"timeout": timeouts})
        response = await http_client.send(request, stream=True)
        body = response.aiter_raw()
        assert await anext(body) == b"x"
        timeouts.read = 0.1
        with pytest.raises(httpx.ReadTimeout):
            await anext(body)


async def test_a_timeout_may_be_longer_than_the_system_can_wait_at_once(replay: Replay) -> None:
    server = replay(Response(200, (("transfer-encoding", "chunked"),), [b"xy"], fault="silent", fault_after=1))
    async with (
        httpx.AsyncClient(transport=AsyncHTTPTransport(), timeout=1e7) as http_client,
        http_client.stream("GET", server.url) as response,
    ):
        body = response.aiter_raw()
        assert await anext(body) == b"x"
        server.wait_for(lambda: server.silent == 1)
        server.release()
        assert b"".join([piece async for piece in body]) == b"y"


async def test_what_it_does_not_speak_goes_to_httpx_own_pool(replay: Replay) -> None:
    async def trace(name: str, _: object) -> None:
        traced.append(name)

    traced: list[str] = []
    head = Response(raw=b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\n")
    server = replay([head, Response.json(RUN)])
    async with httpx.AsyncClient(transport=AsyncHTTPTransport()) as http_client:
        assert (await http_client.head(server.url)).headers["content-length"] == "5"
        assert (await http_client.get(server.url, extensions={"trace": trace})).json() == RUN
        assert "http11.send_request_headers.complete" in traced
        for method in ("GE T", "GET\r\nx: y", "", "G\0"):
            with pytest.raises(httpx.LocalProtocolError):
                await http_client.request(method, server.url)


async def test_an_idle_connection_is_looked_at_also_without_poll(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(select, "poll")
    body = orjson.dumps(RUN)
    hanging_up = Response(raw=b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
    server = replay([Response.json(RUN), hanging_up, Response.json(RUN)])
    async with AsyncClient(server.url, max_retries=0) as client:
        for accepted in (1, 1, 2):
            assert (await client.runs.get("t", "r")).run_id == "r"
            assert server.accepted == accepted
            if len(server.requests) == 2:
                await until_closed(client)


async def test_settings_of_the_transport_belong_to_the_users_own_client_if_there_is_one() -> None:
    async with httpx.AsyncClient() as http_client:
        with pytest.raises(ValueError, match="limits: can.t be combined with http_client"):
            AsyncClient(http_client=http_client, limits=httpx.Limits())
        with pytest.raises(ValueError, match="verify: can.t be combined with http_client"):
            AsyncClient(http_client=http_client, verify=False)


async def until_closed(client: AsyncClient) -> None:
    """Wait until the end of the client's idle connection has arrived."""
    pool: Any = client._http._client
    [share] = pool._transport._pool._shares.values()
    [idle] = share._idle
    while not idle.stream.get_extra_info("is_readable"):
        await asleep(0.001)
