"""OpenAPI documents in YAML 1.2 or JSON: reads one, follows its references, and says in one line what is wrong.

A document is wrong here only if it cannot be used at all. Whether it follows the specification is a question for
openapi-spec-validator; a server's document need not.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from attrs import field, frozen
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from scripts import CommandError

# Keywords whose value may be any JSON, also JSON that only looks like a reference.
_VALUES = ("example", "examples", "default", "enum", "const")
_MISSING: dict[str, Any] = {}


class DocumentError(CommandError):
    """What is wrong with a document or the notes, in one line. Whatever reads a part of one may raise it."""


@frozen
class Part:
    """A part of a document.

    Attributes:
        value: The JSON value.
        pointer: Its place, as a JSON pointer.
    """

    value: Any
    pointer: str

    def __getitem__(self, key: str | int) -> "Part":
        return Part(self.value[key], _within(self.pointer, key))

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def items(self) -> Iterator[tuple[str, "Part"]]:
        """The fields of an object, each with its name as text: YAML may have read a status code as a number."""
        for key in self.value:
            yield str(key), self[key]

    def __iter__(self) -> Iterator["Part"]:
        return (self[position] for position in range(len(self.value)))


@frozen
class Document:
    """An OpenAPI document.

    Attributes:
        name: A file's name or a URL, for messages.
        contents: The document itself.
        lines: The line of each place, by its JSON pointer; empty for JSON on a single line.
    """

    name: str
    contents: dict[str, Any]
    lines: Mapping[str, int] = field(factory=dict[str, int], repr=False)
    _registry: Registry[Any] = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        resource = DRAFT202012.create_resource(self.contents)
        object.__setattr__(self, "_registry", Registry().with_resource("", resource))

    @property
    def root(self) -> Part:
        """The whole document as a part."""
        return Part(self.contents, "")

    def line(self, pointer: str) -> int | None:
        """The line of a place, or of the closest place around it that has one."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer)

    def error(self, part: Part, problem: str) -> DocumentError:
        """An exception that names the part and the problem."""
        line = self.line(part.pointer)
        return DocumentError(f"{self.name}{f':{line}' if line else ''}: {part.pointer or '/'}: {problem}")

    def mapping(self, part: Part) -> Part:
        """The part itself, which must be an object."""
        return self._expect(part, dict, "an object")

    def sequence(self, part: Part) -> Part:
        """The part itself, which must be a list."""
        return self._expect(part, list, "a list")

    def _expect(self, part: Part, kind: type, title: str) -> Part:
        if not isinstance(part.value, kind):
            raise self.error(part, f"this must be {title}")
        return part

    def target(self, part: Part) -> Part:
        """The part that this part's `$ref` points to, which may be a reference too. Other documents are not fetched.

        A component that is missing is any schema: langgraph-api 0.4 serves such a document, which nobody can mend.
        `check_references` finds it in ours.
        """
        reference = part.value["$ref"]
        try:
            found = self._registry.resolver().lookup(reference).contents
        except (Unresolvable, ValueError, TypeError, KeyError, AttributeError) as error:
            if not reference.startswith("#/components/schemas/"):
                raise self._leads_nowhere(part) from error
            found = _MISSING
        return Part(found, unquote(reference.partition("#")[2]))

    def resolved(self, part: Part) -> Part:
        """The part itself if it is not a reference, else the part that its references lead to. It must be an object."""
        seen = {part.pointer}
        while _is_reference(self.mapping(part).value):
            part = self.target(part)
            if part.pointer in seen:
                raise self.error(part, "the $ref leads in a circle")
            seen.add(part.pointer)
        return part

    def made_of(self, schema: Part) -> dict[str, list[Part]]:
        """The schemas that a schema is composed of, by keyword: `$ref`, `allOf`, `anyOf`, `oneOf`."""
        found: dict[str, list[Part]] = {}
        if isinstance(schema.value, dict):
            if _is_reference(schema.value):
                found["$ref"] = [self.target(schema)]
            for keyword in ("allOf", "anyOf", "oneOf"):
                if keyword in schema:
                    found[keyword] = list(self.sequence(schema[keyword]))
        return found

    def check_references(self) -> None:
        """Refuse a reference that leads nowhere, or back to itself through nothing but references and compositions.

        A schema may have a field of the same schema; that is no circle.
        """
        pending = [self.root]
        while pending:
            part = pending.pop()
            if isinstance(part.value, dict):
                if _is_reference(part.value):
                    if self.target(part).value is _MISSING:
                        raise self._leads_nowhere(part)
                    self._check_circles(part, ())
                pending.extend(inner for key, inner in part.items() if key not in _VALUES)
            elif isinstance(part.value, list):
                pending.extend(part)

    def _leads_nowhere(self, part: Part) -> DocumentError:
        return self.error(part, f"the $ref {part.value['$ref']!r} leads nowhere")

    def _check_circles(self, schema: Part, trail: tuple[str, ...]) -> None:
        if schema.pointer in trail:
            raise self.error(schema, "the $ref leads in a circle")
        for parts in self.made_of(schema).values():
            for part in parts:
                self._check_circles(part, (*trail, schema.pointer))


def read(path: Path) -> Document:
    """Read a document from a file."""
    return parse(read_text(path), str(path))


def read_text(path: Path) -> str:
    """Read a file."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: {getattr(error, 'strerror', None) or 'not a text file'}") from error


def parse(text: str, name: str) -> Document:
    """Read a document from text: JSON if it starts with a brace, else YAML. It must be an OpenAPI 3 document."""
    try:
        contents, lines = _read_json(text, name) if text.lstrip().startswith("{") else read_yaml(text, name)
    except RecursionError as error:
        raise DocumentError(f"{name}: it is nested too deeply") from error
    version = contents.get("openapi") if isinstance(contents, dict) else None
    if not isinstance(contents, dict) or not isinstance(version, str) or not version.startswith("3."):
        raise DocumentError(f"{name}: not an OpenAPI 3 document")
    if not isinstance(contents.get("paths"), dict) or not contents["paths"]:
        raise DocumentError(f"{name}: it has no paths")
    return Document(name, contents, lines)


def read_yaml(text: str, name: str) -> tuple[Any, dict[str, int]]:
    """The value, and the line of each place in it by its JSON pointer. A key that stands twice is an error."""
    yaml = YAML(typ="safe", pure=True)
    lines: dict[str, int] = {}
    try:
        node = yaml.compose(text)
        if node is None:
            return None, lines
        _find_lines(node, "", lines, (), name)
        return yaml.constructor.construct_document(node), lines
    except MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise DocumentError(f"{name}{line}: {error.problem or 'not YAML'}") from error
    except (YAMLError, ValueError) as error:
        raise DocumentError(f"{name}: not YAML ({' '.join(str(error).split())[:200]})") from error


def _read_json(text: str, name: str) -> tuple[Any, dict[str, int]]:
    def unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise DocumentError(f"{name}: found duplicate key {key!r}")
            found[key] = value
        return found

    try:
        contents, lines = json.loads(text, object_pairs_hook=unique), dict[str, int]()
        if "\n" in text.strip():
            with suppress(DocumentError):  # not all JSON is YAML, which is read for the lines alone
                _, lines = read_yaml(text, name)
    except json.JSONDecodeError:
        # YAML may start with a brace too. If it is neither, the YAML reader names the line.
        return read_yaml(text, name)
    return contents, lines


def _find_lines(node: Node, pointer: str, lines: dict[str, int], around: tuple[Node, ...], name: str) -> None:
    if any(node is outer for outer in around):
        raise DocumentError(f"{name}:{node.start_mark.line + 1}: it contains itself")
    lines.setdefault(pointer, node.start_mark.line + 1)
    inside = (*around, node)
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                raise DocumentError(f"{name}:{key.start_mark.line + 1}: a key must be a text")
            inner = _within(pointer, key.value)
            lines[inner] = key.start_mark.line + 1
            _find_lines(value, inner, lines, inside, name)
    elif isinstance(node, SequenceNode):
        for position, value in enumerate(node.value):
            _find_lines(value, _within(pointer, position), lines, inside, name)


def _within(pointer: str, key: str | int) -> str:
    escaped = str(key).replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{escaped}"


def _is_reference(value: dict[str, Any]) -> bool:
    return isinstance(value.get("$ref"), str)
