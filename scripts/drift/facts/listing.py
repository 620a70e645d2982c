"""Facts about getting and listing runs."""

from scripts.drift.facts.fact import add_fact, fact
from scripts.drift.facts.requests import Server, asking, missing, new_id, response_form, runs

FACTS = [
    fact(
        "get_missing",
        "A run that does not exist is a 404, with an error body of a known form.",
        "_sansio/failures.py",
        asking("GET", "", missing),
        PY="404 {detail: text}",
        JS="404 text",
        AE="404 {error, message}",
    ),
]


@add_fact(
    FACTS,
    "The docstring of list tells the order.",
    "_async/runs.py",
    PY="newest first",
    JS="oldest first",
    AE="newest first",
)
async def list_order(server: Server) -> str:
    thread = server.thread()
    ids = [(await server.create(thread, multitask_strategy="enqueue"))["run_id"] for _ in range(3)]
    listed = [one["run_id"] for one in (await server.send("GET", runs(thread))).json()]
    return "oldest first" if listed == ids else "newest first" if listed == ids[::-1] else "in no order"


@add_fact(
    FACTS,
    "With select, a list has partial runs.",
    "_sansio/responses.py",
    PY="run_id status",
    JS="whole runs",
    AE="whole runs",
)
async def list_select(server: Server) -> str:
    thread = server.thread()
    await server.create(thread)
    found = (await server.send("GET", f"{runs(thread)}?select=run_id&select=status")).json()[0]
    return "whole runs" if "created_at" in found else " ".join(sorted(found))


@add_fact(
    FACTS,
    "No server filters by metadata, so the client does.",
    "_sansio/filters.py",
    PY="2 of 2",
    JS="2 of 2",
    AE="2 of 2",
)
async def list_metadata(server: Server) -> str:
    thread = server.thread()
    for number in (1, 2):
        await server.create(thread, metadata={"number": number}, multitask_strategy="enqueue")
    found = (await server.send("GET", runs(thread), params={"metadata": '{"number": 1}'})).json()
    return f"{len(found)} of 2"


@add_fact(
    FACTS,
    "A page may have 100 runs, and a page past the end is empty, which ends the paging.",
    "_async/pages.py",
    PY="200 no runs",
)
async def list_past_the_end(server: Server) -> str:
    thread = server.thread()
    await server.create(thread)
    return response_form(await server.send("GET", f"{runs(thread)}?limit=100&offset=1"))


@add_fact(
    FACTS,
    "The docstring of list tells what happens if the thread does not exist.",
    "_async/runs.py",
    PY="404 {detail: text}",
)
async def list_unknown_thread(server: Server) -> str:
    return response_form(await server.send("GET", runs(new_id())))
