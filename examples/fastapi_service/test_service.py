"""The service, tested without a LangGraph server: `fake_server` is a fixture that comes with langgraph-runs."""

from collections.abc import AsyncIterator

import httpx
import pytest
from service import create_app

from langgraph_runs.testing import FakeServer

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def service(fake_server: FakeServer) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(fake_server.async_client)
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield http


async def test_the_answer_is_the_agents(service: httpx.AsyncClient, fake_server: FakeServer) -> None:
    fake_server.on_wait("agent", {"answer": 42})
    response = await service.post("/answer", json={"question": "what?"})
    assert response.json() == {"answer": 42}
    [request] = fake_server.requests
    assert request.json["input"] == {"question": "what?"}


async def test_progress_is_passed_on(service: httpx.AsyncClient, fake_server: FakeServer) -> None:
    fake_server.on_stream("agent", [("custom", "searching"), ("custom", "writing"), ("values", {"answer": 42})])
    response = await service.get("/progress", params={"question": "what?"})
    assert response.text.splitlines() == ["searching", "writing"]


async def test_a_run_that_fails_is_no_fault_of_ours(service: httpx.AsyncClient, fake_server: FakeServer) -> None:
    fake_server.on_stream("agent", [ValueError("no such topic")])
    response = await service.post("/answer", json={"question": "what?"})
    assert response.status_code == 422
    assert "no such topic" in response.text


async def test_a_server_that_is_away_is_a_bad_gateway(service: httpx.AsyncClient, fake_server: FakeServer) -> None:
    fake_server.fail(httpx.ConnectError("refused"), times=9)
    response = await service.post("/answer", json={"question": "what?"})
    assert response.status_code == 502
