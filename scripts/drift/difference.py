"""A difference between openapi.yaml and a server."""

from collections.abc import Collection
from typing import Literal, TypeAlias

from attrs import evolve, frozen

Effect: TypeAlias = Literal["breaking", "new"]
"""What a difference means for users.

breaking: Something that they do or receive today may fail.
new: Nothing fails, but openapi.yaml does not say it yet.
"""


@frozen
class Place:
    """A place in a document.

    Attributes:
        pointer: The JSON pointer. If one document lacks something, this is the place in it where it would be.
        line: The line, if the document has lines.
    """

    pointer: str
    line: int | None = None


@frozen
class Occurrence:
    """An operation in which a difference was found.

    Attributes:
        operation: The operationId in openapi.yaml; method and path of an operation that only the server has.
        effect: What the difference means for users of this operation.
        ours: Its place in openapi.yaml.
        server: Its place in the server's document.
    """

    operation: str
    effect: Effect
    ours: Place
    server: Place


@frozen
class Difference:
    """A difference, worded as a change from openapi.yaml to the server, such as `Run.cost: added`.

    Attributes:
        subject: What differs.
        change: How the server's differs from ours.
        occurrences: Where it was found; empty for a fact, since facts are about a server's behaviour and not its
            document.
        behaviour_effect: What it means for users, if it is about a fact.
        relied_on: The fact and the module that relies on it.
    """

    subject: str
    change: str
    occurrences: tuple[Occurrence, ...] = ()
    behaviour_effect: Effect = "new"
    relied_on: str | None = None

    def __str__(self) -> str:
        return f"{self.subject}: {self.change}"

    @property
    def effect(self) -> Effect:
        """The worst of its effects."""
        effects = [self.behaviour_effect, *(occurrence.effect for occurrence in self.occurrences)]
        return "breaking" if "breaking" in effects else "new"

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations in which it was found."""
        return tuple(dict.fromkeys(occurrence.operation for occurrence in self.occurrences))

    @property
    def harmless_in(self) -> set[str]:
        """The operations in which it breaks nothing."""
        return {*self.operations} - {one.operation for one in self.occurrences if one.effect == "breaking"}

    @property
    def ours(self) -> tuple[Place, ...]:
        """Its places in openapi.yaml."""
        return tuple(dict.fromkeys(occurrence.ours for occurrence in self.occurrences))

    @property
    def server(self) -> tuple[Place, ...]:
        """Its places in the server's document."""
        return tuple(dict.fromkeys(occurrence.server for occurrence in self.occurrences))

    def within(self, operations: Collection[str]) -> "Difference":
        """The same difference, limited to some of its operations."""
        return evolve(self, occurrences=tuple(one for one in self.occurrences if one.operation in operations))
