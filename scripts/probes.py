"""What a running server really does, asked with plain HTTP: the facts that our code relies on, each with the answer it expects.

Documents lie, and a document cannot tell most of this. A probe sends what it takes to see one fact, on a thread of its own, and
boils what came back down to a short text. Nothing here uses our client: that would show what the client makes of it.

The server must serve the graph of `examples/agent` (or one with the same inputs) as the assistant `agent`.

Another answer than the expected one is a difference like those between documents. An answer that is known from another kind of
server is one that our code copes with already; any other may break it.
"""

import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any, Literal, TypeAlias, cast, get_args
from uuid import uuid4

import anyio
import httpx
from attrs import field, frozen

from comparison import Difference, Effect

Kind: TypeAlias = Literal["PY", "JS", "AE"]
"""LangGraph API for Python, LangGraph.js, Aegra."""
KINDS: tuple[Kind, ...] = get_args(Kind)

# The longest probe waits for a heartbeat, which comes every 5 s; a server may also run one run at a time.
_SECONDS_PER_PROBE = 30
_AT_ONCE = 6


class ServerError(Exception):
    """Why a server can't be asked, in one line."""


@frozen
class ServerInfo:
    """What a server says of itself; an empty version where it says none."""

    kind: Kind
    version: str


@frozen
class Probe:
    """A fact to look at.

    Attributes:
        name: What it is called in reports and notes.
        fact: What our code takes for granted.
        relied_on_by: Which module of langgraph_runs does.
        expected: What each kind of server answers; a kind that is missing was never asked.
        ask: Asks a server.
    """

    name: str
    fact: str
    relied_on_by: str
    expected: dict[Kind, str]
    ask: "Callable[[Server], Awaitable[str]]" = field(repr=False)


@frozen
class Event:
    """A server-sent event; no id is None."""

    name: str
    data: Any
    id: str | None


PROBES: list[Probe] = []


def probe(fact: str, relied_on_by: str, *, PY: str, JS: str | None = None, AE: str | None = None) -> Callable[..., Any]:  # noqa: N803 - they are names
    """Make a probe of a function that asks a server and answers in a short text."""
    expected = {kind: text for kind, text in zip(KINDS, (PY, JS, AE), strict=True) if text is not None}

    def register(ask: "Callable[[Server], Awaitable[str]]") -> "Callable[[Server], Awaitable[str]]":
        PROBES.append(Probe(ask.__name__, fact, f"langgraph_runs/{relied_on_by}", expected, ask))
        return ask

    return register


class Server:
    """A running server, and the few requests that probes are made of."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._threads: list[str] = []

    def thread(self) -> str:
        """A new thread's id; the first run makes the thread, and `clean_up` deletes it."""
        self._threads.append(new_id())
        return self._threads[-1]

    async def clean_up(self) -> None:
        """Delete the threads of the probes, with their runs. A server that is gone by now has nothing to delete."""
        for thread in self._threads:
            with suppress(httpx.HTTPError):
                await self.send("DELETE", f"/threads/{thread}")

    async def send(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """Send a request and read its answer whole."""
        return (
            await self._http.request(method, path, json=body, **options)
            if body is not None
            else await self._http.request(method, path, **options)
        )

    @asynccontextmanager
    async def open(self, method: str, path: str, body: Any = None, **options: Any) -> AsyncIterator[httpx.Response]:
        """Send a request; its answer is read piece by piece."""
        async with self._http.stream(method, path, json=body, **options) as response:
            yield response

    async def create(self, thread: str | None, **fields: Any) -> dict[str, Any]:
        """Start a run in the background."""
        response = await self.send("POST", runs(thread), run(thread, **fields))
        response.raise_for_status()
        return cast("dict[str, Any]", response.json())

    async def finished(self, **fields: Any) -> str:
        """Let a run on a new thread end, and give its address."""
        thread = self.thread()
        created = await self.create(thread, **fields)
        address = f"{runs(thread)}/{created['run_id']}"
        await self.send("GET", f"{address}/join")
        return address

    async def stream(self, thread: str | None, **fields: Any) -> list[Event]:
        """Start a run and read its stream to the end."""
        response = await self.send("POST", f"{runs(thread)}/stream", run(thread, **fields))
        return events(response)

    async def replay(self, address: str, last_event_id: str | None = "-1", query: str = "") -> list[Event]:
        """Join a run's stream and read it to the end."""
        headers = {} if last_event_id is None else {"last-event-id": last_event_id}
        return events(await self.send("GET", f"{address}/stream{query}", headers=headers))


async def server_info(http: httpx.AsyncClient) -> ServerInfo:
    """Ask a server what it is.

    Raises:
        ServerError: If it can't be reached.
    """
    try:
        response = await http.get("/info")
    except httpx.HTTPError as error:
        raise ServerError(f"{http.base_url}: no answer ({str(error) or type(error).__name__})") from error
    try:
        said = response.json()
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    kind: Kind = "AE" if said.get("name") == "Aegra" else "JS" if said.get("context") == "js" else "PY"
    return ServerInfo(kind, str(said.get("version") or ""))


async def ask_all(http: httpx.AsyncClient, kind: Kind, probes: Sequence[Probe] | None = None) -> list[Difference]:
    """Ask a server, and tell where it answers something else than a server of its kind is known to.

    Raises:
        ServerError: If the server has no assistant `agent`.
    """
    server = Server(http)
    await _demand_agent(server)
    answers: dict[str, str] = {}
    limiter = anyio.CapacityLimiter(_AT_ONCE)
    probes = PROBES if probes is None else probes
    async with anyio.create_task_group() as tasks:
        for one in probes:
            tasks.start_soon(_ask, one, server, limiter, answers)
    await server.clean_up()
    found = (_difference(one, kind, answers[one.name]) for one in probes)
    return [difference for difference in found if difference is not None]


def runs(thread: str | None) -> str:
    """The path of a thread's runs, or of the stateless ones."""
    return "/runs" if thread is None else f"/threads/{thread}/runs"


def run(thread: str | None, **fields: Any) -> dict[str, Any]:
    """The body that starts a run; its thread is made if there is none."""
    own = {"assistant_id": "agent", "input": {}}
    return {**own, **fields} if thread is None else {**own, "if_not_exists": "create", **fields}


def new_id() -> str:
    """An id that the server does not know."""
    return str(uuid4())


def events(response: httpx.Response) -> list[Event]:
    """The server-sent events of an answer that was read."""
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


async def _ask(one: Probe, server: Server, limiter: anyio.CapacityLimiter, answers: dict[str, str]) -> None:
    async with limiter:
        try:
            with anyio.fail_after(_SECONDS_PER_PROBE):
                answers[one.name] = await one.ask(server)
        except TimeoutError:
            answers[one.name] = f"no answer within {_SECONDS_PER_PROBE} s"
        except httpx.HTTPStatusError as error:
            answers[one.name] = f"status {error.response.status_code} for what had to come before"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            answers[one.name] = f"no answer ({type(error).__name__})"
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            # What came is not of the form that the probe reads: an answer that nobody has seen yet.
            answers[one.name] = f"an answer of another form ({type(error).__name__}: {error})"


def _difference(one: Probe, kind: Kind, answer: str) -> Difference | None:
    expected = one.expected.get(kind)
    if answer == expected:
        return None
    effect: Effect = "new" if answer in one.expected.values() or expected is None else "breaking"
    change = f"{expected or 'not known'} -> {answer}"
    relied_on = f"{one.fact} ({one.relied_on_by})"
    return Difference(f"probe {one.name}", change, behaviour_effect=effect, relied_on=relied_on)


async def _demand_agent(server: Server) -> None:
    try:
        response = await server.send("POST", "/assistants/search", {"graph_id": "agent"})
        found = response.json() if response.is_success else None
    except (httpx.HTTPError, ValueError) as error:
        raise ServerError(f"can't ask for the assistant `agent`: {str(error) or type(error).__name__}") from error
    if not found:
        raise ServerError(
            "the probes need the graph of examples/agent as `agent`; without it compare only the document"
        )


def _kind_of(response: httpx.Response) -> str:
    """Status and form of an answer: what the client tells apart."""
    text = response.text.strip()
    try:
        body = json.loads(text) if text else None
    except ValueError:
        return f"{response.status_code} text"
    match body:
        case None:
            form = "empty" if not text else "null"
        case {"__error__": error}:
            form = "__error__ " + _error_form(error)
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


def _error_form(error: Any) -> str:
    match error:
        case {"error": str(name), "message": str(message)}:
            return f"{name}: {message}"
        case _:
            return json.dumps(error)


def _address_form(response: httpx.Response) -> str:
    """The headers that tell where a run is, with its ids named."""

    def form(header: str) -> str:
        return re.sub(r"(threads|runs)/[0-9a-f-]{36}", r"\1/ID", response.headers.get(header, "none"))

    return f"Location {form('location')}, Content-Location {form('content-location')}"


def _names(found: Sequence[Event]) -> str:
    """The events' names, each once in the order of its first, without `|namespace`."""
    return " ".join(dict.fromkeys(event.name.partition("|")[0] for event in found)) or "no events"


# Starting runs


@probe("A run is created with 200.", "_async/runs.py", PY="200 a run", JS="200 a run", AE="200 a run")
async def create(server: Server) -> str:
    thread = server.thread()
    return _kind_of(await server.send("POST", runs(thread), run(thread)))


@probe(
    "Every server sends six fields of a run; the others may be missing.",
    "_sansio/responses.py",
    PY="assistant_id created_at kwargs langsmith_session_name metadata multitask_strategy run_id status thread_id updated_at",
    JS="assistant_id created_at kwargs metadata multitask_strategy run_id status thread_id updated_at",
    AE="assistant_id config context created_at error_message input output run_id status thread_id updated_at user_id",
)
async def run_fields(server: Server) -> str:
    return " ".join(sorted(await server.create(server.thread())))


@probe(
    "A created run's address is in Content-Location.",
    "_sansio/location.py",
    PY="Location none, Content-Location /threads/ID/runs/ID",
    JS="Location none, Content-Location /threads/ID/runs/ID",
    AE="Location none, Content-Location none",
)
async def create_headers(server: Server) -> str:
    thread = server.thread()
    return _address_form(await server.send("POST", runs(thread), run(thread)))


@probe(
    "A created stateless run tells its thread, by which it can be joined.",
    "_async/runs.py",
    PY="Location none, Content-Location /runs/ID; thread_id in the body",
    JS="Location none, Content-Location /runs/ID; thread_id in the body",
    AE="Location none, Content-Location none; thread_id in the body",
)
async def create_stateless(server: Server) -> str:
    response = await server.send("POST", runs(None), run(None))
    told = "thread_id in the body" if response.json().get("thread_id") else "no thread_id"
    return f"{_address_form(response)}; {told}"


@probe(
    "An unknown assistant is refused.",
    "_sansio/failures.py",
    PY="422 {detail: text}",
    JS="404 text",
    AE="404 {error, message}",
)
async def create_unknown_assistant(server: Server) -> str:
    thread = server.thread()
    return _kind_of(await server.send("POST", runs(thread), run(thread, assistant_id="nope")))


@probe(
    "A thread is not made unless if_not_exists says so.", "_sansio/failures.py", PY="404 {detail: text}", AE="200 a run"
)
async def create_unknown_thread(server: Server) -> str:
    return _kind_of(await server.send("POST", runs(new_id()), {"assistant_id": "agent", "input": {}}))


@probe(
    "A value that is none of a list is refused.",
    "_sansio/failures.py",
    PY="422 {detail: text}",
    JS="400 {error: {issues}}",
    AE="200 a run",
)
async def create_bad_enum(server: Server) -> str:
    thread = server.thread()
    return _kind_of(await server.send("POST", runs(thread), run(thread, multitask_strategy="zzz")))


@probe(
    "null is refused, so arguments that are None are left out.",
    "_sansio/requests.py",
    PY="422 {detail: text}",
    JS="400 {error: {issues}}",
)
async def create_null(server: Server) -> str:
    thread = server.thread()
    return _kind_of(await server.send("POST", runs(thread), run(thread, metadata=None)))


@probe("The input may be null.", "_sansio/requests.py", PY="200 a run")
async def create_null_input(server: Server) -> str:
    thread = server.thread()
    return _kind_of(await server.send("POST", runs(thread), run(thread, input=None)))


@probe(
    "A busy thread refuses a run whose strategy is `reject`.",
    "_sansio/failures.py",
    PY="409 {detail: text}",
    JS="422 text",
    AE="200 a run",
)
async def create_busy_reject(server: Server) -> str:
    thread = server.thread()
    busy = await server.create(thread, input={"tokens": 100, "sleep": 0.1})
    response = await server.send("POST", runs(thread), run(thread, multitask_strategy="reject"))
    await server.send("POST", f"{runs(thread)}/{busy['run_id']}/cancel?wait=0&action=interrupt")
    return _kind_of(response)


@probe(
    "The docstrings say what happens to a run on a busy thread without a strategy.",
    "_async/runs.py",
    PY="200 a run, strategy enqueue",
    JS="422 text",
)
async def create_busy_default(server: Server) -> str:
    thread = server.thread()
    busy = await server.create(thread, input={"tokens": 100, "sleep": 0.1})
    response = await server.send("POST", runs(thread), run(thread))
    await server.send("POST", f"{runs(thread)}/{busy['run_id']}/cancel?wait=0&action=interrupt")
    if not response.is_success:
        return _kind_of(response)
    return f"{_kind_of(response)}, strategy {response.json().get('multitask_strategy')}"


@probe(
    "A run on a thread takes checkpoint_id, langsmith_tracer and (also in the background) on_disconnect, which no document says.",
    "_sansio/requests.py",
    PY="on_disconnect: 200, langsmith_tracer: 200, checkpoint_id: 200 and used",
)
async def create_undocumented(server: Server) -> str:
    thread = server.thread()
    answers: list[str] = []
    for name, value in {"on_disconnect": "continue", "langsmith_tracer": {"project_name": "default"}}.items():
        response = await server.send("POST", runs(thread), run(thread, **{name: value}))
        answers.append(f"{name}: {response.status_code}")
    checkpoint = new_id()
    response = await server.send("POST", runs(thread), run(thread, checkpoint_id=checkpoint))
    used = checkpoint in response.text
    return f"{', '.join(answers)}, checkpoint_id: {response.status_code} and {'used' if used else 'ignored'}"


@probe(
    "A stateless run takes what its document leaves out.",
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
    taken = [
        name
        for name, value in fields.items()
        if (await server.send("POST", runs(None), run(None, **{name: value}))).is_success
    ]
    return " ".join(taken)


@probe("A stateless run stops before the nodes it is told to.", "_sansio/requests.py", PY="stopped before work")
async def stateless_interrupt_before(server: Server) -> str:
    response = await server.send("POST", f"{runs(None)}/wait", run(None, interrupt_before=["work"]))
    return "went through" if "n" in response.json() else "stopped before work"


@probe(
    "Several stateless runs start with one request.",
    "_async/runs.py",
    PY="200 2 runs",
    JS="200 2 runs",
    AE="404 {detail: text}",
)
async def batch(server: Server) -> str:
    return _kind_of(await server.send("POST", "/runs/batch", [run(None), run(None)]))


@probe("One bad item refuses the whole batch.", "_async/runs.py", PY="422 {detail: text}", AE="404 {detail: text}")
async def batch_with_a_bad_item(server: Server) -> str:
    return _kind_of(await server.send("POST", "/runs/batch", [run(None), run(None, assistant_id="nope")]))


# Waiting and joining


@probe(
    "A wait tells where to join the run.",
    "_sansio/location.py",
    PY="Location /threads/ID/runs/ID/join, Content-Location /threads/ID/runs/ID",
    JS="Location none, Content-Location /threads/ID/runs/ID",
    AE="Location /threads/ID/runs/ID/join, Content-Location /threads/ID/runs/ID",
)
async def wait_headers(server: Server) -> str:
    thread = server.thread()
    return _address_form(await server.send("POST", f"{runs(thread)}/wait", run(thread)))


@probe(
    "A stateless wait tells the thread as well.",
    "_sansio/location.py",
    PY="Location /threads/ID/runs/ID/join, Content-Location /threads/ID/runs/ID",
    JS="Location none, Content-Location /runs/ID",
    AE="Location /threads/ID/runs/ID/join, Content-Location /threads/ID/runs/ID",
)
async def wait_stateless_headers(server: Server) -> str:
    return _address_form(await server.send("POST", f"{runs(None)}/wait", run(None)))


@probe(
    "The values are JSON, whatever the label says.",
    "_sansio/responses.py",
    PY="200 values, application/json",
    JS="200 values, text/plain",
    AE="200 values, application/json",
)
async def wait(server: Server) -> str:
    thread = server.thread()
    response = await server.send("POST", f"{runs(thread)}/wait", run(thread))
    return f"{_kind_of(response)}, {response.headers['content-type'].partition(';')[0]}"


@probe(
    "A failed run's wait is a 200 with __error__.",
    "_sansio/failures.py",
    PY="200 __error__ ValueError: boom on purpose",
    JS='200 __error__ Error: {"error":"Error","message":"boom on purpose"}',
    AE="200 __error__ Error: boom on purpose",
)
async def wait_failed(server: Server) -> str:
    thread = server.thread()
    return _kind_of(await server.send("POST", f"{runs(thread)}/wait", run(thread, input={"fail": True})))


@probe(
    "A failed run's join is a 200 with __error__.",
    "_sansio/failures.py",
    PY="200 __error__ ValueError: boom on purpose",
    JS='200 __error__ Error: {"error":"Error","message":"boom on purpose"}',
)
async def join_failed(server: Server) -> str:
    address = await server.finished(input={"fail": True})
    return _kind_of(await server.send("GET", f"{address}/join"))


@probe(
    "A run that does not exist is joined with a 200 and __error__.",
    "_sansio/failures.py",
    PY="200 __error__ HTTPException: 404: Run not found",
    JS='200 __error__ Error: "Run not found"',
    AE="404 {error, message}",
)
async def join_missing(server: Server) -> str:
    thread = server.thread()
    await server.create(thread)
    return _kind_of(await server.send("GET", f"{runs(thread)}/{new_id()}/join"))


@probe("cancel_on_disconnect takes 1.", "_async/runs.py", PY="200 values")
async def join_cancel_on_disconnect(server: Server) -> str:
    address = await server.finished()
    return _kind_of(await server.send("GET", f"{address}/join?cancel_on_disconnect=1"))


@probe(
    "A run that waits for a human has __interrupt__ in its values, and goes on with a command.",
    "events.py",
    PY="id response_schema value, then answer yes",
    JS="id value, then answer yes",
    AE="id value, then answer yes",
)
async def interrupt(server: Server) -> str:
    thread = server.thread()
    waits = (await server.send("POST", f"{runs(thread)}/wait", run(thread, input={"ask": True}))).json()
    body = {"assistant_id": "agent", "command": {"resume": "yes"}}
    values = (await server.send("POST", f"{runs(thread)}/wait", body)).json()
    return f"{' '.join(sorted(waits['__interrupt__'][0]))}, then answer {values['answer']}"


# Looking at runs


@probe(
    "A missing run is a 404, worded in one of the known ways.",
    "_sansio/failures.py",
    PY="404 {detail: text}",
    JS="404 text",
    AE="404 {error, message}",
)
async def get_missing(server: Server) -> str:
    thread = server.thread()
    await server.create(thread)
    return _kind_of(await server.send("GET", f"{runs(thread)}/{new_id()}"))


@probe(
    "The docstring of list tells the order.", "_async/runs.py", PY="newest first", JS="oldest first", AE="newest first"
)
async def list_order(server: Server) -> str:
    thread = server.thread()
    ids = [(await server.create(thread, multitask_strategy="enqueue"))["run_id"] for _ in range(3)]
    listed = [one["run_id"] for one in (await server.send("GET", runs(thread))).json()]
    return "oldest first" if listed == ids else "newest first" if listed == ids[::-1] else "in no order"


@probe(
    "With select a list gives partial runs.",
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


@probe(
    "No server filters by metadata, so the client does.", "_sansio/filters.py", PY="2 of 2", JS="2 of 2", AE="2 of 2"
)
async def list_metadata(server: Server) -> str:
    thread = server.thread()
    for number in (1, 2):
        await server.create(thread, metadata={"number": number}, multitask_strategy="enqueue")
    found = (await server.send("GET", runs(thread), params={"metadata": '{"number": 1}'})).json()
    return f"{len(found)} of 2"


@probe(
    "A page past the end is empty, which ends the paging; a page may have 100 runs.", "_async/runs.py", PY="200 no runs"
)
async def list_past_the_end(server: Server) -> str:
    thread = server.thread()
    await server.create(thread)
    return _kind_of(await server.send("GET", f"{runs(thread)}?limit=100&offset=1"))


@probe("The docstring of list tells what a missing thread gives.", "_async/runs.py", PY="404 {detail: text}")
async def list_unknown_thread(server: Server) -> str:
    return _kind_of(await server.send("GET", runs(new_id())))


# Streams


@probe(
    "A stream tells where to rejoin it.",
    "_sansio/location.py",
    PY="Location /threads/ID/runs/ID/stream, Content-Location /threads/ID/runs/ID",
    JS="Location none, Content-Location /threads/ID/runs/ID",
    AE="Location /threads/ID/runs/ID/stream, Content-Location /threads/ID/runs/ID",
)
async def stream_headers(server: Server) -> str:
    thread = server.thread()
    return _address_form(await server.send("POST", f"{runs(thread)}/stream", run(thread)))


@probe(
    "A stateless stream does not always tell the thread: a resumable one is created and joined instead.",
    "_async/runs.py",
    PY="Location /runs/ID/stream, Content-Location /runs/ID",
    JS="Location none, Content-Location /runs/ID",
    AE="Location /threads/ID/runs/ID/stream, Content-Location /threads/ID/runs/ID",
)
async def stream_stateless_headers(server: Server) -> str:
    return _address_form(await server.send("POST", f"{runs(None)}/stream", run(None)))


@probe("Not every server can join a run without its thread.", "_async/runs.py", PY="404", JS="200", AE="404")
async def join_stream_without_thread(server: Server) -> str:
    created = await server.create(None, stream_resumable=True)
    response = await server.send("GET", f"/runs/{created['run_id']}/stream", headers={"last-event-id": "-1"})
    return str(response.status_code)


@probe(
    "`metadata` comes first, with run_id and attempt.",
    "events.py",
    PY="metadata: attempt run_id",
    JS="metadata: attempt run_id",
    AE="metadata: attempt run_id",
)
async def stream_first_event(server: Server) -> str:
    first = (await server.stream(server.thread()))[0]
    return f"{first.name}: {' '.join(sorted(first.data))}"


@probe(
    "A stream that ends well just ends (PY, JS), or says so in an `end` event.",
    "_async/stream.py",
    PY="values",
    JS="values",
    AE="end",
)
async def stream_last_event(server: Server) -> str:
    return (await server.stream(server.thread()))[-1].name


@probe(
    "A failed run's stream has an `error` event.",
    "_sansio/failures.py",
    PY="error ValueError: boom on purpose",
    JS="error Error: boom on purpose",
    AE="error ValueError: ValueError: execution failed, then end",
)
async def stream_failed(server: Server) -> str:
    found = await server.stream(server.thread(), input={"fail": True})
    position = [event.name for event in found].index("error")
    after = "".join(f", then {event.name}" for event in found[position + 1 :])
    return f"error {_error_form(found[position].data)}{after}"


@probe(
    "The events of the modes have the names that the event classes go by.",
    "events.py",
    PY="metadata events checkpoints debug values tasks custom updates messages",
    JS="metadata events checkpoints debug values tasks custom updates messages/metadata messages/partial messages",
    AE="metadata events checkpoints debug values tasks custom updates messages end",
)
async def stream_modes(server: Server) -> str:
    modes = ["values", "updates", "messages", "messages-tuple", "events", "debug", "tasks", "checkpoints", "custom"]
    body = {"input": {"tokens": 1, "text": "one two"}, "stream_mode": modes, "stream_subgraphs": True}
    return _names(await server.stream(server.thread(), **body))


@probe(
    "The mode `messages` gives messages as they grow; of those that did not, only the whole.",
    "events.py",
    PY="streamed: metadata messages/metadata messages/partial; not streamed: metadata messages/metadata messages/complete",
)
async def stream_messages(server: Server) -> str:
    body = {"input": {"text": "one two"}, "stream_mode": "messages"}
    streamed = await server.stream(server.thread(), **body, stream_subgraphs=True)
    not_streamed = await server.stream(server.thread(), **body)
    return f"streamed: {_names(streamed)}; not streamed: {_names(not_streamed)}"


@probe(
    "The mode `messages-tuple` gives [message chunk, metadata]; the metadata may have tags.",
    "events.py",
    PY="messages: a list of 2, tags x",
)
async def stream_messages_tuple(server: Server) -> str:
    body = {"input": {"text": "a"}, "stream_mode": "messages-tuple", "config": {"tags": ["x"]}}
    found = await server.stream(server.thread(), **body, stream_subgraphs=True)
    one, *_ = [event for event in found if event.name.startswith("messages")]
    return f"{one.name.partition('|')[0]}: a list of {len(one.data)}, tags {' '.join(one.data[1]['tags'])}"


@probe(
    "An event of a subgraph is named `mode|node:task-id`.",
    "events.py",
    PY="values|sub:ID",
    JS="values|sub:ID",
    AE="values|sub:ID",
)
async def stream_subgraphs(server: Server) -> str:
    found = await server.stream(server.thread(), input={"text": "one"}, stream_mode="values", stream_subgraphs=True)
    name, *_ = [event.name for event in found if "|" in event.name]
    return re.sub(r"[0-9a-f-]{36}", "ID", name)


@probe(
    "An interrupted run's stream tells it in `updates` and the last `values`.",
    "events.py",
    PY="updates values",
    AE="updates values",
)
async def stream_interrupt(server: Server) -> str:
    found = await server.stream(server.thread(), input={"ask": True}, stream_mode=["updates", "values"])
    return _names([event for event in found if isinstance(event.data, dict) and "__interrupt__" in event.data])


@probe(
    "Lines end in any of the ways of server-sent events, and an event's data may have several lines.",
    "_sansio/sse.py",
    PY="CR LF, one data line",
    JS="LF, many data lines",
    AE="LF, one data line",
)
async def stream_lines(server: Server) -> str:
    thread = server.thread()
    text = (await server.send("POST", f"{runs(thread)}/stream", run(thread))).text
    lines = "many data lines" if re.search(r"\ndata:[^\n]*\n?\r?data:", text) else "one data line"
    return f"{'CR LF' if chr(13) in text else 'LF'}, {lines}"


@probe(
    "A sign of life comes every 5 s, in streams and joins.",
    "_sansio/timeouts.py",
    PY=r"': heartbeat\r\n\r\n' and '\n'",
    JS=r"none and '\n'",
    AE=r"': heartbeat\r\n\r\n' and '\n'",
)
async def heartbeats(server: Server) -> str:
    thread = server.thread()
    created = await server.create(thread, input={"tokens": 1, "sleep": 6.5}, stream_mode="custom")
    address = f"{runs(thread)}/{created['run_id']}"
    found: dict[str, str] = {}

    async def look(where: str) -> None:
        try:
            async with server.open("GET", f"{address}/{where}") as response:
                text = "".join([chunk async for chunk in response.aiter_text()])
        except httpx.HTTPError as error:
            found[where] = f"no answer ({type(error).__name__})"
        else:
            beat = re.search(r"(?m)^:[^\r\n]*(?:\r?\n)*" if where == "stream" else r"^\s", text)
            found[where] = repr(beat.group()) if beat else "none"

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(look, "stream")
        tasks.start_soon(look, "join")
    return f"{found['stream']} and {found['join']}"


@probe("A run goes on when its stream is left, unless on_disconnect says otherwise.", "_async/runs.py", PY="success")
async def stream_left(server: Server) -> str:
    thread = server.thread()
    body = run(thread, input={"tokens": 5, "sleep": 0.2}, stream_mode="custom")
    async with (
        server.open("POST", f"{runs(thread)}/stream", body) as response,
        aclosing(cast("AsyncGenerator[bytes]", response.aiter_bytes())) as pieces,
    ):
        async for _ in pieces:
            break
    created = (await server.send("GET", runs(thread))).json()[0]
    address = f"{runs(thread)}/{created['run_id']}"
    await server.send("GET", f"{address}/join")
    return str((await server.send("GET", address)).json()["status"])


# Joining and resuming streams


@probe(
    "A run that does not exist is an `error` event in a stream.",
    "_sansio/failures.py",
    PY="200 error HTTPException: 404: Run not found",
    JS='200 error "Run not found"',
    AE="404 {error, message}",
)
async def join_stream_missing(server: Server) -> str:
    thread = server.thread()
    await server.create(thread)
    response = await server.send("GET", f"{runs(thread)}/{new_id()}/stream")
    if not response.is_success:
        return _kind_of(response)
    (only,) = events(response)
    return f"{response.status_code} {only.name} {_error_form(only.data)}"


@probe(
    "A finished run's stream has nothing (AE: `end`), so the run is asked how it ended.",
    "_async/stream.py",
    PY="no events",
    JS="no events",
    AE="end",
)
async def join_stream_finished(server: Server) -> str:
    return _names(await server.replay(await server.finished(), last_event_id=None))


@probe(
    "Events have ids when they are kept for resuming, else none (PY).",
    "_sansio/resume.py",
    PY="with stream_resumable, else none",
    JS="always",
    AE="always",
)
async def stream_ids(server: Server) -> str:
    without = any(event.id for event in await server.stream(server.thread()))
    kept = all(event.id for event in await server.stream(server.thread(), stream_resumable=True))
    return "always" if kept and without else "with stream_resumable, else none" if kept else "not always"


@probe(
    "Ids are numbers in an order of their own: bookkeeping compares them.",
    "_sansio/resume.py",
    PY="N-N",
    JS="N",
    AE="ID_event_N",
)
async def id_form(server: Server) -> str:
    found = await server.stream(server.thread(), stream_resumable=True)
    return re.sub(r"\d+", "N", re.sub(r"[0-9a-f-]{36}", "ID", found[-1].id or "none"))


@probe("Events of one millisecond may share an id (PY).", "_sansio/resume.py", PY="shared", JS="unique", AE="unique")
async def ids_shared(server: Server) -> str:
    found = await server.stream(server.thread(), input={"burst": 500}, stream_mode="custom", stream_resumable=True)
    return "unique" if len({event.id for event in found}) == len(found) else "shared"


@probe(
    "`Last-Event-ID: -1` replays everything, also after the run ended.",
    "_sansio/resume.py",
    PY="all again",
    JS="all again",
    AE="all again",
)
async def replay_all(server: Server) -> str:
    thread = server.thread()
    original = await server.stream(thread, input={"tokens": 5}, stream_mode=["values", "custom"], stream_resumable=True)
    address = f"{runs(thread)}/{original[0].data['run_id']}"
    return "all again" if await server.replay(address) == original else "not the same"


@probe(
    "A replay starts strictly after the id, also where events share it.",
    "_sansio/resume.py",
    PY="strictly after",
    JS="strictly after",
    AE="strictly after",
)
async def replay_after(server: Server) -> str:
    thread = server.thread()
    original = await server.stream(thread, input={"burst": 200}, stream_mode="custom", stream_resumable=True)
    address = f"{runs(thread)}/{original[0].data['run_id']}"
    ids = [event.id for event in original]
    middle = ids[len(ids) // 2]
    replayed = await server.replay(address, middle)
    last = len(ids) - ids[::-1].index(middle)
    return "strictly after" if replayed == original[last:] else f"{len(replayed)} events instead of {len(ids) - last}"


@probe("Without resumability nothing is replayed.", "_sansio/resume.py", PY="no events")
async def replay_not_kept(server: Server) -> str:
    return _names(await server.replay(await server.finished()))


@probe(
    "A stateless run's events are kept under its thread, also when that is gone.",
    "_async/runs.py",
    PY="thread 404, metadata values",
)
async def replay_stateless(server: Server) -> str:
    created = await server.create(None, stream_resumable=True)
    address = f"{runs(created['thread_id'])}/{created['run_id']}"
    await server.replay(address)
    # The thread goes a moment after the run.
    for pause in (0, 0.1, 0.5, 1, 2, 4):
        await anyio.sleep(pause)
        status = (await server.send("GET", f"/threads/{created['thread_id']}")).status_code
        if status != httpx.codes.OK:
            break
    return f"thread {status}, {_names(await server.replay(address))}"


async def _joined(server: Server, query: str) -> str:
    fields = {"input": {"tokens": 2}, "stream_mode": ["values", "custom", "updates"], "stream_resumable": True}
    address = await server.finished(**fields)
    return _names(await server.replay(address, query=query))


@probe(
    "One mode of a joined stream is a bare parameter.",
    "_sansio/requests.py",
    PY="custom",
    JS="metadata values custom updates",
    AE="metadata values custom updates end",
)
async def join_one_mode(server: Server) -> str:
    return await _joined(server, "?stream_mode=custom")


@probe(
    "Several modes of a joined stream are a JSON array in one parameter.",
    "_sansio/requests.py",
    PY="values custom",
    JS="metadata values custom updates",
    AE="metadata values custom updates end",
)
async def join_modes_as_json(server: Server) -> str:
    return await _joined(server, "?stream_mode=%5B%22values%22%2C%22custom%22%5D")


@probe(
    "Repeated parameters give only the last mode (PY).",
    "_sansio/requests.py",
    PY="custom",
    JS="metadata values custom updates",
    AE="metadata values custom updates end",
)
async def join_modes_repeated(server: Server) -> str:
    return await _joined(server, "?stream_mode=values&stream_mode=custom")


@probe(
    "Modes with commas between them give nothing (PY).",
    "_sansio/requests.py",
    PY="no events",
    JS="metadata values custom updates",
    AE="metadata values custom updates end",
)
async def join_modes_with_commas(server: Server) -> str:
    return await _joined(server, "?stream_mode=values,custom")


@probe(
    "Modes of a joined stream include what subgraphs emit.",
    "_async/runs.py",
    PY="values values|sub:ID",
)
async def join_modes_of_subgraphs(server: Server) -> str:
    address = await server.finished(input={"text": "one"}, stream_subgraphs=True, stream_resumable=True)
    found = await server.replay(address, query="?stream_mode=values")
    return " ".join(sorted({re.sub(r"[0-9a-f-]{36}", "ID", event.name) for event in found})) or "no events"


# Cancelling and deleting


async def _running(server: Server) -> str:
    thread = server.thread()
    created = await server.create(thread, input={"tokens": 100, "sleep": 0.1})
    return f"{runs(thread)}/{created['run_id']}"


async def _cancelled(server: Server) -> tuple[list[Event], httpx.Response]:
    """What a stream and a join that are open see of a run that is cancelled."""
    thread = server.thread()
    body = run(thread, input={"tokens": 100, "sleep": 0.1}, stream_mode="custom")
    async with (
        server.open("POST", f"{runs(thread)}/stream", body) as stream,
        aclosing(cast("AsyncGenerator[str]", stream.aiter_text())) as pieces,
    ):
        address = stream.headers["content-location"]
        text = await anext(pieces)
        async with server.open("GET", f"{address}/join") as join:
            await server.send("POST", f"{address}/cancel?wait=0&action=interrupt")
            await join.aread()
        text += "".join([piece async for piece in pieces])
    return events(httpx.Response(httpx.codes.OK, text=text)), join


@probe("A run is cancelled at once with wait=0.", "_async/runs.py", PY="202 empty", JS="204 empty", AE="200 a run")
async def cancel(server: Server) -> str:
    return _kind_of(await server.send("POST", f"{await _running(server)}/cancel?wait=0&action=interrupt"))


@probe(
    "With wait=1 the answer comes when it has stopped.",
    "_async/runs.py",
    PY="200 values",
    JS="204 empty",
    AE="200 a run",
)
async def cancel_and_wait(server: Server) -> str:
    return _kind_of(await server.send("POST", f"{await _running(server)}/cancel?wait=1&action=interrupt"))


@probe(
    "wait is sent as 1 because not every server takes true.", "_async/runs.py", PY="200 values", AE="422 {detail: list}"
)
async def cancel_and_wait_true(server: Server) -> str:
    return _kind_of(await server.send("POST", f"{await _running(server)}/cancel?wait=true&action=interrupt"))


@probe(
    "A cancelled run's stream just ends; an `error` that says UserInterrupt is passed over.",
    "_async/stream.py",
    PY="just ends",
)
async def cancelled_stream(server: Server) -> str:
    stream, _ = await _cancelled(server)
    return f"error {stream[-1].data['error']}" if stream[-1].name == "error" else "just ends"


@probe(
    "Who joins a run that is cancelled gets its values so far; for an __error__ that says UserInterrupt it is joined again.",
    "_async/wait.py",
    PY="200 values",
)
async def cancelled_join(server: Server) -> str:
    _, join = await _cancelled(server)
    return _kind_of(join).partition(":")[0]  # the message changes from version to version


@probe(
    "A run that is cancelled before it starts is joined with empty values, and nothing at all means the same.",
    "_async/wait.py",
    PY="200 values",
)
async def cancelled_before_start(server: Server) -> str:
    thread = server.thread()
    address = f"{runs(thread)}/{(await server.create(thread, after_seconds=3600))['run_id']}"
    await server.send("POST", f"{address}/cancel?wait=0&action=interrupt")
    return _kind_of(await server.send("GET", f"{address}/join"))


@probe(
    "The docstring of cancel tells what a run that has ended gives.",
    "_async/runs.py",
    PY="404 {detail: text}",
    JS="204 empty",
    AE="200 a run",
)
async def cancel_finished(server: Server) -> str:
    return _kind_of(await server.send("POST", f"{await server.finished()}/cancel?wait=0&action=interrupt"))


@probe(
    "A missing run can't be cancelled.",
    "_async/runs.py",
    PY="404 {detail: text}",
    JS="404 text",
    AE="404 {error, message}",
)
async def cancel_missing(server: Server) -> str:
    thread = server.thread()
    await server.create(thread)
    return _kind_of(await server.send("POST", f"{runs(thread)}/{new_id()}/cancel?wait=0&action=interrupt"))


@probe("Cancelling several runs answers 204.", "_async/runs.py", PY="204 empty", JS="404 text", AE="204 empty")
async def cancel_many(server: Server) -> str:
    _, _, thread, _, run_id = (await _running(server)).split("/")
    body = {"thread_id": thread, "run_ids": [run_id]}
    return _kind_of(await server.send("POST", "/runs/cancel?action=interrupt", body))


@probe(
    "Cancelling several runs of which there is none is a 404 (PY).",
    "_async/runs.py",
    PY="404 {detail: text}",
    JS="404 text",
    AE="204 empty",
)
async def cancel_many_missing(server: Server) -> str:
    thread = server.thread()
    await server.create(thread)
    body = {"thread_id": thread, "run_ids": [new_id()]}
    return _kind_of(await server.send("POST", "/runs/cancel?action=interrupt", body))


@probe("A deleted run is a 204.", "_async/runs.py", PY="204 empty", JS="204 empty", AE="204 empty")
async def delete(server: Server) -> str:
    return _kind_of(await server.send("DELETE", await server.finished()))


@probe(
    "A running run is deleted too (PY), or only when forced (AE).",
    "_async/runs.py",
    PY="204 empty",
    AE="409 {error, message}",
)
async def delete_running(server: Server) -> str:
    return _kind_of(await server.send("DELETE", await _running(server)))


@probe(
    "A missing run can't be deleted.",
    "_async/runs.py",
    PY="404 {detail: text}",
    JS="404 text",
    AE="404 {error, message}",
)
async def delete_missing(server: Server) -> str:
    thread = server.thread()
    await server.create(thread)
    return _kind_of(await server.send("DELETE", f"{runs(thread)}/{new_id()}"))
