"""The types of the clients' arguments, except the literals, which are generated from openapi.yaml."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol, TypeAlias
from uuid import UUID

from langgraph_runs_api.models.thread import Thread

# Before Python 3.13 type parameters have no defaults, and pydantic takes no TypedDict of `typing` before 3.12.
if sys.version_info >= (3, 13):
    from typing import TypedDict, TypeVar
else:
    from typing_extensions import TypedDict, TypeVar

# A client's type parameters. Without a type for them, the graph's JSON is Any.
StateT = TypeVar("StateT", default=Any)
UpdateT = TypeVar("UpdateT", default=Any)
CustomT = TypeVar("CustomT", default=Any)

Id: TypeAlias = str | UUID
"""A run's, checkpoint's or assistant's id."""
ThreadId: TypeAlias = str | UUID | Thread
"""A thread's id, or the thread."""
Time: TypeAlias = datetime | str
"""A datetime with a time zone, or ISO 8601 text; text without a time zone is UTC."""
Nodes: TypeAlias = Literal["*"] | Sequence[str]
"""Names of nodes, or `*` for all."""
QueryParams: TypeAlias = Mapping[str, str | float | bool | Sequence[str | float | bool] | None]
"""Query parameters of the caller's own."""


class Dataclass(Protocol):
    """An instance of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    """Its fields."""


class AttrsClass(Protocol):
    """An instance of a class of attrs."""

    __attrs_attrs__: ClassVar[Any]
    """Its fields."""


class Model(Protocol):
    """A model of pydantic."""

    def model_dump(self) -> dict[str, Any]:
        """Its fields."""
        ...


class TimeoutConfig(Protocol):
    """Timeouts for each step of a request: an `httpx.Timeout` or `httpx2.Timeout`."""

    def as_dict(self) -> dict[str, float | None]:
        """Seconds by step: `connect`, `read`, `write` and `pool`; None for any time."""
        ...


Timeout: TypeAlias = float | TimeoutConfig | None
"""Seconds, or an `httpx.Timeout` with seconds for each step of a request."""


class _Client(Protocol):
    """What both kinds of clients have."""

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        ...

    def build_request(self, method: str, url: str, *, headers: Any, content: Any, extensions: Any) -> Any:
        """Make a request with what the client adds to each."""


class HTTPClient(_Client, Protocol):
    """An `httpx.Client` or `httpx2.Client`."""

    def send(self, request: Any, *, stream: bool, follow_redirects: bool) -> Any:
        """Send it."""

    def close(self) -> None:
        """Close the client."""


class AsyncHTTPClient(_Client, Protocol):
    """An `httpx.AsyncClient` or `httpx2.AsyncClient`."""

    async def send(self, request: Any, *, stream: bool, follow_redirects: bool) -> Any:
        """Send it."""

    async def aclose(self) -> None:
        """Close the client."""


class Send(TypedDict):
    """A node to go to, with an input of its own."""

    node: str
    """The node's name."""
    input: Any
    """What it gets instead of the state."""


class Command(TypedDict, total=False):
    """Goes on from an interrupt, or steers the graph."""

    resume: Any
    """The answer to the interrupt; for several at once a mapping of interrupt id to answer."""
    update: Mapping[str, Any] | Sequence[tuple[str, Any]] | None
    """A change of the state."""
    goto: str | Send | Sequence[str | Send] | None
    """Where to go on."""


class Config(TypedDict, total=False):
    """How the graph is run."""

    tags: Sequence[str]
    """Tags for traces and callbacks."""
    recursion_limit: int
    """How many steps the graph may take."""
    configurable: Mapping[str, Any]
    """What the graph makes configurable."""


class Checkpoint(TypedDict, total=False):
    """A point in a thread's history."""

    thread_id: str
    """The thread."""
    checkpoint_ns: str
    """The namespace: empty for the graph itself, else a subgraph's."""
    checkpoint_id: str | None
    """The checkpoint; None for the latest."""
    checkpoint_map: Mapping[str, Any] | None
    """Checkpoint ids by namespace."""


class LangSmithTracing(TypedDict, total=False):
    """Where LangSmith traces of a run go."""

    project_name: str
    """The project."""
    example_id: str
    """The dataset example that it runs for."""


class RunCreateMetadata(TypedDict):
    """What is known of a run as soon as it is created."""

    run_id: str
    """The run."""
    thread_id: str | None
    """Its thread; None where the server does not tell (for a stateless run, the Python server and LangGraph.js)."""


OnRunCreated: TypeAlias = Callable[[RunCreateMetadata], None]
"""Told once of a run when the server has created it."""
OnReconnect: TypeAlias = Callable[[int, str | None, Exception], None]
"""Told before each reconnection of a stream: its number since the last event, the last event's id, the cause."""
