"""What differs between our description of the runs API and a server's, and what that does to users.

Operations are matched by method and path. Schemas are compared by what they allow, not by how they are written: references are
followed, `allOf` is merged, the alternatives of `anyOf` and `oneOf` are laid over each other, and OpenAPI 3.0's `nullable` is a
type like another.

A difference is worded as what the server did to our description: `Run.cost: added`. One that stands in a schema of ours is found
in every operation that reaches it, and told once, with those operations.
"""

import json
import re
from collections.abc import Collection, Iterable
from functools import reduce
from itertools import product
from typing import Any, Literal, TypeAlias

from attrs import define, evolve, field, frozen

from documents import Document, Part

Effect: TypeAlias = Literal["breaking", "new"]
"""`breaking`: what users do or get today may fail. `new`: nothing fails, but our description does not say it yet."""


@frozen
class Place:
    """Where something stands.

    Attributes:
        pointer: The JSON pointer; of what is around it, where it stands in the other document only.
        line: The line, where the document has lines.
    """

    pointer: str
    line: int | None = None


@frozen
class Occurrence:
    """Where a difference was found.

    Attributes:
        operation: The operation: ours by its operationId, one that only the server has by method and path.
        effect: What it does there to users.
        ours: Its place in our description.
        server: Its place in the server's document.
    """

    operation: str
    effect: Effect
    ours: Place
    server: Place


@frozen
class Difference:
    """One thing to decide.

    Attributes:
        subject: What differs.
        change: How the server's differs from ours.
        occurrences: Where it was found; nowhere in particular for how a server behaves.
        behaviour_effect: For how a server behaves: what that does to users.
        relied_on: For how a server behaves: what is taken for granted, and which module does so.
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
        """What it does to users, where that is worst."""
        effects = [self.behaviour_effect, *(occurrence.effect for occurrence in self.occurrences)]
        return "breaking" if "breaking" in effects else "new"

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations in which it was found."""
        return tuple(dict.fromkeys(occurrence.operation for occurrence in self.occurrences))

    @property
    def ours(self) -> tuple[Place, ...]:
        """Its places in our description."""
        return tuple(dict.fromkeys(occurrence.ours for occurrence in self.occurrences))

    @property
    def server(self) -> tuple[Place, ...]:
        """Its places in the server's document."""
        return tuple(dict.fromkeys(occurrence.server for occurrence in self.occurrences))

    def within(self, operations: Collection[str]) -> "Difference":
        """The same difference as far as it was found in these operations."""
        return evolve(self, occurrences=tuple(one for one in self.occurrences if one.operation in operations))


def compare(ours: Document, theirs: Document) -> list[Difference]:
    """The differences, in the order of our description; what only the server has comes last.

    Raises:
        DocumentError: If a part that was looked at is not what OpenAPI says.
    """
    comparison = _Comparison(ours, theirs)
    comparison.operations()
    return comparison.differences()


def run_operations(document: Document) -> dict[str, "Operation"]:
    """The operations on runs (not on crons), by their method and their path with `{}` for each parameter.

    Raises:
        DocumentError: If a path or an operation is no object.
    """
    found: dict[str, Operation] = {}
    for path, reference in document.mapping(document.root["paths"]).items():
        steps = path.split("/")
        if "runs" not in steps or "crons" in steps:
            continue
        item = document.resolved(reference)
        for method in _METHODS:
            if method in item:
                operation = Operation(method.upper(), path, item, document.mapping(item[method]))
                found[operation.key] = operation
    return found


@frozen
class Operation:
    """An operation of a document.

    Attributes:
        method: In capitals.
        path: As the document writes it.
        item: What stands under the path.
        part: What stands under the method.
    """

    method: str
    path: str
    item: Part
    part: Part

    @property
    def key(self) -> str:
        """What tells it from others, whatever the path's parameters are called."""
        return f"{self.method} {_PATH_PARAMETER.sub('{}', self.path)}"

    @property
    def title(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    def parameters(self, document: Document) -> dict[str, Part]:
        """Its parameters by `in` and name; those of the path by their position in it.

        Raises:
            DocumentError: If they are not what OpenAPI says.
        """
        positions = {name: position for position, name in enumerate(_PATH_PARAMETER.findall(self.path))}
        found: dict[str, Part] = {}
        for holder in (self.item, self.part):
            if "parameters" not in holder:
                continue
            for reference in document.sequence(holder["parameters"]):
                parameter = document.resolved(reference)
                name, place = parameter.value.get("name"), parameter.value.get("in")
                if not isinstance(name, str) or not isinstance(place, str):
                    raise document.error(parameter, "this parameter has no name or no place")
                if place == "path":
                    found[f"path {positions.get(name, name)}"] = parameter
                else:
                    found[f"{place} {name.lower() if place == 'header' else name}"] = parameter
        return found


_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_PATH_PARAMETER = re.compile(r"\{([^}]*)\}")

_TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
_ALL: frozenset[str] = frozenset(_TYPES)
# The limits that a schema may set, and the types that each is about.
_LIMITS: dict[str, frozenset[str]] = {
    "format": frozenset({"string"}),
    "pattern": frozenset({"string"}),
    "minLength": frozenset({"string"}),
    "maxLength": frozenset({"string"}),
    "minimum": frozenset({"number", "integer"}),
    "maximum": frozenset({"number", "integer"}),
    "exclusiveMinimum": frozenset({"number", "integer"}),
    "exclusiveMaximum": frozenset({"number", "integer"}),
    "minItems": frozenset({"array"}),
    "maxItems": frozenset({"array"}),
    "default": _ALL,
    "deprecated": _ALL,
}
_Direction: TypeAlias = Literal["request", "response"]


@frozen
class _Alternative:
    """A schema without references and compositions: one of the forms that a value may have.

    `name` is that of the component it comes from; `values` are what it is restricted to, None where it is not.
    """

    pointer: str
    name: str | None = None
    types: frozenset[str] = _ALL
    values: tuple[Any, ...] | None = None
    values_pointer: str = ""
    fields: dict[str, Part] = field(factory=dict[str, Part])
    required: frozenset[str] = frozenset()
    items: Part | None = None
    limits: dict[str, Any] = field(factory=dict[str, Any])

    def __and__(self, other: "_Alternative") -> "_Alternative":
        """What is both, as with `allOf`."""
        values = self.values if other.values is None else other.values
        if self.values is not None and other.values is not None:
            values = tuple(value for value in self.values if value in other.values)
        return _Alternative(
            pointer=self.pointer if self.fields or not other.fields else other.pointer,
            name=self.name or other.name,
            types=self.types & other.types,
            values=values,
            values_pointer=self.values_pointer or other.values_pointer,
            fields={**self.fields, **other.fields},
            required=self.required | other.required,
            items=self.items or other.items,
            limits={**self.limits, **other.limits},
        )


@frozen
class _Shape:
    """All that a value may be: the alternatives laid over each other.

    A field has as many schemas as there are alternatives that have it, and is named after the first of them. `listed` are the
    values that are listed, each with the place and the name of the list; `open` tells that other texts are allowed as well.
    """

    pointer: str
    types: frozenset[str]
    fields: dict[str, list[Part]]
    field_owners: dict[str, str | None]
    fields_name: str | None
    fields_pointer: str
    required: frozenset[str]
    items: list[Part]
    listed: dict[str, tuple[str, str | None]]
    open: bool
    limits: dict[str, Any]

    @classmethod
    def of(cls, alternatives: list[_Alternative]) -> "_Shape":
        objects = [alternative for alternative in alternatives if "object" in alternative.types]
        described = [alternative for alternative in objects if alternative.fields]
        fields: dict[str, list[Part]] = {}
        owners: dict[str, str | None] = {}
        for alternative in described:
            for name, part in alternative.fields.items():
                fields.setdefault(name, []).append(part)
                owners.setdefault(name, alternative.name)
        listed: dict[str, tuple[str, str | None]] = {}
        for alternative in alternatives:
            for value in alternative.values or ():
                listed.setdefault(_shown(value), (alternative.values_pointer, alternative.name))
        return cls(
            pointer=alternatives[0].pointer,
            types=frozenset[str]().union(*(alternative.types for alternative in alternatives)),
            fields=fields,
            field_owners=owners,
            fields_name=described[0].name if described else None,
            fields_pointer=(described or alternatives)[0].pointer,
            required=reduce(frozenset[str].intersection, (one.required for one in objects)) if objects else frozenset(),
            items=[alternative.items for alternative in alternatives if alternative.items is not None],
            listed=listed,
            open=any("string" in alternative.types and alternative.values is None for alternative in alternatives),
            limits=_common_limits(alternatives),
        )

    @property
    def anything(self) -> bool:
        """Whether nothing is said about it."""
        return self.types == _ALL and not self.fields


@define
class _Comparison:
    ours: Document
    theirs: Document
    found_at: dict[tuple[str, str], list[Occurrence]] = field(factory=dict[tuple[str, str], list[Occurrence]])
    operation: str = ""
    # Inside of what a failure answers: whatever that is and however it is worded, the client makes an exception of it.
    failure: bool = False
    # The pairs of schemas that were compared for this operation: a schema may hold itself.
    compared: set[tuple[Any, ...]] = field(factory=set[tuple[Any, ...]])

    def differences(self) -> list[Difference]:
        return [
            Difference(subject, change, tuple(occurrences)) for (subject, change), occurrences in self.found_at.items()
        ]

    def found(self, subject: str, change: str, effect: Effect, ours: str, server: str) -> None:
        occurrence = Occurrence(
            self.operation,
            "new" if self.failure else effect,
            Place(ours, self.ours.line(ours)),
            Place(server, self.theirs.line(server)),
        )
        self.found_at.setdefault((subject, change), []).append(occurrence)

    def operations(self) -> None:
        ours, theirs = run_operations(self.ours), run_operations(self.theirs)
        for key, operation in ours.items():
            self.operation = str(operation.part.value.get("operationId", operation.title))
            self.compared.clear()
            if key in theirs:
                self.one_operation(operation, theirs[key])
            else:
                self.found(f"operation {operation.title}", "removed", "breaking", operation.part.pointer, "/paths")
        for key, operation in theirs.items():
            if key not in ours:
                self.operation = operation.title
                self.found(f"operation {operation.title}", "added", "new", "/paths", operation.part.pointer)

    def one_operation(self, ours: Operation, theirs: Operation) -> None:
        if theirs.part.value.get("deprecated") and not ours.part.value.get("deprecated"):
            self.found(f"operation {ours.title}", "deprecated", "new", ours.part.pointer, theirs.part.pointer)
        self.parameters(ours, theirs)
        self.body(ours.part, theirs.part)
        self.responses(ours.part, theirs.part)

    def parameters(self, ours: Operation, theirs: Operation) -> None:
        our_parameters, their_parameters = ours.parameters(self.ours), theirs.parameters(self.theirs)
        for key, parameter in our_parameters.items():
            subject = _parameter_name(parameter)
            other = their_parameters.get(key)
            if other is None:
                self.found(subject, "removed", "breaking", parameter.pointer, theirs.part.pointer)
                continue
            self.required(
                subject,
                (parameter, bool(parameter.value.get("required"))),
                (other, bool(other.value.get("required"))),
                "request",
            )
            if other.value.get("deprecated") and not parameter.value.get("deprecated"):
                self.found(subject, "deprecated", "new", parameter.pointer, other.pointer)
            schemas = _parameter_schema(self.ours, parameter), _parameter_schema(self.theirs, other)
            self.schemas(subject, *schemas, "request")
        for key, parameter in their_parameters.items():
            if key not in our_parameters:
                effect: Effect = "breaking" if parameter.value.get("required") else "new"
                self.found(_parameter_name(parameter), "added", effect, ours.part.pointer, parameter.pointer)

    def body(self, ours: Part, theirs: Part) -> None:
        our_body = self.ours.resolved(ours["requestBody"]) if "requestBody" in ours else None
        their_body = self.theirs.resolved(theirs["requestBody"]) if "requestBody" in theirs else None
        if our_body is None or their_body is None:
            if our_body is not None:
                self.found("body", "removed", "breaking", our_body.pointer, theirs.pointer)
            if their_body is not None:
                effect: Effect = "breaking" if their_body.value.get("required") else "new"
                self.found("body", "added", effect, ours.pointer, their_body.pointer)
            return
        self.required(
            "body",
            (our_body, bool(our_body.value.get("required"))),
            (their_body, bool(their_body.value.get("required"))),
            "request",
        )
        self.contents("body", our_body, their_body, "request", added="new", removed="breaking")

    def responses(self, ours: Part, theirs: Part) -> None:
        our_answers = dict(self.ours.mapping(ours["responses"]).items()) if "responses" in ours else {}
        their_answers = dict(self.theirs.mapping(theirs["responses"]).items()) if "responses" in theirs else {}
        for status in sorted(our_answers.keys() | their_answers.keys()):
            subject = f"status {status}"
            self.failure = not status.startswith("2")
            if status not in their_answers:
                self.found(subject, "removed", "breaking", our_answers[status].pointer, theirs.pointer)
            elif status not in our_answers:
                self.found(subject, "added", "breaking", ours.pointer, their_answers[status].pointer)
            else:
                our_answer = self.ours.resolved(our_answers[status])
                their_answer = self.theirs.resolved(their_answers[status])
                self.headers(subject, our_answer, their_answer)
                self.contents(subject, our_answer, their_answer, "response", added="breaking", removed="new")
        self.failure = False

    def headers(self, subject: str, ours: Part, theirs: Part) -> None:
        our_headers = {name.lower(): (name, part) for name, part in _entries(self.ours, ours, "headers")}
        their_headers = {name.lower(): (name, part) for name, part in _entries(self.theirs, theirs, "headers")}
        for key, (name, part) in our_headers.items():
            if key not in their_headers:
                self.found(f"{subject}, header {name}", "removed", "breaking", part.pointer, theirs.pointer)
        for key, (name, part) in their_headers.items():
            if key not in our_headers:
                self.found(f"{subject}, header {name}", "added", "new", ours.pointer, part.pointer)

    def contents(
        self, subject: str, ours: Part, theirs: Part, direction: _Direction, *, added: Effect, removed: Effect
    ) -> None:
        our_contents = dict(_entries(self.ours, ours, "content"))
        their_contents = dict(_entries(self.theirs, theirs, "content"))
        for kind, part in our_contents.items():
            if kind not in their_contents:
                self.found(f"{subject}, {kind}", "removed", removed, part.pointer, theirs.pointer)
                continue
            schema, other = _schema(self.ours, part), _schema(self.theirs, their_contents[kind])
            self.schemas(subject if direction == "request" else f"{subject} body", schema, other, direction)
        for kind, part in their_contents.items():
            if kind not in our_contents:
                self.found(f"{subject}, {kind}", "added", added, ours.pointer, part.pointer)

    def schemas(self, subject: str, ours: list[Part], theirs: list[Part], direction: _Direction) -> None:
        pair = (subject, direction, *(part.pointer for part in ours), *(part.pointer for part in theirs))
        if pair in self.compared:
            return
        self.compared.add(pair)
        our_shape, their_shape = _shape(self.ours, ours), _shape(self.theirs, theirs)
        self.types(subject, our_shape, their_shape, direction)
        if our_shape.anything or their_shape.anything:
            return
        self.values(subject, our_shape, their_shape, direction)
        self.limits(subject, our_shape, their_shape, direction)
        self.fields(subject, our_shape, their_shape, direction)
        if our_shape.items and their_shape.items:
            self.schemas(f"{subject}[]", our_shape.items, their_shape.items, direction)

    def types(self, subject: str, ours: _Shape, theirs: _Shape, direction: _Direction) -> None:
        if ours.types != theirs.types:
            allowed, given = (theirs, ours) if direction == "request" else (ours, theirs)
            effect: Effect = "new" if given.types <= allowed.types else "breaking"
            change = f"type {_type_names(ours.types)} -> {_type_names(theirs.types)}"
            self.found(subject, change, effect, ours.pointer, theirs.pointer)

    def values(self, subject: str, ours: _Shape, theirs: _Shape, direction: _Direction) -> None:
        asks = direction == "request"
        if ours.listed and theirs.listed:
            place, name = next(iter(ours.listed.values()))
            other_place, _ = next(iter(theirs.listed.values()))
            for value, (value_place, _) in theirs.listed.items():
                if value not in ours.listed:
                    effect: Effect = "new" if asks or ours.open else "breaking"
                    self.found(name or subject, f"value {value} added", effect, place, value_place)
            for value, (own_place, own_name) in ours.listed.items():
                if value not in theirs.listed:
                    effect = "breaking" if asks else "new"
                    self.found(own_name or subject, f"value {value} removed", effect, own_place, other_place)
            if ours.open and not theirs.open:
                self.found(subject, "open list -> closed list", "breaking" if asks else "new", place, other_place)
            elif theirs.open and not ours.open:
                self.found(subject, "closed list -> open list", "new" if asks else "breaking", place, other_place)
        elif ours.listed and not ours.open and "string" in theirs.types:
            change = "one of a list -> any text"
            self.found(subject, change, "new" if asks else "breaking", ours.pointer, theirs.pointer)
        elif theirs.listed and not theirs.open and "string" in ours.types:
            change = f"any text -> one of {', '.join(sorted(theirs.listed))}"
            self.found(subject, change, "breaking" if asks else "new", ours.pointer, theirs.pointer)

    def limits(self, subject: str, ours: _Shape, theirs: _Shape, direction: _Direction) -> None:
        for key, kinds in _LIMITS.items():
            own, other = ours.limits.get(key), theirs.limits.get(key)
            # A limit of a type that only one of them allows goes with the type.
            if own == other or not kinds & ours.types & theirs.types:
                continue
            # Who gives a value breaks a limit that it was not told of.
            untold = own if direction == "response" else other
            effect: Effect = "breaking" if untold is not None and key not in ("default", "deprecated") else "new"
            self.found(subject, f"{key} {_shown(own)} -> {_shown(other)}", effect, ours.pointer, theirs.pointer)

    def fields(self, subject: str, ours: _Shape, theirs: _Shape, direction: _Direction) -> None:
        if ours.fields and not theirs.fields and "object" in theirs.types:
            effect: Effect = "new" if direction == "request" else "breaking"
            self.found(subject, "fields no longer described", effect, ours.fields_pointer, theirs.pointer)
            return
        for key, parts in ours.fields.items():
            field_name = f"{ours.field_owners[key] or subject}.{key}"
            if key not in theirs.fields:
                self.found(field_name, "removed", "breaking", parts[0].pointer, theirs.fields_pointer)
                continue
            others = theirs.fields[key]
            self.required(field_name, (parts[0], key in ours.required), (others[0], key in theirs.required), direction)
            self.schemas(field_name, parts, others, direction)
        for key, parts in theirs.fields.items():
            if key not in ours.fields:
                effect = "breaking" if direction == "request" and key in theirs.required else "new"
                change = "added, required" if key in theirs.required else "added"
                name = f"{ours.fields_name or subject}.{key}"
                self.found(name, change, effect, ours.fields_pointer, parts[0].pointer)

    def required(self, subject: str, ours: tuple[Part, bool], theirs: tuple[Part, bool], direction: _Direction) -> None:
        (part, own), (other_part, other) = ours, theirs
        if own != other:
            demanded = other if direction == "request" else own
            change = "required -> optional" if own else "optional -> required"
            self.found(subject, change, "breaking" if demanded else "new", part.pointer, other_part.pointer)


def _shape(document: Document, schemas: list[Part]) -> _Shape:
    alternatives = [alternative for schema in schemas for alternative in _alternatives(document, schema, None, ())]
    if not alternatives:
        raise document.error(schemas[0], "no value can be all that this schema demands")
    return _Shape.of(alternatives)


def _alternatives(document: Document, schema: Part, name: str | None, around: tuple[str, ...]) -> list[_Alternative]:
    if schema.pointer in around:
        raise document.error(schema, "the $ref leads in a circle")
    if isinstance(schema.value, bool):
        return [_Alternative(schema.pointer)] if schema.value else []
    document.mapping(schema)
    name = name or _component_name(schema)
    inside = (*around, schema.pointer)
    together = [[_own(document, schema, name)]]
    for keyword, parts in document.made_of(schema).items():
        inner = [_alternatives(document, part, name, inside) for part in parts]
        together.extend(inner if keyword in ("$ref", "allOf") else [[one for some in inner for one in some]])
    found = [reduce(_Alternative.__and__, combination) for combination in product(*together)]
    found = [alternative for alternative in found if alternative.types]
    if schema.value.get("nullable") is True:
        found.append(_Alternative(schema.pointer, name, frozenset({"null"})))
    return found


def _own(document: Document, schema: Part, name: str | None) -> _Alternative:
    """What the schema says itself, without what it refers to."""
    value: dict[str, Any] = schema.value
    values, values_pointer = None, ""
    if "enum" in value:
        values, values_pointer = tuple(document.sequence(schema["enum"]).value), f"{schema.pointer}/enum"
    elif "const" in value:
        values, values_pointer = (value["const"],), f"{schema.pointer}/const"
    fields = dict(document.mapping(schema["properties"]).items()) if "properties" in value else {}
    required = document.sequence(schema["required"]).value if "required" in value else ()
    return _Alternative(
        pointer=schema.pointer,
        name=name,
        types=_own_types(document, schema, values),
        values=values,
        values_pointer=values_pointer,
        fields=fields,
        required=frozenset(map(str, required)),
        items=schema["items"] if "items" in value else None,
        limits={key: value[key] for key in _LIMITS if key in value},
    )


def _own_types(document: Document, schema: Part, values: tuple[Any, ...] | None) -> frozenset[str]:
    stated = schema.value.get("type")
    if stated is not None:
        names = frozenset([stated] if isinstance(stated, str) else map(str, document.sequence(schema["type"]).value))
        if unknown := names - _ALL:
            raise document.error(schema["type"], f"there is no type {', '.join(map(repr, unknown))}")
    elif values is not None:
        names = frozenset(_type_of(value) for value in values)
    elif "properties" in schema:
        names = frozenset({"object"})
    else:
        names = _ALL
    return names | {"integer"} if "number" in names else names


def _type_of(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _component_name(schema: Part) -> str | None:
    """The name of a schema that stands among the components, if it says something of its own to name after it.

    Fields of what is only called free-form JSON are named after where it is used.
    """
    prefix, _, name = schema.pointer.rpartition("/")
    says = any(key in schema.value for key in ("properties", "allOf", "enum"))
    return name if prefix == "/components/schemas" and says else None


def _common_limits(alternatives: list[_Alternative]) -> dict[str, Any]:
    """The limits that hold for every alternative of the types that they are about."""
    found: dict[str, Any] = {}
    for key, kinds in _LIMITS.items():
        limits = [alternative.limits.get(key) for alternative in alternatives if kinds & alternative.types]
        if limits and all(limit == limits[0] for limit in limits):
            found[key] = limits[0]
    return found


def _entries(document: Document, holder: Part, key: str) -> Iterable[tuple[str, Part]]:
    return document.mapping(holder[key]).items() if key in holder else ()


def _parameter_name(parameter: Part) -> str:
    return f"{parameter.value['in']} {parameter.value['name']}"


def _parameter_schema(document: Document, parameter: Part) -> list[Part]:
    if "schema" in parameter:
        return [parameter["schema"]]
    contents = dict(_entries(document, parameter, "content"))
    return _schema(document, next(iter(contents.values()))) if contents else [Part(True, parameter.pointer)]


def _schema(document: Document, content: Part) -> list[Part]:
    """The schema of a content; where it has none, anything goes."""
    return [content["schema"] if "schema" in document.mapping(content) else Part(True, content.pointer)]


def _type_names(types: frozenset[str]) -> str:
    if types == _ALL:
        return "any"
    return "|".join(name for name in _TYPES if name in types and not (name == "integer" and "number" in types))


def _shown(value: Any) -> str:
    return "none" if value is None else value if isinstance(value, str) else json.dumps(value)
