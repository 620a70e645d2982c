"""The table of facts, and checking facts on a server."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import httpx
from attrs import field, frozen

from scripts.drift.difference import Difference, Effect
from scripts.drift.document import DocumentError, read_text, read_yaml
from scripts.drift.facts import questions, summaries
from scripts.drift.facts.requests import Question, Server, new_id, run, run_to_ask, runs
from scripts.drift.server import Kind, ServerError, error_text

# The slowest question waits for a heartbeat, which comes every 5 s, and a server may run only one run at a time.
_SECONDS_PER_FACT = 30
_AT_ONCE = 6
_PLACES = ("thread", "unknown thread", "listed", "stateless", "stateless run", "running", "finished", "missing")
_REQUEST = re.compile(r"([A-Z]+) \{([a-z ]+)\}(\S*)(?: -> (\w+))?")


@frozen
class Fact:
    """A fact.

    Attributes:
        name: Its name in reports and notes.
        claim: What our code takes for granted.
        relied_on_by: The module that does.
        question: Asks a server.
        expected: What each kind of server does.
    """

    name: str
    claim: str
    relied_on_by: str
    question: Question = field(repr=False)
    expected: dict[Kind, str]


def read_facts(path: Path) -> list[Fact]:
    """Read a table of facts; its head tells the form."""
    table, lines = read_yaml(read_text(path), str(path))
    facts: list[Fact] = []
    for module, rows in table.items():
        for number, row in enumerate(rows):
            try:
                (name, claim), *columns = row.items()
                facts.append(_fact(name, claim, f"langgraph_runs/{module}", **dict(columns)))
            except (AttributeError, TypeError, ValueError) as error:
                line = lines[f"/{module.replace('/', '~1')}/{number}"]
                raise DocumentError(f"{path}:{line}: {error}") from error
    return facts


def _fact(
    name: str, claim: str, relied_on_by: str, *, expect: dict[Kind, str], ask: str | None = None, run: Any = None
) -> Fact:
    question = getattr(questions, name) if ask is None else _asking(ask, run or {})
    return Fact(name, claim, relied_on_by, question, expect)


def _asking(request: str, fields: Any) -> Question:
    """What comes back for a single request."""
    if not (stated := _REQUEST.fullmatch(request)):
        raise ValueError(f"not a request: {request}")
    method, place, action, summary = stated.groups()
    if place not in _PLACES:
        raise ValueError(f"no such place: {place}")
    summarize = getattr(summaries, summary or "response_form")
    headers = {"last-event-id": "-1"} if method == "REPLAY" else {}

    async def question(server: Server) -> str:
        path, body = await _place(server, place, fields)
        sent = body if method == "POST" else None
        verb = "GET" if method == "REPLAY" else method
        return str(summarize(await server.send(verb, f"{path}{action}", sent, headers=headers)))

    return question


async def _place(server: Server, place: str, fields: Any) -> tuple[str, Any]:
    """The path of a place, which is made if need be, and the body that starts a run there."""
    match place:
        case "thread" | "listed":
            thread = server.thread()
            if place == "listed":
                await server.create(thread)
            return runs(thread), run(thread, **fields)
        case "unknown thread":
            return runs(new_id()), run(None, **fields)
        case "stateless":
            batch = isinstance(fields, list)
            return runs(None), [run(None, **one) for one in fields] if batch else run(None, **fields)
        case "stateless run":
            return f"{runs(None)}/{(await server.create(None, **fields))['run_id']}", None
        case _:
            return await run_to_ask(server, place, **fields), None


async def check_facts(http: httpx.AsyncClient, kind: Kind, facts: Sequence[Fact]) -> list[Difference]:
    """Check facts on a server.

    Returns:
        A difference for each fact that does not hold as it is expected of this kind of server. If another kind of
        server is known to do the same, our code copes with it, so that the difference is not breaking.
    """
    server = Server(http)
    await _require_agent(server)
    found: dict[str, str] = {}
    limiter = anyio.CapacityLimiter(_AT_ONCE)
    async with anyio.create_task_group() as tasks:
        for one in facts:
            tasks.start_soon(_ask, one, server, limiter, found)
    try:
        await server.send("GET", "/info")
    except httpx.HTTPError as error:
        raise ServerError(
            f"{http.base_url}: it stopped responding while facts were checked: {error_text(error)}"
        ) from error
    await server.clean_up()
    differences = (_difference(one, kind, found[one.name]) for one in facts)
    return [difference for difference in differences if difference is not None]


async def _ask(one: Fact, server: Server, limiter: anyio.CapacityLimiter, found: dict[str, str]) -> None:
    async with limiter:
        try:
            with anyio.fail_after(_SECONDS_PER_FACT):
                found[one.name] = await one.question(server)
        except TimeoutError:
            found[one.name] = f"no response within {_SECONDS_PER_FACT} s"
        except httpx.HTTPStatusError as error:
            found[one.name] = f"status {error.response.status_code} for an earlier request"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            found[one.name] = f"no response ({type(error).__name__})"
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            # The question reads the response in the forms that are known, and this is another one.
            found[one.name] = f"a response of an unknown form ({type(error).__name__}: {error})"


def _difference(one: Fact, kind: Kind, found: str) -> Difference | None:
    expected = one.expected.get(kind)
    if found == expected:
        return None
    effect: Effect = "new" if found in one.expected.values() or expected is None else "breaking"
    change = f"{expected or 'not known'} -> {found}"
    relied_on = f"{one.claim} ({one.relied_on_by})"
    return Difference(f"fact {one.name}", change, behaviour_effect=effect, relied_on=relied_on)


async def _require_agent(server: Server) -> None:
    try:
        response = await server.send("POST", "/assistants/search", {"graph_id": "agent"})
        found = response.json() if response.is_success else None
    except (httpx.HTTPError, ValueError) as error:
        raise ServerError(f"the assistant `agent` cannot be looked up: {error_text(error)}") from error
    if not found:
        raise ServerError("facts are checked with the graph of examples/agent as `agent`; see also --document-only")
