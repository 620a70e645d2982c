"""The client's methods by what they send: as a recording has it, or one by one."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from langgraph_runs import AsyncClient, AsyncRunsClient, AsyncRunStream
from langgraph_runs._sansio.checks import declared
from langgraph_runs.options import (
    AssistantSearchArguments,
    CancelManyOptions,
    StreamArguments,
    ThreadCreateOptions,
    ThreadSearchArguments,
)
from tests.support.recordings import Recording


async def drained(events: AsyncIterator[Any]) -> list[Any]:
    """All that comes."""
    return [event async for event in events]


async def result_of(client: AsyncClient, recording: Recording) -> Any:
    """What the method gives that sends a recording's request; not for streams."""
    if "/runs" not in recording.target:
        return await beside_runs(client, recording)
    runs = client.runs
    path, thread_id, query, arguments = _asked(recording)
    match recording.method, path:
        case "POST", []:
            return await runs.create(thread_id, **arguments)
        case "POST", ["wait"]:
            return await runs.wait(thread_id, **arguments)
        case "POST", ["batch"]:
            return await runs.create_batch(recording.request_body)
        case "POST", ["cancel"]:
            return await runs.cancel_many(**arguments, **query)
        case "POST", [run_id, "cancel"]:
            return await runs.cancel(str(thread_id), run_id, wait=query.pop("wait") == "1", **query)
        case "GET", [] if "select" in query:
            return await runs.list(str(thread_id), select=query["select"])
        case "GET", []:
            return await runs.list(str(thread_id), limit=int(query["limit"]))
        case "GET", [run_id]:
            return await runs.get(str(thread_id), run_id)
        case "GET", [run_id, "join"]:
            return await runs.join(str(thread_id), run_id)
        case "DELETE", [run_id]:
            return await runs.delete(str(thread_id), run_id)
        case _:
            raise LookupError(f"no method sends {recording.method} {recording.target}")


async def beside_runs(client: AsyncClient, recording: Recording) -> Any:
    """The same for threads and assistants."""
    threads, assistants = client.threads, client.assistants
    target = urlsplit(recording.target)
    body = dict(recording.request_body or {})
    match recording.method, target.path.strip("/").split("/"):
        case "POST", ["threads"]:
            return await threads.create(**_arguments(body, ThreadCreateOptions))
        case "GET", ["threads", thread_id]:
            return await threads.get(thread_id)
        case "PATCH", ["threads", thread_id]:
            return await threads.update(thread_id, **body)
        case "DELETE", ["threads", thread_id]:
            return await threads.delete(thread_id)
        case "POST", ["threads", "search"]:
            return await threads.search(**_arguments(body, ThreadSearchArguments))
        case "GET", ["threads", thread_id, "state"]:
            return await threads.get_state(thread_id, subgraphs="subgraphs=true" in target.query)
        case "POST", ["threads", thread_id, "state", "checkpoint"]:
            return await threads.get_state(thread_id, body["checkpoint"])
        case "POST", ["threads", thread_id, "state"]:
            return await threads.update_state(thread_id, body.pop("values"), **body)
        case "POST", ["threads", thread_id, "history"]:
            # One recording sent another form of `before` than works everywhere.
            return await threads.get_history(thread_id, limit=body.pop("limit"), extra_body=body)
        case "POST", ["assistants", "search"]:
            return await assistants.search(**_arguments(body, AssistantSearchArguments))
        case "GET", ["assistants", assistant_id]:
            return await assistants.get(assistant_id)
        case _:
            raise LookupError(f"no method sends {recording.method} {recording.target}")


def stream_of(runs: AsyncRunsClient, recording: Recording, **options: Any) -> AsyncRunStream[Any]:
    """The stream that sends a recording's request."""
    path, thread_id, _, arguments = _asked(recording)
    match recording.method, path:
        case "POST", ["stream"]:
            return runs.stream(thread_id, **arguments, **options)
        case "GET", [run_id, "stream"]:
            last_event_id = recording.request_headers.get("last-event-id")
            return runs.join_stream(thread_id, run_id, last_event_id=last_event_id, **options)
        case _:
            raise LookupError(f"no method streams {recording.method} {recording.target}")


def _asked(recording: Recording) -> tuple[list[str], str | None, dict[str, Any], dict[str, Any]]:
    """What comes after `/runs` in the path, the thread, the query, and the arguments out of the body."""
    target = urlsplit(recording.target)
    path = target.path.strip("/").split("/")
    thread_id = None
    if path[0] == "threads":
        thread_id, path = path[1], path[2:]
    query = {name: values if name == "select" else values[0] for name, values in parse_qs(target.query).items()}
    body = recording.request_body
    # One recording sent a body that is no JSON, which no client could.
    return (
        path[1:],
        thread_id,
        query,
        _arguments(body, StreamArguments, CancelManyOptions) if isinstance(body, dict) else {"assistant_id": "agent"},
    )


def _arguments(body: dict[str, Any], *kinds: type) -> dict[str, Any]:
    """The arguments that send a body. A value that no argument may have goes by `extra_body`."""
    known = {name: option for kind in kinds for name, option in declared(kind).items()}
    unknown: dict[str, Any] = {}
    for name, value in body.items():
        try:
            known[name].check(name, value) if name in known else None
        except ValueError:
            unknown[name] = value
    return {**{name: value for name, value in body.items() if name not in unknown}, "extra_body": unknown}


AGENT: dict[str, Any] = {"input": {"n": 1}}

CALLS: dict[str, Callable[[AsyncRunsClient, Any, Any], Any]] = {
    "create": lambda runs, thread_id, _: runs.create(thread_id, "agent", **AGENT),
    "wait": lambda runs, thread_id, _: runs.wait(thread_id, "agent", **AGENT),
    "stream": lambda runs, thread_id, _: drained(aiter(runs.stream(thread_id, "agent", **AGENT))),
    "list": lambda runs, thread_id, _: runs.list(thread_id),
    "list select": lambda runs, thread_id, _: runs.list(thread_id, select=["run_id"]),
    "iter": lambda runs, thread_id, _: drained(runs.iter(thread_id)),
    "get": lambda runs, thread_id, run_id: runs.get(thread_id, run_id),
    "join": lambda runs, thread_id, run_id: runs.join(thread_id, run_id),
    "join_stream": lambda runs, thread_id, run_id: drained(aiter(runs.join_stream(thread_id, run_id))),
    "cancel": lambda runs, thread_id, run_id: runs.cancel(thread_id, run_id),
    "cancel_many": lambda runs, thread_id, run_id: runs.cancel_many(thread_id=thread_id, run_ids=[run_id]),
    "delete": lambda runs, thread_id, run_id: runs.delete(thread_id, run_id),
}
"""Every method that takes a thread, called with a thread and a run."""

STATELESS_CALLS: dict[str, Callable[[AsyncRunsClient], Any]] = {
    "stateless create": lambda runs: runs.create(None, "agent", **AGENT),
    "stateless wait": lambda runs: runs.wait(None, "agent", **AGENT),
    "stateless stream": lambda runs: drained(aiter(runs.stream(None, "agent", **AGENT))),
    "stateless resumable stream": lambda runs: drained(
        aiter(runs.stream(None, "agent", stream_resumable=True, **AGENT))
    ),
    "stateless join_stream": lambda runs: drained(aiter(runs.join_stream(None, "r"))),
    "create_batch": lambda runs: runs.create_batch([{"assistant_id": "agent"}]),
    "cancel_many by status": lambda runs: runs.cancel_many(status="all"),
}
"""Every method that takes none."""


def _called_with_ids(call: Callable[[AsyncRunsClient, Any, Any], Any]) -> Callable[[AsyncRunsClient], Any]:
    return lambda runs: call(runs, "t", "r")


ALL_CALLS: dict[str, Callable[[AsyncRunsClient], Any]] = {
    **{name: _called_with_ids(call) for name, call in CALLS.items()},
    **STATELESS_CALLS,
}
