"""The client inside a LangGraph server, as docs/in-server.md has it: in process, over the server's ASGI application."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from examples.server import AGENT, local_server
from langgraph_runs import AuthenticationError, Client
from tests.support.pages import python_block

GRAPHS = """
import uuid

import httpx
from langgraph.graph import START, StateGraph
from langgraph_api.server import app
from typing_extensions import TypedDict

class State(TypedDict, total=False):
    answer: object

async def leave_early(state):
    return {"answer": await left_early(client)}

async def leave_httpx_early(state):
    # Authentication holds here, and httpx has the whole response before it returns the first byte.
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http_client:
        return {"answer": await left_early(AsyncClient("http://api", api_key="right", http_client=http_client))}

async def left_early(client):
    # The events seen, and what became of the run.
    thread_id = str(uuid.uuid4())
    inputs = {"tokens": 20, "sleep": 0.1}
    options = {"stream_mode": "custom", "if_not_exists": "create", "on_disconnect": "cancel"}
    async with client.runs.stream(thread_id, "worker", input=inputs, **options) as stream:
        events = [(await anext(stream)).event for _ in range(2)]
    await client.runs.join(thread_id, stream.run_id)
    return [events, (await client.runs.get(thread_id, stream.run_id)).status]

def graph(node):
    return StateGraph(State).add_node("node", node).add_edge(START, "node").compile()

asking, watching, leaving, buffered = map(graph, [ask_worker, watch_worker, leave_early, leave_httpx_early])
"""
AUTH = """
from langgraph_sdk import Auth

auth = Auth()

@auth.authenticate
async def check(headers: dict) -> str:
    if headers.get(b"x-api-key") != b"right":
        raise Auth.exceptions.HTTPException(status_code=401)
    return "somebody"
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("agent")
    (folder / "worker.py").write_text((AGENT / "graph.py").read_text())
    (folder / "graphs.py").write_text(python_block("docs/in-server.md", "ask_worker") + GRAPHS)
    (folder / "auth.py").write_text(AUTH)
    graphs = {name: f"./graphs.py:{name}" for name in ("asking", "watching", "leaving", "buffered")}
    settings: dict[str, Any] = {"dependencies": ["."], "graphs": {**graphs, "worker": "./worker.py:graph"}}
    (folder / "langgraph.json").write_text(json.dumps({**settings, "auth": {"path": "./auth.py:auth"}}))
    with local_server(folder) as url:
        yield url


@pytest.mark.parametrize(
    ("graph", "answer"),
    [
        ("asking", 1),
        ("watching", [{"type": "progress", "i": i} for i in range(3)]),
        ("leaving", [["metadata", "custom"], "interrupted"]),
        ("buffered", [["metadata", "custom"], "success"]),
    ],
)
def test_a_node_asks_its_own_server(graph: str, answer: object, url: str) -> None:
    with Client(url, api_key="wrong") as stranger, pytest.raises(AuthenticationError):
        stranger.runs.wait(None, graph, input={})
    with Client(url, api_key="right") as client:
        assert client.runs.wait(None, graph, input={})["answer"] == answer
