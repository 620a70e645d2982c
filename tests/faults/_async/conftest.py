"""Every test of a fault runs with both of our transports. They differ in what reads the answers."""

import pytest

from langgraph_runs._async.transport import AsyncDirectTransport
from langgraph_runs.answers import H11Answer
from langgraph_runs.llhttp import LlhttpAnswer


@pytest.fixture(autouse=True, params=["default", "fast"])
def transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the default transport read answers as this one does."""
    monkeypatch.setattr(AsyncDirectTransport, "answer", LlhttpAnswer if request.param == "fast" else H11Answer)
