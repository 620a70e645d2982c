"""A graph's types, as people may have written them."""

import dataclasses
from typing import Any, TypedDict

import attrs
from pydantic import BaseModel


class State(TypedDict):
    """What the graph's state is."""

    topic: str


class Update(TypedDict, total=False):
    """What its nodes return."""

    topic: str


@attrs.frozen
class Progress:
    """What it writes meanwhile."""

    step: int
    of: int


@dataclasses.dataclass
class Report:
    """The state as a dataclass."""

    topic: str
    pages: int = 0


class Model(BaseModel):
    """The state as a model of pydantic."""

    topic: str


def words(json: Any) -> list[str]:
    """A converter of one's own."""
    return str(json).split()
