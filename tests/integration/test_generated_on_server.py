"""The generated package alone, without the facade, on a real server."""

import uuid

import pytest

from langgraph_runs_api import Client
from langgraph_runs_api.api.runs import create_run, get_run, list_runs
from langgraph_runs_api.models.run import Run
from langgraph_runs_api.models.run_create_stateful import RunCreateStateful

BODY = RunCreateStateful("agent", input_={"n": 1}, if_not_exists="create", after_seconds=3600)


def test_sync(server_url: str) -> None:
    thread_id = str(uuid.uuid4())
    with Client(base_url=server_url, raise_on_unexpected_status=True) as client:
        run = create_run.sync(thread_id, client=client, body=BODY)
        assert isinstance(run, Run)
        assert (run.thread_id, run.status, run.kwargs["input"]) == (thread_id, "pending", {"n": 1})
        assert get_run.sync(thread_id, run.run_id, client=client) == run
        answer = list_runs.sync_detailed(thread_id, client=client, limit=1, status="pending")
        assert (answer.status_code, answer.parsed) == (200, [run])


@pytest.mark.anyio
async def test_async(server_url: str) -> None:
    thread_id = str(uuid.uuid4())
    async with Client(base_url=server_url, raise_on_unexpected_status=True) as client:
        run = await create_run.asyncio(thread_id, client=client, body=BODY)
        assert isinstance(run, Run)
        assert (run.thread_id, run.status, run.kwargs["input"]) == (thread_id, "pending", {"n": 1})
        assert await get_run.asyncio(thread_id, run.run_id, client=client) == run
        answer = await list_runs.asyncio_detailed(thread_id, client=client, limit=1, status="pending")
        assert (answer.status_code, answer.parsed) == (200, [run])
