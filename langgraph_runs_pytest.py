"""The pytest plugin: a fixture with a fake LangGraph server.

A module of its own beside the package, since pytest imports it at each start: `langgraph_runs` is imported only when a
test asks for the fixture.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from langgraph_runs.testing import FakeServer


@pytest.fixture
def fake_server() -> "FakeServer":
    """A new fake LangGraph server, without scripts; see `langgraph_runs.testing.FakeServer`."""
    from langgraph_runs.testing import FakeServer  # noqa: PLC0415 - see above

    return FakeServer()
