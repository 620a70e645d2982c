"""Every operation of `openapi.yaml` is called on a real server through each face, and no other."""

import contextlib
import pathlib
import re
import uuid
from collections.abc import Callable, Generator
from typing import Any

import anyio
import httpx
import pytest
from ruamel.yaml import YAML

from langgraph_runs import AsyncClient, AsyncRunStream, Client, LangGraphError, NotFoundError, RunStream

Step = Callable[[Any], Any]


def test_the_sync_face_calls_every_operation(server_url: str) -> None:
    called: dict[str, set[int]] = {}
    steps = scenario()
    with (
        httpx.Client(base_url=server_url, event_hooks={"response": [lambda answer: note(answer, called)]}) as http,
        Client(http_client=http) as client,
        contextlib.suppress(StopIteration),
    ):
        step = next(steps)
        while True:
            try:
                result = step(client)
                if isinstance(result, RunStream):
                    with result:
                        pass
            except LangGraphError as error:
                step = steps.throw(error)
            else:
                step = steps.send(result)
    assert called == expected()


def test_the_async_face_calls_every_operation(server_url: str) -> None:
    called: dict[str, set[int]] = {}
    steps = scenario()

    async def noted(answer: httpx.Response) -> None:
        note(answer, called)

    async def main() -> None:
        async with (
            httpx.AsyncClient(base_url=server_url, event_hooks={"response": [noted]}) as http,
            AsyncClient(http_client=http) as client,
        ):
            with contextlib.suppress(StopIteration):
                step = next(steps)
                while True:
                    try:
                        result = step(client)
                        if isinstance(result, AsyncRunStream):
                            async with result:
                                pass
                        else:
                            result = await result
                    except LangGraphError as error:
                        step = steps.throw(error)
                    else:
                        step = steps.send(result)

    anyio.run(main)
    assert called == expected()


def scenario() -> Generator[Step, Any, None]:
    """What is called of either face's client. It is sent what came of each call, or thrown the error."""
    thread_id = str(uuid.uuid4())
    later: Any = {"after_seconds": 3600}

    stream = yield lambda client: client.runs.stream(thread_id, "agent", input={}, if_not_exists="create")
    assert stream.thread_id == thread_id
    yield lambda client: client.runs.join_stream(thread_id, stream.run_id)
    values = yield lambda client: client.runs.join(thread_id, stream.run_id)
    assert values["n"] == 1
    yield lambda client: client.runs.stream(None, "agent", input={})
    values = yield lambda client: client.runs.wait(thread_id, "agent", input={"n": 3})
    assert values["n"] == 4
    values = yield lambda client: client.runs.wait(None, "agent", input={"n": 5})
    assert values["n"] == 6
    # LangGraph.js alone serves it.
    with pytest.raises(NotFoundError):
        yield lambda client: client.runs.join_stream(None, stream.run_id)

    run = yield lambda client: client.runs.create(thread_id, "agent", **later)
    assert run == (yield lambda client: client.runs.get(thread_id, run.run_id))
    assert run in (yield lambda client: client.runs.list(thread_id))
    yield lambda client: client.runs.cancel(thread_id, run.run_id)
    yield lambda client: client.runs.delete(thread_id, run.run_id)
    run = yield lambda client: client.runs.create(thread_id, "agent", **later)
    yield lambda client: client.runs.cancel(thread_id, run.run_id, wait=True)
    run = yield lambda client: client.runs.create(None, "agent", **later)
    yield lambda client: client.runs.cancel_many(thread_id=run.thread_id, run_ids=[run.run_id])
    yield lambda client: client.runs.create_batch([{"assistant_id": "agent", **later}])

    thread = yield lambda client: client.threads.create(metadata={"made by": thread_id})
    assert thread == (yield lambda client: client.threads.get(thread))
    changed = yield lambda client: client.threads.update(thread, metadata={"changed": True})
    assert changed.metadata == {"made by": thread_id, "changed": True}
    found = yield lambda client: client.threads.search(metadata={"made by": thread_id})
    assert [one.thread_id for one in found] == [thread.thread_id]
    first = yield lambda client: client.threads.get_state(thread_id)
    yield lambda client: client.threads.update_state(thread_id, {"n": 7}, as_node="work")
    last = yield lambda client: client.threads.get_state(thread_id)
    assert (first.values["n"], last.values["n"]) == (4, 7)
    at = first.checkpoint["checkpoint_id"]
    assert (yield lambda client: client.threads.get_state(thread_id, checkpoint_id=at)).values["n"] == 4
    states = yield lambda client: client.threads.get_history(thread_id, limit=2)
    assert [state.values["n"] for state in states] == [7, 4]
    yield lambda client: client.threads.delete(thread)
    assistants = yield lambda client: client.assistants.search(graph_id="agent")
    assert assistants[0] == (yield lambda client: client.assistants.get(assistants[0].assistant_id))


def expected() -> dict[str, set[int]]:
    """The statuses that each operation answers with here: success, but for what this server does not serve."""
    others = {
        "cancel_run": {200, 202},
        "cancel_runs": {204},
        "delete_run": {204},
        "delete_thread": {204},
        "join_stateless_run_stream": {404},
    }
    return {operation: others.get(operation, {200}) for operation in OPERATIONS.values()}


def note(answer: httpx.Response, called: dict[str, set[int]]) -> None:
    method, path = answer.request.method.lower(), answer.request.url.path
    candidates = [(m, template) for m, template in OPERATIONS if m == method and _matches(template, path)]
    # A fixed path comes before one with a parameter in that place.
    operation = OPERATIONS[min(candidates, key=lambda candidate: candidate[1].count("{"))]
    called.setdefault(operation, set()).add(answer.status_code)


def _matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) is not None


_DESCRIPTION = YAML(typ="safe").load(pathlib.Path(__file__).parents[2] / "openapi.yaml")
OPERATIONS: dict[tuple[str, str], str] = {
    (method, template): operation["operationId"]
    for template, item in _DESCRIPTION["paths"].items()
    for method, operation in item.items()
    if method in {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
}
