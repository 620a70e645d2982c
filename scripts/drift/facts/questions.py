"""Questions to a server that are more than one request; `facts.yaml` has the fact of each, by its name."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast

import anyio
import httpx

from scripts.drift.facts.requests import LONG, Event, Server, events, new_id, run, run_to_ask, runs
from scripts.drift.facts.summaries import names, response_form

CANCEL = "/cancel?wait=0&action=interrupt"


async def create_busy_reject(server: Server) -> str:
    return response_form(await on_a_busy_thread(server, multitask_strategy="reject"))


async def create_busy_default(server: Server) -> str:
    response = await on_a_busy_thread(server)
    if not response.is_success:
        return response_form(response)
    return f"{response_form(response)}, strategy {response.json().get('multitask_strategy')}"


async def on_a_busy_thread(server: Server, **fields: Any) -> httpx.Response:
    thread = server.thread()
    busy = await server.create(thread, input=LONG)
    response = await server.send("POST", runs(thread), run(thread, **fields))
    await server.send("POST", f"{runs(thread)}/{busy['run_id']}/cancel?wait=0&action=interrupt")
    return response


async def create_undocumented(server: Server) -> str:
    thread = server.thread()
    found: list[str] = []
    for name, value in {"on_disconnect": "continue", "langsmith_tracer": {"project_name": "default"}}.items():
        response = await server.send("POST", runs(thread), run(thread, **{name: value}))
        found.append(f"{name}: {response.status_code}")
    checkpoint = new_id()
    response = await server.send("POST", runs(thread), run(thread, checkpoint_id=checkpoint))
    used = "used" if checkpoint in response.text else "ignored"
    return f"{', '.join(found)}, checkpoint_id: {response.status_code} and {used}"


async def create_stateless_undocumented(server: Server) -> str:
    fields = {
        "interrupt_before": ["ask"],
        "interrupt_after": ["ask"],
        "multitask_strategy": "enqueue",
        "if_not_exists": "create",
        "on_disconnect": "continue",
        "langsmith_tracer": {"project_name": "default"},
    }
    accepted = [
        name
        for name, value in fields.items()
        if (await server.send("POST", runs(None), run(None, **{name: value}))).is_success
    ]
    return " ".join(accepted)


async def interrupt(server: Server) -> str:
    """The fields of an interrupt, and what the run returns once it is resumed."""
    thread = server.thread()
    interrupted = (await server.send("POST", f"{runs(thread)}/wait", run(thread, input={"ask": True}))).json()
    body = {"assistant_id": "agent", "command": {"resume": "yes"}}
    values = (await server.send("POST", f"{runs(thread)}/wait", body)).json()
    return f"{' '.join(sorted(interrupted['__interrupt__'][0]))}, then answer {values['answer']}"


async def list_order(server: Server) -> str:
    thread = server.thread()
    ids = [(await server.create(thread, multitask_strategy="enqueue"))["run_id"] for _ in range(3)]
    listed = [one["run_id"] for one in (await server.send("GET", runs(thread))).json()]
    return "oldest first" if listed == ids else "newest first" if listed == ids[::-1] else "in no order"


async def list_metadata(server: Server) -> str:
    thread = server.thread()
    for number in (1, 2):
        await server.create(thread, metadata={"number": number}, multitask_strategy="enqueue")
    found = (await server.send("GET", runs(thread), params={"metadata": '{"number": 1}'})).json()
    return f"{len(found)} of 2"


async def stream_messages(server: Server) -> str:
    body = {"input": {"text": "one two"}, "stream_mode": "messages"}
    streamed = await server.stream(server.thread(), **body, stream_subgraphs=True)
    not_streamed = await server.stream(server.thread(), **body)
    return f"streamed: {names(streamed)}; not streamed: {names(not_streamed)}"


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


async def stream_ids(server: Server) -> str:
    always = any(event.id for event in await server.stream(server.thread()))
    resumable = all(event.id for event in await server.stream(server.thread(), stream_resumable=True))
    return "always" if resumable and always else "with stream_resumable, else none" if resumable else "not always"


async def replay_all(server: Server) -> str:
    thread = server.thread()
    original = await server.stream(thread, input={"tokens": 5}, stream_mode=["values", "custom"], stream_resumable=True)
    path = f"{runs(thread)}/{original[0].data['run_id']}"
    return "all again" if await server.replay(path) == original else "not the same"


async def replay_after(server: Server) -> str:
    """What is replayed after an id in the middle of a burst, in which events share ids."""
    thread = server.thread()
    original = await server.stream(thread, input={"burst": 200}, stream_mode="custom", stream_resumable=True)
    path = f"{runs(thread)}/{original[0].data['run_id']}"
    ids = [event.id for event in original]
    middle = ids[len(ids) // 2]
    replayed = await server.replay(path, middle)
    last = len(ids) - ids[::-1].index(middle)
    return "strictly after" if replayed == original[last:] else f"{len(replayed)} events instead of {len(ids) - last}"


async def replay_stateless(server: Server) -> str:
    created = await server.create(None, stream_resumable=True)
    path = f"{runs(created['thread_id'])}/{created['run_id']}"
    await server.replay(path)
    # The server deletes the thread a moment after the run has ended.
    for pause in (0, 0.1, 0.5, 1, 2, 4):
        await anyio.sleep(pause)
        status = (await server.send("GET", f"/threads/{created['thread_id']}")).status_code
        if status != httpx.codes.OK:
            break
    return f"thread {status}, {names(await server.replay(path))}"


async def cancelled_stream(server: Server) -> str:
    stream, _ = await while_cancelled(server)
    return f"error {stream[-1].data['error']}" if stream[-1].name == "error" else "just ends"


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
        text = ""
        while "event: custom" not in text:  # until then, the run may not have started
            text += await anext(chunks)
        async with server.open("GET", f"{path}/join") as join:
            await server.send("POST", f"{path}{CANCEL}")
            await join.aread()
        text += "".join([chunk async for chunk in chunks])
    return events(httpx.Response(httpx.codes.OK, text=text)), join


async def cancelled_before_start(server: Server) -> str:
    thread = server.thread()
    path = f"{runs(thread)}/{(await server.create(thread, after_seconds=3600))['run_id']}"
    await server.send("POST", f"{path}{CANCEL}")
    return response_form(await server.send("GET", f"{path}/join"))


async def cancel_many(server: Server) -> str:
    return await cancel_listed(server, await run_to_ask(server, "running"))


async def cancel_many_missing(server: Server) -> str:
    return await cancel_listed(server, await run_to_ask(server, "missing"))


async def cancel_listed(server: Server, path: str) -> str:
    _, _, thread, _, run_id = path.split("/")
    body = {"thread_id": thread, "run_ids": [run_id]}
    return response_form(await server.send("POST", "/runs/cancel?action=interrupt", body))


async def thread_created_twice(server: Server) -> str:
    thread = {"thread_id": server.thread()}
    created = [await server.send("POST", "/threads", thread | how) for how in ({}, {}, {"if_exists": "do_nothing"})]
    return " ".join(str(response.status_code) for response in created)


async def thread_missing(server: Server) -> str:
    questions: dict[str, Any] = {
        "GET": None,
        "PATCH": {"metadata": {}},
        "DELETE": None,
        "GET state": None,
        "POST history": {},
    }
    found: list[str] = []
    for question, body in questions.items():
        method, *rest = question.split()
        response = await server.send(method, "/".join(["/threads", new_id(), *rest]), body)
        found.append(f"{question} {response.status_code}")
    return ", ".join(found)


async def thread_deleted(server: Server) -> str:
    thread = server.thread()
    busy = await server.create(thread, input=LONG)
    paths = {"DELETE": f"/threads/{thread}", "GET": f"{runs(thread)}/{busy['run_id']}"}
    deleted = [await server.send(method, path) for method, path in paths.items()]
    deleted.append(await server.send("GET", f"/threads/{thread}"))
    return " ".join(str(response.status_code) for response in deleted)


async def state_of_a_new_thread(server: Server) -> str:
    thread = server.thread()
    await server.send("POST", "/threads", {"thread_id": thread})
    response = await server.send("GET", f"/threads/{thread}/state")
    state = response.json()
    checkpoint = (state.get("checkpoint") or {}).get("checkpoint_id") or "none"
    return f"{response.status_code} values {state['values']}, next {state['next']}, checkpoint {checkpoint}"


async def assistant_missing(server: Server) -> str:
    return str((await server.send("GET", f"/assistants/{new_id()}")).status_code)
