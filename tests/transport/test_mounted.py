"""What the transport leans on, and what leans on it: httpx's internals, tools for httpx, processes, platforms."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pytest_httpx import HTTPXMock

from langgraph_runs import AsyncClient, Client, CustomEvent
from langgraph_runs import _transport as package
from langgraph_runs._transport import AsyncHTTPTransport, HTTPTransport
from langgraph_runs._transport._async.pool import AsyncPool
from langgraph_runs._transport._sync.pool import Pool
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse

RUN = run_json()
EVENTS = [sse("custom", {"i": 0}), sse("custom", {"i": 1})]
LOCATION = ("location", "/threads/t/runs/r/stream")


def test_it_knows_nothing_of_langgraph() -> None:
    modules = [*Path(package.__file__).parent.rglob("*.py")]
    assert len(modules) > 8
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            ours = {name for name in names if name.startswith("langgraph_runs")}
            assert all(name.startswith("langgraph_runs._transport") for name in ours), module


@pytest.mark.parametrize(
    ("ours", "theirs", "pool"),
    [(HTTPTransport, httpx.HTTPTransport, Pool), (AsyncHTTPTransport, httpx.AsyncHTTPTransport, AsyncPool)],
)
def test_the_pool_is_where_httpx_looks_for_it(ours: Any, theirs: Any, pool: Any) -> None:
    method = "handle_request" if ours is HTTPTransport else "handle_async_request"
    assert callable(getattr(theirs()._pool, method))
    assert isinstance(ours()._pool, pool)
    assert getattr(ours, method) is getattr(theirs, method)


@pytest.mark.parametrize("options", [{"proxy": "http://127.0.0.1:1"}, {"uds": "/nowhere"}, {"retries": 1}])
def test_what_only_httpx_can_do_it_does(options: dict[str, Any]) -> None:
    assert not isinstance(HTTPTransport(**options)._pool, Pool)
    assert not isinstance(AsyncHTTPTransport(**options)._pool, AsyncPool)


@pytest.mark.parametrize("version", ["0.27.0"])
def test_an_older_httpx(version: str, replay: Replay, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-I",  # pip has warnings of its own, which PYTHONWARNINGS=error would turn into failures
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(tmp_path),
        f"httpx=={version}",
    ]
    subprocess.run(command, check=True)
    server = replay([Response.json(RUN), Response.events(EVENTS, (LOCATION,)), Response.json(RUN)])
    script = f"""
import httpx
from langgraph_runs import Client
from langgraph_runs._transport._sync.pool import Pool
assert httpx.__version__ == {version!r}
with Client({server.url!r}) as client:
    assert isinstance(client._http._client._transport._pool, Pool)
    assert client.runs.get("t", "r").run_id == "r"
    assert [event.data["i"] for event in client.runs.stream("t", "agent", stream_mode="custom")] == [0, 1]
"""
    path = os.pathsep.join([str(tmp_path), *sys.path])
    subprocess.run([sys.executable, "-c", script], check=True, env=os.environ | {"PYTHONPATH": path})
    assert server.accepted == 1


def test_without_httptools_httpx_reads_the_responses(replay: Replay) -> None:
    server = replay([Response.json(RUN), Response.events(EVENTS, (LOCATION,)), Response.json(RUN)])
    script = f"""
import sys
sys.modules["httptools"] = None
import httpx
from langgraph_runs import Client
from langgraph_runs._transport import AsyncHTTPTransport, HTTPTransport
assert (HTTPTransport, AsyncHTTPTransport) == (httpx.HTTPTransport, httpx.AsyncHTTPTransport)
with Client({server.url!r}) as client:
    assert client.runs.get("t", "r").run_id == "r"
    assert [event.data["i"] for event in client.runs.stream("t", "agent", stream_mode="custom")] == [0, 1]
"""
    path = os.pathsep.join(sys.path)
    subprocess.run([sys.executable, "-c", script], check=True, env=os.environ | {"PYTHONPATH": path})
    assert len(server.requests) == 3


def test_pytest_httpx_sees_the_default_client(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(json=RUN)
    headers = {"content-type": "text/event-stream", "location": LOCATION[1]}
    httpx_mock.add_response(url="http://server/threads/t/runs/stream", content=b"".join(EVENTS), headers=headers)
    httpx_mock.add_response(url="http://server/threads/t/runs/r", json=RUN)
    with Client("http://server") as client:
        assert client.runs.get("t", "r").run_id == "r"
        events = [*client.runs.stream("t", "agent", stream_mode="custom")]
    assert events == [CustomEvent({"i": 0}), CustomEvent({"i": 1})]
    assert [request.method for request in httpx_mock.get_requests()] == ["GET", "POST", "GET"]


@pytest.mark.anyio
async def test_pytest_httpx_sees_the_default_asynchronous_client(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(json=RUN)
    httpx_mock.add_exception(httpx.ReadTimeout("slow"))
    async with AsyncClient("http://server", max_retries=0) as client:
        assert (await client.runs.get("t", "r")).run_id == "r"
        with pytest.raises(TimeoutError, match="the server sent nothing for too long"):
            await client.runs.get("t", "r")


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """What OpenTelemetry records of httpx."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    yield exporter
    instrumentor.uninstrument()
    provider.shutdown()


def test_opentelemetry_sees_the_default_client(spans: InMemorySpanExporter, replay: Replay) -> None:
    server = replay(Response.json(RUN))
    with Client(server.url) as client:
        client.runs.get("t", "r")
    assert [
        (span.name, span.attributes["http.status_code"]) for span in spans.get_finished_spans() if span.attributes
    ] == [("GET", 200)]
    assert "traceparent" in server.requests[0].headers


@pytest.mark.anyio
async def test_opentelemetry_sees_the_default_asynchronous_client(spans: InMemorySpanExporter, replay: Replay) -> None:
    server = replay(Response.json(RUN))
    async with AsyncClient(server.url) as client:
        await client.runs.get("t", "r")
    assert [span.name for span in spans.get_finished_spans()] == ["GET"]
