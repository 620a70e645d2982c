"""openapi.yaml: of a structure that every tool reads alike, with examples that servers have really sent."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from attrs import frozen

from langgraph_runs import types
from scripts.drift.document import Part, read
from tests.support.conformance import OPENAPI, described, problem_with
from tests.support.recordings import Recording, load_recordings
from tests.support.samples import recorded_events

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = read(OPENAPI)
COMPONENTS = DOCUMENT.root["components"]
METHODS = ("get", "post", "delete")
OPERATIONS = {
    part["operationId"].value: part
    for _, item in DOCUMENT.root["paths"].items()
    for method, part in item.items()
    if method in METHODS
}


# Structure


def parts(part: Part) -> Iterator[Part]:
    """Every object in the document but those in examples."""
    if isinstance(part.value, dict):
        yield part
        for key, inner in part.items():
            if key not in ("example", "examples"):
                yield from parts(inner)
    elif isinstance(part.value, list):
        for inner in part:
            yield from parts(inner)


PARTS = [*parts(DOCUMENT.root)]
SCHEMAS = [
    part
    for part in PARTS
    if {"type", "anyOf", "oneOf", "allOf", "$ref"} & {*part.value} and not part.pointer.endswith("/properties")
]


def test_each_required_field_stands_beside_its_name() -> None:
    # openapi-typescript and @hey-api/openapi-ts forget the others.
    wanting = [
        part.pointer
        for part in SCHEMAS
        if isinstance(part.value.get("required"), list)
        and not {*part.value["required"]} <= {*part.value.get("properties", {})}
    ]
    assert wanting == []


def test_alternatives_of_required_fields_are_of_fields_beside_them() -> None:
    for part in SCHEMAS:
        for member in [*part.value.get("oneOf", []), *part.value.get("anyOf", [])]:
            if "$ref" not in member and "type" not in member:
                assert [*member] == ["required"], part.pointer
                assert {*member["required"]} <= {*part.value["properties"]}, part.pointer


def test_a_schema_with_fields_is_an_object_and_nothing_else() -> None:
    assert [one.pointer for one in SCHEMAS if "properties" in one.value and one.value.get("type") != "object"] == []


def test_a_schema_extends_another_by_reference_and_with_fields_of_its_own() -> None:
    for part in SCHEMAS:
        fields = {*part.value.get("properties", {})}
        for base in DOCUMENT.made_of(part).get("allOf", ()):
            assert [*base.value] == ["$ref"], part.pointer
            inherited = {*DOCUMENT.resolved(base).value["properties"]}
            assert not fields & inherited, part.pointer
            fields |= inherited


def test_beside_a_reference_stands_only_a_description() -> None:
    assert [part.pointer for part in SCHEMAS if "$ref" in part.value and {*part.value} > {"$ref", "description"}] == []


def test_every_component_is_used() -> None:
    used = {part.value["$ref"] for part in PARTS if isinstance(part.value.get("$ref"), str)}
    for kind, components in COMPONENTS.items():
        if kind != "securitySchemes":
            assert {f"#{part.pointer}" for _, part in components.items()} <= used


def test_every_operation_can_refuse_a_key_and_a_request_too_many() -> None:
    for name, operation in OPERATIONS.items():
        assert {"401", "403", "422", "429", "default"} <= {*operation.value["responses"]}, name
    for name in ("TooManyRequests", "Failure"):
        assert [*COMPONENTS["responses"][name].value["headers"]] == ["Retry-After"]


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ({"status": "all"}, True),
        ({"thread_id": "t", "run_ids": ["r"]}, True),
        ({}, False),
        ({"thread_id": "t"}, False),
        ({"run_ids": ["r"]}, False),
        ({"status": "all", "thread_id": "t", "run_ids": ["r"]}, False),
    ],
)
def test_runs_are_cancelled_either_by_status_or_by_ids(body: dict[str, Any], right: bool) -> None:
    assert (problem_with(body, "/components/schemas/RunsCancel") is None) == right


@pytest.mark.parametrize("kind", [types.Command, types.Send, types.Config, types.Checkpoint])
def test_the_typed_dicts_of_arguments_have_the_described_fields(kind: Any) -> None:
    assert {*kind.__annotations__} == {*COMPONENTS["schemas"][kind.__name__].value["properties"]}


def test_no_abbreviation_of_a_server_reaches_users() -> None:
    packages = [path for name in ("generated", "langgraph_runs") for path in (ROOT / name).rglob("*.py")]
    found = [path for path in [OPENAPI, *packages] if re.search(r"\b(PY|(?<!\.)JS|AE)\b", path.read_text())]
    assert found == []


# Examples


@frozen
class Example:
    """An example, with the operations that it is for.

    Attributes:
        part: The example.
        operations: The ids of the operations.
        status: The status of the response; empty for a request.
        schema: The place of its schema; None for a stream.
    """

    part: Part
    operations: list[str]
    status: str
    schema: str | None

    def recorded(self) -> Iterator[Any]:
        """What was recorded of the operations: text if it is a stream."""
        for recording in load_recordings():
            if operation_of(recording) in self.operations:
                if not self.status:
                    yield recording.request_body
                elif self.schema is None:
                    yield recording.body.decode().replace("\r\n", "\n")
                elif self.status == str(recording.status):
                    yield json_of(recording)


def operation_of(recording: Recording) -> str | None:
    operation = described().operation(recording.method, recording.target.partition("?")[0])
    return operation.id if operation else None


def json_of(recording: Recording) -> Any:
    try:
        return orjson.loads(recording.body)
    except orjson.JSONDecodeError:
        return None


def collected() -> dict[str, Example]:
    found: dict[str, Example] = {}
    for name, operation in OPERATIONS.items():
        holders = {"": operation["requestBody"]} if "requestBody" in operation else {}
        for status, reference in {**holders, **dict(operation["responses"].items())}.items():
            holder = DOCUMENT.resolved(reference)
            for kind, media in holder["content"].items() if "content" in holder else ():
                schema = None if kind == "text/event-stream" else media["schema"].pointer
                for _, example in media["examples"].items() if "examples" in media else ():
                    value = example["value"]
                    found.setdefault(value.pointer, Example(value, [], status, schema)).operations.append(name)
    return found


EXAMPLES = collected()


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_is_part_of_a_recording(example: Example) -> None:
    assert any(is_part(example.part.value, recorded) for recorded in example.recorded())


def is_part(example: Any, recorded: Any) -> bool:
    """Whether it is the same, or with fewer fields, or a part of the text or list."""
    match example, recorded:
        case dict(), dict():
            return all(key in recorded and is_part(value, recorded[key]) for key, value in example.items())
        case list(), list():
            return len(example) <= len(recorded) and all(map(is_part, example, recorded))
        case str(), str():
            return example in recorded
        case _:
            return bool(example == recorded)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_is_what_its_schema_says(example: Example) -> None:
    if example.schema is not None:
        assert problem_with(example.part.value, example.schema) is None
        return
    events = [*recorded_events(example.part.value.encode())]
    assert events
    for event in events:
        pointer = f"/components/schemas/StreamEvents/properties/{event.name}"
        assert problem_with(orjson.loads(event.data), pointer) is None


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_has_examples(name: str) -> None:
    statuses = {example.status for example in EXAMPLES.values() if name in example.operations}
    operation = OPERATIONS[name].value
    assert "" in statuses or "requestBody" not in operation
    responses = {status: DOCUMENT.resolved(part).value for status, part in OPERATIONS[name]["responses"].items()}
    assert {status for status, one in responses.items() if status < "3" and "content" in one} <= statuses


def test_the_examples_of_parameters_were_sent() -> None:
    sent = [recording.target for recording in load_recordings()]
    sent += [text for recording in load_recordings() for text in recording.request_headers.values()]
    for name in COMPONENTS["parameters"].value:
        parameter = COMPONENTS["parameters"][name]
        if "example" in parameter:
            value = parameter["example"].value
            assert problem_with(value, parameter["schema"].pointer) is None
            assert any(value in text for text in sent)
