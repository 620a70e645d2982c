"""Compares openapi.yaml with a server's document, and tells what each difference means for users.

Operations are matched by method and path, schemas by what they allow (`shapes`). A difference in a schema that several
operations use is one difference, with all of those operations.
"""

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from attrs import define, field

from scripts.drift.difference import Difference, Effect, Occurrence, Place
from scripts.drift.document import Document, Part
from scripts.drift.operations import Operation, api_operations
from scripts.drift.shapes import LIMITS, Shape, shape_of, value_text

_Direction: TypeAlias = Literal["request", "response"]


def compare(ours: Document, theirs: Document) -> list[Difference]:
    """The differences, in the order of our document; what only the server has comes last."""
    comparison = _Comparison(ours, theirs)
    comparison.operations()
    return [Difference(subject, change, tuple(found)) for (subject, change), found in comparison.occurrences.items()]


@define
class _Comparison:
    """A walk through both documents that collects what differs.

    Attributes:
        ours: Our document.
        theirs: The server's document.
        occurrences: What was found, by subject and change.
        operation: The operation that is being compared.
        error_response: Whether an error response is being compared. Nothing in it breaks users, because the client
            turns any error response into an exception.
        compared: The pairs of schemas that were compared for this operation, since a schema may contain itself.
    """

    ours: Document
    theirs: Document
    occurrences: dict[tuple[str, str], list[Occurrence]] = field(factory=dict[tuple[str, str], list[Occurrence]])
    operation: str = ""
    error_response: bool = False
    compared: set[tuple[Any, ...]] = field(factory=set[tuple[Any, ...]])

    def add(self, subject: str, change: str, effect: Effect, ours: str, server: str) -> None:
        occurrence = Occurrence(
            self.operation,
            "new" if self.error_response else effect,
            Place(ours, self.ours.line(ours)),
            Place(server, self.theirs.line(server)),
        )
        self.occurrences.setdefault((subject, change), []).append(occurrence)

    def operations(self) -> None:
        ours, theirs = api_operations(self.ours), api_operations(self.theirs)
        for key, operation in ours.items():
            self.operation = str(operation.part.value.get("operationId", operation.title))
            self.compared.clear()
            if key in theirs:
                self.one_operation(operation, theirs[key])
            else:
                self.add(f"operation {operation.title}", "removed", "breaking", operation.part.pointer, "/paths")
        for key, operation in theirs.items():
            if key not in ours:
                self.operation = operation.title
                self.add(f"operation {operation.title}", "added", "new", "/paths", operation.part.pointer)

    def one_operation(self, ours: Operation, theirs: Operation) -> None:
        self.deprecation(f"operation {ours.title}", ours.part, theirs.part)
        if (own := _security(self.ours, ours.part)) != (other := _security(self.theirs, theirs.part)):
            effect: Effect = "new" if "none" in other else "breaking"
            change = f"{' or '.join(own)} -> {' or '.join(other)}"
            self.add("security", change, effect, ours.part.pointer, theirs.part.pointer)
        self.parameters(ours, theirs)
        self.body(ours.part, theirs.part)
        self.responses(ours.part, theirs.part)

    def parameters(self, ours: Operation, theirs: Operation) -> None:
        our_parameters, their_parameters = ours.parameters(self.ours), theirs.parameters(self.theirs)
        for key, parameter in our_parameters.items():
            subject = _parameter_name(parameter)
            other = their_parameters.get(key)
            if other is None:
                self.add(subject, "removed", "breaking", parameter.pointer, theirs.part.pointer)
                continue
            self.required(subject, (parameter, _is_required(parameter)), (other, _is_required(other)), "request")
            self.deprecation(subject, parameter, other)
            for change in _serialization(parameter, other):
                self.add(subject, change, "breaking", parameter.pointer, other.pointer)
            schemas = _parameter_schema(self.ours, parameter), _parameter_schema(self.theirs, other)
            self.schemas(subject, *schemas, "request")
        for key, parameter in their_parameters.items():
            if key not in our_parameters:
                effect: Effect = "breaking" if _is_required(parameter) else "new"
                self.add(_parameter_name(parameter), "added", effect, ours.part.pointer, parameter.pointer)

    def body(self, ours: Part, theirs: Part) -> None:
        our_body = self.ours.resolved(ours["requestBody"]) if "requestBody" in ours else None
        their_body = self.theirs.resolved(theirs["requestBody"]) if "requestBody" in theirs else None
        if our_body is not None and their_body is not None:
            self.required("body", (our_body, _is_required(our_body)), (their_body, _is_required(their_body)), "request")
            self.contents("body", our_body, their_body, "request", added="new", removed="breaking")
        elif our_body is not None:
            self.add("body", "removed", "breaking", our_body.pointer, theirs.pointer)
        elif their_body is not None:
            effect: Effect = "breaking" if _is_required(their_body) else "new"
            self.add("body", "added", effect, ours.pointer, their_body.pointer)

    def responses(self, ours: Part, theirs: Part) -> None:
        our_responses = dict(_entries(self.ours, ours, "responses"))
        their_responses = dict(_entries(self.theirs, theirs, "responses"))
        for status in sorted(our_responses.keys() | their_responses.keys()):
            subject = f"status {status}"
            self.error_response = not status.startswith("2")
            if status not in their_responses:
                self.add(subject, "removed", "breaking", our_responses[status].pointer, theirs.pointer)
            elif status not in our_responses:
                self.add(subject, "added", "breaking", ours.pointer, their_responses[status].pointer)
            else:
                our_response = self.ours.resolved(our_responses[status])
                their_response = self.theirs.resolved(their_responses[status])
                self.headers(subject, our_response, their_response)
                self.contents(subject, our_response, their_response, "response", added="breaking", removed="new")
        self.error_response = False

    def headers(self, subject: str, ours: Part, theirs: Part) -> None:
        our_headers = {name.lower(): (name, part) for name, part in _entries(self.ours, ours, "headers")}
        their_headers = {name.lower(): (name, part) for name, part in _entries(self.theirs, theirs, "headers")}
        for key, (name, part) in our_headers.items():
            if key not in their_headers:
                self.add(f"{subject}, header {name}", "removed", "breaking", part.pointer, theirs.pointer)
        for key, (name, part) in their_headers.items():
            if key not in our_headers:
                self.add(f"{subject}, header {name}", "added", "new", ours.pointer, part.pointer)

    def contents(
        self, subject: str, ours: Part, theirs: Part, direction: _Direction, *, added: Effect, removed: Effect
    ) -> None:
        our_contents = dict(_entries(self.ours, ours, "content"))
        their_contents = dict(_entries(self.theirs, theirs, "content"))
        for media_type, part in our_contents.items():
            if media_type not in their_contents:
                self.add(f"{subject}, {media_type}", "removed", removed, part.pointer, theirs.pointer)
                continue
            schema, other = _schema(self.ours, part), _schema(self.theirs, their_contents[media_type])
            self.schemas(subject if direction == "request" else f"{subject} body", schema, other, direction)
        for media_type, part in their_contents.items():
            if media_type not in our_contents:
                self.add(f"{subject}, {media_type}", "added", added, ours.pointer, part.pointer)

    def schemas(self, subject: str, ours: list[Part], theirs: list[Part], direction: _Direction) -> None:
        pair = (subject, direction, *(part.pointer for part in ours), *(part.pointer for part in theirs))
        if pair in self.compared:
            return
        self.compared.add(pair)
        our_shape, their_shape = shape_of(self.ours, ours), shape_of(self.theirs, theirs)
        self.types(subject, our_shape, their_shape, direction)
        if our_shape.anything or their_shape.anything:
            return
        if direction == "response" and our_shape.objects == 1 < their_shape.objects:
            # Field by field, this would be many lines that say the same.
            change = f"one object -> one of {their_shape.objects}"
            self.add(subject, change, "breaking", our_shape.pointer, their_shape.pointer)
            return
        self.values(subject, our_shape, their_shape, direction)
        self.limits(subject, our_shape, their_shape, direction)
        self.fields(subject, our_shape, their_shape, direction)
        if our_shape.items and their_shape.items:
            self.schemas(f"{subject}[]", our_shape.items, their_shape.items, direction)

    def types(self, subject: str, ours: Shape, theirs: Shape, direction: _Direction) -> None:
        if ours.types != theirs.types:
            allowed, sent = (theirs, ours) if direction == "request" else (ours, theirs)
            effect: Effect = "new" if sent.types <= allowed.types else "breaking"
            self.add(subject, f"type {ours.type_names} -> {theirs.type_names}", effect, ours.pointer, theirs.pointer)

    def values(self, subject: str, ours: Shape, theirs: Shape, direction: _Direction) -> None:
        request = direction == "request"
        if ours.listed and theirs.listed:
            place, name = next(iter(ours.listed.values()))
            other_place, _ = next(iter(theirs.listed.values()))
            for value, (value_place, _) in theirs.listed.items():
                if value not in ours.listed:
                    effect: Effect = "new" if request or ours.open else "breaking"
                    self.add(name or subject, f"value {value} added", effect, place, value_place)
            for value, (own_place, own_name) in ours.listed.items():
                if value not in theirs.listed:
                    effect = "breaking" if request else "new"
                    self.add(own_name or subject, f"value {value} removed", effect, own_place, other_place)
            if ours.open and not theirs.open:
                self.add(subject, "open list -> closed list", "breaking" if request else "new", place, other_place)
            elif theirs.open and not ours.open:
                self.add(subject, "closed list -> open list", "new" if request else "breaking", place, other_place)
        elif ours.listed and not ours.open and "string" in theirs.types:
            change = "one of a list -> any text"
            self.add(subject, change, "new" if request else "breaking", ours.pointer, theirs.pointer)
        elif theirs.listed and not theirs.open and "string" in ours.types:
            change = f"any text -> one of {', '.join(sorted(theirs.listed))}"
            self.add(subject, change, "breaking" if request else "new", ours.pointer, theirs.pointer)

    def limits(self, subject: str, ours: Shape, theirs: Shape, direction: _Direction) -> None:
        for key, types in LIMITS.items():
            own, other = ours.limits.get(key), theirs.limits.get(key)
            # If only one document allows the types that a limit applies to, `types` has reported that.
            if own == other or not types & ours.types & theirs.types:
                continue
            # The sender may exceed a limit that only the receiver's document has.
            receivers = own if direction == "response" else other
            effect: Effect = "breaking" if receivers is not None and key not in ("default", "deprecated") else "new"
            change = f"{key} {value_text(own)} -> {value_text(other)}"
            self.add(subject, change, effect, ours.pointer, theirs.pointer)

    def fields(self, subject: str, ours: Shape, theirs: Shape, direction: _Direction) -> None:
        if ours.fields and not theirs.fields and "object" in theirs.types:
            effect: Effect = "new" if direction == "request" else "breaking"
            self.add(subject, "fields no longer described", effect, ours.fields_pointer, theirs.pointer)
            return
        for key, parts in ours.fields.items():
            field_name = f"{ours.field_owners[key] or subject}.{key}"
            if key not in theirs.fields:
                self.add(field_name, "removed", "breaking", parts[0].pointer, theirs.fields_pointer)
                continue
            others = theirs.fields[key]
            self.required(field_name, (parts[0], key in ours.required), (others[0], key in theirs.required), direction)
            self.schemas(field_name, parts, others, direction)
        for key, parts in theirs.fields.items():
            if key not in ours.fields:
                effect = "breaking" if direction == "request" and key in theirs.required else "new"
                change = "added, required" if key in theirs.required else "added"
                name = f"{ours.fields_name or subject}.{key}"
                self.add(name, change, effect, ours.fields_pointer, parts[0].pointer)

    def required(self, subject: str, ours: tuple[Part, bool], theirs: tuple[Part, bool], direction: _Direction) -> None:
        (part, own), (other_part, other) = ours, theirs
        if own != other:
            receiver_requires = other if direction == "request" else own
            change = "required -> optional" if own else "optional -> required"
            effect: Effect = "breaking" if receiver_requires else "new"
            self.add(subject, change, effect, part.pointer, other_part.pointer)

    def deprecation(self, subject: str, ours: Part, theirs: Part) -> None:
        if theirs.value.get("deprecated") and not ours.value.get("deprecated"):
            self.add(subject, "deprecated", "new", ours.pointer, theirs.pointer)


def _serialization(ours: Part, theirs: Part) -> list[str]:
    """How parameters are written differently: by `style` and `explode`, or their defaults."""
    found: list[tuple[Any, Any]] = []
    for part in (ours, theirs):
        style = part.value.get("style", "form" if part.value["in"] in ("query", "cookie") else "simple")
        found.append((style, part.value.get("explode", style == "form")))
    return [
        f"{key} {value_text(own)} -> {value_text(other)}"
        for key, own, other in zip(("style", "explode"), *found, strict=True)
        if own != other
    ]


def _security(document: Document, operation: Part) -> list[str]:
    """What may authorize a request; `none` where it needs nothing."""
    components = document.root["components"] if "components" in document.root else Part({}, "")
    schemes = dict(_entries(document, document.mapping(components), "securitySchemes"))

    def title(name: str) -> str:
        scheme = document.resolved(schemes[name]).value if name in schemes else {}
        return " ".join(str(scheme[key]) for key in ("type", "in", "name", "scheme") if key in scheme) or name

    holder = operation if "security" in operation else document.root
    requirements = document.sequence(holder["security"]) if "security" in holder else ()
    return sorted({" and ".join(map(title, document.mapping(one).value)) or "none" for one in requirements}) or ["none"]


def _entries(document: Document, holder: Part, key: str) -> Iterable[tuple[str, Part]]:
    return document.mapping(holder[key]).items() if key in holder else ()


def _is_required(part: Part) -> bool:
    return bool(part.value.get("required"))


def _parameter_name(parameter: Part) -> str:
    return f"{parameter.value['in']} {parameter.value['name']}"


def _parameter_schema(document: Document, parameter: Part) -> list[Part]:
    if "schema" in parameter:
        return [parameter["schema"]]
    contents = dict(_entries(document, parameter, "content"))
    return _schema(document, next(iter(contents.values()))) if contents else [Part(True, parameter.pointer)]


def _schema(document: Document, content: Part) -> list[Part]:
    """The schema of a media type, or one that allows anything if it has none."""
    return [content["schema"] if "schema" in document.mapping(content) else Part(True, content.pointer)]
