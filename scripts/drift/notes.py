"""The differences that are on purpose: `notes.yaml` lists them, each with its reason.

A note quotes a difference as it is printed, or several with `*` for what is different in each. If the server changes
again, the note no longer matches: it is then stale, and the new difference is undecided.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import field, frozen
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from scripts.drift.difference import Difference
from scripts.drift.document import Document, DocumentError, Part, read_text, read_yaml
from scripts.drift.server import Kind, ServerError, ServerInfo, kind_and_rest

NOTES = Path(__file__).with_name("notes.yaml")


@frozen
class Servers:
    """The servers that a note is about: a kind, and versions of it if the note names any."""

    kind: Kind
    versions: SpecifierSet

    def include(self, server: ServerInfo) -> bool:
        """Whether the server is one of them. Every server of the kind is if its version is unknown."""
        known = server.version
        return self.kind == server.kind and (known is None or self.versions.contains(known, prereleases=True))


@frozen
class Note:
    """A difference that is on purpose.

    Attributes:
        difference: The difference as it is printed; `*` stands for any text.
        operations: The operations in which it is on purpose; None for all.
        why: The reason.
        servers: The servers that the note is about.
        line: The note's line in the file.
    """

    difference: str
    operations: tuple[str, ...] | None
    why: str
    servers: Servers
    line: int

    def is_about(self, difference: str) -> bool:
        """Whether the note is about a difference."""
        return re.fullmatch(".*".join(map(re.escape, self.difference.split("*"))), difference) is not None


@frozen
class Stale:
    """A note on a difference that was not found.

    Attributes:
        note: The note.
        operations: Those of its operations in which the difference was not found; empty if it was found in none at all.
        needed_by: The tested versions that still have the difference; None if their documents can't tell.
    """

    note: Note
    operations: tuple[str, ...] = ()
    needed_by: tuple[str, ...] | None = None


@frozen
class Decision:
    """The differences that were found.

    Attributes:
        undecided: What is new, or has no note.
        on_purpose: What a note decides.
        as_before: What breaks nothing, and was there in the server's predecessor.
        stale: The notes on differences that were not found.
    """

    undecided: list[Difference] = field(factory=list[Difference])
    on_purpose: list[tuple[Difference, Note]] = field(factory=list[tuple[Difference, Note]])
    as_before: list[Difference] = field(factory=list[Difference])
    stale: list[Stale] = field(factory=list[Stale])


def read_notes(path: Path) -> list[Note]:
    """Read the notes."""
    contents, lines = read_yaml(read_text(path), str(path))
    if not isinstance(contents, dict):
        raise DocumentError(f"{path}: this must be an object with a list of notes for each server")
    notes: list[Note] = []
    for name, groups in Part(contents, "").items():
        servers = _servers(name, f"{path}:{lines[groups.pointer]}")
        for group in Document(str(path), contents, lines).sequence(groups):
            place = f"{path}:{lines[group.pointer]}"
            match group.value:
                case {"why": str(why), "differences": list(entries), **rest} if why.strip() and entries and not rest:
                    for number, entry in enumerate(entries):
                        line = lines[f"{group.pointer}/differences/{number}"]
                        notes.append(_note(entry, " ".join(why.split()), servers, line, f"{path}:{line}"))
                case _:
                    raise DocumentError(f"{place}: a note has `why` and `differences`, and nothing else")
    _check_unique(notes, path)
    return notes


def decide(
    differences: Iterable[Difference],
    notes: Iterable[Note],
    server: ServerInfo,
    *,
    before: Iterable[Difference] = (),
    facts_checked: bool,
) -> Decision:
    """Sort the differences.

    Args:
        differences: What was found.
        notes: The notes; those on other servers are left out.
        server: The server.
        before: What was found in the document of the server's predecessor.
        facts_checked: Whether facts were checked, without which no note on one is stale.
    """
    decision = Decision()
    earlier = {str(difference): set(difference.operations) for difference in before}
    notes = [note for note in notes if note.servers.include(server)]
    found = {str(difference): difference for difference in differences}
    for text, difference in found.items():
        matching = [note for note in notes if note.is_about(text)]
        rest = set(difference.operations)
        for note in matching:
            covered = rest if note.operations is None else rest.intersection(note.operations)
            if covered or note.operations is None:
                decision.on_purpose.append((difference.within(covered), note))
            rest = rest - covered
        if same := rest & earlier.get(text, set()) & difference.harmless_in:
            decision.as_before.append(difference.within(same))
            rest = rest - same
        if rest or (not difference.operations and not matching):
            decision.undecided.append(difference.within(rest))
    decision.undecided.sort(key=lambda difference: difference.effect)
    for note in notes:
        if note.servers.versions and not server.version:
            continue  # the note may be about another version
        about = [difference for text, difference in found.items() if note.is_about(text)]
        if not about:
            if facts_checked or not note.difference.startswith("fact "):
                decision.stale.append(Stale(note))
        elif missing := set(note.operations or ()).difference(*(one.operations for one in about)):
            decision.stale.append(Stale(note, tuple(sorted(missing))))
    return decision


def _note(entry: Any, why: str, servers: Servers, line: int, place: str) -> Note:
    match entry:
        case str(difference):
            return Note(difference, None, why, servers, line)
        case {"difference": str(difference), "in": list(operations), **rest} if not rest and operations:
            return Note(difference, tuple(str(name) for name in operations), why, servers, line)
        case _:
            raise DocumentError(f"{place}: a difference is a text, or has `difference` and a list of operations `in`")


def _servers(text: str, place: str) -> Servers:
    try:
        kind, versions = kind_and_rest(text)
        return Servers(kind, SpecifierSet(versions))
    except ServerError as error:
        raise DocumentError(f"{place}: {error}") from error
    except InvalidSpecifier as error:
        raise DocumentError(
            f"{place}: {text.partition(' ')[2]!r} are not versions; an example is '>=0.10,<0.16'"
        ) from error


def _check_unique(notes: list[Note], path: Path) -> None:
    seen: set[tuple[str, str | None, Servers]] = set()
    for note in notes:
        for operation in note.operations or (None,):
            key = (note.difference, operation, note.servers)
            if key in seen:
                raise DocumentError(f"{path}:{note.line}: {note.difference!r} is listed twice")
            seen.add(key)
