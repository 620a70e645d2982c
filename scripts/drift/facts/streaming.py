"""Facts about the stream of a run that is started with it."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

import anyio
import httpx

from scripts.drift.facts.fact import add_fact, fact
from scripts.drift.facts.requests import (
    Event,
    Server,
    error_form,
    event_names,
    location,
    run,
    runs,
    starting,
    streaming,
    without_ids,
)

MODES = ["values", "updates", "messages", "messages-tuple", "events", "debug", "tasks", "checkpoints", "custom"]


def first_event(found: list[Event]) -> str:
    return f"{found[0].name}: {' '.join(sorted(found[0].data))}"


def last_event(found: list[Event]) -> str:
    return found[-1].name


def error_event(found: list[Event]) -> str:
    position = [event.name for event in found].index("error")
    after = "".join(f", then {event.name}" for event in found[position + 1 :])
    return f"error {error_form(found[position].data)}{after}"


def message_event(found: list[Event]) -> str:
    one, *_ = [event for event in found if event.name.startswith("messages")]
    return f"{one.name.partition('|')[0]}: a list of {len(one.data)}, tags {' '.join(one.data[1]['tags'])}"


def subgraph_event(found: list[Event]) -> str:
    name, *_ = [event.name for event in found if "|" in event.name]
    return without_ids(name)


def events_with_interrupt(found: list[Event]) -> str:
    return event_names([event for event in found if isinstance(event.data, dict) and "__interrupt__" in event.data])


def line_form(response: httpx.Response) -> str:
    lines = "many data lines" if re.search(r"\ndata:[^\n]*\n?\r?data:", response.text) else "one data line"
    return f"{'CR LF' if chr(13) in response.text else 'LF'}, {lines}"


FACTS = [
    fact(
        "stream_headers",
        "The headers of a stream tell where to join it again.",
        "_sansio/location.py",
        starting("/stream", summary=location),
        PY="Location /threads/ID/runs/ID/stream, Content-Location /threads/ID/runs/ID",
        JS="Location none, Content-Location /threads/ID/runs/ID",
        AE="Location /threads/ID/runs/ID/stream, Content-Location /threads/ID/runs/ID",
    ),
    fact(
        "stream_stateless_headers",
        "The headers of a stateless stream may leave out the thread, so the client creates and joins a resumable run.",
        "_async/runs.py",
        starting("/stream", stateless=True, summary=location),
        PY="Location /runs/ID/stream, Content-Location /runs/ID",
        JS="Location none, Content-Location /runs/ID",
        AE="Location /threads/ID/runs/ID/stream, Content-Location /threads/ID/runs/ID",
    ),
    fact(
        "stream_first_event",
        "`metadata` comes first, with run_id and attempt.",
        "events.py",
        streaming(first_event),
        PY="metadata: attempt run_id",
        JS="metadata: attempt run_id",
        AE="metadata: attempt run_id",
    ),
    fact(
        "stream_last_event",
        "A stream that succeeds just ends (PY, JS), or ends with an `end` event (AE).",
        "_async/stream.py",
        streaming(last_event),
        PY="values",
        JS="values",
        AE="end",
    ),
    fact(
        "stream_failed",
        "A failed run's stream has an `error` event.",
        "_sansio/failures.py",
        streaming(error_event, input={"fail": True}),
        PY="error ValueError: boom on purpose",
        JS="error Error: boom on purpose",
        AE="error ValueError: ValueError: execution failed, then end",
    ),
    fact(
        "stream_modes",
        "The events of each mode have the names by which the event classes are chosen.",
        "events.py",
        streaming(event_names, input={"tokens": 1, "text": "one two"}, stream_mode=MODES, stream_subgraphs=True),
        PY="metadata events checkpoints debug values tasks custom updates messages",
        JS="metadata events checkpoints debug values tasks custom updates messages/metadata messages/partial messages",
        AE="metadata events checkpoints debug values tasks custom updates messages end",
    ),
    fact(
        "stream_messages_tuple",
        "The mode `messages-tuple` sends [message chunk, metadata]; the metadata may have tags.",
        "events.py",
        streaming(
            message_event,
            input={"text": "a"},
            stream_mode="messages-tuple",
            config={"tags": ["x"]},
            stream_subgraphs=True,
        ),
        PY="messages: a list of 2, tags x",
    ),
    fact(
        "stream_subgraphs",
        "A subgraph's event is named `mode|node:task-id`.",
        "events.py",
        streaming(subgraph_event, input={"text": "one"}, stream_mode="values", stream_subgraphs=True),
        PY="values|sub:ID",
        JS="values|sub:ID",
        AE="values|sub:ID",
    ),
    fact(
        "stream_interrupt",
        "An interrupted run's stream has the interrupt in `updates` and in the last `values`.",
        "events.py",
        streaming(events_with_interrupt, input={"ask": True}, stream_mode=["updates", "values"]),
        PY="updates values",
        AE="updates values",
    ),
    fact(
        "stream_lines",
        "Lines end in LF or CR LF, and an event may have several data lines.",
        "_sansio/sse.py",
        starting("/stream", summary=line_form),
        PY="CR LF, one data line",
        JS="LF, many data lines",
        AE="LF, one data line",
    ),
]


@add_fact(
    FACTS,
    "The mode `messages` sends a message again as it grows; a message that was not streamed comes once, complete.",
    "events.py",
    PY="streamed: metadata messages/metadata messages/partial; "
    "not streamed: metadata messages/metadata messages/complete",
)
async def stream_messages(server: Server) -> str:
    body = {"input": {"text": "one two"}, "stream_mode": "messages"}
    streamed = await server.stream(server.thread(), **body, stream_subgraphs=True)
    not_streamed = await server.stream(server.thread(), **body)
    return f"streamed: {event_names(streamed)}; not streamed: {event_names(not_streamed)}"


@add_fact(
    FACTS,
    "Streams and joins send a heartbeat every 5 s.",
    "_sansio/timeouts.py",
    PY=r"': heartbeat\r\n\r\n' and '\n'",
    JS=r"none and '\n'",
    AE=r"': heartbeat\r\n\r\n' and '\n'",
)
async def heartbeats(server: Server) -> str:
    """The heartbeats of a stream and a join, while the run is silent for longer than their interval."""
    thread = server.thread()
    created = await server.create(thread, input={"tokens": 1, "sleep": 6.5}, stream_mode="custom")
    path = f"{runs(thread)}/{created['run_id']}"
    found: dict[str, str] = {}

    async def look(action: str) -> None:
        try:
            async with server.open("GET", f"{path}/{action}") as response:
                text = "".join([chunk async for chunk in response.aiter_text()])
        except httpx.HTTPError as error:
            found[action] = f"no response ({type(error).__name__})"
        else:
            heartbeat = re.search(r"(?m)^:[^\r\n]*(?:\r?\n)*" if action == "stream" else r"^\s", text)
            found[action] = repr(heartbeat.group()) if heartbeat else "none"

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(look, "stream")
        tasks.start_soon(look, "join")
    return f"{found['stream']} and {found['join']}"


@add_fact(
    FACTS,
    "A run goes on after its stream is closed, unless on_disconnect says otherwise.",
    "_async/runs.py",
    PY="success",
)
async def stream_left(server: Server) -> str:
    """How a run ends whose stream was closed after its first chunk."""
    thread = server.thread()
    body = run(thread, input={"tokens": 5, "sleep": 0.2}, stream_mode="custom")
    async with (
        server.open("POST", f"{runs(thread)}/stream", body) as response,
        aclosing(cast("AsyncGenerator[bytes]", response.aiter_bytes())) as chunks,
    ):
        async for _ in chunks:
            break
    created = (await server.send("GET", runs(thread))).json()[0]
    path = f"{runs(thread)}/{created['run_id']}"
    await server.send("GET", f"{path}/join")
    return str((await server.send("GET", path)).json()["status"])
