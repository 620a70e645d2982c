"""The requests that questions to a server are made of."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias, cast
from uuid import uuid4

import httpx
from attrs import frozen

Question: TypeAlias = "Callable[[Server], Awaitable[str]]"
"""Sends requests to a server and sums up what it does."""

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


async def run_to_ask(server: Server, state: str, **fields: Any) -> str:
    """The path of a run that is `running` or has `finished`, or of none, on a thread with a run (`missing`)."""
    thread = server.thread()
    created = await server.create(thread, **({"input": LONG} if state == "running" else fields))
    path = f"{runs(thread)}/{created['run_id']}"
    if state == "finished":
        await server.send("GET", f"{path}/join")
    return f"{runs(thread)}/{new_id()}" if state == "missing" else path
