"""What all tests share."""

import contextlib
import os
from collections.abc import Iterator

import pytest

from examples.server import local_server
from tests.support.replay import Replay, ReplayServer


@pytest.fixture(scope="module", params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Runs every asynchronous test on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A real server: the one that LANGGRAPH_RUNS_TEST_URL names, else one that is started for the whole session."""
    if url := os.environ.get("LANGGRAPH_RUNS_TEST_URL"):
        yield url
        return
    with local_server() as url:
        yield url


@pytest.fixture
def replay() -> Iterator[Replay]:
    """Starts scripted servers, such as `replay([Response.json(1), Response.none()])`, and stops them after the test."""
    with contextlib.ExitStack() as running:
        yield lambda script: running.enter_context(ReplayServer(script))
