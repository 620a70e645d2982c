"""The endpoints of threads and assistants, without I/O or clock: a request and the time in, a response out."""

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

    def state(self, thread_id: str, checkpoint_id: str | None = None) -> Answer:
        """`GET /threads/{thread_id}/state`, also at a checkpoint."""
        return json_answer(self._state(thread_id, checkpoint_id))

    def state_at(self, thread_id: str) -> Answer:
        """`POST /threads/{thread_id}/state/checkpoint`."""
        checkpoint = self.body({"checkpoint": checks.OBJECT}).get("checkpoint", {})
        return json_answer(self._state(thread_id, checkpoint.get("checkpoint_id")))

    def _state(self, thread_id: str, checkpoint_id: str | None) -> dict[str, Any]:
        history = self.thread(thread_id).history
        found = (state for state in history if checkpoint_id in (None, state["checkpoint_id"]))
        checkpoint = checkpoint_id and {"checkpoint_id": checkpoint_id, "thread_id": thread_id}
        nothing: dict[str, Any] = {
            "metadata": None,
            "created_at": None,
            "checkpoint": checkpoint,
            "parent_checkpoint": None,
        }
        ids: dict[str, Any] = {"interrupts": [], "checkpoint_id": checkpoint_id, "parent_checkpoint_id": None}
        empty: dict[str, Any] = {"values": {}, "next": [], "tasks": [], **nothing, **ids}
        return next(found, empty)

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
        """`GET` and `POST /threads/{thread_id}/history`."""
        if self.request.method == "GET":
            body: dict[str, Any] = {"limit": checked_int(self.request.params.get("limit", "10"))}
        else:
            body = self.body(checks.HISTORY)
        states = self.thread(thread_id).history
        if before := body.get("before", {}).get("configurable", {}).get("checkpoint_id"):
            ids = [state["checkpoint_id"] for state in states]
            states = states[ids.index(before) + 1 :] if before in ids else []
        return json_answer(states[: body.get("limit", 10)])

    def search_threads(self) -> Answer:
        """`POST /threads/search`."""
        body = self.body(checks.SEARCH_THREADS)
        found = self._matching(body)
        if key := body.get("sort_by"):
            found.sort(key=lambda thread: str(thread[key]))
            found = found if body.get("sort_order") == "asc" else found[::-1]
        page = found[body.get("offset", 0) :][: body.get("limit", 10)]
        shown = [selected(thread, body.get("select", [])) for thread in page]
        return json_answer(shown, x_pagination_total=str(len(found)))

    def count_threads(self) -> Answer:
        """`POST /threads/count`."""
        return json_answer(len(self._matching(self.body(checks.SEARCH_THREADS))))

    def _matching(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        ids = body.get("ids")
        threads = [thread_json(thread) for thread in reversed(self.store.threads.values())]
        return [
            thread
            for thread in threads
            if (ids is None or thread["thread_id"] in ids)
            and body.get("status") in (None, thread["status"])
            and all(_contains(thread[field] or {}, body.get(field, {})) for field in ("metadata", "values"))
        ]

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
        found = [assistant_json(graph) for graph in self.scripts if wanted in (None, graph)]
        page = found[body.get("offset", 0) :][: body.get("limit", 10)]
        shown = [selected(assistant, body.get("select", [])) for assistant in page]
        return json_answer(shown, x_pagination_total=str(len(found)))

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


def _contains(value: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(name in value and value[name] == one for name, one in wanted.items())
