"""Assistants on a real server."""

import contextlib
from typing import Any

import pytest

from langgraph_runs import (
    Assistant,
    AsyncClient,
    NotFoundError,
    PartialAssistant,
    UnprocessableEntityError,
)
from tests.client._async.server_runs import new_id
from tests.support.replay import Replay, Response
from tests.support.samples import unset_places

pytestmark = pytest.mark.anyio


async def test_assistants_are_found(client: AsyncClient) -> None:
    [assistant] = await client.assistants.search(graph_id="agent", metadata={"created_by": "system"})
    assert (type(assistant), assistant.graph_id, assistant.name, assistant.version) == (Assistant, "agent", "agent", 1)
    assert assistant.created_at.tzinfo is not None
    assert unset_places(assistant) == []
    assert await client.assistants.get(assistant.assistant_id) == assistant
    assert [one async for one in client.assistants.iter(graph_id="agent", sort_by="name")] == [assistant]
    [partial] = await client.assistants.search(graph_id="agent", select=["name"])
    assert (type(partial), partial.name, partial.assistant_id) == (PartialAssistant, "agent", None)
    assert await client.assistants.search(graph_id="agent", offset=1) == []
    assert (await client.runs.wait(None, assistant.assistant_id, input={"n": 1}))["n"] == 2


async def test_an_assistant_that_does_not_exist(client: AsyncClient) -> None:
    with pytest.raises(NotFoundError):
        await client.assistants.get(new_id())
    with pytest.raises(UnprocessableEntityError):
        await client.assistants.get("agent")
    with contextlib.suppress(NotFoundError):  # older servers find nothing
        assert await client.assistants.search(graph_id="nope") == []


@pytest.mark.parametrize("assistant_id", ["", "..", None, 5])
async def test_a_bad_id_is_named_and_nothing_is_sent(assistant_id: Any, replay: Replay) -> None:
    server = replay(Response.json({}))
    async with AsyncClient(server.url) as client:
        with pytest.raises((TypeError, ValueError), match="assistant_id: "):
            await client.assistants.get(assistant_id)
    assert server.requests == []
