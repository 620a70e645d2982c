"""Facts about joining streams, and about resuming them by the ids of their events."""

import re

import anyio
import httpx

from scripts.drift.facts.fact import add_fact, fact
from scripts.drift.facts.requests import (
    Event,
    Question,
    Server,
    error_form,
    event_names,
    events,
    finished,
    missing,
    response_form,
    runs,
    streaming,
    without_ids,
)


def id_form(found: list[Event]) -> str:
    return re.sub(r"\d+", "N", without_ids(found[-1].id or "none"))


def ids_shared(found: list[Event]) -> str:
    return "unique" if len({event.id for event in found}) == len(found) else "shared"


def joining(query: str) -> Question:
    """Which events come if a run that streamed three modes is joined with this query."""

    async def question(server: Server) -> str:
        modes = ["values", "custom", "updates"]
        path = await finished(input={"tokens": 2}, stream_mode=modes, stream_resumable=True)(server)
        return event_names(await server.replay(path, query=query))

    return question


FACTS = [
    fact(
        "id_form",
        "Ids are numbers whose order the client knows.",
        "_sansio/resume.py",
        streaming(id_form, stream_resumable=True),
        PY="N-N",
        JS="N",
        AE="ID_event_N",
    ),
    fact(
        "ids_shared",
        "Events of the same millisecond may share an id (PY).",
        "_sansio/resume.py",
        streaming(ids_shared, input={"burst": 500}, stream_mode="custom", stream_resumable=True),
        PY="shared",
        JS="unique",
        AE="unique",
    ),
    fact(
        "join_one_mode",
        "One mode of a joined stream is a plain parameter.",
        "_sansio/requests.py",
        joining("?stream_mode=custom"),
        PY="custom",
        JS="metadata values custom updates",
        AE="metadata values custom updates end",
    ),
    fact(
        "join_modes_as_json",
        "Several modes of a joined stream are a JSON array in one parameter.",
        "_sansio/requests.py",
        joining("?stream_mode=%5B%22values%22%2C%22custom%22%5D"),
        PY="values custom",
        JS="metadata values custom updates",
        AE="metadata values custom updates end",
    ),
    fact(
        "join_modes_repeated",
        "If the parameter is repeated, only the last mode counts (PY), so the client does not repeat it.",
        "_sansio/requests.py",
        joining("?stream_mode=values&stream_mode=custom"),
        PY="custom",
        JS="metadata values custom updates",
        AE="metadata values custom updates end",
    ),
    fact(
        "join_modes_with_commas",
        "Modes separated by commas give no events (PY), so the client does not send them.",
        "_sansio/requests.py",
        joining("?stream_mode=values,custom"),
        PY="no events",
        JS="metadata values custom updates",
        AE="metadata values custom updates end",
    ),
]


@add_fact(FACTS, "Not every server can join a run without its thread.", "_async/runs.py", PY="404", JS="200", AE="404")
async def join_stream_without_thread(server: Server) -> str:
    created = await server.create(None, stream_resumable=True)
    response = await server.send("GET", f"/runs/{created['run_id']}/stream", headers={"last-event-id": "-1"})
    return str(response.status_code)


@add_fact(
    FACTS,
    "The stream of a run that does not exist is an `error` event.",
    "_sansio/failures.py",
    PY="200 error HTTPException: 404: Run not found",
    JS='200 error "Run not found"',
    AE="404 {error, message}",
)
async def join_stream_missing(server: Server) -> str:
    response = await server.send("GET", f"{await missing(server)}/stream")
    if not response.is_success:
        return response_form(response)
    (only,) = events(response)
    return f"{response.status_code} {only.name} {error_form(only.data)}"


@add_fact(
    FACTS,
    "A finished run's stream is empty (AE: `end`), so the client asks for the run's status.",
    "_async/stream.py",
    PY="no events",
    JS="no events",
    AE="end",
)
async def join_stream_finished(server: Server) -> str:
    return event_names(await server.replay(await finished()(server), last_event_id=None))


@add_fact(
    FACTS,
    "Events have ids if the server keeps them for resuming, else none (PY).",
    "_sansio/resume.py",
    PY="with stream_resumable, else none",
    JS="always",
    AE="always",
)
async def stream_ids(server: Server) -> str:
    always = any(event.id for event in await server.stream(server.thread()))
    resumable = all(event.id for event in await server.stream(server.thread(), stream_resumable=True))
    return "always" if resumable and always else "with stream_resumable, else none" if resumable else "not always"


@add_fact(
    FACTS,
    "`Last-Event-ID: -1` replays all events, also after the run has ended.",
    "_sansio/resume.py",
    PY="all again",
    JS="all again",
    AE="all again",
)
async def replay_all(server: Server) -> str:
    thread = server.thread()
    original = await server.stream(thread, input={"tokens": 5}, stream_mode=["values", "custom"], stream_resumable=True)
    path = f"{runs(thread)}/{original[0].data['run_id']}"
    return "all again" if await server.replay(path) == original else "not the same"


@add_fact(
    FACTS,
    "A replay starts after the last event with the given id.",
    "_sansio/resume.py",
    PY="strictly after",
    JS="strictly after",
    AE="strictly after",
)
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


@add_fact(FACTS, "Without stream_resumable nothing is replayed.", "_sansio/resume.py", PY="no events")
async def replay_not_kept(server: Server) -> str:
    return event_names(await server.replay(await finished()(server)))


@add_fact(
    FACTS,
    "A stateless run's events are kept under its thread, even after the thread is deleted.",
    "_async/runs.py",
    PY="thread 404, metadata values",
)
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
    return f"thread {status}, {event_names(await server.replay(path))}"


@add_fact(
    FACTS, "A mode of a joined stream includes the events of subgraphs.", "_async/runs.py", PY="values values|sub:ID"
)
async def join_modes_of_subgraphs(server: Server) -> str:
    path = await finished(input={"text": "one"}, stream_subgraphs=True, stream_resumable=True)(server)
    found = await server.replay(path, query="?stream_mode=values")
    return " ".join(sorted({without_ids(event.name) for event in found})) or "no events"
