"""The differences that are on purpose: `drift_notes.yaml`, each with its reason, laid over what was found.

A note names a difference as `drift.py` prints it, so it holds for that one alone: when the server changes again, the note is
stale and the new difference is undecided.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import field, frozen
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from comparison import Difference
from documents import Document, DocumentError, Part, read_yaml
from probes import KINDS, Kind, ServerInfo


@frozen
class Servers:
    """Which servers a note is about: a kind, and versions of it where the note says some."""

    kind: Kind
    versions: SpecifierSet

    def include(self, server: ServerInfo) -> bool:
        """Whether the server is one of them, as far as its version is known."""
        if self.kind != server.kind:
            return False
        try:
            return self.versions.contains(Version(server.version), prereleases=True)
        except InvalidVersion:
            return True


@frozen
class Note:
    """A difference that is on purpose.

    Attributes:
        difference: The difference as it is printed.
        operations: Where it is on purpose; None: wherever it is found.
        why: The reason.
        servers: Which servers it is about.
        line: Where the note stands.
    """

    difference: str
    operations: tuple[str, ...] | None
    why: str
    servers: Servers
    line: int


@frozen
class Stale:
    """A note on what is not found any more; `operations` are those of the note where it is not, none for nowhere."""

    note: Note
    operations: tuple[str, ...] = ()


@frozen
class Decision:
    """What was found, sorted."""

    undecided: list[Difference] = field(factory=list[Difference])
    on_purpose: list[tuple[Difference, Note]] = field(factory=list[tuple[Difference, Note]])
    stale: list[Stale] = field(factory=list[Stale])


def read_notes(path: Path) -> list[Note]:
    """Read the notes.

    Raises:
        DocumentError: If they are not of the form that the file describes, or one is there twice.
    """
    try:
        contents, lines = read_yaml(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror}") from error
    if not isinstance(contents, dict):
        raise DocumentError(f"{path}: this must be an object, of lists of notes by server")
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
    _demand_unique(notes, path)
    return notes


def decide(differences: Iterable[Difference], notes: Iterable[Note], server: ServerInfo, *, probed: bool) -> Decision:
    """Sort what was found by the notes on this server; without probes, notes on them are not stale."""
    decision = Decision()
    concerned = [note for note in notes if note.servers.include(server)]
    found = {str(difference): difference for difference in differences}
    for text, difference in found.items():
        fitting = [note for note in concerned if note.difference == text]
        rest = set(difference.operations)
        for note in fitting:
            covered = rest if note.operations is None else rest.intersection(note.operations)
            if covered or note.operations is None:
                decision.on_purpose.append((difference.within(covered), note))
            rest = rest - covered
        if rest or not fitting:
            decision.undecided.append(difference.within(rest))
    decision.undecided.sort(key=lambda difference: difference.effect)
    for note in concerned:
        if note.servers.versions and not server.version:
            continue  # perhaps it is not about this server
        if note.difference not in found:
            if probed or not note.difference.startswith("probe "):
                decision.stale.append(Stale(note))
        elif missing := set(note.operations or ()) - set(found[note.difference].operations):
            decision.stale.append(Stale(note, tuple(sorted(missing))))
    return decision


def _note(entry: Any, why: str, servers: Servers, line: int, place: str) -> Note:
    match entry:
        case str(difference):
            return Note(difference, None, why, servers, line)
        case {"difference": str(difference), "in": list(operations), **rest} if not rest and operations:
            return Note(difference, tuple(str(name) for name in operations), why, servers, line)
        case _:
            raise DocumentError(f"{place}: a difference is a text, or has `difference` and `in`, a list of operations")


def _servers(text: str, place: str) -> Servers:
    stated, _, versions = text.partition(" ")
    for kind in KINDS:
        if kind == stated:
            try:
                return Servers(kind, SpecifierSet(versions))
            except InvalidSpecifier as error:
                raise DocumentError(f"{place}: {versions!r} are no versions; they look like '>=0.10,<0.16'") from error
    raise DocumentError(f"{place}: there is no server {stated!r}, only {', '.join(KINDS)}")


def _demand_unique(notes: list[Note], path: Path) -> None:
    seen: set[tuple[str, str | None, Servers]] = set()
    for note in notes:
        for operation in note.operations or (None,):
            key = (note.difference, operation, note.servers)
            if key in seen:
                raise DocumentError(f"{path}:{note.line}: {note.difference!r} is there already")
            seen.add(key)
