"""The servers that other tests rely on do what they promise."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Literal

import h11
import httpx
import pytest

from tests.support.network import How, LoopServer, Request, refusing_url, unreachable_url
from tests.support.proxy import Cut, FaultProxy
from tests.support.recordings import Recording, load_recording, load_recordings
from tests.support.replay import Replay, ReplayServer, Response, Script, by_path

PIECES = (b"event: a\n", b"data: 1\n\n", "data: \u65e5\n\n".encode())
BODY = b"".join(PIECES)
GET = b"GET /a?b=c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
POST = b"POST /runs HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"

each_how = pytest.mark.parametrize("how", ["fin", "rst", "silent"])


def test_there_are_recordings_of_three_servers() -> None:
    recordings = load_recordings()
    assert {recording.server for recording in recordings} == {"aegra", "langgraph-js", "langgraph-python"}
    assert len(recordings) == len({recording.name for recording in recordings}) == 254
    assert load_recording("aegra/delete").status == 204
    with pytest.raises(LookupError):
        load_recordings("aegra/nothing_such")


@pytest.mark.parametrize("recording", load_recordings(), ids=lambda recording: recording.name)
def test_a_recording_is_answered_to_the_byte(recording: Recording) -> None:
    head = [f"HTTP/1.1 {recording.status} {recording.reason}", *(": ".join(pair) for pair in recording.headers)]
    pieces = recording.pieces
    if recording.header("transfer-encoding"):
        pieces = (*(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces), b"0\r\n\r\n")
    with ReplayServer(Response.recorded(recording)) as server:
        received, how = exchange(server, GET)
    assert received == b"".join(("\r\n".join(head).encode(), b"\r\n\r\n", *pieces))
    assert how == "fin"


def test_a_connection_carries_many_requests_which_are_kept(replay: Replay) -> None:
    server = replay([Response.json({"n": n}) for n in range(3)])
    received, _ = exchange(server, POST + POST + GET)
    assert [received.find(b'{"n":%d}' % n) > 0 for n in range(4)] == [True, True, True, False]
    assert server.accepted == 1
    assert [(request.method, request.target, request.body) for request in server.requests] == [
        ("POST", "/runs", b"body"),
        ("POST", "/runs", b"body"),
        ("GET", "/a?b=c", b""),
    ]
    assert server.requests[2].headers == {"host": "x", "connection": "close"}
    assert server.requests[2].path == "/a"
    assert server.requests[2].head == GET


def echo(request: Request) -> Response:
    return Response.json(request.json, 201, (("x-a", "b"),))


def test_a_synchronous_client_is_served(replay: Replay) -> None:
    server = replay(echo)
    with httpx.Client() as client:
        answers = [client.post(server.url, json={"a": [1]}) for _ in range(2)]
    assert [(a.status_code, a.json(), a.headers["x-a"]) for a in answers] == [(201, {"a": [1]}, "b")] * 2
    assert server.accepted == 1


@pytest.mark.anyio
async def test_an_asynchronous_client_is_served(replay: Replay) -> None:
    server = replay(echo)
    async with httpx.AsyncClient() as client:
        answers = [await client.post(server.url, json={"a": [1]}) for _ in range(2)]
    assert [(a.status_code, a.json(), a.headers["x-a"]) for a in answers] == [(201, {"a": [1]}, "b")] * 2
    assert server.accepted == 1


def test_answers_by_path(replay: Replay) -> None:
    server = replay(by_path({"GET /a": Response.json(1), "POST /runs": Response(204)}))
    assert httpx.get(f"{server.url}/a?limit=1").json() == 1
    assert httpx.post(f"{server.url}/runs", json={}).status_code == 204


@pytest.mark.parametrize("script", [[], by_path({})])
def test_a_request_without_an_answer_fails_the_test(script: Script) -> None:
    with pytest.raises(ExceptionGroup) as caught, ReplayServer(script) as server:
        assert exchange(server, GET) == (b"", "fin")
    assert caught.group_contains(LookupError)


@each_how
@pytest.mark.parametrize("body", [BODY, PIECES], ids=["with length", "chunked"])
def test_an_answer_breaks_after_exactly_so_many_bytes(
    how: How, body: bytes | tuple[bytes, ...], replay: Replay
) -> None:
    server = replay(Response(200, (), body, fault=how, fault_after=after) for after in range(len(BODY) + 1))
    for after in range(len(BODY) + 1):
        received, seen = exchange(server, GET, how)
        assert (body_of(received), seen) == (BODY[:after], how)


@each_how
def test_raw_bytes_break_too(how: How, replay: Replay) -> None:
    server = replay(Response(raw=(b"HTTP/1.1 2", b"00 O", b"K\r\n"), fault=how, fault_after=12))
    assert exchange(server, GET, how) == (b"HTTP/1.1 200", how)


@each_how
def test_no_answer(how: How, replay: Replay) -> None:
    server = replay(Response.none(how))
    assert exchange(server, POST, how) == (b"", how)
    assert [request.body for request in server.requests] == [b"body"]


@each_how
def test_a_connection_breaks_before_its_request_is_read(how: How) -> None:
    with ReplayServer(Response.json(1), on_connect=lambda number: how if number == 0 else None) as server:
        assert exchange(server, GET, how) == (b"", how)
        assert server.requests == []
        assert exchange(server, GET)[0].endswith(b"1")


def test_a_reset_takes_nothing_back_from_a_slow_reader(replay: Replay) -> None:
    body = bytes(8 * 2**20)
    server = replay(Response(200, (), body, fault="rst", fault_after=len(body)))
    received, how = exchange(server, GET)
    assert (body_of(received) == body, how) == (True, "rst")


def test_a_silent_answer_goes_on_when_released(replay: Replay) -> None:
    server = replay(Response.events(PIECES, fault="silent", fault_after=12))
    with httpx.stream("GET", server.url) as answer:
        server.wait_for(lambda: server.silent == 1)
        server.release()
        assert answer.read() == BODY
    assert server.silent == 0


def test_an_endless_answer_ends_when_its_reader_leaves(replay: Replay) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield PIECES[0]
        await asyncio.Event().wait()

    server = replay(Response.events(pieces()))
    with httpx.stream("GET", server.url) as answer:
        pieces_read = answer.iter_raw()
        assert next(pieces_read) == PIECES[0]
        assert server.open == 1
    server.wait_for(lambda: server.open == 0)
    with pytest.raises(TimeoutError):
        server.wait_for(lambda: server.open > 0, timeout=0)


def test_urls_that_cannot_be_reached() -> None:
    with refusing_url() as url, pytest.raises(httpx.ConnectError):
        httpx.get(url)
    with unreachable_url() as url, pytest.raises(httpx.ConnectTimeout):
        httpx.get(url, timeout=0.1)


def test_the_proxy_changes_nothing_but_one_header(replay: Replay) -> None:
    server = replay(Response.events(PIECES, (("Location", "/x"),)))
    with FaultProxy(server.url) as proxy:
        assert exchange(proxy, POST) == exchange(server, GET)
        assert proxy.requests[0].head + proxy.requests[0].body == POST
    assert server.requests[0].head + server.requests[0].body == POST.replace(
        b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"
    )
    assert (proxy.accepted, proxy.cuts, proxy.open) == (1, 0, 0)


@each_how
@pytest.mark.parametrize("of", ["answer", "body"])
def test_the_proxy_cuts_after_exactly_so_many_bytes(how: How, of: Literal["answer", "body"], replay: Replay) -> None:
    server = replay(Response.events(PIECES))
    whole, _ = exchange(server, GET)
    start = 0 if of == "answer" else whole.index(b"\r\n\r\n") + 4
    offsets = range(len(whole) - start + 1)
    beyond_the_end = offsets.stop
    with FaultProxy(server.url, [Cut(at, how, of) for at in (*offsets, beyond_the_end)]) as proxy:
        for at in offsets:
            assert exchange(proxy, GET, how) == (whole[: start + at], how)
        assert exchange(proxy, GET) == exchange(proxy, GET) == (whole, "fin")
        assert proxy.cuts == len(offsets)
    server.wait_for(lambda: server.open == 0)


@each_how
def test_the_proxy_cuts_requests(how: How, replay: Replay) -> None:
    server = replay(Response.json(1))
    with FaultProxy(server.url, lambda request: Cut(int(request.target[1:]), how, "request")) as proxy:
        for at in (0, 1, 40, 70):
            request = POST.replace(b"/runs", b"/%d" % at)
            assert exchange(proxy, request, how) == (b"", how)
        # Nothing passes the proxy of the first.
        server.wait_for(lambda: (server.accepted, server.open) == (3, 0))
        assert (server.requests, proxy.cuts) == ([], 4)


@each_how
def test_the_proxy_drops_answers_to_requests_that_arrived(how: How, replay: Replay) -> None:
    server = replay(Response.json(1))
    with FaultProxy(server.url, [Cut(0, how, "answer")]) as proxy:
        assert exchange(proxy, POST, how) == (b"", how)
    assert [request.body for request in server.requests] == [b"body"]


@pytest.mark.parametrize("how", ["fin", "rst"])
def test_the_proxy_passes_on_how_the_server_breaks_off(how: How, replay: Replay) -> None:
    server = replay(Response.events(PIECES, fault=how, fault_after=5))
    with FaultProxy(server.url) as proxy:
        received, seen = exchange(proxy, GET)
    assert (body_of(received), seen) == (BODY[:5], how)


def exchange(server: LoopServer, request: bytes, expected: How = "fin") -> tuple[bytes, How]:
    """Sends a request over a connection of its own; what came back, and how the connection ended."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        received = bytearray()
        try:
            client.sendall(request)
            if expected == "silent":
                server.wait_for(lambda: server.silent == 1)
                client.setblocking(False)
            while data := client.recv(2**16):
                received += data
            how: How = "fin"
        except (ConnectionResetError, BrokenPipeError):
            how = "rst"
        except BlockingIOError:
            how = "silent"
    server.wait_for(lambda: server.open == 0)
    return bytes(received), how


def body_of(wire: bytes) -> bytes:
    """The body in an answer that may be cut anywhere."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    connection.receive_data(wire)
    body = bytearray()
    while isinstance(event := connection.next_event(), h11.Response | h11.Data):
        if isinstance(event, h11.Data):
            body += event.data
    return bytes(body)
