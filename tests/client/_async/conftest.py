"""What the tests of a real server share."""

import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from packaging.version import Version

from langgraph_runs import (
    AsyncClient,
    Client,
    Run,
    RunFailedError,
)
from tests.client._async.server_runs import new_id


@pytest.fixture
async def client(server_url: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(server_url) as client:
        yield client


@pytest.fixture(scope="module")
def api(server_url: str) -> Iterator[httpx.Client]:
    """The server without the client, for what is not about runs."""
    with httpx.Client(base_url=server_url) as api:
        yield api


@pytest.fixture(scope="module")
def version(api: httpx.Client) -> Version:
    """The server's: what no client can make of an older one, a test expects of newer ones only."""
    return Version(api.get("/info").json()["version"])


@pytest.fixture(scope="module")
def ended(server_url: str) -> dict[str, list[Run]]:
    """Runs that have ended, each on a thread of its own. A test that changes the thread takes its run off the list."""
    finished: Any = {"input": {"tokens": 3, "text": "one two"}, "stream_mode": ["values", "updates", "custom"]}
    checkpointed: Any = {"input": {"n": 5}, "stream_mode": "checkpoints", "durability": "sync"}
    wanted: dict[str, list[dict[str, Any]]] = {
        "finished": [finished],
        "failed": [{"input": {"fail": True, "tokens": 2}, "stream_mode": "custom"}],
        "stopped": [{"input": {"n": 5}, "interrupt_before": ["work"]}, {"input": {"n": 5}, "interrupt_after": "*"}],
        "asking": [{"input": {"ask": True}}] * 5,
        "checkpointed": [checkpointed] * 2,
    }
    always: Any = {"stream_subgraphs": True, "stream_resumable": True, "if_not_exists": "create"}
    with Client(server_url) as client:
        runs = {
            kind: [client.runs.create(new_id(), "agent", **arguments, **always) for arguments in several]
            for kind, several in wanted.items()
        }
        for run in itertools.chain(*runs.values()):
            with contextlib.suppress(RunFailedError):
                list(client.runs.join_stream(run.thread_id, run.run_id, last_event_id="-1"))
        return {kind: [client.runs.get(run.thread_id, run.run_id) for run in several] for kind, several in runs.items()}
