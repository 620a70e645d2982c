"""Calls of the client with a given response, without a network."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs
import httpx
import orjson

from langgraph_runs import Client, PartialRun
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
}
"""For each operation of openapi.yaml, a call of the client that uses it."""


def selection(client: AnyClient) -> list[PartialRun]:
    """A call of `list_runs` with selected fields."""
    return client.runs.list("t", select=["run_id"])


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
