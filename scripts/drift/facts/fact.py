"""A fact, and checking facts on a server."""

from collections.abc import Callable, Sequence
from typing import NotRequired, TypedDict, Unpack

import anyio
import httpx
from attrs import field, frozen

from scripts.drift.difference import Difference, Effect
from scripts.drift.facts.requests import Question, Server
from scripts.drift.server import Kind, ServerError, error_text

# The slowest question waits for a heartbeat, which comes every 5 s, and a server may run only one run at a time.
_SECONDS_PER_FACT = 30
_AT_ONCE = 6


class Expected(TypedDict):
    """What each kind of server does, as the question sums it up; a kind that was never asked is missing."""

    PY: str
    JS: NotRequired[str]
    AE: NotRequired[str]


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
    expected: Expected


def fact(name: str, claim: str, relied_on_by: str, question: Question, **expected: Unpack[Expected]) -> Fact:
    """A line of a table of facts; see `Fact`. `relied_on_by` is relative to langgraph_runs."""
    return Fact(name, claim, f"langgraph_runs/{relied_on_by}", question, expected)


def add_fact(
    facts: list[Fact], claim: str, relied_on_by: str, **expected: Unpack[Expected]
) -> Callable[[Question], Question]:
    """Add a fact to a table: the decorated function is its question, and gives it its name."""

    def add(question: Question) -> Question:
        facts.append(fact(question.__name__, claim, relied_on_by, question, **expected))
        return question

    return add


async def check_facts(http: httpx.AsyncClient, kind: Kind, facts: Sequence[Fact]) -> list[Difference]:
    """Check facts on a server.

    Returns:
        A difference for each fact that does not hold as it is expected of this kind of server. If another kind of
        server is known to do the same, our code copes with it, so that the difference is not breaking.

    Raises:
        ServerError: If the server has no assistant `agent`.
    """
    server = Server(http)
    await _require_agent(server)
    found: dict[str, str] = {}
    limiter = anyio.CapacityLimiter(_AT_ONCE)
    async with anyio.create_task_group() as tasks:
        for one in facts:
            tasks.start_soon(_ask, one, server, limiter, found)
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
