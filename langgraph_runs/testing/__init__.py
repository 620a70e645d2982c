"""A fake LangGraph server for tests, in this process; a pytest fixture `fake_server` comes with it."""

from langgraph_runs.testing._answers import FakeRequest
from langgraph_runs.testing._script import Cut, FakeRun, Pause, Script, Step
from langgraph_runs.testing._server import FakeServer

__all__ = ["Cut", "FakeRequest", "FakeRun", "FakeServer", "Pause", "Script", "Step"]
