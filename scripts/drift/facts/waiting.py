"""Facts about waiting for runs and joining them."""

import httpx

from scripts.drift.facts.fact import add_fact, fact
from scripts.drift.facts.requests import Server, asking, finished, location, missing, response_form, run, runs, starting


def form_and_media_type(response: httpx.Response) -> str:
    return f"{response_form(response)}, {response.headers['content-type'].partition(';')[0]}"


FACTS = [
    fact(
        "wait_headers",
        "The headers of a wait tell where to join the run.",
        "_sansio/location.py",
        starting("/wait", summary=location),
        PY="Location /threads/ID/runs/ID/join, Content-Location /threads/ID/runs/ID",
        JS="Location none, Content-Location /threads/ID/runs/ID",
        AE="Location /threads/ID/runs/ID/join, Content-Location /threads/ID/runs/ID",
    ),
    fact(
        "wait_stateless_headers",
        "The headers of a stateless wait tell the thread too.",
        "_sansio/location.py",
        starting("/wait", stateless=True, summary=location),
        PY="Location /threads/ID/runs/ID/join, Content-Location /threads/ID/runs/ID",
        JS="Location none, Content-Location /runs/ID",
        AE="Location /threads/ID/runs/ID/join, Content-Location /threads/ID/runs/ID",
    ),
    fact(
        "wait",
        "The values are JSON, whatever the content type says.",
        "_sansio/responses.py",
        starting("/wait", summary=form_and_media_type),
        PY="200 values, application/json",
        JS="200 values, text/plain",
        AE="200 values, application/json",
    ),
    fact(
        "wait_failed",
        "Waiting for a run that fails returns 200 with __error__.",
        "_sansio/failures.py",
        starting("/wait", input={"fail": True}),
        PY="200 __error__ ValueError: boom on purpose",
        JS='200 __error__ Error: {"error":"Error","message":"boom on purpose"}',
        AE="200 __error__ Error: boom on purpose",
    ),
    fact(
        "join_failed",
        "Joining a failed run returns 200 with __error__.",
        "_sansio/failures.py",
        asking("GET", "/join", finished(input={"fail": True})),
        PY="200 __error__ ValueError: boom on purpose",
        JS='200 __error__ Error: {"error":"Error","message":"boom on purpose"}',
    ),
    fact(
        "join_missing",
        "Joining a run that does not exist returns 200 with __error__.",
        "_sansio/failures.py",
        asking("GET", "/join", missing),
        PY="200 __error__ HTTPException: 404: Run not found",
        JS='200 __error__ Error: "Run not found"',
        AE="404 {error, message}",
    ),
    fact(
        "join_cancel_on_disconnect",
        "cancel_on_disconnect may be 1.",
        "_async/runs.py",
        asking("GET", "/join?cancel_on_disconnect=1", finished()),
        PY="200 values",
    ),
]


@add_fact(
    FACTS,
    "A run that waits for a human has __interrupt__ in its values, and a command resumes it.",
    "events.py",
    PY="id response_schema value, then answer yes",
    JS="id value, then answer yes",
    AE="id value, then answer yes",
)
async def interrupt(server: Server) -> str:
    """The fields of an interrupt, and what the run returns once it is resumed."""
    thread = server.thread()
    interrupted = (await server.send("POST", f"{runs(thread)}/wait", run(thread, input={"ask": True}))).json()
    body = {"assistant_id": "agent", "command": {"resume": "yes"}}
    values = (await server.send("POST", f"{runs(thread)}/wait", body)).json()
    return f"{' '.join(sorted(interrupted['__interrupt__'][0]))}, then answer {values['answer']}"
