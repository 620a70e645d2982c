"""Calls of the client with a given response, without a network."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs
import httpx
import orjson

from langgraph_runs import Client
from tests.support.samples import run_json

AnyClient = Client[Any, Any, Any]
Call = Callable[[AnyClient], Any]

CALLS: dict[str, Call] = {
    "get_run": lambda client: client.runs.get("t", "r"),
    "create_run": lambda client: client.runs.create("t", "agent"),
    "create_stateless_run": lambda client: client.runs.create(None, "agent"),
    "list_runs": lambda client: client.runs.list("t"),
    "create_run_batch": lambda client: client.runs.create_batch([{"assistant_id": "agent"}]),
    "wait_run": lambda client: client.runs.wait("t", "agent"),
    "wait_stateless_run": lambda client: client.runs.wait(None, "agent"),
    "join_run": lambda client: client.runs.join("t", "r"),
    "stream_run": lambda client: list(client.runs.stream("t", "agent")),
    "stream_stateless_run": lambda client: list(client.runs.stream(None, "agent")),
    "join_run_stream": lambda client: list(client.runs.join_stream("t", "r")),
    "join_stateless_run_stream": lambda client: list(client.runs.join_stream(None, "r")),
    "cancel_run": lambda client: client.runs.cancel("t", "r"),
    "cancel_runs": lambda client: client.runs.cancel_many(status="all"),
    "delete_run": lambda client: client.runs.delete("t", "r"),
    "create_thread": lambda client: client.threads.create(),
    "search_threads": lambda client: client.threads.search(),
    "get_thread": lambda client: client.threads.get("t"),
    "update_thread": lambda client: client.threads.update("t", metadata={}),
    "delete_thread": lambda client: client.threads.delete("t"),
    "get_thread_state": lambda client: client.threads.get_state("t"),
    "get_thread_state_at_checkpoint": lambda client: client.threads.get_state("t", checkpoint_id="c"),
    "update_thread_state": lambda client: client.threads.update_state("t", {}),
    "get_thread_history": lambda client: client.threads.get_history("t"),
    "get_assistant": lambda client: client.assistants.get("a"),
    "search_assistants": lambda client: client.assistants.search(),
}
"""For each operation of openapi.yaml, a call of the client that uses it."""


SELECTIONS: dict[str, Call] = {
    "list_runs": lambda client: client.runs.list("t", select=["run_id"]),
    "search_threads": lambda client: client.threads.search(select=["thread_id"]),
    "search_assistants": lambda client: client.assistants.search(select=["assistant_id"]),
}
"""The same with selected fields."""


@attrs.define
class Answered:
    """A client that gets a given response."""

    _client: AnyClient
    _answers: list[httpx.Response]

    def call(
        self, operation: str, content: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Any:
        """The client's result for this response to an operation; or it raises an exception."""
        return self.ask(CALLS[operation], content, status=status, headers=headers)

    def ask(
        self,
        call: Call,
        content: bytes,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The same for any call."""
        self._answers[:] = [
            httpx.Response(status, content=content, headers=headers or {"content-type": "application/json"})
        ]
        return call(self._client)


@contextlib.contextmanager
def answered() -> Iterator[Answered]:
    """A client without a network. When it checks the run after the end of a stream, the run was successful."""
    answers: list[httpx.Response] = []

    def answer(_: httpx.Request) -> httpx.Response:
        return answers.pop() if answers else httpx.Response(200, content=orjson.dumps(run_json()))

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as http_client,
        Client("http://server", http_client=http_client, max_retries=0) as client,
    ):
        yield Answered(client, answers)
