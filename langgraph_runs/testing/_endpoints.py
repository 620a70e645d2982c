"""The endpoints of the fake server, without I/O or clock: a request and the time in, a response out."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, get_args
from uuid import UUID, uuid4

import attrs
import orjson

from langgraph_runs.testing import _checks as checks
from langgraph_runs.testing._answers import (
    Answer,
    RefusedError,
    assistant_id,
    event_stream,
    final_values,
    json_answer,
    run_json,
    selected,
)
from langgraph_runs.testing._reader import Reader
from langgraph_runs.testing._runs import Run, Thread
from langgraph_runs.testing._threads import DONE, NOT_FOUND, ThreadsCall, checked, checked_id, checked_int
from langgraph_runs_api.models import RunSelectField
from langgraph_runs_api.values import is_list


@attrs.frozen
class Call(ThreadsCall):
    """A request, and all endpoints."""

    def answer(self) -> Answer:
        """Answer the request."""
        self.store.advance(self.now)
        known = [
            (method, match, endpoint)
            for method, pattern, endpoint in _ROUTES
            if (match := pattern.fullmatch(self.request.path))
        ]
        try:
            for method, match, endpoint in known:
                if method == self.request.method:
                    return endpoint(self, *(checked_id(id, name) for name, id in match.groupdict().items()))
        except RefusedError as error:
            return error.answer
        return json_answer({"detail": "Method Not Allowed"}, status=405) if known else NOT_FOUND

    # Starting runs

    def create(self, thread_id: str | None = None) -> Answer:
        """`POST /threads/{thread_id}/runs` and `POST /runs`."""
        run = self._created(self.body(checks.STATELESS if thread_id is None else checks.STATEFUL), thread_id)
        return json_answer(run_json(run), content_location=_path(run, stateless=thread_id is None))

    def stream(self, thread_id: str | None = None) -> Answer:
        """`POST /threads/{thread_id}/runs/stream` and `POST /runs/stream`."""
        run = self._connected(thread_id)
        reader = Reader(run, self.now, events=True, cancels=run.body.get("on_disconnect") == "cancel")
        return event_stream(_path(run, stateless=thread_id is None), reader)

    def wait(self, thread_id: str | None = None) -> Answer:
        """`POST /threads/{thread_id}/runs/wait` and `POST /runs/wait`."""
        run = self._connected(thread_id)
        reader = Reader(run, self.now, events=False, cancels=run.body.get("on_disconnect") == "cancel")
        return final_values(_path(run), reader)

    def batch(self) -> Answer:
        """`POST /runs/batch`."""
        bodies = self.json()
        if not is_list(bodies):
            raise RefusedError(422, f'{orjson.dumps(bodies).decode()} is not of type "array"')
        if not bodies:
            raise RefusedError(422, "[] has less than 1 item")
        items = [checked(body, checks.STATELESS) for body in bodies]
        runs, refused = list[Run](), list[RefusedError]()
        for body in items:
            try:
                runs.append(self._created(body, None))
            except RefusedError as error:  # the others are created all the same
                refused.append(error)
        return refused[0].answer if refused else json_answer([run_json(run) for run in runs])

    def _connected(self, thread_id: str | None) -> Run:
        fields = checks.STATELESS if thread_id is None else checks.STATEFUL
        return self._created(self.body({**fields, **checks.CONNECTED}), thread_id)

    def _created(self, body: dict[str, Any], thread_id: str | None) -> Run:
        webhook = body.get("webhook")
        if webhook is not None and not webhook.startswith(("http:", "https:", "/")):
            raise RefusedError(422, "Invalid webhook hostname ''")
        graph = self._graph(body["assistant_id"])
        thread = self._thread_for(body, thread_id)
        existed = bool(thread.updated)
        strategy = body.get("multitask_strategy") or "enqueue"
        if thread.active and strategy == "reject":
            raise RefusedError(
                409, "Thread is already running a task. Wait for it to finish or choose a different multitask strategy."
            )
        assistant = assistant_id(graph)
        metadata = {"created_by": "system", **({"graph_id": graph} if existed else {}), "assistant_id": assistant}
        metadata |= body.get("metadata", {})
        for other in thread.active if strategy in ("interrupt", "rollback") else ():
            other.stop(self.now)
            if strategy == "rollback":
                del thread.runs[other.run_id]
        thread.metadata |= {"graph_id": graph, "assistant_id": assistant}
        thread.config, thread.updated = {"configurable": {}}, self.now
        ready = self.now + body.get("after_seconds", 0)
        run = Run(thread, assistant, body, self.scripts[graph], self.now, metadata, strategy, ready=ready)
        self.store.add(run)
        return run

    def _thread_for(self, body: dict[str, Any], thread_id: str | None) -> Thread:
        if thread_id is None:
            temporary = body.get("on_completion", "delete") == "delete"
            return self.new_thread(str(uuid4()), {}, temporary=temporary)
        if thread_id not in self.store.threads:
            if body.get("if_not_exists") != "create":
                raise RefusedError(404, "Thread or assistant not found.")
            return self.new_thread(thread_id, {})
        return self.store.threads[thread_id]

    def _graph(self, name: str) -> str:
        for graph in self.scripts:
            if name in (graph, assistant_id(graph)):
                return graph
        try:
            UUID(name)
        except ValueError:
            known = ", ".join(self.scripts)
            raise RefusedError(
                422,
                f"Invalid assistant: '{name}'. Must be either:\n- A valid assistant UUID, or\n"
                f"- One of the registered graphs: {known}",
            ) from None
        raise RefusedError(404, "Thread or assistant not found.")

    # Runs

    def list_runs(self, thread_id: str) -> Answer:
        """`GET /threads/{thread_id}/runs`."""
        params, select = self.request.params, self.request.params.get_list("select")
        if unknown := sorted({*select} - {*get_args(RunSelectField)}):
            raise RefusedError(422, f"Invalid select columns: {unknown}.")
        status = params.get("status")
        runs = [run for run in self.thread(thread_id).runs.values() if status in (None, run.status)]
        offset = max(0, checked_int(params.get("offset", "0")))
        found = runs[::-1][offset:][: max(0, checked_int(params.get("limit", "10")))]
        return json_answer([selected(run_json(run), select) for run in found])

    def get_run(self, thread_id: str, run_id: str) -> Answer:
        """`GET /threads/{thread_id}/runs/{run_id}`."""
        run = self.thread(thread_id).runs.get(run_id)
        return NOT_FOUND if run is None else json_answer(run_json(run))

    def delete_run(self, thread_id: str, run_id: str) -> Answer:
        """`DELETE /threads/{thread_id}/runs/{run_id}`."""
        run = self.store.run(thread_id, run_id)
        if run is None:
            raise RefusedError(404, "Run not found")
        if not run.ended:
            run.stop(self.now)
        del run.thread.runs[run_id]
        return DONE

    def join(self, thread_id: str, run_id: str) -> Answer:
        """`GET /threads/{thread_id}/runs/{run_id}/join`."""
        run, path = self.store.run(thread_id, run_id), f"/threads/{thread_id}/runs/{run_id}"
        if run is None:
            missing = {"error": "HTTPException", "message": "404: Run not found"}
            return final_values(path, {"__error__": missing})
        if run.ended:  # then it is the thread that is asked
            thread, failed = run.thread, run.status == "error"
            values = run.outcome if failed else thread.values
            if thread.interrupts and not failed:
                values = {"__interrupt__": thread.interrupts}
            return final_values(path, values)
        return final_values(path, Reader(run, self.now, events=False, cancels=self._leaving()))

    def join_stream(self, thread_id: str, run_id: str) -> Answer:
        """`GET /threads/{thread_id}/runs/{run_id}/stream`."""
        path = f"/threads/{thread_id}/runs/{run_id}"
        run = self.store.run(thread_id, run_id) or self.store.streams.get(run_id)
        if run is None:
            gone = b'event: error\r\ndata: {"error":"HTTPException","message":"404: Run not found"}\r\n\r\n'
            return event_stream(path, gone)
        given, after = self.request.params.get_list("stream_mode"), self.request.headers.get("last-event-id")
        modes = given[-1:]  # if it is repeated, the last one counts
        if modes and modes[0].startswith("["):
            with suppress(orjson.JSONDecodeError):  # then it is no mode
                modes = orjson.loads(modes[0])
        modes = [] if modes == [""] else modes
        reader = Reader(run, self.now, events=True, after=after, modes=modes, cancels=self._leaving())
        return event_stream(path, reader)

    def cancel(self, thread_id: str, run_id: str) -> Answer:
        """`POST /threads/{thread_id}/runs/{run_id}/cancel`."""
        run = self.store.run(thread_id, run_id)
        if run is None:
            raise RefusedError(404, "No runs found to cancel.")
        self._cancel([run])
        if self.request.params.get("wait", "0").lower() not in ("1", "true"):
            return Answer(202, {})
        return final_values(_path(run), run.outcome)

    def cancel_many(self) -> Answer:
        """`POST /runs/cancel`."""
        body = self.body(checks.CANCEL_MANY)
        if ("status" in body) == ("thread_id" in body and "run_ids" in body):
            shown = orjson.dumps(body).decode()
            raise RefusedError(422, f"{shown} is not valid under any of the schemas listed in the 'oneOf' keyword")
        if "status" in body:
            wanted = ("pending", "running") if body["status"] == "all" else (body["status"],)
            threads = self.store.busy.values()
            found = [run for thread in threads for run in thread.active if run.status in wanted]
        else:
            thread_id = checked_id(body["thread_id"], "thread")
            runs = (self.store.run(thread_id, checked_id(run_id, "run")) for run_id in body["run_ids"])
            found = [run for run in runs if run is not None]
        if not found:
            raise RefusedError(404, "No runs found to cancel.")
        self._cancel(found)
        return DONE

    def _cancel(self, runs: list[Run]) -> None:
        active = [run for run in runs if not run.ended]
        if not active:
            raise RefusedError(
                404,
                "No matching runs to cancel. Please verify the thread ID and run IDs are correct, and the runs haven't"
                " been deleted or completed.",
            )
        for run in active:
            run.stop(self.now)
            if self.request.params.get("action") == "rollback":
                del run.thread.runs[run.run_id]

    def _leaving(self) -> bool:
        """Whether the run is cancelled when the connection of a join is lost."""
        return self.request.params.get("cancel_on_disconnect", "0").lower() in ("1", "true")


def _path(run: Run, *, stateless: bool = False) -> str:
    return f"/runs/{run.run_id}" if stateless else f"/threads/{run.thread.thread_id}/runs/{run.run_id}"


def _route(
    method: str, path: str, endpoint: Callable[..., Answer]
) -> "tuple[str, re.Pattern[str], Callable[..., Answer]]":
    return method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), endpoint


# Paths without ids come first.
_ROUTES: Final = [
    _route(*route)
    for route in (
        ("POST", "/runs", Call.create),
        ("POST", "/runs/stream", Call.stream),
        ("POST", "/runs/wait", Call.wait),
        ("POST", "/runs/batch", Call.batch),
        ("POST", "/runs/cancel", Call.cancel_many),
        ("POST", "/threads", Call.create_thread),
        ("POST", "/threads/search", Call.search_threads),
        ("GET", "/threads/{thread}", Call.get_thread),
        ("PATCH", "/threads/{thread}", Call.update_thread),
        ("DELETE", "/threads/{thread}", Call.delete_thread),
        ("GET", "/threads/{thread}/state", Call.state),
        ("POST", "/threads/{thread}/state", Call.update_state),
        ("POST", "/threads/{thread}/state/checkpoint", Call.state_at),
        ("POST", "/threads/{thread}/history", Call.history),
        ("POST", "/threads/{thread}/runs", Call.create),
        ("GET", "/threads/{thread}/runs", Call.list_runs),
        ("POST", "/threads/{id}/runs/stream", Call.stream),
        ("POST", "/threads/{id}/runs/wait", Call.wait),
        ("GET", "/threads/{thread}/runs/{run}", Call.get_run),
        ("DELETE", "/threads/{thread}/runs/{run}", Call.delete_run),
        ("GET", "/threads/{thread}/runs/{run}/join", Call.join),
        ("GET", "/threads/{thread}/runs/{run}/stream", Call.join_stream),
        ("POST", "/threads/{thread}/runs/{run}/cancel", Call.cancel),
        ("POST", "/assistants/search", Call.search_assistants),
        ("GET", "/assistants/{assistant}", Call.get_assistant),
        ("GET", "/ok", Call.ok),
        ("GET", "/info", Call.info),
    )
]
