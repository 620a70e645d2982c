"""Facts about starting runs."""

from typing import Any

import httpx

from scripts.drift.facts.fact import add_fact, fact
from scripts.drift.facts.requests import LONG, Server, location, new_id, response_form, run, runs, starting


def fields_of(response: httpx.Response) -> str:
    """The names of the run's fields."""
    return " ".join(sorted(response.json()))


def location_and_thread(response: httpx.Response) -> str:
    """What the response tells about the run's thread."""
    thread = "thread_id in the body" if response.json().get("thread_id") else "no thread_id"
    return f"{location(response)}; {thread}"


def stopped(response: httpx.Response) -> str:
    """Whether the node `work` ran, which writes `n`."""
    return "went through" if "n" in response.json() else "stopped before work"


FACTS = [
    fact(
        "create",
        "Creating a run returns 200.",
        "_async/runs.py",
        starting(),
        PY="200 a run",
        JS="200 a run",
        AE="200 a run",
    ),
    fact(
        "run_fields",
        "Every server sends the six fields of a run that are required; the others may be missing.",
        "_sansio/responses.py",
        starting(summary=fields_of),
        PY="assistant_id created_at kwargs langsmith_session_name metadata multitask_strategy run_id status thread_id "
        "updated_at",
        JS="assistant_id created_at kwargs metadata multitask_strategy run_id status thread_id updated_at",
        AE="assistant_id config context created_at error_message input output run_id status thread_id updated_at "
        "user_id",
    ),
    fact(
        "create_headers",
        "Content-Location is the path of a created run.",
        "_sansio/location.py",
        starting(summary=location),
        PY="Location none, Content-Location /threads/ID/runs/ID",
        JS="Location none, Content-Location /threads/ID/runs/ID",
        AE="Location none, Content-Location none",
    ),
    fact(
        "create_stateless",
        "A created stateless run has a thread_id, with which it can be joined.",
        "_async/runs.py",
        starting(stateless=True, summary=location_and_thread),
        PY="Location none, Content-Location /runs/ID; thread_id in the body",
        JS="Location none, Content-Location /runs/ID; thread_id in the body",
        AE="Location none, Content-Location none; thread_id in the body",
    ),
    fact(
        "create_unknown_assistant",
        "An unknown assistant is refused.",
        "_sansio/failures.py",
        starting(assistant_id="nope"),
        PY="422 {detail: text}",
        JS="404 text",
        AE="404 {error, message}",
    ),
    fact(
        "create_bad_enum",
        "A value outside the allowed values is refused.",
        "_sansio/failures.py",
        starting(multitask_strategy="zzz"),
        PY="422 {detail: text}",
        JS="400 {error: {issues}}",
        AE="200 a run",
    ),
    fact(
        "create_null",
        "null is refused, so the client leaves out arguments that are None.",
        "_sansio/requests.py",
        starting(metadata=None),
        PY="422 {detail: text}",
        JS="400 {error: {issues}}",
    ),
    fact("create_null_input", "The input may be null.", "_sansio/requests.py", starting(input=None), PY="200 a run"),
    fact(
        "stateless_interrupt_before",
        "A stateless run stops before the nodes of interrupt_before.",
        "_sansio/requests.py",
        starting("/wait", stateless=True, interrupt_before=["work"], summary=stopped),
        PY="stopped before work",
    ),
]


@add_fact(
    FACTS,
    "A thread that does not exist is created only if if_not_exists says so.",
    "_sansio/failures.py",
    PY="404 {detail: text}",
    AE="200 a run",
)
async def create_unknown_thread(server: Server) -> str:
    return response_form(await server.send("POST", runs(new_id()), {"assistant_id": "agent", "input": {}}))


@add_fact(
    FACTS,
    "With the strategy `reject`, a run on a busy thread is refused.",
    "_sansio/failures.py",
    PY="409 {detail: text}",
    JS="422 text",
    AE="200 a run",
)
async def create_busy_reject(server: Server) -> str:
    return response_form(await on_a_busy_thread(server, multitask_strategy="reject"))


@add_fact(
    FACTS,
    "The docstrings say what happens to a run on a busy thread without a strategy.",
    "_async/runs.py",
    PY="200 a run, strategy enqueue",
    JS="422 text",
)
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


@add_fact(
    FACTS,
    "A run on a thread accepts fields that no server documents; on_disconnect also for a run in the background.",
    "_sansio/requests.py",
    PY="on_disconnect: 200, langsmith_tracer: 200, checkpoint_id: 200 and used",
)
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


@add_fact(
    FACTS,
    "A stateless run accepts fields that no server documents.",
    "_sansio/requests.py",
    PY="interrupt_before interrupt_after multitask_strategy if_not_exists on_disconnect langsmith_tracer",
)
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


@add_fact(
    FACTS,
    "One request starts several stateless runs.",
    "_async/runs.py",
    PY="200 2 runs",
    JS="200 2 runs",
    AE="404 {detail: text}",
)
async def batch(server: Server) -> str:
    return response_form(await server.send("POST", "/runs/batch", [run(None), run(None)]))


@add_fact(
    FACTS, "One bad item fails the whole batch.", "_async/runs.py", PY="422 {detail: text}", AE="404 {detail: text}"
)
async def batch_with_a_bad_item(server: Server) -> str:
    return response_form(await server.send("POST", "/runs/batch", [run(None), run(None, assistant_id="nope")]))
