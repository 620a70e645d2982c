"""The endpoints of threads and assistants, without I/O or clock: a request and the time in, a response out."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

import attrs
import orjson

from langgraph_runs.testing import _checks as checks
from langgraph_runs.testing._answers import (
    Answer,
    FakeRequest,
    RefusedError,
    assistant_id,
    assistant_json,
    json_answer,
    selected,
    thread_json,
)
from langgraph_runs.testing._runs import Store, Thread
from langgraph_runs.testing._script import Script
from langgraph_runs_api.values import is_list, is_object

_SERVER_VERSION: Final = "0.16.7"  # the one that it imitates

DONE: Final = Answer(204, {})
NOT_FOUND: Final = json_answer({"detail": "Not Found"}, status=404)


@attrs.frozen
class ThreadsCall:
    """A request, when it came, and what it is about; each endpoint is a method."""

    store: Store
    scripts: Mapping[str, Script]
    request: FakeRequest
    now: float

    def create_thread(self) -> Answer:
        """`POST /threads`."""
        body = self.body(checks.THREAD)
        id = checked_id(body.get("thread_id", str(uuid4())), "thread")
        thread = self.store.threads.get(id)
        if thread is not None and body.get("if_exists") != "do_nothing":
            raise RefusedError(409, f"Thread with ID {id} already exists")
        if thread is None:
            thread = self.new_thread(id, body.get("metadata", {}))
            thread.updated = self.now
            updates = [update for superstep in body.get("supersteps", []) for update in superstep["updates"]]
            for update in updates:
                thread.values = {**thread.values, **(update.get("values") or {})}
            if updates:
                thread.shown_values = thread.values
                thread.checkpoint(None, self.now, "update")
        return json_answer(thread_json(thread))

    def get_thread(self, thread_id: str) -> Answer:
        """`GET /threads/{thread_id}`."""
        return json_answer(thread_json(self.thread(thread_id)))

    def update_thread(self, thread_id: str) -> Answer:
        """`PATCH /threads/{thread_id}`."""
        body = self.body({"metadata": checks.OBJECT})
        thread = self.store.threads.get(thread_id)
        if thread is None:
            return NOT_FOUND
        thread.metadata |= body.get("metadata", {})
        thread.updated = self.now
        return json_answer(thread_json(thread))

    def delete_thread(self, thread_id: str) -> Answer:
        """`DELETE /threads/{thread_id}`."""
        thread = self.thread(thread_id)
        for run in thread.active:
            run.stop(self.now)
        self.store.drop(thread)
        return DONE

    def state(self, thread_id: str) -> Answer:
        """`GET /threads/{thread_id}/state`."""
        return self._state(thread_id, {})

    def state_at(self, thread_id: str) -> Answer:
        """`POST /threads/{thread_id}/state/checkpoint`."""
        return self._state(thread_id, self.body({"checkpoint": checks.OBJECT}).get("checkpoint", {}))

    def _state(self, thread_id: str, checkpoint: dict[str, Any]) -> Answer:
        id = checkpoint.get("checkpoint_id")
        nothing: dict[str, Any] = {
            "values": {},
            "next": [],
            "tasks": [],
            "metadata": None,
            "created_at": None,
            "checkpoint": {**checkpoint, "thread_id": thread_id} if checkpoint else None,
            "parent_checkpoint": None,
            "interrupts": [],
            "checkpoint_id": id,
            "parent_checkpoint_id": None,
        }
        found = (state for state in self.thread(thread_id).history if id in (None, state["checkpoint_id"]))
        return json_answer(next(found, nothing))

    def update_state(self, thread_id: str) -> Answer:
        """`POST /threads/{thread_id}/state`."""
        body, thread = self.body({}), self.thread(thread_id)
        if thread.active:
            raise RefusedError(409, f"Thread {thread_id} has in-flight runs")
        thread.values = thread.shown_values = {**thread.values, **(body.get("values") or {})}
        checkpoint = thread.checkpoint(None, self.now, "update")["checkpoint"]
        return json_answer(
            {"checkpoint": checkpoint, "configurable": checkpoint, "checkpoint_id": checkpoint["checkpoint_id"]}
        )

    def history(self, thread_id: str) -> Answer:
        """`POST /threads/{thread_id}/history`."""
        body, states = self.body(checks.HISTORY), self.thread(thread_id).history
        if before := body.get("before", {}).get("configurable", {}).get("checkpoint_id"):
            ids = [state["checkpoint_id"] for state in states]
            states = states[ids.index(before) + 1 :] if before in ids else []
        return json_answer(states[: body.get("limit", 10)])

    def search_threads(self) -> Answer:
        """`POST /threads/search`."""
        body = self.body(checks.SEARCH_THREADS)
        ids = body.get("ids")
        threads = [thread_json(thread) for thread in reversed(self.store.threads.values())]
        found = [
            thread
            for thread in threads
            if (ids is None or thread["thread_id"] in ids)
            and body.get("status") in (None, thread["status"])
            and all(_contains(thread[field] or {}, body.get(field, {})) for field in ("metadata", "values"))
        ]
        paths: dict[str, str] = body.get("extract") or {}
        if any(path.partition(".")[0] not in ("config", "interrupts", "metadata", "values") for path in paths.values()):
            raise RefusedError(422, "Extract paths must start with one of: config, interrupts, metadata, values")
        for thread in found if paths else ():
            thread["extracted"] = {name: _at(thread, path) for name, path in paths.items()}
        if key := body.get("sort_by"):
            found.sort(key=lambda thread: str(thread[key]), reverse=body.get("sort_order") != "asc")
        return _page(found, body)

    def thread(self, thread_id: str) -> Thread:
        """A thread that must exist."""
        thread = self.store.threads.get(thread_id)
        if thread is None:
            raise RefusedError(404, f"Thread with ID {thread_id} not found")
        return thread

    # Assistants and the server

    def search_assistants(self) -> Answer:
        """`POST /assistants/search`."""
        body = self.body(checks.SEARCH_ASSISTANTS)
        wanted = body.get("graph_id")
        if wanted not in (None, *self.scripts):
            raise RefusedError(404, f"Graph '{wanted}' not found. Expected one of: {[*self.scripts]}")
        name, metadata = body.get("name", "").lower(), body.get("metadata", {})
        found = [assistant_json(graph) for graph in self.scripts if wanted in (None, graph) and name in graph.lower()]
        return _page([assistant for assistant in found if _contains(assistant["metadata"], metadata)], body)

    def get_assistant(self, id: str) -> Answer:
        """`GET /assistants/{assistant_id}`."""
        graph = next((graph for graph in self.scripts if assistant_id(graph) == id), None)
        return NOT_FOUND if graph is None else json_answer(assistant_json(graph))

    def ok(self) -> Answer:
        """`GET /ok`."""
        return json_answer({"ok": True})

    def info(self) -> Answer:
        """`GET /info`."""
        return json_answer({"version": _SERVER_VERSION, "flags": {"assistants": True}})

    def new_thread(self, id: str, metadata: dict[str, Any], *, temporary: bool = False) -> Thread:
        """A new thread."""
        thread = self.store.threads[id] = Thread(id, self.now, dict(metadata), temporary=temporary)
        return thread

    # The request

    def json(self) -> Any:
        """The request's JSON."""
        try:
            return self.request.json
        except orjson.JSONDecodeError:
            raise RefusedError(422, "Invalid JSON in request body") from None

    def body(self, fields: Mapping[str, checks.Check]) -> dict[str, Any]:
        """The request's body, checked."""
        if not self.request.content:
            raise RefusedError(422, "Invalid JSON in request body")
        return checked(self.json(), fields)


def checked(body: Any, fields: Mapping[str, checks.Check]) -> dict[str, Any]:
    """The body, refused if it does not match these fields."""
    if said := checks.problem(body, fields):
        raise RefusedError(422, said)
    found: dict[str, Any] = body
    return found


def checked_id(value: str, name: str) -> str:
    """The id, refused if it is no UUID."""
    try:
        return str(UUID(value))
    except ValueError as error:
        if name == "id":  # of two endpoints that answer otherwise than all the others
            raise RefusedError(400, str(error)) from None
        raise RefusedError(422, f"Invalid {name} ID: must be a UUID") from None


def checked_int(text: str) -> int:
    """The number of a query."""
    try:
        return int(text)
    except ValueError as error:
        raise RefusedError(400, str(error)) from None


def _page(found: list[dict[str, Any]], body: dict[str, Any]) -> Answer:
    page = found[body.get("offset", 0) :][: body.get("limit", 10)]
    select = body.get("select") and [*body["select"], "extracted"]
    return json_answer([selected(item, select or []) for item in page], x_pagination_total=str(len(found)))


def _at(value: Any, path: str) -> Any:
    """What is at a path such as `values.messages[-1].content`; None if nothing is."""
    for step in re.findall(r"[^.\[\]]+", path):
        try:
            value = value[int(step)] if is_list(value) else value[step]
        except (LookupError, TypeError, ValueError):
            return None
    return value


def _contains(value: Any, wanted: Any) -> bool:
    """As the server compares: an object has at least these fields, everything else is the same."""
    if not (is_object(value) and is_object(wanted)):
        return bool(value == wanted)
    return all(name in value and _contains(value[name], one) for name, one in wanted.items())
