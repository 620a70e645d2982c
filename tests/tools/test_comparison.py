"""What `scripts/drift/comparison.py` finds between two documents."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from ruamel.yaml import YAML

from scripts import ROOT
from scripts.drift.comparison import compare
from scripts.drift.difference import Difference
from scripts.drift.document import Document, parse, read

FROZEN = ROOT / "tests" / "tools" / "frozen.yaml"
OURS = read(FROZEN)
ALL_THAT_CREATE_ON_A_THREAD = ("create_run", "stream_run", "wait_run")
Mutation = Callable[[dict[str, Any]], object]


def changed(mutation: Mutation) -> Document:
    """A server's document: ours with one change."""
    contents = copy.deepcopy(OURS.contents)
    mutation(contents)
    return parse(json.dumps(contents), "server")


def differences(mutation: Mutation) -> list[Difference]:
    return compare(OURS, changed(mutation))


def schema(name: str, **value: Any) -> Mutation:
    """Puts keywords into a schema."""
    return lambda document: document["components"]["schemas"][name].update(value)


def fields(name: str, **value: Any) -> Mutation:
    """Puts fields into a schema."""
    return lambda document: document["components"]["schemas"][name]["properties"].update(value)


def without_field(name: str, field: str) -> Mutation:
    return lambda document: document["components"]["schemas"][name]["properties"].pop(field)


def operation(document: dict[str, Any], path: str, method: str) -> Any:
    return document["paths"][path][method]


def listed(document: dict[str, Any]) -> Any:
    """The operation that lists runs."""
    return operation(document, "/threads/{thread_id}/runs", "get")


def fields_of(document: dict[str, Any], name: str) -> Any:
    return document["components"]["schemas"][name]["properties"]


def query(document: dict[str, Any], name: str) -> Any:
    """A parameter of the operation that lists runs."""
    (found,) = [one for one in listed(document)["parameters"] if one.get("name") == name]
    return found


def test_a_document_does_not_differ_from_itself() -> None:
    assert compare(OURS, OURS) == []


def test_equivalent_documents_do_not_differ() -> None:
    def written_out(value: Any) -> Any:
        match value:
            case {"$ref": str(reference), **others}:
                target: Any = OURS.contents
                for step in reference.removeprefix("#/").split("/"):
                    target = target[step]
                return {"allOf": [written_out(target), written_out(others)]} if others else written_out(target)
            case {"anyOf": members, **others}:
                return {"oneOf": written_out(members), **written_out(others)}
            case {"type": [str(kind), "null"], **others}:
                return {"type": kind, "nullable": True, **written_out(others)}
            case {"in": "query", "schema": inner, **others}:
                return {"in": "query", "content": {"text/plain": {"schema": written_out(inner)}}, **written_out(others)}
            case {"const": constant, **others}:
                return {"enum": [constant], **written_out(others)}
            case dict():
                return {key.replace("{thread_id}", "{t}"): written_out(inner) for key, inner in value.items()}
            case "thread_id":
                return "t"
            case list():
                return [written_out(inner) for inner in value]
            case _:
                return value

    # Names of required fields and of properties stay; only the path's parameter is renamed.
    contents = written_out({"openapi": "3.0.3", "paths": OURS.contents["paths"], "security": OURS.contents["security"]})
    contents["components"] = {"securitySchemes": OURS.contents["components"]["securitySchemes"]}
    text = json.dumps(contents)
    assert "$ref" not in text
    assert "anyOf" not in text
    for name in ('"required": ["run_id", "t"', '"enum": ["run_id", "t"'):
        assert name in text
        text = text.replace(name, name.replace('"t"', '"thread_id"'))
    assert compare(OURS, parse(text, "written out")) == []


def test_header_names_are_case_insensitive() -> None:
    text = json.dumps(OURS.contents)
    lower = text.replace('"Last-Event-ID"', '"last-event-id"').replace('"Location"', '"location"')
    assert text != lower
    assert compare(OURS, parse(lower, "server")) == []


@pytest.mark.parametrize(
    ("mutation", "text", "effect", "operations"),
    [
        # Operations
        (
            lambda document: document["paths"].update({"/runs/count": {"get": {"responses": {}}}}),
            "operation GET /runs/count: added",
            "new",
            ("GET /runs/count",),
        ),
        (
            lambda document: document["paths"].pop("/runs/batch"),
            "operation POST /runs/batch: removed",
            "breaking",
            ("create_run_batch",),
        ),
        (
            lambda document: document["paths"]["/threads/{thread_id}/runs/{run_id}"].pop("delete"),
            "operation DELETE /threads/{thread_id}/runs/{run_id}: removed",
            "breaking",
            ("delete_run",),
        ),
        (
            lambda document: listed(document).update(deprecated=True),
            "operation GET /threads/{thread_id}/runs: deprecated",
            "new",
            ("list_runs",),
        ),
        # Parameters
        (
            lambda document: listed(document)["parameters"].append({"name": "sort", "in": "query", "schema": {}}),
            "query sort: added",
            "new",
            ("list_runs",),
        ),
        (
            lambda document: listed(document)["parameters"].append({"name": "key", "in": "header", "required": True}),
            "header key: added",
            "breaking",
            ("list_runs",),
        ),
        (lambda document: listed(document)["parameters"].pop(0), "query limit: removed", "breaking", ("list_runs",)),
        (
            lambda document: listed(document)["parameters"][0].update(required=True),
            "query limit: optional -> required",
            "breaking",
            ("list_runs",),
        ),
        (
            lambda document: listed(document)["parameters"][0].update(deprecated=True),
            "query limit: deprecated",
            "new",
            ("list_runs",),
        ),
        (
            lambda document: listed(document)["parameters"][0]["schema"].update(type="number"),
            "query limit: type integer -> number",
            "new",
            ("list_runs",),
        ),
        (
            lambda document: listed(document)["parameters"][0]["schema"].update(type="string"),
            "query limit: type integer -> string",
            "breaking",
            ("list_runs",),
        ),
        (
            lambda document: listed(document)["parameters"][0]["schema"].update(maximum=1000),
            "query limit: maximum none -> 1000",
            "breaking",
            ("list_runs",),
        ),
        (
            lambda document: listed(document)["parameters"][0]["schema"].update(default=10),
            "query limit: default none -> 10",
            "new",
            ("list_runs",),
        ),
        (
            lambda document: document["components"]["schemas"]["RunSelectField"]["enum"].remove("kwargs"),
            "RunSelectField: value kwargs removed",
            "breaking",
            ("list_runs",),
        ),
        # Bodies
        (
            fields("RunCreateStateful", shard={"type": "string"}),
            "RunCreateStateful.shard: added",
            "new",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            lambda document: (
                fields("RunCreateStateful", shard={"type": "string"})(document),
                schema("RunCreateStateful", required=["assistant_id", "shard"])(document),
            ),
            "RunCreateStateful.shard: added, required",
            "breaking",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            without_field("RunCreateStateful", "webhook"),
            "RunCreateStateful.webhook: removed",
            "breaking",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            schema("RunCreateStateful", required=["assistant_id", "webhook"]),
            "RunCreateStateful.webhook: optional -> required",
            "breaking",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            schema("RunCreateStateful", required=[]),
            "RunCreateStateful.assistant_id: required -> optional",
            "new",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            fields("RunCreateStateful", after_seconds={"type": "integer", "minimum": 0}),
            "RunCreateStateful.after_seconds: type number -> integer",
            "breaking",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            fields("RunCreateStateful", after_seconds={"type": ["number", "null"], "minimum": 0}),
            "RunCreateStateful.after_seconds: type number -> number|null",
            "new",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            fields("RunCreateStateful", metadata={"type": "object", "properties": {"owner": {"type": "string"}}}),
            "RunCreateStateful.metadata.owner: added",
            "new",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            fields("RunCreateStateful", feedback_keys={"type": "array", "items": {"type": "integer"}}),
            "RunCreateStateful.feedback_keys[]: type string -> integer",
            "breaking",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            lambda document: document["components"]["schemas"]["StreamMode"]["enum"].append("lifecycle"),
            "StreamMode: value lifecycle added",
            "new",
            (
                *ALL_THAT_CREATE_ON_A_THREAD,
                "create_stateless_run",
                "create_run_batch",
                "stream_stateless_run",
                "wait_stateless_run",
            ),
        ),
        (
            lambda document: document["components"]["schemas"]["OnCompletion"]["enum"].remove("keep"),
            "OnCompletion: value keep removed",
            "breaking",
            ("create_stateless_run", "create_run_batch", "stream_stateless_run", "wait_stateless_run"),
        ),
        (
            schema("RunsCancel", oneOf=[{"required": ["status"]}, {"required": ["status", "run_ids"]}]),
            "RunsCancel.status: optional -> required",
            "breaking",
            ("cancel_runs",),
        ),
        (
            lambda document: operation(document, "/runs/cancel", "post").pop("requestBody"),
            "body: removed",
            "breaking",
            ("cancel_runs",),
        ),
        (
            lambda document: operation(document, "/runs/cancel", "post")["requestBody"].update(required=False),
            "body: required -> optional",
            "new",
            ("cancel_runs",),
        ),
        (
            lambda document: operation(document, "/runs/cancel", "post")["requestBody"]["content"].update(
                {"text/csv": {}}
            ),
            "body, text/csv: added",
            "new",
            ("cancel_runs",),
        ),
        (
            lambda document: operation(document, "/threads/{thread_id}/runs/{run_id}", "delete").update(
                requestBody={"required": True, "content": {}}
            ),
            "body: added",
            "breaking",
            ("delete_run",),
        ),
        # Responses
        (
            fields("PartialRun", cost={"type": "number"}),
            "Run.cost: added",
            "new",
            ("list_runs", "create_run", "get_run", "create_stateless_run", "create_run_batch"),
        ),
        (
            without_field("PartialRun", "kwargs"),
            "Run.kwargs: removed",
            "breaking",
            ("list_runs", "create_run", "get_run", "create_stateless_run", "create_run_batch"),
        ),
        (
            lambda document: document["components"]["schemas"]["Run"]["allOf"][1]["required"].remove("created_at"),
            "Run.created_at: required -> optional",
            "breaking",
            ("create_run", "get_run", "create_stateless_run", "create_run_batch"),
        ),
        (
            lambda document: document["components"]["schemas"]["Run"]["allOf"][1]["required"].append("metadata"),
            "Run.metadata: optional -> required",
            "new",
            ("create_run", "get_run", "create_stateless_run", "create_run_batch"),
        ),
        (
            fields("PartialRun", created_at={"type": "string"}),
            "Run.created_at: format date-time -> none",
            "breaking",
            ("list_runs", "create_run", "get_run", "create_stateless_run", "create_run_batch"),
        ),
        (
            fields("PartialRun", run_id={"type": ["string", "null"]}),
            "Run.run_id: type string -> string|null",
            "breaking",
            ("list_runs", "create_run", "get_run", "create_stateless_run", "create_run_batch"),
        ),
        (
            fields("PartialRun", langsmith_session_name={"type": "string"}),
            "Run.langsmith_session_name: type string|null -> string",
            "new",
            ("list_runs", "create_run", "get_run", "create_stateless_run", "create_run_batch"),
        ),
        (
            fields(
                "PartialRun",
                status={"type": "string", "enum": OURS.contents["components"]["schemas"]["RunStatus"]["enum"]},
            ),
            "Run.status: open list -> closed list",
            "new",
            ("list_runs", "create_run", "get_run", "create_stateless_run", "create_run_batch"),
        ),
        (
            lambda document: operation(document, "/threads/{thread_id}/runs/{run_id}", "get")["responses"].update(
                {"200": {"description": "", "content": {"application/json": {}}}}
            ),
            "status 200 body: type object -> any",
            "breaking",
            ("get_run",),
        ),
        (
            lambda document: operation(document, "/threads/{thread_id}/runs/{run_id}", "get")["responses"].update(
                {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}}
            ),
            "status 200 body: fields no longer described",
            "breaking",
            ("get_run",),
        ),
        (
            lambda document: operation(document, "/runs/batch", "post")["responses"].update({"201": {}}),
            "status 201: added",
            "breaking",
            ("create_run_batch",),
        ),
        (
            lambda document: operation(document, "/runs/batch", "post")["responses"].pop("200"),
            "status 200: removed",
            "breaking",
            ("create_run_batch",),
        ),
        (
            lambda document: operation(document, "/runs/batch", "post")["responses"].update({"429": {}}),
            "status 429: added",
            "new",
            ("create_run_batch",),
        ),
        (
            lambda document: document["components"]["responses"]["Conflict"]["content"].pop("text/plain"),
            "status 409, text/plain: removed",
            "new",
            (
                "create_run",
                "stream_run",
                "wait_run",
                "delete_run",
                "create_stateless_run",
                "stream_stateless_run",
                "wait_stateless_run",
            ),
        ),
        (
            lambda document: document["components"]["responses"]["CreatedRun"]["content"].update({"text/csv": {}}),
            "status 200, text/csv: added",
            "breaking",
            ("create_run", "create_stateless_run"),
        ),
        (
            lambda document: document["components"]["responses"]["CreatedRun"]["headers"].clear(),
            "status 200, header Content-Location: removed",
            "breaking",
            ("create_run", "create_stateless_run"),
        ),
        (
            lambda document: document["components"]["responses"]["CreatedRun"]["headers"].update({"X-Cost": {}}),
            "status 200, header X-Cost: added",
            "new",
            ("create_run", "create_stateless_run"),
        ),
        # Keywords that are rare
        (
            schema("RunCreateStateful", additionalProperties=False),
            "body: additionalProperties none -> false",
            "breaking",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            schema("RunCreateStateful", dependentRequired={"command": ["config"]}),
            'body: dependentRequired none -> {"command": ["config"]}',
            "breaking",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            schema("RunCreateStateful", **{"not": {"required": ["input"]}}),
            'body: not none -> {"required": ["input"]}',
            "breaking",
            ALL_THAT_CREATE_ON_A_THREAD,
        ),
        (
            lambda document: fields_of(document, "RunsCancel")["run_ids"].update(uniqueItems=True),
            "RunsCancel.run_ids: uniqueItems none -> true",
            "breaking",
            ("cancel_runs",),
        ),
        (
            lambda document: fields_of(document, "RunsCancel")["run_ids"].update(prefixItems=[{"type": "string"}]),
            'RunsCancel.run_ids: prefixItems none -> [{"type": "string"}]',
            "breaking",
            ("cancel_runs",),
        ),
        (
            lambda document: query(document, "select").update(explode=False),
            "query select: explode true -> false",
            "breaking",
            ("list_runs",),
        ),
        (
            lambda document: query(document, "select").update(style="pipeDelimited", explode=True),
            "query select: style form -> pipeDelimited",
            "breaking",
            ("list_runs",),
        ),
        (
            lambda document: listed(document).update(security=[{"apiKey": []}]),
            "security: apiKey header x-api-key or none -> apiKey header x-api-key",
            "breaking",
            ("list_runs",),
        ),
        (
            lambda document: listed(document).update(security=[]),
            "security: apiKey header x-api-key or none -> none",
            "new",
            ("list_runs",),
        ),
        (
            lambda document: document["components"]["responses"]["CreatedRun"]["content"]["application/json"].update(
                schema={"oneOf": [{"$ref": "#/components/schemas/Run"}, {"$ref": "#/components/schemas/ErrorBody"}]}
            ),
            "status 200 body: one object -> one of 2",
            "breaking",
            ("create_run", "create_stateless_run"),
        ),
    ],
)
def test_a_change_is_found_once_with_its_effect_and_operations(
    mutation: Mutation, text: str, effect: str, operations: tuple[str, ...]
) -> None:
    (found,) = differences(mutation)
    assert (str(found), found.effect, found.operations) == (text, effect, operations)


def test_a_change_of_an_error_response_is_never_breaking() -> None:
    found = differences(without_field("ErrorBody", "detail"))
    assert [(str(one), one.effect) for one in found] == [("ErrorBody.detail: removed", "new")]


def test_a_new_value_in_a_response_breaks_only_a_closed_list() -> None:
    def describe(status: str) -> Document:
        return parse(
            f"""
            openapi: 3.1.0
            paths:
              /runs:
                get:
                  responses:
                    200:
                      content:
                        application/json:
                          schema: {{type: object, properties: {{status: {status}}}}}
            """,
            "small",
        )

    closed, more = describe("{enum: [on]}"), describe("{enum: [on, off]}")
    anything, open_list = describe("{type: string}"), describe("{anyOf: [{enum: [on]}, {type: string}]}")
    effects = {
        (name, other_name): [(one.change, one.effect) for one in compare(own, other)]
        for name, own in (("closed", closed), ("open", open_list), ("anything", anything))
        for other_name, other in (("closed", closed), ("more", more), ("open", open_list), ("anything", anything))
    }
    assert effects == {
        ("closed", "closed"): [],
        ("closed", "more"): [("value off added", "breaking")],
        ("closed", "open"): [("closed list -> open list", "breaking")],
        ("closed", "anything"): [("one of a list -> any text", "breaking")],
        ("open", "closed"): [("open list -> closed list", "new")],
        ("open", "more"): [("value off added", "new"), ("open list -> closed list", "new")],
        ("open", "open"): [],
        ("open", "anything"): [],
        ("anything", "closed"): [("any text -> one of on", "new")],
        ("anything", "more"): [("any text -> one of off, on", "new")],
        ("anything", "open"): [],
        ("anything", "anything"): [],
    }


def test_a_recursive_schema_is_compared_once() -> None:
    def describe(type_of_name: str) -> Document:
        schemas = {
            "Tree": {
                "type": "object",
                "properties": {
                    "name": {"type": type_of_name},
                    "branches": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                },
            }
        }
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}
        paths = {"/runs": {"post": {"operationId": "plant", "requestBody": {"content": content}}}}
        return parse(json.dumps({"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}), "trees")

    assert [str(one) for one in compare(describe("string"), describe("integer"))] == [
        "Tree.name: type string -> integer"
    ]


def test_runs_threads_and_assistants_are_compared_and_nothing_else() -> None:
    def add(*paths: str) -> Mutation:
        return lambda document: document["paths"].update({path: {"post": {}} for path in paths})

    compared = ("/runs/count", "/threads/count", "/threads/{thread_id}/copy", "/assistants", "/api/threads")
    assert [one.subject for one in differences(add(*compared))] == [f"operation POST {path}" for path in compared]
    elsewhere = ("/runs/crons", "/threads/{thread_id}/runs/crons", "/store/items", "/reruns", "/", "threads.html")
    assert differences(add(*elsewhere)) == []


def test_a_difference_has_its_place_in_both_documents() -> None:
    (found,) = differences(fields("RunCreateStateful", shard={"type": "string"}))
    (ours,) = found.ours
    assert ours.pointer == "/components/schemas/RunCreateStateful"
    lines = FROZEN.read_text().splitlines()
    assert ours.line is not None
    assert lines[ours.line - 1] == "    RunCreateStateful:"
    assert [place.pointer for place in found.server] == ["/components/schemas/RunCreateStateful/properties/shard"]

    server = YAML(typ="safe").load(FROZEN.read_text())
    del server["paths"]["/runs/wait"]
    (found,) = compare(OURS, parse(json.dumps(server), "server"))
    assert [place.pointer for place in found.ours] == ["/paths/~1runs~1wait/post"]
    assert [place.pointer for place in found.server] == ["/paths"]


def test_a_difference_can_be_limited_to_some_operations() -> None:
    def add(document: dict[str, Any]) -> None:
        for path in ("/runs/batch", "/runs/wait"):
            operation(document, path, "post")["responses"]["202"] = {}

    (found,) = differences(add)
    assert found.operations == ("create_run_batch", "wait_stateless_run")
    one = found.within({"wait_stateless_run"})
    assert one.operations == ("wait_stateless_run",)
    assert [place.pointer for place in one.ours] == ["/paths/~1runs~1wait/post"]
    assert [place.pointer for place in one.server] == ["/paths/~1runs~1wait/post/responses/202"]
