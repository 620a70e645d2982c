"""Events as a server sends them, for the tests of resuming."""

from collections.abc import Iterable
from typing import NamedTuple

from langgraph_runs._sansio.resume import ResumeTracker


class Sent(NamedTuple):
    event: str
    data: bytes
    id: str | None


def sent(text: str, id: str | None) -> Sent:
    return Sent("custom", text.encode(), id)


def ms(number: int) -> str:
    return f"{1795323641000 + number}-0"


def delivered(tracker: ResumeTracker, events: Iterable[Sent]) -> str:
    return "".join(e.data.decode() for e in events if tracker.is_new(*e))
