"""Webhooks, which this server calls on its own machine only where it is told to allow that."""

import json
import pathlib
import shutil
import uuid
from typing import Any

import anyio

from examples.server import AGENT, local_server
from langgraph_runs import AsyncClient, Client, Run
from tests.support.conformance import checked
from tests.support.replay import Replay, Response


def test_a_webhook_is_called_when_the_run_has_ended(tmp_path: pathlib.Path, replay: Replay) -> None:
    agent = pathlib.Path(shutil.copytree(AGENT, tmp_path / "agent"))
    config = json.loads((agent / "langgraph.json").read_bytes())
    config["webhooks"] = {"url": {"disable_loopback": False, "require_https": False}}
    (agent / "langgraph.json").write_text(json.dumps(config))
    listener = replay(Response.json(None))
    arguments: Any = {"if_not_exists": "create", "webhook": f"{listener.url}/hook?key=1"}

    async def create(url: str) -> Run:
        async with AsyncClient(url) as client:
            return await client.runs.create(uuid.uuid4(), "agent", input={"n": 20}, **arguments)

    with local_server(agent) as direct, checked(direct) as url:
        with Client(url) as client:
            first = client.runs.create(uuid.uuid4(), "agent", input={"n": 10}, **arguments)
        second = anyio.run(create, url)
        listener.wait_for(lambda: len(listener.requests) == 2)
    assert {(request.method, request.target) for request in listener.requests} == {("POST", "/hook?key=1")}
    told = [json.loads(request.body) for request in listener.requests]
    assert {(run["run_id"], run["status"], run["values"]["n"]) for run in told} == {
        (first.run_id, "success", 11),
        (second.run_id, "success", 21),
    }
