"""What questions to a server are made of: requests, and short texts that sum up the responses.

`starting`, `asking` and `streaming` make a whole question of one request.
"""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias, cast
from uuid import uuid4

import httpx
from attrs import frozen

Question: TypeAlias = "Callable[[Server], Awaitable[str]]"
"""Sends requests to a server and sums up what it does."""
MakeRun: TypeAlias = "Callable[[Server], Awaitable[str]]"
"""Makes a run on a server and returns its path."""

LONG: dict[str, Any] = {"tokens": 100, "sleep": 0.1}
"""The input of a run that takes 10 s."""


class Server:
    """A running server, and the threads that questions use on it."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._threads: list[str] = []

    def thread(self) -> str:
        """The id of a new thread. The first run creates it, and `clean_up` deletes it."""
        self._threads.append(new_id())
        return self._threads[-1]

    async def clean_up(self) -> None:
        """Delete all threads, with their runs."""
        for thread in self._threads:
            with suppress(httpx.HTTPError):  # a server that is gone has no threads either
                await self.send("DELETE", f"/threads/{thread}")

    async def send(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """Send a request and read its whole response."""
        if body is not None:
            options["json"] = body
        return await self._http.request(method, path, **options)

    @asynccontextmanager
    async def open(self, method: str, path: str, body: Any = None) -> AsyncIterator[httpx.Response]:
        """Send a request whose response is read in chunks."""
        async with self._http.stream(method, path, json=body) as response:
            yield response

    async def create(self, thread: str | None, **fields: Any) -> dict[str, Any]:
        """Start a run in the background."""
        response = await self.send("POST", runs(thread), run(thread, **fields))
        response.raise_for_status()
        return cast("dict[str, Any]", response.json())

    async def stream(self, thread: str | None, **fields: Any) -> "list[Event]":
        """Start a run and read its stream to the end."""
        return events(await self.send("POST", f"{runs(thread)}/stream", run(thread, **fields)))

    async def replay(self, path: str, last_event_id: str | None = "-1", query: str = "") -> "list[Event]":
        """Join a run's stream and read it to the end."""
        headers = {} if last_event_id is None else {"last-event-id": last_event_id}
        return events(await self.send("GET", f"{path}/stream{query}", headers=headers))


@frozen
class Event:
    """A server-sent event; without an id it is None."""

    name: str
    data: Any
    id: str | None


def runs(thread: str | None) -> str:
    """The path of a thread's runs, or of stateless runs."""
    return "/runs" if thread is None else f"/threads/{thread}/runs"


def run(thread: str | None, **fields: Any) -> dict[str, Any]:
    """The body that starts a run. A thread that does not exist is created."""
    own = {"assistant_id": "agent", "input": {}}
    return {**own, **fields} if thread is None else {**own, "if_not_exists": "create", **fields}


def new_id() -> str:
    """An id that the server does not know."""
    return str(uuid4())


def events(response: httpx.Response) -> list[Event]:
    """The server-sent events of a response; for an error one that names its status."""
    if response.status_code != httpx.codes.OK:
        return [Event(f"(status {response.status_code})", None, None)]
    found: list[Event] = []
    for block in re.split(r"\n\n", response.text.replace("\r\n", "\n")):
        lines = [line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":")]
        fields = {name: value for name, value in lines if name != "data"}
        data = "\n".join(value for name, value in lines if name == "data")
        if lines:
            found.append(Event(fields.get("event", "message"), json.loads(data) if data else None, fields.get("id")))
    return found


# Runs to ask about, by their paths


async def running(server: Server) -> str:
    """A run that goes on for some seconds."""
    thread = server.thread()
    created = await server.create(thread, input=LONG)
    return f"{runs(thread)}/{created['run_id']}"


async def missing(server: Server) -> str:
    """A run that does not exist, on a thread that does."""
    thread = server.thread()
    await server.create(thread)
    return f"{runs(thread)}/{new_id()}"


def finished(**fields: Any) -> MakeRun:
    """A run that has ended."""

    async def make(server: Server) -> str:
        thread = server.thread()
        created = await server.create(thread, **fields)
        path = f"{runs(thread)}/{created['run_id']}"
        await server.send("GET", f"{path}/join")
        return path

    return make


# Short texts


def response_form(response: httpx.Response) -> str:
    """The status, and the form of the body as far as the client tells forms apart."""
    text = response.text.strip()
    try:
        body = json.loads(text) if text else None
    except ValueError:
        return f"{response.status_code} text"
    match body:
        case None:
            form = "empty" if not text else "null"
        case {"__error__": error}:
            form = f"__error__ {error_form(error)}"
        case {"run_id": _, "status": _}:
            form = "a run"
        case {"detail": str()}:
            form = "{detail: text}"
        case {"detail": list()}:
            form = "{detail: list}"
        case {"error": str(), "message": str()}:
            form = "{error, message}"
        case {"error": {"issues": list()}}:
            form = "{error: {issues}}"
        case [{"run_id": _}, *_]:
            form = f"{len(body)} runs"
        case []:
            form = "no runs"
        case dict():
            form = "values"
        case _:
            form = type(body).__name__
    return f"{response.status_code} {form}"


def error_form(error: Any) -> str:
    """Name and message of the error that ended a run."""
    match error:
        case {"error": str(name), "message": str(message)}:
            return f"{name}: {message}"
        case _:
            return json.dumps(error)


def location(response: httpx.Response) -> str:
    """The headers that tell where a run is, without its ids."""
    names = {"location": "Location", "content-location": "Content-Location"}
    return ", ".join(f"{name} {without_ids(response.headers.get(key, 'none'))}" for key, name in names.items())


def without_ids(text: str) -> str:
    """The text with ID in place of every id."""
    return re.sub(r"[0-9a-f-]{36}", "ID", text)


def event_names(found: Sequence[Event]) -> str:
    """The events' names without `|namespace`, each once, in the order of their first appearance."""
    return " ".join(dict.fromkeys(event.name.partition("|")[0] for event in found)) or "no events"


# Questions that are one request


def starting(
    action: str = "",
    *,
    stateless: bool = False,
    summary: Callable[[httpx.Response], str] = response_form,
    **fields: Any,
) -> Question:
    """What comes back when a run is started; `action` is `/wait`, `/stream`, or empty for a run in the background."""

    async def question(server: Server) -> str:
        thread = None if stateless else server.thread()
        return summary(await server.send("POST", f"{runs(thread)}{action}", run(thread, **fields)))

    return question


def asking(
    method: str,
    action: str,
    make: MakeRun,
    *,
    summary: Callable[[httpx.Response], str] = response_form,
) -> Question:
    """What comes back for a request about a run: `make` makes the run, and `action` is added to its path."""

    async def question(server: Server) -> str:
        return summary(await server.send(method, f"{await make(server)}{action}"))

    return question


def streaming(summary: Callable[[list[Event]], str], **fields: Any) -> Question:
    """What the stream of a run holds."""

    async def question(server: Server) -> str:
        return summary(await server.stream(server.thread(), **fields))

    return question
