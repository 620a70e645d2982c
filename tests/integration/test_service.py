"""The FastAPI service of docs/async.md, served by uvicorn, with a real LangGraph server behind it."""

import itertools
import json
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn

from langgraph_runs import Client
from langgraph_runs._sansio.sse import SSEDecoder
from tests.support.pages import python_block

TEXT = "Tea is a drink."


@pytest.fixture(scope="module")
def service(server_url: str) -> Iterator[httpx.Client]:
    names: dict[str, Any] = {"__name__": "service"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANGGRAPH_API_URL", server_url)
        exec(compile(python_block("docs/async.md", "FastAPI("), "async.md", "exec"), names)  # noqa: S102
        config = uvicorn.Config(names["app"], port=0, log_level="error", lifespan="on")
        server = uvicorn.Server(config)
        socket = config.bind_socket()
        thread = threading.Thread(target=server.run, args=([socket],))
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{socket.getsockname()[1]}", timeout=60) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()
            socket.close()


def test_an_answer_at_once_and_as_it_is_written(service: httpx.Client) -> None:
    assert service.post(f"/threads/{uuid4()}/ask", params={"text": TEXT}).json() == TEXT
    with service.stream("POST", f"/threads/{uuid4()}/tell", params={"text": TEXT}) as response:
        chunks = list(response.iter_text())
    assert "".join(chunks) == TEXT
    assert len(chunks) > 2


def test_who_hangs_up_stops_the_run(service: httpx.Client, server_url: str) -> None:
    with Client(server_url) as client:
        thread_id = str(uuid4())
        with service.stream("POST", f"/threads/{thread_id}/tell", params={"text": TEXT * 1000}) as response:
            next(response.iter_bytes())
        run = client.runs.list(thread_id)[0]
        client.runs.join(thread_id, run.run_id)
        assert client.runs.get(thread_id, run.run_id).status == "interrupted"


def test_a_browser_that_reconnects_gets_each_event_once(service: httpx.Client, server_url: str) -> None:
    thread_id = str(uuid4())
    run_id = service.post(f"/threads/{thread_id}/runs", params={"text": TEXT}).json()
    seen = browsed(service, f"/threads/{thread_id}/runs/{run_id}/events", events_per_connection=2)
    with Client(server_url) as client:
        every = [*client.runs.join_stream(thread_id, run_id, last_event_id="-1")]
    assert len(every) > 10
    assert seen == [*((event.event.partition("|")[0], event.data) for event in every), ("end", None)]
    # What the page listens to.
    assert "".join(data[0]["content"] for name, data in seen if name == "messages") == TEXT


def test_a_failed_run_and_one_that_does_not_exist(service: httpx.Client, server_url: str) -> None:
    with Client(server_url) as client:
        run = client.runs.create(uuid4(), "agent", input={"fail": True}, stream_resumable=True, if_not_exists="create")
    seen = browsed(service, f"/threads/{run.thread_id}/runs/{run.run_id}/events")
    assert seen[-1] == ("failed", "RunFailedError")
    assert browsed(service, f"/threads/{run.thread_id}/runs/{uuid4()}/events") == [("failed", "NotFoundError")]
    response = service.post("/threads/no-uuid/ask", params={"text": TEXT})
    assert (response.status_code, response.json()) == (502, {"error": "BadRequestError"})


def browsed(service: httpx.Client, path: str, events_per_connection: int | None = None) -> list[Any]:
    """What a page's EventSource gets, if its connection is lost every few events."""
    seen: list[Any] = []
    last_event_id: str | None = None
    while not seen or seen[-1][0] not in {"end", "failed"}:
        decoder = SSEDecoder()
        with service.stream("GET", path, headers={"last-event-id": last_event_id} if last_event_id else {}) as response:
            events = itertools.chain.from_iterable(map(decoder.feed, response.iter_bytes()))
            for name, data, id in itertools.islice(events, events_per_connection):
                seen.append((name, json.loads(bytes(data))))
                last_event_id = id or last_event_id
    return seen
