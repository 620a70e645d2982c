"""Transports that only one of the faces has, and clients that only the other takes."""

from collections.abc import Callable, Iterable
from typing import Any

import httpx
import orjson
import pytest

from langgraph_runs import AsyncClient, Client, CustomEvent, MetadataEvent
from tests.support.samples import run_json, sse

EVENTS = [sse("metadata", {"run_id": "r", "attempt": 1}), sse("custom", {"i": 0})]
EXPECTED = [MetadataEvent({"run_id": "r", "attempt": 1}), CustomEvent({"i": 0})]
Headers = list[tuple[str, str]]


@pytest.mark.anyio
@pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning")  # of trio, about httpx's request body
async def test_an_asgi_application_can_be_the_server() -> None:
    async def application(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        request = await receive()
        asked.append((scope["method"], scope["path"], request["body"]))
        headers, pieces = answer(scope["path"])
        raw = [(name.encode(), value.encode()) for name, value in headers]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    asked: list[tuple[str, str, bytes]] = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application)) as http_client:
        client = AsyncClient("http://application", http_client=http_client)
        async with client.runs.stream("t", "agent", input={"n": 1}, stream_mode="custom") as stream:
            assert [event async for event in stream] == EXPECTED
        assert (await client.runs.get("t", "r")).run_id == "r"
    assert_asked(asked)


def test_a_wsgi_application_can_be_the_server() -> None:
    def application(environ: dict[str, Any], start_response: Callable[[str, Headers], Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        asked.append((environ["REQUEST_METHOD"], path, environ["wsgi.input"].read()))
        headers, pieces = answer(path)
        start_response("200 OK", headers)
        return pieces

    asked: list[tuple[str, str, bytes]] = []
    with httpx.Client(transport=httpx.WSGITransport(application)) as http_client:
        client = Client("http://application", http_client=http_client)
        with client.runs.stream("t", "agent", input={"n": 1}, stream_mode="custom") as stream:
            assert list(stream) == EXPECTED
        assert client.runs.get("t", "r").run_id == "r"
    assert_asked(asked)


def test_each_client_takes_only_the_http_client_of_its_kind() -> None:
    wrong: Any = httpx.Client()
    with (
        wrong,
        pytest.raises(
            TypeError, match=r"http_client: must be an httpx\.AsyncClient or httpx2\.AsyncClient, not httpx\.Client"
        ),
    ):
        AsyncClient(http_client=wrong)
    wrong = httpx.AsyncClient()
    with pytest.raises(
        TypeError, match=r"http_client: must be an httpx\.Client or httpx2\.Client, not httpx\.AsyncClient"
    ):
        Client(http_client=wrong)


def answer(path: str) -> tuple[Headers, list[bytes]]:
    if path.endswith("/stream"):
        return [("content-type", "text/event-stream"), ("location", "/threads/t/runs/r/stream")], EVENTS
    return [("content-type", "application/json")], [orjson.dumps(run_json())]


def assert_asked(asked: list[tuple[str, str, bytes]]) -> None:
    stream, *others = asked
    assert stream[:2] == ("POST", "/threads/t/runs/stream")
    assert orjson.loads(stream[2])["input"] == {"n": 1}
    assert {other[:2] for other in others} == {("GET", "/threads/t/runs/r")}
