# Derived from tests/client/_async/test_assistants.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Assistants on a real server."""

import contextlib
from typing import Any

import pytest

from langgraph_runs import (
    Assistant,
    Client,
    NotFoundError,
    PartialAssistant,
    UnprocessableEntityError,
)
from tests.client._sync.server_runs import new_id
from tests.support.replay import Replay, Response
from tests.support.samples import unset_places

pytestmark = pytest.mark.anyio


def test_assistants_are_found(client: Client) -> None:
    [assistant] = client.assistants.search(graph_id="agent", metadata={"created_by": "system"})
    assert (type(assistant), assistant.graph_id, assistant.name, assistant.version) == (Assistant, "agent", "agent", 1)
    assert assistant.created_at.tzinfo is not None
    assert unset_places(assistant) == []
    assert client.assistants.get(assistant.assistant_id) == assistant
    assert [one for one in client.assistants.iter(graph_id="agent", sort_by="name")] == [assistant]
    [partial] = client.assistants.search(graph_id="agent", select=["name"])
    assert (type(partial), partial.name, partial.assistant_id) == (PartialAssistant, "agent", None)
    assert client.assistants.search(graph_id="agent", offset=1) == []
    assert (client.runs.wait(None, assistant.assistant_id, input={"n": 1}))["n"] == 2


def test_an_assistant_that_does_not_exist(client: Client) -> None:
    with pytest.raises(NotFoundError):
        client.assistants.get(new_id())
    with pytest.raises(UnprocessableEntityError):
        client.assistants.get("agent")
    with contextlib.suppress(NotFoundError):  # older servers find nothing
        assert client.assistants.search(graph_id="nope") == []


@pytest.mark.parametrize("assistant_id", ["", "..", None, 5])
def test_a_bad_id_is_named_and_nothing_is_sent(assistant_id: Any, replay: Replay) -> None:
    server = replay(Response.json({}))
    with Client(server.url) as client:
        with pytest.raises((TypeError, ValueError), match="assistant_id: "):
            client.assistants.get(assistant_id)
    assert server.requests == []
