"""Facts about cancelling and deleting runs."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

import httpx

from scripts.drift.facts.fact import add_fact, fact
from scripts.drift.facts.requests import (
    LONG,
    Event,
    Server,
    asking,
    events,
    finished,
    missing,
    response_form,
    run,
    running,
    runs,
)

CANCEL = "/cancel?wait=0&action=interrupt"


FACTS = [
    fact(
        "cancel",
        "With wait=0, cancelling a run returns at once.",
        "_async/runs.py",
        asking("POST", CANCEL, running),
        PY="202 empty",
        JS="204 empty",
        AE="200 a run",
    ),
    fact(
        "cancel_and_wait",
        "With wait=1, cancelling a run returns when it has stopped.",
        "_async/runs.py",
        asking("POST", "/cancel?wait=1&action=interrupt", running),
        PY="200 values",
        JS="204 empty",
        AE="200 a run",
    ),
    fact(
        "cancel_and_wait_true",
        "Not every server accepts wait=true, so the client sends 1.",
        "_async/runs.py",
        asking("POST", "/cancel?wait=true&action=interrupt", running),
        PY="200 values",
        AE="422 {detail: list}",
    ),
    fact(
        "cancel_finished",
        "The docstring of cancel tells what happens if the run has ended.",
        "_async/runs.py",
        asking("POST", CANCEL, finished()),
        PY="404 {detail: text}",
        JS="204 empty",
        AE="200 a run",
    ),
    fact(
        "cancel_missing",
        "A run that does not exist cannot be cancelled.",
        "_async/runs.py",
        asking("POST", CANCEL, missing),
        PY="404 {detail: text}",
        JS="404 text",
        AE="404 {error, message}",
    ),
    fact(
        "delete",
        "Deleting a run returns 204.",
        "_async/runs.py",
        asking("DELETE", "", finished()),
        PY="204 empty",
        JS="204 empty",
        AE="204 empty",
    ),
    fact(
        "delete_running",
        "An active run is deleted too (PY), or only with force (AE).",
        "_async/runs.py",
        asking("DELETE", "", running),
        PY="204 empty",
        AE="409 {error, message}",
    ),
    fact(
        "delete_missing",
        "A run that does not exist cannot be deleted.",
        "_async/runs.py",
        asking("DELETE", "", missing),
        PY="404 {detail: text}",
        JS="404 text",
        AE="404 {error, message}",
    ),
]


@add_fact(
    FACTS,
    "A cancelled run's stream just ends; the client ignores an `error` event that says UserInterrupt.",
    "_async/stream.py",
    PY="just ends",
)
async def cancelled_stream(server: Server) -> str:
    stream, _ = await while_cancelled(server)
    return f"error {stream[-1].data['error']}" if stream[-1].name == "error" else "just ends"


@add_fact(
    FACTS,
    "Joining a run that is cancelled returns its values so far; after an __error__ that says UserInterrupt the client "
    "joins again.",
    "_async/wait.py",
    PY="200 values",
)
async def cancelled_join(server: Server) -> str:
    _, join = await while_cancelled(server)
    return response_form(join).partition(":")[0]  # the message changes from version to version


async def while_cancelled(server: Server) -> tuple[list[Event], httpx.Response]:
    """The stream and the join of a run that is cancelled while both are open."""
    thread = server.thread()
    body = run(thread, input=LONG, stream_mode="custom")
    async with (
        server.open("POST", f"{runs(thread)}/stream", body) as stream,
        aclosing(cast("AsyncGenerator[str]", stream.aiter_text())) as chunks,
    ):
        path = stream.headers["content-location"]
        text = await anext(chunks)
        async with server.open("GET", f"{path}/join") as join:
            await server.send("POST", f"{path}{CANCEL}")
            await join.aread()
        text += "".join([chunk async for chunk in chunks])
    return events(httpx.Response(httpx.codes.OK, text=text)), join


@add_fact(
    FACTS,
    "Joining a run that was cancelled before it started returns empty values; an empty body means the same.",
    "_async/wait.py",
    PY="200 values",
)
async def cancelled_before_start(server: Server) -> str:
    thread = server.thread()
    path = f"{runs(thread)}/{(await server.create(thread, after_seconds=3600))['run_id']}"
    await server.send("POST", f"{path}{CANCEL}")
    return response_form(await server.send("GET", f"{path}/join"))


@add_fact(
    FACTS, "Cancelling several runs returns 204.", "_async/runs.py", PY="204 empty", JS="404 text", AE="204 empty"
)
async def cancel_many(server: Server) -> str:
    return await cancel_listed(server, await running(server))


@add_fact(
    FACTS,
    "Cancelling several runs returns 404 if none of them exists (PY).",
    "_async/runs.py",
    PY="404 {detail: text}",
    JS="404 text",
    AE="204 empty",
)
async def cancel_many_missing(server: Server) -> str:
    return await cancel_listed(server, await missing(server))


async def cancel_listed(server: Server, path: str) -> str:
    _, _, thread, _, run_id = path.split("/")
    body = {"thread_id": thread, "run_ids": [run_id]}
    return response_form(await server.send("POST", "/runs/cancel?action=interrupt", body))
